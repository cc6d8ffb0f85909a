"""A script that runs the steps of an example in a task's image and tells what each one shows.

``ECHO`` needs Python 3.5 or later and the standard library alone. Like an interactive session it
shows the repr of every bare expression; what a step prints, the type and text of its exception
and its warnings are told apart from that.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from swe_audit.model.task import WORKDIR
from swe_audit.statements import Step

MARK = ">>>>> swe-audit shows "
PATIENCE = 120
"""Seconds that all steps together may take; what hangs is told as such."""
_PACKAGES = {"scikit-learn": ("sklearn",), "sympy": ("sympy", "sympy.abc")}
_END = "END_OF_SWE_AUDIT_ECHO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one step shows: reprs, what it prints, its exception, the warnings; '' for nothing."""

    value: str = ""
    output: str = ""
    error: str = ""
    warnings: str = ""

    @property
    def text(self) -> str:
        """Everything that it shows, as a session would print it."""
        return "\n".join(x for x in (self.warnings, self.output, self.value, self.error) if x)


def echo_script(steps: Sequence[Step], repo: str, *, hash_seed: int) -> str:
    """Return the bash script that takes the place of the eval script."""
    name = repo.rpartition("/")[2].lower()
    packages = _PACKAGES.get(name, (name, name.replace("-", "_")))
    request = json.dumps({"steps": [step.source for step in steps], "packages": packages})
    interpreters = f"/opt/miniconda3/envs/testbed/bin/python {WORKDIR}/.venv/bin/python python"
    return textwrap.dedent(f"""\
        #!/bin/bash
        cd {WORKDIR} || exit 3
        export PYTHONHASHSEED={hash_seed} PYTHONIOENCODING=utf-8 MPLBACKEND=Agg COLUMNS=80
        for python in {interpreters} python3; do
            command -v $python > /dev/null && break
        done
        timeout -k 5 {PATIENCE + 30} $python - << '{_END}'
        """) + (f"REQUEST = {request!r}\nMARK, PATIENCE = {MARK!r}, {PATIENCE}\n{ECHO}\n{_END}\n")


def shown(log: str, steps: int) -> tuple[Shown, ...] | None:
    """Return what each step showed; None where the script did not get to its end."""
    found: dict[int, Shown] = {}
    for line in re.findall(rf"^{re.escape(MARK)}(.*)$", log.replace("\r", ""), re.MULTILINE):
        try:
            told = json.loads(line)
            found[int(told["step"])] = Shown(
                value=str(told["value"]),
                output=str(told["output"]),
                error=str(told["error"]),
                warnings=str(told["warnings"]),
            )
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            return None
    if sorted(found) != list(range(steps)):
        return None
    return tuple(found[number] for number in range(steps))


ECHO = r'''
import ast
import builtins
import importlib
import io
import json
import linecache
import signal
import sys
import types
import warnings

LONGEST = 20000
ALIASES = {
    "np": "numpy", "pd": "pandas", "xr": "xarray", "plt": "matplotlib.pyplot", "mpl": "matplotlib",
    "sp": "sympy", "sns": "seaborn", "u": "astropy.units", "units": "astropy.units",
    "datetime": "datetime", "os": "os", "sys": "sys", "re": "re", "json": "json", "math": "math",
}
request = json.loads(REQUEST)
real = sys.stdout


late = []


class OutOfTime(BaseException):
    pass


def alarm(number, frame):
    late.append(number)
    raise OutOfTime()


def lookup(name):
    """What an author takes for granted: usual short names, and what the project exports."""
    if name in ALIASES:
        try:
            return importlib.import_module(ALIASES[name])
        except Exception:
            pass
    for package in request["packages"]:
        try:
            module = importlib.import_module(package)
        except Exception:
            continue
        if name == package:
            return module
        if not name.startswith("_") and hasattr(module, name):
            return getattr(module, name)
    raise LookupError(name)


def supply(tree, space):
    loaded, stored = [], set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                loaded.append(node.id)
            else:
                stored.add(node.id)
        elif isinstance(node, ast.alias):
            stored.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.arg):
            stored.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            stored.add(node.name)
    for name in loaded:
        if name not in space and name not in stored and not hasattr(builtins, name):
            try:
                space[name] = lookup(name)
            except LookupError:
                pass


def told(error):
    name = type(error).__name__
    try:
        text = str(error)
    except Exception as other:
        text = "<str raised " + type(other).__name__ + ">"
    return name + ": " + text if text else name


def run(number, source, space):
    values, errors = [], []
    printed = io.StringIO()
    file = "<step-%d>" % number

    def show(value):
        if value is not None:
            values.append(repr(value))
            builtins._ = value

    before = sys.displayhook, sys.stdout
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        sys.displayhook, sys.stdout = show, printed
        try:
            linecache.cache[file] = (len(source), None, source.splitlines(True), file)
            tree = ast.parse(source, file)
            for node in tree.body:
                if late:
                    raise OutOfTime()
                supply(node, space)
                exec(compile(ast.Interactive([node]), file, "single"), space)
        except BaseException as error:
            errors.append("took too long" if late else told(error))
        finally:
            sys.displayhook, sys.stdout = before
    kept = [type(one.message).__name__ + ": " + str(one.message) for one in caught]
    return {
        "step": number,
        "value": "\n".join(values)[:LONGEST],
        "output": printed.getvalue()[:LONGEST].rstrip("\n"),
        "error": "\n".join(errors)[:LONGEST],
        "warnings": "\n".join(dict.fromkeys(kept))[:LONGEST],
    }


def main():
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    sys.argv = ["example.py"]
    sys.stdin = io.StringIO("")
    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(PATIENCE)
    for number, source in enumerate(request["steps"]):
        try:
            said = run(number, source, module.__dict__)
        except BaseException as error:
            said = {"step": number, "value": "", "output": "", "error": told(error), "warnings": ""}
        real.write("\n" + MARK + json.dumps(said) + "\n")
        real.flush()


main()
'''
