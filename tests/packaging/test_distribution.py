"""What is shipped installs into a clean environment and works outside a checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from swe_audit.containers.connection import connect
from swe_audit.errors import EngineUnavailableError

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
TASK = "swe-audit__ledgerlite-118"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build sdist and wheel, the wheel from the sdist as an installer would."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-d"]
    subprocess.run([*build, folder, "-t", "sdist"], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    unpacked = next((folder / "unpacked").iterdir())
    subprocess.run([*build, folder, "-t", "wheel"], cwd=unpacked, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with the locked packages into a clean environment; return its bin/."""
    folder = tmp_path_factory.mktemp("clean")
    uv = TOOLS / "uv"
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, folder / "env"], check=True)
    install = [uv, "pip", "install", "-q", "--system-certs", "--python", folder / "env/bin/python"]
    locked = ["--require-hashes", "-r", ROOT / "requirements-runtime.lock"]
    subprocess.run([*install, *locked], check=True)
    subprocess.run([*install, "--no-deps", next(built.glob("*.whl"))], check=True)
    return folder / "env/bin"


@pytest.fixture
def bundled_task(tmp_path: Path) -> Path:
    """Copy one bundled task to where no checkout is around it."""
    try:
        connect().close()
    except EngineUnavailableError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(error.message)
    repo = tmp_path / "repo"
    shutil.copytree(ROOT / "tasks" / TASK, repo / "tasks" / TASK)
    shutil.copy(ROOT / "sweb.yaml", repo)
    return repo


def outside(bin_folder: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed program where there is no checkout."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [bin_folder / "swe-audit", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_wheel_holds_everything_that_the_program_reads(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        shipped = set(wheel.namelist())
    needed = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "swe_audit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert needed <= shipped
    assert "swe_audit/py.typed" in shipped
    assert any(name.startswith("swe_audit/report/templates/") for name in shipped)
    assert any(name.startswith("swe_audit/report/schemas/") for name in shipped)
    assert not any(name.startswith(("tests/", "tasks/", "docs/")) for name in shipped)


def test_the_source_release_holds_the_house(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    assert {"Makefile", "requirements.lock", ".ci/venv", "LICENSE", "README.md"} <= shipped


def test_the_installed_program_says_its_version_and_its_help(
    installed: Path, tmp_path: Path
) -> None:
    version = outside(installed, tmp_path, "--version")
    assert version.returncode == 0, version.stderr
    assert "0.1.0" in version.stdout
    usage = outside(installed, tmp_path, "--help")
    assert usage.returncode == 0
    assert "tag" in usage.stdout


def test_the_installed_program_can_be_imported_and_is_typed(
    installed: Path, tmp_path: Path
) -> None:
    code = (
        "import swe_audit, importlib.resources as r; print(swe_audit.__version__);"
        "print(r.files('swe_audit').joinpath('py.typed').is_file(), swe_audit.__file__)"
    )
    done = subprocess.run(
        [installed / "python", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split()[:2] == ["0.1.0", "True"]
    assert str(installed.parent) in done.stdout


def test_the_installed_program_audits_a_task_outside_a_checkout(
    installed: Path, tmp_path: Path, bundled_task: Path
) -> None:
    certificates = os.environ.get("PIP_CERT")
    more = ["--ca-bundle", certificates] if certificates else []
    done = outside(
        installed, tmp_path, "run", str(bundled_task), "--out", "report", "--json", *more
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    trials = [trial for task in document["tasks"] for trial in task["trials"]]
    assert {trial["state"] for trial in trials} == {"completed"}
    findings = [finding for task in document["tasks"] for finding in task["findings"]]
    assert [finding["defect"] for finding in findings] == ["narrow"]
    assert (tmp_path / "report/index.html").stat().st_size > 10_000
    again = outside(installed, tmp_path, "report", "report")
    assert again.returncode == 0, again.stderr
