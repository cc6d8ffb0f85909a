"""Names that gold introduces, that the tests use, and that the statement does not name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from swe_audit.model.finding import Evidence
from swe_audit.screening.changes import FileChange, Line, words_of
from swe_audit.screening.facts import Facts, Named, Role
from swe_audit.screening.ground import Ground, Read
from swe_audit.screening.nouns import Signal, SignalKind
from swe_audit.screening.other_code import read_lines
from swe_audit.statements import Mention, mention

_STRENGTH = {Mention.NONE: 1.0, Mention.QUOTED: 0.9, Mention.PROSE: 0.3, Mention.NAMED: 0.0}
_KEYWORD_STRENGTH = {
    Mention.NONE: 1.0,
    Mention.QUOTED: 0.9,
    Mention.PROSE: 0.7,
    Mention.NAMED: 0.3,
}
_OWNER = re.compile(r"\b(?:class|def)\s+(\w+)")
_SHORTEST = 3
_ROLES = frozenset(Role) - {Role.LOCAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduced:
    """A name that gold introduces, where, and where the tests use it."""

    name: str
    role: Role
    path: str
    line: int
    test_path: str
    test_line: int


def name_signals(ground: Ground) -> Iterator[Signal]:
    """Yield a signal for each introduced name that tests use and the statement leaves open."""
    found = list(introduced(ground))
    in_base = ground.base.holds({each.name for each in found}) if ground.base else {}
    for each in found:
        kind, line = mention(ground.task.statement, each.name)
        strength = _STRENGTH[kind]
        evidence = [
            Evidence(kind="introduced", text=each.role.value, path=each.path, line=each.line),
            Evidence(
                kind="used",
                text=_text(ground, each.test_path, each.test_line),
                path=each.test_path,
                line=each.test_line,
            ),
        ]
        if line:
            evidence.append(Evidence(kind=f"statement_{kind.value}", text=line[:200]))
        if each.name in in_base:
            strength *= 0.3
            evidence.append(Evidence(kind="in_base", text=each.name, path=in_base[each.name]))
        elif ground.base is not None:
            evidence.append(Evidence(kind="absent_from_base", text=each.name))
            near = _predicted(ground, ground.base.siblings(each.name))
            if near:
                strength *= 0.5
                evidence.append(Evidence(kind="siblings", text=", ".join(near)))
        if strength > 0:
            yield Signal(
                kind=SignalKind.UNSTATED_NAME,
                detail=each.name,
                strength=strength,
                evidence=tuple(evidence),
            )


def _predicted(ground: Ground, families: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The siblings that predict a name: the statement has what they do not."""
    for rest, names in families.items():
        if mention(ground.task.statement, rest)[0] in (Mention.PROSE, Mention.NAMED):
            return names
    return ()


def introduced(ground: Ground) -> Iterator[Introduced]:
    """Yield each name that gold introduces as far as the patch shows, and that new tests use."""
    seen: set[str] = set()
    own = _own(ground)
    for read in ground.gold:
        for named in (*read.facts.defined, *_module(read.change.path, new=read.change.new)):
            name = named.name
            if name in seen or not _could_matter(ground, named, own):
                continue
            seen.add(name)
            use = _use(ground, named)
            if use is not None:
                yield Introduced(
                    name=name,
                    role=named.role,
                    path=read.change.path,
                    line=named.line,
                    test_path=use[0],
                    test_line=use[1],
                )


def _own(ground: Ground) -> set[str]:
    """The names that the tests define for themselves."""
    return {
        each.name
        for read in ground.tests
        for each in read.facts.defined
        if each.role not in (Role.ATTRIBUTE, Role.KEY, Role.PARAMETER)
    }


def _could_matter(ground: Ground, named: Named, own: set[str]) -> bool:
    name = named.name
    if len(name) < _SHORTEST or named.role not in _ROLES or name.startswith("__"):
        return False
    if named.role is not Role.PARAMETER and (name in ground.gold_base or name in own):
        return False
    return name not in ground.test_base


def _module(path: str, *, new: bool) -> tuple[Named, ...]:
    stem = PurePosixPath(path).stem
    usable = new and stem.isidentifier() and stem not in ("index", "main")
    return (Named(stem, Role.MODULE, 1),) if usable else ()


def _use(ground: Ground, named: Named) -> tuple[str, int] | None:
    """Where the tests use a name in a way that its role can meet."""
    for read in ground.tests:
        facts = read.facts
        if named.role is Role.PARAMETER:
            line = facts.keywords.get(named.name)
        elif named.role is Role.KEY:
            line = next((t.line for t in facts.texts if t.text == named.name), None)
        elif named.role is Role.ATTRIBUTE:
            line = facts.attributes.get(named.name) or facts.keywords.get(named.name)
            if line is None and not read.change.path.endswith(".py"):
                line = facts.used.get(named.name)
        else:
            line = facts.used.get(named.name)
            if line is None:
                line = next(
                    (at for target, at in facts.mocked.items() if named.name in target.split(".")),
                    None,
                )
        if line is not None:
            return read.change.path, line
    return None


def private_signals(ground: Ground) -> Iterator[Signal]:
    """Yield the private names that new test lines reach into and the statement does not name."""
    seen: set[str] = set()
    own = _own(ground)
    for read in ground.tests:
        facts = read.facts
        targets = {part: line for t, line in facts.mocked.items() for part in t.split(".")}
        for name, line in {**facts.imported, **facts.attributes, **targets}.items():
            private = name.startswith("_") and not name.startswith("__") and len(name) > _SHORTEST
            if not private or name in seen or name in own or name in ground.test_base:
                continue
            seen.add(name)
            kind, said = mention(ground.task.statement, name)
            if kind is Mention.NAMED:
                continue
            evidence = [_used(ground, read.change.path, line)]
            if said:
                evidence.append(Evidence(kind=f"statement_{kind.value}", text=said[:200]))
            yield Signal(
                kind=SignalKind.PRIVATE_NAME,
                detail=name,
                strength=_STRENGTH[kind],
                evidence=tuple(evidence),
            )


def mock_signals(ground: Ground) -> Iterator[Signal]:
    """Yield what new test lines replace by its name, where the statement does not name it."""
    seen: set[str] = set()
    for read in ground.tests:
        for target, line in read.facts.mocked.items():
            name = target.rsplit(".", 1)[-1]
            if name in seen or name in ground.test_base or name.startswith("_"):
                continue
            seen.add(name)
            kind, _ = mention(ground.task.statement, name)
            if _STRENGTH[kind] > 0:
                yield Signal(
                    kind=SignalKind.MOCKED_NAME,
                    detail=target,
                    strength=_STRENGTH[kind],
                    evidence=(_used(ground, read.change.path, line),),
                )


def signature_signals(ground: Ground) -> Iterator[Signal]:
    """Yield the functions whose signature gold changes and that tests call in another way.

    Told by the calls that the test patch replaces: the same function with more or fewer
    positional arguments, or with a keyword that gold introduces.
    """
    changed = {
        named.name: (read.change.path, named.line)
        for read in ground.gold
        for named in read.facts.defined
        if named.role is Role.FUNCTION and named.name in ground.gold_base
    }
    seen: set[str] = set()
    for read in ground.tests:
        before = _removed_calls(read.change)
        for call in read.facts.calls:
            counts = before.get(call.name)
            if call.name not in changed or call.name in seen or not counts:
                continue
            if call.positional in counts:
                continue
            seen.add(call.name)
            path, line = changed[call.name]
            yield Signal(
                kind=SignalKind.SIGNATURE,
                detail=call.name,
                evidence=(
                    Evidence(kind="changed", text=call.name, path=path, line=line),
                    _used(ground, read.change.path, call.line),
                ),
            )


def _removed_calls(change: FileChange) -> dict[str, set[int]]:
    """How many positional arguments the removed calls of each function have."""
    facts = Facts()
    read_lines(
        [Line(number, text, added=True) for number, text in change.removed()],
        change.language,
        facts,
    )
    counts: dict[str, set[int]] = {}
    for call in facts.calls:
        counts.setdefault(call.name, set()).add(call.positional)
    return counts


def keyword_signals(ground: Ground) -> Iterator[Signal]:
    """Yield keywords that gold adds to a function or class and with which tests call just that.

    The name alone may stand elsewhere, in base or in the statement: what is new is that this
    function takes it. Unless the statement names it, that is as good as a new name; where it
    does, it may have meant another place.
    """
    passed = {
        (call.name, keyword): (read.change.path, call.line)
        for read in ground.tests
        for call in read.facts.calls
        for keyword in call.keywords
    }
    seen: set[str] = set()
    for read in ground.gold:
        for owner, named in _parameters(read):
            name = named.name
            use = passed.get((owner, name))
            if use is None or name in seen:
                continue
            seen.add(name)
            kind, said = mention(ground.task.statement, name)
            evidence = [
                Evidence(kind="changed", text=owner, path=read.change.path, line=named.line),
                _used(ground, *use),
            ]
            if said:
                evidence.append(Evidence(kind=f"statement_{kind.value}", text=said[:200]))
            yield Signal(
                kind=SignalKind.SIGNATURE,
                detail=name,
                strength=_KEYWORD_STRENGTH[kind],
                evidence=tuple(evidence),
            )


def _parameters(read: Read) -> Iterator[tuple[str, Named]]:
    """Yield the parameters that gold seems to add, each with what it may belong to."""
    names = [n for n in read.facts.defined if n.role is Role.PARAMETER] + read.facts.loose
    if not names or not read.change.path.endswith(".py"):
        return
    for hunk in read.change.hunks:
        known = {word for _, text in hunk.removed for word in words_of(text)}
        owners = _OWNER.findall(hunk.heading)
        inside = {line.number for line in hunk.after if line.added}
        for line in hunk.after:
            owners += _OWNER.findall(line.text)
            if line.number in inside:
                for named in names:
                    if named.line == line.number and named.name not in known:
                        yield from ((owner, named) for owner in owners)


def _used(ground: Ground, path: str, line: int) -> Evidence:
    return Evidence(kind="used", text=_text(ground, path, line), path=path, line=line)


def _text(ground: Ground, path: str, number: int) -> str:
    for read in ground.tests:
        if read.change.path == path:
            for line in read.change.added():
                if line.number == number:
                    return line.text.strip()[:200]
    return ""
