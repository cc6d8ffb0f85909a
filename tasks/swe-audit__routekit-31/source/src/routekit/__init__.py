"""Match URL paths to endpoints, and build the paths back."""

from .converters import Converter
from .errors import BuildError, MethodNotAllowed, NotFound, RouteError, RuleSyntaxError
from .router import Match, Router

__all__ = [
    "BuildError",
    "Converter",
    "Match",
    "MethodNotAllowed",
    "NotFound",
    "RouteError",
    "Router",
    "RuleSyntaxError",
]
