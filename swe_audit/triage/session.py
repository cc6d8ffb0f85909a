"""One reviewer at work on one run: what the page shows, and what a click changes.

Pages show findings as the runs left them, never as other reviewers did, and nothing of what
others decided before this reviewer has decided too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import quote

from swe_audit.errors import InputError
from swe_audit.formats.decisions import FILE_NAME, DecisionFile, parsed_decisions
from swe_audit.model.audit import Audit
from swe_audit.model.decisions import Choice, Decision
from swe_audit.report.decision_entries import decision_entry
from swe_audit.report.logs import LogFolder
from swe_audit.report.names import page_names
from swe_audit.report.parts import Part
from swe_audit.report.repairs import Repairs
from swe_audit.report.task_views import task_view
from swe_audit.report.triage_page import TriagePages, triage_view
from swe_audit.reviewing import revealed_to, with_blind

MAX_NAME = 80
MAX_NOTE = 10_000
MAX_REASON = 200


class Session:
    """A reviewer's decisions on an audit's findings, kept in ``decisions.yaml`` of its folder.

    ``audit`` has to be judged without decisions. Raise ``InputError`` where it has no finding,
    where the name cannot be one, or where the file is not what it should be.
    """

    def __init__(self, audit: Audit, folder: Path, reviewer: str) -> None:
        self.reviewer = checked_name(reviewer)
        self.findings = frozenset(one.id for task in audit.tasks for one in task.findings)
        if not self.findings:
            raise InputError(f"the run in {folder} has no finding to decide on")
        names = page_names(one.instance_id for one in audit.tasks)
        self._tasks = {
            name: task for name, task in zip(names, audit.tasks, strict=True) if task.findings
        }
        self._audit = audit
        self._logs = _ServedLogs(folder)
        self._repairs = Repairs(folder)
        self._pages = TriagePages()
        self._rendered: dict[str, str] = {}
        self._parts: dict[str, Part] = {}
        self.folder = folder
        self.file = DecisionFile(folder / FILE_NAME, self.findings)
        self.file.begin()

    def page(self) -> str:
        """Render the page on which findings are decided."""
        return self._pages.triage(triage_view(self._audit, self.reviewer))

    def task_page(self, name: str) -> str | None:
        """Render the page of a task with findings as the report shows it; None for another."""
        if name not in self._tasks:
            return None
        if name not in self._rendered:
            view = task_view(
                self._tasks[name], self._audit.run.id, self._logs, self.folder, name, self._repairs
            )
            self._rendered[name] = self._pages.task(view)
            self._parts |= {part.name: part for part in view.parts}
        return self._rendered[name]

    def part(self, name: str) -> str | None:
        """Render what a task's page loads on demand; None for what no page refers to."""
        self.task_page(f"{name.rsplit('.', 2)[0]}.html")
        return self._pages.part(self._parts[name]) if name in self._parts else None

    def log_file(self, path: str) -> Path | None:
        """Return a trial's log by its path below ``logs/``; None for anything else."""
        logs = (self.folder / "logs").resolve()
        found = (logs / path).resolve()
        return found if found.is_relative_to(logs) and found.is_file() else None

    def state(self) -> dict[str, Any]:
        """Return this reviewer's decisions, and what may be seen of the others'."""
        return self._told(self.file.read())

    def left(self) -> int:
        """Count the findings that this reviewer has not judged."""
        own = {one.finding for one in self._own(self.file.read()) if one.choice.settled}
        return len(self.findings - own)

    def decide(self, finding: str, choice: Choice, reason: str, note: str) -> dict[str, Any]:
        """Keep a decision; it is on the disk when this returns. Return the state after it."""
        if finding not in self.findings:
            raise InputError(f"the run has no finding {finding}")
        if len(note) > MAX_NOTE or len(reason) > MAX_REASON:
            raise InputError(f"a note holds at most {MAX_NOTE} characters, a reason {MAX_REASON}")
        decision = Decision(
            finding=finding,
            reviewer=self.reviewer,
            choice=choice,
            reason=reason,
            note=note,
            at=_now(),
        )
        return self._told(self.file.put(with_blind(decision, self.file.read())))

    def take_back(self, finding: str) -> dict[str, Any]:
        """Forget this reviewer's decision, unless it has already shown them the others'."""
        before = self.file.read()
        if any(one.finding == finding for one in revealed_to(self.reviewer, before)):
            raise InputError("others' decisions are shown already; change yours instead")
        return self._told(self.file.remove(finding, self.reviewer))

    def take_in(self, text: str) -> dict[str, Any]:
        """Merge the text of another ``decisions.yaml``; return the state after it."""
        others = parsed_decisions(text, "the imported file")
        return {**self._told(self.file.merge(others)), "taken": len(others)}

    def _own(self, decisions: Iterable[Decision]) -> list[Decision]:
        name = self.reviewer.casefold()
        return [one for one in decisions if one.reviewer.casefold() == name]

    def _told(self, decisions: tuple[Decision, ...]) -> dict[str, Any]:
        known = [one for one in decisions if one.finding in self.findings]
        return {
            "own": [decision_entry(one) for one in self._own(known)],
            "others": [decision_entry(one) for one in revealed_to(self.reviewer, known)],
        }


class _ServedLogs(LogFolder):
    """The logs of a run, at the address where the page's own server has them."""

    def href(self, log: str, page_folder: Path) -> str:
        return quote(f"../{log}") if super().href(log, page_folder) else ""


def checked_name(name: str) -> str:
    """Return a reviewer's name on one line; raise ``InputError`` for one that is none."""
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        raise InputError(
            f"{name!r} cannot name a reviewer",
            hint=f"give --reviewer a name of at most {MAX_NAME} characters",
        )
    return plain


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
