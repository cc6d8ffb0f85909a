"""The house's own files: commands, lock, images, licence."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-runtime.lock", "requirements-parity.lock"]
PIN = re.compile(r"^([\w.-]+)==([\w.!+-]+)(?: ; (.+?))? \\$", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str, str]]:
    return set(PIN.findall((ROOT / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_every_package_with_hashes_and_names_no_place(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert len(blocks) == len(pins(name)) > 20
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "--index" not in text
    assert "--extra-index" not in text


def test_every_environment_holds_the_same_versions() -> None:
    runtime, usual, parity = (
        pins(f"requirements{lock}.lock") for lock in ("-runtime", "", "-parity")
    )
    # A larger environment may want on every Python what a smaller one wants on some.
    for smaller, larger in ((runtime, usual), (usual, parity)):
        everywhere = {(name, version) for name, version, where in larger if not where}
        assert {one for one in smaller - larger if one[:2] not in everywhere} == set()
        assert len(smaller) < len(larger)


def test_the_lock_fits_what_the_project_asks_for() -> None:
    locked = {name.lower().replace("_", "-") for name, _, _ in pins("requirements.lock")}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    required = re.search(r"^dependencies = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    tools = re.search(r"^dev = \[(.*?)^\]", project, re.MULTILINE | re.DOTALL)
    assert required is not None
    assert tools is not None
    asked = re.findall(r'"([\w-]+)', required[1] + tools[1])
    assert {name.lower() for name in asked} <= locked


def test_make_alone_prints_every_command() -> None:
    done = subprocess.run(["make", "-C", ROOT], capture_output=True, text=True, check=True)
    named = re.findall(r"^  make (\w+)", done.stdout, re.MULTILINE)
    assert {"audit", "test", "check", "lint", "bench", "soak", "clean", "engine", "lock"} <= {
        *named
    }


def test_every_command_that_the_pages_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / ".ci/run"]
    for page in pages:
        for name in re.findall(r"(?:`|^ {4})make ([a-z]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in targets, f"{page.name} names `make {name}`"


def engine_setup(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", ".ci/engine"],
        cwd=ROOT,
        env={**os.environ, "PYTHON": sys.executable, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_engine_that_was_named_and_does_not_answer_is_not_replaced() -> None:
    done = engine_setup(DOCKER_HOST="unix:///nowhere/engine.sock")
    assert done.returncode == 4
    assert "error: no container engine answers" in done.stderr
    assert "unix:///nowhere/engine.sock" in done.stderr
    assert "hint: DOCKER_HOST says where the engine is" in done.stderr
    assert done.stdout == ""


def fake_python(folder: Path, version: tuple[int, int], *, venv: bool = True) -> Path:
    """Make an interpreter that answers as one of that version, and no more."""
    path = folder / "python"
    path.write_text(
        "#!/bin/sh\n"
        f'case "$2" in *version_info*) exit {0 if version >= (3, 10) else 1};;\n'
        f"*ensurepip*) exit {0 if venv else 1};; esac\nexit 99\n"
    )
    path.chmod(0o755)
    return path


def test_a_python_that_is_too_old_is_one_clear_sentence(tmp_path: Path) -> None:
    old = fake_python(tmp_path, (3, 9))
    done = subprocess.run(
        ["sh", ROOT / ".ci/venv", tmp_path / "venv", old],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("error: swe-audit needs Python 3.10 or newer")
    assert not (tmp_path / "venv").exists()


def test_a_python_without_venv_says_what_to_install(tmp_path: Path) -> None:
    poor = fake_python(tmp_path, (3, 11), venv=False)
    done = subprocess.run(
        ["sh", ROOT / ".ci/venv", tmp_path / "venv", poor],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "apt-get install python3-venv" in done.stderr


def test_the_dockerfile_needs_no_newer_builder() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert not re.search(r"^# *syntax|--mount|--chmod|--link|<<", text, re.MULTILINE)
    assert re.findall(r"^FROM .* AS (\w+)$", text, re.MULTILINE) == [
        "base",
        "packages",
        "auditor",
    ]


def test_the_dockerfile_installs_what_our_own_bases_hold() -> None:
    from swe_audit.containers.bases import PACKAGES

    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    installed = re.search(r"--no-install-recommends \\\n(.*?)&&", text, re.DOTALL)
    assert installed is not None
    assert set(installed[1].replace("\\", "").split()) == set(PACKAGES)


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
