"""The two steps that turn a base image into a described environment: its packages, its tree."""

from __future__ import annotations

from pathlib import Path

from swe_audit import environments as env
from swe_audit.containers.layers import Step
from swe_audit.model.task import Environment

_WHEEL = "swe-audit-wheel: "


def packages_step(environment: Environment, ca_bundle: Path | None) -> Step:
    """Return the step that installs the packages, over the network, and lists the wheels."""
    files: dict[str, bytes | Path] = {f"{env.BUILD_FILES}/README": b""}
    if ca_bundle is not None:
        files[f"{env.BUILD_FILES}/{env.CA_FILE}"] = ca_bundle
    return Step(
        title="packages",
        script="\n".join(
            [
                *env.package_commands(environment),
                f"for w in {env.WHEELHOUSE}/*.whl; do "
                f'[ -e "$w" ] && echo "{_WHEEL}$(basename "$w")"; done; true',
            ]
        ),
        memory_folders=("/opt",),
        files=files,
        network="bridge",
    )


def listed_wheel(line: str) -> str | None:
    """Return the pinned requirement of a wheel that ``packages_step`` lists on a line, if any."""
    if not line.startswith(_WHEEL):
        return None
    name, version = line.removeprefix(_WHEEL).split("-")[:2]  # the form of PEP 427
    return f"{name.replace('_', '-')}=={version}"


def tree_step(environment: Environment, folder: Path, workdir: str) -> Step:
    """Return the step that places the source, installs it and leaves a clean tree."""
    source = environment.source
    files: dict[str, bytes | Path] = {}
    if source.archive:
        files[f"{env.BUILD_FILES}/source.tar.gz"] = folder / source.archive
        place = (
            f"mkdir -p {workdir}/.git && tar -xzf {env.BUILD_FILES}/source.tar.gz -C {workdir}/.git"
        )
    elif source.folder:
        files[f"{env.BUILD_FILES}/source"] = folder / source.folder
        place = f"cp -a {env.BUILD_FILES}/source/. {workdir}/"
    else:
        place = f"cp -a /opt/source/. {workdir}/"
    return Step(
        title="tree",
        script="\n".join([place, f"cd {workdir}", *env.tree_commands(environment)]),
        memory_folders=(workdir,),
        watched_folders=("/opt", "/usr/local", "/root"),
        files=files,
    )
