"""One file per construction; a new one is a new file and a line in the registry."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.alternatives.constructions.keyword_order import keyword_orders
from swe_audit.alternatives.constructions.languages.names import names as other_names
from swe_audit.alternatives.constructions.location import locations
from swe_audit.alternatives.constructions.message import messages
from swe_audit.alternatives.constructions.name import names
from swe_audit.alternatives.constructions.noise import noise
from swe_audit.alternatives.constructions.refactoring import refactorings
from swe_audit.alternatives.constructions.representation import representations
from swe_audit.alternatives.ground import Construction, Ground
from swe_audit.model.construction import ConstructionKind, Refused, Site


def _names(ground: Ground) -> Iterator[Site | Refused]:
    """Find names in every language that can be read."""
    yield from names(ground)
    yield from other_names(ground)


CONSTRUCTIONS: dict[ConstructionKind, Construction] = {
    ConstructionKind.NAME: _names,
    ConstructionKind.KEYWORD_ORDER: keyword_orders,
    ConstructionKind.MESSAGE: messages,
    ConstructionKind.NOISE: noise,
    ConstructionKind.REFACTORING: refactorings,
    ConstructionKind.REPRESENTATION: representations,
    ConstructionKind.LOCATION: locations,
}
