"""``environment.yaml``, the one description of a task's environment, read and written."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from swe_audit.environments import CERTIFICATES, dockerfile
from swe_audit.errors import InputError
from swe_audit.formats.yaml_files import dumped_yaml, parsed_yaml, read_yaml
from swe_audit.model.task import WORKDIR, Environment, Source

ENVIRONMENT_FILE = "environment.yaml"
DOCKERFILE = "Dockerfile"
CERTIFICATES_NOTE = f"{CERTIFICATES}/README"
# The same bytes in every task, for the builder shares a layer only between equal folders.
CERTIFICATES_TEXT = (
    "The image's Dockerfile copies this folder into its first stage. For a build behind a proxy\n"
    "the builder adds the user's CA bundle here; it never reaches the final image.\n"
)

_Line = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"^[^\x00\r\n]*$")]
_Pinned = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+_-]+$")]
_Variable = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
_Package = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9+.:=~-]*$")]
_Script = Annotated[str, Field(max_length=100_000, pattern=r"^[^\x00\r\n]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _SourceFile(_Strict):
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    archive: _Line | None = None
    folder: _Line | None = None
    sdist: _Pinned | None = None

    @model_validator(mode="after")
    def _one_place(self) -> _SourceFile:
        if sum(place is not None for place in (self.archive, self.folder, self.sdist)) != 1:
            raise ValueError("needs exactly one of archive, folder and sdist")
        for place in (self.archive, self.folder):
            if place is not None and not _inside(place):
                raise ValueError(f"{place!r} does not lie inside the task's folder")
        return self


class _EnvironmentFile(_Strict):
    python: Annotated[str, Field(pattern=r"^3\.\d{1,2}$")]
    source: _SourceFile
    rebuilt: bool = False
    env: dict[_Variable, _Script] = Field(default_factory=dict)
    tools: list[_Line] = Field(default_factory=list)
    pip: list[_Line] = Field(default_factory=list)
    build_requires: list[_Line] = Field(default_factory=list)
    system: list[_Package] = Field(default_factory=list)
    pre_install: list[_Script] = Field(default_factory=list)
    install: _Script = ""


def read_environment(path: Path) -> Environment:
    """Return the environment that a file describes; an unknown key is an ``InputError``."""
    return _validated(read_yaml(path), str(path))


def parsed_environment(text: str, where: str) -> Environment:
    """Return the environment that a YAML text describes."""
    return _validated(parsed_yaml(text, where), where)


def environment_text(environment: Environment) -> str:
    """Return the YAML of an environment; empty parts are left out."""
    source = {
        name: value
        for name in ("archive", "folder", "sdist", "commit")
        if (value := getattr(environment.source, name)) is not None
    }
    parts: dict[str, Any] = {
        "python": environment.python,
        "rebuilt": environment.rebuilt,
        "source": source,
        "env": dict(environment.env),
        "tools": list(environment.tools),
        "system": list(environment.system),
        "pip": list(environment.pip),
        "build_requires": list(environment.build_requires),
        "pre_install": list(environment.pre_install),
        "install": environment.install,
    }
    return dumped_yaml({name: value for name, value in parts.items() if value or value is False})


def derived_files(environment: Environment, workdir: str = WORKDIR) -> dict[str, str]:
    """Return what a task folder holds because of its environment: relative path and text."""
    return {DOCKERFILE: dockerfile(environment, workdir), CERTIFICATES_NOTE: CERTIFICATES_TEXT}


def write_environment(folder: Path, environment: Environment) -> None:
    """Write ``environment.yaml`` and what follows from it into a task's folder."""
    (folder / CERTIFICATES).mkdir(parents=True, exist_ok=True)
    files = {ENVIRONMENT_FILE: environment_text(environment), **derived_files(environment)}
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("utf-8"))


def _validated(data: dict[str, Any], where: str) -> Environment:
    try:
        checked = _EnvironmentFile.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{where}: {problems_of(error)}") from error
    source = checked.source
    return Environment(
        python=checked.python,
        source=Source(
            commit=source.commit, archive=source.archive, folder=source.folder, sdist=source.sdist
        ),
        env=tuple(checked.env.items()),
        tools=tuple(checked.tools),
        pip=tuple(checked.pip),
        build_requires=tuple(checked.build_requires),
        system=tuple(checked.system),
        pre_install=tuple(checked.pre_install),
        install=checked.install,
        rebuilt=checked.rebuilt,
    )


def problems_of(error: ValidationError) -> str:
    """Return pydantic's complaints as one line, each with the key that it is about."""
    said = []
    for problem in error.errors(include_url=False):
        place = ".".join(str(part) for part in problem["loc"])
        message = problem["msg"].removeprefix("Value error, ")
        if problem["type"] == "extra_forbidden":
            message = "unknown key"
        said.append(f"{place}: {message}" if place else message)
    return "; ".join(said)


def _inside(place: str) -> bool:
    pure = PurePosixPath(place)
    return not pure.is_absolute() and ".." not in pure.parts and "\\" not in place
