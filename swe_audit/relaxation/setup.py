"""A missing name that tests need to be set up only: gold's definition goes into the test module."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.constructions.globals import bound_name, imports_for, read_names
from swe_audit.alternatives.constructions.source import Source
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.imports import Moved, NotMovableError, define_instead
from swe_audit.relaxation.nouns import NotRelaxableError, Rewrite
from swe_audit.relaxation.texts import graded_paths


def relax_setup(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield the test modules with gold's definition of a name in the place of its import.

    Raise ``NotRelaxableError`` where a test's own body uses the name, which would then test
    nothing of the candidate, or where the definition needs any other line of gold.
    """
    if pin.cause is not Cause.MISSING_NAME or not pin.detail.isidentifier():
        return
    edits: list[Edit] = []
    for path in graded_paths(ground):
        try:
            found = defined(ground, path, ground.tests.read(path) or "", pin.detail)
        except (NotMovableError, SyntaxError) as error:
            raise NotRelaxableError(str(error)) from error
        edits.extend(found.edits if found is not None else ())
    if not edits:
        raise NotRelaxableError(f"no changed test module imports {pin.detail} at its top")
    yield Rewrite(step=Step.SETUP, edits=tuple(edits))


def defined(ground: Ground, path: str, text: str, name: str) -> Moved | None:
    """Return a test module with gold's definition in the place of a name's import, None without.

    Raise ``NotMovableError`` where it is used otherwise than to set tests up, or where the
    definition needs more of gold than itself.
    """
    definition = _definition(ground, name)
    if definition is None:
        raise NotMovableError(f"gold's definition of {name} does not stand alone")
    return define_instead(path, text, name, definition)


def _definition(ground: Ground, name: str) -> str | None:
    """Return gold's definition of a name with its imports, None where it needs anything else."""
    for source in Source.all_of(ground):
        for node in source.module.body:
            if bound_name(node) != name or not source.is_new(node) or not source.alone(node):
                continue
            first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            start, end = source.rows(first, node.end_lineno or node.lineno)
            text = source.text[start:end]
            read = read_names(text)
            lines = None if read is None else imports_for(source, read, first)
            if lines is None or any(line.startswith("from .") for line in lines):
                return None
            kept = [line for line in lines if "__future__" not in line]
            return "\n".join([*kept, "", text] if kept else [text])
    return None
