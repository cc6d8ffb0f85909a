from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.report import prose
from swe_audit.report.prose import Block, Span, blocks
from tests.unit.report import audits


def shown(statement: str) -> list[tuple[str, str]]:
    return [(one.kind, "".join(span.text for span in one.spans)) for one in blocks(statement)]


def test_headings_paragraphs_and_code_are_told_apart() -> None:
    assert shown(audits.STATEMENT) == [
        ("heading", "Posting to a closed ledger silently works"),
        (
            "text",
            "When a month is closed with Ledger.close(), later calls of post still add entries."
            " I would\nexpect an error there.",
        ),
        (
            "code",
            '>>> ledger = Ledger("rent")\n>>> ledger.close()\n'
            ">>> ledger.post(12.5)   # should fail",
        ),
        ("text", "Amounts should be kept as Decimal, so that cents do not drift."),
        ("rule", ""),
        ("text", "Seen with 2.3 on Linux and macOS, see https://example.org/tally/issues/77"),
    ]


def test_code_inside_a_paragraph_is_a_span() -> None:
    assert blocks("call ``a`b`` or `c`")[0] == Block(
        kind="text",
        spans=(
            Span(code=False, text="call "),
            Span(code=True, text="a`b"),
            Span(code=False, text=" or "),
            Span(code=True, text="c"),
        ),
    )


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert shown("```python\nx = 1\n# not a heading") == [("code", "x = 1\n# not a heading")]


def test_a_shorter_fence_inside_does_not_close_a_longer_one() -> None:
    assert shown("````\n```\nx\n````\nafter") == [("code", "```\nx"), ("text", "after")]


def test_indented_code_is_code() -> None:
    assert shown("text\n\n    x = 1\n    y = 2") == [
        ("text", "text"),
        ("code", "    x = 1\n    y = 2"),
    ]


@given(st.lists(st.sampled_from(["a", "`", "``", "```", "#", " ", "\n", "~~~", "-", "*", "word"])))
def test_no_word_of_a_statement_is_lost(pieces: list[str]) -> None:
    statement = "".join(pieces)
    text = "".join(word for _, word in shown(statement))
    fences = re.findall(r"(?m)^ {0,3}(?:`{3,}|~{3,}).*$", statement)
    kept = statement
    for fence in fences:
        kept = kept.replace(fence, "", 1)
    assert re.findall(r"[aw]", text).count("w") >= re.findall(r"[aw]", kept).count("w")


def test_a_statement_without_end_is_cut_visibly() -> None:
    text = "".join(word for _, word in shown("x" * (prose.MAX_STATEMENT + 10)))
    assert len(text) == prose.MAX_STATEMENT
    assert text.endswith("\u2026")
