"""The state of an ended container, named from what was seen of it."""

from __future__ import annotations

import pytest

from swe_audit.containers.container import Ending, look
from swe_audit.containers.disk import Watch
from swe_audit.containers.output import TrialOutput
from swe_audit.containers.runner_script import new_marks
from swe_audit.containers.session import name_state
from swe_audit.errors import EngineCallError
from swe_audit.model.trial import Limits, RunState

MARKS = new_marks()
EVALUATED = b"applied" + MARKS.evaluate + b"log"


def named(stream, *, code=0, oom=False, forced=None, timeout=5.0):
    output = TrialOutput(MARKS, 10_000)
    output.feed(stream)
    output.close()
    ending = Ending(exit_code=code, out_of_memory=oom)
    return name_state(output, Limits(timeout=timeout), ending, forced, Watch("c", 1))


def test_an_evaluation_that_ended_has_completed():
    run = named(EVALUATED, code=1)
    assert (run.state, run.exit_code) == (RunState.COMPLETED, 1)
    assert (run.log, run.apply_log) == ("log", "applied")


def test_memory_comes_before_the_timeout_that_it_led_to():
    run = named(EVALUATED, code=137, oom=True, forced=RunState.TIMED_OUT)
    assert run.state is RunState.OUT_OF_MEMORY
    assert run.exit_code is None


def test_memory_comes_before_a_patch_that_could_not_be_applied_for_want_of_it():
    run = named(b"killed" + MARKS.rejected, oom=True)
    assert run.state is RunState.OUT_OF_MEMORY


@pytest.mark.parametrize(("timeout", "shown"), [(1800.0, "1800"), (0.5, "0.5")])
def test_a_timeout_of_the_tests_is_written_as_the_harness_writes_it(timeout, shown):
    run = named(EVALUATED, forced=RunState.TIMED_OUT, timeout=timeout)
    assert run.log == f"log\n\nTimeout error: {shown} seconds exceeded."


def test_a_timeout_of_the_patching_adds_nothing_to_an_empty_log():
    run = named(b"$ git apply", code=137, forced=RunState.TIMED_OUT)
    assert (run.state, run.log) == (RunState.TIMED_OUT, "")
    assert "patch was still being applied" in run.detail
    assert run.seconds == 0.0


def test_a_container_that_ended_before_the_tests_began_is_the_machinery_s():
    with pytest.raises(EngineCallError, match=r"code 126.*before the tests began: oops") as caught:
        named(b"oops", code=126)
    assert caught.value.transient


def test_an_image_without_its_tree_is_no_use_trying_again():
    with pytest.raises(EngineCallError, match="/testbed") as caught:
        named(MARKS.no_tree)
    assert not caught.value.transient


def test_what_podman_is_killing_has_not_ended_yet():
    class Client:
        def inspect_container(self, name):
            return {"State": {"Status": "stopping", "Running": False, "ExitCode": 0}}

    assert look(Client(), "c").exit_code is None
