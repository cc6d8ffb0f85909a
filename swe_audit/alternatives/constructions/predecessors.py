"""The text that a message replaces, and the words that it keeps of it."""

from __future__ import annotations

from difflib import SequenceMatcher

from swe_audit.alternatives.constructions.messages import Message
from swe_audit.alternatives.constructions.speech import messages_in
from swe_audit.alternatives.constructions.templates import Template
from swe_audit.alternatives.ground import Ground

_ALIKE = 0.5


def predecessor(ground: Ground, path: str, message: Message) -> Template | None:
    """Return the text that gold replaces by this one, if it shares most of its words."""
    removed = [line.strip() for line in ground.removed.get(path, ()) if line.strip()]
    base = ground.base.read(path)
    if not removed or base is None:
        return None
    mine = " ".join(run.text for run in message.template.runs).split()
    best: tuple[float, Template] | None = None
    for other in messages_in(path, base):
        theirs = " ".join(run.text for run in other.template.runs).split()
        first, last = other.template.runs[0].starts[0], other.template.runs[-1].ends[-1]
        source = base[first:last]
        if not any(
            bit.strip() and any(bit.strip() in r for r in removed) for bit in source.split("\n")
        ):
            continue
        alike = SequenceMatcher(None, mine, theirs, autojunk=False).ratio()
        if alike >= _ALIKE and (best is None or alike > best[0]):
            best = alike, other.template
    return best[1] if best else None


def kept_words(template: Template, before: Template | None) -> list[list[bool]]:
    """Say for each character of each run whether its word comes from the text before."""
    kept = [[False] * len(run.text) for run in template.runs]
    if before is None:
        return kept
    spans = [
        (index, *span) for index, run in enumerate(template.runs) for span in word_spans(run.text)
    ]
    mine = [template.runs[index].text[start:end] for index, start, end in spans]
    theirs = [word for run in before.runs for word in run.text.split()]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    for block in matcher.get_matching_blocks():
        for index, start, end in spans[block.a : block.a + block.size]:
            kept[index][start:end] = [True] * (end - start)
    return kept


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return where each word of a text, with what clings to it, begins and ends."""
    spans = []
    at = 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        spans.append((start, at))
    return spans
