"""Read a task's base tree, and what its classes inherit, out of its image."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Sequence

import docker

from swe_audit.containers import container as engine
from swe_audit.containers.docker_engine import translated
from swe_audit.containers.ownership import this_process
from swe_audit.containers.ports import Study
from swe_audit.containers.probe_script import PROBE, ancestries, probe_request
from swe_audit.errors import EngineCallError
from swe_audit.model.task import WORKDIR
from swe_audit.model.tree import tree_of_objects
from swe_audit.model.trial import Limits

_FOLDER = "/.swe-audit-study"
_PATIENCE = 300
# Images of the benchmark keep the task's interpreter in a conda environment that only the eval
# script turns on; others have it first on PATH.
_SCRIPT = f"""
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
cd {WORKDIR} || exit 3
git ls-tree -r -z HEAD > {_FOLDER}/listing || exit 4
git ls-tree -r HEAD | cut -f1 | sed -n 's/^[0-9]* blob //p' |
    git cat-file --batch > {_FOLDER}/objects || exit 4
if [ -s {_FOLDER}/gold.patch ]; then git apply --whitespace=nowarn {_FOLDER}/gold.patch; fi
for python in /opt/miniconda3/envs/testbed/bin/python {WORKDIR}/.venv/bin/python python python3; do
    if command -v $python > /dev/null; then
        $python {_FOLDER}/probe.py < {_FOLDER}/request.json > {_FOLDER}/facts.json
        break
    fi
done
rm -f {_FOLDER}/probe.py {_FOLDER}/request.json {_FOLDER}/gold.patch
exit 0
"""


def study(
    client: docker.APIClient, run_id: str, image: str, gold_patch: str, paths: Sequence[str]
) -> Study:
    """Look into a task's image; ``paths`` are the Python files whose classes are looked up.

    Runs nothing of the repository but git and the interpreter's own import system. Raise
    ``EngineError`` where the engine fails, the image has no git tree or the probe no answer.
    """
    name = engine.container_name(run_id)
    labels = this_process().labels(run_id, time.time() + _PATIENCE)
    with translated(f"looking into {image}"):
        host = client.create_host_config(
            network_mode="none",
            cap_drop=["ALL"],
            security_opt=["no-new-privileges"],
            mem_limit=Limits().memory,
            pids_limit=Limits().pids,
            init=True,
        )
        client.create_container(
            image,
            name=name,
            entrypoint=["/bin/bash", "-c", _SCRIPT],
            command=[],
            user="root",
            labels=labels,
            healthcheck={"test": ["NONE"]},
            host_config=host,
        )
    try:
        request = probe_request(dict.fromkeys(paths))
        files = {"probe.py": PROBE, "request.json": request, "gold.patch": gold_patch}
        with translated(f"looking into {image}"):
            client.put_archive(name, "/", _packed(files))
            client.start(name)
            code = int(client.wait(name, timeout=_PATIENCE)["StatusCode"])
            if code:
                raise EngineCallError(f"{image} has no git tree in {WORKDIR}", transient=False)
            stream, _ = client.get_archive(name, _FOLDER)
            found = _unpacked(b"".join(stream))
    finally:
        with translated("removing a container"):
            client.remove_container(name, force=True, v=True)
    printed = found.get("facts.json", b"").decode("utf-8", "replace")
    return Study(
        tree=tree_of_objects(found.get("listing", b""), found.get("objects", b"")),
        # No interpreter, or one too old for the probe, leaves nothing; then nothing is known.
        ancestry=ancestries(printed) if printed.strip() else {},
    )


def _packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            data = text.encode("utf-8", "surrogateescape")
            entry = tarfile.TarInfo(f"{_FOLDER.lstrip('/')}/{name}")
            entry.size, entry.mode = len(data), 0o644
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def _unpacked(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {
            entry.name.rsplit("/", 1)[-1]: stream.read()
            for entry in tar
            if entry.isreg() and (stream := tar.extractfile(entry)) is not None
        }
