"""Examples of each construction: before, after, refused; one test runs them all."""

from __future__ import annotations

from swe_audit.alternatives.constructions.examples.message import MESSAGES
from swe_audit.alternatives.constructions.examples.noise import NOISES
from swe_audit.alternatives.constructions.examples.nouns import MODULE, TESTS, Example
from swe_audit.alternatives.constructions.examples.refactoring import REFACTORINGS
from swe_audit.alternatives.constructions.examples.representation import REPRESENTATIONS

EXAMPLES: tuple[Example, ...] = (*MESSAGES, *NOISES, *REFACTORINGS, *REPRESENTATIONS)

__all__ = ["EXAMPLES", "MODULE", "TESTS", "Example"]
