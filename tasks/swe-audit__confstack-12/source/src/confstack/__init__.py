"""Layered configuration with dotted keys."""

from .config import Config
from .errors import ConfigError, MissingKey
from .layers import EnvLayer, IniLayer, flatten

__all__ = ["Config", "ConfigError", "EnvLayer", "IniLayer", "MissingKey", "flatten"]
