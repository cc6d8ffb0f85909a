"""From a dataset to a task repo whose Dockerfiles build from local clones where recipes exist."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from swe_audit.errors import InputError, UnknownIdError
from swe_audit.formats.conventions import published_image
from swe_audit.formats.environment_files import write_environment
from swe_audit.formats.eval_scripts import made_eval_script
from swe_audit.formats.mirrors import Mirror
from swe_audit.formats.names import unknown_ids
from swe_audit.formats.pro_scripts import OTHERS_PARSER
from swe_audit.formats.recipes import SOURCE_ARCHIVE, Recipe, environment_of, read_recipes
from swe_audit.formats.rows import ResourcesColumn, Row, checked_row, pro_script
from swe_audit.formats.sizes import size_text
from swe_audit.formats.sources import raw_rows
from swe_audit.formats.task_folders import CONFIG_FILE, TASKS_FOLDER, write, write_task_folder
from swe_audit.formats.yaml_files import dumped_yaml, read_yaml
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, Environment, Skipped, SkipReason

SPLIT = "test"
_META_COLUMNS = (
    "instance_id",
    "repo",
    "base_commit",
    "version",
    "created_at",
    "environment_setup_commit",
    "difficulty",
    "language",
    "before_repo_set_cmd",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: ids written, ids that were there already, rows left out and why."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]
    skipped: tuple[Skipped, ...]


def import_tasks(
    source: str,
    out: Path,
    *,
    recipes: Path | None = None,
    mirrors: Path | None = None,
    instances: Collection[str] = (),
    overwrite: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Imported:
    """Write a SWE-bench 5 task repo into ``out``.

    With ``recipes`` only the rows that have one are imported, unless ``instances`` names others.
    A task folder that is there already is kept, unless ``overwrite``; a folder is either whole
    or absent. Raise ``InputError`` where source or recipes cannot be read, and
    ``UnknownIdError`` for an id that the source does not hold.
    """
    known = read_recipes(recipes) if recipes is not None else {}
    if known and mirrors is None:
        raise InputError("recipes need the clones that they name", hint="Add --mirrors DIR.")
    rows, skipped = _selected(source, instances)
    if known and not instances:
        rows = [row for row in rows if row.instance_id in known]
    config = _configuration(out, source)
    with ExitStack() as stack:
        clones = _clones(rows, known, mirrors, stack)
        work = _Work(out, known, clones, config["datasets"][:1], overwrite)
        pool = stack.enter_context(ThreadPoolExecutor(max_workers=os.cpu_count() or 1))
        outcomes = list(pool.map(work.one, rows))
    written = [row.instance_id for row, done in zip(rows, outcomes, strict=True) if done is True]
    kept = [row.instance_id for row, done in zip(rows, outcomes, strict=True) if done is False]
    failed = [done for done in outcomes if isinstance(done, Skipped)]
    if not written and not kept:
        for item in [*skipped, *failed][:5]:
            say(f"{item.instance_id}: {item.detail}")
        raise InputError(f"{source}: nothing could be imported", hint="See the reasons above.")
    write(out / CONFIG_FILE, dumped_yaml(config))
    return Imported(
        folder=out, written=tuple(written), kept=tuple(kept), skipped=(*skipped, *failed)
    )


def _selected(source: str, instances: Collection[str]) -> tuple[list[Row], list[Skipped]]:
    """Read the rows asked for, once each; bad ones and duplicates come back as skipped."""
    rows: dict[str, Row] = {}
    skipped: list[Skipped] = []
    for where, data in raw_rows(source):
        try:
            if isinstance(data, InputError):
                raise data
            row = checked_row(data, where)
        except InputError as error:
            name = data.get("instance_id") if isinstance(data, dict) else None
            skipped.append(_bad(name if isinstance(name, str) else where, error.message))
            continue
        if row.instance_id in rows:
            reason = SkipReason.DUPLICATE_ID
            skipped.append(Skipped(instance_id=row.instance_id, reason=reason, detail=where))
        else:
            rows[row.instance_id] = row
    unknown = set(instances) - set(rows) - {item.instance_id for item in skipped}
    if unknown:
        raise UnknownIdError(unknown_ids(source, unknown, rows))
    if instances:
        rows = {name: row for name, row in rows.items() if name in instances}
        skipped = [item for item in skipped if item.instance_id in instances]
    return list(rows.values()), skipped


def _configuration(out: Path, source: str) -> dict[str, list[str]]:
    """Return ``sweb.yaml``'s content: what is there already, or one dataset named by its file."""
    path = out / CONFIG_FILE
    if path.is_file():
        datasets = read_yaml(path).get("datasets")
        if isinstance(datasets, list) and datasets:
            return {"datasets": [str(name) for name in datasets], "splits": [SPLIT]}
    name = Path(source).name.split(".")[0] or "tasks"
    return {"datasets": [f"imported/{name}"], "splits": [SPLIT]}


def _clones(
    rows: list[Row], recipes: dict[str, Recipe], mirrors: Path | None, stack: ExitStack
) -> dict[str, Mirror | InputError]:
    """Open each clone that the rows' recipes name, once; one that is not there fails its rows."""
    wanted: dict[str, list[str]] = {}
    for row in rows:
        recipe = recipes.get(row.instance_id)
        if recipe is not None:
            wanted.setdefault(recipe.source.mirror, []).append(recipe.source.commit)
    clones: dict[str, Mirror | InputError] = {}
    for name, commits in wanted.items():
        try:
            clones[name] = stack.enter_context(Mirror((mirrors or Path()) / name, commits))
        except InputError as error:
            clones[name] = error
    return clones


@dataclass(frozen=True, slots=True)
class _Work:
    """What importing one row needs to know."""

    out: Path
    recipes: dict[str, Recipe]
    clones: dict[str, Mirror | InputError]
    datasets: list[str]
    overwrite: bool

    def one(self, row: Row) -> bool | Skipped:
        """Import one row; True if written, False if kept."""
        folder = self.out / TASKS_FOLDER / row.instance_id
        if folder.exists() and not self.overwrite:
            return False
        partial = folder.with_name(f".{row.instance_id}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        try:
            self._write(partial, row)
            shutil.rmtree(folder, ignore_errors=True)
            partial.rename(folder)
        except InputError as error:
            shutil.rmtree(partial, ignore_errors=True)
            return _bad(row.instance_id, error.message)
        return True

    def _write(self, folder: Path, row: Row) -> None:
        recipe = self.recipes.get(row.instance_id)
        script = _script(row, recipe)
        environment, archive = self._environment(row, recipe)
        meta = {name: value for name in _META_COLUMNS if (value := getattr(row, name))}
        meta["version"] = row.version
        meta |= {
            "split": SPLIT,
            "datasets": self.datasets,
            "image": published_image(row.instance_id) if recipe else _image(row),
            "log_parser": OTHERS_PARSER if row.has_pro_scripts else _parser(row),
            "eval_type": row.eval_type or "pass_and_fail",
        }
        if row.resources:
            meta["resources"] = _claim(row.resources)
        if row.selected_tests:
            meta["selected_test_files_to_run"] = row.selected_tests
        columns = {
            "run_script": row.run_script,
            "parser_script": row.parser_script,
            "patch": row.patch,
            "test_patch": row.test_patch,
            "eval_script": script,
            "problem_statement": row.statement,
            "hints_text": row.hints_text,
        }
        tests = {FAIL_TO_PASS: row.fail_to_pass, PASS_TO_PASS: row.pass_to_pass}
        write_task_folder(folder, meta, columns, tests)
        if environment is not None:
            write_environment(folder, environment)
            (folder / SOURCE_ARCHIVE).write_bytes(archive)

    def _environment(self, row: Row, recipe: Recipe | None) -> tuple[Environment | None, bytes]:
        if recipe is None:
            return None, b""
        if recipe.source.commit != row.base_commit:
            raise InputError(
                f"the recipe builds {recipe.source.commit}, but base_commit is {row.base_commit}"
            )
        mirror = self.clones[recipe.source.mirror]
        if isinstance(mirror, InputError):
            raise mirror
        return environment_of(recipe, mirror), mirror.archive(recipe.source.commit)


def _script(row: Row, recipe: Recipe | None) -> str:
    """Return the row's own script, or one made from the recipe's or the row's test command."""
    if row.has_pro_scripts:
        return pro_script(row)
    if row.eval_script.strip():
        return row.eval_script
    command = (recipe.test_cmd if recipe else "") or row.test_cmd
    if not command.strip():
        raise InputError("neither an eval script nor a test command")
    return made_eval_script(row.base_commit, row.test_patch, command)


def _image(row: Row) -> str:
    image = row.image_name
    if image is None:
        raise InputError("neither an image nor a recipe to build one")
    return image


def _parser(row: Row) -> str:
    if not row.parser:
        raise InputError(f"no log parser is given, and none is known for {row.repo}")
    return row.parser


def _claim(resources: ResourcesColumn) -> dict[str, str]:
    """Return a claim as ``task.yaml`` writes it."""
    cpus, memory = resources.cpus, resources.memory
    said = {"cpus": cpus and f"{cpus:g}", "memory": memory and size_text(memory)}
    return {name: text for name, text in said.items() if text}


def _bad(instance_id: str, detail: str) -> Skipped:
    return Skipped(instance_id=instance_id, reason=SkipReason.BAD_INPUT, detail=detail)
