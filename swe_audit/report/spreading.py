"""Do the same to many things in several processes, where that is safe and pays."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar, cast

R = TypeVar("R")

PAYS_FROM = 200
"""Fewer things are done here, before other processes would have begun."""

_BATCH = 25
_MOST = 8

_works: list[Callable[[range], object]] = []
"""What a forked process works at; empty in every other."""


def spread(work: Callable[[range], R], things: range) -> Iterator[R]:
    """Call ``work`` with parts of ``things`` and yield what it returns, in order.

    Processes are forked, so that they share what is loaded: only on Linux, and only while this
    one has no other thread, which might hold a lock that no copy could ever release.
    """
    workers = min(_MOST, len(os.sched_getaffinity(0))) if sys.platform == "linux" else 1
    if workers == 1 or len(things) < PAYS_FROM or threading.active_count() > 1:
        yield work(things)
        return
    parts = [things[start : start + _BATCH] for start in range(0, len(things), _BATCH)]
    with ProcessPoolExecutor(
        workers, multiprocessing.get_context("fork"), initializer=_works.append, initargs=(work,)
    ) as pool:
        yield from cast(Iterator[R], pool.map(_part, parts))


def _part(part: range) -> object:
    return _works[0](part)
