"""Write ``docs/cli.md`` from what ``--help`` prints; ``--check`` says whether it is stale."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Plain help, the same on every terminal; read when typer is imported.
os.environ.update(TYPER_USE_RICH="0", COLUMNS="100", TERMINAL_WIDTH="100", NO_COLOR="1")

import typer.main
from typer.testing import CliRunner

from swe_audit.cli.app import app

PAGE = Path(__file__).with_name("cli.md")
PROGRAM = "swe-audit"
HEAD = """# Command line

Made from `--help` by `make docs`; edit the help texts, not this page.

Results go to stdout, progress and messages to stderr. Every command ends with one of the
[exit codes](exit-codes.md). A flag wins over its `SWE_AUDIT_*` variable, and that over
`[tool.swe-audit]` in `pyproject.toml` or over `swe-audit.toml`; `swe-audit doctor` prints what
applies.
"""


def main() -> int:
    """Write the page, or compare it; 1 when it is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    arguments = parser.parse_args()
    text = page()
    if not arguments.check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write("docs/cli.md is stale: run `make docs`\n")
    return 1


def page() -> str:
    """Return the whole page: a list of the commands, then the help of each."""
    paths = list(commands())
    listed = [f"- [`{path}`](#{path.replace(' ', '-')})" for path in paths]
    return "\n".join([HEAD, *listed, "", *(section(path) for path in paths)])


def commands() -> Iterator[str]:
    """Yield the program and every command below it, in the order of the help."""
    yield from _walk(PROGRAM, typer.main.get_command(app))


def _walk(path: str, command: Any) -> Iterator[str]:
    if not command.hidden:
        yield path
        for name, child in getattr(command, "commands", {}).items():
            yield from _walk(f"{path} {name}", child)


def section(path: str) -> str:
    """Return one command's help, verbatim."""
    words = path.split()[1:]
    done = CliRunner().invoke(app, [*words, "--help"], prog_name=PROGRAM)
    if done.exit_code:
        raise SystemExit(f"error: `{path} --help` ended with {done.exit_code}: {done.output}")
    lines = [line.rstrip() for line in done.stdout.strip().splitlines()]
    return "\n".join([f"## {path}", "", "```text", *lines, "```", ""])


if __name__ == "__main__":
    sys.exit(main())
