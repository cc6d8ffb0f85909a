"""Converters: what a placeholder matches, and what it becomes."""

import uuid
from urllib.parse import quote


class Converter:
    """Match a part of a path with ``regex`` and turn it into a value and back."""

    def __init__(self, regex, to_python=str, to_url=str, weight=10):
        self.regex = regex
        self.to_python = to_python
        self.to_url = to_url
        self.weight = weight


def _segment(value):
    return quote(str(value), safe="")


def _path(value):
    return quote(str(value), safe="/")


CONVERTERS = {
    "str": Converter(r"[^/]+", to_url=_segment, weight=30),
    "slug": Converter(r"[a-z0-9]+(?:-[a-z0-9]+)*", weight=20),
    "int": Converter(r"\d+", to_python=int),
    "float": Converter(r"\d+\.\d+", to_python=float),
    "uuid": Converter(
        r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}", to_python=uuid.UUID
    ),
    "path": Converter(r".+", to_url=_path, weight=90),
}
