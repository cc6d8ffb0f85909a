"""Feed every reader of foreign input with inputs that coverage guides; write down what came of it.

    python benchmarks/fuzz.py [--runs 100000] [--reader NAME ...] [--out FILE]

Needs atheris (``make fuzz`` installs it beside the project). Each reader runs in a process of its
own, under a limit of memory and of time for one input; the first input that breaks it is kept in
``reports/fuzz/``. ``tests/readers.py`` names the readers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEMORY = 2048  # MiB
PATIENCE = 20  # seconds for one input
LONGEST = 4096


def main() -> int:
    """Fuzz the readers one after the other; exit 1 where one broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--reader", action="append", default=[])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    arguments, rest = parser.parse_known_args()
    if arguments.one:
        _fuzz(arguments.one, rest)
    names = arguments.reader or _names()
    found = _kept(arguments.out, arguments.runs) if arguments.reader else {}
    for name in names:
        found[name] = _measured(name, arguments.runs)
        print(name, json.dumps(found[name]), flush=True)
        if arguments.out is not None:
            figures = {"runs_each": arguments.runs, "memory_mib": MEMORY, "readers": found}
            arguments.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 1 if any(one["broke"] for one in found.values()) else 0


def _kept(out: Path | None, runs: int) -> dict[str, dict[str, object]]:
    """Return what a file holds of other readers that were given as many inputs."""
    if out is None or not out.exists():
        return {}
    before = json.loads(out.read_text(encoding="utf-8"))
    return before["readers"] if before["runs_each"] == runs else {}


def _names() -> list[str]:
    sys.path.insert(0, str(ROOT / "tests"))
    import readers

    return list(readers.READERS)


def _fuzz(name: str, rest: list[str]) -> None:
    """Run inside the process of one reader; never returns."""
    import atheris

    sys.path.insert(0, str(ROOT / "tests"))
    with atheris.instrument_imports(include=["swe_audit"]):
        import readers
    reader = readers.READERS[name]
    corpus = Path(rest[-1])
    for number, seed in enumerate(reader.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    atheris.Setup([sys.argv[0], *rest], reader)
    atheris.Fuzz()


def _measured(name: str, runs: int) -> dict[str, object]:
    kept = ROOT / "reports/fuzz"
    kept.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="swe-audit-fuzz-") as scratch:
        words = Path(scratch) / "words"
        words.write_text(_dictionary(name), encoding="utf-8")
        corpus = Path(scratch) / "corpus"
        corpus.mkdir()
        command = [sys.executable, str(Path(__file__)), "--one", name]
        command += [f"-runs={runs}", f"-max_len={LONGEST}", f"-timeout={PATIENCE}"]
        command += [f"-rss_limit_mb={MEMORY}", "-print_final_stats=1", "-seed=1", f"-dict={words}"]
        slug = re.sub(r"\W+", "-", name)
        command += [f"-artifact_prefix={kept}/{slug}-", str(corpus)]
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False
        )
        said = done.stderr + done.stdout
    stats = dict(re.findall(r"stat::(\w+):\s+(\d+)", said))
    covered = re.findall(r"cov: (\d+)", said)
    result: dict[str, object] = {
        "inputs": int(stats.get("number_of_executed_units", 0)),
        "seconds": round(time.monotonic() - began, 1),
        "slowest_seconds": int(stats.get("slowest_unit_time_sec", 0)),
        "peak_mib": int(stats.get("peak_rss_mb", 0)),
        "branches": int(covered[-1]) if covered else 0,
        "broke": "",
    }
    if done.returncode:
        lines = [line for line in said.splitlines() if line.strip()]
        errors = [line for line in lines if re.match(r"\s*\w*(?:Error|Exception)\b", line)]
        result["broke"] = (errors or [x for x in lines if "ERROR" in x] or lines[-1:])[0][:300]
    return result


def _dictionary(name: str) -> str:
    """The reader's words in libFuzzer's form."""
    sys.path.insert(0, str(ROOT / "tests"))
    import readers

    lines = []
    for word in readers.READERS[name].words:
        escaped = "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}"
            for byte in word
        )
        lines.append(f'"{escaped}"')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    sys.exit(main())
