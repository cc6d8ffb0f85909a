"""Make a task's tests fail before they run, to see whether results come from them.

``SCRIPT`` is for any Python 3 and needs the standard library alone. Each test function then
ends with assertions that cannot hold: those of its ``TestCase`` first, so that one which was
replaced, were it by the very code under test, lets the test pass; then a plain one.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

SCRIPT = r'''
import ast, sys, uuid

NAME = "check_" + uuid.uuid4().hex
CHECK = """


def NAME(case=None):
    import sys
    wrong = [("assertEqual", (0, 1)), ("assertNotEqual", (1, 1)), ("assertTrue", (0,)),
             ("assertFalse", (1,)), ("assertIn", (0, ())), ("assertIs", (0, ())),
             ("assertIsNone", (0,)), ("assertIsInstance", (0, str)), ("fail", ()),
             ("assertRaises", (KeyError, int)), ("assertGreater", (0, 1)),
             ("assertDictEqual", ({0: 1}, {})), ("assertListEqual", ([0], [])),
             ("assertRegex", ("a", "b")), ("assertSequenceEqual", ([0], ()))]
    for name, values in wrong:
        method = getattr(case, name, None)
        try:
            if method is not None and method(*values) is None:
                return
        except Exception:
            pass
    pytest = sys.modules.get("pytest")
    if pytest is not None and hasattr(pytest, "raises"):
        nothing_raised = False
        try:
            with pytest.raises(KeyError):
                pass
            nothing_raised = True
        except BaseException:
            pass
        if nothing_raised:
            return
    found = [0, 1]
    assert found == [1, 0]
"""


def places(tree):
    """Yield (line, column, argument) behind the last statement of each test, or before its return.

    Python before 3.8 does not say where a statement ends; there it is before the last one.
    """
    for node in ast.walk(tree):
        if type(node).__name__ not in ("FunctionDef", "AsyncFunctionDef"):
            continue
        last = node.body[-1]
        if not node.name.startswith("test") or node.body[0].lineno == node.lineno:
            continue
        leaves = isinstance(last, (ast.Return, ast.Raise))
        end = None if leaves else getattr(last, "end_lineno", None)
        first = [last.lineno] + [d.lineno for d in getattr(last, "decorator_list", [])]
        names = [argument.arg for argument in node.args.args]
        argument = "self" if names[:1] == ["self"] else ""
        yield end or min(first) - 1, last.col_offset, last.lineno, argument


for path in sys.argv[1:]:
    try:
        with open(path, "rb") as stream:
            data = stream.read()
        lines = data.split(b"\n")
        for line, column, begins, argument in sorted(set(places(ast.parse(data))), reverse=True):
            indent = lines[begins - 1][:column]
            if not indent.strip():
                lines.insert(line, indent + ("%s(%s)" % (NAME, argument)).encode())
        with open(path, "wb") as stream:
            stream.write(b"\n".join(lines) + CHECK.replace("NAME", NAME).encode())
    except Exception as error:
        print("not made to fail: %s: %s" % (path, type(error).__name__))
'''


def made_to_fail(eval_script: str, mark: str, paths: Iterable[str], place: str) -> str:
    """Return the eval script with a call of ``SCRIPT``, which lies at ``place``, before ``mark``.

    The first interpreter that answers does it: apart from the environment, so that start-up
    files of a candidate have no say.
    """
    files = " ".join(shlex.quote(path) for path in paths)
    call = (
        "for python in /usr/bin/python3 /opt/miniconda3/bin/python python3 python; do"
        f" $python -I -S -B {place} {files} && break; done; rm -f {place}"
    )
    lines = eval_script.split("\n")
    for number, line in enumerate(lines):
        if mark in line:
            return "\n".join([*lines[:number], call, *lines[number:]])
    return eval_script
