"""Who may see whose decision: nobody sees another's before having decided as well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from swe_audit.model.decisions import Decision


def revealed_to(reviewer: str, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the others' decisions that a reviewer may see, on findings that both have judged.

    To defer is not to judge: who defers sees nothing, and a deferral shows nothing.
    """
    settled = [one for one in decisions if one.choice.settled]
    name = reviewer.casefold()
    own = {one.finding for one in settled if one.reviewer.casefold() == name}
    return tuple(one for one in settled if one.finding in own and one.reviewer.casefold() != name)


def with_blind(decision: Decision, before: Iterable[Decision]) -> Decision:
    """Return a decision with what its reviewer chose blind, if that is no longer so.

    ``before`` are all decisions until then. Who changes a choice after seeing another's keeps
    the first one beside it, for agreement is measured on what was judged independently.
    """
    before = tuple(before)
    previous = next((one for one in before if one.key == decision.key), None)
    if previous is None:
        return decision
    blind = previous.blind
    seen = any(one.finding == decision.finding for one in revealed_to(decision.reviewer, before))
    if blind is None and seen and decision.choice is not previous.choice:
        blind = previous.choice
    return replace(decision, blind=None if blind is decision.choice else blind)
