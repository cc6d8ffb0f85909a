"""From the one description of an environment to the Dockerfile and scripts that build it.

Pure text. The Dockerfile has two stages: the first may reach a package index (and is given a CA
bundle there, if the user has one), the second only copies from it, so that nothing of the first
is left in the final image. The tree is installed without network from wheels that the first
stage kept.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import asdict

from swe_audit.model.task import WORKDIR, Environment

VENV = "/opt/venv"
WHEELHOUSE = "/opt/wheelhouse"
BUILD_FILES = "/swe-audit"
CERTIFICATES = "certificates"
CA_FILE = "ca-bundle.crt"
GIT_IDENTITY = "-c user.name=swe-audit -c user.email=swe-audit@localhost"
GIT_DATE = "2000-01-01T00:00:00+00:00"

# What is newest for an interpreter that its makers no longer serve.
_TOOLS = {
    "3.6": ("pip==21.3.1", "setuptools==59.6.0", "wheel==0.37.1"),
    "3.7": ("pip==23.3.2", "setuptools==65.7.0", "wheel==0.42.0"),
}
_TOOLS_TODAY = ("pip==23.3.2", "setuptools==65.7.0", "wheel==0.45.1")
_TOOLS_WITHOUT_DISTUTILS = ("pip==24.3.1", "setuptools==75.8.0", "wheel==0.45.1")

# The Debian release whose own Python has that version.
DEBIAN_RELEASES = {"3.9": "bullseye", "3.11": "bookworm", "3.13": "trixie"}


def default_tools(python: str) -> tuple[str, ...]:
    """Return pinned pip, setuptools and wheel that work on a minor version such as ``3.6``."""
    if python in _TOOLS:
        return _TOOLS[python]
    major, minor = (int(part) for part in python.split(".")[:2])
    return _TOOLS_WITHOUT_DISTUTILS if (major, minor) >= (3, 12) else _TOOLS_TODAY


def base_image(python: str, system: tuple[str, ...] = ()) -> str:
    """Name the local base image for a Python version and extra Debian packages."""
    extra = "-" + _digest(sorted(system)) if system else ""
    return f"swe-audit/base:py{python}{extra}"


def environment_key(environment: Environment) -> str:
    """Identify what tasks can share: everything but the tree and what is done to it."""
    return _digest([environment_dockerfile(environment)])


def content_key(environment: Environment, workdir: str = WORKDIR) -> str:
    """Identify the whole description; two equal keys build equal images."""
    return _digest(
        [dockerfile(environment, workdir), json.dumps(asdict(environment), sort_keys=True)]
    )


def environment_dockerfile(environment: Environment) -> str:
    """Return the part that tasks share: interpreter, packages and wheels, without the tree.

    The folder ``certificates/`` of the build context holds a note, and for a build behind a
    proxy also the user's CA bundle; only the first stage ever sees it.
    """
    base = base_image(environment.python, environment.system)
    return "\n".join(
        [
            f"FROM {base} AS packages",
            f"COPY {CERTIFICATES}/ {BUILD_FILES}/",
            "RUN " + " && \\\n    ".join(package_commands(environment)),
            "",
            f"FROM {base}",
            *_env_lines(environment),
            "COPY --from=packages /opt/ /opt/",
            "",
        ]
    )


def dockerfile(environment: Environment, workdir: str = WORKDIR) -> str:
    """Return the whole Dockerfile of a task; its build context is the task's folder.

    ``workdir`` is where the tree goes.
    """
    source = environment.source
    if source.archive:
        place = f"ADD {source.archive} {workdir}/.git/"
    elif source.folder:
        place = f"COPY {source.folder}/ {workdir}/"
    else:
        place = f"RUN mkdir -p {workdir} && cp -a /opt/source/. {workdir}/"
    return environment_dockerfile(environment) + "\n".join(
        [
            place,
            f"WORKDIR {workdir}",
            "RUN " + " && \\\n    ".join(tree_commands(environment)),
            "",
        ]
    )


def tree_commands(environment: Environment) -> tuple[str, ...]:
    """Return the shell commands that turn the placed source into the installed, clean tree.

    They run in the work folder, offline. ``core.checkStat=minimal`` and ``core.trustctime=false``
    keep git from reading every file again after a layered file system has changed the inodes.
    """
    git = f"GIT_AUTHOR_DATE={GIT_DATE} GIT_COMMITTER_DATE={GIT_DATE} git {GIT_IDENTITY}"
    commit = f"{git} -c gc.auto=0 commit -q --allow-empty --no-verify -m"
    settings = [
        "git config core.checkStat minimal",
        "git config core.trustctime false",
        "git config gc.auto 0",
    ]
    if environment.source.archive:
        start = [
            "git config core.bare false",
            *settings,
            f"git checkout -q -f --detach {environment.source.commit}",
        ]
    else:
        start = [
            "git init -q -b main",
            *settings,
            "git add -A -f",
            f"{commit} base",
        ]
    prepared = (
        [*(f"( {line} )" for line in environment.pre_install), "git add -u", f"{commit} prepared"]
        if environment.pre_install
        else []
    )
    installed = (
        [f"( {environment.install} )", "git checkout -q -f ."] if environment.install else []
    )
    # Every trial starts with cold caches; compiled once here, modules need not be in each of them.
    compiled = [
        "mkdir -p .git/info && echo __pycache__/ >> .git/info/exclude",
        "( python -m compileall -q . > /dev/null 2>&1 || true )",
    ]
    return (*start, *prepared, *installed, *compiled, "( git update-index -q --refresh || true )")


def package_commands(environment: Environment) -> list[str]:
    """Return the shell commands of the step that may reach the package index."""
    python = interpreter(environment.python)
    pip = f"{VENV}/bin/pip --disable-pip-version-check --no-cache-dir"
    tools = environment.tools or default_tools(environment.python)
    commands = [
        f"if [ -f {BUILD_FILES}/{CA_FILE} ]; then export PIP_CERT={BUILD_FILES}/{CA_FILE}; fi",
        f"{python} -m venv {VENV}",
        f"{pip} install -q {_quoted(tools)}",
        f"mkdir -p {WHEELHOUSE}",
    ]
    if environment.build_requires:
        commands.append(f"{pip} wheel -q -w {WHEELHOUSE} {_quoted(environment.build_requires)}")
    if environment.pip:
        commands.append(f"{pip} install -q --no-deps {_quoted(environment.pip)}")
    if environment.source.sdist:
        commands.append(
            f"{pip} download -q --no-deps --no-binary :all: "
            f"-d {BUILD_FILES}/sdist {_quoted([environment.source.sdist])}"
        )
        commands.append(
            f"mkdir -p /opt/source && tar -xzf {BUILD_FILES}/sdist/*.tar.gz "
            "--strip-components=1 -C /opt/source --no-same-owner"
        )
    return commands


def variables(environment: Environment) -> dict[str, str]:
    """Return the image's variables: the venv first on PATH, and pip told where its wheels are."""
    own = {
        "PATH": f"{VENV}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "VIRTUAL_ENV": VENV,
        "LANG": "C.UTF-8",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": WHEELHOUSE,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    return {**own, **dict(environment.env)}


def _env_lines(environment: Environment) -> list[str]:
    pairs = variables(environment).items()
    return ["ENV " + " ".join(f'{name}="{_escaped(value)}"' for name, value in pairs)]


def interpreter(python: str) -> str:
    """Where the base image keeps the interpreter of a minor version."""
    return f"python{python}"


def _quoted(words: tuple[str, ...] | list[str]) -> str:
    return " ".join(shlex.quote(word) for word in words)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
