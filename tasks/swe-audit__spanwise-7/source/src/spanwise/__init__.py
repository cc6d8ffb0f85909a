"""Spans of time as people write them."""

from spanwise.reading import SpanError, parse
from spanwise.writing import write

__all__ = ["SpanError", "parse", "write"]
