"""The page on formats names what the readers take, no more and no less."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from swe_audit.formats.curated import _Description
from swe_audit.formats.decisions import FIELDS
from swe_audit.formats.environment_files import environment_text, parsed_environment
from swe_audit.model.task import Environment

PAGE = Path(__file__).parents[3] / "docs" / "formats.md"


def _section(heading: str) -> str:
    return PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("environment.yaml", {field.name for field in fields(Environment)}),
        ("Curated alternatives", set(_Description.model_fields)),
        ("decisions.yaml", set(FIELDS)),
    ],
)
def test_every_key_stands_in_the_table(heading: str, names: set[str]) -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", _section(heading), re.MULTILINE)) == names


def test_the_example_is_what_would_be_written() -> None:
    example = _section("environment.yaml").split("```yaml\n")[1].split("```")[0]
    assert environment_text(parsed_environment(example, "the page")) == example
