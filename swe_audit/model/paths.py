"""What a path inside a repository is: test, documentation, generated file, and which language.

Pure and by name alone, so that the same answer is given for a diff, a tree and a dataset row.
Paths are relative to the repository, with forward slashes.
"""

from __future__ import annotations

import itertools
import re
from pathlib import PurePosixPath

_TEST_FOLDERS = frozenset({"tests", "__tests__", "__snapshots__", "testdata", "e2e"})
# A package may itself be called "test" or "testing" (django/test/ is Django's public API), so
# these two count only at the top, and below "src" as Java projects have it.
_TEST_FOLDERS_AT_TOP = frozenset({"test", "testing", "spec", "specs", "cypress"})
_TEST_NAME = re.compile(
    r"""
    ^(?:
        test_.*\.py | .*_tests?\.py | tests?\.py | conftest\.py
      | .*_test\.(?:go|rs|exs|cc|cpp|c)
      | .*[._-](?:test|spec)\.[cm]?[jt]sx? | .*\.snap
      | .*_(?:spec|test)\.rb
      | .*Tests?\.(?:java|kt|cs|php|swift)
    )$
    """,
    re.VERBOSE,
)

_DOCS_FOLDERS = frozenset({"doc", "docs", "documentation", "changelogs", "news", "whats_new"})
_DOCS_SUFFIXES = frozenset({".rst", ".md", ".mdx", ".adoc", ".asciidoc", ".tex"})
_DOCS_NAME = re.compile(
    r"^(?:readme|changes|changelog|changelogs|history|news|authors|contributors|contributing"
    r"|copying|license|licence|notice|thanks|todo|whats_?new)(?:[.-].*)?$",
    re.IGNORECASE,
)

_GENERATED_FOLDERS = frozenset({"node_modules", "dist", "__generated__", "vendor"})
_GENERATED_NAME = re.compile(
    r"""
    ^(?:
        package-lock\.json | npm-shrinkwrap\.json | yarn\.lock | pnpm-lock\.yaml | bun\.lockb?
      | poetry\.lock | pipfile\.lock | uv\.lock | pdm\.lock | cargo\.lock | composer\.lock
      | gemfile\.lock | go\.sum | go\.work\.sum
      | .*\.min\.(?:js|css) | .*\.(?:js|css)\.map
      | .*_pb2(?:_grpc)?\.pyi? | .*\.pb(?:\.gw)?\.go | .*_grpc\.pb\.go | .*_gen\.go
      | zz_generated.*\.go | parsetab\.py | lextab\.py | .*_(?:parse|lex)tab\.py
      | .*\.(?:mo|pot)
    )$
    """,
    re.VERBOSE | re.IGNORECASE,
)

_LANGUAGES = {
    ".py": "python",
    ".pyx": "python",
    ".pxd": "python",
    ".pyi": "python",
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".mts": "typescript",
    ".go": "go",
    ".rs": "rust",
    ".java": "java",
    ".kt": "kotlin",
    ".rb": "ruby",
    ".php": "php",
    ".cs": "csharp",
    ".swift": "swift",
    ".scala": "scala",
    ".c": "c",
    ".h": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cxx": "cpp",
    ".hpp": "cpp",
    ".sh": "shell",
    ".bash": "shell",
    ".vue": "javascript",
}


def is_test_path(path: str) -> bool:
    """Whether a file is a test or lies among the tests.

    ``tests/`` counts anywhere; ``test/`` and ``testing/`` only at the top or below ``src/``,
    for deeper down they are often a package that users import.
    """
    pure = PurePosixPath(path)
    folders = pure.parts[:-1]
    if any(folder in _TEST_FOLDERS for folder in folders):
        return True
    if folders and folders[0] in _TEST_FOLDERS_AT_TOP:
        return True
    if any(pair == ("src", "test") for pair in itertools.pairwise(folders)):
        return True
    return _TEST_NAME.match(pure.name) is not None


def is_docs_path(path: str) -> bool:
    """Whether a file is documentation or a change log; a test is never documentation.

    Source code below ``docs/`` is: it builds or illustrates the documentation.
    """
    if is_test_path(path):
        return False
    pure = PurePosixPath(path)
    if any(folder.lower() in _DOCS_FOLDERS for folder in pure.parts[:1]):
        return True
    if pure.suffix.lower() in _DOCS_SUFFIXES:
        return True
    # A module may be called history.py or news.go; only text files are documents by their name.
    return language_of_path(path) is None and _DOCS_NAME.match(pure.name) is not None


def is_generated_path(path: str) -> bool:
    """Whether a machine wrote the file: lock files, minified and compiled output, parser tables."""
    pure = PurePosixPath(path)
    if any(folder in _GENERATED_FOLDERS for folder in pure.parts[:-1]):
        return True
    return _GENERATED_NAME.match(pure.name) is not None


def is_source_path(path: str) -> bool:
    """Whether a change to the file counts as a change of the program itself."""
    return not (is_test_path(path) or is_docs_path(path) or is_generated_path(path))


def language_of_path(path: str) -> str | None:
    """Return the programming language in lower case, None for anything else."""
    return _LANGUAGES.get(PurePosixPath(path).suffix.lower())
