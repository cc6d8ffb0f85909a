from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats.eval_scripts import made_eval_script, recording_exit_code

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b", *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    lines = "".join(f"line {n}\n" for n in range(12))
    folder = tmp_path / "testbed"
    (folder / "tests").mkdir(parents=True)
    for name in ("changed", "gone", "old name"):
        (folder / "tests" / f"{name}.py").write_text(name + "\n" + lines)
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-q", "-m", "base")
    return folder


def _test_patch(folder: Path) -> str:
    tests = folder / "tests"
    (tests / "changed.py").write_text("new\r\n$HOME `id`\n" + (tests / "changed.py").read_text())
    (tests / "gone.py").unlink()
    (tests / "old name.py").rename(tests / "new name.py")
    (tests / "added.py").write_text("added\n")
    _git(folder, "add", "-A")
    patch = subprocess.run(
        ["git", "diff", "--cached", "-M"], cwd=folder, check=True, capture_output=True
    ).stdout.decode()
    _git(folder, "reset", "-q", "--hard")
    return patch


def _run(script: str, folder: Path) -> str:
    assert "cd /testbed\n" in script
    done = subprocess.run(
        ["bash", "-s"],
        input=script.replace("cd /testbed\n", f"cd '{folder}'\n").encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return done.stdout.decode()


def test_the_tests_see_the_patched_files_and_base_is_restored(repository: Path) -> None:
    base = _git(repository, "rev-parse", "HEAD").strip()
    patch = _test_patch(repository)
    # A candidate that meddles with the tests gains nothing by it.
    (repository / "tests" / "changed.py").write_text("mine\n")
    (repository / "tests" / "added.py").write_text("mine\n")
    (repository / "tests" / "gone.py").unlink()
    script = made_eval_script(base, patch, "ls tests; head -2 tests/changed.py; cat tests/added.py")
    log = _run(recording_exit_code(script), repository)
    shown = log.split(">>>>> Start Test Output'\n")[1].split("+ SWEBENCH_TEST_EXIT_CODE")[0]
    listed = [line for line in shown.splitlines() if not line.startswith("+ ")]
    assert listed == [
        "added.py", "changed.py", "new name.py", "new", "$HOME `id`", "added",
    ]  # fmt: skip
    assert ">>>>> Test Exit Code: 0" in log
    assert _git(repository, "status", "--porcelain") == ""


def test_a_patch_that_only_adds_files_does_not_check_out_everything(repository: Path) -> None:
    base = _git(repository, "rev-parse", "HEAD").strip()
    patch = "--- /dev/null\n+++ b/t.py\n@@ -0,0 +1 @@\n+x\n"
    (repository / "tests" / "changed.py").write_text("candidate\n")
    script = made_eval_script(base, patch, "cat t.py")
    assert "git checkout" not in script
    _run(script, repository)
    assert (repository / "tests" / "changed.py").read_text() == "candidate\n"
    assert not (repository / "t.py").exists()


def test_the_exit_code_is_the_test_commands() -> None:
    script = made_eval_script(COMMIT, _SIMPLE, "( exit 7 )")
    assert ">>>>> Test Exit Code: 7" in _run(recording_exit_code(script), Path("/"))


_SIMPLE = "--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-a\n+b\n"


def test_two_lines_are_put_around_the_end_marker() -> None:
    stored = "#!/bin/bash\nset -uxo pipefail\npytest\n: '>>>>> End Test Output'\ngit checkout x\n"
    assert recording_exit_code(stored) == (
        "#!/bin/bash\nset -uxo pipefail\npytest\nSWEBENCH_TEST_EXIT_CODE=$?\n"
        ": '>>>>> End Test Output'\n"
        'echo ">>>>> Test Exit Code: $SWEBENCH_TEST_EXIT_CODE"\ngit checkout x\n'
    )


def test_the_delimiter_is_no_line_of_the_patch() -> None:
    first = made_eval_script(COMMIT, _SIMPLE, "true").split("<<'")[1].split("'")[0]
    hostile = _SIMPLE + first + "\n"
    script = made_eval_script(COMMIT, hostile, "true")
    end = script.split("<<'")[1].split("'")[0]
    assert script.splitlines().count(end) == 1


def test_no_diff_is_an_input_error() -> None:
    with pytest.raises(InputError, match="not a diff"):
        made_eval_script(COMMIT, "nothing", "true")


def test_a_script_without_markers_is_left_alone() -> None:
    assert recording_exit_code("#!/bin/bash\nset -uxo pipefail\ntrue\n") == (
        "#!/bin/bash\nset -uxo pipefail\ntrue\n"
    )


_PIECES = st.sampled_from(
    ["#!/bin/bash", "set -uxo pipefail", ": '>>>>> End Test Output'", "pytest", "", "x\r", "  "]
)


@given(st.lists(_PIECES, max_size=10).map("\n".join))
def test_the_script_is_what_the_harness_runs(script: str) -> None:
    harness = pytest.importorskip("swebench.harness.utils")
    lines = harness.record_test_exit_code(harness.parse_eval_script(script))
    expected = "\n".join(["#!/bin/bash", "set -uxo pipefail", *lines]) + "\n"
    assert recording_exit_code(script) == expected
