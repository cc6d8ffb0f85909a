"""Each construction's examples come out as they say."""

from __future__ import annotations

from difflib import SequenceMatcher

import fakes
import pytest

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.alternatives.constructions.examples import EXAMPLES
from swe_audit.alternatives.constructions.languages.syntax import is_readable, read
from swe_audit.alternatives.ground import Ground
from swe_audit.formats.trees import difference, patched
from swe_audit.model.construction import Refused, Site
from swe_audit.model.tree import Tree
from swe_audit.workshop import all_compile, candidate_patch, edited, ground_of, mirrored_tests


def trees(example):
    base = Tree({example.module: example.base.encode(), **{p: t.encode() for p, t in example.more}})
    gold = base.with_files({example.module: example.gold, **dict(example.gold_more)})
    return base, gold, base.with_files({example.tests: example.test or "pass\n"})


def changed_lines(before, after):
    old, new = before.splitlines(), after.splitlines()
    changes = [
        change
        for change in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    added = {line + 1 for _, _, _, j1, j2 in changes for line in range(j1, j2)}
    return frozenset(added), tuple(line for _, i1, i2, *_ in changes for line in old[i1:i2])


def ground_for(example):
    """What ``ground_of`` makes of the example's patches, without git."""
    base, gold, tests = trees(example)
    lines = {path: changed_lines(base.read(path) or "", gold.read(path)) for path in gold.changed}
    return Ground(
        task=fakes.make_task(statement=example.statement),
        base=base,
        gold=gold,
        tests=tests,
        added={path: new for path, (new, _) in lines.items()},
        removed={path: old for path, (_, old) in lines.items()},
        test_paths=(example.tests,),
    )


def found(example, ground):
    each = list(CONSTRUCTIONS[example.kind](ground))
    sites = [one for one in each if isinstance(one, Site)]
    return sites, [one for one in each if isinstance(one, Refused)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind.value}: {e.name}")
def test_an_example_comes_out_as_it_says(example):
    ground = ground_for(example)
    sites, refused = found(example, ground)
    if example.refused is not None:
        assert example.refused in [each.reason for each in refused]
    if example.after is None:
        assert sites == []
        return
    (site,) = sites
    after = edited(ground.gold, site.edits, site.moves)
    assert after.read(example.module) == example.after
    for path, text in example.after_more:
        assert after.read(path) == text
    expected = example.test if example.mirror is None else example.mirror
    assert edited(ground.tests, site.mirror).read(example.tests) == (expected or "pass\n")
    assert all_compile(after, [example.module, *dict(example.after_more)])
    assert not is_readable(example.module) or read(example.module, example.after) is not None


@pytest.mark.parametrize("kind", sorted({example.kind for example in EXAMPLES}))
def test_an_example_of_each_kind_becomes_patches_that_apply(kind):
    example = next(one for one in EXAMPLES if one.kind is kind and one.after is not None)
    base, gold, tests = trees(example)
    task = fakes.make_task(
        statement=example.statement,
        gold_patch=difference(base, gold, gold.changed),
        test_patch=difference(base, tests, tests.changed),
    )
    ground = ground_of(task, base)
    assert ground.added == ground_for(example).added
    (site,), _ = found(example, ground)
    candidate = patched(base, candidate_patch(ground, [site]))
    assert candidate.read(example.module) == example.after
    assert patched(base, mirrored_tests(ground, [site])).read(example.tests) == (
        example.mirror or example.test or "pass\n"
    )


@pytest.mark.parametrize("kind", sorted({example.kind for example in EXAMPLES}))
def test_every_construction_ships_what_it_changes_and_what_it_leaves(kind):
    mine = [example for example in EXAMPLES if example.kind is kind]
    assert any(example.after is not None for example in mine)
    assert any(example.after is None for example in mine)
