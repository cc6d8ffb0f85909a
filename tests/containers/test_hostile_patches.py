"""Patches that attack end with the right verdict or a named state, and the host is untouched."""

from __future__ import annotations

import os
import time
from pathlib import Path

import attacks
import pytest

from swe_audit.api import audit
from swe_audit.containers.ownership import RUN
from swe_audit.engines import EngineKind, ImageOptions
from swe_audit.formats import load
from swe_audit.model.candidate import Control, DropReason, Prediction
from swe_audit.model.trial import Limits
from swe_audit.report import render

MIB = 2**20
LIMITS = Limits(timeout=8, memory=256 * MIB, pids=96, output=4 * MIB, disk=64 * MIB)
# Without an engine in `make soak` only: it takes as long again.
KINDS = tuple(EngineKind)[: 2 if os.environ.get("SOAK") else 1]
pytestmark = pytest.mark.timeout(600)

GIT_HOOK = (
    "--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1,2 @@\n+#!/bin/sh\n+echo hooked\n"
)
OUTSIDE = "--- /dev/null\n+++ b/../../etc/swe-audit-owned\n@@ -0,0 +1 @@\n+x\n"
LINK = (
    "diff --git a/out b/out\nnew file mode 120000\n--- /dev/null\n+++ b/out\n@@ -0,0 +1 @@\n+/etc\n"
    "\\ No newline at end of file\n"
    "diff --git a/out/owned b/out/owned\nnew file mode 100644\n--- /dev/null\n+++ b/out/owned\n"
    "@@ -0,0 +1 @@\n+x\n"
)


def predictions(host_file: Path) -> list[Prediction]:
    """Every attack as a submission, named after it."""
    patches = {name: attacks.diff(one.files) for name, one in attacks.ATTACKS.items()}
    patches |= {"a git hook": GIT_HOOK, "a path out of the tree": OUTSIDE, "a link out": LINK}
    return [
        Prediction(
            instance_id=attacks.INSTANCE,
            model_name_or_path=name,
            model_patch=patch.replace("HOSTFILE", str(host_file)),
        )
        for name, patch in patches.items()
    ]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind.value)
def attacked(request, client, base_image, tmp_path_factory):
    """Audit the task under every attack at once; also return the machine's own file."""
    folder = tmp_path_factory.mktemp("attacked")
    host_file = folder / "secret"
    host_file.write_text("untouched")
    dataset = load(str(attacks.write_task(folder / "repo")))
    out = folder / f"hostile-{time.time_ns()}"
    submissions = predictions(host_file)
    result = audit(
        dataset,
        out,
        predictions=submissions,
        alternatives=("predictions",),
        repeats=1,
        workers=2,
        limits=LIMITS,
        image_options=ImageOptions(ca_bundle=_certificates()),
        engine_kind=request.param,
    )
    return result, out, host_file, {one.model_name_or_path: one for one in submissions}


def _certificates() -> Path | None:
    found = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    return Path(found) if found else None


def trial_of(attacked, name):
    from swe_audit.alternatives.predictions import candidate_name

    result, _, _, submissions = attacked
    wanted = candidate_name(submissions[name].model_patch)
    found = [t for t in result.tasks[0].trials if t.candidate == wanted]
    assert len(found) == 1, result.tasks[0].reason
    return found[0]


@pytest.mark.parametrize("name", list(attacks.ATTACKS))
def test_an_attack_ends_as_it_has_to(attacked, name):
    attack, trial = attacks.ATTACKS[name], trial_of(attacked, name)
    assert trial.state.value in attack.states, trial.detail
    if attack.verdict != "either":
        assert trial.verdict.value == attack.verdict, trial.detail
        assert trial.official_verdict.value == attack.official, trial.detail
    else:
        assert trial.verdict.value in ("unresolved", "inconclusive")
        assert trial.official_verdict.value in ("unresolved", "inconclusive")


def test_gold_resolves_and_nothing_else_resolved_but_the_honest(attacked):
    result = attacked[0]
    by_name = {t.candidate: t for t in result.tasks[0].trials}
    assert by_name["gold"].verdict.value == "resolved"
    assert by_name["failing-gold"].verdict.value == "unresolved"
    made_to_fail = {t for t in attacks.FAIL_TO_PASS + attacks.PASS_TO_PASS if "other" not in t}
    assert set(by_name["failing-gold"].outcome.failed) == made_to_fail
    honest = sum(one.verdict == "resolved" for one in attacks.ATTACKS.values())
    own = {c.name for c in result.tasks[0].candidates if c.name.startswith("model-")}
    resolved = [t for t in by_name.values() if t.verdict.value == "resolved"]
    assert sum(t.candidate in own for t in resolved) == honest
    controls = [c for c in result.tasks[0].candidates if c.control is Control.FAILING]
    assert all(by_name[c.name].verdict.value != "resolved" for c in controls if "gold" in c.name)


@pytest.mark.parametrize("name", ["a git hook", "a path out of the tree"])
def test_a_patch_of_files_that_are_no_part_of_the_tree_is_never_tried(attacked, name):
    (dropped,) = [d for d in attacked[0].tasks[0].dropped if d.name == name]
    assert dropped.reason is DropReason.UNSAFE_PATH


def test_a_link_out_of_the_tree_is_not_written_through(attacked):
    trial = trial_of(attacked, "a link out")
    assert trial.state.value == "patch_rejected"
    assert not Path("/etc/owned").exists()


def test_the_host_is_untouched(attacked, client):
    _, out, host_file, _ = attacked
    assert host_file.read_text() == "untouched"
    assert client.containers(all=True, filters={"label": f"{RUN}={out.name}"}) == []
    assert not Path("/var/tmp/big").exists()
    assert not Path("/etc/swe-audit-owned").exists()


def test_the_report_of_attacks_is_inert(attacked):
    result, out, _, _ = attacked
    render(result, out)
    pages = [path.read_text("utf-8") for path in out.rglob("*.html")]
    assert pages
    for page in pages:
        assert "<script>alert" not in page
        assert "\x1b" not in page
        assert "\0" not in page


def test_every_limit_of_a_trial_is_named_where_it_was_met(attacked):
    shown = {name: trial_of(attacked, name).detail for name in attacks.ATTACKS}
    assert "--memory" in shown["more memory than there is"]
    assert "64" in shown["more disk than there is"]
    assert "--output" in shown["output without end"]
    assert "--timeout" in shown["deafness to SIGTERM"]


def test_a_control_that_was_not_needed_was_not_run(attacked):
    result = attacked[0]
    names = {t.candidate for t in result.tasks[0].trials}
    needed = {t.candidate for t in result.tasks[0].trials if t.official_verdict.value == "resolved"}
    for control in names:
        subject = control.removeprefix("failing-")
        assert subject == control or subject in needed | {"gold"}
