from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swe_audit.environments import dockerfile
from swe_audit.errors import InputError
from swe_audit.formats.environment_files import (
    CERTIFICATES_NOTE,
    environment_text,
    parsed_environment,
    read_environment,
    write_environment,
)
from swe_audit.model.task import Environment, Source

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SMALL = f"python: '3.9'\nsource: {{archive: source.tar.gz, commit: {COMMIT}}}\n"

_line = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)
_lines = st.lists(_line, max_size=3).map(tuple)


@given(
    st.builds(
        Environment,
        python=st.sampled_from(["3.6", "3.9", "3.11"]),
        source=st.builds(Source, commit=st.just(COMMIT), archive=st.just("source.tar.gz")),
        env=st.dictionaries(st.from_regex(r"[A-Z_]{1,8}", fullmatch=True), _line, max_size=3).map(
            lambda pairs: tuple(pairs.items())
        ),
        tools=_lines,
        pip=_lines,
        build_requires=_lines,
        pre_install=_lines,
        install=_line | st.just(""),
        rebuilt=st.booleans(),
    )
)
def test_what_is_written_is_read_back(environment: Environment) -> None:
    assert parsed_environment(environment_text(environment), "f") == environment


def test_a_version_that_looks_like_a_number_stays_text() -> None:
    assert parsed_environment(SMALL.replace("'3.9'", "3.10"), "f").python == "3.10"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALL + "pyhton: x\n", "pyhton: unknown key"),
        (SMALL.replace("archive:", "archiv:"), "archiv: unknown key"),
        (SMALL.replace("'3.9'", "2.7"), "python"),
        (SMALL.replace(COMMIT, "main"), "commit"),
        (SMALL.replace("archive: source.tar.gz, ", ""), "exactly one of"),
        (SMALL.replace("source.tar.gz", "../up.tar.gz"), "inside the task's folder"),
        (SMALL.replace("source.tar.gz", "/etc/passwd"), "inside the task's folder"),
        (SMALL + "pip: requests\n", "pip"),
        (SMALL + "env: {'A B': x}\n", "env"),
        (SMALL + 'install: "a\\nRUN b"\n', "install"),
        ("", "python"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        parsed_environment(text, "f")
    assert caught.value.message.startswith("f: ")
    assert "\n" not in caught.value.message


def test_the_dockerfile_is_written_beside_it(tmp_path: Path) -> None:
    environment = parsed_environment(SMALL, "f")
    write_environment(tmp_path, environment)
    assert read_environment(tmp_path / "environment.yaml") == environment
    assert (tmp_path / "Dockerfile").read_text() == dockerfile(environment)
    assert (tmp_path / CERTIFICATES_NOTE).is_file()
