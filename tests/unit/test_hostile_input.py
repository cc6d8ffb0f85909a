"""Whatever a reader is given, it reads it or says in a sentence what is wrong with it.

A share of what ``make fuzz`` does, drawn by Hypothesis from each format's own pieces.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

PATH = Path(__file__).parents[1] / "readers.py"


def _load_readers():
    specification = importlib.util.spec_from_file_location("readers", PATH)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["readers"] = module
    specification.loader.exec_module(module)
    return module


READERS = _load_readers().READERS
LONGEST = 5.0  # seconds of the processor for one small input


def inputs(reader):
    """Seeds and words of a format put together anew, with any bytes between them."""
    pieces = st.one_of(
        st.sampled_from((*reader.seeds, *reader.words)),
        st.sampled_from(reader.seeds).flatmap(
            lambda seed: st.integers(0, len(seed)).map(lambda at: seed[:at])
        ),
        st.binary(max_size=20),
        st.text(max_size=20).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
    return st.lists(pieces, max_size=12).map(b"".join)


@pytest.mark.parametrize("name", list(READERS))
def test_a_reader_reads_or_says_what_is_wrong(name):
    reader = READERS[name]

    @settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)
    @given(inputs(reader))
    def read(data: bytes) -> None:
        began = time.process_time()
        reader(data)
        assert time.process_time() - began < LONGEST

    read()


@pytest.mark.parametrize("name", list(READERS))
def test_a_reader_takes_what_it_is_made_for(name):
    for seed in READERS[name].seeds:
        READERS[name](seed)


@pytest.mark.parametrize("piece", [b"[", b"{", b"(", b"a\n", b"- ", b"`", b"\0", b"@@ -1 +1 @@\n"])
@pytest.mark.parametrize("name", list(READERS))
def test_a_reader_is_not_overrun_by_repetition(name, piece):
    reader = READERS[name]
    for word in (piece, *reader.words[:2]):
        began = time.process_time()
        reader(word * (20000 // len(word)))
        assert time.process_time() - began < LONGEST, word
