"""Build an image from a Dockerfile with the engine's classic builder."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import docker
import docker.errors

from swe_audit.errors import ImageError

ADDED = "alternatives"
_TAIL = 30


def classic_build(
    client: docker.DockerClient,
    context: Path | Mapping[str, bytes],
    *,
    tag: str,
    log: Callable[[str], None],
    extra: Mapping[str, bytes] | None = None,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Build ``context`` (a folder with a Dockerfile, or its files) and tag the result.

    ``extra`` adds or replaces files of the context, ``labels`` those that the image would inherit
    from its parent. Raises ``ImageError`` with the log's tail.
    """
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        log(line)

    with _archive(context, extra or {}) as archive:
        try:
            stream = client.api.build(
                fileobj=archive,
                custom_context=True,
                tag=tag,
                rm=True,
                forcerm=True,
                decode=True,
                labels=dict(labels or {}),
            )
            for event in stream:
                if "error" in event:
                    raise ImageError(
                        f"{tag} could not be built: {str(event['error']).strip()}",
                        log="\n".join(lines[-_TAIL:]),
                    )
                for line in str(event.get("stream") or "").splitlines():
                    keep(line)
        except docker.errors.APIError as error:
            raise ImageError(f"{tag} could not be built: {error.explanation or error}") from error


def context_files(folder: Path) -> Iterator[Path]:
    """Yield what a task's folder gives its Dockerfile: all but what an audit adds, alternatives.

    So no image is built again, and no trial run again, because a candidate came or went.
    """
    return (path for path in folder.rglob("*") if path.relative_to(folder).parts[0] != ADDED)


def _archive(context: Path | Mapping[str, bytes], extra: Mapping[str, bytes]) -> io.BytesIO:
    """Pack a build context; times are dropped so that the builder's cache sees content alone."""
    files = dict(context) if not isinstance(context, Path) else {}
    files.update(extra)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        if isinstance(context, Path):
            for path in sorted(context_files(context)):
                name = str(path.relative_to(context))
                if name not in files:
                    archive.add(path, name, recursive=False, filter=_plain)
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    packed.seek(0)
    return packed


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = "root"
    return member
