"""How to rebuild an instance's environment from a local clone: a recipe, and what follows."""

from __future__ import annotations

import ast
import configparser
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swe_audit.environments import default_tools
from swe_audit.errors import InputError
from swe_audit.formats.environment_files import problems_of
from swe_audit.formats.mirrors import Mirror
from swe_audit.formats.patches import is_safe_path
from swe_audit.formats.text_files import json_lines
from swe_audit.model.task import Environment, Source

# The standard library's from Python 3.11 on; before that, the package it was taken from.
tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")

SOURCE_ARCHIVE = "source.tar.gz"
_BUILD_FILES = ("pyproject.toml", "setup.cfg", "setup.py")
_DEFAULT_REQUIRES = ("setuptools>=40.8.0", "wheel")


class _Origin(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    mirror: str
    commit: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]


class Recipe(BaseModel):
    """One line of a recipes file. ``seen`` is what its author observed, and is not used."""

    model_config = ConfigDict(extra="forbid", strict=True)

    instance_id: str
    source: _Origin
    python: Annotated[str, Field(pattern=r"^3\.\d{1,2}$")]
    env: dict[str, str] = Field(default_factory=dict)
    pip: list[str] = Field(default_factory=list)
    pre_install: list[str] = Field(default_factory=list)
    install: str = ""
    test_cmd: str = ""
    seen: dict[str, Any] = Field(default_factory=dict)


def read_recipes(path: Path) -> dict[str, Recipe]:
    """Return recipes by instance id; raise ``InputError`` naming the first line at fault."""
    recipes: dict[str, Recipe] = {}
    for where, data in json_lines(path):
        if isinstance(data, InputError):
            raise data
        try:
            recipe = Recipe.model_validate(data)
        except ValidationError as error:
            raise InputError(f"{where}: {problems_of(error)}") from error
        if recipe.instance_id in recipes:
            raise InputError(f"{where}: a second recipe for {recipe.instance_id}")
        if not is_safe_path(recipe.source.mirror):
            raise InputError(f"{where}: the mirror {recipe.source.mirror!r} is not a plain name")
        recipes[recipe.instance_id] = recipe
    return recipes


def environment_of(recipe: Recipe, mirror: Mirror) -> Environment:
    """Return the environment that a recipe describes, marked as rebuilt by us."""
    return Environment(
        python=recipe.python,
        source=Source(commit=recipe.source.commit, archive=SOURCE_ARCHIVE),
        env=tuple(recipe.env.items()),
        tools=default_tools(recipe.python),
        pip=tuple(recipe.pip),
        build_requires=build_requires(mirror, recipe.source.commit, tuple(recipe.pre_install)),
        pre_install=tuple(recipe.pre_install),
        install=recipe.install,
        rebuilt=True,
    )


def build_requires(mirror: Mirror, commit: str, edits: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what building the project at a commit needs, as its own files state it.

    ``[build-system]`` of ``pyproject.toml``, after those ``edits`` (``sed -i`` commands) that
    change it; without one, what PEP 517 says, setuptools and wheel. ``setup_requires`` is added
    where ``setup.py`` or ``setup.cfg`` writes it out.
    """
    found = {
        name: _edited(content.decode("utf-8", "replace"), name, edits)
        for name, content in mirror.files(commit, _BUILD_FILES).items()
    }
    requires = _build_system(found.get("pyproject.toml", "")) or list(_DEFAULT_REQUIRES)
    requires += _from_setup_cfg(found.get("setup.cfg", ""))
    requires += _from_setup_py(found.get("setup.py", ""))
    names = [_distribution(requirement) for requirement in requires]
    if "setuptools" in names and "wheel" not in names:
        requires.append("wheel")  # setuptools asks for it when it builds one
    return tuple(dict.fromkeys(requires))


def _build_system(text: str) -> list[str]:
    try:
        table = tomllib.loads(text).get("build-system", {})
    except tomllib.TOMLDecodeError:
        return []
    requires = table.get("requires", []) if isinstance(table, dict) else []
    return [item for item in requires if isinstance(item, str)]


def _from_setup_cfg(text: str) -> list[str]:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return []
    value = parser.get("options", "setup_requires", fallback="")
    parts = [part.strip() for part in value.split("\n")]
    return [part for part in parts if part and not part.startswith(("#", "file:"))]


def _from_setup_py(text: str) -> list[str]:
    """Return ``setup_requires`` where a call in ``setup.py`` writes it as a literal list."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "setup_requires":
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                return []
            if isinstance(value, (list, tuple)):
                return [item for item in value if isinstance(item, str)]
    return []


def _edited(text: str, name: str, edits: tuple[str, ...]) -> str:
    """Apply the ``sed -i EXPRESSION FILE`` edits of one file to its text.

    sed runs in its sandbox on standard input: a recipe gets no shell and no file here. An edit
    of another form is left to the image's build, which runs them all.
    """
    for edit in edits:
        try:
            words = shlex.split(edit)
        except ValueError:
            continue
        if len(words) != 4 or words[:2] != ["sed", "-i"] or words[3] != name:
            continue
        try:
            done = subprocess.run(
                ["sed", "--sandbox", "-e", words[2]],
                input=text,
                capture_output=True,
                text=True,
                timeout=10,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            continue
        text = done.stdout
    return text


def _distribution(requirement: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", requirement.strip(), maxsplit=1)[0].lower()
