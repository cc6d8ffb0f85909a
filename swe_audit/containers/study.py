"""Read a task's base tree, and what its interpreter knows, out of its image."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import docker

from swe_audit.containers import container as engine
from swe_audit.containers.archives import packed, unpacked
from swe_audit.containers.docker_engine import translated
from swe_audit.containers.ownership import this_process
from swe_audit.containers.ports import Study
from swe_audit.containers.probe_script import PROBE, ancestries, installed, probe_request
from swe_audit.errors import EngineCallError
from swe_audit.model.task import WORKDIR
from swe_audit.model.tree import tree_of_objects
from swe_audit.model.trial import Limits

FOLDER = "/.swe-audit-study"
PATIENCE = 300
# Images of the benchmark keep the task's interpreter in a conda environment that only the eval
# script turns on; others have it first on PATH.
SCRIPT = f"""
workdir=$1
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
cd "$workdir" || exit 3
git ls-tree -r -z HEAD > {FOLDER}/listing || exit 4
git ls-tree -r HEAD | cut -f1 | sed -n 's/^[0-9]* blob //p' |
    git cat-file --batch > {FOLDER}/objects || exit 4
if [ -s {FOLDER}/gold.patch ]; then git apply --whitespace=nowarn {FOLDER}/gold.patch; fi
for python in /opt/miniconda3/envs/testbed/bin/python "$workdir/.venv/bin/python" python python3; do
    if command -v $python > /dev/null; then
        $python {FOLDER}/probe.py < {FOLDER}/request.json > {FOLDER}/facts.json
        break
    fi
done
rm -f {FOLDER}/probe.py {FOLDER}/request.json {FOLDER}/gold.patch
exit 0
"""


def study(
    client: docker.APIClient,
    run_id: str,
    image: str,
    gold_patch: str,
    paths: Sequence[str],
    workdir: str = WORKDIR,
) -> Study:
    """Look into a task's image; ``paths`` are the Python files whose classes are looked up.

    Runs nothing of the repository but git and the interpreter's own import system. Raise
    ``EngineError`` where the engine fails, the image has no git tree or the probe no answer.
    """
    name = engine.container_name(run_id)
    labels = this_process().labels(run_id, time.time() + PATIENCE)
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
            entrypoint=["/bin/bash", "-c", SCRIPT, "study", workdir],
            command=[],
            user="root",
            labels=labels,
            healthcheck={"test": ["NONE"]},
            host_config=host,
        )
    try:
        files = study_files(gold_patch, paths, workdir)
        with translated(f"looking into {image}"):
            client.put_archive(name, "/", packed(_in_folder(files)))
            client.start(name)
            code = int(client.wait(name, timeout=PATIENCE)["StatusCode"])
            if code:
                raise EngineCallError(f"{image} has no git tree in {workdir}", transient=False)
            stream, _ = client.get_archive(name, FOLDER)
            found = unpacked(b"".join(stream))
    finally:
        with translated("removing a container"):
            client.remove_container(name, force=True, v=True)
    return study_of(found)


def study_files(gold_patch: str, paths: Sequence[str], workdir: str) -> dict[str, str]:
    """Return what ``SCRIPT`` wants to find in ``FOLDER``."""
    request = probe_request(dict.fromkeys(paths), workdir)
    return {"probe.py": PROBE, "request.json": request, "gold.patch": gold_patch}


def study_of(found: Mapping[str, bytes]) -> Study:
    """Read what ``SCRIPT`` left in ``FOLDER``; raise ``EngineError`` where git or the
    probe failed."""
    printed = found.get("facts.json", b"").decode("utf-8", "replace")
    try:
        tree = tree_of_objects(found.get("listing", b""), found.get("objects", b""))
    except (ValueError, IndexError) as error:
        raise EngineCallError("git printed no tree that can be read", transient=False) from error
    return Study(
        tree=tree,
        # No interpreter, or one too old for the probe, leaves nothing; then nothing is known.
        ancestry=ancestries(printed) if printed.strip() else {},
        installed=installed(printed) if printed.strip() else None,
    )


def _in_folder(files: dict[str, str]) -> dict[str, bytes]:
    return {
        f"{FOLDER}/{name}": text.encode("utf-8", "surrogateescape") for name, text in files.items()
    }
