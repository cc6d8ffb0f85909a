"""Which tasks an audit takes, and what the journal and the report then say of the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.errors import InputError, UnknownIdError, UsageError
from swe_audit.formats import load, load_results
from swe_audit.formats.results import ResultsMatrix
from swe_audit.inference import describe_design, describe_estimate, infer
from swe_audit.journal import codec
from swe_audit.model.audit import TaskResult, TaskStatus
from swe_audit.model.sample import SampleDesign, SampleKind
from swe_audit.model.task import Dataset, Skipped, SkipReason
from swe_audit.selecting import Selection, parse_properties, select

DATA = Path(__file__).resolve().parents[3] / "shared/data"


def many(count: int = 60) -> Dataset:
    repos = ("shop/cart", "shop/till", "shop/store")
    tasks = [
        replace(
            fakes.make_task(),
            instance_id=f"shop__cart-{n:03}",
            repo=repos[n % 3],
            difficulty="<15 min fix" if n % 2 else "1-4 hours",
            created_at=f"{2015 + n % 5}-01-01",
        )
        for n in range(count)
    ]
    return fakes.make_dataset(*tasks)


def matrix(solved: dict[str, tuple[bool | None, ...]]) -> ResultsMatrix:
    return ResultsMatrix(source="results.csv", submissions=("one", "two"), solved=solved)


def judged(design: SampleDesign, *, defective: int, inconclusive: int = 0) -> list[TaskResult]:
    kinds = [TaskStatus.DEFECTIVE] * defective + [TaskStatus.INCONCLUSIVE] * inconclusive
    kinds += [TaskStatus.CLEARED] * (len(design.chosen) - len(kinds))
    pairs = zip(design.chosen, kinds, strict=True)
    return [TaskResult(instance_id=name, status=status) for name, status in pairs]


def test_nothing_asked_leaves_the_set_as_it_is() -> None:
    dataset = many()
    assert select(dataset, Selection()) == (dataset, None)


def test_a_stratified_sample_keeps_the_proportions_and_names_every_stratum() -> None:
    part, design = select(many(), Selection(sample="30%", stratify=("repo", "difficulty"), seed=7))
    assert design is not None
    assert len(part.tasks) == len(design.chosen) == 18
    assert [(s.name, s.population, len(s.instances)) for s in design.strata][:2] == [
        ("shop/cart | 1-4 hours", 10, 3),
        ("shop/cart | <15 min fix", 10, 3),
    ]
    assert {task.instance_id for task in part.tasks} == set(design.chosen)
    assert part.sha256 != many().sha256


def test_the_sample_does_not_depend_on_the_order_of_the_rows() -> None:
    dataset = many()
    backwards = replace(dataset, tasks=dataset.tasks[::-1])
    asked = Selection(sample="20", stratify=("year",), seed=3)
    assert select(dataset, asked)[1] == select(backwards, asked)[1]


def test_rows_that_cannot_be_read_are_in_no_population_and_are_not_lost() -> None:
    bad = Skipped(instance_id="odd-1", reason=SkipReason.BAD_INPUT)
    part, design = select(replace(many(), skipped=(bad,)), Selection(sample="50%"))
    assert design is not None
    assert (design.population, design.unread, part.skipped) == (60, 1, (bad,))
    with pytest.raises(InputError, match="no task can be read"):
        select(Dataset(source="x", sha256="", tasks=(), skipped=(bad,)), Selection(sample="1"))


def test_the_hardest_are_those_that_fewest_solve_and_unranked_tasks_are_left_out() -> None:
    solved = {f"shop__cart-{n:03}": (n > 4, n > 9) for n in range(20)}
    solved["shop__cart-030"] = (None, None)
    part, design = select(many(), Selection(hardest=5), results=matrix(solved))
    assert [task.instance_id for task in part.tasks] == [f"shop__cart-{n:03}" for n in range(5)]
    assert design is not None
    assert design.criterion == "the share of 2 submissions in results.csv that fail it"
    with pytest.raises(UsageError, match="only 20 of the tasks can be ranked"):
        select(many(), Selection(hardest=21), results=matrix(solved))


def test_scores_rank_where_there_is_no_matrix() -> None:
    part, design = select(
        many(), Selection(hardest=1), scores={"shop__cart-007": 0.9, "shop__cart-001": 0.2}
    )
    assert [task.instance_id for task in part.tasks] == ["shop__cart-007"]
    assert design is not None
    assert design.criterion == "the screen score"


def test_a_list_chooses_and_a_sample_may_be_drawn_from_it() -> None:
    listed = Selection(instances=("shop__cart-004", "shop__cart-001"), listed="ids.txt")
    part, design = select(many(), listed)
    assert [task.instance_id for task in part.tasks] == ["shop__cart-001", "shop__cart-004"]
    assert design is not None
    assert (design.kind, design.population) == (SampleKind.NAMED, 60)
    _, drawn = select(many(), replace(listed, sample="1"))
    assert drawn is not None
    assert (drawn.kind, drawn.population) == (SampleKind.RANDOM, 2)
    assert "named in ids.txt" in describe_design(drawn)


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        (Selection(sample="3", hardest=3), UsageError, "exclude each other"),
        (Selection(stratify=("repo",)), UsageError, "there is none"),
        (Selection(hardest=3), UsageError, "what is hard"),
        (Selection(instances=("shop__cart-999",)), UnknownIdError, "shop__cart-999"),
    ],
)
def test_a_selection_that_cannot_be_is_one_sentence(asked, error, said) -> None:
    with pytest.raises(error, match=said):
        select(many(), asked)


@pytest.mark.parametrize("text", ["", "colour", "repo,colour", ","])
def test_a_set_is_divided_by_known_properties_only(text: str) -> None:
    with pytest.raises(UsageError, match="cannot be divided by"):
        parse_properties(text)
    assert parse_properties("repo, difficulty,repo") == ("repo", "difficulty")


def test_a_draw_supports_an_estimate_and_says_what_it_cannot_tell() -> None:
    _, design = select(many(), Selection(sample="20", seed=1))
    assert design is not None
    found = infer(design, judged(design, defective=4, inconclusive=2))
    assert found is not None
    defective, _ = found.estimates
    assert (defective.k, defective.n, defective.inconclusive) == (4, 20, 2)
    assert defective.share == pytest.approx(4 / 18)
    assert not defective.bound
    assert "does not tell which of the 40 other tasks are defective" in found.sentence
    assert "2 inconclusive tasks count as sound at the low end" in found.sentence
    assert found.sentence.count(".") == 1
    text = describe_estimate(defective)
    assert text.startswith("22.2 % of all 60 (95 % interval 8.3 % to 50.0 %, ")
    assert "hypergeometric" in text
    assert describe_design(design) == "20 of 60 tasks, drawn by lot (20, seed 1)"


def test_the_hardest_support_a_bound_only() -> None:
    solved = {f"shop__cart-{n:03}": (False, False) for n in range(10)}
    _, design = select(many(), Selection(hardest=10), results=matrix(solved))
    assert design is not None
    found = infer(design, judged(design, defective=6))
    assert found is not None
    assert all(estimate.bound and estimate.share is None for estimate in found.estimates)
    assert (found.estimates[0].low, found.estimates[0].high) == (6 / 60, 56 / 60)
    assert "at the least" in found.sentence
    assert describe_estimate(found.estimates[0]).startswith("a bound, not an estimate: 6 of all 60")


def test_suspect_tasks_count_in_the_second_estimate_only() -> None:
    _, design = select(many(), Selection(sample="10"))
    assert design is not None
    results = [
        TaskResult(instance_id=name, status=TaskStatus.SUSPECT) for name in design.chosen[:3]
    ] + [TaskResult(instance_id=name, status=TaskStatus.UNTESTED) for name in design.chosen[3:]]
    found = infer(design, results)
    assert found is not None
    assert [(one.of, one.k) for one in found.estimates] == [
        ("defective", 0),
        ("defective or suspect", 3),
    ]


def test_a_chosen_task_without_a_result_is_inconclusive_and_strangers_count_for_nothing() -> None:
    _, design = select(many(), Selection(sample="10"))
    assert design is not None
    others = [name for name in (t.instance_id for t in many().tasks) if name not in design.chosen]
    results = judged(design, defective=1)[:8]
    results += [TaskResult(instance_id=name, status=TaskStatus.DEFECTIVE) for name in others]
    found = infer(design, results)
    assert found is not None
    assert (found.estimates[0].k, found.estimates[0].inconclusive) == (1, 2)


def test_the_design_survives_the_journal() -> None:
    _, design = select(many(), Selection(sample="30%", stratify=("repo",), seed=7))
    assert design is not None
    assert codec.decode(SampleDesign, codec.encode(design)) == design


@pytest.mark.real
def test_the_hardest_of_the_published_rows_are_those_that_nobody_solves() -> None:
    if not DATA.is_dir():
        pytest.skip("needs the development data")
    results = load_results(DATA / "verified_dev_results.csv.gz")
    dataset = load(DATA / "verified_dev.jsonl.gz")
    part, _ = select(dataset, Selection(hardest=10), results=results)
    assert [results.share(task.instance_id) for task in part.tasks] == [0] * 10
