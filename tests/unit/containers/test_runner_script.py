"""The runner does what the harness does, in one script that gives nothing away."""

from __future__ import annotations

import io
import subprocess
import tarfile
from dataclasses import replace

from swe_audit.containers.runner_script import (
    APPLY_COMMANDS,
    eval_script,
    new_marks,
    read_assets,
    runner_script,
    trial_archive,
    without_binary_parts,
)
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.task import Task
from swe_audit.model.trial import TrialSpec


def spec(script="echo hi\n", patch="", folder=None, assets=()) -> TrialSpec:
    task = Task(
        instance_id="a__b-1", repo="a/b", base_commit="", statement="", gold_patch="",
        test_patch="", fail_to_pass=(), pass_to_pass=(), log_parser="", eval_script=script,
        folder=folder, test_assets=tuple(assets),
    )  # fmt: skip
    candidate = Candidate(
        instance_id="a__b-1", name="c", kind=CandidateKind.ALTERNATIVE,
        provenance=Provenance.CURATED, patch=patch,
    )  # fmt: skip
    return TrialSpec(task=task, candidate=candidate, attempt=1)


def members(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {
            entry.name: tar.extractfile(entry).read() if entry.isfile() else b"(folder)"
            for entry in tar
        }


def test_marks_are_different_each_time():
    assert new_marks() != new_marks()


def test_the_commands_stand_in_the_harness_order_with_a_reset_before_each_but_the_first():
    script = runner_script(new_marks(), patched=True)
    steps = [
        line
        for line in script.splitlines()
        if line.endswith("&& exit 0") or line.startswith("{ git checkout")
    ]
    reset = "{ git checkout -- . ; git clean -fd ; } > /dev/null 2>&1"
    first, *others = (f"{command} /tmp/patch.diff && exit 0" for command in APPLY_COMMANDS)
    expected = [first]
    for other in others:
        expected += [reset, other]
    assert steps == [*expected, "git apply --check --reverse /tmp/patch.diff && exit 0"]


def test_pro_resets_the_tree_in_any_case_and_applies_with_one_command():
    lines = runner_script(new_marks(), patched=True, pro_base="ba5e").splitlines()
    start = lines.index("cd /app || exit 3")
    assert lines[start + 1 : start + 5] == [
        "git reset -q --hard ba5e",
        "git checkout -q ba5e",
        "echo '$ git apply -v /tmp/patch.diff'",
        "git apply -v /tmp/patch.diff || exit 1",
    ]
    bare = runner_script(new_marks(), patched=False, pro_base="ba5e")
    assert "git reset -q --hard ba5e" in bare
    assert "git apply" not in bare
    assert subprocess.run(["bash", "-n"], input=bare.encode(), check=False).returncode == 0


def test_binary_parts_of_a_patch_are_left_out_for_pro():
    text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    picture = "diff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\n"
    literal = "diff --git a/q b/q\nGIT binary patch\nliteral 1\nIcmZ\n"
    assert without_binary_parts(picture + text + literal) == text
    assert without_binary_parts(text) == text


def test_without_a_patch_nothing_is_applied():
    script = runner_script(new_marks(), patched=False)
    assert "git" not in script
    assert "patch" not in script


def test_the_script_is_valid_bash_deletes_itself_first_and_becomes_the_eval_script():
    for patched in (True, False):
        script = runner_script(new_marks(), patched=patched)
        assert subprocess.run(["bash", "-n"], input=script.encode(), check=False).returncode == 0
        assert script.splitlines()[0] == "rm -f /.swe-audit-trial"
        assert script.splitlines()[-1] == "exec /bin/bash /eval.sh"


def test_the_archive_holds_the_runner_and_the_script_and_a_patch_only_if_there_is_one():
    assert set(members(trial_archive(spec(), new_marks()))) == {".", ".swe-audit-trial", "eval.sh"}
    with_patch = members(trial_archive(spec(patch="p\udcff"), new_marks()))
    assert with_patch["tmp/patch.diff"] == b"p\xff"


def test_assets_are_staged_flat_and_restored_just_before_the_first_start_marker(tmp_path):
    file = tmp_path / "test_assets/a b/x.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x89")
    script = "one\n: '>>>>> Start Test Output'\ntests\n"
    found = members(trial_archive(spec(script, folder=tmp_path, assets=["a b/x.png"]), new_marks()))
    assert found["image_assets"] == b"(folder)"
    assert found["image_assets/a b__x.png"] == b"\x89"
    lines = found["eval.sh"].decode().splitlines()
    assert (
        lines[1] == "mkdir -p $(dirname 'a b/x.png') && cp '/image_assets/a b__x.png' 'a b/x.png'"
    )
    assert lines[2] == ": '>>>>> Start Test Output'"


def test_a_plain_path_is_restored_by_the_harness_own_words():
    restored = eval_script(spec("x").task, {"t/x.png": b""})
    assert restored == "x\nmkdir -p $(dirname t/x.png) && cp /image_assets/t__x.png t/x.png"


def test_assets_outside_the_tasks_folder_are_never_read(tmp_path):
    (tmp_path / "test_assets").mkdir()
    (tmp_path / "secret").write_text("s")
    (tmp_path / "test_assets/link").symlink_to(tmp_path / "secret")
    task = spec(folder=tmp_path, assets=["../secret", "link", "/etc/passwd", "absent"]).task
    assert read_assets(task) == {}


def test_a_script_of_its_own_takes_the_place_of_the_tasks_and_holds_its_test_patch():
    task = replace(spec("before\nTESTS\nafter").task, test_patch="TESTS\n")
    assert eval_script(task, {}, script="echo mine\n") == "echo mine\n"
    assert eval_script(task, {}, "OTHER", "first\nTESTS\nlast") == "first\nOTHER\nlast"
    one = spec("echo theirs")
    own = replace(one, candidate=replace(one.candidate, script="echo mine"))
    assert members(trial_archive(own, new_marks()))["eval.sh"] == b"echo mine"


def test_the_root_folder_becomes_roots_so_that_the_runner_can_delete_itself():
    with tarfile.open(fileobj=io.BytesIO(trial_archive(spec(), new_marks()))) as tar:
        first = tar.getmembers()[0]
    assert (first.name, first.isdir(), first.mode, first.uid) == (".", True, 0o755, 0)
