"""Model to HTML, JSON and CSV; data first, templates second."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from swe_audit.model.audit import Audit

__all__ = ["render"]


def render(audit: Audit, out: Path, logs: Path | None = None) -> Path:
    """Write the report of an audit into the folder ``out`` and return its ``index.html``.

    Writes ``index.html``, ``tasks/<instance id>.html`` with what these load on demand in
    ``parts/``, ``report.json`` and ``findings.csv``; the same audit gives the same bytes. ``logs``
    is the run's folder, ``out`` by default: the trials' logs lie there, and the ``repair.json``
    that is shown where there is one. Raise ``UsageError`` where ``out`` cannot be written, and
    ``InputError`` where ``repair.json`` is damaged.
    """
    # Templates, plots and highlighting take a second to load: only who renders pays for them.
    from swe_audit.report.site import write_site

    return write_site(audit, out, logs)
