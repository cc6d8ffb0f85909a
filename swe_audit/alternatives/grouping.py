"""Find the details that tests pin with few trials: one composite, then bisection (EVIDENCE 3).

A pure search: it is asked again after every trial, and says which groups of sites to try next
or, at the end, which smallest groups are rejected. Nothing is remembered between two calls, so
an interrupted audit goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import Enum

Group = frozenset[str]


class Answer(str, Enum):
    """What a trial of gold with a group's details changed has said."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How far a search is: groups to try now, and the smallest rejected groups found so far.

    ``cleared`` are sites that were accepted in some group. It is over when ``wanted`` is empty.
    """

    wanted: tuple[Group, ...] = ()
    culprits: tuple[Group, ...] = ()
    cleared: Group = frozenset()


def search(
    layers: Sequence[Sequence[str]],
    suspects: Collection[str],
    answer: Callable[[Group], Answer | None],
) -> Search:
    """Return what to try next; ``answer`` gives None for a group that was not tried yet.

    ``layers`` are sites that can be combined. ``suspects`` are those that the tests mention:
    they are tried apart from the rest, for a composite that holds one is hardly ever accepted.
    """
    found = [_Layer(layer, suspects, answer).run() for layer in layers]
    return Search(
        wanted=tuple(dict.fromkeys(group for one in found for group in one.wanted)),
        culprits=tuple(dict.fromkeys(group for one in found for group in one.culprits)),
        cleared=frozenset().union(*(one.cleared for one in found)),
    )


class _Layer:
    """The search among sites that can all be combined."""

    def __init__(
        self,
        sites: Sequence[str],
        suspects: Collection[str],
        answer: Callable[[Group], Answer | None],
    ) -> None:
        self._sites = list(sites)
        self._suspects = [site for site in sites if site in suspects]
        self._others = [site for site in sites if site not in suspects]
        self._answer = answer
        self._wanted: dict[Group, None] = {}
        self._cleared: set[str] = set()

    def run(self) -> Search:
        culprits: dict[Group, None] = {}
        for part in (self._others, self._suspects):
            culprits.update(dict.fromkeys(self._within(part)))
        guilty = {site for group in culprits for site in group}
        rest = [site for site in self._sites if site not in guilty]
        # What is left has to be accepted together, or the search was not over.
        while rest and not self._wanted:
            more = self._within(rest)
            if not more:
                break
            culprits.update(dict.fromkeys(more))
            guilty |= {site for group in more for site in group}
            rest = [site for site in self._sites if site not in guilty]
        return Search(
            wanted=tuple(self._wanted),
            culprits=tuple(culprits),
            cleared=frozenset(self._cleared),
        )

    def _ask(self, sites: Sequence[str]) -> Answer | None:
        group = frozenset(sites)
        said = self._answer(group)
        if said is None:
            self._wanted[group] = None
        elif said is Answer.ACCEPTED:
            self._cleared |= group
        return said

    def _within(self, sites: Sequence[str]) -> list[Group]:
        """Return the smallest rejected groups among some sites, as far as is known."""
        if not sites:
            return []
        said = self._ask(sites)
        if said is None or said is Answer.ACCEPTED:
            return []
        if len(sites) == 1:
            return [frozenset(sites)] if said is Answer.REJECTED else []
        half = len(sites) // 2
        left, right = sites[:half], sites[half:]
        culprits = [*self._within(left), *self._within(right)]
        if culprits or self._wanted or said is not Answer.REJECTED:
            return culprits
        if self._ask(left) is Answer.ACCEPTED and self._ask(right) is Answer.ACCEPTED:
            return self._together(sites, left, right)
        return culprits

    def _together(
        self, sites: Sequence[str], left: Sequence[str], right: Sequence[str]
    ) -> list[Group]:
        """Two accepted halves that are rejected together: return the fewest of each that are."""
        fewest = self._reduce(left, right)
        fewest = [*fewest, *self._reduce(right, fewest)] if not self._wanted else []
        if not fewest:
            return []
        said = self._ask(fewest)
        if said is None:
            return []
        return [frozenset(fewest if said is Answer.REJECTED else sites)]

    def _reduce(self, sites: Sequence[str], fixed: Sequence[str]) -> list[str]:
        """Return the fewest of ``sites`` that are rejected together with ``fixed``.

        The search of A. Zeller, "Yesterday, my program worked. Today, it does not. Why?" (1999).
        """
        if len(sites) == 1:
            return list(sites)
        half = len(sites) // 2
        left, right = sites[:half], sites[half:]
        for part in (left, right):
            said = self._ask([*part, *fixed])
            if said is None:
                return []
            if said is Answer.REJECTED:
                return self._reduce(part, fixed)
        return [*self._reduce(left, [*right, *fixed]), *self._reduce(right, [*left, *fixed])]
