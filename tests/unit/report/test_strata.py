from __future__ import annotations

import re
from dataclasses import replace

import pytest

from swe_audit.model.audit import Audit, Reported, TaskResult, TaskStatus
from swe_audit.model.scores import Score, Scores, ScoreSource, SubmissionScore
from swe_audit.report.charts import plain_ascii, strata_plot
from swe_audit.report.headlines import effect_sentence, proof_lines
from swe_audit.report.methods import methods_view
from swe_audit.report.pages import Pages
from swe_audit.report.score_charts import corrected_plot
from swe_audit.report.scores import encounters, score_rows
from swe_audit.report.strata import MAX_DRAWN, Strata, all_strata
from swe_audit.report.views import index_view
from tests.unit.report import audits


def parts(made: Audit) -> dict[str, Strata]:
    return {one.key: one for one in all_strata(made)}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_every_tagged_task_is_in_one_part_of_each_division() -> None:
    made = audits.sample_audit()
    tagged = sum(one.tags is not None for one in made.tasks)
    found = parts(made)
    assert set(found) == {"difficulty", "repository"}
    for one in found.values():
        assert sum(row.total for row in one.rows) == tagged


def test_a_rate_is_over_the_judged_tasks_of_its_part() -> None:
    hard = replace(audits.flaky(), tags=audits.tags("1-4 hours"))
    made = audits.audit([audits.narrow(), hard, audits.inconclusive()])
    rows = {row.label: row for row in parts(made)["difficulty"].rows}
    assert (rows["1-4 hours"].rate.k, rows["1-4 hours"].rate.n) == (1, 1)
    assert rows["<15 min fix"].rate.n == 0
    assert rows["<15 min fix"].told == "no task judged"


def test_the_smallest_of_many_parts_share_a_row_of_the_plot_and_none_is_lost() -> None:
    tasks = [
        replace(audits.narrow(), tags=audits.tags(repository=f"r/{nth}"))
        for nth in range(MAX_DRAWN + 5)
    ]
    found = parts(audits.audit([*tasks, tasks[0]]))["repository"]
    assert len(found.rows) == MAX_DRAWN + 5
    assert len(found.drawn) == MAX_DRAWN
    assert found.drawn[0].label == "r/0"
    assert found.drawn[-1].label == "6 others"
    assert sum(row.total for row in found.drawn) == len(tasks) + 1


def test_a_year_that_is_not_given_stands_last() -> None:
    years = [None, 2024, 2019]
    tasks = [replace(audits.narrow(), tags=audits.tags(year=year)) for year in years]
    found = parts(audits.audit(tasks))["year"]
    assert [row.label for row in found.rows] == ["2019", "2024", "not given"]


def test_letters_that_the_plots_font_may_lack_are_replaced() -> None:
    assert plain_ascii("$x$ \u4f8b\n") == "$x$ ??"
    assert len(plain_ascii("x" * 99)) < 30
    odd = [replace(audits.narrow(), tags=audits.tags(repository=one)) for one in audits.HOSTILE]
    assert "<svg" in strata_plot(parts(audits.audit(odd))["repository"])


def solved(result: TaskResult, k: int, n: int = 10) -> TaskResult:
    return replace(result, reported=Reported(solved=k, of=n))


def test_scores_are_averaged_with_and_without_the_defective() -> None:
    sound = replace(audits.suspect(), status=TaskStatus.CLEARED, findings=())
    rows = score_rows(audits.audit([solved(audits.narrow(), 2), solved(sound, 6)]))
    assert (rows[0].tasks, rows[0].defective) == (2, 1)
    assert rows[0].before == pytest.approx(0.4)
    assert rows[0].after == pytest.approx(0.6)
    assert plain(effect_sentence(rows)) == (
        "The average submission reported for these tasks solves 40.0 % of 2 tasks; 1 of them is"
        " defective, and without it it solves 60.0 %."
    )


def test_without_results_nothing_is_said_of_scores() -> None:
    rows = score_rows(audits.audit([audits.narrow()]))
    assert rows == ()
    assert "cannot be told" in effect_sentence(rows)


def test_scores_of_which_every_task_is_defective_have_no_second_figure() -> None:
    rows = score_rows(audits.audit([solved(audits.narrow(), 2), solved(audits.flaky(), 0, 0)]))
    assert rows[0].after is None
    assert rows[0].told[1] == "no task left"
    assert "every one of them is defective" in effect_sentence(rows)


def test_an_encounter_needs_both_figures() -> None:
    made = audits.audit([solved(audits.narrow(), 2), audits.narrow(), solved(audits.suspect(), 1)])
    (found,) = encounters(made, ["a", "b", "c"])
    assert (found.page, found.k, found.n) == ("a", 2, 3)
    assert found.solved == pytest.approx(0.2)
    assert plain(found.told) == "2 of 3 (66.7 %; 20.8 % to 93.9 %)"


def test_a_defective_task_is_proven_by_its_gravest_defect() -> None:
    made = audits.sample_audit()
    lines = proof_lines(made)
    assert [(defect, number) for defect, number, _ in lines] == [("flaky", 1), ("narrow", 2)]
    defective = sum(one.status is TaskStatus.DEFECTIVE for one in made.tasks)
    assert sum(number for _, number, _ in lines) == defective


def test_alternatives_add_up() -> None:
    view = methods_view(audits.sample_audit())
    for row in view.alternatives:
        parts_of_it = (row.not_run, row.steps, row.accepted, row.backed, row.unbacked)
        assert row.candidates == sum(parts_of_it)
    made = {row.label: row for row in view.alternatives}
    assert (made["construction"].steps, made["construction"].backed) == (2, 1)
    assert made["curated"].backed == 1
    assert dict(view.dropped) == {"it equals the reference patch": 1}


def submission(nth: int, before: float, after: float | None) -> SubmissionScore:
    return SubmissionScore(
        name=f"agent-{nth} \u4f8b",
        source=ScoreSource.RESULTS,
        published=Score(solved=before * 10, tasks=10),
        corrected=Score(solved=(after or 0) * 9, tasks=9 if after is not None else 0),
    )


def test_corrected_scores_are_drawn_for_the_best_and_listed_for_all() -> None:
    rows = tuple(submission(nth, 1 - nth / 100, 1 - nth / 110) for nth in range(30))
    scores = Scores(rows=rows, excluded=("a",), level=0.95, method="bootstrap")
    made = replace(audits.sample_audit(), scores=scores)
    html = Pages().index(index_view(made, [f"tasks/{nth}.html" for nth in range(len(made.tasks))]))
    assert html.count("agent-29") == 1
    assert html.count("agent-0 ") == 2


def test_every_plot_has_a_text_instead_and_its_numbers_in_a_table() -> None:
    later = audits.tags("1-4 hours", year=2024, repository="acme/routes")
    made = replace(
        audits.audit(
            [solved(audits.narrow(), 2), replace(solved(audits.suspect(), 6), tags=later)]
        ),
        scores=Scores(rows=(submission(1, 0.5, 0.4),), excluded=(), level=0.95, method="b"),
    )
    html = Pages().index(index_view(made, ["a", "b"]))
    section = html[html.index('<section id="plots"') : html.index('<section id="methods"')]
    plots = re.split(r"<h3 id=", section)[1:]
    assert [one[1 : one.index('"', 1)] for one in plots] == [
        "plot-defects",
        "difficulty",
        "plot-difficulty",
        "plot-repository",
        "plot-year",
        "plot-scores",
        "plot-corrected",
        "plot-encounters",
    ]
    for one in plots:
        assert one.count("<svg") == 1
        names = re.search(r'<svg[^>]* role="img"[^>]* aria-labelledby="([^"]+)"', one)
        assert names is not None
        for name in names[1].split():
            assert re.search(rf'id="{name}">[^<]{{5,}}</', one), "a title and a description"
        assert len(re.findall(r"<tr><th scope=.row", one)) > 0, "the numbers, row by row"


def test_a_submission_without_a_task_left_is_not_drawn() -> None:
    assert corrected_plot([submission(1, 0.5, None)]) == ""
