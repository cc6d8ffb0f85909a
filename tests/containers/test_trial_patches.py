"""Patches are applied as the harness applies them: the same commands, order and resets."""

from __future__ import annotations

import pytest

from swe_audit.model.trial import RunState

EDIT = """diff --git a/a.py b/a.py
--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-A = 1
+A = 2
"""

# The context is wrong in its outermost lines: git refuses, patch tolerates it as fuzz.
FUZZY = """--- a/greeting.txt
+++ b/greeting.txt
@@ -8,7 +8,7 @@
 something else
 line 9
 line 10
-line 11
+line eleven
 line 12
 line 13
 something else
"""

# One hunk fits and one does not: `git apply --reject` leaves half of it behind.
HALF = (
    EDIT
    + """diff --git a/greeting.txt b/greeting.txt
--- a/greeting.txt
+++ b/greeting.txt
@@ -1,3 +1,3 @@
-not there
+changed
 nor this
 nor that
"""
)

# After HALF's edit of a.py this fuzzy patch would no longer apply; from a pristine tree it does.
FUZZY_WITH_EDIT = EDIT + "diff --git a/greeting.txt b/greeting.txt\n" + FUZZY

STATE = "git status --short; git diff"


def test_a_plain_patch_is_in_place_when_the_tests_begin(trial):
    run = trial("cat a.py", patch=EDIT)
    assert (run.state, run.log) == (RunState.COMPLETED, "A = 2\n")
    assert run.apply_log.startswith("$ git apply --verbose /tmp/patch.diff\n")
    assert "Applied patch a.py cleanly." in run.apply_log
    assert run.apply_log.count("$ ") == 1


def test_an_empty_patch_leaves_the_tree_alone_and_runs_no_patch_command(trial):
    run = trial(f"{STATE}; ls /tmp/patch.diff")
    assert run.state is RunState.COMPLETED
    assert run.apply_log == ""
    assert run.log == "ls: cannot access '/tmp/patch.diff': No such file or directory\n"


def test_a_patch_that_only_patch_with_fuzz_takes_applies(trial):
    run = trial("git diff --stat; ls", patch=FUZZY)
    assert run.state is RunState.COMPLETED
    commands = [line for line in run.apply_log.splitlines() if line.startswith("$ ")]
    assert commands == [
        "$ git apply --verbose /tmp/patch.diff",
        "$ git apply --verbose --3way /tmp/patch.diff",
        "$ git apply --verbose --reject /tmp/patch.diff",
        "$ patch --batch --forward --fuzz=5 -p1 -i /tmp/patch.diff",
    ]
    assert "1 insertion(+), 1 deletion(-)" in run.log


def test_the_tree_is_pristine_again_between_attempts(trial):
    run = trial("cat a.py; ls *.rej 2>/dev/null; git diff --stat", patch=FUZZY_WITH_EDIT)
    assert run.state is RunState.COMPLETED
    assert run.log.startswith("A = 2\n a.py")
    assert "2 files changed" in run.log
    assert ".rej" not in run.log


def test_a_patch_of_which_only_a_part_fits_is_rejected(trial):
    run = trial("echo ran", patch=HALF)
    assert (run.state, run.log) == (RunState.PATCH_REJECTED, "")
    assert "$ git apply --check --reverse /tmp/patch.diff" in run.apply_log


def test_a_patch_that_is_no_diff_is_rejected(trial):
    assert trial("echo ran", patch="not a diff\n").state is RunState.PATCH_REJECTED


def test_a_patch_that_is_already_in_place_counts_as_applied(trial):
    # Every command refuses it, and the reverse check then finds it in place.
    backwards = EDIT.replace("-A = 1\n+A = 2", "-A = 0\n+A = 1")
    run = trial("cat a.py", patch=backwards)
    assert (run.state, run.log) == (RunState.COMPLETED, "A = 1\n")
    assert "--reverse" in run.apply_log


def test_patch_and_script_lie_where_the_harness_puts_them(trial):
    run = trial("cat /tmp/patch.diff; stat -c '%a %u %n' /tmp/patch.diff /eval.sh", patch=EDIT)
    assert run.log == EDIT + "644 0 /tmp/patch.diff\n644 0 /eval.sh\n"


def test_bytes_that_are_no_utf8_reach_the_container_unchanged(trial):
    script = b"printf '\xff\xfe' | od -An -tx1".decode("utf-8", "surrogateescape")
    assert trial(script).log == " ff fe\n"


def test_an_image_without_a_work_folder_is_our_error_not_the_patch_s(
    isolation, trial_spec, limits, base_image
):
    import threading

    run = isolation.run(trial_spec("true", EDIT), base_image, limits, threading.Event())
    assert run.state is RunState.ENGINE_ERROR
    assert "/testbed" in run.detail


@pytest.mark.parametrize("marker", [True, False])
def test_binary_test_files_are_put_in_place_just_before_the_tests(
    isolation, trial_spec, limits, tiny_image, tmp_path, marker
):
    import threading

    picture = tmp_path / "test_assets/tests/images/new.png"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"\x89PNG\x00\xff")
    (tmp_path / "secret").write_text("x")
    start = ": '>>>>> Start Test Output'\n" if marker else ""
    script = f"ls tests\n{start}od -An -tx1 tests/images/new.png\n"
    spec = trial_spec(
        script, folder=tmp_path, assets=("tests/images/new.png", "tests/absent.png", "../secret")
    )
    run = isolation.run(spec, tiny_image, limits, threading.Event())
    assert run.state is RunState.COMPLETED
    assert "ls: cannot access 'tests'" in run.log
    assert (" 89 50 4e 47 00 ff" in run.log) is marker
