"""What softening writes: the same program, the same lines, and nothing it cannot take out again."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.softening.rewriting import names_of_tests, soften
from swe_audit.softening.unsoftening import NAME, same_program


def softened(text: str) -> str:
    made = soften("tests/test_it.py", text)
    assert made is not None
    return made.text


def test_an_assertion_keeps_its_line_and_its_layout() -> None:
    head = "import os\n\n\ndef test_it():\n"
    text = f"{head}    assert (\n        os.sep ==\n        '/'  # why\n    )\n"
    made = softened(text)
    rows = made.split("\n")
    assert rows[2:4] == [f"@{NAME}.test(4)", "def test_it():"]
    assert rows[4] == f"    with {NAME}.at(5): assert ("
    assert rows[5:8] == [f"        {NAME}.v(os.sep) ==", f"        {NAME}.v('/')  # why", "    )"]


@pytest.mark.parametrize(
    "head",
    [
        "",
        '"""Doc."""\n',
        '"""Doc."""  # comment\nfrom __future__ import annotations  # why\n',
        "# -*- coding: utf-8 -*-\n# licence\n",
        "#!/usr/bin/env python\nimport os; import sys\n",
        "@decorated\nclass A:\n    pass\n",
    ],
)
def test_the_import_stands_behind_what_has_to_come_first(head: str) -> None:
    text = f"{head}def decorated(x): return x\ndef test_it():\n    assert 'ä' == 1\n"
    made = softened(text)
    assert ast.get_docstring(ast.parse(made)) == ast.get_docstring(ast.parse(text))
    compile(made, "test_it.py", "exec")
    assert same_program(text, made)


@pytest.mark.parametrize(
    "body",
    [
        "if 1: assert 2",
        "x = 1; assert x",
        "assert x; y = 1",
        "try:\n        assert x\n    except AssertionError:\n        pass",
        "with (open('x')) as f:\n        pass",
        "with raises(ValueError):\n        assert x == 2",
    ],
)
def test_what_cannot_be_softened_safely_is_left_as_it_is(body: str) -> None:
    text = f"def test_it(x):\n    {body}\n"
    made = softened(text)
    assert f"{NAME}.at(" not in made


def test_windows_line_ends_and_a_missing_last_one_are_kept() -> None:
    text = "import os\r\n\r\ndef test_it():\r\n    assert os.sep == 1"
    made = softened(text)
    assert made.count("\n") - made.count("\r\n") == 2
    assert "assert" in made.split("\r\n")[3]


def test_a_line_is_added_only_where_none_above_is_blank() -> None:
    text = "x = 1\n\nclass T:\n    def test_a(self):\n        pass\n\n    @mark(1)\n"
    text += "    def test_b(self):\n        pass\n"
    rows = softened(text).split("\n")
    assert rows[3:5] == [f"    @{NAME}.test(4)", "    def test_a(self):"]
    assert rows[7:9] == [f"    @{NAME}.under(8, mark(1))", "    def test_b(self):"]


@pytest.mark.parametrize(
    "text",
    [
        "def test_it(:\n",
        "x = 1\n",
        f"{NAME} = 1\ndef test_it():\n    assert 1\n",
        "def helper():\n    assert 1\n",
    ],
)
def test_a_file_without_tests_or_that_does_not_parse_is_not_softened(text: str) -> None:
    assert soften("test_it.py", text) is None


def test_generators_and_fixtures_are_no_tests() -> None:
    text = (
        "import pytest\n\ndef test_a():\n    yield 1\n\n@pytest.fixture\ndef test_b():\n"
        "    return 1\n\ndef test_c():\n    assert 1\n"
    )
    made = soften("test_it.py", text)
    assert made is not None
    assert made.tests == 1


def test_a_changed_program_is_seen() -> None:
    text = "def test_it(x):\n    assert x == 1\n"
    made = softened(text)
    assert same_program(text, made)
    assert not same_program(text, made.replace("(1)", "(2)"))
    assert not same_program(text, made.replace("==", "!="))


def test_the_tests_of_a_file_have_names() -> None:
    text = "class A:\n    def test_a(self): pass\ndef test_b(): pass\ndef other(): pass\n"
    assert names_of_tests(text) == {"test_a", "test_b"}
    assert names_of_tests("def (") == frozenset()


_VALUES = st.sampled_from(
    ["x", "(x)", "[1, *y]", "f(x, k=1)", "'ä%s' % x", "lambda: x", "(x if y else 1)", "x[1:2]",
     "(y := 1)", "{**x}", "f'{x!r}'", "not x", "-x", "(i for i in y)", "('a'\n 'b')"]
)  # fmt: skip
_OPERATORS = st.sampled_from(["==", "!=", "in", "not in", "is", "is not", "<"])


@st.composite
def statements(draw: st.DrawFn) -> str:
    one, other = draw(_VALUES), draw(_VALUES)
    operator = draw(_OPERATORS)
    message = draw(st.sampled_from(["", ", 'why'"]))
    return draw(
        st.sampled_from(
            [
                f"assert (({one}) {operator} ({other})){message}",
                f"assert ({one}){message}",
                f"assert ({one}) and ({other})",
                f"assert not ({one})",
                f"assert f({one}, ({other}))",
                f"self.assertEqual({one}, {other})",
                f"np.testing.assert_equal({one}, {other}, err_msg='')",
                f"with raises(E, match='a') as e: f({one})",
                f"with self.subTest(i={one}), open({other}) as g: assert ({one})",
                f"raises(E, lambda: ({one}))",
            ]
        )
    )


@given(st.lists(statements(), min_size=1, max_size=6), st.booleans())
def test_softening_any_assertion_keeps_the_program(body: list[str], method: bool) -> None:
    indent = "        " if method else "    "
    head = "class T:\n    def test_it(self, x, y):\n" if method else "def test_it(self, x, y):\n"
    text = head + "".join(f"{indent}{one}\n" for one in body)
    try:
        ast.parse(text)
    except SyntaxError:
        return
    made = soften("test_it.py", text)
    assert made is not None
    assert same_program(text, made.text)
