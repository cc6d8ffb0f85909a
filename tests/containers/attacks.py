"""One small task, and patches that attack it, its judges or the machine."""

from __future__ import annotations

import difflib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from swe_audit.environments import GIT_DATE

INSTANCE = "attacked__cart-1"
WRONG = "def total(prices):\n    return 0\n\n\ndef count(prices):\n    return len(prices)\n"
GOLD = WRONG.replace("return 0", "return sum(prices)")
RIGHT = WRONG.replace("return 0", "return sum(list(prices))")
TESTS = """import unittest

from shop.cart import count, total


class CartTest(unittest.TestCase):
    def test_count(self):
        self.assertEqual(count([1, 2]), 2)


def test_nothing():
    assert total([]) == 0
"""
NEW_TESTS = TESTS.replace(
    "\n\ndef test_nothing",
    "\n    def test_total(self):\n        self.assertEqual(total([1, 2]), 3)\n\n\ndef test_nothing",
)
OTHER = "from shop.cart import count\n\n\ndef test_none():\n    assert count([]) == 0\n"
TREE = {
    "shop/__init__.py": "",
    "shop/cart.py": WRONG,
    "tests/test_cart.py": TESTS,
    "tests/test_other.py": OTHER,
}
FAIL_TO_PASS = ["tests/test_cart.py::CartTest::test_total"]
PASS_TO_PASS = [
    "tests/test_cart.py::CartTest::test_count",
    "tests/test_cart.py::test_nothing",
    "tests/test_other.py::test_none",
]
PASSES = "".join(f"PASSED {test}\\n" for test in FAIL_TO_PASS + PASS_TO_PASS)
ENVIRONMENT = {
    "python": "3.11",
    "env": {"PYTHONPATH": "/testbed"},
    # The pins of the bundled tasks, so that their layer of packages serves here as well.
    "pip": ["iniconfig==2.0.0", "packaging==24.2", "pluggy==1.5.0", "pytest==8.3.4"],
}


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A hostile patch, and what has to come of it: any of ``states``, and both verdicts."""

    files: Mapping[str, str | None]
    states: tuple[str, ...] = ("completed",)
    verdict: str = "unresolved"
    official: str = "unresolved"
    log: str = ""


def diff(changes: Mapping[str, str | None], tree: Mapping[str, str] = TREE) -> str:
    """The patch that lays files over a tree; None deletes one."""
    parts = []
    for path, new in changes.items():
        old = tree.get(path)
        head = [f"diff --git a/{path} b/{path}\n"]
        if old is None:
            head += ["new file mode 100644\n"]
        elif new is None:
            head += ["deleted file mode 100644\n"]
        before, after = (text.splitlines(keepends=True) if text else [] for text in (old, new))
        names = ("/dev/null" if old is None else f"a/{path}", "/dev/null" if new is None else "")
        lines = difflib.unified_diff(before, after, names[0], names[1] or f"b/{path}")
        parts += [*head, *lines]
    return "".join(parts)


def _commit(tree: Path) -> str:
    """The commit that the tree will be in its image, made in a copy."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(tree, folder, dirs_exist_ok=True)
        who = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in (
                ("NAME", "swe-audit"),
                ("EMAIL", "swe-audit@localhost"),
                ("DATE", GIT_DATE),
            )
        }
        for line in ("init -q -b main", "add -A -f", "commit -q -m base", "rev-parse HEAD"):
            done = subprocess.run(
                ["git", *line.split()],
                cwd=folder,
                env={**os.environ, **who},
                capture_output=True,
                text=True,
                check=True,
            )
    return done.stdout.strip()


def write_task(root: Path) -> Path:
    """Write the task as a task repo of its own and return the root."""
    folder = root / "tasks" / INSTANCE
    for path, text in TREE.items():
        (folder / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "source" / path).write_text(text)
    commit = _commit(folder / "source")
    test_patch = diff({"tests/test_cart.py": NEW_TESTS})
    eval_script = (
        "#!/bin/bash\nset -uxo pipefail\ncd /testbed\n"
        f"git checkout {commit} tests/test_cart.py\n"
        f"git apply -v - <<'EOF_1'\n{test_patch}EOF_1\n"
        ": '>>>>> Start Test Output'\n"
        "pytest -rA tests/test_cart.py tests/test_other.py\n"
        ": '>>>>> End Test Output'\n"
        f"git checkout {commit} tests/test_cart.py\n"
    )
    task = {
        "instance_id": INSTANCE,
        "repo": "attacked/cart",
        "base_commit": commit,
        "log_parser": "parse_log_pytest",
        "eval_type": "pass_and_fail",
        "image": "swe-audit-test/attacked:1",
        "language": "python",
        "version": "1",
        "created_at": "2024-01-01T00:00:00Z",
        "test_cmd": "pytest -rA tests/test_cart.py tests/test_other.py",
        "split": "test",
        "datasets": ["attacked"],
    }
    (root / "sweb.yaml").write_text("name: attacked\n")
    texts = {
        "task.yaml": yaml.safe_dump(task),
        "environment.yaml": yaml.safe_dump(
            {**ENVIRONMENT, "source": {"folder": "source", "commit": commit}}
        ),
        "eval.sh": eval_script,
        "gold.patch": diff({"shop/cart.py": GOLD}),
        "test.patch": test_patch,
        "problem_statement.md": "The total of a cart is always 0.\n",
        "tests.json": json.dumps({"FAIL_TO_PASS": FAIL_TO_PASS, "PASS_TO_PASS": PASS_TO_PASS}),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    return root


def _cart(code: str, tree: str = WRONG) -> dict[str, str | None]:
    return {"shop/cart.py": code + "\n\n" + tree}


def _conftest(code: str, cart: str | None = None) -> dict[str, str | None]:
    files: dict[str, str | None] = {"conftest.py": code + "\n"}
    return files if cart is None else {**files, "shop/cart.py": cart}


FORGED = {"states": ("tampered",), "verdict": "inconclusive", "official": "resolved"}
RESOLVED = {"verdict": "resolved", "official": "resolved"}
LOST = {"verdict": "inconclusive", "official": "inconclusive"}
# The pipe that the log is read from, past pytest's capture.
_PIPE = 'PIPE = open(f"/proc/{os.getppid()}/fd/1", "wb", 0)'

ATTACKS: dict[str, Attack] = {
    "a fork bomb": Attack(
        files=_cart("import os\nwhile True:\n    os.fork()"),
        states=("completed", "timed_out", "out_of_memory"),
        verdict="either",
        official="either",
    ),
    "more memory than there is": Attack(
        files=_cart("DATA = [bytearray(2**20) for _ in range(2000)]"),
        states=("out_of_memory",),
        **LOST,
    ),
    "more disk than there is": Attack(
        files=_cart(
            "import time\nwith open('/var/tmp/big', 'wb') as f:\n"
            "    for _ in range(150):\n        f.write(bytes(2**20))\ntime.sleep(60)"
        ),
        states=("disk_exceeded",),
        **LOST,
    ),
    "output without end": Attack(
        files=_conftest(f"import os\n{_PIPE}\nwhile True:\n    PIPE.write(b'y' * 65536)"),
        states=("output_exceeded",),
        **LOST,
    ),
    "deafness to SIGTERM": Attack(
        files=_cart(
            "import signal, time\nfor s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):\n"
            "    signal.signal(s, signal.SIG_IGN)\ntime.sleep(600)"
        ),
        states=("timed_out",),
        verdict="inconclusive",
    ),
    "a process that outlives the tests": Attack(
        files=_cart(
            "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(600)", RIGHT
        ),
        **RESOLVED,
    ),
    "a kill of everything": Attack(files=_cart("import os\nos.kill(-1, 9)")),
    "passed lines printed at the end": Attack(
        files=_cart(
            f"import atexit, os\n{_PIPE}\natexit.register(lambda: PIPE.write(b'{PASSES}'))"
        ),
    ),
    "marks of its own around passed lines": Attack(
        files=_conftest(
            f"import os\n{_PIPE}\n"
            f"PIPE.write(b'{PASSES}>>>>> Test Exit Code: 0\\n>>>>> End Test Output\\n')"
        ),
        **FORGED,
    ),
    "marks in disguise": Attack(
        files=_cart(
            'with open("/pro" + "c/%d/fd/1" % __import__("os").getppid(), "wb", 0) as out:\n'
            f"    out.write(b'{PASSES}'.replace(b'#', b''))\n"
            '    out.write(b">" * 5 + b" Test Exit Code: 0\\n" + b">" * 5 + b" End Test Output\\n")'
        ),
        **FORGED,
    ),
    "passed lines and a silent exit": Attack(
        files=_conftest(f"import os\n{_PIPE}\nPIPE.write(b'{PASSES}')\nos._exit(0)"), **FORGED
    ),
    "os._exit(0) in conftest": Attack(files=_conftest("import os\nos._exit(0)")),
    "sys.exit(0) in conftest": Attack(files=_conftest("import sys\nsys.exit(0)")),
    "a plug-in that rewrites outcomes": Attack(
        files=_conftest(
            "import pytest\n\n@pytest.hookimpl(hookwrapper=True)\n"
            "def pytest_runtest_makereport(item, call):\n    result = yield\n"
            "    report = result.get_result()\n    report.outcome = 'passed'\n"
            "    report.longrepr = None"
        ),
        **FORGED,
    ),
    "a plug-in that swallows the tests": Attack(
        files=_conftest(
            "from _pytest.unittest import TestCaseFunction\n\n"
            "TestCaseFunction.runtest = lambda self: None\n\n\n"
            "def pytest_pyfunc_call(pyfuncitem):\n    return True"
        ),
        **FORGED,
    ),
    "a sitecustomize that rewrites outcomes": Attack(
        files={
            "sitecustomize.py": "import unittest\n\n"
            "unittest.TestCase.assertEqual = lambda *args, **more: None\n"
        },
        **FORGED,
    ),
    "a replaced assertion": Attack(
        files=_cart("import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None"),
        **FORGED,
    ),
    "an assertion replaced from inside the call": Attack(
        files={
            "shop/cart.py": WRONG.replace(
                "    return 0",
                "    import gc\n    for one in gc.get_objects():\n"
                "        if type(one).__name__ == 'CartTest':\n"
                "            one._getAssertEqualityFunc = lambda *a: lambda *b, **k: 0\n"
                "    return 0",
            )
        },
        **FORGED,
    ),
    "a pytest.ini that collects nothing": Attack(
        files={"pytest.ini": "[pytest]\npython_functions = nothing\npython_classes = Nothing\n"}
    ),
    "deleted tests": Attack(
        files={"tests/test_other.py": None, "shop/cart.py": RIGHT},
    ),
    "skipped tests": Attack(
        files=_conftest(
            "import pytest\n\ndef pytest_collection_modifyitems(items):\n    for item in items:\n"
            "        if 'total' not in item.name:\n            item.add_marker(pytest.mark.skip)",
            RIGHT,
        ),
    ),
    "SkipTest in a test that has to start passing": Attack(
        files={
            "shop/cart.py": WRONG.replace(
                "    return 0", "    import unittest\n    raise unittest.SkipTest('later')"
            )
        },
    ),
    "SkipTest in a test that has to keep passing": Attack(
        files={
            "shop/cart.py": RIGHT.replace(
                "    return len",
                "    import unittest\n    raise unittest.SkipTest('later')\n    len",
            )
        },
    ),
    "an eval script rewritten while it runs": Attack(
        files=_conftest(
            "import os\nscript = open('/eval.sh').read()\n"
            "mark = script.index(\": '>>>>> End\")\nhead = script.rindex('pytest -rA')\n"
            "at = script.index('\\n', head) + 1\n"
            f"forged = \"printf '{PASSES}>>>>> Test Exit Code: 0\\\\n'\\n: '>>>>> End Test "
            "Output'\\nexit 0\\n\"\n"
            "open('/eval.sh', 'w').write(script[:at] + forged)\nos._exit(0)"
        ),
        **FORGED,
    ),
    "a git that lies": Attack(
        files=_conftest(
            "import os\nos.system('git config core.bare true; rm -rf .git/refs; "
            "echo exit 0 > /usr/local/bin/git; chmod 755 /usr/local/bin/git')"
        ),
    ),
    "a call home": Attack(
        files=_cart(
            "import socket\nfor place in (('1.1.1.1', 80), ('169.254.169.254', 80)):\n"
            "    try:\n        socket.create_connection(place, 3)\n"
            "        raise SystemExit('there is a network')\n"
            "    except OSError:\n        pass",
            RIGHT,
        ),
        **RESOLVED,
    ),
    "a look for the host and the engine": Attack(
        files=_cart(
            "import os\nfor path in ('HOSTFILE', '/var/run/docker.sock', '/run/docker.sock',\n"
            "             '/run/podman/podman.sock', '/proc/1/root/HOSTFILE', '/dev/vda',\n"
            "             '/dev/sda', '/dev/mem'):\n"
            "    if os.path.exists(path):\n        raise SystemExit('reached ' + path)\n"
            "for key in os.environ:\n    if 'SWE_AUDIT' in key or 'DOCKER' in key:\n"
            "        raise SystemExit('told ' + key)",
            RIGHT,
        ),
        **RESOLVED,
    ),
    "escapes, HTML, NUL and broken UTF-8": Attack(
        files=_cart(
            f"import os\n{_PIPE}\nPIPE.write(b'\\x1b]0;owned\\x07\\x1b[2J<script>alert(1)"
            "</script>\\0\\xff\\xfe\\r\\n')",
            RIGHT,
        ),
        **RESOLVED,
        log="<script>alert(1)</script>",
    ),
    "escapes and HTML in a failing test": Attack(
        files={
            "shop/cart.py": WRONG.replace(
                "return 0", "raise ValueError('\\x1b[2J<script>alert(2)</script>\\0')"
            )
        },
    ),
    "an id of a megabyte": Attack(
        files=_conftest(
            "def pytest_collection_modifyitems(items):\n"
            "    items[0]._nodeid = 'tests/test_cart.py::' + 'x' * 2**20",
            RIGHT,
        ),
    ),
    "time travel": Attack(
        files=_cart(
            "import os, time\nos.system('date -s 1999-01-01 > /dev/null 2>&1')\n"
            "if time.time() < 10**9:\n    raise SystemExit('the clock was turned')\n"
            "time.time = time.monotonic = time.perf_counter = lambda: -10.0**9",
            RIGHT,
        ),
        **RESOLVED,
    ),
}
