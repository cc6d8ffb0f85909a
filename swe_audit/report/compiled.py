"""Templates that were compiled once: a quarter of a second of each report."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path
from pickle import UnpicklingError

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from swe_audit.caching import cache_folder


class CompiledTemplates(FileSystemBytecodeCache):
    """Keeps compiled templates in the user's own cache.

    They are code, so a folder that others own or may write to is left alone. A template is known
    by its content. Where nothing can be kept, each run compiles its own.
    """

    def __init__(self) -> None:
        folder = cache_folder("templates")
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder))
        self._is_ours = _is_ours(folder)

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in a template that was kept, if it can be read: a crash may have cut it short."""
        if not self._is_ours:
            return
        with contextlib.suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for later, if the disk takes it."""
        if not self._is_ours:
            return
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def _is_ours(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    others_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not others_write
