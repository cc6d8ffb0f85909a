"""Code that Python takes and the syntax library does not is left alone, and ends no audit."""

from __future__ import annotations

from swe_audit.alternatives.constructions.name.reading import occurrences

ODD = "def f(word):\n    if((word if word else 1)):\n        return word\n"


def test_a_file_that_the_library_cannot_hold_has_no_readable_occurrences() -> None:
    compile(ODD, "<odd>", "exec")
    assert occurrences(ODD, "word") is None
