"""A pinned text: its assertions admit another spelling, other words, or any text."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.constructions.alignment import partly, whole
from swe_audit.alternatives.constructions.messages import Message, messages_of
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Edit
from swe_audit.model.finding import Cause
from swe_audit.model.relaxation import Pin, Step
from swe_audit.relaxation.assertions import NoFormError, Relaxed, relax
from swe_audit.relaxation.nouns import NotRelaxableError, Rewrite
from swe_audit.relaxation.pinned_texts import PinnedText, pinned_texts, same_texts

_LEAST_WORDS = 2
_STEPS = {
    Cause.MESSAGE_TEXT: (Step.SPELLING, Step.VALUES, Step.CLASS, Step.TEXT),
    Cause.ORDER_OR_FORMAT: (Step.SPELLING,),
    Cause.VALUE: (Step.SPELLING,),
}


def gold_messages(ground: Ground, detail: str) -> tuple[tuple[str, Message], ...]:
    """Return the messages of gold's files, with their path, that a pinned text says."""
    found = []
    for path in sorted(ground.added):
        for message in messages_of(ground.gold.read(path) or "") if path.endswith(".py") else ():
            template = message.template
            if whole(template, detail) or partly(template, detail, _LEAST_WORDS):
                found.append((path, message))
    return tuple(found)


def graded_paths(ground: Ground) -> tuple[str, ...]:
    """Return the Python files that the test patch changes, as far as they are there with it."""
    return tuple(
        path
        for path in ground.test_paths
        if path.endswith(".py") and ground.tests.read(path) not in (None, ground.base.read(path))
    )


def relax_text(ground: Ground, pin: Pin) -> Iterator[Rewrite]:
    """Yield the ways to free a text, the least first; nothing for a pin that is no text.

    Raise ``NotRelaxableError`` where the tests hold the text in a form that is not rewritten.
    """
    steps = _STEPS.get(pin.cause, ())
    if not steps or not any(char.isalpha() for char in pin.detail):
        return
    pinned = _pinned(ground, pin)
    if not pinned:
        raise NotRelaxableError("no literal of the changed tests says the text")
    problem = ""
    made = False
    for step in steps:
        try:
            rewrite = _rewrite(ground, pinned, step)
        except NoFormError as error:
            problem = str(error)
            continue
        if rewrite is not None:
            made = True
            yield rewrite
    if not made:
        raise NotRelaxableError(problem or "no assertion on the text can be rewritten")


def _pinned(ground: Ground, pin: Pin) -> dict[str, tuple[PinnedText, ...]]:
    """Return where the changed tests say a text, by path: as gold's template, or word for word."""
    found: dict[str, tuple[PinnedText, ...]] = {}
    messages = gold_messages(ground, pin.detail)
    for path in graded_paths(ground):
        text = ground.tests.read(path) or ""
        by_template = [
            each for _, message in messages for each in pinned_texts(path, text, message.template)
        ]
        here = {(each.node.lineno, each.node.col_offset): each for each in by_template}
        for each in same_texts(path, text, pin.detail):
            here.setdefault((each.node.lineno, each.node.col_offset), each)
        if here:
            found[path] = tuple(here.values())
    return found


def _rewrite(
    ground: Ground, pinned: dict[str, tuple[PinnedText, ...]], step: Step
) -> Rewrite | None:
    """Return the edits of one step, None where it does not differ from another one."""
    edits: list[Edit] = []
    imports: set[tuple[str, str]] = set()
    most = max(len(each.values) for texts in pinned.values() for each in texts)
    if step is Step.CLASS and most == 1:
        return None  # one value has no order to give up
    for path, texts in pinned.items():
        relaxed = relax(path, ground.tests.read(path) or "", texts, step)
        if relaxed is None:
            continue
        if _says_nothing(relaxed, step):
            return None
        edits.extend(relaxed.edits)
        imports |= {(path, statement) for statement in relaxed.imports}
    return Rewrite(step=step, edits=tuple(edits), imports=frozenset(imports)) if edits else None


def _says_nothing(relaxed: Relaxed, step: Step) -> bool:
    """Whether a step that is to keep values, or the exception, has none to keep."""
    if step is Step.VALUES:
        return bool(relaxed.free)
    return step is Step.CLASS and bool(relaxed.untold)
