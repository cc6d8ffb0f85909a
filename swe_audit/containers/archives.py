"""Files on their way into a container, as the tar that its engine unpacks."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Mapping


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
