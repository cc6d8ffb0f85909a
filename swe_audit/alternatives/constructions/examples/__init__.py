"""Examples of each construction: before, after, refused; one test runs them all."""

from __future__ import annotations

from swe_audit.alternatives.constructions.examples.keyword_order import KEYWORD_ORDERS
from swe_audit.alternatives.constructions.examples.location import LOCATIONS
from swe_audit.alternatives.constructions.examples.message import MESSAGES
from swe_audit.alternatives.constructions.examples.name import NAMES
from swe_audit.alternatives.constructions.examples.noise import NOISES
from swe_audit.alternatives.constructions.examples.nouns import MODULE, TESTS, Example
from swe_audit.alternatives.constructions.examples.other_languages import OTHER_LANGUAGES
from swe_audit.alternatives.constructions.examples.refactoring import REFACTORINGS
from swe_audit.alternatives.constructions.examples.representation import REPRESENTATIONS

EXAMPLES: tuple[Example, ...] = (
    *NAMES,
    *KEYWORD_ORDERS,
    *LOCATIONS,
    *MESSAGES,
    *NOISES,
    *OTHER_LANGUAGES,
    *REFACTORINGS,
    *REPRESENTATIONS,
)

__all__ = ["EXAMPLES", "MODULE", "TESTS", "Example"]
