"""The image of a task: here already, built from its description, pulled, or built from Dockerfile.

A described environment (``environment.yaml``) is built in two layers on a base image: the
packages, shared by all tasks that ask for the same, and the tree. Images are named by the content
of what they were built from, so that nothing is built twice and a change is never missed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docker
import docker.errors
from docker.models.images import Image

from swe_audit import environments as env
from swe_audit.containers.bases import Bases
from swe_audit.containers.buildlog import BuildLog
from swe_audit.containers.classic import classic_build
from swe_audit.containers.docker_engine import translated
from swe_audit.containers.labels import ALIAS, KEY, OWNER
from swe_audit.containers.layers import LayerBuilder
from swe_audit.containers.naming import environment_name, task_name
from swe_audit.containers.once import Once
from swe_audit.containers.ports import Surroundings
from swe_audit.containers.pulling import Puller, untold
from swe_audit.containers.steps import listed_wheel, packages_step, tree_step
from swe_audit.errors import AuditError, ImageError
from swe_audit.model.task import Environment, Task

RESOLVED = "swe-audit.wheels"
"""Label of an environment image: the wheels that its build requirements resolved to, as JSON."""


class DockerImages:
    """Images on one engine; safe to call from several threads.

    ``ca_bundle`` is a file of certificates for builds behind a proxy; it is given to the step
    that reaches the package index and is part of no image. ``disk_reserve`` bytes stay free.
    ``log_dir`` gets one build log per image. ``classic`` builds every image from its Dockerfile
    with the engine's own builder instead of layer by layer. ``made`` is told of each image that
    was pulled or built.
    """

    def __init__(
        self,
        client: docker.DockerClient,
        *,
        ca_bundle: Path | None = None,
        interpreters: Path | None = None,
        image_base: str | None = None,
        disk_reserve: int = 10 * 1024**3,
        log_dir: Path | None = None,
        classic: bool = False,
        made: Callable[[str], None] = untold,
    ) -> None:
        self._client = client
        self._ca_bundle = ca_bundle
        self._made = made
        self._puller = Puller(client, made)
        self._bases = Bases(
            client, self._puller, image_base=image_base, interpreters=interpreters, made=made
        )
        self._layers = LayerBuilder(client)
        self._reserve = disk_reserve
        self._log_dir = log_dir
        self._classic = classic
        self._once = Once()

    def ensure(self, task: Task, say: Callable[[str], None]) -> str:
        """Return the local name of the task's image, built or pulled if need be.

        Raises ``ImageError`` where that is impossible, ``EngineError`` where the engine fails.
        """
        with translated(f"getting the image of {task.instance_id} ready"):
            return self._ensure(task, say)

    def _ensure(self, task: Task, say: Callable[[str], None]) -> str:
        if task.environment is not None and task.folder is not None:
            return self._build(self._name(task), lambda: self._described(task, say))
        if task.image and self._puller.pull(task.image, say):
            return task.image
        if task.folder is not None and (task.folder / "Dockerfile").is_file():
            return self._build(self._name(task), lambda: self._from_dockerfile(task, say))
        raise ImageError(
            f"no image for {task.instance_id}: "
            + (f"no registry in reach has {task.image}" if task.image else "the task names none")
            + " and there is no Dockerfile",
            hint="import the task with --recipes, or make the image available to the engine",
        )

    def has(self, task: Task) -> bool:
        """Whether the image of a task is here."""
        described = task.environment is not None and task.folder is not None
        names = [self._name(task)] if described else [task.image, self._own_name(task)]
        return any(self._is_here(name) for name in names if name)

    def names(self, task: Task) -> frozenset[str]:
        """Name the image of a task, and those that it is made of."""
        names = {task.image, self._own_name(task)}
        if task.environment is not None and task.folder is not None:
            python, system = task.environment.python, task.environment.system
            names = {self._name(task), environment_name(task.environment)}
            names.add(env.base_image(python, system))
        return frozenset(name for name in names if name)

    def expect(self, tasks: Iterable[Task]) -> None:
        """Images stay, so it does not matter in which order tasks come."""

    def release(self, task: Task) -> None:
        """Images stay."""

    def close(self) -> None:
        """Let nobody wait for a registry any more."""
        self._puller.cancel()

    def surroundings(self, task: Task) -> Surroundings:
        """Say what the task's trials run in: its description, and what is known of the image.

        That is the wheels which build requirements resolved to, the digest of a pulled image, and
        the id of one built from a Dockerfile, which nobody can build twice.
        """
        if task.environment is not None and task.folder is not None:
            with translated(f"looking for the image of {task.instance_id}"):
                wheels = self.resolved(task.environment)
            return Surroundings(
                description=self._name(task), resolved="" if wheels is None else "\n".join(wheels)
            )
        names = [name for name in (task.image, self._own_name(task)) if name]
        with translated(f"looking for the image of {task.instance_id}"):
            found = next(filter(None, map(self._local, names)), None)
        resolved = str(min(_digests(found), default=found.id)) if found else ""
        return Surroundings(description=" or ".join(names), resolved=resolved)

    def ensure_all(
        self, tasks: Iterable[Task], say: Callable[[str], None], workers: int
    ) -> Mapping[str, str | Exception]:
        """Ensure many, what they share first; an id maps to its image or its failure."""
        ordered = sorted(tasks, key=lambda task: (_sharing_key(task), task.instance_id))

        def one(task: Task) -> str | Exception:
            try:
                return self.ensure(task, say)
            except AuditError as error:
                return error

        with ThreadPoolExecutor(max_workers=workers) as pool:
            results = list(pool.map(one, ordered))
        return {task.instance_id: result for task, result in zip(ordered, results, strict=True)}

    def resolved(self, environment: Environment) -> tuple[str, ...] | None:
        """Return the pinned wheels of an environment that was built, None if it was not."""
        try:
            image = self._client.images.get(environment_name(environment))
        except docker.errors.ImageNotFound:
            return None
        return tuple(json.loads(image.labels.get(RESOLVED, "[]")))

    def alias(self, old: Task, new: Task) -> None:
        """Name the image of one description also by another that is known to build the same."""
        assert old.environment is not None
        assert new.environment is not None
        for before, after in (
            (environment_name(old.environment), environment_name(new.environment)),
            (self._name(old), self._name(new)),
        ):
            repository, _, tag = after.partition(":")
            self._client.images.get(before).tag(repository, tag)

    def _build(self, name: str, build: Callable[[], None]) -> str:
        """Build ``name`` unless it is here, once however many ask."""

        def make() -> str:
            if not self._is_here(name):
                self._check_disk()
                build()
                self._made(name)
            return name

        return self._once.get(name, make)

    def _described(self, task: Task, say: Callable[[str], None]) -> None:
        environment, folder = task.environment, task.folder
        assert environment is not None
        assert folder is not None
        python, system = environment.python, environment.system
        base = self._once.get(
            env.base_image(python, system), lambda: self._bases.ensure(python, system, say)
        )
        if self._classic:
            self._from_dockerfile(task, say)
            return
        parent = self._build(
            environment_name(environment), lambda: self._packages(environment, base, say)
        )
        say(f"building the image of {task.instance_id}")
        with BuildLog(self._log_dir, task.instance_id) as log:
            image = self._layers.build(
                parent,
                tree_step(environment, folder, task.workdir),
                tag=self._name(task),
                config=lambda: {
                    "WorkingDir": task.workdir,
                    "Labels": {
                        OWNER: "task",
                        KEY: env.content_key(environment, task.workdir),
                        **({ALIAS: task.image} if task.image else {}),
                    },
                },
                log=log.write,
            )
        if task.image and not self._is_here(task.image):
            image.tag(*task.image.rsplit(":", 1))  # so that the benchmark's harness finds it

    def _packages(self, environment: Environment, base: str, say: Callable[[str], None]) -> None:
        name = environment_name(environment)
        say(f"installing packages for {name} ({len(environment.pip)} pinned)")
        wheels: list[str] = []

        def listen(line: str) -> None:
            wheel = listed_wheel(line)
            if wheel is not None:
                wheels.append(wheel)
            log.write(line)

        with BuildLog(self._log_dir, name) as log:
            self._layers.build(
                base,
                packages_step(environment, self._ca_bundle),
                tag=name,
                config=lambda: {
                    "Env": [f"{key}={value}" for key, value in env.variables(environment).items()],
                    "Labels": {
                        OWNER: "environment",
                        KEY: env.environment_key(environment),
                        RESOLVED: json.dumps(sorted(wheels)),
                    },
                },
                log=listen,
            )

    def _from_dockerfile(self, task: Task, say: Callable[[str], None]) -> None:
        assert task.folder is not None
        say(f"building the image of {task.instance_id} from its Dockerfile")
        extra: dict[str, bytes] = {}
        if self._ca_bundle is not None:
            extra[f"{env.CERTIFICATES}/{env.CA_FILE}"] = self._ca_bundle.read_bytes()
        with BuildLog(self._log_dir, task.instance_id) as log:
            classic_build(
                self._client,
                task.folder,
                tag=self._name(task),
                log=log.write,
                extra=extra,
                labels={OWNER: "task", KEY: self._name(task).partition(":")[2]},
            )

    def _name(self, task: Task) -> str:
        return task_name(task, classic=self._classic)

    def _own_name(self, task: Task) -> str | None:
        """The name of the image that the task's Dockerfile would give, None where it has none."""
        folder = task.folder
        return self._name(task) if folder and (folder / "Dockerfile").is_file() else None

    def _is_here(self, name: str) -> bool:
        return self._local(name) is not None

    def _local(self, name: str) -> Image | None:
        try:
            return self._client.images.get(name)
        except docker.errors.ImageNotFound:
            return None

    def _check_disk(self) -> None:
        root = Path(str(self._client.info().get("DockerRootDir", "")))
        if not root.is_dir():
            return  # the engine is on another machine
        free = shutil.disk_usage(root).free
        if free < self._reserve:
            raise ImageError(
                f"only {free / 1e9:.1f} GB are free below {root}, "
                f"{self._reserve / 1e9:.1f} GB stay reserved",
                hint="run `swe-audit images prune`, or lower --disk-reserve",
            )


def _sharing_key(task: Task) -> str:
    return env.environment_key(task.environment) if task.environment else ""


def _digests(image: Image) -> list[str]:
    """The registry's names for what an image holds; none where no registry had it."""
    return [name.rpartition("@")[2] for name in image.attrs.get("RepoDigests") or ()]
