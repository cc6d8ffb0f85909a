"""What the cross-check says where the official harness is not installed."""

from __future__ import annotations

import importlib.util

import pytest

from swe_audit.errors import UsageError
from swe_audit.judging.swebench_grader import require_swebench


@pytest.mark.skipif(
    importlib.util.find_spec("swebench") is not None, reason="the official harness is installed"
)
def test_without_the_extra_it_says_what_to_install() -> None:
    with pytest.raises(UsageError, match="not installed") as caught:
        require_swebench()
    assert "swe-audit[swebench]" in caught.value.hint
