"""One task, as a person or a program wants to see it."""

from __future__ import annotations

import textwrap
from typing import Any

from swe_audit.formats.curated import load_curated
from swe_audit.formats.patches import changed_files
from swe_audit.formats.rows import why_unrunnable
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, Environment, Task

_WIDTH = 96
_STATEMENT_LINES = 12


def document(task: Task) -> dict[str, Any]:
    """Return a task field by field, for JSON; null where a thing does not apply."""
    candidates, problems = load_curated(task)
    lacking = why_unrunnable(task)
    return {
        "instance_id": task.instance_id,
        "repo": task.repo,
        "base_commit": task.base_commit,
        "version": task.version or None,
        "created_at": task.created_at,
        "difficulty": task.difficulty,
        "language": task.language,
        "statement": task.statement,
        "hints": task.hints or None,
        "gold_patch": task.gold_patch,
        "test_patch": task.test_patch,
        "files": _paths(task.gold_patch),
        "test_files": _paths(task.test_patch),
        FAIL_TO_PASS: list(task.fail_to_pass),
        PASS_TO_PASS: list(task.pass_to_pass),
        "log_parser": task.log_parser or None,
        "eval_type": task.eval_type.value,
        "eval_script": task.eval_script,
        "image": task.image,
        "folder": str(task.folder) if task.folder else None,
        "environment": _environment(task.environment),
        "alternatives": [
            {
                "name": item.name,
                "kind": item.kind.value,
                "rationale": item.rationale,
                "author": item.author,
                "reviewed_by": item.reviewed_by or None,
                "defect": item.claim.value if item.claim else None,
                "files": _paths(item.patch),
            }
            for item in candidates
        ],
        "problems": list(problems),
        "cannot_run": f"{lacking.reason.value}: {lacking.detail}" if lacking else None,
    }


def summary(task: Task) -> str:
    """Return some screenfuls at most: what the task is, and the beginning of its statement."""
    shown = document(task)
    lines = [task.instance_id, ""]
    lines += [f"  {name:<13}{value}" for name, value in _facts(task, shown) if value]
    lines += _statement(task.statement)
    if shown["alternatives"]:
        lines += ["", "alternatives"]
        for item in shown["alternatives"]:
            reviewed = f", reviewed by {item['reviewed_by']}" if item["reviewed_by"] else ""
            lines.append(f"  {item['name']} ({item['kind']}, by {item['author']}{reviewed})")
            why = textwrap.wrap(item["rationale"], _WIDTH - 4)[:3]
            lines += [f"    {line}" for line in why]
    lines += [f"problem: {problem}" for problem in shown["problems"]]
    return "\n".join(lines)


def _facts(task: Task, shown: dict[str, Any]) -> list[tuple[str, str | None]]:
    environment = task.environment
    built = None
    if environment is not None:
        rebuilt = ", rebuilt by us" if environment.rebuilt else ""
        built = f"Python {environment.python}, {len(environment.pip)} packages{rebuilt}"
    required = f"{len(task.fail_to_pass)} {FAIL_TO_PASS}, {len(task.pass_to_pass)} {PASS_TO_PASS}"
    return [
        ("repository", f"{task.repo} at {task.base_commit}"),
        ("created", task.created_at),
        ("difficulty", task.difficulty),
        ("changes", ", ".join(shown["files"])),
        ("tests in", ", ".join(shown["test_files"])),
        ("required", required),
        ("fails first", task.fail_to_pass[0]),
        ("parser", task.log_parser),
        ("image", task.image),
        ("environment", built),
        ("cannot run", shown["cannot_run"]),
    ]


def _statement(text: str) -> list[str]:
    lines = [
        piece for line in text.strip().splitlines() for piece in textwrap.wrap(line, _WIDTH) or [""]
    ]
    shown = [f"  {line}".rstrip() for line in lines[:_STATEMENT_LINES]]
    rest = len(lines) - _STATEMENT_LINES
    return ["", "statement", *shown, *([f"  ... {rest} more lines"] if rest > 0 else [])]


def _paths(patch: str) -> list[str]:
    return [file.path for file in changed_files(patch)] if patch.strip() else []


def _environment(environment: Environment | None) -> dict[str, Any] | None:
    if environment is None:
        return None
    return {
        "python": environment.python,
        "rebuilt": environment.rebuilt,
        "commit": environment.source.commit,
        "env": dict(environment.env),
        "tools": list(environment.tools),
        "pip": list(environment.pip),
        "build_requires": list(environment.build_requires),
        "system": list(environment.system),
        "pre_install": list(environment.pre_install),
        "install": environment.install,
    }
