"""Commands from outside, run for real: what they are shown, and what becomes of bad answers."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import fakes
import pytest
from jsonschema import Draft202012Validator

from swe_audit.errors import InterruptedRunError, OutsideCommandError, UsageError
from swe_audit.evidence.opinion import Question, questions
from swe_audit.model.audit import RejectionDetail, TaskResult, TaskStatus
from swe_audit.model.candidate import Provenance
from swe_audit.model.finding import Cause, Explanation
from swe_audit.model.outside import Ruling
from swe_audit.model.tree import Tree
from swe_audit.model.trial import Outcome, RunState, Trial, Verdict
from swe_audit.outside import Judge, Outside, Writer, outside_command
from swe_audit.report.documents import schema

TASK = fakes.make_task()
TREE = Tree({"shop/cart.py": b"def total(prices):\n    return 0\n", "raw.bin": b"\x00\xff"})
SHAPES = ("judge-question", "judge-answer", "writer-question", "writer-answer")


def outside(folder: Path, code: str, *, role: str = "judge", patience: float = 30) -> Outside:
    """A command that is a small Python script; ``shown`` is what it reads."""
    script = folder / "command.py"
    script.write_text(f"import json, sys\nshown = json.load(sys.stdin)\n{code}\n", encoding="utf-8")
    return Outside(role=role, words=(sys.executable, str(script)), patience=patience)


def result(provenance: Provenance = Provenance.PREDICTION, *, accepted: bool = False) -> TaskResult:
    candidate = fakes.curated(TASK, "model-1", provenance=provenance)
    trial = Trial(
        id=f"{TASK.instance_id}/model-1/1",
        instance_id=TASK.instance_id,
        candidate="model-1",
        attempt=1,
        state=RunState.COMPLETED,
        verdict=Verdict.RESOLVED if accepted else Verdict.UNRESOLVED,
        official_verdict=Verdict.UNRESOLVED,
        outcome=Outcome(failed_f2p=(fakes.F2P,)),
    )
    reason = Explanation(
        test=fakes.F2P,
        cause=Cause.MESSAGE_TEXT,
        detail="no such thing",
        assertion="assert str(error) == 'no such thing'",
    )
    detail = RejectionDetail(candidate="model-1", trial=trial.id, explanations=(reason,))
    return TaskResult(
        instance_id=TASK.instance_id,
        status=TaskStatus.UNTESTED,
        task=TASK,
        candidates=(candidate,),
        trials=(trial,),
        rejections=(detail,),
    )


def question() -> Question:
    (one,) = questions(result())
    return one


def test_a_judge_sees_the_statement_the_pin_and_the_patch_and_never_gold(tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    code = (
        f"json.dump(shown, open({str(seen)!r}, 'w'))\n"
        "print(json.dumps({'verdict': 'correct', 'reason': ' It is. '}))"
    )
    opinion = Judge(outside=outside(tmp_path, code)).rule(question())
    assert (opinion.candidate, opinion.ruling) == ("model-1", Ruling.CORRECT)
    assert opinion.reason == "It is."
    text = seen.read_text(encoding="utf-8")
    shown = json.loads(text)
    Draft202012Validator(schema("judge-question")).validate(shown)
    assert shown["problem_statement"] == TASK.statement
    assert shown["rejections"][0]["detail"] == "no such thing"
    assert "sum(prices)" not in text, "that is gold"


@pytest.mark.parametrize("provenance", [Provenance.CURATED, Provenance.CONSTRUCTION])
def test_a_judge_is_asked_about_rejected_submissions_only(provenance: Provenance) -> None:
    assert list(questions(result(provenance))) == []
    assert list(questions(result(accepted=True))) == []
    assert len(list(questions(result(Provenance.WRITER)))) == 1


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("print('yes')", "printed no JSON: 'yes'"),
        ("print('[1]')", "printed no JSON object"),
        ("", "printed no JSON: ''"),
        ("sys.exit('no key')", "ended with exit code 1: no key"),
        ("print(json.dumps({'verdict': 'fine', 'reason': 'x'}))", "gave the verdict 'fine'"),
        ("print(json.dumps({'verdict': ['correct'], 'reason': 'x'}))", "gave the verdict ['corr"),
        ("print(json.dumps({'verdict': 'correct', 'reason': ' '}))", "gave no reason"),
        ("import time; time.sleep(60)", "gave no answer within 1 s"),
        ("sys.stdout.buffer.write(bytes([255, 254]))", "printed no JSON"),
    ],
)
def test_a_bad_answer_is_one_clear_sentence(tmp_path: Path, code: str, told: str) -> None:
    judge = Judge(outside=outside(tmp_path, code, patience=1 if "sleep" in code else 30))
    with pytest.raises(OutsideCommandError) as caught:
        judge.rule(question())
    assert told in caught.value.message
    assert "\n" not in caught.value.message


def test_a_command_that_is_no_program_is_a_usage_error() -> None:
    for text in ("no-such-program-here --fast", "", "'open"):
        with pytest.raises(UsageError):
            outside_command("judge", text)
    words = outside_command("judge", f"{sys.executable} -c 'print(1)'").words
    assert words[1:] == ("-c", "print(1)")


def test_what_a_command_started_ends_with_it(tmp_path: Path) -> None:
    child = tmp_path / "child"
    code = (
        "import os, subprocess, time\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(child)!r} + '.new', 'w').write(str(p.pid))\n"
        f"os.rename({str(child)!r} + '.new', {str(child)!r})\n"
        "time.sleep(60)"
    )
    with pytest.raises(InterruptedRunError):
        Judge(outside=outside(tmp_path, code)).rule(question(), child.exists)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _lives(int(child.read_text())):
        time.sleep(0.05)
    assert not _lives(int(child.read_text()))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def test_a_writer_sees_the_statement_and_the_base_tree_alone(tmp_path: Path) -> None:
    seen = tmp_path / "seen.json"
    code = (
        "import os\n"
        "files = sorted(os.path.relpath(os.path.join(d, f), shown['base'])"
        " for d, _, fs in os.walk(shown['base']) for f in fs)\n"
        f"json.dump([shown, files], open({str(seen)!r}, 'w'))\n"
        "print(json.dumps({'patches': ['one', 'two']}))"
    )
    writer = Writer(outside=outside(tmp_path, code, role="writer"))
    written = writer.write(TASK, TREE)
    assert written.patches == ("one", "two")
    assert written.question == writer.key(TASK)
    shown, files = json.loads(seen.read_text(encoding="utf-8"))
    Draft202012Validator(schema("writer-question")).validate(shown)
    assert files == ["raw.bin", "shop/cart.py"]
    assert "sum(prices)" not in json.dumps(shown)
    assert not Path(shown["base"]).exists()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("{}", "printed no list of patches"),
        ("{'patches': [1]}", "printed no list of patches"),
        ("{'patches': ['x'] * 65}", "printed 65 patches, more than 64"),
    ],
)
def test_a_writer_that_prints_no_patches_is_told_so(tmp_path: Path, answer: str, told: str) -> None:
    writer = Writer(outside=outside(tmp_path, f"print(json.dumps({answer}))", role="writer"))
    with pytest.raises(OutsideCommandError, match=told):
        writer.write(TASK, TREE)


@pytest.mark.parametrize("name", SHAPES)
def test_the_shapes_stand_in_the_wheel_and_in_the_docs(name: str) -> None:
    mirror = Path(__file__).parents[3] / "docs" / "schemas" / f"{name}.schema.json"
    assert json.loads(mirror.read_text(encoding="utf-8")) == schema(name)
    Draft202012Validator.check_schema(schema(name))


def test_the_examples_of_the_page_are_what_it_says() -> None:
    page = Path(__file__).parents[3] / "docs" / "outside-commands.md"
    parts = page.read_text(encoding="utf-8").split("```json\n")[1:]
    for name, part in zip(["judge-answer", "writer-answer"], parts, strict=True):
        Draft202012Validator(schema(name)).validate(json.loads(part.split("```")[0]))
