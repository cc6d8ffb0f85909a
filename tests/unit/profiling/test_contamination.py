"""Overlap of submissions with the reference, model by model, with controls."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from swe_audit.formats import load, load_predictions
from swe_audit.formats.completions import Completion
from swe_audit.model.candidate import Prediction
from swe_audit.model.task import Task
from swe_audit.profiling import contamination, memorisation
from swe_audit.profiling.contamination import is_striking
from tests.unit.profiling.rows import diff, task

DATA = Path(__file__).resolve().parents[4] / "shared/data"
WORDS = ["cart", "price", "rate", "items", "basket", "tax", "owner", "stock", "query", "limit"]


def code(seed: int, size: int = 6) -> list[str]:
    """Lines of code that no other seed writes."""
    rng = random.Random(seed)
    return [
        f"{rng.choice(WORDS)}_{seed} = {rng.choice(WORDS)}.{rng.choice(WORDS)}"
        f"({rng.choice(WORDS)}, {rng.randrange(900)}, {rng.choice(WORDS)}={rng.randrange(900)})"
        for _ in range(size)
    ]


def tasks(count: int = 8) -> list[Task]:
    return [task(n, gold_patch=diff("shop/cart.py", code(n))) for n in range(count)]


def submitted(model: str, number: int, lines: list[str]) -> Prediction:
    return Prediction(
        instance_id=f"shop__cart-{number}",
        model_name_or_path=model,
        model_patch=diff("shop/cart.py", lines),
    )


def predictions(count: int = 8) -> list[Prediction]:
    """A model that knows the reference by heart, and two that write their own."""
    made = []
    for n in range(count):
        made.append(submitted("parrot", n, code(n)))
        made.append(submitted("honest", n, code(1000 + n)))
        made.append(submitted("other", n, code(2000 + n)))
    return made


def test_a_model_that_repeats_the_reference_comes_first_and_stands_out() -> None:
    found = contamination(tasks(), predictions())
    parrot, *rest = found.models
    assert parrot.model == "parrot"
    assert (parrot.overlap.mean, parrot.verbatim.mean) == (1, 1)
    assert parrot.excess_over_others.low is not None
    assert parrot.excess_over_others.low > 0.9
    assert all(model.overlap.mean is not None and model.overlap.mean < 0.1 for model in rest)
    assert all(is_striking(one) for one in parrot.resembling)
    assert not any(is_striking(one) for model in rest for one in model.resembling)


def test_the_control_is_the_same_measure_on_references_of_other_tasks() -> None:
    parrot = contamination(tasks(), predictions()).models[0]
    assert parrot.control.n == 7  # the first task has none before it
    assert parrot.control.mean is not None
    assert parrot.control.mean < 0.05
    habit = [task(n, gold_patch=diff("shop/cart.py", code(5))) for n in range(6)]
    copied = contamination(habit, [submitted("parrot", n, code(5)) for n in range(6)]).models[0]
    # Everybody writes the same everywhere: the overlap is full, and so is the control.
    assert (copied.overlap.mean, copied.control.mean, copied.excess.mean) == (1, 1, 0)


def test_what_every_system_writes_is_explained_by_the_task() -> None:
    same = [submitted(name, n, code(n)) for name in ("one", "two") for n in range(5)]
    for model in contamination(tasks(5), same).models:
        assert model.overlap.mean == 1
        assert model.excess_over_others.mean == 0


def test_runs_of_one_system_are_no_other_system() -> None:
    runs = [submitted(f"parrot-run-{run}", n, code(n)) for run in (1, 2) for n in range(5)]
    assert all(model.others.n == 0 for model in contamination(tasks(5), runs).models)


def test_the_order_of_tasks_and_submissions_does_not_matter() -> None:
    mixed, given = tasks(), predictions()
    random.Random(2).shuffle(mixed)
    random.Random(3).shuffle(given)
    assert contamination(mixed, given) == contamination(tasks(), predictions())


def test_base_files_explain_what_the_hunks_do_not_show() -> None:
    texts = {f"shop__cart-{n}": ("\n".join(code(n)),) for n in range(8)}
    found = contamination(tasks(), predictions(), base_texts=texts)
    assert found.nothing_novel == 8
    assert all(model.tasks == 0 for model in found.models)
    assert found.explained_by == ("statement", "hunks", "base files")


def test_nothing_is_lost_uncounted() -> None:
    strange = Prediction(instance_id="far__away-1", model_name_or_path="x", model_patch="")
    nothing = Prediction(instance_id="shop__cart-1", model_name_or_path="empty", model_patch="")
    found = contamination(tasks(), [*predictions(), strange, nothing])
    assert found.strangers == 1
    empty = next(model for model in found.models if model.model == "empty")
    assert (empty.submissions, empty.tasks, empty.overlap.mean) == (1, 0, None)


def test_a_statement_that_is_known_by_heart_is_told_from_one_that_is_not() -> None:
    rng = random.Random(9)
    words = [f"word{n}" for n in range(300)]
    known = [task(n, statement=" ".join(rng.choices(words, k=80))) for n in range(6)]
    written = []
    for one in known:
        half = one.statement.split()
        shown, rest = " ".join(half[:40]), " ".join(half[40:])
        made = " ".join(rng.choices(words, k=40))
        for model, text in (("parrot", rest), ("honest", made), ("echo", shown)):
            written.append(
                Completion(instance_id=one.instance_id, model=model, prompt=shown, completion=text)
            )
    found = {model.model: model for model in memorisation(known, written).models}
    assert found["parrot"].overlap.mean is not None
    assert found["parrot"].overlap.mean > 0.8
    assert found["honest"].overlap.mean == 0
    assert found["echo"].overlap.mean == 0  # repeating the prompt is no memory


@pytest.mark.real
def test_real_submissions_are_far_above_other_tasks() -> None:
    if not DATA.is_dir():
        pytest.skip("needs the development data")
    loaded = load(DATA / "verified_dev.jsonl.gz")
    given = load_predictions([DATA / "verified_dev_predictions.jsonl.gz"])
    found = contamination(loaded.tasks, given)
    for model in found.models:
        assert model.control.mean is not None
        assert model.control.mean < 0.01
        assert model.overlap.mean is not None
        assert model.overlap.mean > model.control.mean
