"""The steps of a statement's examples, and which of what it prints is wanted."""

from __future__ import annotations

import textwrap

import pytest

from swe_audit.statements import examples


def read(statement: str) -> list[tuple[str, str, str]]:
    """Source, what is printed and what is wanted, of each step."""
    return [
        (step.source, step.printed, step.wanted) for step in examples(textwrap.dedent(statement))
    ]


def test_a_session_gives_its_statements_with_what_it_prints() -> None:
    found = read(
        """\
        It is wrong:

        ```python
        >>> from shop import total
        >>> for price in (1, 2):
        ...     print(price)
        1
        2
        >>> total([1])
        0
        ```
        """
    )
    assert found == [
        ("from shop import total", "", ""),
        ("for price in (1, 2):\n    print(price)", "1\n2", ""),
        ("total([1])", "0", ""),
    ]


def test_an_interactive_notebook_is_read_without_its_numbers() -> None:
    found = read(
        """\
        ```
        In [1]: total([1,
           ...:        2])
        Out[1]: 0

        In [2]: total([])
        ```
        """
    )
    assert found == [("total([1,\n       2])", "0", ""), ("total([])", "", "")]


def test_plain_code_gives_each_statement_with_its_line() -> None:
    statement = "See:\n\n```python\nimport shop\n\n@shop.deco\ndef f():\n    return 1\nf()\n```\n"
    assert [(step.source, step.line) for step in examples(statement)] == [
        ("import shop", 4),
        ("@shop.deco\ndef f():\n    return 1", 6),
        ("f()", 9),
    ]


def test_of_a_traceback_only_the_exception_is_printed() -> None:
    found = read(
        """\
        ```
        >>> total(None)
        Traceback (most recent call last):
          File "<stdin>", line 1, in <module>
        TypeError: 'NoneType' object is not iterable
        ```
        """
    )
    assert found == [("total(None)", "TypeError: 'NoneType' object is not iterable", "")]


SAID = "```\n>>> total([1])\n{}\n```\n"


@pytest.mark.parametrize(
    "lead",
    [
        "Expected output:",
        "#### Expected Results",
        "The result should be",
        "**Expected behavior**",
        "I get something else, but the correct output is:",
    ],
)
def test_words_before_a_block_make_its_output_wanted(lead: str) -> None:
    (step,) = examples(f"total() is wrong\n\n{lead}\n\n{SAID.format(1)}")
    assert (step.printed, step.wanted) == ("1", "1")


@pytest.mark.parametrize(
    "lead",
    [
        "Actual output:",
        "Currently it returns",
        "Instead of the correct result we get",
        "This works as expected:",
        "It returns the expected result here",
        "For example:",
        "This should not return",
    ],
)
def test_other_words_make_it_the_fault(lead: str) -> None:
    (step,) = examples(f"total() is wrong\n\n{lead}\n\n{SAID.format(1)}")
    assert (step.printed, step.wanted) == ("1", "")


def test_a_block_that_is_taken_back_is_not_wanted() -> None:
    statement = f"The result should be\n\n{SAID.format(1)}\nHowever, this is not the case.\n"
    assert [step.wanted for step in examples(statement)] == [""]


def test_an_output_block_goes_with_the_step_before_it() -> None:
    statement = "```python\nprint(total([1]))\n```\n\n{}\n\n```text\nthe sum: 1\n```\n"
    (step,) = examples(statement.format("Output:"))
    assert (step.printed, step.wanted) == ("the sum: 1", "")
    (step,) = examples(statement.format("Expected output:"))
    assert (step.printed, step.wanted) == ("", "the sum: 1")


def test_a_comment_beside_a_call_may_say_what_it_should_give() -> None:
    found = read("```python\ntotal([1])  # should be 1\ntotal([2])  # a comment\n```\n")
    assert found == [("total([1])  # should be 1", "", "1"), ("total([2])  # a comment", "", "")]


@pytest.mark.parametrize(
    "statement",
    [
        "total() of a cart is 0",
        "```diff\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n```\n",
        '```\nTraceback (most recent call last):\n  File "x", line 1\nKeyError: 1\n```\n',
        "```python\ndef total(prices:\n```\n",
    ],
)
def test_what_is_no_code_to_run_gives_no_step(statement: str) -> None:
    assert examples(statement) == ()
