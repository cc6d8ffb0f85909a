"""decisions.yaml: what is read back is what was decided, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from swe_audit.errors import AuditError, InputError
from swe_audit.formats.decisions import (
    FILE_NAME,
    DecisionFile,
    parsed_decisions,
    read_decisions,
)
from swe_audit.model.decisions import Choice, Decision

ID = "acme__tally-77:narrow:1a2b3c4d"
OTHER = "acme__tally-91:broken:00ff00ff"
FILE = f"""\
schema_version: 1
decisions:
- finding: {ID}
  reviewer: Ada
  decision: confirm
  reason: detail_is_free
  note: The statement never names the error.
  at: '2025-01-31T12:00:00Z'
"""


def decision(**changes: object) -> Decision:
    fields: dict[str, object] = {
        "finding": ID,
        "reviewer": "Ada",
        "choice": Choice.CONFIRM,
        "reason": "detail_is_free",
        "note": "The statement never names the error.",
        "at": "2025-01-31T12:00:00Z",
    }
    return Decision(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def test_a_file_in_the_documented_shape_is_read(path: Path) -> None:
    path.write_text(FILE)
    assert read_decisions(path) == (decision(),)


@pytest.mark.parametrize("text", ["", "decisions:\n", "schema_version: 1\ndecisions: []\n"])
def test_a_file_without_decisions_holds_none(path: Path, text: str) -> None:
    path.write_text(text)
    assert read_decisions(path) == ()


def test_without_a_file_nothing_was_decided(path: Path) -> None:
    assert read_decisions(path) == ()


texts = st.text(max_size=40) | st.sampled_from(
    ["a\nb", "- x: |2\n  y\n\n\n z", "a\x85b\u2028c\x00d", "# no", "'", "\ud800", "~"]
)
ids = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(
            Decision,
            finding=st.sampled_from([ID, OTHER, "odd: id #1", "\u4f8b"]),
            reviewer=st.sampled_from(["Ada", "Bob O'Neil", "true", "\u00c9va", "- x"]),
            choice=st.sampled_from(Choice),
            reason=texts,
            note=texts,
            at=st.sampled_from(["", "2025-01-31T12:00:00Z", "2025-01-31T13:00:00+02:00"]),
            blind=st.none() | st.sampled_from(Choice),
        ),
        max_size=6,
    )
)
def test_what_was_decided_is_read_back_and_written_the_same(
    tmp_path_factory: pytest.TempPathFactory, given_ones: list[Decision]
) -> None:
    path = tmp_path_factory.mktemp("d") / FILE_NAME
    file = DecisionFile(path, [ID, OTHER, "never: decided"])
    file.merge(given_ones)
    last = {one.key: one for one in given_ones}

    def stored(one: Decision) -> tuple[object, ...]:
        def plain(text: str) -> str:
            lines = text.encode("utf-8", "replace").decode("utf-8").splitlines()
            kept = [
                "".join(
                    c if c.isprintable() or c == "\t" else " " if c.isspace() else "" for c in one
                )
                for one in lines
            ]
            return "\n".join(kept).strip()

        return one.finding, one.reviewer, one.choice, plain(one.reason), plain(one.note), one.blind

    assert {stored(one) for one in file.read()} == {stored(one) for one in last.values()}
    before = path.read_bytes() if path.exists() else b""
    file.begin()
    assert path.read_bytes() == before or not before


def test_the_file_names_every_finding_in_order_and_keeps_their_decisions_together(
    path: Path,
) -> None:
    file = DecisionFile(path, [OTHER, ID])
    file.put(decision(reviewer="Bob", choice=Choice.DISPUTE, reason="", note="two\nlines"))
    file.put(decision())
    assert (
        path.read_text()
        == f"""\
# What reviewers decided about the findings of this run: confirm, dispute or defer.
# One block for each finding, in the order of their ids. Comments of your own are not kept.
schema_version: 1
decisions:

# {ID}
- finding: {ID}
  reviewer: Ada
  decision: confirm
  reason: detail_is_free
  note: The statement never names the error.
  at: '2025-01-31T12:00:00Z'
- finding: {ID}
  reviewer: Bob
  decision: dispute
  reason: ''
  note: |-
    two
    lines
  at: '2025-01-31T12:00:00Z'

# {OTHER}
"""
    )


def test_decisions_on_findings_that_the_run_does_not_have_are_kept(path: Path) -> None:
    path.write_text(FILE.replace(ID, "gone__task-1:wide:aaaaaaaa"))
    DecisionFile(path, [ID]).put(decision())
    assert [one.finding for one in read_decisions(path)] == [ID, "gone__task-1:wide:aaaaaaaa"]


def test_fields_of_a_newer_program_are_kept(path: Path) -> None:
    path.write_text(f"policy: strict\n{FILE}  seconds: [4, 5]\n")
    DecisionFile(path).put(decision(choice=Choice.DEFER))
    text = path.read_text()
    assert "policy: strict" in text
    assert "seconds:\n  - '4'\n  - '5'" in text
    assert "decision: defer" in text
    assert len(read_decisions(path)) == 1


def test_a_decision_can_be_changed_and_taken_back(path: Path) -> None:
    file = DecisionFile(path)
    file.put(decision(blind=Choice.CONFIRM))
    assert file.put(decision(reviewer="ADA", choice=Choice.DISPUTE))[0].blind is None
    assert [one.choice for one in file.read()] == [Choice.DISPUTE]
    assert file.remove(ID, "ada") == ()
    assert file.read() == ()


def test_of_two_decisions_by_one_reviewer_the_later_counts(path: Path) -> None:
    later = FILE.split("decisions:\n")[1].replace("confirm", "dispute").replace("T12", "T13")
    path.write_text(FILE + later)
    assert [one.choice for one in read_decisions(path)] == [Choice.DISPUTE]
    path.write_text(FILE.replace("T12", "T14") + later)
    assert [one.choice for one in read_decisions(path)] == [Choice.CONFIRM]


def test_another_file_is_merged_and_of_two_the_later_counts(path: Path) -> None:
    file = DecisionFile(path)
    file.put(decision())
    older = decision(choice=Choice.DISPUTE, at="2025-01-31T13:30:00+02:00")
    newer = decision(finding=OTHER, choice=Choice.DISPUTE)
    file.merge([older, newer])
    assert {one.finding: one.choice for one in file.read()} == {
        ID: Choice.CONFIRM,
        OTHER: Choice.DISPUTE,
    }
    file.merge([decision(choice=Choice.DEFER, at="2025-01-31T12:00:01Z")])
    assert file.read()[0].choice is Choice.DEFER


def test_who_does_not_know_the_findings_leaves_their_lines(path: Path) -> None:
    DecisionFile(path, [ID, OTHER]).begin()
    DecisionFile(path).merge([decision(finding="gone: 1")])
    text = path.read_text()
    assert [line for line in text.splitlines()[4:] if line.startswith("# ")] == [
        f"# {ID}",
        f"# {OTHER}",
        "# gone: 1",
    ]


@pytest.mark.parametrize(
    ("line", "broken", "says"),
    [
        (5, "  decision: maybe", "decision 'maybe' is none of confirm, dispute, defer"),
        (3, "  reviewer: ''", "the decision has no reviewer"),
        (3, "  note: [a]", "note is not text"),
        (3, "  at: yesterday", "at 'yesterday' is no moment such as 2025-01-31T12:00:00Z"),
        (4, "  reviewer: Ada: Bob", "not valid YAML: mapping values are not allowed"),
        (5, "  decision: 'confirm", "not valid YAML"),
        (4, "  finding: again", "the key 'finding' stands there twice"),
        (4, "<<<<<<< ours", "not valid YAML"),
    ],
)
def test_a_broken_file_is_one_sentence_with_its_line_and_stays_as_it_is(
    path: Path, line: int, broken: str, says: str
) -> None:
    key = broken.strip().split(":")[0]
    kept = [one for one in FILE.splitlines() if not one.strip().startswith(f"{key}:")]
    kept.insert(4 if line == 5 else 3, broken)
    text = "\n".join(kept) + "\n"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_decisions(path)
    found = caught.value.message.removeprefix(f"{path}:")
    assert says in found
    number = int(found.split(":")[0])
    assert abs(number - line) <= 4
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 3
    with pytest.raises(InputError):
        DecisionFile(path, [ID]).put(decision())
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("schema_version: 2\ndecisions: []\n", ":1: schema_version is '2'"),
        ("decisions: none yet\n", ":1: decisions is not a list"),
        ("decisions:\n- just text\n", ":2: a decision is a mapping"),
        ("- a\n- b\n", "holds a list where a mapping is wanted"),
        ("note: \x07\n", ":1: not valid YAML"),
    ],
)
def test_a_file_of_another_shape_says_so(text: str, says: str) -> None:
    with pytest.raises(InputError, match=r"^decisions\.yaml") as caught:
        parsed_decisions(text, FILE_NAME)
    assert says in caught.value.message


def test_several_writers_lose_nothing(path: Path) -> None:
    def write(reviewer: str) -> None:
        file = DecisionFile(path)
        for nth in range(4):
            file.put(decision(finding=f"acme__tally-{nth}:narrow:0", reviewer=reviewer))

    threads = [Thread(target=write, args=(name,)) for name in ("Ada", "Bob", "Cy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_decisions(path)) == 12


def test_a_writer_that_is_killed_leaves_every_acknowledged_decision(path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from swe_audit.formats.decisions import DecisionFile\n"
        "from swe_audit.model.decisions import Choice, Decision\n"
        f"file = DecisionFile(Path({str(path)!r}))\n"
        "for nth in range(10**6):\n"
        "    file.put(Decision(finding=f'f{nth}', reviewer='Ada', choice=Choice.DEFER))\n"
        "    print(nth, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(5):
        process.stdout.readline()
    time.sleep(0.11)
    process.send_signal(signal.SIGKILL)
    told = 5 + len(process.stdout.read().split())
    process.wait()
    process.stdout.close()
    assert told <= len(read_decisions(path)) <= told + 1


def test_a_folder_that_cannot_be_written_is_one_sentence(path: Path) -> None:
    path.write_text(FILE)
    path.with_name(f".{FILE_NAME}.part").mkdir()
    with pytest.raises(AuditError, match="cannot be written"):
        DecisionFile(path).put(decision(choice=Choice.DISPUTE))
    assert path.read_text() == FILE


def git(folder: Path, *arguments: str) -> str:
    settings = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", *settings, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
    )
    return done.stdout


def test_branches_that_decide_neighbouring_findings_merge_in_git(tmp_path: Path) -> None:
    file = DecisionFile(tmp_path / FILE_NAME, [ID, OTHER])
    git(tmp_path, "init", "-q", "-b", "main")
    file.begin()
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "begin")
    for finding in (ID, OTHER):
        git(tmp_path, "switch", "-qc", finding.split(":")[0], "main")
        file.put(decision(finding=finding))
        git(tmp_path, "commit", "-qam", finding)
    git(tmp_path, "merge", "-q", ID.split(":")[0])
    assert [one.finding for one in file.read()] == [ID, OTHER]


def test_a_tab_that_only_one_of_the_yaml_loaders_takes_is_a_clear_error():
    with pytest.raises(InputError, match=r"^d:3: a decision is a mapping"):
        parsed_decisions("a: b\t# c\ndecisions:\n- 1\n", "d")
