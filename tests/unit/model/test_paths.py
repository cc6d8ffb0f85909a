"""What a path is, by name alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.model.paths import (
    is_docs_path,
    is_generated_path,
    is_source_path,
    is_test_path,
    language_of_path,
)


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_basic.py",
        "tests/data/input.json",
        "sympy/core/tests/test_expr.py",
        "pkg/conftest.py",
        "test_single.py",
        "pkg/views_test.go",
        "src/app/Button.test.tsx",
        "src/app/Button-test.tsx",
        "src/app/__tests__/button.js",
        "test/user.js",
        "testing/python/integration.py",
        "internal/config/testdata/advanced.yml",
        "lib/src/test/java/AppTest.java",
        "spec/models/user_spec.rb",
    ],
)
def test_tests_and_their_data_are_tests(path: str) -> None:
    assert is_test_path(path)
    assert not is_source_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "django/test/client.py",
        "numpy/testing/utils.py",
        "packages/testing/index.ts",
        "sympy/utilities/randtest.py",
        "src/_pytest/python.py",
        "lib/contest.py",
        "latest.py",
        "attestation/test.go",
    ],
)
def test_code_that_only_sounds_like_tests_is_source(path: str) -> None:
    assert not is_test_path(path)
    assert is_source_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "docs/usage.rst",
        "doc/conf.py",
        "README.md",
        "CHANGES",
        "CHANGES.txt",
        "HISTORY.rst",
        "lib/README",
        "doc/changelog.asciidoc",
        "LICENSE",
    ],
)
def test_documentation_and_change_logs_are_documentation(path: str) -> None:
    assert is_docs_path(path)
    assert not is_source_path(path)


@pytest.mark.parametrize(
    "path", ["pkg/history.py", "news.go", "tests/README.md", "admindocs/utils.py", "cli/doc.py"]
)
def test_modules_and_tests_are_no_documentation(path: str) -> None:
    assert not is_docs_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "package-lock.json",
        "web/yarn.lock",
        "go.sum",
        "rpc/auth/auth.pb.go",
        "proto/api_pb2.py",
        "static/app.min.js",
        "locale/de/LC_MESSAGES/django.mo",
        "i18n/messages.pot",
        "node_modules/x/index.js",
        "units/cds_parsetab.py",
    ],
)
def test_what_machines_write_is_generated(path: str) -> None:
    assert is_generated_path(path)
    assert not is_source_path(path)


@pytest.mark.parametrize("path", ["setup.cfg", "pkg/lock.py", "pkg/gen.go", "package.json"])
def test_what_people_write_is_not_generated(path: str) -> None:
    assert not is_generated_path(path)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("a/b.py", "python"),
        ("a/b.pyx", "python"),
        ("a.tsx", "typescript"),
        ("a.GO", "go"),
        ("setup.cfg", None),
        ("Makefile", None),
    ],
)
def test_the_suffix_tells_the_language(path: str, language: str | None) -> None:
    assert language_of_path(path) == language


@given(st.text(alphabet="abtesd._-/ocgn", max_size=40))
def test_a_path_is_never_both_test_and_documentation(path: str) -> None:
    assert not (is_test_path(path) and is_docs_path(path))
    if is_source_path(path):
        assert not is_test_path(path)
