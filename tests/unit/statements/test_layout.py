"""Where the blocks of a statement are, and what each is."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.statements import Block, BlockKind, blocks


def _only(statement: str) -> Block:
    found = blocks(textwrap.dedent(statement))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("mark", ["```", "~~~", "````"])
def test_a_fence_holds_a_block_with_its_language_and_the_sentence_before(mark: str) -> None:
    block = _only(f"It is broken. Try this:\n\n{mark}python\nx = parse('a')\n{mark}\nIt fails.\n")
    assert block == Block(
        kind=BlockKind.CODE,
        text="x = parse('a')",
        language="python",
        lead="Try this:",
        line=4,
        last=5,
    )


def test_a_fence_that_nothing_closes_ends_with_the_statement() -> None:
    assert _only("Look:\n```\nx = 1\ny = 2").text == "x = 1\ny = 2"


def test_braces_of_the_django_tracker_hold_a_block() -> None:
    block = _only("See:\n{{{#!python\nf(1)\n}}}\nand so on")
    assert (block.text, block.language, block.kind) == ("f(1)", "python", BlockKind.CODE)


def test_bare_code_that_has_lost_its_fence_is_a_block() -> None:
    block = _only(
        """\
        Widgets are wrong
        Description

        Consider the following view.
        class View(Base):
        \tdef get(self):
        \t\treturn total(
        \t\t\tself.x
        \t\t)
        It should not be empty.
        """
    )
    assert block.kind is BlockKind.CODE
    assert block.text.splitlines()[0] == "class View(Base):"
    assert block.text.splitlines()[-1] == "        )"
    assert block.lead == "Consider the following view."


@pytest.mark.parametrize(
    "prose",
    [
        "for example:\nthis is prose",
        "if you do this:\nit fails",
        "Foo (which is bad) fails.",
        "A sentence = a line of words and more.",
        "- an item\n    that goes on here\n    and here",
    ],
)
def test_prose_is_no_block(prose: str) -> None:
    assert blocks(prose) == ()


def test_a_session_is_code_and_a_blank_line_ends_it() -> None:
    block = _only("Try:\n\n>>> f(1)\n2\n>>> f(2)\n\nand then prose")
    assert (block.kind, block.text) == (BlockKind.CODE, ">>> f(1)\n2\n>>> f(2)")


def test_a_bare_traceback_ends_with_its_exception() -> None:
    block = _only(
        "It says\nTraceback (most recent call last):\n"
        '  File "a.py", line 1, in <module>\n    f()\nValueError: bad\nI expected none.'
    )
    assert block.kind is BlockKind.TRACEBACK
    assert block.text.endswith("ValueError: bad")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b", BlockKind.DIFF),
        ("-    return x\n+    return y", BlockKind.DIFF),
        ("Python: 3.9.1\nnumpy: 1.21.0\nscipy: 1.7.1", BlockKind.ENVIRONMENT),
        ("3 items were found", BlockKind.OUTPUT),
        ("value.method(3)", BlockKind.CODE),
        ('  File "a.py", line 3, in f\n    g()\nKeyError: 1', BlockKind.TRACEBACK),
    ],
)
def test_the_kind_follows_from_the_text(text: str, kind: BlockKind) -> None:
    assert _only(f"See:\n```\n{text}\n```").kind is kind


def test_the_hints_of_an_issue_form_are_not_read() -> None:
    statement = "<!-- write\n\n    def code(x): pass\n\nhere -->\nBroken.\n```\nx = 1\n```\n"
    assert _only(statement).lead == "Broken."


def test_a_sentence_before_belongs_to_one_block_only() -> None:
    first, second = blocks("Before:\n```\na = 1\n```\n```\nb = 2\n```\n")
    assert (first.lead, second.lead) == ("Before:", "")


@given(st.text(alphabet=st.sampled_from("ab=():#`~>{} \n\t\\'\"-+@"), max_size=200))
def test_blocks_come_in_order_and_never_overlap(statement: str) -> None:
    after = 0
    for block in blocks(statement):
        assert after < block.line <= block.last <= len(statement.split("\n"))
        assert block.text.strip()
        after = block.last
