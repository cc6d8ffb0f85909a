"""What a task's page leaves to files of their own, loaded once somebody opens them."""

from __future__ import annotations

import base64
import gzip
import re
from dataclasses import replace
from pathlib import Path

import pytest

from swe_audit.report import render
from swe_audit.report.logs import TAIL_LINES, LogFolder, Tail
from swe_audit.report.parts import LONG_TEXT
from tests.unit.report import audits
from tests.unit.report.pages_of import Page, dead_links


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("parts")
    made = audits.audit([audits.lengthy()])
    audits.write_logs(made, out)
    render(made, out)
    return out


def test_a_long_file_of_a_patch_stands_in_a_file_of_its_own(folder: Path) -> None:
    page = (folder / "tasks/acme__tally-77.html").read_text()
    (part,) = [path for path in (folder / "parts").iterdir() if ".diff-" in path.name]
    assert "ENTRY_599" not in page
    assert "ENTRY_599" in part.read_text()
    assert f'data-src="../parts/{part.name}"' in page
    assert "600 rows, loaded when you open it" in page
    assert "ClosedLedger" in page, "the short files of the same patch stay"


def test_no_frame_has_a_source_before_it_is_opened(folder: Path) -> None:
    page = Page((folder / "tasks/acme__tally-77.html").read_text())
    frames = [attributes for tag, attributes in page.elements if tag == "iframe"]
    assert frames
    assert all("src" not in one and one["title"] and "hidden" in one for one in frames)


def test_a_part_holds_the_whole_log_as_it_was(folder: Path) -> None:
    page = (folder / "tasks/acme__tally-77.html").read_text()
    logs = [path for path in (folder / "parts").iterdir() if ".log-" in path.name]
    assert len(logs) == page.count("The whole log, ") > 0
    (first,) = [path for path in logs if path.name.endswith(".log-5.html")]
    packed = re.search(r'<pre id="data" hidden>([^<]*)</pre>', first.read_text())
    assert packed
    kept = (folder / "logs/acme__tally-77/closed-ledger-name.1.log.gz").read_bytes()
    assert base64.b64decode(packed[1]) == kept


def test_a_page_may_frame_only_where_it_has_something_to_frame(tmp_path: Path) -> None:
    made = audits.audit([audits.narrow()])
    render(made, tmp_path)
    assert "frame-src" not in (tmp_path / "tasks/acme__tally-77.html").read_text()
    assert not (tmp_path / "parts").exists()
    audits.write_logs(made, tmp_path)
    render(made, tmp_path)
    assert "frame-src 'self'" in (tmp_path / "tasks/acme__tally-77.html").read_text()


def test_parts_of_what_is_gone_are_removed_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    made = audits.audit([audits.lengthy()])
    audits.write_logs(made, tmp_path)
    render(made, tmp_path)
    (tmp_path / "parts/notes.txt").write_text("mine")
    render(audits.audit([audits.skipped()]), tmp_path)
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["notes.txt"]


def test_a_text_that_is_no_diff_stands_apart_when_it_is_long(tmp_path: Path) -> None:
    made = audits.narrow()
    *others, last = made.candidates
    odd = replace(last, patch="<b>no diff</b> " * LONG_TEXT)
    render(audits.audit([replace(made, candidates=(*others, odd))]), tmp_path)
    (part,) = (tmp_path / "parts").iterdir()
    assert "&lt;b&gt;no diff&lt;/b&gt;" in part.read_text()
    assert "no diff that can be laid out" in (tmp_path / "tasks/acme__tally-77.html").read_text()
    assert dead_links(tmp_path) == []


def test_a_log_is_packed_only_where_a_page_can_hold_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = LogFolder(tmp_path)
    lines = b"line\n" * (TAIL_LINES + 1)
    (tmp_path / "plain.log").write_bytes(lines)
    (tmp_path / "short.log").write_bytes(lines[5:])
    assert gzip.decompress(base64.b64decode(logs.tail("plain.log").packed)) == lines
    assert logs.tail("short.log").packed == "", "the page has all of it"
    monkeypatch.setattr("swe_audit.report.logs.MAX_PACKED", len(lines) - 1)
    assert logs.tail("plain.log") == Tail(text=lines[5:].decode().strip(), skipped_lines=1)


def test_hostile_text_in_a_part_is_escaped(tmp_path: Path) -> None:
    made = audits.narrow()
    *others, last = made.candidates
    bad = replace(last, patch=audits.long_patch(600).replace("ENTRY_9 ", "<script>x</script>"))
    render(audits.audit([replace(made, candidates=(*others, bad))]), tmp_path)
    (part,) = (tmp_path / "parts").iterdir()
    assert Page(part.read_text()).count("script") == 2
