"""What keeps trials apart, put together from options: containers of an engine, or a sandbox."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from swe_audit.containers.budget import BudgetedImages
from swe_audit.containers.connection import connect
from swe_audit.containers.images import DockerImages
from swe_audit.containers.ports import Engine
from swe_audit.containers.pulling import untold
from swe_audit.containers.spare import Spare
from swe_audit.containers.trial import DockerIsolation
from swe_audit.errors import EngineUnavailableError, UsageError
from swe_audit.sandbox import SandboxImages, SandboxIsolation, require

DEFAULT_RESERVE = 10 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """How images are made; see ``DockerImages`` and ``BudgetedImages``. Sizes are in bytes."""

    ca_bundle: Path | None = None
    interpreters: Path | None = None
    image_base: str | None = None
    disk_reserve: int = DEFAULT_RESERVE
    disk_budget: int | None = None
    builders: int = 2


class EngineKind(str, Enum):
    """What keeps trials apart: containers of an engine, or bubblewrap without one."""

    CONTAINER = "container"
    SANDBOX = "sandbox"


def open_engine(
    kind: EngineKind,
    run_id: str,
    options: ImageOptions,
    build_logs: Path | None,
    running: int | None = None,
) -> Engine:
    """Return the isolation of a kind; raise ``EngineUnavailableError`` where it cannot be had.

    ``running`` is how many trials are to run at once; what more there is may be made ready.
    """
    if kind is EngineKind.SANDBOX:
        if options.disk_budget is not None:
            raise UsageError("--disk-budget is for images of a container engine, not for a sandbox")
        require()
        images = SandboxImages(
            interpreters=options.interpreters,
            ca_bundle=options.ca_bundle,
            disk_reserve=options.disk_reserve,
            log_dir=build_logs,
        )
        return Engine(isolation=SandboxIsolation(run_id, running=running), images=images)
    return docker_engine(run_id, options, build_logs, running)


def engine_to_use() -> tuple[EngineKind, str]:
    """Return containers where an engine answers, else the sandbox, and why no engine does.

    Raise ``EngineUnavailableError`` where neither works.
    """
    try:
        connect().close()
    except EngineUnavailableError as error:
        try:
            require()
        except EngineUnavailableError as sandbox:
            raise EngineUnavailableError(
                f"{error.message}; and {sandbox.message}", hint=f"{error.hint}; or {sandbox.hint}"
            ) from error
        return EngineKind.SANDBOX, error.message
    return EngineKind.CONTAINER, ""


def docker_engine(
    run_id: str, options: ImageOptions, build_logs: Path | None, running: int | None = None
) -> Engine:
    """Connect to the container engine; raise ``EngineUnavailableError`` where none answers."""
    client, budget = connect(), options.disk_budget
    spare = Spare(client)
    images = DockerImages(
        client,
        ca_bundle=options.ca_bundle,
        interpreters=options.interpreters,
        image_base=options.image_base,
        disk_reserve=options.disk_reserve,
        log_dir=build_logs,
        made=untold if budget is None else spare.mark,
    )
    isolation = DockerIsolation(run_id, running=running)
    if budget is None:
        return Engine(isolation=isolation, images=images, ahead=running or 0)
    within = BudgetedImages(images, spare, budget, str(client.info().get("ID", "")))
    return Engine(isolation=isolation, images=within, ahead=running or 0)


def anywhere(options: ImageOptions) -> ImageOptions:
    """Name the files of options by whole paths: another process starts in another folder."""
    ca_bundle, interpreters = options.ca_bundle, options.interpreters
    return replace(
        options,
        ca_bundle=ca_bundle and ca_bundle.absolute(),
        interpreters=interpreters and interpreters.absolute(),
    )
