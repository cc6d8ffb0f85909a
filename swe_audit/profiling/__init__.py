"""Dataset health: what a set is made of, how old, how skewed, how far it has leaked."""

from __future__ import annotations

from swe_audit.profiling.comparison import compare
from swe_audit.profiling.contamination import contamination
from swe_audit.profiling.memorisation import memorisation
from swe_audit.profiling.profile import Context, profile

__all__ = ["Context", "compare", "contamination", "memorisation", "profile"]
