"""How often a pin hurts: the families that met it, of those that could have (EVIDENCE 6)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence

from swe_audit.alternatives.carrying import added_text
from swe_audit.evidence.witnesses import support_edits
from swe_audit.model.candidate import SUBMITTED, Candidate
from swe_audit.model.finding import Cause, EncounterRate
from swe_audit.model.relaxation import Relaxed
from swe_audit.model.task import Task
from swe_audit.statistics import rate

FEWEST = 3
"""With fewer families there is no figure."""

_WORD = re.compile(r"\w+")


def encounter_rate(
    task: Task, relaxed: Relaxed, candidates: Iterable[Candidate]
) -> EncounterRate | None:
    """Return how many families a pin rejects, of those that verified relaxed tests accept.

    A family meets the pin when most of its accepted runs do. Those of the others that carry the
    detail although nothing determines it are counted apart as ``knows_detail``. Who edits what
    the tests rest on is in no family. None below three families, or for unverified tests.
    """
    if not relaxed.verified:
        return None
    known = {one.name: one for one in candidates if one.provenance in SUBMITTED}
    met = _families(task, known, relaxed.admitted)
    kept = _families(task, known, relaxed.kept)
    families = {**met, **kept}
    if len(families) < FEWEST:
        return None
    hurt = [name for name in met if _count(met[name]) > _count(kept.get(name, ()))]
    others = [kept[name] for name in families if name not in hurt and name in kept]
    figure = rate(len(hurt), len(families))
    assert figure.low is not None
    assert figure.high is not None
    return EncounterRate(
        k=figure.k,
        n=figure.n,
        low=figure.low,
        high=figure.high,
        knows_detail=sum(_know(members, relaxed) for members in others),
    )


def _families(
    task: Task, known: Mapping[str, Candidate], names: Iterable[str]
) -> dict[str, list[Candidate]]:
    families: dict[str, list[Candidate]] = {}
    for name in names:
        if name in known and not support_edits(task, known[name]):
            families.setdefault(known[name].family, []).append(known[name])
    return families


def _count(members: Sequence[Candidate]) -> int:
    return sum(one.count for one in members)


def _know(members: Sequence[Candidate], relaxed: Relaxed) -> bool:
    """Whether most runs of a family carry every pinned detail, and nothing determines them."""
    if relaxed.relaxation.determined_by:
        return False
    carrying = sum(one.count for one in members if _carries(one, relaxed))
    return 2 * carrying > _count(members)


def _carries(candidate: Candidate, relaxed: Relaxed) -> bool:
    text = added_text(candidate.patch)
    pins = [pin for pin in relaxed.relaxation.pins if pin.detail]
    return bool(pins) and all(_holds(text, pin.cause, pin.detail) for pin in pins)


def _holds(text: str, cause: Cause, detail: str) -> bool:
    """Whether added code holds a name as a word, or most words of a text in their order."""
    if cause is not Cause.MESSAGE_TEXT:
        return re.search(rf"(?<!\w){re.escape(detail)}(?!\w)", text) is not None
    # What stands in a message's placeholders is no part of the code; its words are.
    words = [word for word in _WORD.findall(detail.casefold()) if not word.isdigit()]
    said = " ".join(_WORD.findall(text.casefold()))
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words)] or words
    return bool(pairs) and 2 * sum(pair in said for pair in pairs) > len(pairs)
