from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats import load_predictions

ONE = {"instance_id": "a__a-1", "model_name_or_path": "m", "model_patch": "p\r\n"}
TWO = {"instance_id": "a__a-2", "model_patch": None, "source": "s", "resolved": True}


def test_every_form_gives_the_same_predictions(tmp_path: Path) -> None:
    rows = [ONE, {**TWO, "model_name_or_path": "m"}]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "a.jsonl").write_text(lines)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (tmp_path / "c.json").write_text(json.dumps(rows))
    keyed = {
        row["instance_id"]: {k: v for k, v in row.items() if k != "instance_id"} for row in rows
    }
    (tmp_path / "d.json").write_text(json.dumps(keyed))
    for path in sorted(tmp_path.iterdir()):
        found = load_predictions([path])
        assert [(p.instance_id, p.model_name_or_path, p.model_patch) for p in found] == [
            ("a__a-1", "m", "p\r\n"),
            ("a__a-2", "m", ""),
        ]
        assert found[1].source == "s"
        assert found[1].claims == (("resolved", "true"),)
        assert found[0].where.startswith(str(path))
    assert len(load_predictions([tmp_path])) == 8


def test_a_missing_name_is_the_files(tmp_path: Path) -> None:
    (tmp_path / "some-agent.jsonl").write_text(json.dumps(TWO))
    (prediction,) = load_predictions([tmp_path / "some-agent.jsonl"])
    assert prediction.model_name_or_path == "some-agent"


def test_the_columns_of_pro_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps([{"instance_id": "i", "patch": "x", "prefix": "agent"}]))
    (prediction,) = load_predictions([path])
    assert (prediction.model_patch, prediction.model_name_or_path) == ("x", "agent")


def test_bad_items_are_told_together_and_the_others_kept(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    bad = [{"instance_id": "x"}, {"instance_id": "../x", "model_patch": ""}, 3]
    path.write_text("\n".join(json.dumps(item) for item in [ONE, *bad]) + "\n{")
    problems: list[str] = []
    assert len(load_predictions([path], problems.append)) == 1
    assert len(problems) == 4
    assert "p.jsonl:2: model_patch" in problems[0]
    with pytest.raises(InputError) as caught:
        load_predictions([path])
    assert all(problem in caught.value.message for problem in problems)


@pytest.mark.parametrize("name", ["p.txt", "missing.jsonl", "empty"])
def test_a_path_without_predictions_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "p.txt").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        load_predictions([tmp_path / name])


_VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["instance_id", "model_patch", "source", "patch"]) | st.text(), inner
        )
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_VALUES, st.sampled_from(["p.json", "p.jsonl"]))
def test_any_document_is_predictions_or_an_input_error(
    tmp_path: Path, document: object, name: str
) -> None:
    (tmp_path / name).write_text(json.dumps(document))
    try:
        found = load_predictions([tmp_path / name])
    except InputError as error:
        assert "\n" not in error.message  # noqa: PT017 - the other outcome is fine as well
        return
    assert isinstance(found, tuple)
