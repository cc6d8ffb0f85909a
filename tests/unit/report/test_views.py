from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from swe_audit.model.audit import Audit, Rate
from swe_audit.model.sample import Estimate, Inference
from swe_audit.model.trial import RunState
from swe_audit.report.candidate_views import MAX_LAID_OUT
from swe_audit.report.logs import LogFolder
from swe_audit.report.task_views import TaskView, task_view
from swe_audit.report.views import IndexView, index_view
from tests.unit.report import audits


def index(made: Audit) -> IndexView:
    return index_view(made, [f"tasks/{nth}.html" for nth, _ in enumerate(made.tasks)])


def task(result: object, folder: Path = Path("nowhere")) -> TaskView:
    return task_view(result, "run-1", LogFolder(folder), folder)  # type: ignore[arg-type]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_rate_is_told_in_plain_words() -> None:
    rate = index(audits.sample_audit()).rate
    assert plain(rate.figure) == "11.5 %"
    assert rate.sentence == "3 of the 26 tasks that could be judged are proven defective."
    assert plain(rate.interval).startswith("95 % interval: ")
    assert "n = 26" in rate.interval
    assert plain(rate.bounds) == (
        "If the 2 tasks that could not be judged were all sound, the rate would be 10.7 %;"
        " if defective, 17.9 %."
    )


def test_one_task_is_told_in_the_singular() -> None:
    rate = index(audits.audit([audits.narrow(), audits.skipped()])).rate
    assert rate.figure == "100\u00a0%"
    assert rate.sentence == "1 of the 1 task that could be judged is proven defective."
    assert rate.bounds.startswith("If the task that could not be judged was sound,")


def test_without_a_judged_task_there_is_no_rate() -> None:
    rate = index(audits.audit([audits.skipped()])).rate
    assert rate.figure == "\u2013"
    assert rate.sentence == "No task could be judged, so there is no defect rate."


def test_a_rate_that_is_not_0_never_looks_like_0() -> None:
    made = audits.sample_audit()
    rare = replace(
        made, defect_rate=Rate(k=1, n=9000, low=1e-5, high=0.0006, level=0.95, method="Wilson")
    )
    assert index(rare).rate.figure == "<0.1\u00a0%"


def test_the_statuses_are_shown_to_sum_up_to_the_tasks() -> None:
    view = index(audits.sample_audit())
    assert plain(view.reconciliation) == (
        "28 tasks = 3 defective + 1 suspect + 16 cleared + 6 untested + 1 inconclusive + 1 skipped"
    )
    assert sum(one.value for one in view.statuses) == 28
    last = view.statuses[-1]
    assert round(last.offset + last.width) == 1000


def test_findings_come_surest_first_and_tasks_worst_first() -> None:
    view = index(audits.sample_audit())
    assert [one.confidence for one in view.findings] == [
        "proven",
        "proven",
        "proven",
        "suspect",
        "refuted",
    ]
    assert [one.status for one in view.tasks[:4]] == ["defective"] * 3 + ["suspect"]


def test_a_refuted_finding_is_listed_but_does_not_mark_its_task() -> None:
    view = index(audits.sample_audit())
    line = next(one for one in view.tasks if one.instance_id == "acme__tally-58")
    assert line.defects == ("narrow",)
    assert line.confidence == "suspect"


def test_an_empty_audit_is_told_as_such() -> None:
    view = index(audits.empty_audit())
    assert view.lead == "No task was selected, so nothing was audited."
    assert view.reconciliation == ""
    assert view.points == ()


def test_a_difficulty_that_is_not_the_benchmarks_is_kept_in_the_table() -> None:
    odd = replace(audits.narrow(), tags=audits.tags("about a week"))
    none = replace(audits.flaky(), tags=audits.tags(""))
    view = index(audits.audit([odd, none]))
    assert view.plot_rows == ("other",)
    assert [row.label for row in view.difficulties] == ["about a week", "not given"]
    facets = {facet.key: facet.values for facet in view.task_facets}
    assert facets["difficulty"] == ("about a week", "not given")


def test_the_median_of_an_even_number_lies_between() -> None:
    made = audits.audit(
        [replace(audits.narrow(), tags=audits.tags(lines=lines)) for lines in (3, 10, 4, 90)]
    )
    assert index(made).difficulties[0].median_lines == "7"


def test_a_finding_keeps_pin_and_judgement_apart() -> None:
    (finding,) = task(audits.narrow()).findings
    assert finding.line.detail == "LedgerClosedError"
    assert finding.known == "Nothing is recorded that determines it."
    assert finding.judgement == ""
    assert finding.reviewed == ("closed-ledger-name: confirmed by M. Lindqvist.",)
    assert plain(finding.encounter).startswith("2 of 3 independent families met it (66.7 %;")
    assert [one.kind for one in finding.evidence] == ["statement"]


def test_a_finding_shows_what_ran_with_its_controls() -> None:
    (finding,) = task(audits.constructed()).findings
    assert [one.candidate.name for one in finding.ran] == [
        "name-1",
        "gold",
        "empty",
        "mirror-name-1",
        "mirror-empty-name-1",
        "noise",
    ]
    attempts = finding.ran[0].attempts
    assert [(verdict, state) for _, verdict, state, _ in attempts] == [
        ("unresolved", "completed")
    ] * 3
    assert all(anchor for anchor, _, _, _ in attempts)
    assert finding.command == "swe-audit reproduce run-1 acme__tally-64/name-1/1"


def test_a_detail_is_shown_where_the_tests_demand_it_and_where_gold_introduces_it() -> None:
    (finding,) = task(audits.constructed()).findings
    assert finding.detail is not None
    (demand,) = finding.detail.tests
    (line,) = [line for line in demand.lines if line.focus]
    assert (demand.path, line.number) == ("tests/test_ledger.py", 47)
    assert '<mark class="pin">LedgerClosedError</mark>' in line.code
    focused = [line for one in finding.detail.gold for line in one.lines if line.focus]
    assert [line.number for line in focused] == [26, 71]
    assert finding.detail.in_statement == 0


def test_a_detail_that_the_statement_holds_is_marked_there() -> None:
    made = audits.constructed()
    assert made.task is not None
    told = replace(made.task, statement="Raise `LedgerClosedError`, not LedgerClosedErrors.")
    view = task(replace(made, task=told))
    marked = [span.text for block in view.statement for span in block.spans if span.marked]
    assert marked == ["LedgerClosedError"]
    detail = view.findings[0].detail
    assert detail is not None
    assert detail.in_statement == 1


def test_where_the_test_patch_does_not_show_the_demand_its_text_stands_alone() -> None:
    (finding,) = task(audits.narrow()).findings
    assert finding.detail is not None
    assert finding.detail.assertion == "from tally.ledger import Ledger, LedgerClosedError"
    assert finding.detail.assertion_place == "tests/test_ledger.py:4"


def test_an_alternative_is_marked_where_it_differs_from_gold() -> None:
    view = next(one for one in task(audits.constructed()).diffs if one.candidate.name == "name-1")
    (pair,) = view.pairs
    assert pair.left is not None
    assert pair.right is not None
    left = "".join(line.code for line in pair.left.lines)
    right = "".join(line.code for line in pair.right.lines)
    assert left.count('<mark class="pin">LedgerClosedError</mark>') == 2
    assert right.count('<mark class="pin">LedgerShutError</mark>') == 2


def test_more_patches_than_a_page_can_bear_stand_as_text() -> None:
    made = audits.narrow()
    more = [audits.candidate(made.instance_id, f"agent{nth}-00000000") for nth in range(9)]
    view = task(replace(made, candidates=(*made.candidates, *more)))
    plain_ones = [one.candidate.name for one in view.diffs if one.plain]
    assert len(plain_ones) == len(more) + 2 - MAX_LAID_OUT
    assert "closed-ledger-name" not in plain_ones


def test_what_determines_a_detail_is_told_in_words() -> None:
    finding = task(audits.suspect()).findings[0]
    assert (
        finding.known == "Determined by a convention of the code around it and the existing code."
    )
    assert finding.reviewed == ("sweagent-55aa55aa: confirmed by nobody yet.",)


def test_tests_that_fail_for_one_reason_share_it() -> None:
    rejected = task(audits.narrow()).rejections
    assert [len(one.whys) for one in rejected] == [1, 1]
    why = rejected[0].whys[0]
    assert why.tests.total == 12
    assert why.place == "tests/test_ledger.py:4"
    assert why.cause == "missing name"
    assert [one.backed for one in rejected] == [True, False]


def test_every_trial_has_the_command_that_repeats_it() -> None:
    commands = [one.command for one in task(audits.narrow()).trials]
    assert commands[0] == "swe-audit reproduce run-1 acme__tally-77/gold/1"
    odd = audits.trial(audits.task("x y"), "it's", 2)
    view = task_view(
        replace(audits.narrow(), trials=(odd,)), "a run", LogFolder(Path("x")), Path("x")
    )
    assert view.trials[0].command == """swe-audit reproduce 'a run' 'x y/it'"'"'s/2'"""


def test_a_command_is_one_line_whatever_the_id() -> None:
    odd = audits.trial(audits.task("x\ny\r\u2028z"), "gold")
    (view,) = task(replace(audits.narrow(), trials=(odd,))).trials
    assert len(view.command.splitlines()) == 1


def test_the_official_verdict_is_set_apart_where_it_differs() -> None:
    of = audits.task("x")
    late = audits.trial(of, "gold", state=RunState.TIMED_OUT)
    (view,) = task(replace(audits.narrow(), task=of, trials=(late,))).trials
    assert view.differs
    assert (view.verdict, view.official_verdict) == ("inconclusive", "unresolved")


def test_logs_shown_are_those_that_tell_why(tmp_path: Path) -> None:
    audits.write_logs(audits.audit([audits.narrow(), audits.inconclusive()]), tmp_path)
    names = [one.trial.id for one in task(audits.narrow(), tmp_path).tails]
    assert names == ["acme__tally-77/closed-ledger-name/1", "acme__tally-77/openhands-1a2b3c4d/1"]
    assert [one.trial.candidate for one in task(audits.inconclusive(), tmp_path).tails] == ["gold"]


def test_a_task_without_alternatives_shows_its_reference_patch() -> None:
    (diff,) = task(audits.flaky()).diffs
    assert diff.candidate.name == "gold"
    assert not diff.beside_gold


def test_a_task_that_never_ran_is_an_almost_empty_page() -> None:
    view = task(audits.skipped())
    assert view.findings == view.trials == view.diffs == view.statement == view.tails == ()
    assert view.matrix is None
    assert view.reason == "FAIL_TO_PASS is empty."


def test_a_sample_says_what_it_tells_of_the_whole_set_beside_the_rate() -> None:
    estimate = Estimate(
        of="defective",
        k=3,
        n=26,
        inconclusive=1,
        population=500,
        share=0.12,
        low=0.03,
        high=0.25,
        level=0.95,
        bound=False,
        method="Wilson",
    )
    inference = Inference(estimates=(estimate,), sentence="the draw tells how common defects are.")
    rate = index(replace(audits.sample_audit(), inference=inference)).rate
    assert rate.sample == "The draw tells how common defects are."
    (told,) = rate.estimates
    assert told.startswith("Defective: 12.0")
    assert "of all 500" in told
