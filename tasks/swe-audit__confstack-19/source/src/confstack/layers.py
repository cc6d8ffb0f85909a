"""Layers: flat mappings from dotted keys to values, read from somewhere."""

import configparser
import os
from collections.abc import Mapping

from .errors import ConfigError


def flatten(mapping, prefix=""):
    """Turn nested mappings into one with dotted keys."""
    flat = {}
    for key, value in mapping.items():
        if not isinstance(key, str):
            raise ConfigError(f"{prefix}{key!r}: keys are strings")
        if isinstance(value, Mapping):
            flat.update(flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = value
    return flat


class EnvLayer(dict):
    """Environment variables with a prefix; a double underscore separates levels."""

    def __init__(self, prefix, environ=None):
        super().__init__()
        for name, value in (os.environ if environ is None else environ).items():
            if name.startswith(prefix):
                self[name[len(prefix) :].lower().replace("__", ".")] = value


class IniLayer(dict):
    """An INI file: sections are the first level. A missing file is an empty layer."""

    def __init__(self, path, required=False):
        super().__init__()
        parser = configparser.ConfigParser(interpolation=None)
        try:
            with open(path, encoding="utf-8") as stream:
                parser.read_file(stream)
        except FileNotFoundError:
            if required:
                raise ConfigError(f"{path}: no such file") from None
        except configparser.Error as error:
            raise ConfigError(f"{path}: {error}") from error
        for section in parser.sections():
            for key, value in parser.items(section):
                self[f"{section}.{key}"] = value
