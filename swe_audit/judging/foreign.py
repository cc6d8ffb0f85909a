"""Borrow a log parser that we have not written from an installed ``swebench``."""

from __future__ import annotations

import importlib

from swe_audit.judging.parsing import Parser, Statuses, UnreadableLogError


def foreign_parser(name: str, *, instance_id: str = "", version: str = "") -> Parser | None:
    """Return ``swebench``'s parser of that name, or None where it is not installed or unknown."""
    try:
        registry = importlib.import_module("swebench.harness.log_parsers").PARSER_REGISTRY
        make_spec = importlib.import_module("swebench.types").TestSpec
    except ImportError:
        return None
    parse = registry.get(name)
    if parse is None:
        return None
    spec = make_spec(
        instance_id=instance_id,
        image="",
        eval_script_list=[],
        repo="",
        version=version,
        FAIL_TO_PASS=[],
        PASS_TO_PASS=[],
    )

    def call(log: str) -> Statuses:
        try:
            return dict(parse(log, spec))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnreadableLogError(f"{name} fails on this log: {error}") from error

    return call
