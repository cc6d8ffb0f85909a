"""Files on their way into a container and out of it, as the tar that its engine deals in."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Mapping

from swe_audit.errors import EngineCallError


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files by their absolute paths, of mode 644 and as of now, to be unpacked at ``/``."""
    now = int(time.time())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode, entry.mtime = len(data), 0o644, now
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return the regular files of a tar by the last part of their name.

    Raise ``EngineCallError`` where it is none: an image may replace what its engine runs.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as tar:
            return {
                entry.name.rsplit("/", 1)[-1]: stream.read()
                for entry in tar
                if entry.isreg() and (stream := tar.extractfile(entry)) is not None
            }
    except (tarfile.TarError, OSError, ValueError, EOFError) as error:
        raise EngineCallError("the engine's archive cannot be read", transient=False) from error
