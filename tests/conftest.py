"""What all tests share: a property is not judged by the clock, for machines are busy."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from hypothesis import settings

settings.register_profile("swe-audit", deadline=None)
settings.load_profile("swe-audit")


def _load(name: str) -> None:
    """Make a neighbour importable: test folders are no packages."""
    path = Path(__file__).with_name(f"{name}.py")
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)


_load("fakes")
