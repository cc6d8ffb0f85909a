"""Estimate how long a change takes a person, where the data does not say.

The labels and the examples to calibrate on are SWE-bench Verified's, whose annotators put each
instance into one of four classes. ``docs/tags.md`` holds the rule's figures against them.
"""

from __future__ import annotations

from swe_audit.model.tags import DIFFICULTIES

PER_FURTHER_FILE = 10
PER_FURTHER_HUNK = 2

# The largest effort that still falls into each class but the last. The third bound rests on
# three examples only.
_LARGEST = (7, 50, 150)


def effort(lines_changed: int, files: int, hunks: int) -> int:
    """Return the size of a change in lines, places counted in: finding them takes time too."""
    return (
        lines_changed + PER_FURTHER_FILE * max(files - 1, 0) + PER_FURTHER_HUNK * max(hunks - 1, 0)
    )


def estimate_difficulty(lines_changed: int, files: int, hunks: int) -> str:
    """Return one of ``DIFFICULTIES``; it never gets easier when a change grows."""
    size = effort(lines_changed, files, hunks)
    for label, largest in zip(DIFFICULTIES, _LARGEST, strict=False):
        if size <= largest:
            return label
    return DIFFICULTIES[-1]
