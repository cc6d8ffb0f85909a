"""Examples of the noise construction."""

from __future__ import annotations

from functools import partial

from swe_audit.alternatives.constructions.examples.nouns import Example
from swe_audit.model.construction import ConstructionKind

_noise = partial(Example, kind=ConstructionKind.NOISE)

NOISES: tuple[Example, ...] = (
    _noise(
        name="comments, formatting and the docstring of a new function go",
        base="def total(prices):\n    n = len( prices )\n    return n\n",
        gold=(
            "def total(prices):\n    n = len(prices)\n    return n\n\n\n"
            'def mean(prices):\n    """Divide."""\n    # By their number.\n'
            "    return total(prices) / len(prices)  # a float\n"
        ),
        after=(
            "def total(prices):\n    n = len( prices )\n    return n\n\n\n"
            "def mean(prices):\n    return total(prices) / len(prices)\n"
        ),
    ),
    _noise(
        name="what tests and tools read stays",
        gold=(
            'def total(prices):\n    """Add.\n\n    >>> total([1])\n    1\n    """\n'
            "    return sum(prices)  # type: ignore\n"
            'class Cart:\n    """Listed."""\n    @command\n    def show(self):\n'
            '        """Shown."""\n        return 1\n'
        ),
    ),
    _noise(
        name="where tests look at docstrings, they all stay",
        gold='def total(prices):\n    """Add."""\n    return sum(prices)  # all of them\n',
        test="assert total.__doc__\n",
        after='def total(prices):\n    """Add."""\n    return sum(prices)\n',
    ),
    _noise(
        name="documents are as they were",
        base="A = 1\n",
        gold="A = 2\n",
        after="A = 2\n",
        more=(("docs/news.rst", "News\n"),),
        gold_more=(("docs/news.rst", "News\n- total adds up\n"), ("CHANGES", "- total\n")),
        after_more=(("docs/news.rst", "News\n"), ("CHANGES", "")),
    ),
)
