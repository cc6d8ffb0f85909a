"""The statement's own code on base, gold and submissions, run by interpreters at hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import fakes
import pytest

from swe_audit.evidence.echo_script import Shown, echo_script, shown
from swe_audit.evidence.reproduction import Run, first_questions, question, reproduced
from swe_audit.model.candidate import Control
from swe_audit.model.reproduction import Answer, Reproduced
from swe_audit.statements import Step, examples

OTHERS = ("python3.6", "python3.8", "python3.13")
BASE = "def total(prices):\n    return 0\n"
GOLD = "def total(prices):\n    return sum(prices)\n"


def played(folder: Path, code: str, statement: str, seed: int = 1, python: str = "") -> str:
    """Run the examples of a statement in a project that is one module."""
    folder.mkdir(exist_ok=True)
    # Python takes bytecode of the same second and size for that of the new text.
    shutil.rmtree(folder / "__pycache__", ignore_errors=True)
    (folder / "cart.py").write_text(code, encoding="utf-8")
    script = echo_script(examples(statement), "shop/cart", hash_seed=seed)
    script = script.replace("cd /testbed", f"cd {folder}").replace(
        "for python in ", f"for python in {python or sys.executable} "
    )
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def told(
    folder: Path,
    statement: str,
    *,
    base: str = BASE,
    gold: str = GOLD,
    others: Sequence[str] = (),
    details: Sequence[str] = (),
) -> Reproduced:
    """Run the examples on base, three times on gold, and on other solutions."""
    task = fakes.make_task(statement=statement)
    runs = [Run(subject="empty", trial="empty/1", log=played(folder, base, statement))]
    runs += [
        Run(subject="gold", trial=f"gold/{seed}", log=played(folder, gold, statement, seed))
        for seed in (1, 2, 3)
    ]
    runs += [
        Run(subject=f"other-{at}", trial=f"other-{at}/1", log=played(folder, code, statement))
        for at, code in enumerate(others)
    ]
    names = {f"other-{at}": tuple(details) for at in range(len(others))}
    found = reproduced(task, runs, gold="gold", empty="empty", details=names)
    assert found is not None
    return found


def answers(found: Reproduced) -> list[Answer]:
    return [one.answer for one in found.candidates]


SESSION = "total() is 0\n\n```python\n>>> from cart import total\n>>> total([1, 2])\n0\n```\n"


def test_what_gold_shows_and_base_does_not_speaks_for_who_shows_it_too(tmp_path: Path) -> None:
    same = "def total(prices):\n    return 0 if not prices else prices[0] + total(prices[1:])\n"
    other = "def total(prices):\n    return max(prices)\n"
    found = told(tmp_path, SESSION, others=[same, other, BASE])
    assert not found.void
    assert [step.telling for step in found.steps] == [False, True]
    assert (found.steps[1].base, found.steps[1].gold) == ("0", "3")
    assert answers(found) == [Answer.AGREES, Answer.DIFFERS, Answer.DIFFERS]


def test_that_an_exception_no_longer_occurs_is_alone_no_evidence(tmp_path: Path) -> None:
    base = "def total(prices):\n    raise IndexError('pop from empty list')\n"
    quiet = "def total(prices):\n    pass\n"
    statement = "It raises:\n\n```python\nfrom cart import total\ncheck = total([])\n```\n"
    found = told(tmp_path, statement, base=base, others=[quiet])
    assert found.void
    assert answers(found) == [Answer.SILENT]


def test_an_object_that_shows_only_its_address_tells_nothing(tmp_path: Path) -> None:
    base = "def total(prices):\n    raise IndexError\n"
    gold = "class Sum: pass\ndef total(prices):\n    return Sum()\n"
    assert told(tmp_path, SESSION, base=base, gold=gold, others=[gold]).void


def test_what_differs_between_runs_of_gold_is_masked(tmp_path: Path) -> None:
    gold = (
        "import os\ndef total(prices):\n"
        "    return {'sum': sum(prices), 'who': os.getpid(), 'names': {'ab', 'cd', 'ef', 'gh'}}\n"
    )
    wrong = gold.replace("sum(prices)", "4")
    found = told(tmp_path, SESSION, gold=gold, others=[gold, wrong])
    assert "'sum': 3" in found.steps[1].gold
    assert "…" in found.steps[1].gold
    assert answers(found) == [Answer.AGREES, Answer.DIFFERS]


RAISES = "Say why.\n\n```\n>>> from cart import total\n>>> total('ab')\n0\n>>> total([1])\n0\n```\n"
LOUD = """\
def total(prices):
    if isinstance(prices, str):
        raise TypeError('prices must be numbers')
    return sum(prices)
"""


def test_another_text_of_the_pinned_detail_is_not_held_against_a_candidate(tmp_path: Path) -> None:
    kinder = LOUD.replace("prices must be numbers", "give me numbers")
    wrong = kinder.replace("sum(prices)", "max(prices) + 1")
    one = told(
        tmp_path, RAISES, gold=LOUD, others=[kinder, wrong], details=["prices must be numbers"]
    )
    assert answers(one) == [Answer.AGREES, Answer.DIFFERS]
    assert one.candidates[0].differs == (1,)
    two = told(tmp_path, RAISES, gold=LOUD, others=[kinder])
    assert answers(two) == [Answer.DIFFERS]


def test_a_difference_in_the_detail_alone_is_no_evidence_for_it_either(tmp_path: Path) -> None:
    statement = "Say why.\n\n```\n>>> from cart import total\n>>> total('ab')\n0\n```\n"
    kinder = LOUD.replace("prices must be numbers", "give me numbers")
    found = told(
        tmp_path, statement, gold=LOUD, others=[kinder], details=["prices must be numbers"]
    )
    assert answers(found) == [Answer.DETAIL]


WANTED = """\
total() is wrong

```python
>>> from cart import total
>>> total([1, 2])
0
```

Expected output:

```python
>>> total([1, 2])
3
```
"""


def test_base_that_gives_what_is_wanted_makes_the_statement_stale(tmp_path: Path) -> None:
    found = told(tmp_path, WANTED, base=GOLD, gold=GOLD)
    assert found.void
    assert found.stale == (2,)
    assert told(tmp_path, WANTED).stale == ()


def test_gold_that_does_not_give_what_is_wanted_misses_the_statement(tmp_path: Path) -> None:
    wrong = "def total(prices):\n    return 4\n"
    found = told(tmp_path, WANTED, gold=wrong, others=[GOLD, wrong])
    assert found.missed == (2,)
    assert answers(found) == [Answer.DELIVERS, Answer.AGREES]
    assert told(tmp_path, WANTED, others=[GOLD]).missed == ()


def test_nothing_is_missed_where_base_is_not_as_the_statement_prints_it(tmp_path: Path) -> None:
    pretty = "def total(prices):\n    return float(sum(prices))\n"
    assert told(tmp_path, WANTED, base="def total(p):\n    return 0.5\n", gold=pretty).missed == ()


def test_code_that_needs_what_is_not_there_tells_nothing(tmp_path: Path) -> None:
    statement = "```\n>>> from shop.models import Cart\n>>> Cart.objects.count()\n0\n```\n"
    found = told(tmp_path, statement, others=[GOLD])
    assert found.void
    assert answers(found) == [Answer.SILENT]
    assert "No module named" in found.steps[0].gold


def test_without_base_and_three_runs_of_gold_nothing_is_said(tmp_path: Path) -> None:
    task = fakes.make_task(statement=SESSION)
    run = Run(subject="gold", trial="gold/1", log=played(tmp_path, GOLD, SESSION))
    base = Run(subject="empty", trial="empty/1", log=run.log)
    for runs in ([run, run, run], [base, run, run], []):
        assert reproduced(task, runs, gold="gold", empty="empty", details={}) is None


def test_a_script_that_ends_too_early_is_void(tmp_path: Path) -> None:
    statement = "```\n>>> import os\n>>> os._exit(1)\n>>> 3\n```\n"
    found = told(tmp_path, statement, others=[GOLD])
    assert "does not run to its end" in found.void
    assert found.candidates == ()


@pytest.mark.parametrize("name", ["this interpreter", *OTHERS])
def test_every_kind_of_step_is_told(tmp_path: Path, name: str) -> None:
    python = sys.executable if name == "this interpreter" else shutil.which(name)
    if python is None or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"{name} does not run here")
    sources = (
        "x = {'a': 'é'}",
        "x['a']; len(x)",
        "print('hello'); import warnings; warnings.warn('old')",
        "for i in range(2):\n    i",
        "1 / 0",
        "raise SystemExit(3)",
        "def f(:",
        "total([1, 2])",
        "_ + 1",
        "nobody",
        "class Loud:\n    def __repr__(self): raise ValueError('no repr')",
        "Loud()",
    )
    (tmp_path / "cart.py").write_text(GOLD, encoding="utf-8")
    steps = [Step(source=source, line=1) for source in sources]
    script = echo_script(steps, "shop/cart", hash_seed=7).replace("cd /testbed", f"cd {tmp_path}")
    script = script.replace("for python in ", f"for python in {python} ")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    found = shown(done.stdout, len(steps))
    assert found is not None, done.stderr
    assert found[0] == Shown()
    assert found[1].value == "'é'\n1"
    assert (found[2].output, found[2].warnings) == ("hello", "UserWarning: old")
    assert found[3].value == "0\n1"
    assert found[4].error == "ZeroDivisionError: division by zero"
    assert found[5].error == "SystemExit: 3"
    assert found[6].error.startswith("SyntaxError: ")
    assert found[7].value == "3", "what the project exports needs no import"
    assert found[8].value == "4"
    assert found[9].error == "NameError: name 'nobody' is not defined"
    assert found[11].error == "ValueError: no repr"


def test_questions_run_the_patch_of_their_subject_and_no_tests() -> None:
    task = fakes.make_task(statement=SESSION)
    gold, other = fakes.curated(task, "gold"), fakes.curated(task, "other")
    asked = first_questions(task, gold, replace(gold, name="empty", patch=""))
    assert [one.name for one in asked] == [
        "reproduction-empty",
        *(f"reproduction-gold-{seed}" for seed in (1, 2, 3)),
    ]
    assert {one.control for one in asked} == {Control.REPRODUCTION}
    assert [one.patch for one in asked] == ["", gold.patch, gold.patch, gold.patch]
    assert len({one.script for one in asked[1:]}) == 3, "each hash seed is a run of its own"
    assert question(task, other).subject == "other"
    assert first_questions(fakes.make_task(), gold, gold) == ()
