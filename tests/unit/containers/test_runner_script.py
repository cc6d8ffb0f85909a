"""The runner does what the harness does, in one script that gives nothing away."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

from swe_audit.containers.runner_script import (
    APPLY_COMMANDS,
    eval_script,
    new_marks,
    read_assets,
    runner_script,
    sending,
    trial_files,
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


def files(spec: TrialSpec) -> dict[str, bytes]:
    return trial_files(spec, new_marks(), read_assets(spec.task))


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
        assert script.splitlines()[0] == "rm -f /.swe-audit-trial /.swe-audit-taking"
        assert script.splitlines()[-1] == "exec /bin/bash /eval.sh"


def test_a_trial_gets_the_runner_and_the_script_and_a_patch_only_if_there_is_one():
    assert set(files(spec())) == {"/.swe-audit-trial", "/eval.sh"}
    assert files(spec(patch="p\udcff"))["/tmp/patch.diff"] == b"p\xff"


def test_assets_are_staged_flat_and_restored_just_before_the_first_start_marker(tmp_path):
    file = tmp_path / "test_assets/a b/x.png"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\x89")
    script = "one\n: '>>>>> Start Test Output'\ntests\n"
    found = files(spec(script, folder=tmp_path, assets=["a b/x.png"]))
    assert found["/image_assets/a b__x.png"] == b"\x89"
    lines = found["/eval.sh"].decode().splitlines()
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
    assert files(own)["/eval.sh"] == b"echo mine"


def inside(folder: Path, text: str | bytes) -> str | bytes:
    """What is meant for a container's root folder, in another one."""
    if isinstance(text, bytes):
        return text.replace(b"/.swe-audit", f"{folder}/.swe-audit".encode())
    return text.replace("/.swe-audit", f"{folder}/.swe-audit")


def taken(folder: Path, sent: dict[str, bytes], piece: int = 10**9) -> tuple[bytes, int]:
    """Send files in pieces to the command of a container; return what it printed, and its code."""
    folder.mkdir(exist_ok=True)
    command, content = sending(sent)
    first = len(content) - sum(map(len, sent.values()))
    steps = inside(folder, content[:first])
    command = inside(folder, command).replace(f"bs={first} ", f"bs={len(steps)} ")
    content = steps + content[first:]
    with subprocess.Popen(
        ["bash", "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            for start in range(0, len(content), piece):
                process.stdin.write(content[start : start + piece])
                process.stdin.flush()
            # Its input stays open, as in a container: it must not wait for an end.
            printed = process.stdout.read()
        except BrokenPipeError:
            printed = process.stdout.read()
    return printed, process.returncode


def test_each_file_is_taken_whole_and_leaves_the_next_ones_input(tmp_path):
    """Sent in pieces, binary, empty, and longer than a pipe holds; more than fit an argument."""
    sent = {
        f"{tmp_path}/a b/first": b"\x00\xff\n" * 70_000,
        f"{tmp_path}/empty": b"",
        "/.swe-audit-trial": b"echo ran; cat\n",
        **{f"{tmp_path}/many/{'x' * 150}{number}": b"%d" % number for number in range(900)},
    }
    printed, code = taken(tmp_path / "root", sent, piece=30_001)
    assert (printed, code) == (b"ran\n", 0)
    del sent["/.swe-audit-trial"]
    assert {path: Path(path).read_bytes() for path in sent} == sent


def test_the_command_shows_tests_nothing_of_the_trial():
    one, _ = sending(trial_files(spec(patch="secret"), new_marks(), {}))
    assert "secret" not in one
    assert "/eval.sh" not in one
    many = {f"/image_assets/{number}": b"1" for number in range(5000)}
    assert len(sending(many)[0]) < 200


def test_where_a_file_cannot_be_written_nothing_runs(tmp_path):
    (tmp_path / "file").write_text("")
    sent = {f"{tmp_path}/file/x": b"1", "/.swe-audit-trial": b"echo ran"}
    printed, code = taken(tmp_path / "root", sent)
    assert code
    assert printed == b""
