"""``--families FILE``: which submissions have one independent source, as a person says it."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from pathlib import Path

from swe_audit.errors import InputError
from swe_audit.formats.yaml_files import read_yaml


class Families(Mapping[str, str]):
    """Maps the name or source of a submission to its family; keys of the file may be globs.

    A name written out comes first, then the globs in the order of the file. Iterating yields
    the keys of the file, not the names that they match.
    """

    def __init__(self, entries: Mapping[str, str]) -> None:
        """Take the entries in their order."""
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> str:
        """Return the family of a name; raise ``KeyError`` where no key matches."""
        if name in self._entries:
            return self._entries[name]
        for pattern, family in self._entries.items():
            if fnmatch.fnmatchcase(name, pattern):
                return family
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys of the file."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Count the keys of the file."""
        return len(self._entries)


def load_families(path: str | Path) -> Families:
    """Return the families that a YAML mapping names; raise ``InputError`` for anything else."""
    entries = read_yaml(Path(path))
    for name, family in entries.items():
        if not isinstance(family, str) or not family.strip():
            raise InputError(f"{path}: the family of {name!r} is not a name")
    return Families(entries)
