from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats import load_results


def test_shares_count_only_what_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("instance_id,one,two,three\na,1,0,1\nb,1,,\nc,,,\n")
    matrix = load_results(path)
    assert matrix.share("a") == pytest.approx(2 / 3)
    assert matrix.share("b") == 1.0
    assert matrix.share("c") is None
    assert matrix.share("absent") is None
    assert matrix.solvers("a") == ("one", "three")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ":1:"),
        ("id,one\na,1\n", ":1:"),
        ("instance_id\na\n", ":1:"),
        ("instance_id,one,one\n", "same name"),
        ("instance_id,one\na,2\n", ":2: a cell is not 0, 1 or empty"),
        ("instance_id,one\na,1,1\n", ":2: 3 cells under 2 columns"),
        ("instance_id,one\na,1\na,0\n", ":3: a comes twice"),
        ('instance_id,one\n"a,1\n', "not valid CSV"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        load_results(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('instance_id,"01\n\r\0a'), max_size=60))
def test_any_text_is_a_matrix_or_an_input_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text("instance_id," + text)
    try:
        matrix = load_results(path)
    except InputError:
        return
    assert all(len(row) == len(matrix.submissions) for row in matrix.solved.values())
