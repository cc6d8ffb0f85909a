"""The router: rules in order of how specific they are."""

from collections import namedtuple

from .converters import CONVERTERS
from .errors import BuildError, MethodNotAllowed, NotFound
from .rules import Rule

Match = namedtuple("Match", ["endpoint", "params"])


class Router:
    """Match paths to endpoints, and build paths for them."""

    def __init__(self):
        self._rules = []
        self._sorted = True

    def __len__(self):
        return len(self._rules)

    def add(self, pattern, endpoint, methods=None):
        """Add a rule. ``methods`` None means any."""
        self._rules.append(Rule(pattern, endpoint, CONVERTERS, methods))
        self._sorted = False

    def match(self, path, method="GET"):
        """Return the endpoint and parameters of ``path``.

        Raise ``NotFound`` where no rule fits, ``MethodNotAllowed`` where one does with
        another method only.
        """
        allowed = set()
        for rule in self._in_order():
            params = rule.match(path)
            if params is None:
                continue
            if rule.methods is None or method.upper() in rule.methods:
                return Match(rule.endpoint, params)
            allowed |= rule.methods
        if allowed:
            raise MethodNotAllowed(path, allowed)
        raise NotFound(path)

    def build(self, endpoint, **values):
        """Return the path of ``endpoint``, by the first of its rules that takes ``values``."""
        rules = [rule for rule in self._rules if rule.endpoint == endpoint]
        if not rules:
            raise BuildError(f"no rule for {endpoint!r}")
        for rule in rules:
            if rule.names == set(values):
                return rule.build(values)
        return rules[0].build(values)

    def _in_order(self):
        if not self._sorted:
            self._rules.sort(key=lambda rule: rule.sort_key)
            self._sorted = True
        return self._rules
