"""Make ``reports/example/`` anew: a run of the bundled tasks, small and free of this machine.

    python docs/make_example.py [--run RUN | --render]

``RUN`` is a finished run of the bundled tasks. What tells about the machine and the moment is
taken out of its journal: paths, dates, fractions of a second and the logs of image builds.
``--render`` only writes the pages of the journal that is there again.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from swe_audit.concluding import judge_audit
from swe_audit.formats.decisions import FILE_NAME as DECISIONS
from swe_audit.journal import Journal, codec
from swe_audit.journal.database import FILE_NAME as JOURNAL
from swe_audit.report import render
from swe_audit.report.repairs import FILE_NAME as REPAIRS

EXAMPLE = Path(__file__).parents[1] / "reports" / "example"
DATASET = "the bundled tasks"
COMMAND = "swe-audit run . --out reports/example"


def main() -> int:
    """Make the example of a run, or render it again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--run", type=Path, metavar="RUN")
    source.add_argument("--render", action="store_true")
    arguments = parser.parse_args()
    if arguments.run is not None:
        taken(arguments.run, EXAMPLE)
    sys.stdout.write(f"{rendered(EXAMPLE)}\n")
    return 0


def taken(run: Path, out: Path) -> None:
    """Put a scrubbed copy of a run's journal, logs and repairs into ``out``, and nothing else."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for name in (JOURNAL, DECISIONS, REPAIRS):
        if (run / name).is_file():
            shutil.copyfile(run / name, out / name)
    shutil.copytree(run / "logs", out / "logs", ignore=shutil.ignore_patterns("images"))
    with Journal.open(out, writable=True) as journal:
        info = journal.info()
        records = tuple(journal.tasks())
        scrubbed = replace(info, id=out.name, dataset=DATASET, command=COMMAND)
        journal.set_info(replace(scrubbed, started="", finished=""))
    with closing(sqlite3.connect(out / JOURNAL, isolation_level=None)) as database:
        database.execute(
            "UPDATE trials SET ended = '', seconds = round(seconds, 1),"
            " total_seconds = round(total_seconds, 1)"
        )
        for task in (record.task for record in records):
            folder = Path("tasks", task.folder.name) if task.folder else None
            database.execute(
                "UPDATE tasks SET body = ? WHERE instance_id = ?",
                (codec.encode(replace(task, folder=folder)), task.instance_id),
            )
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("VACUUM")
    (out / "audit.lock").unlink()
    repairs = out / REPAIRS
    if repairs.is_file():
        text = repairs.read_text(encoding="utf-8")
        repairs.write_text(text.replace(f"run `{info.id}`", f"run `{out.name}`"), encoding="utf-8")


def rendered(folder: Path) -> Path:
    """Write the pages of a journal beside it, and return the first."""
    with Journal.open(folder, writable=False) as journal:
        return render(judge_audit(journal), folder)


if __name__ == "__main__":
    sys.exit(main())
