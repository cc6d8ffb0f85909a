"""Write a report's folder: pages, documents and tables, each whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from swe_audit.errors import UsageError
from swe_audit.model.audit import Audit
from swe_audit.report.documents import report_document, to_bytes
from swe_audit.report.logs import LogFolder
from swe_audit.report.names import page_names
from swe_audit.report.pages import Neighbour, Pages
from swe_audit.report.parts import FOLDER as PARTS
from swe_audit.report.repairs import Repairs
from swe_audit.report.spreading import spread
from swe_audit.report.tables import findings_csv
from swe_audit.report.task_views import task_view
from swe_audit.report.triage_page import TriagePages, triage_view
from swe_audit.report.views import index_view


def write_site(audit: Audit, out: Path, logs: Path | None = None) -> Path:
    """Write the report of an audit into ``out`` and return its ``index.html``.

    ``logs`` is the run's folder, ``out`` by default: logs lie there, and ``repair.json``. Pages of
    what is no longer in the audit are removed; nothing else in ``out`` is touched.
    """
    try:
        _write_tasks(audit, out, logs if logs is not None else out)
        _write(out / "report.json", to_bytes(report_document(audit)))
        _write(out / "findings.csv", findings_csv(audit).encode("utf-8"))
        pages = [f"tasks/{name}" for name in page_names(one.instance_id for one in audit.tasks)]
        _write(out / "triage.html", TriagePages().triage(triage_view(audit)).encode("utf-8"))
        _write(out / "index.html", Pages().index(index_view(audit, pages)).encode("utf-8"))
    except OSError as error:
        raise UsageError(
            f"The report cannot be written to {out}: {error.strerror or error}.",
            hint="Choose a folder that can be written with --out, or make room on the disk.",
        ) from error
    return out / "index.html"


def _write_tasks(audit: Audit, out: Path, run: Path) -> None:
    names = page_names(one.instance_id for one in audit.tasks)
    for folder in (out / "tasks", out / PARTS):
        folder.mkdir(parents=True, exist_ok=True)
    writer = _Writer(audit=audit, names=names, out=out, run=run)
    # The first is written here, so that every process finds the templates compiled.
    parts = list(writer.write(range(min(1, len(names)))))
    for written in spread(writer.write, range(1, len(names))):
        parts += written
    _remove_others(out / "tasks", names)
    _remove_others(out / PARTS, parts)
    if not any((out / PARTS).iterdir()):
        (out / PARTS).rmdir()


class _Writer:
    """Writes tasks' pages by their number; returns the names of their parts."""

    def __init__(self, *, audit: Audit, names: tuple[str, ...], out: Path, run: Path) -> None:
        self._audit, self._names, self._out = audit, names, out
        self._logs, self._repairs, self._pages = LogFolder(run), Repairs(run), Pages()

    def write(self, numbers: range) -> tuple[str, ...]:
        return tuple(name for nth in numbers for name in self._write(nth))

    def _write(self, nth: int) -> Iterator[str]:
        result, folder = self._audit.tasks[nth], self._out / "tasks"
        view = task_view(
            result, self._audit.run.id, self._logs, folder, self._names[nth], self._repairs
        )
        html = self._pages.task(view, self._neighbour(nth - 1), self._neighbour(nth + 1))
        _write(folder / self._names[nth], html.encode("utf-8"))
        for part in view.parts:
            _write(self._out / PARTS / part.name, self._pages.part(part).encode("utf-8"))
            yield part.name

    def _neighbour(self, nth: int) -> Neighbour | None:
        if not 0 <= nth < len(self._names):
            return None
        return Neighbour(label=self._audit.tasks[nth].instance_id, href=self._names[nth])


def _remove_others(folder: Path, names: Collection[str]) -> None:
    kept = frozenset(names)
    for old in folder.glob("*.html"):
        if old.name not in kept:
            old.unlink()


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a reader never meets half of it."""
    part = path.with_name(f".{path.name[:100]}.part")
    part.write_bytes(content)
    part.replace(path)
