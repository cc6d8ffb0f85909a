"""``swe-audit triage``: confirm, dispute or defer the findings of a run, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.options import Run


def triage_command(
    run: Run,
    reviewer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Whose decisions these are. Default: your account."),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
    merge: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Take the decisions of FILE in, and serve nothing."),
    ] = None,
) -> None:
    """Decide about a run's findings on a local page; Ctrl-C ends it.

    Each reviewer starts it under a name of their own and sees what others decided about a finding
    only after deciding too. Every click is in decisions.yaml, beside the run, before the page
    says so. The next report shows the decisions, how reviewers agree, and what is left.

    Examples:

        swe-audit triage 20250131-120000-1a2b --reviewer Ada --open

        swe-audit triage reports/mine --merge decisions-from-bob.yaml
    """
    from swe_audit.cli.runs import run_folder

    folder = run_folder(run)
    if merge is not None:
        _merge(folder, merge)
        return
    from swe_audit.triage.serving import check_installed

    check_installed()
    _serve(folder, reviewer, port, in_browser=open_)


def _merge(folder: Path, other: Path) -> None:
    from swe_audit.cli.console import print_result
    from swe_audit.errors import InputError
    from swe_audit.formats.decisions import FILE_NAME, DecisionFile, read_decisions
    from swe_audit.statistics import counted

    if not other.is_file():
        raise InputError(f"{other}: no such file", hint="Check the path.")
    theirs = read_decisions(other)
    file = DecisionFile(folder / FILE_NAME)
    file.merge(theirs)
    print_result(f"{counted(len(theirs), 'decision')} read, {file.path} holds {len(file.read())}")


def _serve(folder: Path, reviewer: str | None, port: int, *, in_browser: bool) -> None:
    import getpass
    import sys
    import webbrowser

    from swe_audit.cli.console import print_result, say
    from swe_audit.concluding import judge_audit
    from swe_audit.journal import Journal
    from swe_audit.statistics import counted
    from swe_audit.triage import Session, serve

    with Journal.open(folder, writable=False) as journal:
        audit = judge_audit(journal, decisions=())
    session = Session(audit, folder, reviewer or getpass.getuser())

    def ready(address: str) -> None:
        say(
            f"{counted(len(session.findings), 'finding')}, {session.left()} left for"
            f" {session.reviewer}; decisions go to {session.file.path}. Ctrl-C ends it."
        )
        print_result(address)
        sys.stdout.flush()
        if in_browser:
            webbrowser.open(address)

    try:
        serve(session, port, ready)
    except KeyboardInterrupt:
        say("")
    say(f"{session.left()} of {counted(len(session.findings), 'finding')} left")
