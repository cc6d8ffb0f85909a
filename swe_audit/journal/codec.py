"""Turn the model's frozen nouns into JSON and back: a run is read without its dataset."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from swe_audit.errors import JournalError
from swe_audit.model.task import UNSTATED, Task

T = TypeVar("T")


def encode(value: object, fold: Callable[[Any], Any] | None = None) -> str:
    """Write a noun as one line of JSON; lone surrogates survive as escapes.

    ``fold`` may put something else in the place of a plain value; ``decode`` then needs the way
    back.
    """
    return _text(_plain(value, fold or (lambda plain: plain)))


def decode(kind: type[T], text: str, unfold: Callable[[dict[str, Any]], Any] | None = None) -> T:
    """Read a noun back; fields it does not know are left out, missing ones take their default.

    Raise ``JournalError`` where the text does not hold such a noun.
    """
    try:
        value: T = _builder(typing.cast(Any, kind))(json.loads(text, object_hook=unfold))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise JournalError(
            f"the journal holds a {kind.__name__} that cannot be read: {error}",
            hint="the file is damaged; start the audit again in a new folder",
        ) from error
    return value


def identity(task: Task) -> str:
    """Say which task this is, whatever folder it lies in; hexadecimal SHA-256.

    Claims that are not made are left out: a task without any is known from before there were any.
    """
    content = _plain(dataclasses.replace(task, folder=None), lambda plain: plain)
    if task.resources == UNSTATED:
        del content["resources"]
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _text(plain: object) -> str:
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":"))


def _plain(value: object, fold: Callable[[Any], Any]) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name), fold) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(item, fold) for item in value]
    return fold(value)


@cache
def _builder(kind: Any) -> Callable[[Any], Any]:
    """Return what makes an annotation's value of a plain one; taken apart once, for a journal
    holds many.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        build = _builder(inner)
        return lambda value: None if value is None else build(value)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        build = _builder(arguments[0])
        return lambda value: tuple(map(build, value))
    if origin is tuple:
        builds = tuple(map(_builder, arguments))
        return lambda value: tuple(build(item) for build, item in zip(builds, value, strict=True))
    if dataclasses.is_dataclass(kind):
        return _noun_builder(typing.cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum | Path):
        return kind
    return lambda value: value


def _noun_builder(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    builders = {field.name: _builder(hints[field.name]) for field in dataclasses.fields(kind)}

    def build(value: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError("not an object")
        return kind(**{key: builders[key](each) for key, each in value.items() if key in builders})

    return build
