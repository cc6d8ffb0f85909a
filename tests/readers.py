"""Every reader of what others write, as one call from bytes: for properties and for fuzzing.

A reader takes any bytes, and returns or raises an ``AuditError``; nothing else. ``seeds`` are
inputs that it knows, ``words`` what its format is made of.
"""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import fakes

from swe_audit.cli.settings import read_settings
from swe_audit.containers.archives import packed, unpacked
from swe_audit.containers.output import TrialOutput
from swe_audit.containers.probe_script import ancestries, installed
from swe_audit.containers.reinstalling import facts_of
from swe_audit.containers.runner_script import new_marks
from swe_audit.containers.study import study_of
from swe_audit.errors import AuditError
from swe_audit.evidence.echo_script import MARK, shown
from swe_audit.formats import load, load_families, load_ids, load_predictions, load_results
from swe_audit.formats.completions import load_completions
from swe_audit.formats.curated import load_curated
from swe_audit.formats.cutoffs import load_cutoffs
from swe_audit.formats.decisions import parsed_decisions
from swe_audit.formats.environment_files import parsed_environment
from swe_audit.formats.finished import load_statuses
from swe_audit.formats.harness_logs import load_harness_logs
from swe_audit.formats.partial import load_partial
from swe_audit.formats.patches import changed_files, patch_problem, unsafe_path
from swe_audit.formats.recipes import read_recipes
from swe_audit.formats.yaml_files import parsed_yaml
from swe_audit.gathering import gather
from swe_audit.journal import FILE_NAME, Journal
from swe_audit.journal.codec import decode, encode
from swe_audit.journal.logs import read_log as read_kept_log
from swe_audit.judging.explain import explain
from swe_audit.judging.parsers import PARSERS
from swe_audit.judging.parsing import UnreadableLogError
from swe_audit.judging.pro import MARK as PRO_MARK
from swe_audit.judging.pro import parse_pro
from swe_audit.judging.tampering import may_bend
from swe_audit.judging.verdicts import judge
from swe_audit.model.candidate import Candidate, CandidateKind, Prediction, Provenance
from swe_audit.model.construction import Survey
from swe_audit.model.task import Task
from swe_audit.model.trial import TrialSpec
from swe_audit.outside.command import outside_command
from swe_audit.report.text import shorten, visible, without_ansi
from swe_audit.screening.screener import screen_task
from swe_audit.softening.records import read_records
from swe_audit.statements import blocks, mention
from swe_audit.statements.examples import examples
from swe_audit.tags import tag

TASK = fakes.make_task()
GOLD = Candidate(
    instance_id=TASK.instance_id,
    name="model-1",
    kind=CandidateKind.ALTERNATIVE,
    provenance=Provenance.PREDICTION,
    patch=TASK.gold_patch,
)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """One reader; see the module's own words."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...] = (b"",)
    words: tuple[bytes, ...] = ()

    def __call__(self, data: bytes) -> None:
        """Read, and take an expected failure for what it is."""
        with suppress(AuditError):
            self.read(data)


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _raw(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


@cache
def _scratch() -> Path:
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() else None
    return Path(tempfile.mkdtemp(prefix="swe-audit-fuzz-", dir=place))


@contextmanager
def _file(name: str, data: bytes) -> Iterator[Path]:
    path = _scratch() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    try:
        yield path
    finally:
        path.unlink()


def _from_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    def call(data: bytes) -> object:
        with _file(name, data) as path:
            return read(path)

    return call


def _quiet(_: str) -> None:
    pass


def _parser(parse: Callable[[str], object]) -> Callable[[bytes], object]:
    def call(data: bytes) -> object:
        try:
            return parse(_text(data))
        except UnreadableLogError:
            return None

    return call


def _judged(data: bytes) -> object:
    spec = TrialSpec(task=TASK, candidate=GOLD, attempt=1)
    return judge(fakes.completed(_text(data)), spec, gold_has_results=True)


def _explained(parser: str) -> Callable[[bytes], object]:
    task = replace(TASK, log_parser=parser, fail_to_pass=("t (m.C)", fakes.F2P, "m.py:t", "TestA"))
    return lambda data: explain(task, _text(data), task.required)


def _patch(data: bytes) -> object:
    text = _raw(data)
    patch_problem(text)
    may_bend(text)
    return unsafe_path(changed_files(text))


def _submitted(data: bytes) -> object:
    text = _raw(data)
    one = Prediction(instance_id=TASK.instance_id, model_name_or_path="m", model_patch=text)
    return gather(fakes.make_dataset(TASK), [one])


def _task_of(data: bytes) -> Task:
    """A task whose patches and statement are three parts of the input."""
    gold, tests, statement = (*_raw(data).split("\0", 2), "", "")[:3]
    return replace(TASK, gold_patch=gold, test_patch=tests, statement=statement)


def _curated(data: bytes) -> object:
    folder = _scratch() / "curated"
    (folder / "alternatives").mkdir(parents=True, exist_ok=True)
    note, _, patch = data.partition(b"\0")
    (folder / "alternatives/a.yaml").write_bytes(note)
    (folder / "alternatives/a.patch").write_bytes(patch or TASK.gold_patch.encode())
    return load_curated(replace(TASK, folder=folder))


def _task_folder(data: bytes) -> object:
    folder = _scratch() / "repo/tasks" / TASK.instance_id
    folder.mkdir(parents=True, exist_ok=True)
    parts = (*data.split(b"\0", 2), b"", b"")[:3]
    given = {"task.yaml": parts[0], "tests.json": parts[1], "environment.yaml": parts[2]}
    fixed = ("gold.patch", "test.patch", "eval.sh", "problem_statement.md")
    for name, content in {**given, **dict.fromkeys(fixed, b"x\n")}.items():
        (folder / name).write_bytes(content)
    if not parts[2]:
        (folder / "environment.yaml").unlink()
    return load(str(folder.parents[1]))


def _finished_log(data: bytes) -> object:
    folder = _scratch() / "finished/logs/run_evaluation/run/model" / TASK.instance_id
    folder.mkdir(parents=True, exist_ok=True)
    log, patch, report = (*data.split(b"\0", 2), b"", b"")[:3]
    for name, content in (
        ("test_output.txt", log),
        ("patch.diff", patch),
        ("report.json", report),
    ):
        (folder / name).write_bytes(content)
    return load_harness_logs(_scratch() / "finished", _quiet)


def _journal(data: bytes) -> object:
    folder = _scratch() / "journal"
    folder.mkdir(exist_ok=True)
    (folder / FILE_NAME).write_bytes(data)
    with Journal.open(folder, writable=False) as journal:
        journal.info()
        return [(task, journal.trials(task.task.instance_id)) for task in journal.tasks()]


def _objects(data: bytes) -> object:
    listing, _, objects = data.partition(b"\0\0")
    return study_of({"listing": listing, "objects": objects})


def _streamed(data: bytes) -> object:
    output = TrialOutput(new_marks(), 1000)
    for start in range(0, len(data), 7):
        output.feed(data[start : start + 7])
    return output.log, output.apply_log


def _packed(name: str, data: bytes) -> bytes:
    return packed({f"/{name}": data})


def _settings(data: bytes) -> object:
    with _file("set/swe-audit.toml", data) as path:
        return read_settings(frozenset({"run.workers"}), path.parent, {})


def _json(kind: type) -> Callable[[bytes], object]:
    return lambda data: decode(kind, _text(data))


@cache
def _a_journal() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with Journal.create(Path(folder) / "j", fakes.run_info(Path(folder))) as journal:
            journal.put_task(0, TASK, (GOLD,), ())
        return (Path(folder) / "j" / FILE_NAME).read_bytes()


def _zipped(text: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as stream:
        stream.write(text)
    return buffer.getvalue()


_LOGS = (fakes.PASS.encode(), fakes.FAIL_BOTH.encode())
_LOG_WORDS = (
    *(b"PASSED ", b"FAILED ", b"ERROR ", b"SKIPPED [1] ", b"XFAIL ", b" - ", b" ... ", b"ok"),
    *(b">>>>> Start Test Output", b">>>>> End Test Output", b">>>>> Test Exit Code: ", b"[", b"]"),
    *(
        b"\x1b[31m",
        b"test_a (m.C)",
        b"System check identified no issues",
        b"Testing against Django",
    ),
    *(b"=== 1 failed ===", b"____ t ____", b"E   ", b"Traceback (most recent call last):"),
    *(
        b"AssertionError: ",
        b" != ",
        b'  File "/testbed/a.py", line 1, in t',
        b"Got:",
        b"\xff",
        b"\0",
    ),
    *(
        b"--- FAIL: TestA",
        b"expected",
        b"received",
        b"skipped 'x'",
        b"[OK]",
        b"[FAIL]",
        b" F",
        b" E",
    ),
)
_DIFF_WORDS = (
    *(b"diff --git a/a.py b/a.py\n", b"--- a/a.py\n", b"+++ b/a.py\n", b"@@ -1,2 +1,2 @@\n"),
    *(b"rename from ", b"new file mode 120000\n", b"/dev/null\n", b"GIT binary patch\n", b"\\ No "),
    *(b'"a/\\303\\251"', b"../", b"def f():\n", b"+    return 1\n", b"-    return 0\n", b"\0"),
)
_DIFFS = (TASK.gold_patch.encode(), TASK.test_patch.encode())
_JSON_WORDS = (
    b'{"',
    b'":',
    b"[",
    b"]",
    b"}",
    b'"instance_id"',
    b'"model_patch"',
    b"null",
    b"1e999",
)
_YAML_WORDS = (
    b": ",
    b"- ",
    b"&a ",
    b"*a",
    b"!!python/object",
    b"<<: ",
    b"|\n",
    b"%YAML",
    b"'",
    b"{",
)
PRO = PRO_MARK.encode() + b'w\nout\nw {"tests": [{"name": "a", "status": "PASSED"}]}\n'
_TASK_YAML = (
    b"instance_id: shop__cart-1\nrepo: shop/cart\nbase_commit: 0000000\n"
    b'log_parser: parse_log_pytest\neval_type: pass_and_fail\nversion: "1"\n\0'
    b'{"FAIL_TO_PASS": ["a"], "PASS_TO_PASS": []}\0'
    b"python: '3.11'\nsource:\n  folder: source\n  commit: abc1234\n"
)
_ROW = (
    b'{"instance_id": "shop__cart-1", "repo": "shop/cart", "patch": "", '
    b'"FAIL_TO_PASS": "[\\"a\\"]"}'
)
_PREDICTION = b'{"instance_id": "a", "model_name_or_path": "m", "model_patch": "diff"}'
_DECISION = (
    b"schema_version: 1\ndecisions:\n- finding: a\n  reviewer: b\n  decision: confirm\n"
    b"  reason: c\n  note: d\n  at: '2024-01-01T00:00:00Z'\n"
)
_STATEMENT = b"Text `name` and\n```python\n>>> f(1)\n2\n```\n    indented\nExpected: `g`\n<details>"


def _texts(read: Callable[[bytes], object], *more: bytes) -> Reader:
    return Reader(read=read, seeds=(*_LOGS, *more), words=(*_LOG_WORDS, PRO[:22], b"w {"))


def _json_like(name: str, read: Callable[[Path], object], *seeds: bytes) -> Reader:
    return Reader(read=_from_file(name, read), seeds=seeds, words=_JSON_WORDS)


def _yaml_like(read: Callable[[bytes], object], *seeds: bytes) -> Reader:
    return Reader(read=read, seeds=seeds, words=_YAML_WORDS)


READERS: dict[str, Reader] = {
    **{
        name: _texts(_parser(PARSERS[name]))
        for name in dict.fromkeys(
            next(other for other, same in PARSERS.items() if same is parse)
            for parse in PARSERS.values()
        )
    },
    "parse_pro": _texts(_parser(parse_pro), PRO),
    "judge": _texts(_judged),
    "explain pytest": _texts(_explained("parse_log_pytest")),
    "explain unittest": _texts(_explained("parse_log_django")),
    "explain sympy": _texts(_explained("parse_log_sympy")),
    "explain pro": _texts(_explained("swebench_pro")),
    "records": Reader(
        read=lambda data: read_records(_text(data), "m"),
        seeds=(
            b'm{"k": "source", "p": "a.py", "l": 1, "s": "x"}\n',
            b'm{"k": "test", "p": "a.py", "l": 1, "t": ["t"], "a": '
            b'[[1, 1, true, [], "", "", ""]], "e": [1, "E", "m", "f", "s"]}\n',
            b'm{"k": "unfinished", "p": "a.py", "names": {"t:1": ["n"]}}\n',
        ),
        words=(b"m{", b'"k": ', b'"names": {"a": 1}', b'"a": [', b'"e": [', *_JSON_WORDS),
    ),
    "echoes": Reader(
        read=lambda data: shown(_text(data), 1),
        seeds=(
            MARK.encode() + b'{"step": 0, "value": "", "output": "", "error": "", "warnings": ""}',
        ),
        words=(MARK.encode(), b'{"step": ', *_JSON_WORDS),
    ),
    "output stream": _texts(_streamed),
    "report text": _texts(lambda data: shorten(visible(without_ansi(_raw(data))), 50)),
    "patch": Reader(read=_patch, seeds=_DIFFS, words=_DIFF_WORDS),
    "submission": Reader(read=_submitted, seeds=_DIFFS, words=_DIFF_WORDS),
    "tags": Reader(read=lambda data: tag(_task_of(data)), seeds=_DIFFS, words=_DIFF_WORDS),
    "screen": Reader(
        read=lambda data: screen_task(_task_of(data)),
        seeds=(b"\0".join((*_DIFFS, _STATEMENT)),),
        words=_DIFF_WORDS,
    ),
    "statement": Reader(
        read=lambda data: (
            blocks(_raw(data)),
            mention(_raw(data), "name"),
            examples(_raw(data)),
        ),
        seeds=(_STATEMENT,),
        words=(
            b"```",
            b">>> ",
            b"`",
            b"    ",
            b"<details>",
            b"\n\n",
            b"Traceback",
            b"name",
            b"~~~",
        ),
    ),
    "curated": _yaml_like(
        _curated, b"kind: alternative\nrationale: it is\nauthor: ada\n\0" + _DIFFS[0]
    ),
    "task folder": _yaml_like(_task_folder, _TASK_YAML),
    "environment": _yaml_like(
        lambda data: parsed_environment(_raw(data), "e"), _TASK_YAML.split(b"\0")[2]
    ),
    "yaml": _yaml_like(lambda data: parsed_yaml(_raw(data), "y"), b"a: {b: [1, 2]}\n"),
    "decisions": _yaml_like(lambda data: parsed_decisions(_raw(data), "d"), _DECISION),
    "families": _yaml_like(_from_file("f.yaml", load_families), b"a: b\n"),
    "cutoffs": _yaml_like(_from_file("c.yaml", load_cutoffs), b"m: 2023-01-01\n"),
    "dataset json": _json_like("d.json", load, b"[" + _ROW + b"]"),
    "dataset lines": _json_like("d.jsonl", load, _ROW + b"\n" + _ROW),
    "dataset lines.gz": _json_like("d.jsonl.gz", load, _zipped(_ROW)),
    "dataset parquet": _json_like("d.parquet", load, b"PAR1\x15\x04PAR1"),
    "part of a dataset": _json_like("p.jsonl", load_partial, _ROW),
    "predictions json": _json_like(
        "p.json", lambda path: load_predictions([path], _quiet), b"[" + _PREDICTION + b"]"
    ),
    "predictions lines": _json_like(
        "p.jsonl", lambda path: load_predictions([path], _quiet), _PREDICTION
    ),
    "completions": _json_like(
        "c.jsonl",
        lambda path: load_completions([path], _quiet),
        b'{"instance_id": "a", "completion": "b"}',
    ),
    "results": Reader(
        read=_from_file("r.csv", load_results),
        seeds=(b"instance_id,a,b\nx,0,1\ny,1,\n",),
        words=(b",", b"\n", b'"', b"instance_id", b"0", b"1"),
    ),
    "ids": _json_like("i.txt", load_ids, b"a\nb\n", b'["a", "b"]'),
    "statuses": _json_like("s.json", load_statuses, b'{"tasks": []}'),
    "recipes": _json_like("r.jsonl", read_recipes, b'{"instance_id": "a", "python": "3.9"}'),
    "harness logs": _texts(_finished_log, _LOGS[0] + b"\0" + _DIFFS[0] + b'\0{"a": {}}'),
    "settings": Reader(
        read=_settings, seeds=(b"[run]\nworkers = 2\n",), words=(b"[", b"]", b" = ", b'"""', b"'")
    ),
    "journal": Reader(read=_journal, seeds=(_a_journal(),)),
    "kept task": Reader(read=_json(Task), seeds=(encode(TASK).encode(),), words=_JSON_WORDS),
    "kept candidate": Reader(
        read=_json(Candidate), seeds=(encode(GOLD).encode(),), words=_JSON_WORDS
    ),
    "kept survey": Reader(
        read=_json(Survey), seeds=(encode(Survey()).encode(),), words=_JSON_WORDS
    ),
    "kept log": Reader(
        read=_from_file("l.gz", lambda path: read_kept_log(path.parent, path.name)),
        seeds=(_zipped(b"log"),),
    ),
    "classes of a probe": Reader(
        read=lambda data: ancestries(_text(data)),
        seeds=(b'{"classes": {"a.py::C": {"bases": ["b"], "members": ["m"], "resolved": true}}}',),
        words=_JSON_WORDS,
    ),
    "packages of a probe": Reader(
        read=lambda data: installed(_text(data)),
        seeds=(b'{"installed": ["a", "b"]}',),
        words=_JSON_WORDS,
    ),
    "answer of a watcher": Reader(
        read=lambda data: facts_of(_packed("facts.json", data)),
        seeds=(b'{"problem": "", "read": ["a"], "prints": {"/a": "file"}}', b'{"problem": "x"}'),
        words=_JSON_WORDS,
    ),
    "archive of a container": Reader(
        read=unpacked, seeds=(_packed("a", b"1"), _packed("a" * 120, b"1")), words=(b"ustar",)
    ),
    "git objects": Reader(
        read=_objects, seeds=(b"100644 blob abc\ta.py\0\0abc blob 2\nhi\n",), words=(b"\t", b"\0")
    ),
    "outside answer": Reader(
        read=lambda data: outside_command("judge", "true")._answer(data),
        seeds=(b'{"verdict": "x"}',),
        words=_JSON_WORDS,
    ),
}
