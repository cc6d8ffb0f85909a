class RouteError(Exception):
    """Base of everything that this package raises."""


class RuleSyntaxError(RouteError, ValueError):
    """A rule that cannot be understood."""


class NotFound(RouteError, LookupError):
    """No rule matches the path."""


class MethodNotAllowed(RouteError):
    """A rule matches the path, but not with this method."""

    def __init__(self, path, allowed):
        super().__init__(f"{path}: allowed are {', '.join(sorted(allowed))}")
        self.allowed = frozenset(allowed)


class BuildError(RouteError, LookupError):
    """A path cannot be built for an endpoint."""
