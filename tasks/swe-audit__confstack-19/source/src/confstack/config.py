"""The configuration: a stack of layers, read through one interface."""

import re
from collections.abc import Mapping

from .errors import ConfigError, MissingKey
from .layers import flatten

_REFERENCE = re.compile(r"(?P<escaped>\$\$\{)|\$\{(?P<key>[^{}]*)\}")


class Config(Mapping):
    """Values by dotted key; where several layers have a key, the last one wins."""

    def __init__(self, *layers):
        self._layers = [flatten(layer) for layer in layers]

    def push(self, layer):
        """Put another layer on top."""
        self._layers.append(flatten(layer))

    def __getitem__(self, key):
        return self._resolve(self._raw(key))

    def __iter__(self):
        seen = set()
        for layer in self._layers:
            for key in layer:
                if key not in seen:
                    seen.add(key)
                    yield key

    def __len__(self):
        return sum(1 for _ in self)

    def __contains__(self, key):
        return any(key in layer for layer in self._layers)

    def get(self, key, default=None, *, cast=None):
        """Return the value of ``key``, or ``default`` where no layer has it.

        ``cast`` converts the value, never the default.
        """
        if key not in self:
            return default
        value = self[key]
        if cast is None:
            return value
        try:
            return cast(value)
        except (TypeError, ValueError) as error:
            raise ConfigError(f"{key}: {error}") from error

    def section(self, prefix):
        """Return the keys below ``prefix``, without it."""
        start = prefix + "."
        return {key[len(start) :]: self[key] for key in self if key.startswith(start)}

    def origin(self, key):
        """Return the number of the layer that ``key`` comes from, the first is 0."""
        for number in reversed(range(len(self._layers))):
            if key in self._layers[number]:
                return number
        raise MissingKey(key)

    def _raw(self, key):
        return self._layers[self.origin(key)][key]

    def _resolve(self, value):
        """Replace references in a string; other values stay as they are."""
        if not isinstance(value, str):
            return value

        def replace(found):
            if found["escaped"]:
                return "${"
            key = found["key"].strip()
            if not key:
                raise ConfigError(f"empty reference in {value!r}")
            return str(self[key])

        return _REFERENCE.sub(replace, value)
