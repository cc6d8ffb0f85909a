"""A look into a real image: its tree, and what its own interpreter says of gold's classes."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.errors import EngineCallError
from swe_audit.formats.trees import difference
from swe_audit.model.tree import Tree

pytestmark = pytest.mark.alone
BASE = Tree({"a.py": b"A = 1\n"})
GOLD = "import collections\n\n\nclass Bag(collections.OrderedDict):\n    pass\n"


def test_the_tree_and_what_gold_inherits_come_out_of_the_image(isolation, tiny_image, nothing_left):
    task = fakes.make_task(gold_patch=difference(BASE, BASE.with_files({"a.py": GOLD}), ["a.py"]))
    found = isolation.study(task, tiny_image)
    assert sorted(found.tree.paths()) == ["a.py", "greeting.txt"]
    assert found.tree.read("a.py") == "A = 1\n", "the tree is base, whatever the probe looks at"
    bag = found.ancestry["a.py", "Bag"]
    assert bag.resolved
    assert "move_to_end" in bag.members
    assert "collections.OrderedDict" in bag.bases
    assert found.installed is not None
    assert {"sys", "collections"} <= found.installed
    assert "msvcrt" not in found.installed


def test_an_image_without_a_tree_is_said(isolation, base_image, nothing_left):
    with pytest.raises(EngineCallError, match="no git tree"):
        isolation.study(fakes.make_task(), base_image)
