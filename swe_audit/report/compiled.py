"""Templates that were compiled once: a quarter of a second of each report."""

from __future__ import annotations

import contextlib
from pickle import UnpicklingError

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from swe_audit.caching import cache_folder


class CompiledTemplates(FileSystemBytecodeCache):
    """Keeps compiled templates in the user's own cache, which nobody else may write to.

    A template is known by its content. Where nothing can be kept, each run compiles its own.
    """

    def __init__(self) -> None:
        folder = cache_folder("templates")
        with contextlib.suppress(OSError):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        super().__init__(str(folder))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in a template that was kept, if it can be read: a crash may have cut it short."""
        with contextlib.suppress(OSError, EOFError, UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template for later, if the disk takes it."""
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)
