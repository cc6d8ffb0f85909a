"""``swe-audit doctor``: what works here, what does not, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.console import print_json, print_result
from swe_audit.errors import EngineError, EngineUnavailableError, ExitCode, UsageError
from swe_audit.version import VERSION

GIB = 1024**3
DISK_WANTED = 10 * GIB
DISK_NEEDED = GIB
_SLOW_DRIVERS = frozenset({"vfs", "fuse-overlayfs"})
_EXTRAS = {
    "swebench": "swebench",
    "huggingface": "datasets",
    "parquet": "pyarrow",
    "triage": "uvicorn",
}
_PROGRAMS = {
    "git": "install git; importing tasks from clones needs it",
    "mmdebstrap": "install mmdebstrap to build base images where no registry is in reach",
}


class Level(str, Enum):
    """How bad it is: only ``FAIL`` keeps an audit from running."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at; ``mend`` says what to do where it is not ``OK``."""

    name: str
    level: Level
    value: str
    mend: str = ""


def doctor_command(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead of lines.")
    ] = False,
) -> None:
    """Check the container engine, the disk and the installation; show the settings that apply.

    Exits with 4 where no container engine answers, with 2 where a setting is wrong.
    """
    checks = [*engine_checks(), *installation_checks()]
    settings: list[tuple[str, str, str]] = []
    try:
        settings = configuration()
    except UsageError as error:
        checks.append(
            Check(name="settings", level=Level.FAIL, value=error.message, mend=error.hint)
        )
    if as_json:
        print_json(
            {
                "checks": [
                    {
                        "name": check.name,
                        "level": check.level.value,
                        "value": check.value,
                        "mend": check.mend or None,
                    }
                    for check in checks
                ],
                "configuration": [
                    {"key": key, "value": value, "source": source}
                    for key, value, source in settings
                ],
            }
        )
    else:
        _print_lines(checks, settings)
    if any(check.name == "engine" and check.level is Level.FAIL for check in checks):
        raise typer.Exit(int(ExitCode.NO_ENGINE))
    if any(check.name == "settings" for check in checks):
        raise typer.Exit(int(ExitCode.USAGE))


def engine_checks() -> list[Check]:
    """Look at the engine: whether it answers, what it keeps, its disk, and what lies around."""
    from swe_audit.containers.docker_engine import connect, describe
    from swe_audit.containers.reaper import leftovers

    try:
        client = connect(timeout=20.0)
    except EngineUnavailableError as error:
        return [
            Check(name="engine", level=Level.FAIL, value=error.message, mend=error.hint),
            disk_check(Path.cwd()),
        ]
    try:
        info = describe(client)
        return [
            Check(
                name="engine",
                level=Level.OK,
                value=f"{info.name} {info.version}, control groups v{info.cgroup_version}",
            ),
            storage_check(info.storage_driver),
            limits_check(info.unenforced),
            disk_check(Path(info.root_dir)),
            leftovers_check(len(leftovers(client))),
        ]
    except EngineError as error:
        return [Check(name="engine", level=Level.FAIL, value=error.message, mend="restart it")]
    finally:
        client.close()


def storage_check(driver: str) -> Check:
    """Say whether the storage driver is a fast one."""
    slow = driver in _SLOW_DRIVERS
    return Check(
        name="storage",
        level=Level.WARN if slow else Level.OK,
        value=driver,
        mend="building images is slow on this driver; overlay2 is faster where the kernel has it"
        if slow
        else "",
    )


def limits_check(unenforced: tuple[str, ...]) -> Check:
    """Say which limits of a trial the engine does not keep; written disk we watch ourselves."""
    if not unenforced:
        return Check(name="limits", level=Level.OK, value="all enforced")
    return Check(
        name="limits",
        level=Level.WARN,
        value=f"not enforced: {', '.join(unenforced)}",
        mend="enable these control groups for the engine; until then a trial can take more",
    )


def disk_check(folder: Path) -> Check:
    """Say how much space is free below a folder, or here where that is another machine's."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        folder = Path.cwd()
        free = shutil.disk_usage(folder).free
    level = Level.OK if free >= DISK_WANTED else Level.WARN
    if free < DISK_NEEDED:
        level = Level.FAIL
    return Check(
        name="disk",
        level=level,
        value=f"{free / GIB:.1f} GiB free at {folder}",
        mend="" if level is Level.OK else "free some, for example with `swe-audit images prune`",
    )


def leftovers_check(count: int) -> Check:
    """Say how many containers dead runs of ours left."""
    return Check(
        name="leftovers",
        level=Level.WARN if count else Level.OK,
        value=f"{count} containers of dead runs" if count else "none",
        mend="the next `swe-audit run` removes them" if count else "",
    )


def installation_checks() -> list[Check]:
    """Look at Python, our own packages, the optional extras and the programs that we call."""
    checks = [
        Check(
            name="python",
            level=Level.OK if sys.version_info >= (3, 10) else Level.FAIL,
            value=f"{platform.python_version()} at {sys.executable}",
            mend="" if sys.version_info >= (3, 10) else "use Python 3.10 or later",
        ),
        Check(name="swe-audit", level=Level.OK, value=VERSION),
        _packages_check(),
    ]
    for extra, module in _EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        checks.append(
            Check(
                name=f"extra {extra}",
                level=Level.OK,
                value=_version(module) if there else "not installed (optional)",
                mend="" if there else f"pip install 'swe-audit[{extra}]'",
            )
        )
    for program, mend in _PROGRAMS.items():
        found = shutil.which(program)
        checks.append(
            Check(
                name=program,
                level=Level.OK if found else Level.WARN,
                value=found or "not found",
                mend="" if found else mend,
            )
        )
    return checks


def configuration() -> list[tuple[str, str, str]]:
    """Return every setting that applies, as key, value and where it comes from."""
    from swe_audit.cli.settings import effective_settings

    return [(key, str(value), source) for key, value, source in effective_settings()]


def _packages_check() -> Check:
    """The versions of what we need, and which of it is missing."""
    wanted = [
        requirement.split(";")[0]
        for requirement in importlib.metadata.requires("swe-audit") or ()
        if "extra ==" not in requirement and not requirement.startswith("tomli")
    ]
    versions = {name: _version(name) for name in sorted(map(_name_of, wanted))}
    missing = [name for name, version in versions.items() if not version]
    return Check(
        name="packages",
        level=Level.FAIL if missing else Level.OK,
        value=f"missing: {', '.join(missing)}"
        if missing
        else ", ".join(f"{name} {version}" for name, version in versions.items()),
        mend="install swe-audit again" if missing else "",
    )


def _name_of(requirement: str) -> str:
    end = next((i for i, char in enumerate(requirement) if char in "<>=!~[ "), len(requirement))
    return requirement[:end]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _print_lines(checks: Iterable[Check], settings: list[tuple[str, str, str]]) -> None:
    for check in checks:
        print_result(f"{check.level.value:<4}  {check.name}: {check.value}")
        if check.mend:
            print_result(f"      {check.mend}")
    if settings:
        print_result("settings:")
    for key, value, source in settings:
        print_result(f"      {key} = {value}  ({source})")
