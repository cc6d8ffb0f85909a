"""A dataset row, in any of the published column sets, checked and turned into a task."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from swe_audit.errors import InputError
from swe_audit.formats.conventions import (
    is_instance_id,
    parser_of_repository,
    published_image,
    published_pro_image,
)
from swe_audit.formats.environment_files import problems_of
from swe_audit.formats.eval_scripts import made_eval_script, recording_exit_code
from swe_audit.formats.patches import patch_problem
from swe_audit.formats.pro_scripts import made_pro_script
from swe_audit.formats.sizes import bytes_of
from swe_audit.formats.text_files import MIB
from swe_audit.model.task import (
    PRO_PARSER,
    UNSTATED,
    Environment,
    EvalType,
    Resources,
    Skipped,
    SkipReason,
    Task,
)


def clean_text(value: Any) -> Any:
    """Turn null into an empty text, and refuse text that no UTF-8 file can hold."""
    if value is None:
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise ValueError("holds half of a surrogate pair, which is no text") from error
    return value


def _ids(value: Any) -> Any:
    """Return a list of test ids from a list, a JSON string, or a Python list as text."""
    if isinstance(value, str):
        value = _ids_from_text(value.strip())
    if value is None:
        return []
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"is a {type(value).__name__}, not a list of test ids")  # noqa: TRY004 - pydantic reports ValueError only
    for item in value:
        if not isinstance(item, str):
            raise ValueError("holds something that is no text")  # noqa: TRY004 - as above
        clean_text(item)
    return list(value)


def _ids_from_text(text: str) -> Any:
    if not text:
        return []
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        # SWE-bench Pro publishes the lists as Python writes them.
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError("is neither a list nor the text of one") from error


def _number(value: Any) -> Any:
    """Return the number that a text holds, for YAML's scalars are texts here."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"{value!r} is no number") from error


def _size(value: Any) -> Any:
    """Return bytes; a bare number counts GiB, as on the command line."""
    if value is None or isinstance(value, bool):
        return value
    size = bytes_of(str(value))
    if size is None:
        raise ValueError(f"{value!r} is no size; write it like 512m or 4g")
    return size


_Text = Annotated[str, BeforeValidator(clean_text)]
_Ids = Annotated[list[str], BeforeValidator(_ids)]


def _column(*names: str) -> Any:
    return Field(default="", validation_alias=AliasChoices(*names))


class ResourcesColumn(BaseModel):
    """What each trial of a task claims; the least memory is what an engine takes as a limit."""

    model_config = ConfigDict(extra="forbid", strict=True)

    cpus: Annotated[float | None, BeforeValidator(_number), Field(ge=0.01, le=10_000)] = None
    memory: Annotated[int | None, BeforeValidator(_size), Field(ge=6 * MIB, le=2**50)] = None


class Row(BaseModel):
    """The columns that matter, under the names that SWE-bench 5 gives them."""

    model_config = ConfigDict(extra="ignore", strict=True)

    instance_id: _Text = Field()
    repo: _Text = Field()
    base_commit: Annotated[_Text, Field(pattern=r"^[0-9a-f]{7,64}$")]
    patch: _Text = Field()
    test_patch: _Text = ""
    problem_statement: _Text = Field()
    fail_to_pass: _Ids = Field(validation_alias=AliasChoices("FAIL_TO_PASS", "fail_to_pass"))
    pass_to_pass: _Ids = Field(validation_alias=AliasChoices("PASS_TO_PASS", "pass_to_pass"))
    hints_text: _Text = ""
    created_at: _Text = ""
    version: _Text = ""
    environment_setup_commit: _Text = ""
    difficulty: _Text = ""
    test_cmd: _Text = ""
    image: _Text = _column("image", "image_name", "docker_image")
    log_parser: _Text = ""
    eval_type: _Text = ""
    eval_script: _Text = ""
    requirements: _Text = ""
    interface: _Text = ""
    language: _Text = _column("repo_language", "language")
    dockerhub_tag: _Text = ""
    before_repo_set_cmd: _Text = ""
    selected_tests: _Ids = Field(
        default_factory=list,
        validation_alias=AliasChoices("selected_test_files_to_run", "test_files"),
    )
    run_script: _Text = _column("run_script", "run_script_sh")
    parser_script: _Text = _column("parser_script", "parser_py")
    resources: ResourcesColumn | None = None

    @property
    def is_pro(self) -> bool:
        """Whether the row has the columns of SWE-bench Pro."""
        return bool(
            self.requirements or self.interface or self.dockerhub_tag or self.has_pro_scripts
        )

    @property
    def has_pro_scripts(self) -> bool:
        """Whether the row brings the scripts that SWE-bench Pro's harness runs."""
        return bool(self.run_script.strip() and self.parser_script.strip())

    @property
    def statement(self) -> str:
        """All that a solver sees; for SWE-bench Pro three columns, each under its heading."""
        if not (self.requirements or self.interface):
            return self.problem_statement
        parts = [self.problem_statement.rstrip()]
        if self.requirements:
            parts.append(f"## Requirements\n\n{self.requirements.rstrip()}")
        if self.interface:
            parts.append(f"## Interface\n\n{self.interface.rstrip()}")
        return "\n\n".join(parts) + "\n"

    @property
    def image_name(self) -> str | None:
        """The image that the row names, or that its benchmark publishes for it."""
        if self.image:
            return self.image
        if self.is_pro:
            return published_pro_image(self.instance_id, self.repo, self.dockerhub_tag)
        known = parser_of_repository(self.repo) is not None
        return published_image(self.instance_id) if known else None

    @property
    def parser(self) -> str:
        """The log parser of the row, else of its benchmark or repository, else an empty text.

        Scripts of SWE-bench Pro come first: what else such a row names is for other harnesses.
        """
        if self.has_pro_scripts:
            return PRO_PARSER
        another = self.eval_script.strip() or self.test_cmd.strip()
        of_pro = PRO_PARSER if self.is_pro and not another else ""
        return self.log_parser or of_pro or parser_of_repository(self.repo) or ""


def checked_row(data: object, where: str) -> Row:
    """Return a row whose columns are all well formed, or raise ``InputError``."""
    if not isinstance(data, Mapping):
        raise InputError(f"{where}: a row is a {type(data).__name__}, not an object")
    try:
        row = Row.model_validate(dict(data))
    except ValidationError as error:
        raise InputError(f"{where}: {problems_of(error)}") from error
    if not is_instance_id(row.instance_id):
        raise InputError(f"{where}: instance_id {row.instance_id!r} cannot name a folder")
    if row.eval_type not in ("", *(kind.value for kind in EvalType)):
        raise InputError(f"{where}: eval_type {row.eval_type!r} is not known")
    for column, patch in (("patch", row.patch), ("test_patch", row.test_patch)):
        if column == "test_patch" and not patch.strip():
            continue
        problem = patch_problem(patch)
        if problem is not None:
            raise InputError(f"{where}: {column}: {problem}")
    return row


def task_from_row(
    row: Row,
    *,
    folder: Path | None = None,
    environment: Environment | None = None,
    test_assets: tuple[str, ...] = (),
) -> Task | Skipped:
    """Return the task of a checked row, or why there is none."""
    if not row.fail_to_pass:
        return Skipped(
            instance_id=row.instance_id,
            reason=SkipReason.NO_FAIL_TO_PASS,
            detail="FAIL_TO_PASS is empty, so nothing grades this task",
        )
    return Task(
        instance_id=row.instance_id,
        repo=row.repo,
        base_commit=row.base_commit,
        statement=row.statement,
        gold_patch=row.patch,
        test_patch=row.test_patch,
        fail_to_pass=tuple(row.fail_to_pass),
        pass_to_pass=tuple(row.pass_to_pass),
        log_parser=row.parser,
        eval_type=EvalType(row.eval_type or EvalType.PASS_AND_FAIL),
        eval_script=_eval_script(row),
        image=row.image_name,
        folder=folder,
        environment=environment,
        version=row.version,
        hints=row.hints_text,
        created_at=row.created_at or None,
        difficulty=row.difficulty or None,
        language=row.language.strip().lower() or None,
        test_assets=test_assets,
        resources=Resources(**row.resources.model_dump()) if row.resources else UNSTATED,
    )


def why_unrunnable(task: Task) -> Skipped | None:
    """Return what a loaded task lacks to be run, None where it lacks nothing.

    Such a task can still be screened, tagged and profiled.
    """
    if task.eval_script is None:
        reason, detail = SkipReason.NO_TEST_COMMAND, "neither an eval script nor a test command"
    elif not task.log_parser:
        reason, detail = SkipReason.NO_LOG_PARSER, f"no log parser is known for {task.repo}"
    elif task.image is None and task.environment is None and not _has_dockerfile(task):
        reason, detail = SkipReason.NO_IMAGE, "neither an image nor a Dockerfile"
    else:
        return None
    return Skipped(instance_id=task.instance_id, reason=reason, detail=detail)


def _has_dockerfile(task: Task) -> bool:
    return task.folder is not None and (task.folder / "Dockerfile").is_file()


def pro_script(row: Row) -> str:
    """Return the eval script of a row that has SWE-bench Pro's scripts."""
    return made_pro_script(
        base_commit=row.base_commit,
        test_patch=row.test_patch,
        before=row.before_repo_set_cmd,
        files=row.selected_tests,
        run_script=row.run_script,
        parser_script=row.parser_script,
    )


def _eval_script(row: Row) -> str | None:
    """Return the script as the harness runs it."""
    if row.has_pro_scripts:
        return pro_script(row)
    if row.eval_script.strip():
        return recording_exit_code(row.eval_script)
    if row.test_cmd.strip() and row.test_patch.strip():
        return recording_exit_code(made_eval_script(row.base_commit, row.test_patch, row.test_cmd))
    return None
