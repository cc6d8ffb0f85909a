"""Tasks for the screen, made from the files before and after."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

import pytest

from swe_audit.model.task import Task
from swe_audit.screening.ground import Base, Ground, ground_of

Files = Mapping[str, tuple[str, str]]


def diff(files: Files) -> str:
    """Return git's form of what becomes of files: path to (before, after)."""
    parts = []
    for path, (before, after) in files.items():
        old = "/dev/null" if not before else f"a/{path}"
        mode = "new file mode 100644\n" if not before else ""
        lines = difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), old, f"b/{path}"
        )
        parts.append(f"diff --git a/{path} b/{path}\n{mode}{''.join(lines)}")
    return "".join(parts)


def task_of(
    statement: str = "It is broken.",
    gold: Files | None = None,
    tests: Files | None = None,
    fail_to_pass: tuple[str, ...] = ("tests/test_shop.py::test_new",),
    **more: str,
) -> Task:
    """Return a task; what is not given is harmless."""
    return Task(
        instance_id=more.pop("instance_id", "shop__shop-1"),
        repo="shop/shop",
        base_commit="0" * 40,
        statement=statement,
        gold_patch=diff(gold or {"shop.py": ("a = 1\n", "a = 2\n")}),
        test_patch=diff(tests or {"tests/test_shop.py": ("", "def test_new():\n    pass\n")}),
        fail_to_pass=fail_to_pass,
        pass_to_pass=(),
        log_parser="parse_log_pytest",
        **more,
    )


@pytest.fixture
def make_task() -> Callable[..., Task]:
    return task_of


@pytest.fixture
def make_ground() -> Callable[..., Ground]:
    def make(base: Base | None = None, **parts: object) -> Ground:
        return ground_of(task_of(**parts), base)  # type: ignore[arg-type]

    return make
