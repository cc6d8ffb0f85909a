"""What all tests share: a property is not judged by the clock, for machines are busy."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("swe-audit", deadline=None)
settings.load_profile("swe-audit")


def _load_fakes() -> None:
    """Make ``import fakes`` work: test folders are no packages."""
    path = Path(__file__).with_name("fakes.py")
    specification = importlib.util.spec_from_file_location("fakes", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["fakes"] = module
    specification.loader.exec_module(module)


_load_fakes()
