"""Candidates that the statement itself gives: code, diffs and literal values that it prescribes.

Only what is given as the wanted fix or result becomes a candidate. What its author calls a test,
an experiment or a workaround, or takes back nearby, carries evidence of kind ``needs_review``.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import hashlib
import re
import symtable
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from swe_audit.alternatives.ground import Draft, Ground
from swe_audit.alternatives.replacing import (
    Replacement,
    Source,
    added_method,
    replaced_definition,
    replaced_header,
    replaced_run,
    replaced_statement,
    replaced_string,
    sources_of,
)
from swe_audit.alternatives.stated_diffs import applied
from swe_audit.alternatives.stated_literals import literals
from swe_audit.alternatives.syntax import FUNCTIONS, is_elided, parse, same_code
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.model.finding import Evidence
from swe_audit.model.paths import is_source_path
from swe_audit.statements import Block, BlockKind, blocks, doubt_about, is_wanted

NEEDS_REVIEW = "needs_review"
STATEMENT = "statement"
_SEVERAL = Evidence(
    kind=NEEDS_REVIEW, text="the statement gives several changes; each is tried on its own"
)
_PAIR = 0.4
"""How similar a block must be to the earlier one that it is given for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prescription:
    """What one place of the statement prescribes, as whole files, with its words."""

    replacements: tuple[Replacement, ...]
    sentence: str
    given: str
    doubt: str
    line: int | None = None

    @property
    def files(self) -> dict[str, str]:
        """The files as they become, by path."""
        return {each.path: each.text for each in self.replacements}


def statement_drafts(ground: Ground) -> Iterator[Draft]:
    """Yield the candidates that the statement gives, none that equals base or gold.

    A piece of code that uses names which the base tree does not have is left out: it is part of
    a larger change that the statement only describes.
    """
    sources = sources_of(ground)
    if not sources:
        return
    found: dict[str, _Prescription] = {}
    for each in _prescriptions(ground, sources):
        if all(_is_news(ground, r) for r in each.replacements) and not _is_gold(ground, each):
            found.setdefault(_digest(each.files), each)
    for digest, each in found.items():
        several = (_SEVERAL,) if len(found) > 1 else ()
        yield Draft(
            name=f"statement-{digest}",
            kind=CandidateKind.ALTERNATIVE,
            provenance=Provenance.STATEMENT,
            files=each.files,
            rationale=f"the statement gives it: {each.sentence}",
            evidence=(*_evidence(each), *several),
        )


def _prescriptions(ground: Ground, sources: Sequence[Source]) -> Iterator[_Prescription]:
    statement = ground.task.statement
    found = blocks(statement)
    for index, block in enumerate(found):
        if not is_wanted(block):
            continue
        replacements = _replacements(block, found[:index], sources)
        if replacements:
            yield _Prescription(
                replacements=replacements,
                sentence=block.lead,
                given=block.text,
                doubt=doubt_about(statement, block),
                line=block.line,
            )
    for stated in literals(statement, ground.task.repo, sources):
        yield _Prescription(
            replacements=(stated.replacement,),
            sentence=stated.sentence,
            given=stated.literal,
            doubt=stated.doubt,
        )


def _replacements(
    block: Block, earlier: Sequence[Block], sources: Sequence[Source]
) -> tuple[Replacement, ...]:
    if block.kind is BlockKind.DIFF:
        return applied(block.text, sources)
    if block.kind not in (BlockKind.CODE, BlockKind.OUTPUT) or _is_session(block):
        return ()
    definitions = _definitions(block, sources)
    if definitions is not None:
        return definitions
    for before in reversed(earlier[-3:]):
        if _ratio(before.text, block.text) >= _PAIR:
            runs = [r for s in sources if (r := replaced_run(s, before.text, block.text))]
            if len(runs) == 1:
                return (runs[0],)
    for rule in (replaced_string, replaced_header, replaced_statement):
        results = [r for source in sources if (r := rule(source, block.text)) is not None]
        if results:
            return (results[0],) if len(results) == 1 else ()
    return ()


def _definitions(block: Block, sources: Sequence[Source]) -> tuple[Replacement, ...] | None:
    """What the functions and classes of a block replace; None where it defines nothing."""
    code = textwrap.dedent(block.text)
    tree = parse(code)
    if tree is None or not any(isinstance(n, (*FUNCTIONS, ast.ClassDef)) for n in tree.body):
        return None
    current = {source.path: source for source in sources}
    done: dict[str, Replacement] = {}
    for owner, node in _given(tree):
        if is_elided(node):
            return ()
        inside = owner or _class_in(block.lead, current.values())
        results = [r for s in current.values() if (r := replaced_definition(s, node, code, inside))]
        if not results and inside and re.search(r"\badd", block.lead):
            results = [r for s in current.values() if (r := added_method(s, node, code, inside))]
        if len(results) != 1:
            continue
        one = results[0]
        current[one.path] = Source(path=one.path, text=one.text)
        done[one.path] = one
    return tuple(done.values())


def _given(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, FUNCTIONS):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, FUNCTIONS):
                    yield node.name, member


def _class_in(lead: str, sources: Iterable[Source]) -> str:
    """The one class of the sources that a sentence names, empty where it names none or several."""
    named: set[str] = set()
    for source in sources:
        for node in ast.walk(parse(source.text) or ast.Module(body=[], type_ignores=[])):
            if isinstance(node, ast.ClassDef) and re.search(rf"\b{node.name}\b", lead):
                named.add(node.name)
    return named.pop() if len(named) == 1 else ""


def _is_session(block: Block) -> bool:
    return bool(re.search(r"^\s*(?:>>> |In \[\d+\]:|\$ )", block.text, re.MULTILINE))


def _is_news(ground: Ground, replacement: Replacement) -> bool:
    """Whether a file differs from base in code, compiles, and uses only what base knows."""
    base = ground.base.read(replacement.path) or ""
    new, old = parse(replacement.text), parse(base)
    if new is None or old is None or same_code(new, old):
        return False
    if not _free(replacement.text) <= _free(base):
        return False
    return not any(
        name not in base and not ground.base.containing(name)
        for name in _members(new) - _members(old)
    )


def _is_gold(ground: Ground, each: _Prescription) -> bool:
    """Whether the files become what gold makes them, and gold changes no other source."""
    files = each.files
    others = {*ground.added, *ground.removed} - set(files)
    if any(is_source_path(path) for path in others):
        return False
    return all(_equals(ground.gold.read(path), text) for path, text in files.items())


def _digest(files: dict[str, str]) -> str:
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:8]


def _free(text: str) -> set[str]:
    """The names that some scope of a module reads and neither it nor Python binds."""
    module = symtable.symtable(text, "module.py", "exec")
    bound = {s.get_name() for s in module.get_symbols() if s.is_assigned() or s.is_imported()}
    bound |= {s.get_name() for s in module.get_symbols() if s.is_namespace()}
    bound |= {*dir(builtins), "__file__", "__path__", "__class__"}
    read: set[str] = set()
    tables = [module]
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        for symbol in table.get_symbols():
            if symbol.is_referenced() and (symbol.is_global() or table is module):
                read.add(symbol.get_name())
            elif symbol.is_declared_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
    return read - bound


def _members(tree: ast.AST) -> set[str]:
    """The attributes that code reads, and does not set or define itself."""
    attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    made = {node.attr for node in attributes if not isinstance(node.ctx, ast.Load)}
    made |= {n.name for n in ast.walk(tree) if isinstance(n, (*FUNCTIONS, ast.ClassDef))}
    return {node.attr for node in attributes} - made


def _equals(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    a, b = parse(one), parse(other)
    return one == other or (a is not None and b is not None and same_code(a, b))


def _evidence(each: _Prescription) -> Iterator[Evidence]:
    yield Evidence(kind=STATEMENT, text=each.sentence, line=each.line)
    yield Evidence(kind="given", text=each.given)
    for one in each.replacements:
        yield Evidence(kind="replaces", text=one.before, path=one.path, line=one.line)
    if each.doubt:
        yield Evidence(kind=NEEDS_REVIEW, text=each.doubt)


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
