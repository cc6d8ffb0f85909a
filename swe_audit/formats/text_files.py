"""Read text that others wrote: UTF-8, plain or gzip, line ends untouched, bounded in size."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from swe_audit.errors import InputError

MIB = 1024 * 1024
MAX_FILE = 1024 * MIB
"""The most that one file may hold, unpacked; a guard against a bomb, far above any data set."""
MAX_LINE = 64 * MIB
"""The most that one line of a .jsonl file may hold; the longest known row has some 3 MiB."""


def read_bytes(path: Path, *, limit: int = MAX_FILE) -> bytes:
    """Return a file's content, unpacked if its name ends in ``.gz``.

    Raise ``InputError`` where it is missing, unreadable, cut short, or larger than ``limit``.
    """
    with _opened(path) as stream:
        try:
            content = stream.read(limit + 1)
        except (EOFError, OSError, zlib.error) as error:
            raise _unreadable(path, error) from error
    if len(content) > limit:
        raise InputError(
            f"{path}: larger than {limit // MIB} MiB",
            hint="Split it, or select the tasks that you need beforehand.",
        )
    return content


def read_text(path: Path, *, limit: int = MAX_FILE) -> str:
    """Return a file's text; CR LF survives, a byte order mark at the start does not."""
    return decoded(read_bytes(path, limit=limit), str(path))


def decoded(content: bytes, where: str) -> str:
    """Return UTF-8 text, or raise ``InputError`` naming the first byte that is none."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: not UTF-8 text (byte {error.start} is 0x{content[error.start]:02x})",
            hint="Convert it to UTF-8.",
        ) from error


def parsed_json(text: str, where: str) -> Any:
    """Return what a JSON text says, or raise ``InputError``; nesting too deep is an error too."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise InputError(f"{where}: JSON nested too deeply") from error
    except ValueError as error:
        raise InputError(f"{where}: not valid JSON: {error}") from error


def read_json(path: Path) -> Any:
    """Return the one JSON document of a file."""
    return parsed_json(read_text(path), str(path))


def json_lines(path: Path) -> Iterator[tuple[str, Any | InputError]]:
    """Yield where each line stands, with its JSON value or what is wrong with it.

    A bad line does not stop the others; a truncated gzip file raises ``InputError``, for nobody
    knows what is missing.
    """
    with _opened(path) as stream:
        for number, line in enumerate(_lines(path, stream), start=1):
            where = f"{path}:{number}"
            if isinstance(line, InputError):
                yield where, line
                continue
            if not line.strip():
                continue
            try:
                yield where, parsed_json(decoded(line, where), where)
            except InputError as error:
                yield where, error


def _lines(path: Path, stream: BinaryIO) -> Iterator[bytes | InputError]:
    """Yield lines; one that is too long is passed over and yielded as an error."""
    total = 0
    while True:
        try:
            line = stream.readline(MAX_LINE + 1)
            too_long = len(line) > MAX_LINE
            total += len(line)
            while len(line) > MAX_LINE and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE + 1)
                total += len(line)
        except (EOFError, OSError, zlib.error) as error:
            raise _unreadable(path, error) from error
        if total > MAX_FILE:
            raise InputError(f"{path}: holds more than {MAX_FILE // MIB} MiB")
        if not line:
            return
        if too_long:
            yield InputError(f"{path}: a line is longer than {MAX_LINE // MIB} MiB")
        else:
            yield line


def _opened(path: Path) -> BinaryIO:
    try:
        if path.suffix == ".gz":
            return cast("BinaryIO", gzip.open(path, "rb"))
        return path.open("rb")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(f"{path}: no such file", hint="Check the path.")
    if isinstance(error, EOFError):
        return InputError(f"{path}: the gzip file is cut short", hint="Download it again.")
    if isinstance(error, (gzip.BadGzipFile, zlib.error)):
        return InputError(f"{path}: not a valid gzip file ({error})", hint="Download it again.")
    reason = getattr(error, "strerror", None) or str(error)
    return InputError(f"{path}: cannot be read ({reason})")
