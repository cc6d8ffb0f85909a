"""The architecture is checked by a machine: imports, start-up time, words, sizes."""

from __future__ import annotations

import ast
import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "swe_audit"
MODULES = sorted(PACKAGE.rglob("*.py"))
OURS = [
    path
    for folder in ("swe_audit", "tests", "docs", "benchmarks", ".ci")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.is_file() and path.suffix in {".py", ".md", ".j2", ".html", ".js", ".css", ""}
] + [path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"} or path.name == "Makefile"]


def contracts() -> list[dict[str, object]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[dict[str, object]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


def test_the_layers_on_the_page_are_the_layers_of_the_contract() -> None:
    layers = next(contract["layers"] for contract in contracts() if contract["id"] == "layers")
    assert isinstance(layers, list)
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = page.split("| layer | what it holds |\n|---|---|\n", 1)[1].split("\n\n", 1)[0]
    shown = [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()]
    assert shown == [set(layer.replace(" ", "").split("|")) for layer in layers]


def test_every_module_keeps_the_import_contracts() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("library", "folders"),
    [
        ("docker", {"containers"}),
        ("yaml", {"formats"}),
        ("git", {"formats"}),
        ("jinja2", {"report"}),
        ("matplotlib", {"report"}),
        ("typer", {"cli"}),
        ("rich", {"cli"}),
        ("starlette", {"triage"}),
        ("ray", {"executors"}),
        ("uvicorn", {"triage"}),
    ],
)
def test_a_library_of_the_edge_is_imported_in_its_own_folder_only(
    library: str, folders: set[str]
) -> None:
    users = {
        module.relative_to(PACKAGE).parts[0]
        for module in MODULES
        if library in imported(module.read_text(encoding="utf-8"))
    }
    assert users <= folders


def imported(source: str) -> set[str]:
    """Return the top-level names of the packages that a module imports, lazily or not."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


HEAVY = ("docker", "git", "jinja2", "matplotlib", "numpy", "pydantic", "scipy", "unidiff", "yaml")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['swe-audit', '--help']\nfrom swe_audit.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('LOADED', sorted(set(sys.modules) & set({HEAVY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "Usage" in done.stdout
    assert "LOADED []" in done.stdout


def seconds_of(*arguments: str) -> float:
    """Return the least processor time of three runs; other work on the machine adds none."""
    took: list[float] = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True, cwd=ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


def test_help_answers_at_once() -> None:
    # The bar is 0.4 s on two ordinary cores; a slow machine is given what its bare start takes
    # beyond the 0.02 s that such cores need for it, ten times over.
    bare = seconds_of("-c", "pass")
    assert seconds_of("-m", "swe_audit", "--help") < 0.4 + 10 * max(0.0, bare - 0.02)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_its_job_in_its_first_line(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert docstring
    assert len(docstring.splitlines()[0]) > 15


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
    assert {module for module in MODULES if drawers & {*module.parts, module.stem}} == set()


def test_no_production_name_looks_like_a_test() -> None:
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert not node.name.startswith("test_"), f"{module}: {node.name}"


# Put together here so that this file does not find itself.
UNWANTED = (
    r"\bTO" + r"DO\b",
    r"\bFIX" + r"ME\b",
    r"/ro" + r"ot/\.pyenv",
    r"/tm" + r"p/w\b",
    r"/wo" + r"rk/(?:main|shared)",
    r"[\U0001F300-\U0001FAFF]",
)


@pytest.mark.parametrize("pattern", UNWANTED)
def test_nothing_is_left_half_done_or_bound_to_one_machine(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in OURS
        if "__pycache__" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(pattern, line)
    ]
    assert found == []


def swallows_everything(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes every failure and does not raise it again."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    broad = any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})
        for kind in kinds
    )
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def test_failures_are_caught_by_name() -> None:
    found = [
        f"{module.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and swallows_everything(node)
    ]
    assert found == []


def test_the_package_is_typed_and_names_its_version_once() -> None:
    assert (PACKAGE / "py.typed").exists()
    version = (PACKAGE / "version.py").read_text(encoding="utf-8")
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["version"]
    assert f'VERSION = "{declared}"' in version


def test_continuous_integration_calls_what_the_readme_names() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^make \w+", script, re.MULTILINE)
    assert {"make audit", "make test"} <= set(commands)
    assert set(re.findall(r"^make \w+", readme, re.MULTILINE)) <= set(commands)
    assert os.access(ROOT / ".ci/run", os.X_OK)
