"""Pages are written by several processes; each test has one of its own, without other threads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAD = """
import os, sys, threading
from pathlib import Path
from swe_audit.errors import InputError
from swe_audit.report import render, spreading
from swe_audit.report.spreading import PAYS_FROM, spread
from tests.unit.report import audits
from tests.unit.report.test_site import contents

os.sched_getaffinity = lambda _: {0, 1}
me = os.getpid()

def done(part):
    return list(part), os.getpid()
"""
ROOT = Path(__file__).parents[3]


def ran(body: str, *arguments: str) -> None:
    made = subprocess.run(
        [sys.executable, "-c", HEAD + body, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert made.returncode == 0, made.stderr


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")


def test_many_things_are_done_in_order_by_other_processes() -> None:
    ran("""
found = list(spread(done, range(3, PAYS_FROM + 3)))
assert [nth for part, _ in found for nth in part] == list(range(3, PAYS_FROM + 3))
assert me not in {process for _, process in found}
""")


def test_few_things_are_done_here_and_so_are_many_beside_another_thread() -> None:
    ran("""
((_, process),) = spread(done, range(PAYS_FROM - 1))
assert process == me
end = threading.Event()
threading.Thread(target=end.wait, daemon=True).start()
((_, process),) = spread(done, range(PAYS_FROM))
assert process == me
""")


def test_a_failure_in_another_process_is_the_same_sentence_here() -> None:
    ran("""
def fail(part):
    raise InputError("a number is bad", hint="leave it out")

try:
    list(spread(fail, range(PAYS_FROM)))
except InputError as error:
    assert (error.message, error.hint) == ("a number is bad", "leave it out")
else:
    raise AssertionError
""")


def test_several_processes_write_the_same_bytes_as_one(tmp_path: Path) -> None:
    ran(
        """
out = Path(sys.argv[1])
made = audits.large_audit(30, 2, 5)
for name, spreading.PAYS_FROM in (("one", 100), ("several", 2)):
    audits.write_logs(made, out / name)
    render(made, out / name)
assert len(contents(out / "one")) > 60
assert contents(out / "one") == contents(out / "several")
""",
        str(tmp_path),
    )
