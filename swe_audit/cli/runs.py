"""Find the folder of a run: by id, by path, the newest, or a new one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from swe_audit.errors import InputError, UnknownIdError, UsageError
from swe_audit.journal import FILE_NAME

if TYPE_CHECKING:
    from swe_audit.model.audit import Audit

REPORTS = Path("reports")


def run_folder(run: str) -> Path:
    """Return the folder of an existing run; raise ``UnknownIdError`` where there is none."""
    candidates = [Path(run), REPORTS / run]
    for folder in candidates:
        if (folder / FILE_NAME).is_file():
            return folder
        if folder.name == FILE_NAME and folder.is_file():
            return folder.parent
    known = [folder.name for folder in _runs()]
    raise UnknownIdError(
        f"there is no run {run}: neither {candidates[0]} nor {candidates[1]} holds {FILE_NAME}",
        hint=f"runs here: {', '.join(known[-5:])}" if known else "give the folder of a run",
    )


def judged(run: str) -> Audit:
    """Judge a run's journal; no container runs."""
    from swe_audit.concluding import judge_audit
    from swe_audit.journal import Journal

    with Journal.open(run_folder(run), writable=False) as journal:
        return judge_audit(journal)


def document_of(run: str) -> dict[str, Any]:
    """Return a run's ``report.json``: judged anew where its journal is there, else as published.

    Raise ``UnknownIdError`` where there is neither, ``InputError`` for a file that is none.
    """
    from swe_audit.report.documents import report_document

    published = [Path(run), Path(run) / "report.json", REPORTS / run / "report.json"]
    files = [path for path in published if path.suffix == ".json" and path.is_file()]
    if files and not (files[0].parent / FILE_NAME).is_file():
        return _read(files[0])
    return report_document(judged(run))


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}") from error
    wanted = ("schema_version", "tool_version", "run", "tasks", "summary")
    if not isinstance(document, dict) or any(key not in document for key in wanted):
        raise InputError(f"{path} is no report.json of swe-audit")
    if document["schema_version"] != 1:
        raise InputError(
            f"{path} has schema_version {document['schema_version']}, not 1",
            hint="render the run again with this version of swe-audit",
        )
    return document


def new_or_newest(out: Path | None, *, resume: bool) -> Path:
    """Return ``out``, else a new folder under reports/, or the newest one to go on with."""
    from swe_audit.opening import new_run_id

    if out is not None:
        return out
    if not resume:
        return REPORTS / new_run_id()
    runs = _runs()
    if not runs:
        raise UsageError(f"there is no run under {REPORTS}/ to resume", hint="give its --out")
    return runs[-1]


def _runs() -> list[Path]:
    """Every run under reports/, the one written to last at the end."""
    journals = sorted(REPORTS.glob(f"*/{FILE_NAME}"), key=lambda path: path.stat().st_mtime)
    return [path.parent for path in journals]
