"""Keep the bundled tasks consistent, and run their candidates without a container.

``python tests/expected/make_tasks.py`` writes what follows from ``environment.yaml``,
``task.yaml`` and the patches (base commit, Dockerfile, eval script); ``--check`` only compares;
``--run`` applies every candidate to the tree and runs the eval script on this machine. Tasks
against a release from the package index are left out of the tree's part unless ``--fetch`` is
given.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from swe_audit.environments import tree_commands
from swe_audit.formats.environment_files import (
    derived_files,
    environment_text,
    read_environment,
)
from swe_audit.formats.eval_scripts import made_eval_script, recording_exit_code
from swe_audit.formats.pro_scripts import made_pro_script
from swe_audit.formats.rows import checked_row, task_from_row
from swe_audit.formats.task_folders import PRO_FILES, read_task_folder, task_folders
from swe_audit.formats.yaml_files import dumped_yaml, read_yaml
from swe_audit.judging.grading import grade, read_log
from swe_audit.judging.parsers import parser_of
from swe_audit.model.task import PRO_WORKDIR, WORKDIR, Environment, Source, Task
from swe_audit.model.trial import Outcome

ROOT = Path(__file__).resolve().parents[2]
TASKS = ROOT / "tasks"
EXPECTED = Path(__file__).with_name("bundled.yaml")


def expected() -> dict[str, dict[str, Any]]:
    """The planted truth: instance id to what an audit must say."""
    tasks: dict[str, dict[str, Any]] = yaml.safe_load(EXPECTED.read_text("utf-8"))["tasks"]
    return tasks


def folder_of(instance_id: str) -> Path:
    return TASKS / instance_id


def load(folder: Path) -> Task:
    environment = read_environment(folder / "environment.yaml")
    row = checked_row(read_task_folder(folder), str(folder))
    task = task_from_row(row, folder=folder, environment=environment)
    assert isinstance(task, Task), task
    return task


def is_local(folder: Path) -> bool:
    """Whether the tree is in the task's folder rather than on the package index."""
    return read_environment(folder / "environment.yaml").source.folder is not None


def place(folder: Path, tree: Path) -> None:
    """Put a task's source where the image would have it."""
    source = read_environment(folder / "environment.yaml").source
    if source.folder is not None:
        shutil.copytree(folder / source.folder, tree)
    else:
        assert source.sdist is not None
        _unpack_release(source.sdist, tree)


def _unpack_release(requirement: str, tree: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps"]
        command += ["--no-binary", ":all:", "-d", scratch, requirement]
        subprocess.run(command, check=True)
        [archive] = Path(scratch).glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(Path(scratch) / "tree", filter="data")
        [top] = (Path(scratch) / "tree").iterdir()
        shutil.copytree(top, tree)


def commit_tree(tree: Path, environment: Environment) -> None:
    """Commit a placed tree with the image's own commands, without installing."""
    bare = dataclasses.replace(
        environment, source=Source(commit="0" * 40, folder="source"), install=""
    )
    for command in tree_commands(bare):
        subprocess.run(command, shell=True, cwd=tree, check=True, env=_quiet_git())


def _head(tree: Path) -> str:
    command = ["git", "-C", str(tree), "rev-parse", "HEAD"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def _quiet_git() -> dict[str, str]:
    """The environment without the user's git settings, as in an image."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**plain, **settings, "GIT_TEMPLATE_DIR": ""}


@contextmanager
def committed(folder: Path) -> Iterator[Path]:
    """A task's tree in a temporary folder, committed but not installed."""
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "tree"
        place(folder, tree)
        commit_tree(tree, read_environment(folder / "environment.yaml"))
        yield tree


def base_commit(folder: Path) -> str:
    with committed(folder) as tree:
        return _head(tree)


def derived(folder: Path, commit: str) -> dict[str, str]:
    """Every file that follows from others, as it should be."""
    environment = read_environment(folder / "environment.yaml")
    source = dataclasses.replace(environment.source, commit=commit)
    environment = dataclasses.replace(environment, source=source)
    meta = {**read_yaml(folder / "task.yaml"), "base_commit": commit}
    return {
        "environment.yaml": environment_text(environment),
        "task.yaml": dumped_yaml(meta, sort_keys=True),
        "eval.sh": _eval_script(folder, meta),
        **derived_files(environment, PRO_WORKDIR if is_pro(folder) else WORKDIR),
    }


def is_pro(folder: Path) -> bool:
    """Whether a task is in the form of SWE-bench Pro."""
    return (folder / PRO_FILES["run_script"]).is_file()


def _eval_script(folder: Path, meta: dict[str, Any]) -> str:
    test_patch = (folder / "test.patch").read_text("utf-8")
    if not is_pro(folder):
        return made_eval_script(meta["base_commit"], test_patch, meta["test_cmd"])
    return made_pro_script(
        base_commit=meta["base_commit"],
        test_patch=test_patch,
        before="",
        files=meta["selected_test_files_to_run"],
        **{column: (folder / name).read_text("utf-8") for column, name in PRO_FILES.items()},
    )


def tools(folder: Path) -> tuple[str, ...]:
    """The programs that a task's tests need besides Python."""
    return {"go": ("go",), "javascript": ("node",)}.get(load(folder).language or "", ())


def drift(folder: Path, *, fetch: bool = False) -> dict[str, str]:
    """What differs from what it should be: file name to its right content."""
    stated = read_environment(folder / "environment.yaml").source.commit
    commit = base_commit(folder) if fetch or is_local(folder) else stated
    return {
        name: text
        for name, text in derived(folder, commit).items()
        if not (folder / name).is_file() or (folder / name).read_text("utf-8") != text
    }


def candidates(folder: Path) -> dict[str, str]:
    """Every candidate's patch by name, gold and empty first."""
    patches = {"gold": (folder / "gold.patch").read_text("utf-8"), "empty": ""}
    for path in sorted((folder / "alternatives").glob("*.patch")):
        patches[path.stem] = path.read_text("utf-8")
    return patches


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LocalRun:
    """What one candidate did on this machine."""

    outcome: Outcome
    resolved: bool
    log: str

    @property
    def word(self) -> str:
        return "resolved" if self.resolved else "unresolved"


def run_local(task: Task, patch: str, base: Path) -> LocalRun:
    """Run one candidate with this interpreter, on a copy of a committed tree."""
    assert task.eval_script is not None
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "testbed"
        shutil.copytree(base, tree)
        if patch:
            command = ["git", "apply", "-"]
            subprocess.run(command, cwd=tree, input=patch, text=True, check=True)
        script = task.eval_script if task.is_pro else recording_exit_code(task.eval_script)
        script = script.replace(f"cd {task.workdir}\n", f"cd {tree}\n")
        if task.is_pro:
            script = script.replace("/workspace", f"{scratch}/workspace")
        done = subprocess.run(
            ["bash", "-c", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=_trial_environment(tree),
        )
    parser = parser_of(task)
    assert parser is not None
    outcome, resolved = grade(read_log(done.stdout, parser), task)
    return LocalRun(outcome=outcome, resolved=resolved, log=done.stdout)


def _trial_environment(tree: Path) -> dict[str, str]:
    """What an installed tree and a fresh container would give."""
    kept = {name: value for name, value in _quiet_git().items() if not name.startswith("PYTEST")}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{tree / 'src'}{os.pathsep}{tree}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "LANG": "C.UTF-8",
        "PY_COLORS": "0",
    }


def surprises(folder: Path) -> list[str]:
    """Run every candidate of a task; one line for each that does not do what is expected."""
    truth = expected()[folder.name]
    task = load(folder)
    wanted = {"gold": truth["gold"], "empty": truth["empty"], **truth["alternatives"]}
    lines = []
    with committed(folder) as tree:
        for name, patch in candidates(folder).items():
            run = run_local(task, patch, tree)
            if name == "empty":
                lines += _misplaced(task, run)
            if wanted.get(name) not in (run.word, "either"):
                failed = ", ".join(run.outcome.failed)
                lines.append(
                    f"{folder.name}/{name}: {run.word}, not {wanted.get(name)}; failed: {failed}"
                )
    return lines


def _misplaced(task: Task, empty: LocalRun) -> list[str]:
    """Required tests on the wrong side, by what the empty patch does to them."""
    lines = [f"{task.instance_id}: {test} fails at base" for test in empty.outcome.failed_p2p]
    if not empty.resolved:
        lines += [f"{task.instance_id}: {test} passes at base" for test in empty.outcome.passed_f2p]
    return lines


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("--run", action="store_true", help="run every candidate on this machine")
    parser.add_argument("--fetch", action="store_true", help="also tasks against PyPI releases")
    parser.add_argument("ids", nargs="*", help="instance ids, by default all")
    options = parser.parse_args()
    failures = 0
    for folder in task_folders(TASKS):
        if options.ids and folder.name not in options.ids:
            continue
        stale = drift(folder, fetch=options.fetch)
        for name, text in stale.items():
            say(f"{folder.name}: {name} {'is stale' if options.check else 'written'}")
            if not options.check:
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(text, "utf-8")
        failures += len(stale) if options.check else 0
        missing = [program for program in tools(folder) if shutil.which(program) is None]
        if options.run and missing:
            say(f"{folder.name}: not run, for want of {', '.join(missing)}")
        elif options.run and (options.fetch or is_local(folder)):
            lines = surprises(folder)
            say("\n".join(lines) if lines else f"{folder.name}: as planted")
            failures += len(lines)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
