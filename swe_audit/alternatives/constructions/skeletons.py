"""Whether the base tree knows a message: the same text, its skeleton, or one much like it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from swe_audit.alternatives.constructions.alignment import GAP
from swe_audit.alternatives.constructions.messages import Message
from swe_audit.alternatives.constructions.speech import messages_in
from swe_audit.alternatives.constructions.templates import Run, Template
from swe_audit.alternatives.constructions.wording import words
from swe_audit.model.paths import is_test_path
from swe_audit.model.tree import Tree

Skeleton = tuple[str, ...]

_TOKEN = re.compile(
    r"""(?P<quoted>'[^'\s]*'|"[^"\s]*"|`[^`]*`)|(?P<number>\d[\w.]*)
      |(?P<word>[A-Za-z]+(?:'[a-z]+)?)(?![\w.(]*[\w(])|(?P<name>[A-Za-z_][\w.()]*)""",
    re.VERBOSE,
)
_JOINT = re.compile(r"""(['"])\s*\n\s*[rRuUfF]{0,2}\1""")
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
_NUMBER = re.compile(r"\d[\d.]*")
_ALIKE = 0.75
_LONG = 4
_WINDOW = 400


def skeleton_of(template: Template) -> Skeleton:
    """Return a message's words in lower case; placeholders, numbers and names are ``*``."""
    bones: list[str] = []
    for part in template.parts:
        if not isinstance(part, Run):
            bones.append("*")
            continue
        for found in _TOKEN.finditer(part.text):
            word = found.group("word")
            named = word is None or (word[1:] != word[1:].lower())
            bones.append("*" if named else word.lower())
    return tuple(
        bone for at, bone in enumerate(bones) if bone != "*" or bones[at - 1 : at] != ["*"]
    )


def where_held(tree: Tree, template: Template) -> str | None:
    """Return the first file of a tree that holds a text, anything in its placeholders and numbers.

    Code, documentation and tests count alike, however the text is broken into literals.
    """
    pattern = _wild(template)
    needed = [word.encode() for word in set(_rare(template))]
    if not needed:
        return None
    for path in tree.paths():
        content = tree.bytes_of(path) or b""
        if all(word in content for word in needed):
            text = tree.read(path)
            if text is not None and pattern.search(plain(text)):
                return path
    return None


def held(text: str, template: Template) -> bool:
    """Whether a text holds a message, anything in its placeholders and numbers."""
    return _wild(template).search(plain(text)) is not None


def plain(source: str) -> str:
    """Return source text with implicit concatenation joined, no backslashes, and single spaces."""
    return plain_spaces(_ESCAPED_SPACE.sub(" ", _JOINT.sub("", source)))


def kindred(
    tree: Tree, message: Message, path: str, besides: Sequence[Template]
) -> tuple[str | None, str | None]:
    """Return a base message of the same speaker and package with the same skeleton, and one alike.

    ``besides`` are texts that count as neither, for gold replaces them.
    """
    mine = skeleton_of(message.template)
    known = {template.text for template in besides}
    alike = None
    for where, other in _of_speaker(tree, message, path):
        if other.template.text in known:
            continue
        theirs = skeleton_of(other.template)
        said = f"{where}:{other.line}: {other.template.text}"
        if theirs == mine:
            return said, alike
        near = SequenceMatcher(None, mine, theirs, autojunk=False).ratio() >= _ALIKE
        if near and alike is None and min(len(mine), len(theirs)) >= _LONG:
            alike = said
    return None, alike


def _of_speaker(tree: Tree, message: Message, path: str) -> Iterator[tuple[str, Message]]:
    """Yield the messages of one exception in a package, from files that hold one of like words."""
    package = _package(path)
    speaker = message.speaker.rsplit(".", 1)[-1]
    spoken = re.compile(rb"\b%s\b(?=([\s\S]{0,%d}))" % (re.escape(speaker).encode(), _WINDOW))
    mine = {word.lower().encode() for word in _rare(message.template)}
    for other in tree.paths():
        if not other.startswith(package) or _kind(other) != _kind(path) or is_test_path(other):
            continue
        content = (tree.bytes_of(other) or b"").replace(b"\\", b"")
        if speaker.encode() not in content:
            continue
        windows = (found.group(1).lower() for found in spoken.finditer(content))
        if any(sum(word in window for word in mine) * 2 > len(mine) for window in windows):
            for each in messages_in(other, tree.read(other) or ""):
                if each.speaker.rsplit(".", 1)[-1] == speaker:
                    yield other, each


def _kind(path: str) -> str:
    return path.rpartition(".")[2]


def _package(path: str) -> str:
    folders = path.split("/")[:-1]
    depth = 2 if folders[:1] in (["src"], ["lib"]) else 1
    return "".join(f"{folder}/" for folder in folders[:depth])


def _rare(template: Template) -> list[str]:
    return [word for run in template.runs for word in words(run.text) if len(word) >= _LONG] or [
        word for run in template.runs for word in words(run.text)
    ]


def _wild(template: Template) -> re.Pattern[str]:
    text = "".join(
        plain_spaces(part.text) if isinstance(part, Run) else GAP for part in template.parts
    ).strip(f" {GAP}")
    pieces = [re.escape(piece) for piece in _NUMBER.sub("\1", text).split(GAP)]
    return re.compile(".{0,80}?".join(pieces).replace("\1", r"\d[\d.]*"))


def plain_spaces(text: str) -> str:
    """Return a text with single spaces and no backslashes."""
    return re.sub(r"\s+", " ", text.replace("\\", ""))
