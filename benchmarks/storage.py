"""Measure what the engine's storage costs a trial, beside a tree in memory and fewer layers.

A tree of many small files stands in an image in one layer, in some, and in many. Containers of each
do what trials do, the kinds by turns in every round:

- ``driver``: the tree as the image has it, which is how trials run;
- ``memory``: a tmpfs that begins with a copy of the tree out of the image.

Timed are the container's making, start and removal, from outside, and inside: the copy, a look at
each file (git status), reading a tenth of them and changing some (tests, a patch, caches). Both are
tried once more with a checkout that changes every file.
Making the one layer is timed too, by committing a container, which compares file by file, and by
loading it as an archive, which is how we make images.

    python benchmarks/storage.py [--files 5000] [--layers 1,4,16] [--rounds 7] [--out FILE]

Exit code 0; the document says what pays. Run it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
import docker.errors
from overhead import built_image, chosen_task

from swe_audit.containers.layers import LayerBuilder, Step

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "python"
NAME = "swe-audit-benchmark/storage"
PATIENCE = 900

MAKE = """
import os, sys
folder, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    place = "%s/%d" % (folder, number // 20)
    os.makedirs(place, exist_ok=True)
    with open("%s/%d.py" % (place, number), "w") as out:
        out.write("# %d\\n" % number * 100)
"""

WORK = """
import json, os, shutil, sys, time
tree, copy, checkout = sys.argv[1], sys.argv[2] == "memory", sys.argv[3] == "checkout"
took, last = {}, time.monotonic()

def lap(name):
    global last
    now = time.monotonic()
    took[name], last = now - last, now

place = "/work" if copy else tree
if copy:
    shutil.copytree(tree, place, dirs_exist_ok=True)
lap("copy")
paths = [os.path.join(at, name) for at, _, names in os.walk(place) for name in names]
for path in paths:
    os.lstat(path)
lap("look")
for path in paths[::10]:
    with open(path, "rb") as file:
        file.read()
lap("read")
for path in paths if checkout else paths[::100]:
    with open(path, "a") as file:
        file.write("x")
lap("change")
print(json.dumps(took))
"""


def main() -> int:
    options = arguments()
    client = docker.from_env(timeout=PATIENCE)
    base = built_image(chosen_task(str(ROOT), options.instance))
    try:
        images, made = prepared(client, base, options)
        samples = measured(client, images, options)
    finally:
        for tag in [tag for image in client.images.list(NAME) for tag in image.tags]:
            with suppress(docker.errors.APIError):
                client.images.remove(tag)
    document = summary(client, samples, made, options)
    text = json.dumps(document, indent=2) + "\n"
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    else:
        print(text)
    print(document["in_words"])
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-i", "--instance", default="swe-audit__ledgerlite-101", help="whose image")
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--layers", default="1,4,16", type=lambda t: [int(n) for n in t.split(",")])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def prepared(
    client: docker.DockerClient, base: str, options: argparse.Namespace
) -> tuple[dict[int, str], dict[str, float]]:
    """Make an image for each number of layers; return them, and how long one layer took."""
    builder = LayerBuilder(client)
    images, made = {}, {}
    for layers in options.layers:
        parent = base
        for place in range(layers):
            folder = f"/tree/{place}"
            bounds = [options.files * n // layers for n in (place, place + 1)]
            began = time.monotonic()
            tag = f"{NAME}:{layers}-{place}"
            builder.build(
                parent,
                Step(
                    script=f"{PYTHON} /make.py {folder} {bounds[0]} {bounds[1]}",
                    memory_folders=(folder,),
                    files={"/make.py": MAKE.encode()},
                ),
                tag=tag,
                config=dict,
                log=lambda _: None,
            )
            if layers == 1:
                made["archive"] = time.monotonic() - began
            parent = tag
        images[layers] = parent
    command = [PYTHON, "-c", MAKE, "/tree/0", "0", str(options.files)]
    began = time.monotonic()
    container = client.containers.create(base, command, entrypoint="", network_mode="none")
    try:
        container.start()
        container.wait(timeout=PATIENCE)
        container.commit(NAME, "committed")
        made["commit"] = time.monotonic() - began
    finally:
        container.remove(force=True)
    return images, made


def measured(
    client: docker.DockerClient, images: dict[int, str], options: argparse.Namespace
) -> dict[str, list[dict[str, float]]]:
    few = min(images)
    kinds = [("driver", layers, "") for layers in images]
    kinds += [("memory", few, ""), ("driver", few, "checkout"), ("memory", few, "checkout")]
    samples: dict[str, list[dict[str, float]]] = defaultdict(list)
    for turn in range(-1, options.rounds):
        for kind, layers, change in kinds if turn % 2 else reversed(kinds):
            sample = one(client, images[layers], kind, change)
            if turn >= 0:  # the first of an image reads its files from disk
                name = "-".join(filter(None, (kind, str(layers), change)))
                samples[name].append(sample)
        print(f"round {turn + 1} of {options.rounds}", file=sys.stderr)
    return samples


def one(client: docker.DockerClient, image: str, kind: str, change: str) -> dict[str, float]:
    """Run one container; return the seconds of each of its steps."""
    took, last = {}, time.monotonic()

    def lap(name: str) -> None:
        nonlocal last
        now = time.monotonic()
        took[name], last = now - last, now

    container = client.containers.create(
        image,
        [PYTHON, "-c", WORK, "/tree", kind, change],
        entrypoint="",
        network_mode="none",
        tmpfs={"/work": "exec,mode=755"} if kind == "memory" else None,
    )
    lap("create")
    try:
        container.start()
        lap("start")
        if container.wait(timeout=PATIENCE)["StatusCode"]:
            raise SystemExit(container.logs().decode("utf-8", "replace"))
        took.update(json.loads(container.logs(stderr=False)))
        lap("ran")
    finally:
        container.remove(force=True, v=True)
    lap("remove")
    del took["ran"]
    return took


def summary(
    client: docker.DockerClient,
    samples: dict[str, list[dict[str, float]]],
    made: dict[str, float],
    options: argparse.Namespace,
) -> dict[str, Any]:
    few, many = f"driver-{min(options.layers)}", f"driver-{max(options.layers)}"
    memory = f"memory-{min(options.layers)}"
    ratios = {
        "memory_over_driver": ratio(samples, memory, few),
        "memory_over_driver_checkout": ratio(samples, f"{memory}-checkout", f"{few}-checkout"),
        "many_over_few_layers": ratio(samples, many, few),
    }
    trial = ratios["memory_over_driver"]["median"]
    layers = ratios["many_over_few_layers"]["median"]
    words = (
        f"a tree in memory takes {trial:.2f} times a trial's storage as it is;"
        f" {max(options.layers)} layers {layers:.2f} times {min(options.layers)};"
        f" a layer committed takes {made['commit'] / made['archive']:.2f} times one loaded"
    )
    return {
        "schema_version": 1,
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
        "storage_driver": client.info()["Driver"],
        "files": options.files,
        "in_words": words,
        "memory_pays": trial < 1.0,
        "ratios": ratios,
        "layer_seconds": {name: round(seconds, 2) for name, seconds in made.items()},
        "seconds": {
            kind: {step: spread([one[step] for one in rows]) for step in rows[0]}
            for kind, rows in samples.items()
        },
    }


def ratio(samples: dict[str, list[dict[str, float]]], one: str, other: str) -> dict[str, float]:
    """Compare two kinds round by round."""
    pairs = zip(samples[one], samples[other], strict=True)
    return spread([sum(a.values()) / sum(b.values()) for a, b in pairs])


def spread(values: list[float]) -> dict[str, float]:
    return {
        "n": len(values),
        "least": round(min(values), 4),
        "median": round(statistics.median(values), 4),
        "most": round(max(values), 4),
    }


if __name__ == "__main__":
    sys.exit(main())
