"""Audit SWE-bench style tasks: find those whose tests reject correct patches, and prove it.

As a library: ``load`` a dataset, ``screen`` or ``audit`` it, ``render`` the report.
Nothing is printed; what can be expected to fail raises an ``AuditError``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from swe_audit.version import VERSION

if TYPE_CHECKING:
    from swe_audit.api import audit
    from swe_audit.errors import AuditError
    from swe_audit.formats import load
    from swe_audit.report import render
    from swe_audit.screening import screen

__version__ = VERSION

__all__ = ["AuditError", "__version__", "audit", "load", "render", "screen"]

_HOMES = {
    "AuditError": "swe_audit.errors",
    "audit": "swe_audit.api",
    "load": "swe_audit.formats",
    "render": "swe_audit.report",
    "screen": "swe_audit.screening",
}


def __getattr__(name: str) -> Any:
    """Load what was asked for: the whole library takes a second, its version does not."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
