"""Whether a statement gives a block as the wanted fix, and whether it takes it back."""

from __future__ import annotations

import pytest

from swe_audit.statements import blocks, doubt_about, is_wanted, says_wanted, sentences_of

CODE = "```python\nx = f(1)\n```\n"


@pytest.mark.parametrize(
    "lead",
    [
        "It should be:",
        "which should be",
        "Instead, do this:",
        "Change line 3 to:",
        "The following will work:",
        "The solution is to skip the first:",
        "I suggest",
        "Fix:",
        "A patch for it:",
        "We should add the following method:",
    ],
)
def test_a_fix_is_wanted(lead: str) -> None:
    assert is_wanted(blocks(f"It fails.\n\n{lead}\n\n{CODE}")[0])


@pytest.mark.parametrize(
    "lead",
    [
        "To reproduce:",
        "The culprit is this code:",
        "For example, this should be empty:",
        "which currently is",
        "This fails with:",
        "It works as expected here:",
        "",
    ],
)
def test_an_example_or_the_present_code_is_not(lead: str) -> None:
    assert not is_wanted(blocks(f"It is bad.\n\n## Code\n\n{lead}\n\n{CODE}")[0])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("This might be a solution:", ""),
        ("A hack that would work:", ""),
        ("It should be:", "I'm not sure whether it breaks others."),
        ("It should be:", "That is good. It is only a temporary workaround, though."),
    ],
)
def test_what_is_taken_back_nearby_is_in_doubt(before: str, after: str) -> None:
    statement = f"{before}\n{CODE}{after}\n"
    assert doubt_about(statement, blocks(statement)[0])


@pytest.mark.parametrize(
    ("statement", "doubt"),
    [
        (f"It should be:\n{CODE}All tests pass with it.\n", ""),
        (f"It should be:\n{CODE}\n## Other\nMaybe it is late.\n", ""),
        ("It should be:\n```\n# just to test\nx = f(1)\n```\n", "just to test"),
    ],
)
def test_doubts_of_something_else_do_not_count_but_comments_do(statement: str, doubt: str) -> None:
    assert doubt_about(statement, blocks(statement)[0]) == doubt


def test_sentences_are_those_of_the_prose() -> None:
    statement = f"One here. Two `b.c` there\nand on.\n\n- three\n- four\n\n{CODE}Five.\n"
    assert sentences_of(statement) == [
        "One here.",
        "Two `b.c` there and on.",
        "- three",
        "- four",
        "Five.",
    ]


def test_a_sentence_can_say_what_is_right() -> None:
    assert says_wanted("The correct value is 3.")
    assert not says_wanted("The value is 3.")
