"""Base images: a local one, else pulled, else made from Debian packages.

A base holds one Python, git, patch, a compiler and the headers that packages are built with.
"""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docker
import docker.errors
from docker.models.images import Image

from swe_audit.containers.classic import classic_build
from swe_audit.containers.labels import KEY, OWNER
from swe_audit.containers.layers import LayerBuilder, Step
from swe_audit.containers.pulling import Puller, untold
from swe_audit.environments import DEBIAN_RELEASES, base_image
from swe_audit.errors import ImageError, NoInterpreterError

PACKAGES = (
    "ca-certificates", "g++", "gcc", "gettext", "git", "libc6-dev", "libffi-dev", "make", "patch",
    "python3", "python3-dev", "python3-venv",
)  # fmt: skip
RECIPE = "1"
"""Raised when what a base holds changes, so that older ones are made again."""

_DEFAULT_RELEASE = "bookworm"
_PLACED = "/interpreter"
# Documentation and translations make half of the files and no test reads them.
_LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*")


class Bases:
    """Makes base images on one engine.

    ``image_base`` is an image to start from instead of Debian's own; ``interpreters`` a folder of
    the host with one folder per Python version (``3.6.15/bin/python3.6``), which keep their path
    in the image because an interpreter knows where it was installed.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        puller: Puller,
        *,
        image_base: str | None = None,
        interpreters: Path | None = None,
        made: Callable[[str], None] = untold,
    ) -> None:
        self._client = client
        self._puller = puller
        self._made = made
        self._image_base = image_base
        self._interpreters = interpreters

    def ensure(self, python: str, system: tuple[str, ...], say: Callable[[str], None]) -> str:
        """Return the local name of the base for a minor version, making it if need be.

        Raises ``NoInterpreterError`` where no source has that Python.
        """
        name = base_image(python, system)
        key = self._key(python, system)
        if self._is_current(name, key):
            return name
        packages = tuple(sorted({*PACKAGES, *system}))
        if self._image_base:
            self._from_image(self._image_base, name, key, packages, say)
        elif python in DEBIAN_RELEASES:
            self._from_release(DEBIAN_RELEASES[python], name, key, packages, say)
        elif folder := find_interpreter(self._interpreters, python):
            release = _host_release()
            below = f"swe-audit/debian:{release}" + name.partition(f"py{python}")[2]
            if not self._is_current(below, key + "-debian"):
                self._from_release(release, below, key + "-debian", packages, say)
                self._made(below)
            self._with_interpreter(below, folder, python, name, key, say)
        elif self._puller.pull(f"python:{python}-slim", say):
            self._from_image(f"python:{python}-slim", name, key, packages, say)
        else:
            raise NoInterpreterError(
                f"no Python {python} for a base image: Debian has none, no registry answers",
                hint="name a folder that has it with --interpreters, or an image with --image-base",
            )
        self._made(name)
        return name

    def _key(self, python: str, system: tuple[str, ...]) -> str:
        parts = (RECIPE, python, *sorted(system), self._image_base or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]

    def _is_current(self, name: str, key: str) -> bool:
        try:
            image = self._client.images.get(name)
        except docker.errors.ImageNotFound:
            return False
        return image.labels.get(KEY) == key

    def _from_release(
        self,
        release: str,
        name: str,
        key: str,
        packages: tuple[str, ...],
        say: Callable[[str], None],
    ) -> None:
        reference = f"debian:{release}-slim"
        if self._puller.pull(reference, say):
            self._from_image(reference, name, key, packages, say)
            return
        say(f"no registry has {reference}: making {name} from Debian packages (half a minute)")
        self._bootstrap(release, name, key, packages)

    def _from_image(
        self,
        reference: str,
        name: str,
        key: str,
        packages: tuple[str, ...],
        say: Callable[[str], None],
    ) -> None:
        say(f"building {name} from {reference}")
        text = (
            f"FROM {reference}\n"
            "RUN apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y "
            f"--no-install-recommends {' '.join(_without_python(packages, reference))} "
            "&& rm -rf /var/lib/apt/lists/*\n"
            f"ENV LANG=C.UTF-8\nLABEL {OWNER}=base {KEY}={key}\n"
        )
        classic_build(self._client, {"Dockerfile": text.encode()}, tag=name, log=lambda _: None)

    def _bootstrap(self, release: str, name: str, key: str, packages: tuple[str, ...]) -> None:
        program = shutil.which("mmdebstrap")
        if program is None:
            raise ImageError(
                "no base image can be had: no registry answers and mmdebstrap is not installed",
                hint="run `make engine`, or install mmdebstrap, or name an image with --image-base",
            )
        command = [
            program, "--quiet", "--variant=minbase", f"--include={','.join(packages)}",
            *(f"--dpkgopt=path-exclude={pattern}" for pattern in _LEFT_OUT),
            "--customize-hook=rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/*",
            release, "-",
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            image = self._import(process, name, key)
            errors = process.stderr.read().decode("utf-8", "replace") if process.stderr else ""
        if process.returncode or image is None:
            raise ImageError(
                f"mmdebstrap could not make Debian {release}: {errors.strip()[-300:]}",
                hint="is a Debian mirror in reach, and is this root or may it use user namespaces?",
            )

    def _import(self, process: subprocess.Popen[bytes], name: str, key: str) -> Image | None:
        """Stream the root file system into the engine; None where it does not take it."""
        repository, _, tag = name.partition(":")
        changes = [
            "ENV LANG=C.UTF-8",
            "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            'CMD ["bash"]',
            f"LABEL {OWNER}=base {KEY}={key}",
        ]
        assert process.stdout is not None
        api = self._client.api
        try:
            api.import_image_from_stream(process.stdout, repository, tag, changes)
        except docker.errors.APIError:
            process.kill()
            return None
        return self._client.images.get(name)

    def _with_interpreter(
        self,
        below: str,
        folder: Path,
        python: str,
        name: str,
        key: str,
        say: Callable[[str], None],
    ) -> None:
        say(f"building {name} with the interpreter in {folder}")
        program = folder / "bin" / f"python{python}"
        step = Step(
            title=f"interpreter {folder.name}",
            script=(
                f"rm -rf {_PLACED}/lib/python{python}/test\n"
                f"find {_PLACED} -name __pycache__ -prune -exec rm -rf {{}} +\n"
                f"find {_PLACED} -name '*.a' -delete\n"
                f"mkdir -p {folder.parent} && cp -a {_PLACED} {folder}\n"
                f"ln -sf {program} /usr/local/bin/python{python}\n"
                f"echo {folder}/lib > /etc/ld.so.conf.d/python{python}.conf\n"
                "ldconfig\n"
                f"python{python} -c 'import ssl, sqlite3, zlib, bz2, ctypes, venv'\n"
            ),
            memory_folders=(),
            watched_folders=(f"/{folder.parts[1]}", "/usr/local/bin", "/etc"),
            files={_PLACED: folder},
        )
        lines: list[str] = []
        labels = {OWNER: "base", KEY: key}
        try:
            LayerBuilder(self._client).build(
                below, step, tag=name, config=lambda: {"Labels": labels}, log=lines.append
            )
        except ImageError as error:
            raise NoInterpreterError(
                f"the interpreter in {folder} does not run in {below}: {' '.join(lines)[-300:]}",
                hint=error.message,
            ) from error


def find_interpreter(folder: Path | None, python: str) -> Path | None:
    """Return the newest installation of a minor version below ``folder``, None if there is none."""
    if folder is None:
        return None
    found = [
        path
        for path in folder.expanduser().glob(f"{python}*")
        if (path.name == python or path.name.startswith(python + "."))
        and (path / "bin" / f"python{python}").exists()
    ]
    return max(
        found, key=lambda path: [int(n) for n in path.name.split(".") if n.isdigit()], default=None
    )


def _without_python(packages: tuple[str, ...], reference: str) -> tuple[str, ...]:
    """Leave Debian's Python out of an image that brings its own."""
    if reference.partition(":")[0].rpartition("/")[2] != "python":
        return packages
    return tuple(name for name in packages if not name.startswith("python3"))


def _host_release() -> str:
    """Debian's name for this host's release, whose libraries a host interpreter needs."""
    try:
        info = platform.freedesktop_os_release()
    except OSError:
        return _DEFAULT_RELEASE
    known = info.get("ID") == "debian" and info.get("VERSION_CODENAME")
    return str(known or _DEFAULT_RELEASE)
