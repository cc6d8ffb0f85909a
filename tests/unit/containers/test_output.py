"""The stream is cut at the first mark, wherever the chunks break, and kept within its limit."""

from __future__ import annotations

import itertools
import threading
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from swe_audit.containers.output import Phase, TrialOutput
from swe_audit.containers.runner_script import new_marks

MARKS = new_marks()


@settings(max_examples=150)
@given(
    before=st.binary(max_size=200),
    after=st.binary(max_size=200),
    cuts=st.lists(st.integers(0, 500), max_size=12),
    mark=st.sampled_from([MARKS.evaluate, MARKS.rejected, MARKS.no_tree]),
)
def test_the_halves_do_not_depend_on_how_the_stream_was_chunked(before, after, cuts, mark):
    whole = before + mark + after
    output = TrialOutput(MARKS, 10_000)
    places = sorted({0, len(whole), *(cut % (len(whole) + 1) for cut in cuts)})
    for start, end in itertools.pairwise(places):
        output.feed(whole[start:end])
    assert output.apply_log == before.decode("utf-8", "replace")
    assert output.log == after.decode("utf-8", "replace")
    assert output.phase is not Phase.APPLYING


def test_only_the_first_mark_counts():
    output = TrialOutput(MARKS, 1000)
    output.feed(b"a" + MARKS.evaluate + b"b" + MARKS.rejected + b"c")
    assert output.phase is Phase.EVALUATING
    assert output.log == "b" + MARKS.rejected.decode() + "c"


def test_each_half_is_kept_up_to_the_limit():
    output = TrialOutput(MARKS, 100)
    output.feed(b"x" * 60 + MARKS.evaluate)
    output.feed(b"y" * 100)
    assert not output.exceeded
    output.feed(b"z")
    assert output.exceeded
    output.feed(b"more")
    assert output.log == "y" * 100


def test_a_flood_while_patching_is_an_excess_too():
    output = TrialOutput(MARKS, 100)
    output.feed(b"x" * 101)
    assert output.exceeded
    assert len(output.apply_log) == 100


def test_the_end_wakes_whoever_waits():
    output = TrialOutput(MARKS, 100)
    threading.Timer(0.05, output.close).start()
    began = time.monotonic()
    while not output.closed:
        output.wait(10)
    assert time.monotonic() - began < 5
