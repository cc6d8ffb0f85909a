"""The class probe, run by every interpreter at hand on a small tree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from swe_audit.containers.probe_script import PROBE, ancestries, installed, probe_request
from swe_audit.errors import EngineError

OTHERS = ("python3.6", "python3.8", "python3.13")


TREE = {
    "shop/__init__.py": "from .bases import *\nfrom shop import money as currency\n",
    "shop/bases.py": (
        "import argparse\n"
        "class Base(object):\n"
        "    limit = 3\n"
        "    def total(this):\n"
        "        this.sum = this.hook()\n"
        "class Parser(argparse.ArgumentParser):\n"
        "    pass\n"
    ),
    "shop/money.py": (
        "try:\n    from fast_money import Money\nexcept ImportError:\n"
        "    class Money(dict):\n        cents = 0\n"
    ),
    "shop/old.py": 'class Old(Unknown):\n    pass\n\nprint "old"\n',
    "shop/cart.py": (
        "import ast\nimport io\n"
        "import shop\n"
        "from collections import OrderedDict, namedtuple\n"
        "from shop import Base, currency\n"
        "from . import bases as roots\n"
        "from nowhere import Thing\n"
        "Alias = Base\n"
        "class Cart(Base):\n"
        "    class Line(namedtuple('Line', 'price')):\n"
        "        pass\n"
        "class Aliased(Alias):\n    pass\n"
        "class Dotted(shop.bases.Base):\n    pass\n"
        "class Coins(currency.Money):\n    pass\n"
        "class Args(roots.Parser):\n    pass\n"
        "class Ordered(OrderedDict):\n    pass\n"
        "class Stream(io.StringIO):\n    pass\n"
        "class Lost(Thing):\n    pass\n"
        "class Plain:\n    pass\n"
        "class Walker(ast.NodeVisitor):\n    pass\n"
        "class Made(with_metaclass(Meta, Base)):\n    pass\n"
    ),
}


def probed(root, python, files):
    for path, text in TREE.items():
        target = root / path
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [python, "-c", PROBE],
        input=probe_request(files, str(root)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout


def interpreter(name):
    found = sys.executable if name == "this interpreter" else shutil.which(name)
    if found is None or subprocess.run([found, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"{name} does not run here")
    return found


@pytest.mark.parametrize("name", ["this interpreter", *OTHERS])
def test_what_a_class_inherits_is_found_through_imports_of_every_kind(tmp_path, name):
    python = interpreter(name)
    printed = probed(tmp_path, python, {"shop/cart.py": None, "shop/old.py": None})
    found = ancestries(printed)
    of = {name: found["shop/cart.py", name] for name in ("Cart", "Aliased", "Dotted", "Made")}
    for name, ancestry in of.items():
        assert ancestry.resolved, name
        assert ancestry.bases[0] == "shop.bases.Base", name
        assert {"limit", "total", "sum", "hook"} <= ancestry.members, name
    assert "cents" in found["shop/cart.py", "Coins"].members
    assert "setdefault" in found["shop/cart.py", "Coins"].members
    assert {"add_subparsers", "prog", "_registries"} <= found["shop/cart.py", "Args"].members
    assert "move_to_end" in found["shop/cart.py", "Ordered"].members
    assert "getvalue" in found["shop/cart.py", "Stream"].members
    assert "count" in found["shop/cart.py", "Cart.Line"].members
    assert "visit_*" in found["shop/cart.py", "Walker"].members
    assert found["shop/cart.py", "Plain"].resolved
    assert found["shop/cart.py", "Plain"].members == frozenset(
        name for name in found["shop/cart.py", "Plain"].members if name.startswith("__")
    )
    assert not found["shop/cart.py", "Lost"].resolved
    assert found["shop/cart.py", "Lost"].bases == ("Thing",)
    assert "shop/old.py" not in {path for path, _ in found}, "it does not compile"
    assert json.loads(printed)["python"].count(".") == 2
    assert {"sys", "ast", "json", "shop"} <= installed(printed)
    assert not {"nowhere", "fast_money"} & installed(printed)


def test_texts_are_laid_over_the_tree_that_is_there(tmp_path):
    files = {
        "shop/bases.py": "class Base:\n    fresh = 1\n",
        "shop/new.py": "from shop.bases import Base\nclass New(Base): pass\n",
        "shop/cart.py": None,
    }
    printed = probed(tmp_path, sys.executable, files)
    found = ancestries(printed)
    assert "fresh" in found["shop/new.py", "New"].members
    assert "fresh" in found["shop/cart.py", "Cart"].members
    assert "total" not in found["shop/cart.py", "Cart"].members


def test_nothing_of_the_tree_is_imported(tmp_path):
    (tmp_path / "shop").mkdir()
    loud = "raise SystemExit('imported')\nclass Loud: here = 1\n"
    text = "from shop.loud import Loud\nclass Cart(Loud): pass\n"
    files = {"shop/loud.py": loud, "shop/quiet.py": text}
    found = ancestries(probed(tmp_path, sys.executable, files))
    assert "here" in found["shop/quiet.py", "Cart"].members


@pytest.mark.parametrize(
    "printed", ["", "Killed", "[]", '{"classes": 3}', '{"classes": {"a": {}}}']
)
def test_what_is_no_answer_of_the_probe_is_an_engine_error(printed):
    with pytest.raises(EngineError):
        ancestries(printed)
