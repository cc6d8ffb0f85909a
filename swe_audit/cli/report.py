"""``swe-audit report``: render a run again, from its journal alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.options import Json, Run


def report_command(
    run: Run,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="DIR", help="Default: the run's folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Judge a run's logs and write its report again; no container runs.

    Example:

        swe-audit report 20250131-120000-1a2b
    """
    from swe_audit.cli.console import print_json, print_result
    from swe_audit.cli.runs import run_folder
    from swe_audit.concluding import judge_audit
    from swe_audit.journal import Journal
    from swe_audit.report import render
    from swe_audit.report.documents import report_document
    from swe_audit.scores import describe_scores

    folder = run_folder(run)
    with Journal.open(folder, writable=False) as journal:
        audit = judge_audit(journal)
    page = render(audit, out or folder, folder)
    if as_json:
        print_json(report_document(audit))
    else:
        print_result(str(page))
        for line in describe_scores(audit.scores) if audit.scores is not None else ():
            print_result(f"scores     {line}")
