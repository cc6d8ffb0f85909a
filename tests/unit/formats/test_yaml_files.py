from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.errors import InputError
from swe_audit.formats.yaml_files import dumped_yaml, parsed_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


def test_numbers_and_dates_stay_as_written() -> None:
    text = "version: 1.10\nwhen: 2024-05-06\nanswer: no\nnothing: ~\nyes_it_is: true\n"
    assert parsed_yaml(text, "x") == {
        "version": "1.10",
        "when": "2024-05-06",
        "answer": "no",
        "nothing": None,
        "yes_it_is": True,
    }


def test_a_bomb_is_refused() -> None:
    with pytest.raises(InputError, match="aliases unfold to more than"):
        parsed_yaml(BOMB, "x")


def test_a_harmless_alias_is_read() -> None:
    assert parsed_yaml("a: &x [1]\nb: *x\n", "f") == {"a": ["1"], "b": ["1"]}


def test_an_alias_of_itself_is_refused() -> None:
    with pytest.raises(InputError, match="contains itself"):
        parsed_yaml("a: &x [*x]\n", "f")


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match=r"f:2: the key 'a' stands there twice"):
        parsed_yaml("a: 1\na: 2\n", "f")


def test_python_objects_are_refused() -> None:
    with pytest.raises(InputError, match="is not accepted"):
        parsed_yaml("a: !!python/object/apply:os.system ['true']\n", "f")


@pytest.mark.parametrize("text", ["[a, b]", "just text", "- a\n"])
def test_what_is_no_mapping_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="where a mapping is wanted"):
        parsed_yaml(text, "f")


@pytest.mark.parametrize("text", ["a: [" * 100, "a:\n" + "[" * 3000, "\x00", "a: b: c"])
def test_broken_yaml_is_one_error(text: str) -> None:
    with pytest.raises(InputError):
        parsed_yaml(text, "f")


def test_an_empty_file_is_an_empty_mapping() -> None:
    assert parsed_yaml("# nothing\n", "f") == {}


@given(st.text(max_size=200))
def test_any_text_is_a_mapping_or_an_input_error(text: str) -> None:
    try:
        assert isinstance(parsed_yaml(text, "f"), dict)
    except InputError:
        return


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=40)
_NESTED = st.recursive(
    _TEXT | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_TEXT, _NESTED, max_size=4))
def test_what_is_written_is_read_back(data: dict[str, object]) -> None:
    assert parsed_yaml(dumped_yaml(data), "f") == data
