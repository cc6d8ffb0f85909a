class ConfigError(Exception):
    """Something about the configuration is wrong."""


class MissingKey(ConfigError, KeyError):
    """A key that no layer has."""

    def __str__(self):
        return f"no layer has {self.args[0]!r}"
