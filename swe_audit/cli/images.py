"""``swe-audit images``: build, list and prune the images of tasks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.console import print_json, print_result, say
from swe_audit.cli.options import CaBundle, ImageBase, Interpreters
from swe_audit.statistics import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from swe_audit.containers.images import DockerImages
    from swe_audit.model.task import Task

images_app = typer.Typer(
    no_args_is_help=True, help="Build, list and prune the images that tasks run in."
)


@images_app.command("build")
def build(
    tasks: Annotated[Path, typer.Argument(help="A task repo, its tasks/ folder, or a dataset.")],
    instance: Annotated[
        list[str] | None, typer.Option("--instance", "-i", help="Only this task; repeatable.")
    ] = None,
    workers: Annotated[
        int, typer.Option("--workers", "-j", min=1, help="Images built at the same time.")
    ] = 2,
    ca_bundle: CaBundle = None,
    interpreters: Interpreters = None,
    image_base: ImageBase = None,
    disk_reserve: Annotated[
        str, typer.Option(metavar="SIZE", help="What stays free on the engine's disk.")
    ] = "10g",
    classic: Annotated[
        bool, typer.Option("--classic", help="Use the engine's own builder for every step.")
    ] = False,
    pin: Annotated[
        bool,
        typer.Option(help="Write the resolved build requirements back to environment.yaml."),
    ] = True,
    log_dir: Annotated[Path, typer.Option(help="Where build logs go.")] = Path("logs/images"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Build the image of every task that has a description or a Dockerfile.

    What tasks share is built once. Example:

        swe-audit images build . -j 2 --interpreters ~/.pyenv/versions
    """
    from swe_audit.cli.sizes import size
    from swe_audit.containers.connection import connect
    from swe_audit.containers.images import DockerImages
    from swe_audit.errors import ExitCode
    from swe_audit.formats import load

    dataset = load(tasks, tuple(instance or ()))
    images = DockerImages(
        connect(),
        ca_bundle=ca_bundle,
        interpreters=interpreters,
        image_base=image_base,
        disk_reserve=size(disk_reserve, "--disk-reserve", "g"),
        log_dir=log_dir,
        classic=classic,
    )
    built = images.ensure_all(dataset.tasks, say, workers)
    if pin and not classic:
        _pin(dataset.tasks, images, built)
    failed = {name: result for name, result in built.items() if not isinstance(result, str)}
    if as_json:
        print_json(
            {
                "images": [
                    {
                        "instance_id": name,
                        "image": result if isinstance(result, str) else None,
                        "error": None if isinstance(result, str) else str(result),
                    }
                    for name, result in sorted(built.items())
                ],
                "skipped": [
                    {"instance_id": s.instance_id, "reason": s.reason.value, "detail": s.detail}
                    for s in dataset.skipped
                ],
            }
        )
    else:
        for name, result in sorted(built.items()):
            print_result(f"{name}  {result}")
    for name, error in sorted(failed.items()):
        say(f"{name}: {error}")
    if failed or dataset.skipped:
        raise typer.Exit(int(ExitCode.INCOMPLETE))


def _pin(
    tasks: tuple[Task, ...], images: DockerImages, built: Mapping[str, str | Exception]
) -> None:
    """Write what a build resolved into the description, so that a rebuild is the same."""
    from dataclasses import replace

    from swe_audit.formats import write_environment

    for task in tasks:
        environment, folder = task.environment, task.folder
        if environment is None or folder is None or not isinstance(built[task.instance_id], str):
            continue
        wheels = images.resolved(environment)
        if not wheels or set(environment.build_requires) == set(wheels):
            continue
        pinned = replace(task, environment=replace(environment, build_requires=wheels))
        assert pinned.environment is not None
        write_environment(folder, pinned.environment)
        images.alias(task, pinned)
        say(f"{task.instance_id}: pinned {len(wheels)} build requirements")


@images_app.command("list")
def list_images(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """List the images that swe-audit made, or pulled within a disk budget, newest first."""
    from swe_audit.containers.connection import connect
    from swe_audit.containers.inventory import our_images

    images = our_images(connect())
    if as_json:
        print_json(
            {
                "images": [
                    {"name": i.name, "kind": i.kind, "bytes": i.size, "created": i.created}
                    for i in images
                ]
            }
        )
        return
    for image in images:
        print_result(f"{image.kind:<12} {image.size / 1e6:>8.0f} MB  {image.created}  {image.name}")


@images_app.command("prune")
def prune(
    everything: Annotated[
        bool, typer.Option("--all", help="Also bases and package layers, not only task images.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Remove images that swe-audit made, or pulled within a disk budget; nobody else's.

    Task images go; the bases and package layers that make rebuilding quick stay, unless --all.
    """
    from swe_audit.containers.connection import connect
    from swe_audit.containers.inventory import our_images, remove_images

    client = connect()
    chosen = [
        image for image in our_images(client) if everything or image.kind in ("task", "pulled")
    ]
    for image in chosen:
        print_result(image.name)
    if not dry_run:
        freed = remove_images(client, chosen)
        say(f"removed {counted(len(chosen), 'image')}, {freed / 1e9:.2f} GB of their own")
