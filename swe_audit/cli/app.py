"""The composition root: every command, and how a failure becomes a message and an exit code."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from swe_audit.cli.compare import compare_command
from swe_audit.cli.doctor import doctor_command
from swe_audit.cli.export import export_command
from swe_audit.cli.images import images_app
from swe_audit.cli.profile import profile_command
from swe_audit.cli.repair import repair_command
from swe_audit.cli.report import report_command
from swe_audit.cli.reproduce import reproduce_command
from swe_audit.cli.run import run_command
from swe_audit.cli.screen import screen_command
from swe_audit.cli.tag import tag_command
from swe_audit.cli.tasks import tasks_app
from swe_audit.cli.triage import triage_command
from swe_audit.errors import AuditError
from swe_audit.version import VERSION

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its help takes twice as long to appear
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run", short_help="Audit tasks in containers.")(run_command)
app.command("report", short_help="Render a run's report again.")(report_command)
app.command("export", short_help="Write a run's findings for other tools.")(export_command)
app.command("compare", short_help="Say what changed between two runs.")(compare_command)
app.command("triage", short_help="Decide about a run's findings in a browser.")(triage_command)
app.command("reproduce", short_help="Run one trial of a run again.")(reproduce_command)
app.command("repair", short_help="Propose verified changes that mend a run's tasks.")(
    repair_command
)
app.command("screen", short_help="Rank tasks by signs of unfair tests.")(screen_command)
app.command("tag", short_help="Tag tasks by size, difficulty and age.")(tag_command)
app.command("profile", short_help="Say what a dataset is made of, or compare two.")(profile_command)
app.add_typer(tasks_app, name="tasks")
app.add_typer(images_app, name="images")
app.command("doctor", short_help="Check engine, disk and installation.")(doctor_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"swe-audit {VERSION}\n")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print it."),
    ] = False,
) -> None:
    """Audit SWE-bench style tasks: find those whose tests reject correct patches, and prove it."""
    # Help has to come also where a settings file is wrong, and doctor says what is wrong.
    asks_for_help = {"-h", "--help"} & set(sys.argv)
    if context.invoked_subcommand != "doctor" and not asks_for_help:
        from swe_audit.cli.settings import default_map

        context.default_map = default_map(context.command)


def run() -> None:
    """Run the program; an expected failure ends in one sentence and its documented exit code."""
    try:
        app()
    except AuditError as error:
        sys.stderr.write(f"error: {error.message}\n")
        if error.hint:
            sys.stderr.write(f"  hint: {error.hint}\n")
        sys.exit(int(error.exit_code))
