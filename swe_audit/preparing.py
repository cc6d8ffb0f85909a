"""Prepare a task in a process of its own: parsing is heavy, and trials must not wait for it."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

from swe_audit.model.construction import Survey
from swe_audit.preparation import Prepared, Request, prepare

PATIENCE = 600.0
"""Seconds that one task may take; gold patches of a thousand lines need a minute or two."""


def prepare_apart(request: Request) -> Prepared:
    """Do what ``prepare`` does, in another process of this interpreter.

    What takes too long, or ends without an answer, is a survey that says so: the task is then
    audited without alternatives of our own.
    """
    command = [sys.executable, "-m", "swe_audit.preparing"]
    path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        done = subprocess.run(
            command,
            input=pickle.dumps(request),
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is for the audit, which kills nothing it needs
        )
        prepared = pickle.loads(done.stdout)  # noqa: S301 - our own process wrote it
    except subprocess.TimeoutExpired:
        return _without(f"alternatives were not made within {PATIENCE:g} s")
    except (subprocess.CalledProcessError, pickle.UnpicklingError, EOFError) as error:
        said = getattr(error, "stderr", b"") or b""
        lines = said.decode("utf-8", "replace").strip().splitlines() or [str(error)]
        return _without(f"alternatives could not be made: {lines[-1]}")
    assert isinstance(prepared, Prepared)
    return prepared


def _without(problem: str) -> Prepared:
    return Prepared(survey=Survey(problem=problem))


def _main() -> None:
    request = pickle.load(sys.stdin.buffer)  # noqa: S301 - the audit that started us wrote it
    answer = pickle.dumps(prepare(request))
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()
