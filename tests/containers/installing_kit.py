"""A bundled task whose eval script installs the tree, as the benchmark's own do."""

from __future__ import annotations

from dataclasses import replace

from auditing_kit import ROOT

from swe_audit.formats import load
from swe_audit.model.task import Task

INSTANCE = "swe-audit__confstack-12"
INSTALL = "python -m pip install -q --no-deps --no-build-isolation -e ."
CONFIG = "src/confstack/config.py"


def installing_task() -> Task:
    (found,) = load(ROOT, [INSTANCE]).tasks
    script = found.eval_script.replace("cd /testbed\n", f"cd /testbed\n{INSTALL}\n", 1)
    return replace(found, eval_script=script)


def noted(path: str, number: int = 0) -> str:
    """A patch that puts a note before the first lines of a file."""
    lines = (ROOT / "tasks" / INSTANCE / "source" / path).read_text().split("\n")[:3]
    return (
        f"diff --git a/{path} b/{path}\n--- a/{path}\n+++ b/{path}\n@@ -1,3 +1,4 @@\n"
        f"+# note {number}\n" + "".join(f" {line}\n" for line in lines)
    )
