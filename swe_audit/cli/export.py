"""``swe-audit export``: a run's findings in the forms that other tools read."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.options import Run


class Form(str, Enum):
    """What can be written."""

    GITHUB_ISSUE = "github-issue"
    MARKDOWN = "markdown"
    CSV = "csv"
    SARIF = "sarif"
    JUNIT = "junit"
    JSONL = "jsonl"


class Least(str, Enum):
    """How sure a finding has to be."""

    PROVEN = "proven"
    LIKELY = "likely"
    SUSPECT = "suspect"


def export_command(
    run: Run,
    to: Annotated[Form, typer.Option(help="The form to write.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", metavar="PATH", help="A file, or a folder for issues. Default: stdout."
        ),
    ] = None,
    fail_on: Annotated[
        Least | None,
        typer.Option(help="End with 10 where a finding is as sure; JUnit fails its task."),
    ] = None,
) -> None:
    """Write a run's findings for other tools: issues, a CI summary, code scanning, a gate.

    In JUnit a task fails with a proven finding, or with one as sure as --fail-on says.

    Examples:

        swe-audit export RUN --to junit --fail-on proven --out junit.xml

        swe-audit export RUN --to github-issue --out issues/
    """
    from swe_audit.cli.console import print_result, say
    from swe_audit.cli.runs import judged
    from swe_audit.errors import ExitCode
    from swe_audit.model.finding import Confidence
    from swe_audit.report.exports import EXPORTS

    audit = judged(run)
    least = Confidence(fail_on.value) if fail_on else Confidence.PROVEN
    files = EXPORTS[to.value](audit, least)
    if out is None:
        print_result("\n---\n\n".join(one.text for one in files).rstrip("\n"))
    elif to is Form.GITHUB_ISSUE:
        for one in files:
            _write(out / one.name, one.text)
        say(f"{len(files)} written to {out}")
    else:
        _write(out, files[0].text)
    order = list(Confidence)
    enough = order[: order.index(least) + 1] if fail_on else []
    if any(one.confidence in enough for result in audit.tasks for one in result.findings):
        raise typer.Exit(int(ExitCode.FINDINGS))


def _write(path: Path, text: str) -> None:
    from swe_audit.errors import UsageError

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from error
