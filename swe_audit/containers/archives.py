"""Files on their way into a container, as the tar that its engine unpacks."""

from __future__ import annotations

import io
import tarfile
import time
from collections.abc import Iterable, Mapping


def packed(files: Mapping[str, bytes], folders: Iterable[str] = ()) -> bytes:
    """Return files and folders by their absolute paths, as of now, to be unpacked at ``/``.

    ``/`` itself may be among the folders; all of them get the mode 755, files 644.
    """
    now = int(time.time())
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path in folders:
            entry = tarfile.TarInfo(path.lstrip("/") or "./")
            entry.type, entry.mode, entry.mtime = tarfile.DIRTYPE, 0o755, now
            tar.addfile(entry)
        for path, data in files.items():
            entry = tarfile.TarInfo(path.lstrip("/"))
            entry.size, entry.mode, entry.mtime = len(data), 0o644, now
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
