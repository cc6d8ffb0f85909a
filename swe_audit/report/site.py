"""Write a report's folder: pages, documents and tables, each whole or not at all."""

from __future__ import annotations

from pathlib import Path

from swe_audit.errors import UsageError
from swe_audit.model.audit import Audit
from swe_audit.report.documents import report_document, to_bytes
from swe_audit.report.logs import LogFolder
from swe_audit.report.names import page_names
from swe_audit.report.pages import Neighbour, Pages
from swe_audit.report.tables import findings_csv
from swe_audit.report.task_views import task_view
from swe_audit.report.triage_page import TriagePages, triage_view
from swe_audit.report.views import index_view


def write_site(audit: Audit, out: Path, logs: Path | None = None) -> Path:
    """Write the report of an audit into ``out`` and return its ``index.html``.

    ``logs`` is the folder that the trials' log paths are relative to, ``out`` by default. Pages
    of tasks that are no longer in the audit are removed; nothing else in ``out`` is touched.
    """
    folder = out / "tasks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_tasks(audit, folder, LogFolder(logs if logs is not None else out))
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


def _write_tasks(audit: Audit, folder: Path, logs: LogFolder) -> None:
    pages = Pages()
    names = page_names(one.instance_id for one in audit.tasks)
    neighbours = [
        Neighbour(label=result.instance_id, href=name)
        for result, name in zip(audit.tasks, names, strict=True)
    ]
    for nth, result in enumerate(audit.tasks):
        html = pages.task(
            task_view(result, audit.run.id, logs, folder),
            before=neighbours[nth - 1] if nth else None,
            after=neighbours[nth + 1] if nth + 1 < len(neighbours) else None,
        )
        _write(folder / names[nth], html.encode("utf-8"))
    for old in folder.glob("*.html"):
        if old.name not in names:
            old.unlink()


def _write(path: Path, content: bytes) -> None:
    """Replace a file in one step, so that a reader never meets half of it."""
    part = path.with_name(f".{path.name[:100]}.part")
    part.write_bytes(content)
    part.replace(path)
