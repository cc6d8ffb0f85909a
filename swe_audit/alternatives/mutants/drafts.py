"""Gold made wrong in one place, as drafts: dropped units first, then raising lines, then mutants.

Each is whole files laid over base, so that all else of gold stays. None equals gold or base in
code, each compiles, and no two are the same.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.mutants.idle import Idle, idle_stretches
from swe_audit.alternatives.mutants.raising import raised
from swe_audit.alternatives.mutants.units import Unit, dependents, is_within, units_of, without
from swe_audit.alternatives.syntax import FUNCTIONS, compiles, extent
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.construction import ConstructionKind, Refused
from swe_audit.model.finding import Evidence
from swe_audit.model.paths import is_source_path
from swe_audit.statements import names_file, names_function

DROPPED = "dropped"
MUTATED = "mutated"
RAISES = "raises"
NAMED = "named_by_statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wrong:
    """One way in which gold is made wrong: the changed files, and what to say of it."""

    name: str
    files: Mapping[str, str]
    rationale: str
    evidence: tuple[Evidence, ...]


def mutant_drafts(ground: Ground, *, seed: int, limit: int) -> Iterator[Draft]:
    """Yield at most ``limit`` incorrect candidates; the same seed gives the same ones.

    Half of the places at most go to dropped units and a quarter to raising lines; mutants, drawn
    by the seed from all that the operators make, take what is left. Raise ``UsageError`` before
    anything else where the extra ``mutants`` is not installed.
    """
    from swe_audit.alternatives.mutants.operators import require_operators

    require_operators()
    whole = _gold_files(ground)
    idle = idle_stretches(ground)
    seen = {_digest(ground, {}), _digest(ground, dict.fromkeys(whole))}
    given = 0
    for group, share in (
        (_drops(ground, idle), -(-limit // 2)),
        (_raises(ground, idle), limit // 4),
        (_mutants(ground, idle, seed), limit),
    ):
        taken = 0
        for wrong in group:
            if given == limit or taken == share:
                break
            digest = _digest(ground, wrong.files)
            if digest in seen or not all(map(compiles, wrong.files.values())):
                continue
            seen.add(digest)
            given, taken = given + 1, taken + 1
            yield Draft(
                name=wrong.name,
                kind=CandidateKind.INCORRECT,
                provenance=Provenance.MUTANT,
                files={**whole, **wrong.files},
                rationale=wrong.rationale,
                evidence=wrong.evidence,
            )


def mutant_refusals(ground: Ground) -> tuple[Refused, ...]:
    """Return the pieces of gold that are not made wrong: they never run where the task does."""
    units = units_of(ground, idle_stretches(ground))
    runs = [unit for unit in units if unit.whole and unit.idle]
    parts = [u for u in units if not u.whole and u.idle and not is_within(u, runs)]
    return tuple(
        Refused(
            kind=ConstructionKind.MUTANT,
            symbol="hunk" if unit.whole else "statement",
            detail=unit.text.strip().split("\n")[0],
            scope=unit.function,
            path=unit.path,
            line=unit.first,
            reason=unit.idle.reason,
            text=unit.idle.text,
        )
        for unit in (*runs, *parts)
        if unit.idle
    )


def _drops(ground: Ground, idle: Sequence[Idle]) -> Iterator[_Wrong]:
    units = units_of(ground, idle)
    for number, unit in enumerate(units, 1):
        group = dependents(unit, [u for u in units if u.whole == unit.whole])
        if unit.idle or any(each.returns for each in group):
            continue
        also = f", and {len(group) - 1} more that need it" if len(group) > 1 else ""
        kind = "hunk" if unit.whole else "statement"
        yield _Wrong(
            name=f"drop-{number}",
            files=without(ground, group),
            rationale=f"gold without one {kind}, {unit.path} line {unit.first}{also}",
            evidence=(
                *(Evidence(kind=DROPPED, text=u.text, path=u.path, line=u.first) for u in group),
                *_naming(ground, group),
            ),
        )


def _naming(ground: Ground, group: Sequence[Unit]) -> Iterator[Evidence]:
    """Where the statement names the file or the function that a dropped hunk lies in.

    A single statement of a hunk may be a mere precaution; of that nothing is said.
    """
    statement = ground.task.statement
    for unit in (each for each in group if each.whole):
        said = names_function(statement, unit.function) or names_file(statement, unit.path)
        if said:
            yield Evidence(kind=NAMED, text=said, path=unit.path, line=unit.first)
            return


def _raises(ground: Ground, idle: Sequence[Idle]) -> Iterator[_Wrong]:
    for path, text, added in _sources(ground, idle):
        for change in raised(text, added):
            yield _Wrong(
                name=f"raise-{_slug(path)}-{change.line}",
                files={path: change.text},
                rationale=f"{path} line {change.line} raises: does any required test execute it?",
                evidence=(Evidence(kind=RAISES, text=change.before, path=path, line=change.line),),
            )


def _slug(path: str) -> str:
    """The last two parts of a path as one word."""
    return "-".join(part.strip("_") for part in PurePosixPath(path).with_suffix("").parts[-2:])


def _mutants(ground: Ground, idle: Sequence[Idle], seed: int) -> Iterator[_Wrong]:
    from swe_audit.alternatives.mutants.operators import mutated  # imports a parser of its own

    every = [
        (path, change)
        for path, text, added in _sources(ground, idle)
        for change in mutated(text, added)
    ]
    random.Random(f"{seed}:{ground.task.instance_id}").shuffle(every)  # noqa: S311 - no secret
    met: Counter[tuple[str, int]] = Counter()
    ranked: list[tuple[int, int]] = []
    for place, (path, change) in enumerate(every):
        ranked.append((met[path, change.line], place))
        met[path, change.line] += 1
    # Each line once before any line twice.
    for _, place in sorted(ranked):
        path, change = every[place]
        said = f"{change.before} -> {change.after}"
        key = f"{path}:{change.line}:{said}"
        yield _Wrong(
            name=f"mutant-{hashlib.sha256(key.encode()).hexdigest()[:8]}",
            files={path: change.text},
            rationale=f"gold with {path} line {change.line} changed: {said}",
            evidence=(Evidence(kind=MUTATED, text=said, path=path, line=change.line),),
        )


def _sources(
    ground: Ground, idle: Sequence[Idle] = ()
) -> Iterator[tuple[str, str, frozenset[int]]]:
    """The Python sources that gold changes, with the lines that it adds, idle ones aside."""
    for path in sorted(ground.added):
        text = ground.gold.read(path)
        if text is not None and path.endswith(".py") and is_source_path(path):
            still = {line for one in idle if one.path == path for line in range(one.first, one.end)}
            yield path, text, ground.added[path] - still


def _gold_files(ground: Ground) -> dict[str, str | None]:
    """Every file that gold changes, as gold has it; None for one that it removes."""
    changed = [
        path
        for path in sorted({*ground.gold.changed, *ground.base.changed})
        if ground.gold.bytes_of(path) != ground.base.bytes_of(path)
    ]
    return {
        path: ground.gold.read(path)
        for path in changed
        if path not in ground.gold or ground.gold.read(path) is not None
    }


def _digest(ground: Ground, files: Mapping[str, str | None]) -> str:
    """Identity of gold with some files changed, in code; None stands for the file at base."""
    parts = []
    for path, text, _ in _sources(ground):
        new = files.get(path, text)
        parts.append(_bare(ground.base.read(path) if new is None else new))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _bare(text: str | None) -> str:
    """Code without comments, layout, imports, docstrings and annotations; else the text."""
    if text is None:
        return ""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    lines = text.split("\n")
    spans = (extent(node) for node in tree.body if not _says_nothing(node))
    return "\n".join(_bare_statement("\n".join(lines[first - 1 : end - 1])) for first, end in spans)


@functools.lru_cache(maxsize=4096)
def _bare_statement(text: str) -> str:
    """The same of one statement of a module; most are those of gold, so they are kept."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return text
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for s in body if not _says_nothing(s)]  # type: ignore[attr-defined]
        if isinstance(node, FUNCTIONS):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(value=None)
    return ast.dump(tree)


def _says_nothing(node: ast.AST) -> bool:
    """Whether a statement is an import, a docstring or another bare constant."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
