"""Values that a statement gives in its prose: `old` is wrong, `new` is right; a wanted path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.replacing import Replacement, Source
from swe_audit.statements import doubt_in, says_wanted, sentences_of

_INLINE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_HOME = re.compile(r"^(?:\$HOME|\$\{HOME\}|~)/(?P<rest>[\w.<>{}/-]+)$")
_NAMED = re.compile(
    r"^[<{](?:PROGRAM|APP|APPLICATION|PROJECT|PACKAGE)?_?(?:NAME)?[>}]$", re.IGNORECASE
)
_JOINED = r"os\.path\.join\((?P<home>\w*(?:HOME|home)\w*), (?P<quote>['\"]){old}(?P=quote)\)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A replacement with the sentence that gives it, its literal, and what takes it back."""

    replacement: Replacement
    sentence: str
    literal: str
    doubt: str = ""


def literals(statement: str, repo: str, sources: Sequence[Source]) -> Iterator[Stated]:
    """Yield what inline literals of the statement replace in the sources of the task."""
    sentences = sentences_of(statement)
    spans = [[m[2].strip() for m in _INLINE.finditer(sentence)] for sentence in sentences]
    seen_paths = False
    for index, sentence in enumerate(sentences):
        before = [old for group in spans[max(0, index - 3) : index] for old in group]
        for at, literal in enumerate(spans[index]):
            olds = [*before, *spans[index][:at]]
            path = _path(literal, repo)
            if path and not seen_paths:
                found = _home_path(path, [*[o for g in spans[:index] for o in g], *olds], sources)
            elif says_wanted(sentence) and not path:
                found = _value(literal, olds[::-1], sources)
            else:
                continue
            if found is not None:
                seen_paths = seen_paths or bool(path)
                doubt = doubt_in(sentence, *sentences[index + 1 : index + 2])
                yield Stated(replacement=found, sentence=sentence, literal=literal, doubt=doubt)


def _value(new: str, olds: Sequence[str], sources: Sequence[Source]) -> Replacement | None:
    """Replace a piece of code that stands once in the sources, by the literal given for it."""
    if not re.search(r"['\"]", new) or len(new) < 4:
        return None
    for old in olds:
        if old == new or len(old) < 4 or not re.search(r"['\"]", old):
            continue
        if old.count('"') != new.count('"') or old.count("'") != new.count("'"):
            continue
        holders = [source for source in sources if old in source.text]
        if len(holders) == 1 and holders[0].text.count(old) == 1:
            return _substituted(holders[0], holders[0].text.index(old), len(old), new, "literal")
    return None


def _path(literal: str, repo: str) -> tuple[str, ...]:
    """The parts of a path below the home directory, a placeholder being the program's name."""
    match = _HOME.match(literal)
    if match is None:
        return ()
    program = repo.split("/")[-1]
    parts = [program if _NAMED.match(part) else part for part in match["rest"].split("/") if part]
    return tuple(parts) if not any(set("<>{}") & set(part) for part in parts) else ()


def _home_path(
    parts: tuple[str, ...], olds: Sequence[str], sources: Sequence[Source]
) -> Replacement | None:
    """Replace a directory of the home directory that the statement names, by the wanted one."""
    for old in dict.fromkeys(olds):
        if not old.startswith("."):
            continue
        rule = re.compile(_JOINED.format(old=re.escape(old)))
        found = [(s, m) for s in sources for m in rule.finditer(s.text)]
        if len(found) == 1:
            source, match = found[0]
            quote = match["quote"]
            tail = ", ".join(f"{quote}{part}{quote}" for part in parts)
            new = f"os.path.join({match['home']}, {tail})"
            return _substituted(source, match.start(), len(match[0]), new, "path")
    return None


def _substituted(source: Source, start: int, length: int, new: str, what: str) -> Replacement:
    text = source.text[:start] + new + source.text[start + length :]
    line = source.text.count("\n", 0, start) + 1
    return Replacement(
        path=source.path, line=line, before=source.lines[line - 1], text=text, what=what
    )
