"""Each rule says what it must of details that a solver could and could not know."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.alternatives.ground import Ancestry
from swe_audit.alternatives.licence import (
    convention,
    framework,
    hints,
    identity,
    lookups,
    statement,
)
from swe_audit.alternatives.licence.ancestors import ancestry
from swe_audit.alternatives.licence.codebase import Codebase, dotted_name, module_path
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.formats.trees import difference
from swe_audit.model.construction import RefusalReason
from swe_audit.model.finding import Confidence, Determinant
from swe_audit.model.tree import Tree
from swe_audit.workshop import ground_of


def codebase(files, known=None, **gold):
    base = Tree({path: text.encode() for path, text in files.items()})
    changed = gold or {"shop/new.py": "added = 1\n"}
    after = base.with_files({path.replace("__", "/") + "": text for path, text in changed.items()})
    task = fakes.make_task(gold_patch=difference(base, after, after.changed), test_patch="")
    return Codebase(ground_of(task, base, known))


def caps(outcome):
    assert not isinstance(outcome, Denied), outcome
    return [check.caps for check in outcome if check.caps is not None]


STATED = "Give `Cart` an option `tax_rate`."


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        (STATED, "tax_rate", RefusalReason.STATED),
        ("Add a timeout argument.", "timeout", RefusalReason.STATED),
    ],
)
def test_what_the_statement_names_is_denied(text, name, reason):
    found = statement.examine(text, name, owners=frozenset({"Shelf"}), in_base=True)
    assert isinstance(found, Denied)
    assert found.reason is reason


def test_a_word_of_prose_leaves_likely_and_a_missing_one_leaves_all():
    assert caps(statement.examine("There is no edit only view.", "edit_only")) == [
        Confidence.LIKELY
    ]
    assert caps(statement.examine("Totals are wrong.", "tax_rate")) == []


RADIO = (
    "A radio button should not present a blank option if blank=False on the model.\n"
    "    book = ForeignKey(Book, blank=False)\n"
)


def test_a_keyword_that_the_statement_gives_to_something_else_leaves_likely():
    owners = frozenset({"ChoiceField"})
    assert caps(statement.examine(RADIO, "blank", owners=owners, in_base=True)) == [
        Confidence.LIKELY
    ]


@pytest.mark.parametrize(
    ("text", "owners", "in_base"),
    [
        (RADIO, {"ChoiceField"}, False),
        (RADIO, {"ForeignKey"}, True),
        (RADIO + "ChoiceField could take it.", {"ChoiceField"}, True),
        (RADIO + "Add `blank` somewhere.", {"ChoiceField"}, True),
        ("A blank option is idiomatic.", {"ChoiceField"}, True),
    ],
)
def test_the_same_keyword_is_denied_where_the_statement_may_mean_ours(text, owners, in_base):
    found = statement.examine(text, "blank", owners=frozenset(owners), in_base=in_base)
    assert isinstance(found, Denied)


def test_siblings_with_its_beginning_and_the_statements_words_predict_a_name():
    siblings = ["transform_alpha", "transform_algorithm", "n_jobs"]
    told = "Lasso does not get max_iter."
    assert caps(convention.shared_prefix("transform_max_iter", siblings, told)) == [
        Confidence.SUSPECT
    ]
    assert caps(convention.shared_prefix("transform_max_steps", siblings, told)) == [
        Confidence.LIKELY
    ]
    assert caps(convention.shared_prefix("method_max_iter", siblings, told)) == []
    assert caps(convention.shared_prefix("transform_max_iter", siblings[1:], told)) == []


def test_a_sibling_of_the_same_name_predicts_it():
    (check,) = convention.same_name("classmethod", "PyMethod")
    assert (check.caps, check.determines) == (Confidence.SUSPECT, Determinant.CONVENTION)


def test_hints_are_recorded_and_take_nothing_away():
    (check,) = hints.examine("call it tax_rate", "tax_rate")
    assert (check.caps, check.determines) == (None, Determinant.HINT)
    (check,) = hints.examine("call it tax_rates", "tax_rate")
    assert check.determines is None


def test_a_name_of_another_scope_leaves_likely_and_a_word_in_text_leaves_all():
    code = codebase({"a.py": "def blank(): pass\n", "b.py": "# plain words\n", "c.rst": "odd\n"})
    assert caps(identity.examine(code, "blank", "x")) == [Confidence.LIKELY]
    assert caps(identity.examine(code, "plain", "x")) == []
    assert caps(identity.examine(code, "odd", "x")) == []
    assert caps(identity.examine(code, "nowhere", "x")) == []


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ('getattr(self, "visit_" + kind)', "visit_call", True),
        ('getattr(self, f"visit_{kind}")', "visit_call", True),
        ('getattr(self, "visit_%s" % kind)', "visit_call", True),
        ('getattr(self, "_eval_%s" % kind)', "_eval_power", True),
        ('getattr(self, "get_%s_display" % name)', "get_price_display", True),
        ('[n for n in dir(cls) if n.startswith("check_")]', "check_price", True),
        ('if text.startswith("check_"): return', "check_price", False),
        ('getattr(self, "visited")', "visit_call", False),
        ('log("visit_a", kind)', "visit_call", False),
    ],
)
def test_names_that_base_builds_are_known_by_their_beginning_or_end(text, word, found):
    code = codebase({"walk.py": f"{text}\n"})
    assert (lookups.built_names(code, word) is not None) is found


def test_names_that_only_tests_build_are_free():
    code = codebase({"tests/test_walk.py": 'getattr(self, "visit_" + kind)\n'})
    assert lookups.built_names(code, "visit_call") is None


def test_an_attribute_that_base_asks_for_by_a_string_is_looked_up():
    code = codebase({"a.py": 'getattr(find(x), "ready", None)\n', "b.py": 'log("steady")\n'})
    assert lookups.looked_up(code, "ready") == "a.py"
    assert lookups.looked_up(code, "steady") is None


@pytest.mark.parametrize(
    ("decorator", "registers"),
    [
        ("property", False),
        ("functools.lru_cache(maxsize=None)", False),
        ("total.setter", False),
        ("register.filter(is_safe=True)", True),
        ("pytest.hookimpl", True),
    ],
)
def test_a_decorator_that_may_register_a_name_is_seen(decorator, registers):
    assert (lookups.registered((decorator,)) is not None) is registers


TREE = {
    "shop/__init__.py": "from .base import *\n",
    "shop/base.py": "class Base:\n    def total(self):\n        self.hook()\n",
    "shop/money.py": "import argparse\nclass Args(argparse.ArgumentParser): pass\n",
    "shop/deep.py": "from shop import money\nclass Deep(money.Args): pass\n",
    "shop/cart.py": (
        "from shop import Base\nfrom shop.deep import Deep\nimport shop.base\n"
        "from elsewhere import Thing\n"
        "class A(Base): pass\nclass B(Deep): pass\nclass C(shop.base.Base): pass\n"
        "class D(Thing): pass\nclass E: pass\nclass F(dict): pass\n"
        "class G(with_metaclass(Meta, Base)): pass\n"
    ),
}


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("A", "total"),
        ("A", "hook"),
        ("B", "add_subparsers"),
        ("C", "total"),
        ("F", "get"),
        ("G", "hook"),
    ],
)
def test_ancestors_are_followed_through_the_tree_and_the_standard_library(name, member):
    found = ancestry(codebase(TREE), "shop/cart.py", name)
    assert found.resolved
    assert member in found.members


def test_a_base_that_nobody_can_see_is_unresolved_until_the_image_is_asked():
    found = framework.member(codebase(TREE), "shop/cart.py", "D", "tax")
    assert isinstance(found, Denied)
    assert found.reason is RefusalReason.UNRESOLVED_BASE
    known = {("shop/cart.py", "D"): Ancestry(bases=("elsewhere.Thing",), members=frozenset("ab"))}
    asked = codebase(TREE, known)
    assert caps(framework.member(asked, "shop/cart.py", "D", "tax")) == []
    inherited = framework.member(asked, "shop/cart.py", "D", "a")
    assert isinstance(inherited, Denied)
    assert inherited.reason is RefusalReason.FRAMEWORK
    overriding = framework.signature(asked, "shop/cart.py", "D.a", ())
    assert isinstance(overriding, Denied)
    assert overriding.reason is RefusalReason.UNKNOWN_CALLER


def test_a_member_that_a_class_below_has_is_denied():
    below = {**TREE, "shop/below.py": "from shop import Base\nclass Low(Base):\n    tax = 1\n"}
    assert isinstance(framework.member(codebase(below), "shop/base.py", "Base", "tax"), Denied)
    assert caps(framework.member(codebase(TREE), "shop/base.py", "Base", "tax")) == []


def test_base_asks_an_object_for_a_name_but_not_in_an_import_or_of_itself():
    asks = {**TREE, "shop/ask.py": "def f(x):\n    return x.tax\n"}
    assert isinstance(framework.member(codebase(asks), "shop/cart.py", "E", "tax"), Denied)
    own = {**TREE, "shop/ask.py": "import a.tax\nfrom a.tax import b\nself.tax = 1  # x.tax\n"}
    assert caps(framework.member(codebase(own), "shop/cart.py", "E", "tax")) == []


@pytest.mark.parametrize(
    ("path", "denied"),
    [
        ("shop/migrations/0002_more.py", True),
        ("shop/management/commands/sell.py", True),
        ("shop/conftest.py", True),
        ("shop/coupons.py", False),
    ],
)
def test_modules_that_are_found_by_their_place_are_denied(path, denied):
    assert isinstance(framework.module(path), Denied) is denied


def test_imports_find_their_file_wherever_the_package_lies():
    tree = Tree({"src/shop/__init__.py": b"", "src/shop/cart.py": b"", "a/b.py": b""})
    assert module_path(tree, "shop.cart", "a/b.py") == "src/shop/cart.py"
    assert module_path(tree, ".cart", "src/shop/other.py") == "src/shop/cart.py"
    assert module_path(tree, ".", "src/shop/other.py") == "src/shop/__init__.py"
    assert module_path(tree, "b", "a/c.py") == "a/b.py"
    assert module_path(tree, "json", "a/c.py") is None
    assert dotted_name("src/shop/cart.py") == "shop.cart"
    assert dotted_name("shop/__init__.py") == "shop"
