"""Make alternatives of a task from its trees: find free details, make patches that change them.

The trees come from the task's image or from a git clone; nothing here needs a container.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import PatchSet

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.alternatives.constructions.languages.syntax import is_installed, is_readable
from swe_audit.alternatives.ground import Ancestry, Draft, Ground
from swe_audit.alternatives.mirroring import renamed_tests
from swe_audit.alternatives.syntax import compiles
from swe_audit.errors import InputError
from swe_audit.formats.patches import changed_files
from swe_audit.formats.trees import difference, patched
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.construction import ConstructionKind, Edit, Refused, Site, Survey
from swe_audit.model.paths import is_test_path
from swe_audit.model.task import Task
from swe_audit.model.tree import Tree
from swe_audit.planning import Wanted


def ground_of(
    task: Task,
    base: Tree,
    ancestry: Mapping[tuple[str, str], Ancestry] | None = None,
    installed: frozenset[str] | None = None,
) -> Ground:
    """Return a task's trees with what gold adds and removes outside the graded tests.

    Raise ``InputError`` where gold or the test patch does not apply to the base tree.
    """
    gold = patched(base, task.gold_patch)
    tests = patched(base, task.test_patch)
    graded = _touched(task.test_patch)
    added: dict[str, frozenset[int]] = {}
    removed: dict[str, tuple[str, ...]] = {}
    for path, (new, old) in _changed_lines(task.gold_patch).items():
        if path not in graded and not is_test_path(path):
            added[path], removed[path] = new, old
    return Ground(
        task=task,
        base=base,
        gold=gold,
        tests=tests,
        added=added,
        removed=removed,
        test_paths=_test_paths(tests, graded),
        ancestry=ancestry or {},
        installed=installed,
    )


def survey_of(ground: Ground, kinds: Iterable[ConstructionKind] = tuple(CONSTRUCTIONS)) -> Survey:
    """Return every free detail of gold that some construction can change, and every refusal."""
    sites: dict[str, Site] = {}
    refused: list[Refused] = []
    for kind in kinds:
        for found in CONSTRUCTIONS[kind](ground):
            if isinstance(found, Refused):
                refused.append(found)
            elif kind is not ConstructionKind.NOISE:
                sites.setdefault(found.id, found)
    if not sites and not refused and not is_installed() and any(map(is_readable, ground.added)):
        return Survey(problem="gold is in a language that needs `swe-audit[languages]`")
    layers: list[tuple[str, ...]] = []
    left = list(sites.values())
    while left:
        layer = compatible(left)
        layers.append(tuple(site.id for site in layer))
        left = [site for site in left if site not in layer]
    return Survey(sites=tuple(sites.values()), refused=tuple(refused), layers=tuple(layers))


class Workshop:
    """Makes the constructions that a task's plan asks for, from its trees and its survey."""

    def __init__(self, ground: Ground, survey: Survey) -> None:
        self._ground = ground
        self._survey = survey
        self._sites = {site.id: site for site in survey.sites}

    @property
    def ground(self) -> Ground:
        """The trees; of a compact workshop only what gold, tests and constructions touch."""
        return self._ground

    def compact(self) -> Workshop:
        """Return a workshop with only those files that its constructions touch."""
        ground = self._ground
        task = ground.task
        paths = {*_touched(task.gold_patch), *_touched(task.test_patch)}
        for site in self._sites.values():
            paths |= {edit.path for edit in (*site.edits, *site.mirror)}
            paths |= {path for move in site.moves for path in move}
        small = replace(
            ground,
            base=_only(ground.base, paths),
            gold=_only(ground.gold, paths),
            tests=_only(ground.tests, paths),
            ancestry={},
            installed=None,
        )
        return Workshop(small, self._survey)

    def make(self, wanted: Wanted) -> Candidate:
        """Return gold with a group's details changed, or a control of it; the same each time."""
        sites = [site for id_, site in self._sites.items() if id_ in wanted.group]
        name = _name(sites)
        if wanted.control is None:
            return Candidate(
                instance_id=self._ground.task.instance_id,
                name=name,
                kind=CandidateKind.ALTERNATIVE,
                provenance=Provenance.CONSTRUCTION,
                patch=candidate_patch(self._ground, sites),
                rationale=_rationale(sites),
                sites=tuple(site.id for site in sites),
            )
        empty = wanted.control is Control.MIRROR_EMPTY
        return Candidate(
            instance_id=self._ground.task.instance_id,
            name=f"{'mirror-empty' if empty else 'mirror'}-{name}",
            kind=CandidateKind.CONTROL,
            provenance=Provenance.CONSTRUCTION,
            patch="" if empty else candidate_patch(self._ground, sites),
            rationale="no patch at all, under tests with the same details changed"
            if empty
            else f"{_rationale(sites)}, in the tests as well",
            sites=tuple(site.id for site in sites),
            test_patch=mirrored_tests(self._ground, sites),
            renamed_tests=renamed_tests(self._ground.task, sites),
            control=wanted.control,
        )

    def noise(self) -> Candidate | None:
        """Return gold without its docs and comments, None where it has none."""
        find = CONSTRUCTIONS.get(ConstructionKind.NOISE)
        sites = [s for s in (find(self._ground) if find else ()) if isinstance(s, Site)]
        patch = candidate_patch(self._ground, compatible(sites)) if sites else ""
        if not patch or patch == candidate_patch(self._ground, ()):
            return None
        return Candidate(
            instance_id=self._ground.task.instance_id,
            name="noise",
            kind=CandidateKind.CONTROL,
            provenance=Provenance.CONSTRUCTION,
            patch=patch,
            rationale="the reference patch without its docs, change log and comments",
            control=Control.NOISE,
        )

    def candidate(self, draft: Draft) -> Candidate:
        """Return the candidate of a draft, with its patch against base."""
        return Candidate(
            instance_id=self._ground.task.instance_id,
            name=draft.name,
            kind=draft.kind,
            provenance=draft.provenance,
            patch=draft_patch(self._ground, draft.files),
            rationale=draft.rationale,
            evidence_items=draft.evidence,
        )


def _only(tree: Tree, paths: Iterable[str]) -> Tree:
    content = {path: tree.bytes_of(path) for path in paths}
    return Tree({path: data for path, data in content.items() if data is not None})


def _name(sites: Sequence[Site]) -> str:
    if len(sites) == 1:
        return sites[0].id
    ids = " ".join(sorted(site.id for site in sites))
    return f"together-{hashlib.sha256(ids.encode()).hexdigest()[:8]}"


def _rationale(sites: Sequence[Site]) -> str:
    told = [f"{site.symbol} {site.detail!r} as {site.replacement!r}" for site in sites]
    return f"the reference patch with {'; '.join(told)}"


def compatible(sites: Sequence[Site]) -> tuple[Site, ...]:
    """Return those of the sites, earlier ones first, whose edits do not touch each other's."""
    taken: list[Edit] = []
    moved: set[str] = set()
    chosen = []
    for site in sites:
        edits = [*site.edits, *site.mirror]
        paths = {edit.path for edit in edits}
        clash = any(_overlap(edit, other) for edit in edits for other in taken)
        sources = {path for move in site.moves for path in move}
        if clash or paths & moved or sources & {edit.path for edit in taken}:
            continue
        taken.extend(edits)
        moved |= sources
        chosen.append(site)
    return tuple(chosen)


def candidate_patch(ground: Ground, sites: Sequence[Site]) -> str:
    """Return the patch against base that is gold with the details of some sites changed."""
    edits = [edit for site in sites for edit in site.edits]
    return edited_gold(ground, edits, [move for site in sites for move in site.moves])


def edited_gold(
    ground: Ground, edits: Iterable[Edit], moves: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the patch against base that is gold with some edits."""
    changed = edited(ground.gold, edits, moves)
    touched = {*_touched(ground.task.gold_patch), *changed.changed}
    return difference(ground.base, changed, touched)


def mirrored_tests(ground: Ground, sites: Sequence[Site]) -> str:
    """Return the test patch in which the same details are changed, against base."""
    return edited_tests(ground, [edit for site in sites for edit in site.mirror])


def edited_tests(ground: Ground, edits: Iterable[Edit]) -> str:
    """Return the task's test patch with some edits of the tests, against base."""
    changed = edited(ground.tests, edits)
    touched = {*_touched(ground.task.test_patch), *changed.changed}
    return difference(ground.base, changed, touched)


def draft_patch(ground: Ground, files: Mapping[str, str | None]) -> str:
    """Return the patch against base that lays whole files over it."""
    return difference(ground.base, ground.base.with_files(files), files)


def edited(tree: Tree, edits: Iterable[Edit], moves: Iterable[tuple[str, str]] = ()) -> Tree:
    """Apply edits, which must not overlap, then rename files."""
    by_path: dict[str, list[Edit]] = {}
    for edit in edits:
        by_path.setdefault(edit.path, []).append(edit)
    files: dict[str, str | bytes | None] = {}
    for path, mine in by_path.items():
        text = tree.read(path) or ""
        for edit in sorted(set(mine), key=lambda one: (one.start, one.end), reverse=True):
            text = text[: edit.start] + edit.text + text[edit.end :]
        files[path] = text
    for old, new in moves:
        content = files[old] if old in files else tree.bytes_of(old)
        files[new], files[old] = content, None
    return tree.with_files(files)


def all_compile(tree: Tree, paths: Iterable[str]) -> bool:
    """Whether the Python files among some paths can be compiled; others are not looked at."""
    texts = (tree.read(path) for path in paths if path.endswith(".py"))
    return all(text is None or compiles(text) for text in texts)


def _overlap(one: Edit, other: Edit) -> bool:
    if one == other or one.path != other.path:
        return False
    # Two insertions at one place, or an insertion at an edge, have no defined order.
    return one.start <= other.end and other.start <= one.end


def _touched(patch: str) -> frozenset[str]:
    if not patch.strip():
        return frozenset()
    return frozenset(p for change in changed_files(patch) for p in (change.old, change.new) if p)


def _changed_lines(patch: str) -> dict[str, tuple[frozenset[int], tuple[str, ...]]]:
    """Return, by path, the numbers of the lines that a patch adds and the text of those it removes.

    Raise ``InputError`` where the text is no diff.
    """
    try:
        files = PatchSet(patch)
    except UnidiffParseError as error:
        raise InputError(f"the gold patch is no diff: {error}") from error
    lines = {}
    for file in files:
        new = frozenset(
            line.target_line_no
            for hunk in file
            for line in hunk
            if line.is_added and line.target_line_no
        )
        old = tuple(line.value.rstrip("\n") for hunk in file for line in hunk if line.is_removed)
        lines[file.path] = (new, old)
    return lines


def _test_paths(tests: Tree, graded: frozenset[str]) -> tuple[str, ...]:
    """Return the graded files and the test-tree modules that these import, one step away."""
    found = set(graded)
    for path in graded:
        text = tests.read(path) if path.endswith(".py") else None
        if text is not None:
            found.update(_imported(tests, path, text))
    return tuple(sorted(path for path in found if path in tests))


def _imported(tests: Tree, path: str, text: str) -> Iterable[str]:
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    package = path.split("/")[:-1]
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            parts = [*start, *(node.module.split(".") if node.module else [])]
            roots = [parts] if node.level else [parts, [*package, *parts]]
            names = [
                [*root, *tail] for root in roots for tail in ([], *([a.name] for a in node.names))
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name.split(".") for alias in node.names]
        else:
            continue
        for parts in names:
            for candidate in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])):
                if candidate in tests and is_test_path(candidate):
                    yield candidate
    conftest = [*package, "conftest.py"]
    if "/".join(conftest) in tests:
        yield "/".join(conftest)
