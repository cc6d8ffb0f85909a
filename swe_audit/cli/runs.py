"""Find the folder of a run: by id, by path, the newest, or a new one."""

from __future__ import annotations

from pathlib import Path

from swe_audit.errors import UnknownIdError, UsageError
from swe_audit.journal import FILE_NAME

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


def new_or_newest(out: Path | None, *, resume: bool) -> Path:
    """Return ``out``, else a new folder under reports/, or the newest one to go on with."""
    from swe_audit.api import new_run_id

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
