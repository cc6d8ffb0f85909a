"""The run's log files: compressed, named after their trial, written whole or not at all."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from pathlib import Path

from swe_audit.errors import JournalError

FOLDER = "logs"
_UNSAFE = re.compile(r"[^A-Za-z0-9._+=-]")
_LONGEST = 120


def safe_name(name: str) -> str:
    """Make one path component of any text; different texts give different names."""
    plain = _UNSAFE.sub("_", name)[:_LONGEST]
    if plain == name and name.strip("."):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{plain.strip('.')}~{digest[:8]}"


def log_path(instance_id: str, candidate: str, attempt: int) -> str:
    """Say where a trial's log lies, relative to the run's folder."""
    return f"{FOLDER}/{safe_name(instance_id)}/{safe_name(candidate)}-{attempt}.log.gz"


def write_log(folder: Path, path: str, text: str) -> None:
    """Write a log under ``folder``; a crash leaves the old file or the new one, never half."""
    target = folder / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        data = gzip.compress(text.encode("utf-8", "surrogatepass"), compresslevel=6, mtime=0)
        part = target.with_name(target.name + ".part")
        part.write_bytes(data)
        part.replace(target)
    except OSError as error:
        raise JournalError(
            f"the log {target} cannot be written: {error.strerror or error}",
            hint="free space or choose another --out, then go on with --resume",
        ) from error


def read_log(folder: Path, path: str) -> str:
    """Read a log back; raise ``JournalError`` where it is gone or damaged."""
    try:
        return gzip.decompress((folder / path).read_bytes()).decode("utf-8", "surrogatepass")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise JournalError(
            f"the log {folder / path} cannot be read: {error}",
            hint="run the audit again with --resume after deleting the file, or in a new folder",
        ) from error
