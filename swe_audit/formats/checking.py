"""Is a source of tasks well formed? Name every problem at once; repair what can be derived."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swe_audit.errors import InputError
from swe_audit.formats.curated import read_alternatives
from swe_audit.formats.environment_files import ENVIRONMENT_FILE, derived_files, read_environment
from swe_audit.formats.eval_scripts import END_MARKER, START_MARKER
from swe_audit.formats.loading import load
from swe_audit.formats.rows import Row, checked_row, pro_script, why_unrunnable
from swe_audit.formats.task_folders import (
    COLUMN_FILES,
    CONFIG_FILE,
    HINTS_FILE,
    PRO_FILES,
    TASK_FILE,
    TESTS_FILE,
    task_folders,
    tasks_folder,
    write,
)
from swe_audit.formats.text_files import read_json, read_text
from swe_audit.formats.yaml_files import read_yaml
from swe_audit.judging.parsers import parser_for
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, PRO_WORKDIR, WORKDIR, Environment

REQUIRED_KEYS = (
    "instance_id",
    "repo",
    "version",
    "base_commit",
    "split",
    "image",
    "log_parser",
    "eval_type",
    "datasets",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing at fault: where, what, and whether ``fix`` could put it right, or did."""

    where: str
    message: str
    fixable: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """How many tasks were looked at, and every problem in reading order."""

    tasks: int
    problems: tuple[Problem, ...]

    @property
    def open(self) -> tuple[Problem, ...]:
        """The problems that are still there."""
        return tuple(problem for problem in self.problems if not problem.fixed)


def check(source: str | Path, *, fix: bool = False) -> CheckResult:
    """Look through a task repo or a data set.

    ``fix`` writes only what follows from ``environment.yaml``: the Dockerfile and the note in
    ``certificates/``. Raise ``InputError`` where the source cannot be read at all.
    """
    folder = tasks_folder(Path(source))
    if folder is None:
        return _check_rows(source)
    problems = [*_check_repository(folder)]
    children = task_folders(folder)
    for child in children:
        problems += _TaskCheck(child, fix).problems()
    return CheckResult(tasks=len(children), problems=tuple(problems))


def _check_rows(source: str | Path) -> CheckResult:
    dataset = load(source)
    problems = [
        Problem(where=item.instance_id, message=f"{item.reason.value}: {item.detail}")
        for item in dataset.skipped
    ]
    for task in dataset.tasks:
        lacking = why_unrunnable(task)
        if lacking is not None:
            said = f"{lacking.reason.value}: {lacking.detail}"
            problems.append(Problem(where=task.instance_id, message=said))
        elif parser_for(task.log_parser) is None:
            problems.append(Problem(where=task.instance_id, message=_no_parser(task.log_parser)))
    return CheckResult(tasks=len(dataset.tasks) + len(dataset.skipped), problems=tuple(problems))


def _check_repository(folder: Path) -> Iterator[Problem]:
    """Check what stands around the tasks: ``sweb.yaml``, and folders that are no tasks."""
    root = folder.parent
    path = root / CONFIG_FILE
    if not path.is_file():
        yield Problem(where=str(path), message="missing, so the harness cannot read this repo")
    else:
        try:
            config = read_yaml(path)
        except InputError as error:
            yield Problem(where=str(path), message=error.message)
            config = {}
        else:
            if not config.get("datasets"):
                yield Problem(where=str(path), message="names no datasets")
        yield from _unpublished(folder, config)
    for child in sorted(folder.iterdir()):
        stray = child.is_dir() and not (child / TASK_FILE).is_file()
        if stray and not child.name.startswith("."):
            yield Problem(where=str(child), message=f"no {TASK_FILE}, so it is not a task")


def _unpublished(folder: Path, config: dict[str, Any]) -> Iterator[Problem]:
    """Name tasks whose data set or split ``sweb.yaml`` does not publish."""
    datasets = config.get("datasets") or []
    splits = config.get("splits") or ["test"]
    for child in task_folders(folder):
        try:
            meta = read_yaml(child / TASK_FILE)
        except InputError:
            continue  # said where the task itself is checked
        split = meta.get("split")
        if split is not None and split not in (*splits, "deprecated"):
            yield Problem(where=str(child), message=f"{CONFIG_FILE} has no split {split!r}")
        claimed = meta.get("datasets")
        if isinstance(claimed, list):
            for name in claimed:
                if name not in datasets:
                    said = f"{CONFIG_FILE} publishes no dataset {name!r}"
                    yield Problem(where=str(child), message=said)


class _TaskCheck:
    """Looks through one task's folder, file by file, so that each says what is wrong with it."""

    def __init__(self, folder: Path, fix: bool) -> None:
        self._folder = folder
        self._fix = fix
        self._found: list[Problem] = []

    def problems(self) -> list[Problem]:
        row = self._files()
        checked = self._row(row)
        self._tests(row)
        self._script(row.get("eval_script"))
        environment = self._environment(checked)
        made: dict[str, str] = {}
        if checked is not None and checked.has_pro_scripts:
            made[COLUMN_FILES["eval_script"]] = pro_script(checked)
        if environment is not None:
            pro = checked is not None and checked.has_pro_scripts
            made |= derived_files(environment, PRO_WORKDIR if pro else WORKDIR)
        self._derived(made)
        if environment is not None:
            self._source(environment)
        elif not (self._folder / "Dockerfile").is_file() and not row.get("image"):
            self._say("neither an image nor a Dockerfile nor an environment.yaml")
        for said in read_alternatives(self._folder, self._folder.name)[1]:
            self._say(said.removeprefix(f"{self._folder}/"))
        return self._found

    def _say(self, message: str, *, fixable: bool = False) -> None:
        fixed = fixable and self._fix
        self._found.append(
            Problem(where=str(self._folder), message=message, fixable=fixable, fixed=fixed)
        )

    def _try(self, name: str, read: Callable[[Path], Any]) -> Any:
        """Read one file of the folder; None, and a problem, where that fails."""
        path = self._folder / name
        if not path.exists():
            self._say(f"{name} is missing")
            return None
        try:
            return read(path)
        except InputError as error:
            self._say(error.message.removeprefix(f"{self._folder}/"))
            return None

    def _files(self) -> dict[str, Any]:
        """Read every file of the task into one row, as far as they can be read."""
        meta = self._try(TASK_FILE, read_yaml)
        row: dict[str, Any] = dict(meta or {})
        if meta is not None:
            missing = [key for key in REQUIRED_KEYS if not meta.get(key)]
            if missing:
                self._say(f"{TASK_FILE} has no {', '.join(missing)}")
            if meta.get("instance_id") not in (None, self._folder.name):
                self._say(f"{TASK_FILE}: instance_id is {meta['instance_id']!r}, not the folder's")
        for column, name in COLUMN_FILES.items():
            row[column] = self._try(name, read_text)
        for column, name in PRO_FILES.items():
            if (self._folder / name).exists():
                row[column] = self._try(name, read_text)
        if (self._folder / HINTS_FILE).exists():
            row["hints_text"] = self._try(HINTS_FILE, read_text)
        tests = self._try(TESTS_FILE, read_json)
        if isinstance(tests, dict):
            row.update(tests)
        elif tests is not None:
            self._say(f"{TESTS_FILE}: holds no object")
        return row

    def _row(self, row: dict[str, Any]) -> Row | None:
        """Check the columns together, if all files could be read."""
        if any(row.get(column) is None for column in COLUMN_FILES):
            return None
        try:
            checked = checked_row(row, "the task")
        except InputError as error:
            self._say(error.message.removeprefix("the task: "))
            return None
        if checked.log_parser and parser_for(checked.log_parser) is None:
            self._say(_no_parser(checked.log_parser))
        return checked

    def _tests(self, row: dict[str, Any]) -> None:
        lists = {
            key: [item for item in row[key] if isinstance(item, str)]
            for key in (FAIL_TO_PASS, PASS_TO_PASS)
            if isinstance(row.get(key), list)
        }
        if lists.get(FAIL_TO_PASS) == []:
            self._say(f"{FAIL_TO_PASS} is empty, so nothing grades this task")
        for key, ids in lists.items():
            twice = sorted({test for test in ids if ids.count(test) > 1}) if _repeats(ids) else []
            if twice:
                self._say(f"{key} lists {twice[0]!r} twice")
        both = set(lists.get(FAIL_TO_PASS, ())) & set(lists.get(PASS_TO_PASS, ()))
        if both:
            self._say(f"{min(both)!r} is in {FAIL_TO_PASS} and in {PASS_TO_PASS}")

    def _script(self, script: object) -> None:
        if not isinstance(script, str):
            return
        for marker in (START_MARKER, END_MARKER):
            if marker not in script:
                self._say(f"eval.sh has no {marker!r} marker, so its log cannot be graded")

    def _environment(self, row: Row | None) -> Environment | None:
        if not (self._folder / ENVIRONMENT_FILE).exists():
            return None
        environment: Environment | None = self._try(ENVIRONMENT_FILE, read_environment)
        if environment is None or row is None:
            return environment
        source = environment.source
        if source.archive and source.commit != row.base_commit:
            self._say(f"{ENVIRONMENT_FILE}: builds {source.commit}, not base_commit")
        return environment

    def _derived(self, made: dict[str, str]) -> None:
        """Compare files with what the others of the folder give; fix them if asked."""
        for name, text in made.items():
            path = self._folder / name
            try:
                same = path.is_file() and read_text(path) == text
            except InputError:
                same = False
            if same:
                continue
            how = "is not what" if path.is_file() else "is missing; it is what"
            giver = "run_script.sh" if name == COLUMN_FILES["eval_script"] else ENVIRONMENT_FILE
            self._say(f"{name} {how} {giver} gives", fixable=True)
            if self._fix:
                path.parent.mkdir(exist_ok=True)
                write(path, text)

    def _source(self, environment: Environment) -> None:
        place = environment.source.archive or environment.source.folder
        if place is not None and not (self._folder / place).exists():
            self._say(f"{place} is missing, but {ENVIRONMENT_FILE} builds from it")


def _repeats(ids: list[str]) -> bool:
    return len(set(ids)) != len(ids)


def _no_parser(name: str) -> str:
    return (
        f"no log parser is called {name!r} here; "
        "parsers of other languages come with: pip install 'swe-audit[swebench]'"
    )
