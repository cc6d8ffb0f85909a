"""Alternatives that people wrote: ``alternatives/NAME.patch`` with ``NAME.yaml`` beside it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from swe_audit.errors import InputError
from swe_audit.formats.environment_files import problems_of
from swe_audit.formats.patches import patch_problem
from swe_audit.formats.text_files import read_text
from swe_audit.formats.yaml_files import read_yaml
from swe_audit.model.candidate import Candidate, CandidateKind, Provenance
from swe_audit.model.finding import Defect
from swe_audit.model.task import Task

ALTERNATIVES_FOLDER = "alternatives"
_NAME = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,79}$")
_RESERVED = frozenset({"gold", "empty"})


class _Description(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Literal["alternative", "incorrect"]
    rationale: Annotated[str, Field(min_length=1)]
    author: Annotated[str, Field(min_length=1)]
    reviewed_by: str | None = None
    defect: str | None = None
    evidence: str | None = None


def load_curated(task: Task) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """Return a task's curated candidates, by name, and what is wrong with the others.

    A review by the author is none. A task without a folder has no curated candidates.
    """
    if task.folder is None:
        return (), ()
    return read_alternatives(task.folder, task.instance_id)


def read_alternatives(
    task_folder: Path, instance_id: str
) -> tuple[tuple[Candidate, ...], tuple[str, ...]]:
    """Return the candidates of a task's folder, and one sentence for each thing at fault."""
    folder = task_folder / ALTERNATIVES_FOLDER
    if not folder.is_dir():
        return (), ()
    files = {path.name: path for path in sorted(folder.iterdir())}
    stems = sorted({name.rsplit(".", 1)[0] for name in files if name.endswith((".patch", ".yaml"))})
    problems = [
        f"{path}: neither a .patch nor a .yaml file"
        for name, path in files.items()
        if not name.endswith((".patch", ".yaml"))
    ]
    candidates = []
    for stem in stems:
        try:
            candidates.append(_candidate(folder, stem, instance_id))
        except InputError as error:
            problems.append(error.message)
    return tuple(candidates), tuple(problems)


def _candidate(folder: Path, stem: str, instance_id: str) -> Candidate:
    patch_file, description_file = folder / f"{stem}.patch", folder / f"{stem}.yaml"
    if not patch_file.is_file():
        raise InputError(f"{description_file}: there is no {stem}.patch beside it")
    if not description_file.is_file():
        raise InputError(f"{patch_file}: there is no {stem}.yaml beside it")
    if not _NAME.match(stem) or stem in _RESERVED:
        raise InputError(
            f"{patch_file}: {stem!r} cannot name a candidate "
            "(lower-case letters, digits, _ . - ; not gold or empty)"
        )
    described = _description(description_file)
    patch = read_text(patch_file)
    problem = patch_problem(patch)
    if problem is not None:
        raise InputError(f"{patch_file}: {problem}")
    author, reviewer = described.author.strip(), (described.reviewed_by or "").strip()
    return Candidate(
        instance_id=instance_id,
        name=stem,
        kind=CandidateKind(described.kind),
        provenance=Provenance.CURATED,
        patch=patch,
        family=author,
        rationale=described.rationale.strip(),
        author=author,
        reviewed_by="" if reviewer.casefold() == author.casefold() else reviewer,
        claim=Defect(described.defect) if described.defect else None,
        evidence=(described.evidence or "").strip(),
    )


def _description(path: Path) -> _Description:
    try:
        described = _Description.model_validate(read_yaml(path))
    except ValidationError as error:
        raise InputError(f"{path}: {problems_of(error)}") from error
    known = [defect.value for defect in Defect]
    if described.defect and described.defect not in known:
        raise InputError(f"{path}: defect: {described.defect!r} is none of {', '.join(known)}")
    return described
