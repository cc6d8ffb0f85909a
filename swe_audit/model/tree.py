"""The files of a repository at one moment, in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Tree:
    """Files by path relative to the repository, as bytes; links and git's own files are not here.

    ``changed`` lays other files over them; None there removes a file. Trees share what they have
    in common, so a changed tree costs what was changed.
    """

    files: Mapping[str, bytes]
    changed: Mapping[str, bytes | None] = field(default_factory=dict)

    def __contains__(self, path: object) -> bool:
        if path in self.changed:
            return self.changed[path] is not None  # type: ignore[index]
        return path in self.files

    def paths(self) -> Iterator[str]:
        """Every path, sorted."""
        return iter(sorted(path for path in {*self.files, *self.changed} if path in self))

    def bytes_of(self, path: str) -> bytes | None:
        """A file's content, None where there is no such file."""
        return self.changed[path] if path in self.changed else self.files.get(path)

    def read(self, path: str) -> str | None:
        """A file's text, None where there is none or it is no UTF-8; line ends stay as they are."""
        content = self.bytes_of(path)
        try:
            return None if content is None else content.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def with_files(self, files: Mapping[str, str | bytes | None]) -> Tree:
        """Return this tree with some files replaced, added, or (None) removed."""
        plain = {
            path: content.encode("utf-8") if isinstance(content, str) else content
            for path, content in files.items()
        }
        return Tree(self.files, {**self.changed, **plain})

    def containing(self, word: str) -> tuple[str, ...]:
        """Return the paths of text files that hold ``word`` as a whole word, sorted."""
        raw = word.encode("utf-8")
        whole = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(raw) + rb"(?![A-Za-z0-9_])")
        found = []
        for path in self.paths():
            content = self.bytes_of(path)
            if content and raw in content and whole.search(content):
                found.append(path)
        return tuple(found)


def tree_of_objects(listing: bytes, objects: bytes) -> Tree:
    """Return the tree that git lists, with the content that git prints for it.

    ``listing`` is what ``git ls-tree -r -z`` prints, ``objects`` what ``git cat-file --batch``
    prints for its blobs in the same order. Links and submodules are left out. Unlike an archive
    this holds files that the repository excludes from its exports.
    """
    files: dict[str, bytes] = {}
    place = 0
    for entry in listing.split(b"\0"):
        head, _, name = entry.partition(b"\t")
        words = head.split()
        if len(words) != 3 or words[1] != b"blob":
            continue
        end = objects.index(b"\n", place)
        size = int(objects[place:end].split()[-1])
        if words[0] in (b"100644", b"100755"):
            files[name.decode("utf-8", "surrogateescape")] = objects[end + 1 : end + 1 + size]
        place = end + size + 2
    return Tree(files)
