"""See in a task's image what installing its tree once more reads and changes.

The eval script runs as far as its install in two fresh containers of the image, as a trial's
would, in one with the install and in one without it. Where the two disks are the same afterwards,
leaving the install out changes nothing that a test could see.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import docker

from swe_audit.containers import container as engine
from swe_audit.containers.archives import packed, unpacked
from swe_audit.containers.docker_engine import translated
from swe_audit.containers.ownership import this_process
from swe_audit.containers.reinstall_script import FOLDER, WATCHER
from swe_audit.containers.runner_script import RUNNER_FILE
from swe_audit.errors import EngineCallError
from swe_audit.installing import preamble_digest, split_at_install
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.task import Task
from swe_audit.model.trial import Limits

PATIENCE = 300
"""Seconds that the script may take; an install that takes longer is not known."""
_PYTHON = 'swe_audit_python="$(command -v python || command -v python3)"'
_WATCHER = f'"$swe_audit_python" {FOLDER}/watcher.py'


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a container left: a problem, or the files that were read and the prints of paths."""

    problem: str = ""
    read: tuple[str, ...] = ()
    prints: Mapping[str, str] = field(default_factory=dict)


def reinstall(
    client: docker.APIClient,
    run_id: str,
    image: str,
    task: Task,
    limits: Limits,
    variables: dict[str, str],
) -> Reinstall:
    """Return what the install of a task's eval script reads, or why it may not be left out.

    Raise ``EngineCallError`` where the engine fails.
    """
    script = task.eval_script or ""
    preamble = preamble_digest(script)
    parts = split_at_install(script)
    if parts is None or task.is_pro:
        return Reinstall(image="", preamble=preamble, problem="no install that is known")
    before, line, _ = parts
    begin = f"{_WATCHER} begin {shlex.quote(task.workdir)} || exit 1"
    watched = "\n".join([before, _PYTHON, begin, line, f"{_WATCHER} end $?", ""])
    plain = "\n".join([before, _PYTHON, f"{_WATCHER} prints", ""])

    def run(script: str, paths: object) -> Facts:
        files = {
            RUNNER_FILE: f"exec timeout -s KILL {PATIENCE} /bin/bash {FOLDER}/script\n",
            f"{FOLDER}/script": script,
            f"{FOLDER}/watcher.py": WATCHER,
            f"{FOLDER}/paths.json": json.dumps(paths),
        }
        return _run(client, run_id, image, limits, variables, files)

    with_install = run(watched, [])
    if with_install.problem:
        return Reinstall(image="", preamble=preamble, problem=with_install.problem)
    without = run(plain, sorted(with_install.prints))
    changed = sorted(
        p for p, print_ in with_install.prints.items() if without.prints.get(p) != print_
    )
    problem = without.problem or (f"it changes {', '.join(changed[:3])}" if changed else "")
    return Reinstall(image="", preamble=preamble, read=with_install.read, problem=problem)


def _run(
    client: docker.APIClient,
    run_id: str,
    image: str,
    limits: Limits,
    variables: dict[str, str],
    files: Mapping[str, str],
) -> Facts:
    """Run a script in a container like a trial's and return what the watcher said."""
    name = engine.container_name(run_id)
    labels = this_process().labels(run_id, time.time() + 4 * PATIENCE)
    try:
        engine.create(client, name, image, limits, labels=labels, variables=variables)
        encoded = {path: text.encode("utf-8", "surrogateescape") for path, text in files.items()}
        engine.fill(client, name, packed(encoded))
        with translated(f"installing the tree in {image}"):
            client.start(name)
            client.wait(name, timeout=2 * PATIENCE)
            try:
                stream, _ = client.get_archive(name, f"{FOLDER}/facts.json")
            except docker.errors.NotFound:
                return Facts(problem="it could not be watched")
            return facts_of(b"".join(stream))
    finally:
        with translated("removing a container"):
            client.remove_container(name, force=True, v=True)


def facts_of(data: bytes) -> Facts:
    """Read the watcher's answer out of a container's archive.

    Raise ``EngineCallError`` where it is none, as where the image's interpreter is something else.
    """
    try:
        said = json.loads(unpacked(data).get("facts.json", b""))
        problem, read, prints = said["problem"], said.get("read", []), said.get("prints", {})
        texts = [problem, *read, *prints, *prints.values()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise EngineCallError("the watcher's answer cannot be read", transient=False) from error
    if not isinstance(read, list) or not all(isinstance(text, str) for text in texts):
        raise EngineCallError("the watcher's answer cannot be read", transient=False)
    return Facts(problem=problem, read=tuple(read), prints=prints)
