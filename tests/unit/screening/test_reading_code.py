"""Added code is read by syntax where it can be parsed and by tokens where it cannot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from swe_audit.screening.changes import FileChange, Hunk, Line
from swe_audit.screening.facts import Facts, Role
from swe_audit.screening.other_code import read_other
from swe_audit.screening.python_code import read_python


def change(path: str, source: str, *, shown: frozenset[int] = frozenset()) -> FileChange:
    """Return a file whose lines are added, but for those that are only ``shown``."""
    lines = tuple(
        Line(number, text, number not in shown)
        for number, text in enumerate(source.splitlines(), start=1)
    )
    language = {"py": "python", "go": "go", "ts": "typescript"}[path.rsplit(".", 1)[1]]
    hunk = Hunk(heading="", after=lines, removed=())
    return FileChange(path=path, language=language, new=False, hunks=(hunk,))


def python(source: str, **more: frozenset[int]) -> Facts:
    return read_python(change("shop.py", source, **more))


def roles(facts: Facts) -> set[tuple[str, Role]]:
    return {(each.name, each.role) for each in facts.defined}


def test_definitions_have_the_role_of_the_place_where_they_stand() -> None:
    source = """LIMIT = 3
class Cart:
    size = 0
    def __init__(self, owner, *, dry=False):
        self.owner = owner
        total = 0
        def inner(hidden): ...
"""
    assert roles(python(source)) == {
        ("LIMIT", Role.CONSTANT),
        ("Cart", Role.CLASS),
        ("size", Role.ATTRIBUTE),
        ("__init__", Role.FUNCTION),
        ("owner", Role.PARAMETER),
        ("dry", Role.PARAMETER),
        ("owner", Role.ATTRIBUTE),
        ("total", Role.LOCAL),
        ("inner", Role.LOCAL),
        ("hidden", Role.LOCAL),
    }


def test_what_base_has_is_not_defined_again() -> None:
    facts = python("def old(a):\n    new = a\n", shown=frozenset({1}))
    assert roles(facts) == {("new", Role.LOCAL)}


def test_a_part_that_cannot_be_parsed_does_not_hide_the_rest() -> None:
    facts = python(
        "        cut=None, **options):\n    self.cut = cut\ndef whole(part):\n    pass\n"
    )
    assert ("whole", Role.FUNCTION) in roles(facts)
    assert [each.name for each in facts.loose] == ["cut"]


def test_a_clause_and_a_header_alone_are_parsed() -> None:
    facts = python("    elif kind == 'tax':\n        rate = lookup(kind)\n")
    assert "lookup" in facts.used
    assert not facts.loose


def test_texts_are_asserted_only_where_they_are_compared() -> None:
    facts = python('x = "input"\nassert f(x) == "wanted"\nself.assertEqual(f(x), "too", "said")\n')
    assert {t.text for t in facts.texts if t.asserted} == {"wanted", "too"}
    assert "said" not in {t.text for t in facts.texts}


def test_docstrings_are_no_texts() -> None:
    assert python('def f():\n    """Say nothing."""\n').texts == []


def test_replaced_names_are_found() -> None:
    facts = python(
        '@mock.patch("shop.cart.total")\ndef test_a(m):\n    mock.patch.object(Cart, "size")\n'
    )
    assert set(facts.mocked) == {"shop.cart.total", "size"}


def test_go_and_typescript_are_read_by_tokens() -> None:
    go = read_other(
        change("a.go", "type Cart struct {\n\tOwner string\n}\nfunc (c *Cart) Total() int {")
    )
    assert {("Cart", Role.CLASS), ("Owner", Role.ATTRIBUTE), ("Total", Role.FUNCTION)} <= roles(go)
    source = "// type Gone\nexport const LIMIT = 3;\n  total(price: number): number {\n"
    typed = read_other(change("a.ts", source))
    assert {("LIMIT", Role.CONSTANT), ("total", Role.FUNCTION)} <= roles(typed)
    assert "Gone" not in typed.used


def test_a_title_is_no_expectation() -> None:
    facts = read_other(change("a.ts", 'it("should add", () => {\nexpect(total).toBe("12 EUR")\n'))
    assert {t.text: t.asserted for t in facts.texts} == {"should add": False, "12 EUR": True}


@given(st.text(alphabet="ab_=()[]{}:.,'\"#\\ \n\tdefclass", max_size=120), st.integers(0, 5))
def test_nothing_that_base_has_is_reported_and_nothing_fails(source: str, first: int) -> None:
    shown = frozenset(range(1, first + 1))
    facts = python(source, shown=shown)
    found = {each.line for each in (*facts.defined, *facts.texts, *facts.calls)}
    assert not found & shown
