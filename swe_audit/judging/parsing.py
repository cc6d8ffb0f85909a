"""What a log parser is: a function from a log to the status of each test."""

from __future__ import annotations

from collections.abc import Callable

Statuses = dict[str, str]
"""Test id to status, in the order in which the log first names the test."""

Parser = Callable[[str], Statuses]


class UnreadableLogError(ValueError):
    """The benchmark's own parser or grader fails on this log, and so reports no result."""
