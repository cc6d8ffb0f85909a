"""A rule: one path pattern, compiled."""

import re
from urllib.parse import unquote

from .errors import BuildError, RuleSyntaxError

_PLACEHOLDER = re.compile(r"<(?:(?P<converter>[a-z_]+):)?(?P<name>[a-zA-Z_][a-zA-Z0-9_]*)>")


class Rule:
    """A pattern such as ``/users/<int:id>`` for an endpoint."""

    def __init__(self, pattern, endpoint, converters, methods=None):
        if not pattern.startswith("/"):
            raise RuleSyntaxError(f"{pattern!r} does not start with a slash")
        self.pattern = pattern
        self.endpoint = endpoint
        self.methods = frozenset(method.upper() for method in methods) if methods else None
        self._converters = {}
        self._parts = []
        self._regex = re.compile(self._compile(converters))

    def __repr__(self):
        return f"Rule({self.pattern!r}, {self.endpoint!r})"

    @property
    def names(self):
        """The names of the placeholders."""
        return frozenset(self._converters)

    @property
    def sort_key(self):
        """Most specific first."""
        weights = [
            self._converters[part].weight if is_name else 0 for is_name, part in self._parts
        ]
        return (max(weights, default=0), -self.pattern.count("/"), len(weights))

    def match(self, path):
        """Return the parameters of ``path``, or None where it does not fit."""
        found = self._regex.fullmatch(path)
        if found is None:
            return None
        return {
            name: self._converters[name].to_python(unquote(text))
            for name, text in found.groupdict().items()
        }

    def build(self, values):
        """Return the path for ``values``; what is no placeholder is refused."""
        missing = self.names - set(values)
        if missing:
            raise BuildError(f"{self.endpoint}: no value for {', '.join(sorted(missing))}")
        return "".join(
            self._converters[part].to_url(values[part]) if is_name else part
            for is_name, part in self._parts
        )

    def _compile(self, converters):
        regex, end = [], 0
        for found in _PLACEHOLDER.finditer(self.pattern):
            self._literal(self.pattern[end : found.start()], regex)
            name, kind = found["name"], found["converter"] or "str"
            if kind not in converters:
                raise RuleSyntaxError(f"{self.pattern!r}: unknown converter {kind!r}")
            if name in self._converters:
                raise RuleSyntaxError(f"{self.pattern!r}: {name!r} stands twice")
            self._converters[name] = converters[kind]
            self._parts.append((True, name))
            regex.append(f"(?P<{name}>{converters[kind].regex})")
            end = found.end()
        self._literal(self.pattern[end:], regex)
        return "".join(regex)

    def _literal(self, text, regex):
        if "<" in text or ">" in text:
            raise RuleSyntaxError(f"{self.pattern!r}: cannot read {text!r}")
        if text:
            self._parts.append((False, text))
            regex.append(re.escape(text))
