"""Which modules of a project never run where a package is missing, such as a database's driver.

A package of the project is a *back end that is missing* where one of its modules needs, as it is
imported, what is neither installed nor in the tree. Its other modules do not run either, unless
something that can be imported uses them. Where the graded tests use the back end all the same,
they speak of it, and nothing is said to be missing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.syntax import parse
from swe_audit.model.paths import is_source_path

_ROOTS = ("", "src/", "lib/")
_IMPORT = re.compile(rb"^[ \t]*(?:import|from)[ \t]+(\w+)", re.MULTILINE)


class Backends:
    """What of a task's project needs packages that its image does not have.

    Nothing is missing where nobody asked the task's interpreter what is installed.
    """

    def __init__(self, ground: Ground) -> None:
        graded = {path: ground.tests.bytes_of(path) for path in ground.test_paths}
        self._tree = ground.gold.with_files(graded)
        self._graded = [path for path in ground.test_paths if path.endswith(".py")]
        self._known = set(ground.installed or ())
        self._packages: dict[str, list[str]] = {}
        self._seen: dict[str, str] = {}
        for path in self._tree.paths() if ground.installed is not None else ():
            pure = PurePosixPath(path)
            self._known |= {*pure.parts[:-1], pure.name.split(".")[0]}
            if path.endswith(".py"):
                self._packages.setdefault(str(pure.parent), []).append(path)

    def why_idle(self, path: str) -> str:
        """Say why a module never runs here; empty where it may."""
        driver = self._lacks(str(PurePosixPath(path).parent))
        if not driver:
            return ""
        if self._needs(path):
            return f"it needs {self._needs(path)}, which is not installed"
        alone = self._is_unused(path)
        return f"only what needs {driver} uses it, and that is not installed" if alone else ""

    def why_missing(self, name: str) -> str:
        """Say why the back end of a name is not here; empty where it is, or is none."""
        packages = [
            package
            for package in self._packages
            if PurePosixPath(package).name == name and is_source_path(f"{package}/__init__.py")
        ]
        drivers = [self._lacks(package) for package in packages]
        if not all(drivers) or not drivers:
            return ""
        return f"it is for {packages[0]}, which needs {drivers[0]}, and that is not installed"

    def _lacks(self, package: str) -> str:
        """What a back end needs that is not here, empty where it lacks nothing."""
        found = (self._absent(path) for path in self._packages.get(package, ()))
        driver = next((each for each in found if each), "")
        return "" if driver and self._is_tested(package) else driver

    def _is_tested(self, package: str) -> bool:
        dotted = package.replace("/", ".").encode()
        return any(
            dotted in (self._tree.bytes_of(test) or b"")
            or any(str(PurePosixPath(path).parent) == package for path in self._uses(test))
            for test in self._graded
        )

    def _needs(self, path: str) -> str:
        """For lack of what a module cannot be imported: its own need, or one of its imports'."""
        others = (self._absent(each) for each in self._uses(path, at_import=True))
        return self._absent(path) or next((each for each in others if each), "")

    def _absent(self, path: str) -> str:
        """The first package that a module itself imports, without which it will not do."""
        if path not in self._seen:
            self._seen[path] = self._first_absent(path)
        return self._seen[path]

    def _first_absent(self, path: str) -> str:
        raw = self._tree.bytes_of(path) or b""
        if all(found.decode() in self._known for found in _IMPORT.findall(raw)):
            return ""
        for node in self._imports(path, at_import=True):
            for name in _names(node, path):
                if not (isinstance(node, ast.ImportFrom) and node.level):
                    top = name.partition(".")[0]
                    if top not in self._known:
                        return top
        return ""

    def _is_unused(self, path: str) -> bool:
        """Whether nothing that can be imported here uses a module, directly or not."""
        met = [path]
        for each in met:
            if self._needs(each):
                continue
            users = self._users(each)
            if not users:
                return False  # it may be loaded by its name
            met += [user for user in users if user not in met]
        return True

    def _users(self, path: str) -> list[str]:
        pure = PurePosixPath(path)
        inner = pure.stem if pure.stem != "__init__" else pure.parent.name
        outer = pure.parent if pure.stem != "__init__" else pure.parent.parent
        near = set(self._tree.containing(outer.name)) if outer.name else set()
        dotted = ".".join((*outer.parts, inner)).encode()
        return [
            each
            for each in self._tree.containing(inner)
            if each != path
            and each.endswith(".py")
            and (each in near or each.startswith(f"{outer}/"))
            and (path in self._uses(each) or dotted in (self._tree.bytes_of(each) or b""))
        ]

    def _uses(self, path: str, *, at_import: bool = False) -> Iterator[str]:
        """The modules of the project that a file imports, with the packages around them."""
        for node in self._imports(path, at_import=at_import):
            for name in _names(node, path):
                yield from self._modules(name)

    def _imports(self, path: str, *, at_import: bool) -> Iterable[ast.Import | ast.ImportFrom]:
        tree = parse(self._tree.read(path) or "")
        if tree is None:
            return ()
        if at_import:
            return _needed(tree.body)
        return (node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom)))

    def _modules(self, name: str) -> Iterator[str]:
        parts = name.split(".")
        for count in range(1, len(parts) + 1):
            for root in _ROOTS:
                module = root + "/".join(parts[:count])
                yield from (p for p in (f"{module}.py", f"{module}/__init__.py") if p in self._tree)


def _needed(body: Iterable[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports without which a module cannot be imported; conditions are not judged."""
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.Try) and all(
            isinstance(handler.body[-1], ast.Raise) for handler in node.handlers
        ):
            yield from _needed(node.body)


def _names(node: ast.Import | ast.ImportFrom, path: str) -> Iterator[str]:
    """The dotted names that an import may load, of ``path`` in a tree."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    package = list(PurePosixPath(path).parent.parts) if node.level else []
    around = package[: len(package) - node.level + 1] if node.level else package
    source = [*around, *(node.module.split(".") if node.module else [])]
    yield from (".".join([*source, alias.name]) for alias in node.names)
