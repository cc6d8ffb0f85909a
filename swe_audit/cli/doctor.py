"""``swe-audit doctor``: what works here, what does not, and how to mend it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from swe_audit.cli.console import print_json, print_result
from swe_audit.cli.runs import REPORTS
from swe_audit.errors import (
    EngineError,
    EngineUnavailableError,
    ExitCode,
    JournalError,
    UsageError,
)
from swe_audit.version import VERSION

GIB = 1024**3
DISK_WANTED = 10 * GIB
DISK_NEEDED = GIB
API_NEEDED = "1.41"
CLOCKS_APART = 60.0
"""Seconds; leftovers are given ten minutes."""
_SLOW_DRIVERS = frozenset({"vfs", "fuse-overlayfs"})
_EXTRAS = {
    "swebench": "swebench",
    "huggingface": "datasets",
    "parquet": "pyarrow",
    "triage": "uvicorn",
    "ray": "ray",
    "languages": "tree_sitter",
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
    checks = [*engine_checks(), sandbox_check(), reports_check(REPORTS)]
    checks += installation_checks()
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
            api_check(client.api_version),
            clock_check(info.now, time.time()),
            disk_check(Path(info.root_dir)),
            leftovers_check(len(leftovers(client))),
        ]
    except EngineError as error:
        return [Check(name="engine", level=Level.FAIL, value=error.message, mend="restart it")]
    finally:
        client.close()


def sandbox_check() -> Check:
    """Say whether trials can run without an engine; where they cannot, that harms nobody."""
    from swe_audit.sandbox import require

    try:
        version = require()
    except EngineUnavailableError as error:
        return Check(name="sandbox", level=Level.OK, value=f"none: {error.message}")
    return Check(name="sandbox", level=Level.OK, value=f"bubblewrap {version} (--engine sandbox)")


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


def api_check(version: str) -> Check:
    """Say whether the engine speaks what we need of its interface."""
    known = [int(part) for part in version.split(".") if part.isdigit()]
    enough = known >= [int(part) for part in API_NEEDED.split(".")]
    return Check(
        name="interface",
        level=Level.OK if enough else Level.FAIL,
        value=f"API {version}",
        mend="" if enough else f"install an engine with API {API_NEEDED} (Docker 20.10, Podman 4)",
    )


def clock_check(theirs: float | None, ours: float) -> Check:
    """Say how far the engine's clock is from ours; by it, leftovers on other machines are told."""
    apart = None if theirs is None else abs(theirs - ours)
    fine = apart is not None and apart <= CLOCKS_APART
    return Check(
        name="clock",
        level=Level.OK if fine else Level.WARN,
        value="the engine does not tell" if apart is None else f"{apart:.0f} s from the engine's",
        mend="" if fine else "set both clocks (NTP): leftovers elsewhere are told by deadlines",
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


def reports_check(folder: Path) -> Check:
    """Say whether runs can be kept where they go by default, and whether each can be read."""
    from swe_audit.journal import FILE_NAME, Journal

    there = next(path for path in (folder, *folder.absolute().parents) if path.is_dir())
    if not os.access(there, os.W_OK):
        return Check(
            name="reports",
            level=Level.WARN,
            value=f"{there} cannot be written to",
            mend="name a folder that can with --out",
        )
    unreadable = []
    for path in sorted(folder.glob(f"*/{FILE_NAME}")):
        try:
            Journal.open(path.parent, writable=False).close()
        except JournalError as error:
            unreadable.append((error.message, error.hint))
    free = disk_check(there)
    if unreadable:
        return Check(
            name="reports", level=Level.WARN, value=unreadable[0][0], mend=unreadable[0][1]
        )
    return replace(free, name="reports")


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
