"""The reviewer's local page: a server on this machine alone, and ``decisions.yaml``."""

from __future__ import annotations

from swe_audit.triage.serving import check_installed, serve
from swe_audit.triage.session import Session

__all__ = ["Session", "check_installed", "serve"]
