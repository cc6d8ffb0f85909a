from __future__ import annotations

import gzip
from pathlib import Path

from swe_audit.report.logs import MAX_LINE, TAIL_LINES, LogFolder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode("utf-8")))


def test_the_end_of_a_log_is_read_and_what_stands_before_it_counted(tmp_path: Path) -> None:
    write(tmp_path / "logs/a.log.gz", "".join(f"line {nth}\n" for nth in range(1000)))
    tail = LogFolder(tmp_path).tail("logs/a.log.gz")
    assert tail.text.splitlines() == [f"line {nth}" for nth in range(1000 - TAIL_LINES, 1000)]
    assert tail.skipped_lines == 1000 - TAIL_LINES


def test_a_last_line_without_line_feed_counts(tmp_path: Path) -> None:
    write(tmp_path / "a.gz", "first\nlast")
    tail = LogFolder(tmp_path).tail("a.gz")
    assert (tail.text, tail.skipped_lines) == ("first\nlast", 0)


def test_a_log_may_lie_there_uncompressed(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("plain\n", encoding="utf-8")
    assert LogFolder(tmp_path).tail("a.log").text == "plain"


def test_colours_go_controls_show_and_long_lines_are_cut(tmp_path: Path) -> None:
    write(tmp_path / "a.gz", "\x1b[31mred\x1b[0m\x00\n" + "x" * 3_000_000 + "\n")
    first, second = LogFolder(tmp_path).tail("a.gz").text.split("\n")
    assert first == "red\u2400"
    assert len(second) == MAX_LINE


def test_a_missing_a_damaged_and_a_foreign_log_are_told_in_words(tmp_path: Path) -> None:
    folder = LogFolder(tmp_path / "run")
    write(tmp_path / "outside.gz", "secret")
    write(tmp_path / "run/cut.gz", "x" * 10_000)
    whole = (tmp_path / "run/cut.gz").read_bytes()
    (tmp_path / "run/cut.gz").write_bytes(whole[: len(whole) // 2])
    assert "is not there" in folder.tail("none.gz").problem
    assert "cannot be read" in folder.tail("cut.gz").problem
    assert folder.tail("../outside.gz").problem == "No log was kept."
    assert folder.tail("").problem == "No log was kept."
    assert folder.tail("a\0b").problem == "No log was kept."


def test_a_link_is_relative_quoted_and_only_to_what_is_there(tmp_path: Path) -> None:
    write(tmp_path / "logs/a #1.gz", "x")
    folder = LogFolder(tmp_path)
    pages = tmp_path / "report" / "tasks"
    assert folder.href("logs/a #1.gz", pages) == "../../logs/a%20%231.gz"
    assert folder.href("logs/none.gz", pages) == ""
    assert folder.href("", pages) == ""
