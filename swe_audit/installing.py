"""When an eval script need not install the tree again: the rule, without any engine.

A script's editable install may be left out for a patch that changes only lines of files which
the install was seen not to open (``docs/scaling.md``). Whatever is not recognised stays.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Iterator

from swe_audit.judging.grading import START_MARKER
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.trial import TrialSpec

NOTICE = "echo 'swe-audit: the tree is installed already, and is not installed again'"
"""What stands in the place of an install that is left out."""

_PYTHON = r"(?:\S*/)?python(?:3(?:\.\d+)?)?"
_QUIET = r"-q+|-v+|--quiet|--verbose"
_FLAG = (
    rf"(?:{_QUIET}|--no-deps|--no-build-isolation|--use-pep517|--no-use-pep517|--no-input"
    r"|--no-cache-dir|--disable-pip-version-check)"
)
_TREE = r"(?:-e|--editable) \.(?:\[[\w,-]+\])?"
_PIP = rf"(?:{_PYTHON} -m )?pip3? install(?: {_FLAG})* {_TREE}(?: {_FLAG})*"
_DEVELOP = rf"{_PYTHON} setup\.py(?: -q)? develop(?: --no-deps)?"
_INSTALL = re.compile(rf"(?:{_PIP}|{_DEVELOP})")

_HEADER = re.compile(r"diff --git a/(?P<path>[^\s\"]+) b/(?P=path)")
_INDEX = re.compile(r"index [0-9a-f]+\.\.[0-9a-f]+ 100(?:644|755)")
_HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def split_at_install(script: str) -> tuple[str, str, str] | None:
    """Return what comes before the script's editable install, the install, and what follows.

    None unless exactly one line is an install of one of the known forms, and it stands alone,
    before the tests and before any here-document, in which a line would be no command.
    """
    head = script.partition("<<")[0].partition(START_MARKER)[0]
    lines = head.split("\n")[:-1]  # the last is the beginning of a line
    found = [
        number
        for number, line in enumerate(lines)
        if _INSTALL.fullmatch(" ".join(line.split()))
        and not (number and lines[number - 1].endswith("\\"))
    ]
    if len(found) != 1:
        return None
    whole = script.split("\n")
    number = found[0]
    return "\n".join(whole[:number]), whole[number], "\n".join(whole[number + 1 :])


def preamble_digest(script: str) -> str:
    """Identify a script as far as its install, in hexadecimal; empty where it has none."""
    parts = split_at_install(script)
    return hashlib.sha256("\n".join(parts[:2]).encode()).hexdigest() if parts else ""


def without_install(script: str) -> str:
    """Return a script that says that it does not install the tree; one without is as it was."""
    parts = split_at_install(script)
    return script if parts is None else "\n".join((parts[0], NOTICE, parts[2]))


def may_leave_out(spec: TrialSpec, script: str, seen: Reinstall) -> bool:
    """Whether a trial's script need not install the tree, going by what was seen in its image.

    The first attempts of gold and of no patch always do, so that a difference would show.
    """
    kind = spec.candidate.kind
    if seen.problem or (spec.attempt == 1 and kind in (CandidateKind.GOLD, CandidateKind.EMPTY)):
        return False
    paths = files_edited(spec.candidate.patch)
    if paths is None or not paths.isdisjoint(seen.read):
        return False
    digest = preamble_digest(script)
    return bool(digest) and digest == seen.preamble


def files_edited(patch: str) -> frozenset[str] | None:
    """Return the files of a patch that does no more than change lines of files that are there.

    None where it does anything else (adds, removes, renames, links or changes a mode) or is not
    in git's own plain form. No patch changes nothing.
    """
    paths: set[str] = set()
    path = ""
    for line in _outside_hunks(patch):
        if match := _HEADER.fullmatch(line):
            path = match["path"]
            paths.add(path)
            if posixpath.normpath(path) != path or path.startswith((".", "/")):
                return None
        elif line not in (f"--- a/{path}", f"+++ b/{path}") and not _INDEX.fullmatch(line):
            return None
    return frozenset(paths) if paths or not patch else None


def _outside_hunks(patch: str) -> Iterator[str]:
    """Yield the lines of a patch that are no part of a hunk, by the hunks' own counts."""
    old = new = 0
    for line in patch.split("\n")[:-1] if patch.endswith("\n") else patch.split("\n"):
        if old > 0 or new > 0:
            old -= line[:1] in (" ", "-", "")
            new -= line[:1] in (" ", "+", "")
        elif match := _HUNK.match(line):
            old, new = (1 if size is None else int(size) for size in match.groups())
        elif line and not line.startswith("\\"):  # "no newline at the end of the file"
            yield line
