"""Which installs are known, and for which patches one may be left out."""

from __future__ import annotations

import fakes
import pytest

from swe_audit.installing import (
    NOTICE,
    files_edited,
    may_leave_out,
    preamble_digest,
    split_at_install,
    without_install,
)
from swe_audit.model.candidate import CandidateKind
from swe_audit.model.reinstall import Reinstall
from swe_audit.model.trial import TrialSpec

SCRIPT = """\
#!/bin/bash
cd /testbed
python -m pip install -e .
git apply -v - <<'EOF_1'
pip install -e .
EOF_1
: '>>>>> Start Test Output'
pytest
: '>>>>> End Test Output'
"""


def script(line: str) -> str:
    return SCRIPT.replace("python -m pip install -e .", line)


@pytest.mark.parametrize(
    "line",
    [
        "pip install -e .",
        "pip3 install --editable .",
        "python -m pip install -e .[test]",
        "python3.9 -m pip install -v --no-build-isolation -e . --no-deps",
        "/opt/venv/bin/python -m pip install -q -e .[dev,test-all]",
        "  python setup.py develop  ",
        "python setup.py -q develop --no-deps",
    ],
)
def test_plain_editable_installs_of_the_tree_are_known(line):
    parts = split_at_install(script(line))
    assert parts is not None
    assert parts[1] == line
    assert without_install(script(line)) == script(NOTICE)


@pytest.mark.parametrize(
    "line",
    [
        "pip install .",
        "pip install -e ./plugin",
        "pip install -e . pytest",
        "pip install -r requirements.txt -e .",
        "pip install -e . && make",
        "pip install -e . || true",
        "pip install -e .; touch done",
        "pip install -e . > /dev/null",
        "FLAG=1 pip install -e .",
        "pip install -e . \\",
        "pip install -e $HOME",
        "pip install --target=/opt -e .",
        "python setup.py install",
        "python setup.py build_ext --inplace",
        "pip install -e .\npip install -e .",
        "echo \\\npip install -e .",
        "echo",
        "cat <<EOF\npip install -e .\nEOF",
    ],
)
def test_whatever_else_a_script_does_stays(line):
    assert split_at_install(script(line)) is None
    assert without_install(script(line)) == script(line)


def test_an_install_behind_the_tests_stays():
    after = "cd /testbed\n: '>>>>> Start Test Output'\npytest\npip install -e .\n"
    assert split_at_install(after) is None


EDIT = """\
diff --git a/shop/cart.py b/shop/cart.py
index 1234567..89abcde 100644
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1,2 +1,3 @@
 def total(prices):
-    return 0
+    # --- a/setup.py
+    return sum(prices)
"""


def test_a_patch_of_lines_names_its_files():
    assert files_edited(EDIT) == {"shop/cart.py"}
    assert files_edited(EDIT + EDIT.replace("cart", "till")) == {
        "shop/cart.py",
        "shop/till.py",
    }
    assert files_edited(EDIT.rstrip("\n") + "\n\\ No newline at end of file\n")
    assert files_edited("") == frozenset()


@pytest.mark.parametrize(
    "patch",
    [
        EDIT.replace("cart.py", "my cart.py"),
        EDIT.replace("--- a", "GIT binary patch\n--- a"),
        EDIT.replace("index 1234567..89abcde 100644", "new file mode 100644"),
        EDIT.replace("index 1234567..89abcde 100644", "deleted file mode 100644"),
        EDIT.replace("index", "old mode 100644\nnew mode 100755\nindex"),
        EDIT.replace("100644", "120000"),
        EDIT.replace("b/shop/cart.py\nindex", "b/shop/till.py\nindex"),
        EDIT.replace("+++ b/shop/cart.py", "+++ b/setup.py"),
        EDIT.replace("--- a/shop/cart.py", "--- /dev/null"),
        EDIT.replace("shop/cart.py", "./setup.py"),
        EDIT.replace("shop/cart.py", "shop/../setup.py"),
        EDIT.replace("shop/cart.py", "/setup.py"),
        EDIT.split("\n", 2)[2],
        EDIT.split("\n", 4)[4],
        "not a patch",
    ],
)
def test_a_patch_that_does_anything_else_has_the_tree_installed(patch):
    assert files_edited(patch) is None


def spec(patch: str = EDIT, attempt: int = 1, **changes: object) -> TrialSpec:
    task = fakes.make_task(eval_script=SCRIPT)
    candidate = fakes.curated(task, "other", patch=patch, **changes)
    return TrialSpec(task=task, candidate=candidate, attempt=attempt)


SEEN = Reinstall(image="i", preamble=preamble_digest(SCRIPT), read=("setup.py", "shop/about.py"))


def test_an_install_is_left_out_where_it_does_not_read_what_the_patch_changes():
    assert may_leave_out(spec(), SCRIPT, SEEN)
    assert not may_leave_out(spec(EDIT.replace("cart", "about")), SCRIPT, SEEN)
    assert not may_leave_out(spec(EDIT.replace("shop/cart.py", "setup.py")), SCRIPT, SEEN)


def test_an_install_that_changes_something_or_was_seen_elsewhere_stays():
    changing = Reinstall(image="i", preamble=SEEN.preamble, problem="it changes /opt/x")
    assert not may_leave_out(spec(), SCRIPT, changing)
    assert not may_leave_out(spec(), SCRIPT.replace("cd /testbed", "cd /testbed; make"), SEEN)
    assert not may_leave_out(spec(), "pytest\n", Reinstall(image="i", preamble=""))


@pytest.mark.parametrize("kind", [CandidateKind.GOLD, CandidateKind.EMPTY])
def test_the_first_attempts_of_gold_and_of_no_patch_install(kind):
    assert not may_leave_out(spec(kind=kind), SCRIPT, SEEN)
    assert may_leave_out(spec(kind=kind, attempt=2), SCRIPT, SEEN)
