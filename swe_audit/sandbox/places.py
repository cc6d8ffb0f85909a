"""The environments and trees that sandboxed trials are copies of: made once, named by content."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from swe_audit import environments as env
from swe_audit.caching import cache_folder
from swe_audit.containers.naming import folder_digest
from swe_audit.containers.ports import Surroundings
from swe_audit.containers.steps import tree_step
from swe_audit.errors import AuditError, ImageError, NoInterpreterError
from swe_audit.model.task import Environment, Task
from swe_audit.sandbox.bubblewrap import lay_out, require, walled
from swe_audit.sandbox.interpreters import Interpreter, interpreter_for

SCHEME = "sandbox:"
FORMAT = "1"
"""Raised when what a place holds changes, so that older ones are made again."""

_PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
_PATIENCE = 4 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a trial is made of: ``/opt`` and the work folder, to be copied, never written.

    ``prefix`` is the host's Python that the environment rests on.
    """

    folder: Path
    workdir: str
    variables: Mapping[str, str]
    prefix: Path


class SandboxImages:
    """Environments for sandboxed trials; the sandbox's ``Images``. Safe for several threads.

    Packages are shared by the tasks that ask for the same. ``disk_reserve`` bytes stay free.
    """

    def __init__(
        self,
        cache: Path | None = None,
        *,
        interpreters: Path | None = None,
        ca_bundle: Path | None = None,
        disk_reserve: int = 0,
        log_dir: Path | None = None,
    ) -> None:
        self._cache = cache or cache_folder("sandbox")
        self._interpreters = interpreters
        self._ca_bundle = ca_bundle
        self._reserve = disk_reserve
        self._log_dir = log_dir
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def ensure(self, task: Task, say: Callable[[str], None]) -> str:
        """Return ``sandbox:KEY``, made if need be.

        Raise ``NoInterpreterError`` where the host lacks the Python, ``ImageError`` where the
        task has no description of its environment or it cannot be made.
        """
        require()
        environment, folder = task.environment, task.folder
        if environment is None or folder is None:
            raise ImageError(
                f"{task.instance_id} has no environment.yaml, which the sandbox needs",
                hint="use a container engine, or import the task with --recipes",
            )
        _check_system(environment)
        python = interpreter_for(environment.python, self._interpreters)
        key = _key(environment, folder, task.workdir, python)
        with self._making("tree", key) as partial:
            if partial is not None:
                packages = self._packages(environment, python, say)
                say(f"preparing the tree of {task.instance_id}")
                self._make_tree(partial, packages, task, python)
        return SCHEME + key

    def expect(self, tasks: Iterable[Task]) -> None:
        """Places stay, so it does not matter in which order tasks come."""

    def release(self, task: Task) -> None:
        """Places stay."""

    def close(self) -> None:
        """Nobody waits here."""

    def surroundings(self, task: Task) -> Surroundings:
        """Say by content what the task's trials run in; an interpreter that is missing says so."""
        environment, folder = task.environment, task.folder
        if environment is None or folder is None:
            return Surroundings(description=f"{SCHEME}no environment.yaml")
        try:
            python = interpreter_for(environment.python, self._interpreters)
        except NoInterpreterError as error:
            return Surroundings(description=f"{SCHEME}{error.message}")
        key = _key(environment, folder, task.workdir, python)
        return Surroundings(description=SCHEME + key, resolved=SCHEME + key)

    def ensure_all(
        self,
        tasks: Iterable[Task],
        say: Callable[[str], None],
        workers: int,  # noqa: ARG002 - pip is busy enough
    ) -> Mapping[str, str | Exception]:
        """Ensure many, one after the other; an id maps to its place or its failure."""
        found: dict[str, str | Exception] = {}
        for task in tasks:
            try:
                found[task.instance_id] = self.ensure(task, say)
            except AuditError as error:
                found[task.instance_id] = error
        return found

    def _packages(
        self, environment: Environment, python: Interpreter, say: Callable[[str], None]
    ) -> Path:
        key = _digest([FORMAT, env.environment_key(environment), str(python)])
        with self._making("packages", key) as partial:
            if partial is not None:
                say(f"installing packages for Python {python.version}")
                build = partial / "root" / env.BUILD_FILES.lstrip("/")
                build.mkdir(parents=True)
                if self._ca_bundle is not None:
                    shutil.copyfile(self._ca_bundle, build / env.CA_FILE)
                path = f"{python.program.parent}:/usr/local/bin:/usr/bin:/bin"
                proxies = {name: os.environ[name] for name in _PROXIES if name in os.environ}
                self._run(
                    partial / "root",
                    env.package_commands(environment),
                    python,
                    variables={"PATH": path, "LANG": "C.UTF-8", **proxies},
                    title=f"packages-{key}",
                    network=True,
                )
                (partial / "root/opt").rename(partial / "opt")
                shutil.rmtree(partial / "root")
        return self._cache / "packages" / key

    def _make_tree(self, partial: Path, packages: Path, task: Task, python: Interpreter) -> None:
        environment, folder, workdir = task.environment, task.folder, task.workdir
        assert environment is not None
        assert folder is not None
        root = partial / "root"
        copy_tree(packages / "opt", root / "opt")
        step = tree_step(environment, folder, workdir)
        for path, content in step.files.items():
            target = root / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                target.write_bytes(content)
            elif content.is_dir():
                copy_tree(content, target)
            else:
                shutil.copyfile(content, target)
        (root / workdir.lstrip("/")).mkdir()
        variables = env.variables(environment)
        self._run(root, [step.script], python, variables=variables, title=task.instance_id)
        (root / "opt").rename(partial / "opt")
        (root / workdir.lstrip("/")).rename(partial / "tree")
        shutil.rmtree(root)
        facts = {"workdir": workdir, "variables": variables, "prefix": str(python.prefix)}
        (partial / "place.json").write_text(json.dumps(facts), encoding="utf-8")

    def _run(
        self,
        root: Path,
        commands: Sequence[str],
        python: Interpreter,
        *,
        variables: Mapping[str, str],
        title: str,
        network: bool = False,
    ) -> None:
        """Run commands with ``root`` as ``/``; raise ``ImageError`` with the end of their log."""
        lay_out(root)
        (root / "opt").mkdir(exist_ok=True)
        # Owners are unknown inside; unpacking as root would try to keep them.
        own = {**variables, "TAR_OPTIONS": "--no-same-owner"}
        command = walled(
            root,
            ["/bin/bash", "-ec", "\n".join(commands)],
            variables=own,
            folder="/",
            interpreter=python.prefix,
            network=network,
        )
        free = shutil.disk_usage(root).free
        if free < self._reserve:
            raise ImageError(
                f"only {free / 1e9:.1f} GB are free below {self._cache}",
                hint="remove what lies there, or lower --disk-reserve",
            )
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ImageError(f"{title} could not be built: {error}") from error
        log = done.stdout.decode("utf-8", "replace")
        if self._log_dir is not None:
            self._log_dir.mkdir(parents=True, exist_ok=True)
            (self._log_dir / f"{title}.log").write_text(log, encoding="utf-8")
        if done.returncode:
            raise ImageError(
                f"building {title} failed with exit code {done.returncode}", log=log[-4000:]
            )

    @contextmanager
    def _making(self, kind: str, key: str) -> Iterator[Path | None]:
        """Give a folder to fill, which then takes its name at once; None where it is there."""
        final = self._cache / kind / key
        with self._lock:
            lock = self._locks.setdefault(f"{kind}/{key}", threading.Lock())
        with lock:
            if final.is_dir():
                yield None
                return
            partial = final.with_name(f"{key}.partial-{os.getpid()}")
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(parents=True)
            try:
                yield partial
                if not final.is_dir():  # another process may have been faster
                    partial.rename(final)
            finally:
                shutil.rmtree(partial, ignore_errors=True)


def open_place(cache: Path, image: str) -> Place:
    """Return what ``ensure`` made; raise ``ImageError`` where it is gone."""
    folder = cache / "tree" / image.removeprefix(SCHEME)
    try:
        facts = json.loads((folder / "place.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise ImageError(f"{image} is not in {cache}") from error
    return Place(
        folder=folder,
        workdir=facts["workdir"],
        variables=facts["variables"],
        prefix=Path(facts["prefix"]),
    )


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder with its times, sharing blocks where the file system can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    command = ["cp", "-a", "--reflink=auto", "--", str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ImageError(f"{source} could not be copied: {done.stderr.strip()[-300:]}")


def _key(environment: Environment, folder: Path, workdir: str, python: Interpreter) -> str:
    parts = [FORMAT, env.content_key(environment, workdir), str(python)]
    if environment.source.folder:
        source = folder / environment.source.folder
        parts.append(folder_digest(source, source.rglob("*")))
    return _digest(parts)


def _check_system(environment: Environment) -> None:
    """Raise ``ImageError`` for Debian packages that the host lacks."""
    if not environment.system:
        return
    missing = list(environment.system)
    if shutil.which("dpkg-query"):
        ask = ["dpkg-query", "-W", "-f", "${Package} ${Status}\n", *environment.system]
        said = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
        here = {line.split()[0] for line in said.splitlines() if line.endswith(" installed")}
        missing = [name for name in environment.system if name not in here]
    if missing:
        raise ImageError(
            f"the environment needs packages that this machine lacks: {', '.join(missing)}",
            hint="install them, or use a container engine",
        )


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
