"""Every run state that a container can end in, seen on real containers."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

from swe_audit.model.trial import RunState

MIB = 2**20
EDIT = """--- a/a.py
+++ b/a.py
@@ -1 +1 @@
-A = 1
+A = 2
"""


def test_a_script_that_ends_has_completed_with_its_code_and_its_very_output(trial):
    run = trial("echo out; echo err >&2; exit 7")
    assert (run.state, run.exit_code, run.log) == (RunState.COMPLETED, 7, "out\nerr\n")
    assert run.isolation == "docker"
    assert run.image.startswith("swe-audit-test/")
    assert 0 < run.seconds < run.total_seconds


def test_the_time_of_the_script_leaves_out_the_container_around_it(trial):
    run = trial("sleep 1")
    assert 0.9 < run.seconds < 2.5
    assert run.total_seconds > run.seconds + 0.05


def test_a_patch_that_no_command_takes_is_rejected_and_never_evaluated(trial):
    run = trial("echo ran", patch=EDIT.replace("A = 1", "B = 9"))
    assert run.state is RunState.PATCH_REJECTED
    assert run.log == ""
    assert run.exit_code is None
    assert "patch does not apply" in run.apply_log


def test_a_timeout_kills_everything_and_ends_the_log_as_the_harness_does(trial):
    began = time.monotonic()
    run = trial("trap '' TERM INT; echo before; sleep 300 & sleep 300", timeout=1.0)
    assert run.state is RunState.TIMED_OUT
    assert run.log == "before\n\n\nTimeout error: 1 seconds exceeded."
    assert 0.9 < run.seconds < 4
    assert time.monotonic() - began < 10


def test_a_main_process_out_of_memory_is_out_of_memory(trial):
    run = trial("exec python3 -c 'x = bytearray(400 * 2**20)'", memory=64 * MIB)
    assert run.state is RunState.OUT_OF_MEMORY
    assert "64 MiB" in run.detail


def test_a_child_out_of_memory_is_out_of_memory_though_the_script_goes_on(trial):
    run = trial(
        "python3 -c 'x = bytearray(400 * 2**20)'; echo FAILED tests/test_a.py; exit 1",
        memory=64 * MIB,
    )
    assert run.state is RunState.OUT_OF_MEMORY
    assert "FAILED" in run.log


def test_a_failing_test_within_its_memory_is_no_memory_problem(trial):
    run = trial("python3 -c 'raise MemoryError'; exit 1", memory=64 * MIB)
    assert (run.state, run.exit_code) == (RunState.COMPLETED, 1)


def test_too_much_output_is_cut_at_its_limit_and_the_first_part_kept(trial):
    began = time.monotonic()
    run = trial("echo first; exec yes", output=MIB)
    assert run.state is RunState.OUTPUT_EXCEEDED
    assert run.log.startswith("first\ny\ny\n")
    assert len(run.log) == MIB
    assert time.monotonic() - began < 15


def test_a_hundred_megabytes_of_output_come_back_whole_when_they_may(trial):
    run = trial(
        "head -c 104857600 /dev/zero | tr '\\0' 'x'; echo end", output=101 * MIB, timeout=100.0
    )
    assert run.state is RunState.COMPLETED
    assert len(run.log) == 100 * MIB + 4
    assert run.log.endswith("xend\n")


def test_too_much_written_disk_is_disk_exceeded(trial):
    run = trial("head -c 60000000 /dev/zero > /testbed/big; sleep 60", disk=20 * MIB)
    assert run.state is RunState.DISK_EXCEEDED
    assert run.total_seconds < 30


def test_a_volume_of_the_image_counts_as_written_disk(trial):
    run = trial("head -c 60000000 /dev/zero > /scratch/big; sleep 60", disk=20 * MIB)
    assert run.state is RunState.DISK_EXCEEDED


def test_a_cancelled_trial_is_interrupted_at_once(trial):
    cancel = threading.Event()
    threading.Timer(1.5, cancel.set).start()
    began = time.monotonic()
    run = trial("trap '' TERM; echo working; sleep 300", cancel=cancel)
    assert run.state is RunState.INTERRUPTED
    assert run.log == "working\n"
    assert time.monotonic() - began < 10


def test_a_trial_cancelled_before_it_began_starts_nothing(trial):
    cancel = threading.Event()
    cancel.set()
    run = trial("echo ran", cancel=cancel)
    assert (run.state, run.log) == (RunState.INTERRUPTED, "")


def test_tests_that_kill_their_own_shell_have_completed(trial):
    run = trial("echo before; kill -KILL $$")
    assert (run.state, run.exit_code, run.log) == (RunState.COMPLETED, 137, "before\n")


def test_an_image_that_is_not_there_is_an_engine_error_said_once(isolation, trial_spec, limits):
    began = time.monotonic()
    run = isolation.run(trial_spec("true"), "swe-audit-test/absent:1", limits, threading.Event())
    assert run.state is RunState.ENGINE_ERROR
    assert "absent" in run.detail
    assert time.monotonic() - began < 5


def test_a_container_removed_from_outside_is_tried_again(client, isolation, trial, containers):
    def remove_first() -> None:
        found = containers.wait_for_running(isolation)
        client.remove_container(found, force=True)

    thread = threading.Thread(target=remove_first)
    thread.start()
    run = trial("sleep 2; echo done")
    thread.join()
    assert (run.state, run.log) == (RunState.COMPLETED, "done\n")


def test_containers_killed_from_outside_again_and_again_are_an_engine_error(
    client, isolation, trial, containers
):
    over = threading.Event()

    def kill_all() -> None:
        while not over.is_set():
            for found in containers.running(isolation):
                containers.kill(found)
            over.wait(0.1)

    thread = threading.Thread(target=kill_all)
    thread.start()
    run = trial("sleep 30")
    over.set()
    thread.join()
    assert run.state is RunState.ENGINE_ERROR
    assert "3 tries" in run.detail


def test_a_script_that_closes_its_output_is_waited_for(trial):
    run = trial("echo shown; exec > /dev/null 2>&1; sleep 1; exit 3")
    assert (run.state, run.log, run.exit_code) == (RunState.COMPLETED, "shown\n", 3)


def test_a_script_without_output_that_hangs_is_timed_out(trial):
    run = trial("exec > /dev/null 2>&1; sleep 300", timeout=1.5)
    assert run.state is RunState.TIMED_OUT


def test_a_mutants_tests_end_as_soon_as_two_required_ones_have_failed(
    isolation, tiny_image, trial_spec, limits
):
    tests = ("test_a (m.C)", "test_b (m.C)", "test_c (m.C)")
    script = (
        "echo '>>>>> Start Test Output'; echo 'test_a (m.C) ... FAIL'; sleep 1.5;"
        " echo 'test_b (m.C) ... ERROR'; sleep 30; echo 'test_c (m.C) ... ok';"
        " echo '>>>>> End Test Output'"
    )
    spec = trial_spec(script)
    task = replace(spec.task, log_parser="parse_log_django", fail_to_pass=tests)
    spec = replace(spec, task=task, decisive=frozenset(tests))
    run = isolation.run(spec, tiny_image, limits, threading.Event())
    assert run.state is RunState.CUT
    assert "test_b" in run.log
    assert 1.4 < run.seconds < 20
    assert run.exit_code is None
    whole = isolation.run(
        replace(spec, task=replace(task, eval_script=script.replace("sleep 30;", ""))),
        tiny_image,
        limits,
        threading.Event(),
    )
    assert whole.state is RunState.COMPLETED
