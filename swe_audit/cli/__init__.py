"""The command line: one file per command; nothing else exits or prints."""

from __future__ import annotations


def main() -> None:
    """Run the command line; the process's exit code is one of ``ExitCode``."""
    from swe_audit.cli.app import run

    run()
