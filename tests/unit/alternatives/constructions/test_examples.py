"""Each construction's examples come out as they say."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.alternatives.constructions.examples import EXAMPLES, MODULE, TESTS
from swe_audit.formats.trees import difference
from swe_audit.model.construction import Refused, Site
from swe_audit.model.tree import Tree
from swe_audit.workshop import candidate_patch, compiles, edited, ground_of, mirrored_tests


def ground_for(example):
    base = Tree({MODULE: example.base.encode(), **{p: t.encode() for p, t in example.more}})
    gold = base.with_files({MODULE: example.gold, **dict(example.gold_more)})
    tests = base.with_files({TESTS: example.test or "pass\n"})
    task = fakes.make_task(
        statement=example.statement,
        gold_patch=difference(base, gold, gold.changed),
        test_patch=difference(base, tests, tests.changed),
    )
    return ground_of(task, base)


def made(example):
    ground = ground_for(example)
    found = list(CONSTRUCTIONS[example.kind](ground))
    sites = [each for each in found if isinstance(each, Site)]
    return ground, sites, [each for each in found if isinstance(each, Refused)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind.value}: {e.name}")
def test_an_example_comes_out_as_it_says(example):
    ground, sites, refused = made(example)
    if example.refused is not None:
        assert example.refused in [each.reason for each in refused]
    if example.after is None:
        assert sites == []
        return
    (site,) = sites
    after = edited(ground.gold, site.edits, site.moves)
    assert after.read(MODULE) == example.after
    for path, text in example.after_more:
        assert after.read(path) == text
    expected = example.test if example.mirror is None else example.mirror
    assert edited(ground.tests, site.mirror).read(TESTS) == (expected or "pass\n")
    assert compiles(after, [MODULE, *dict(example.after_more)])
    assert candidate_patch(ground, [site])
    assert mirrored_tests(ground, [site])


def test_every_construction_ships_what_it_changes_and_what_it_refuses():
    for kind in {example.kind for example in EXAMPLES}:
        mine = [example for example in EXAMPLES if example.kind is kind]
        assert any(example.after is not None for example in mine), kind
