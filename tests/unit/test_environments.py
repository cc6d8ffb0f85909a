"""The one description of an environment, and what is made of it."""

from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit import environments
from swe_audit.model.task import Environment, Source

PLAIN = Environment(
    python="3.11",
    source=Source(commit="0" * 40, folder="source"),
    pip=("pytest==8.2.0",),
    build_requires=("setuptools==75.8.0",),
    install="pip install -e .",
)


def run_in(folder: Path, environment: Environment) -> str:
    """Run the tree commands as the image build does and return the commit they end on."""
    script = "\n".join(environments.tree_commands(environment))
    subprocess.run(["bash", "-ec", script], cwd=folder, check=True, capture_output=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    )
    return head.stdout.strip()


def status(folder: Path) -> str:
    return subprocess.run(
        ["git", "status", "--porcelain"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def tree(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("A = 1\n")
    return folder


def test_a_plain_tree_is_committed_to_the_same_hash_wherever_it_is_built(tmp_path: Path) -> None:
    bare = replace(PLAIN, install="")
    first, second = tree(tmp_path / "x"), tree(tmp_path / "y" / "z")
    os.utime(second / "a.py", (1, 1))
    assert run_in(first, bare) == run_in(second, bare)
    assert status(first) == ""


def test_what_is_done_before_is_committed_and_what_the_install_changes_is_restored(
    tmp_path: Path,
) -> None:
    folder = tree(tmp_path / "x")
    environment = replace(
        PLAIN, pre_install=("echo B = 2 >> a.py",), install="echo broken > a.py; touch built.txt"
    )
    run_in(folder, environment)
    assert (folder / "a.py").read_text() == "A = 1\nB = 2\n"
    assert status(folder) == "?? built.txt\n"


def test_a_step_that_fails_fails_the_build(tmp_path: Path) -> None:
    folder = tree(tmp_path / "x")
    with pytest.raises(subprocess.CalledProcessError):
        run_in(folder, replace(PLAIN, install="false"))


def test_a_failing_install_also_fails_the_dockerfile_s_one_command(tmp_path: Path) -> None:
    folder = tree(tmp_path / "x")
    commands = environments.tree_commands(replace(PLAIN, install="false"))
    result = subprocess.run(["sh", "-c", " && ".join(commands)], cwd=folder, capture_output=True)
    assert result.returncode != 0


def test_compiled_modules_are_in_the_tree_but_not_in_its_status(tmp_path: Path) -> None:
    folder = tree(tmp_path / "x")
    run_in(folder, replace(PLAIN, install=""))
    assert list(folder.glob("__pycache__/a.*.pyc"))
    assert status(folder) == ""


def test_tasks_that_differ_only_in_their_tree_share_their_packages() -> None:
    other = replace(PLAIN, source=Source(commit="1" * 40, archive="source.tar.gz"), install="x")
    assert environments.environment_key(PLAIN) == environments.environment_key(other)
    assert environments.content_key(PLAIN) != environments.content_key(other)


@pytest.mark.parametrize(
    "change",
    [
        {"python": "3.12"},
        {"pip": ("pytest==8.2.1",)},
        {"build_requires": ()},
        {"env": (("A", "1"),)},
        {"system": ("libxml2",)},
        {"tools": ("pip==24.0",)},
    ],
)
def test_whatever_changes_the_packages_changes_their_key(change: dict[str, object]) -> None:
    changed = replace(PLAIN, **change)  # type: ignore[arg-type]
    assert environments.environment_key(changed) != environments.environment_key(PLAIN)


def test_only_the_first_stage_sees_the_certificates() -> None:
    text = environments.dockerfile(PLAIN)
    first, final = text.split("\nFROM ")
    assert environments.CERTIFICATES in first
    assert environments.CERTIFICATES not in final
    assert environments.CA_FILE not in final


def test_a_dockerfile_uses_nothing_that_the_classic_builder_lacks() -> None:
    text = environments.dockerfile(PLAIN)
    assert "--mount" not in text
    assert "<<" not in text
    assert "# syntax" not in text


@given(st.text(alphabet=st.characters(codec="ascii", categories=("L", "N", "P", "S", "Zs"))))
def test_a_variable_s_value_survives_the_dockerfile_s_quoting(value: str) -> None:
    environment = replace(PLAIN, env=(("V", value),))
    line = next(
        line for line in environments.dockerfile(environment).splitlines() if line.startswith("ENV")
    )
    # The builder's quoting is the shell's for what is escaped here.
    words = shlex.split(line.removeprefix("ENV "))
    assert f"V={value}" in [word.replace("\\$", "$") for word in words]


def test_every_debian_python_has_a_release_and_every_version_has_tools() -> None:
    for python in ("3.6", "3.7", "3.8", *environments.DEBIAN_RELEASES, "3.12"):
        names = [tool.partition("==")[0] for tool in environments.default_tools(python)]
        assert names == ["pip", "setuptools", "wheel"]
