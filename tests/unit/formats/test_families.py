from __future__ import annotations

from pathlib import Path

import pytest

from swe_audit.alternatives.families import family_of
from swe_audit.errors import InputError
from swe_audit.formats import load_families


def test_a_name_written_out_comes_before_a_glob(tmp_path: Path) -> None:
    path = tmp_path / "families.yaml"
    path.write_text('"agent-*": agents\nagent-b: other\n"*": rest\n')
    families = load_families(path)
    assert families["agent-a"] == "agents"
    assert families["agent-b"] == "other"
    assert families["anything"] == "rest"
    assert len(families) == 3


def test_the_rule_for_families_takes_them(tmp_path: Path) -> None:
    path = tmp_path / "families.yaml"
    path.write_text('"lab+*": lab\n')
    assert family_of("lab+bench:run1", "m", load_families(path)) == "lab"
    assert family_of("else:run1", "solver-x", load_families(path)) != "lab"


@pytest.mark.parametrize("text", ["a: [b]\n", "a:\n", "a: ' '\n", "- a\n", "a: b\na: c\n"])
def test_anything_else_is_an_input_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "families.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"families\.yaml"):
        load_families(path)
