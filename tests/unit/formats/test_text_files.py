from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from swe_audit.errors import InputError
from swe_audit.formats import text_files


def test_carriage_returns_survive(tmp_path: Path) -> None:
    path = tmp_path / "a.patch"
    path.write_bytes(b"one\r\ntwo\n")
    assert text_files.read_text(path) == "one\r\ntwo\n"


def test_a_byte_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.patch"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(InputError, match=r"not UTF-8 text \(byte 3 is 0xe9\)"):
        text_files.read_text(path)


def test_a_truncated_gzip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"a": 1}\n' * 5000)[:-20])
    with pytest.raises(InputError, match="cut short"):
        list(text_files.json_lines(path))
    with pytest.raises(InputError, match="cut short"):
        text_files.read_bytes(path)


def test_what_only_claims_to_be_gzip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(b"plain")
    with pytest.raises(InputError, match="not a valid gzip file"):
        list(text_files.json_lines(path))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        text_files.read_text(tmp_path / "nowhere.json")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        text_files.read_text(tmp_path)


def test_a_line_that_is_too_long_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_LINE", 50)
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1}\n{"b": "' + "x" * 200 + '"}\n{"c": 3}\n')
    values = [value for _, value in text_files.json_lines(path)]
    assert values[0] == {"a": 1}
    assert isinstance(values[1], InputError)
    assert "longer than" in values[1].message
    assert values[2] == {"c": 3}


def test_a_file_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files, "MAX_FILE", 1000)
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b"{}\n" * 1000))
    with pytest.raises(InputError, match="holds more than"):
        list(text_files.json_lines(path))
    with pytest.raises(InputError, match="larger than"):
        text_files.read_bytes(path, limit=1000)


def test_json_nested_too_deeply_is_told() -> None:
    with pytest.raises(InputError, match=r"nested too deeply|not valid JSON"):
        text_files.parsed_json("[" * 200_000, "here")


def test_a_number_with_too_many_digits_is_told() -> None:
    with pytest.raises(InputError, match="not valid JSON"):
        text_files.parsed_json("9" * 10_000, "here")
