"""Trials without a container engine: bubblewrap around a copy of the tree and its environment."""

from swe_audit.sandbox.bubblewrap import require
from swe_audit.sandbox.places import SandboxImages
from swe_audit.sandbox.trial import SandboxIsolation

__all__ = ["SandboxImages", "SandboxIsolation", "require"]
