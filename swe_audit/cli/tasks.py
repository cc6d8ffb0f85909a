"""``swe-audit tasks``: check, import and show tasks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.console import print_json, print_result, say
from swe_audit.statistics import counted

tasks_app = typer.Typer(no_args_is_help=True, help="Check, import and show tasks.")


@tasks_app.command("import")
def import_(
    dataset: Annotated[str, typer.Argument(help="A dataset file or a Hugging Face id.")],
    out: Annotated[Path, typer.Option("--out", help="The task repo to write.")],
    recipes: Annotated[
        Path | None,
        typer.Option("--recipes", help="How to rebuild each environment, one JSON object a line."),
    ] = None,
    mirrors: Annotated[
        Path | None, typer.Option("--mirrors", help="A folder with the git clones of the recipes.")
    ] = None,
    instance: Annotated[
        list[str] | None,
        typer.Option("-i", "--instance", help="Only this task; can be given several times."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Write task folders anew that are there already.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a task repo from a dataset.

    With --recipes and --mirrors each task's Dockerfile builds it from a local git clone and
    pinned packages, without an image registry.
    """
    from swe_audit.errors import ExitCode
    from swe_audit.formats.importer import import_tasks

    done = import_tasks(
        dataset,
        out,
        recipes=recipes,
        mirrors=mirrors,
        instances=instance or (),
        overwrite=overwrite,
        say=say,
    )
    for item in done.skipped:
        say(f"skipped {item.instance_id}: {item.reason.value}: {item.detail}")
    if as_json:
        print_json(
            {
                "folder": str(done.folder),
                "written": list(done.written),
                "kept": list(done.kept),
                "skipped": [
                    {
                        "instance_id": item.instance_id,
                        "reason": item.reason.value,
                        "detail": item.detail,
                    }
                    for item in done.skipped
                ],
            }
        )
    else:
        kept = f", {len(done.kept)} kept as they were" if done.kept else ""
        left = f", {len(done.skipped)} skipped" if done.skipped else ""
        print_result(f"{done.folder}: {counted(len(done.written), 'task')} written{kept}{left}")
    if done.skipped:
        raise typer.Exit(int(ExitCode.INCOMPLETE))


@tasks_app.command("check")
def check_(
    path: Annotated[str, typer.Argument(help="A task repo or a dataset.")] = ".",
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Write anew what follows from environment.yaml."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Name everything that is wrong with some tasks; exit code 3 if anything is.

    --fix rewrites the Dockerfile and the note in certificates/, which follow from
    environment.yaml, and nothing else.
    """
    from swe_audit.errors import ExitCode
    from swe_audit.formats.checking import check

    result = check(path, fix=fix)
    if as_json:
        print_json(
            {
                "source": path,
                "tasks": result.tasks,
                "problems": [
                    {
                        "where": problem.where,
                        "message": problem.message,
                        "fixable": problem.fixable,
                        "fixed": problem.fixed,
                    }
                    for problem in result.problems
                ],
            }
        )
    else:
        for problem in result.problems:
            mark = "fixed: " if problem.fixed else ""
            print_result(f"{mark}{problem.where}: {problem.message}")
        print_result(f"{counted(result.tasks, 'task')}, {counted(len(result.open), 'problem')}")
        if not fix and any(problem.fixable for problem in result.problems):
            say("some of these can be put right with --fix")
    if result.open:
        raise typer.Exit(int(ExitCode.BAD_INPUT))


@tasks_app.command("show")
def show(
    instance: Annotated[str, typer.Argument(metavar="ID", help="The task's id.")],
    tasks: Annotated[
        str, typer.Option("--tasks", help="The task repo or dataset that holds it.")
    ] = ".",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Print what a task is made of: statement, patches, tests, environment and alternatives."""
    from swe_audit.errors import InputError
    from swe_audit.formats import load
    from swe_audit.formats.showing import document, summary

    dataset = load(tasks, (instance,))
    if not dataset.tasks:
        skip = dataset.skipped[0]
        raise InputError(f"{skip.instance_id}: {skip.reason.value}: {skip.detail}")
    if as_json:
        print_json({"task": document(dataset.tasks[0])})
    else:
        print_result(summary(dataset.tasks[0]))
