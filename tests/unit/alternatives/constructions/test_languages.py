"""Go and JavaScript as trees: what holds for any names and texts, and without the grammars."""

from __future__ import annotations

import subprocess
import sys

import fakes
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.alternatives.constructions.languages.names import names
from swe_audit.alternatives.constructions.languages.syntax import read
from swe_audit.alternatives.constructions.languages.texts import literals_of
from swe_audit.alternatives.constructions.message import messages
from swe_audit.alternatives.ground import Ground
from swe_audit.model.construction import Site
from swe_audit.model.tree import Tree
from swe_audit.workshop import edited

WORDS = st.from_regex(r"[a-z]{2,7}[A-Z][a-z]{2,6}", fullmatch=True)
TEXTS = st.text(alphabet="abc must be é%{}$\\n'`", max_size=40)


def ground_of(path: str, text: str, tests: str) -> Ground:
    base = Tree({"go.mod": b"module shop.invalid/shop\n"})
    test = path.replace(".", "_test." if path.endswith(".go") else ".test.")
    return Ground(
        task=fakes.make_task(statement="It is broken."),
        base=base,
        gold=base.with_files({path: text}),
        tests=base.with_files({test: tests}),
        added={path: frozenset(range(1, text.count("\n") + 2))},
        test_paths=(test,),
    )


@given(WORDS, TEXTS)
def test_a_renamed_file_still_parses_and_has_the_name_nowhere(word: str, said: str) -> None:
    text = (
        f"package shop\n\nfunc {word}() string {{ return {go_string(said)} }}\n\nvar _ = {word}()\n"
    )
    ground = ground_of("shop.go", text, f"package shop\n\nfunc TestIt() {{ {word}() }}\n")
    for site in [one for one in names(ground) if isinstance(one, Site)]:
        after = edited(ground.gold, site.edits).read("shop.go") or ""
        assert read("shop.go", after) is not None
        assert after.replace(site.replacement, word) == text
        mirrored = edited(ground.tests, site.mirror).read("shop_test.go") or ""
        assert mirrored == f"package shop\n\nfunc TestIt() {{ {site.replacement}() }}\n"


def go_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@given(TEXTS)
def test_a_literal_s_characters_know_their_places(said: str) -> None:
    source = f"package shop\n\nvar é = {go_string(said)}\n"
    for template, _ in literals_of("shop.go", source):
        if template.parts[0] is template.runs[0]:
            assert source[template.runs[0].starts[0] - 1] == '"'
        for run in template.runs:
            for char, start, end in zip(run.text, run.starts, run.ends, strict=True):
                written = source[start:end]
                assert char == written or written.startswith(("\\", "%%"))


@given(TEXTS)
def test_a_reworded_file_still_parses(said: str) -> None:
    quoted = "'" + said.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    text = f"throw new Error({quoted});\n"
    ground = ground_of("src/shop.js", text, f"assert.throws(f, {{ message: {quoted} }});\n")
    for site in [one for one in messages(ground) if isinstance(one, Site)]:
        assert read("src/shop.js", edited(ground.gold, site.edits).read("src/shop.js") or "")
        assert read("x.js", edited(ground.tests, site.mirror).read("src/shop.test.js") or "")


def test_without_the_grammars_a_survey_says_what_is_missing() -> None:
    code = (
        "import sys; sys.modules['tree_sitter'] = None\n"
        "from test_languages import ground_of\n"
        "from swe_audit.workshop import survey_of\n"
        "print(survey_of(ground_of('shop.go', 'package shop\\n\\nfunc open() {}\\n', '')))\n"
    )
    path = [*(file.rpartition("/")[0] for file in (__file__, fakes.__file__ or "")), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "swe-audit[languages]" in done.stdout, done.stderr
