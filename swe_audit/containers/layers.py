"""Add one layer to an image without asking the storage driver to compare trees.

A classic build commits each step by comparing the whole file system with its parent, which on a
layered file system takes longer than the step. Here the step runs in a container whose target
folders are in memory; what they hold afterwards is the layer, and the engine loads it on top of
the parent's layers, which it already has. The result is an ordinary image.
Source of the archive's form: the Docker image specification, version 1.2 (`manifest.json`).
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

import docker
import docker.errors
from docker.models.containers import Container
from docker.models.images import Image

from swe_audit.containers.ownership import this_process
from swe_audit.errors import ImageError

BUILD = "build"
"""The run that a container which only builds an image belongs to."""

_CONFLICT = 409
_LONGEST = 4 * 3600.0
_EXPORTED = "/.swe-audit-layer.tar"
_CHANGED = "/dev/shm/swe-audit"  # noqa: S108 - inside the container, gone with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one layer does.

    ``script`` runs under ``bash -e`` in ``workdir``. ``memory_folders`` start empty in memory and
    become part of the layer whole; of ``watched_folders`` only what the script created, changed
    or deleted does. ``files`` are put into the container before (path to content or to a host
    file) and never become part of the layer unless the script copies them.
    """

    script: str
    memory_folders: tuple[str, ...]
    watched_folders: tuple[str, ...] = ()
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/"
    network: str = "none"
    title: str = ""


class LayerBuilder:
    """Builds images layer by layer on one engine; each call uses one container of its own."""

    def __init__(self, client: docker.DockerClient) -> None:
        self._client = client

    def build(
        self,
        parent: str,
        step: Step,
        *,
        tag: str,
        config: Callable[[], Mapping[str, Any]],
        log: Callable[[str], None],
    ) -> Image:
        """Run ``step`` on ``parent`` and tag the image that results.

        ``config`` is asked once the script has run, for fields that override the parent's image
        configuration (``Env``, ``Labels``, ``WorkingDir``). Every line the script prints goes
        to ``log``. Raises ``ImageError`` where the script fails or the engine does not take the
        layer.
        """
        with tempfile.TemporaryDirectory(prefix="swe-audit-") as scratch:
            layer = Path(scratch) / "layer.tar"
            with self._container(parent, step) as container:
                self._run(container, step, log)
                with layer.open("wb") as out:
                    _fetch(container, _EXPORTED, out)
            return self._load(parent, layer, step.title, tag, config())

    @contextmanager
    def _container(self, parent: str, step: Step) -> Iterator[Container]:
        container = self._client.containers.create(
            parent,
            ["bash", "-ec", _whole_script(step)],
            entrypoint="",
            init=True,
            network_mode=step.network,
            environment=dict(step.env),
            working_dir="/",
            tmpfs=dict.fromkeys(step.memory_folders, "exec,mode=755"),
            labels=this_process().labels(BUILD, time.time() + _LONGEST),
            log_config=docker.types.LogConfig(type="json-file"),
        )
        try:
            for path, content in step.files.items():
                _put(container, path, content)
            yield container
        finally:
            _remove(container)

    def _run(self, container: Container, step: Step, log: Callable[[str], None]) -> None:
        """Run the container to its end.

        Its log is read as a plain response: a stream that is attached once the process runs may
        lose its first bytes in the client's buffer.
        """
        container.start()
        rest = b""
        with closing(container.logs(stream=True, follow=True)) as stream:
            for chunk in stream:
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    log(line.decode("utf-8", "replace"))
        if rest:
            log(rest.decode("utf-8", "replace"))
        code = int(container.wait()["StatusCode"])
        if code:
            raise ImageError(f"{step.title or 'a build step'} failed with exit code {code}")

    def _load(
        self, parent: str, layer: Path, title: str, tag: str, config: Mapping[str, Any]
    ) -> Image:
        diff_id = "sha256:" + _sha256(layer)
        base = self._client.images.get(parent).attrs
        document = _image_document(base, diff_id, title, config)
        text = json.dumps(document).encode()
        name = hashlib.sha256(text).hexdigest() + ".json"
        known = [f"{digest.partition(':')[2]}/layer.tar" for digest in base["RootFS"]["Layers"]]
        manifest = [{"Config": name, "RepoTags": [tag], "Layers": [*known, "own/layer.tar"]}]
        archive = layer.with_name("image.tar")
        with tarfile.open(archive, "w") as out:
            _add(out, name, text)
            _add(out, "manifest.json", json.dumps(manifest).encode())
            out.add(layer, "own/layer.tar")
        try:
            with archive.open("rb") as stream:
                self._client.images.load(stream)
            return self._client.images.get(tag)
        except (docker.errors.APIError, docker.errors.ImageLoadError) as error:
            raise ImageError(f"the engine did not take a layer for {tag}: {error}") from error


def _remove(container: Container) -> None:
    """Remove a container, also where somebody else is already at it."""
    try:
        container.remove(force=True, v=True)
    except docker.errors.NotFound:
        pass
    except docker.errors.APIError as error:
        if error.status_code != _CONFLICT:
            raise


def _whole_script(step: Step) -> str:
    """Return the step's script with what records and exports its changes around it."""
    watched = " ".join(step.watched_folders)
    before = (
        f"mkdir -p {_CHANGED}; find {watched} -mindepth 1 2>/dev/null | LC_ALL=C sort "
        f"> {_CHANGED}/before; touch {_CHANGED}/start; sleep 0.05\n"
        if watched
        else f"mkdir -p {_CHANGED}\n"
    )
    return f"{before}cd {step.workdir}\n{step.script}\n{_export_script(step)}"


def _export_script(step: Step) -> str:
    """Return the commands that write the layer: memory folders whole, changes in watched ones."""
    script = [f"cd /; : > {_CHANGED}/list"]
    script += [f"find {folder.strip('/')} >> {_CHANGED}/list" for folder in step.memory_folders]
    if step.watched_folders:
        watched = " ".join(folder.strip("/") for folder in step.watched_folders)
        full = " ".join(step.watched_folders)
        script += [
            f"find {watched} -cnewer {_CHANGED}/start >> {_CHANGED}/list 2>/dev/null || true",
            # A deleted path is an empty `.wh.` file beside where it was; nested ones follow it.
            f"find {full} -mindepth 1 2>/dev/null | LC_ALL=C sort > {_CHANGED}/after || true",
            f"LC_ALL=C comm -23 {_CHANGED}/before {_CHANGED}/after | while read -r p; do "
            f'd=$(dirname "$p"); [ -d "$d" ] || continue; '
            f'mkdir -p "{_CHANGED}/wh$d"; : > "{_CHANGED}/wh$d/.wh.$(basename "$p")"; done',
        ]
    script += [
        f"LC_ALL=C sort -u {_CHANGED}/list "
        f"| tar --no-recursion --numeric-owner -cf {_EXPORTED} -T -",
        f"mkdir -p {_CHANGED}/wh; cd {_CHANGED}/wh",
        f"find . -type f -name '.wh.*' | sed 's,^./,,' | tar --numeric-owner -rf {_EXPORTED} -T -",
    ]
    return "\n".join(script)


def _fetch(container: Container, path: str, out: IO[bytes]) -> None:
    """Copy one file out of a container."""
    with tempfile.TemporaryFile() as spool:
        stream, _ = container.get_archive(path)
        for chunk in stream:
            spool.write(chunk)
        spool.seek(0)
        with tarfile.open(fileobj=spool, mode="r:") as archive:
            member = archive.next()
            content = archive.extractfile(member) if member is not None else None
            if content is None:
                raise ImageError(f"{path} could not be read back")
            shutil.copyfileobj(content, out, 1 << 20)


def _image_document(
    base: Mapping[str, Any], diff_id: str, title: str, config: Mapping[str, Any]
) -> dict[str, Any]:
    layers = base["RootFS"]["Layers"]
    history = [{"created": base["Created"], "created_by": "parent"} for _ in layers]
    created = datetime.now(timezone.utc).isoformat()
    return {
        "architecture": base["Architecture"],
        "os": base["Os"],
        "created": created,
        "config": {**(base["Config"] or {}), **config},
        "rootfs": {"type": "layers", "diff_ids": [*layers, diff_id]},
        "history": [*history, {"created": created, "created_by": title}],
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))


def _put(container: Container, path: str, content: bytes | Path) -> None:
    """Place a file or folder at an absolute path, parents included."""
    with tempfile.TemporaryFile() as spool:
        with tarfile.open(fileobj=spool, mode="w") as archive:
            if isinstance(content, Path):
                archive.add(content, path.lstrip("/"), filter=_as_root)
            else:
                _add(archive, path.lstrip("/"), content)
        spool.seek(0)
        container.put_archive("/", spool)


def _as_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member
