"""Long tasks first, promising ones where time is short, and what proves most before the rest."""

from __future__ import annotations

import time
from dataclasses import replace

import fakes
import pytest

from swe_audit.api import Engine, audit
from swe_audit.cli.run import exit_code
from swe_audit.cli.sizes import seconds
from swe_audit.engines import ImageOptions
from swe_audit.environments import environment_key
from swe_audit.errors import ExitCode, UsageError
from swe_audit.model.audit import Reported, TaskStatus
from swe_audit.model.candidate import CandidateKind, Provenance
from swe_audit.ordering import (
    by_evidence,
    longest_first,
    most_promising_first,
    promises,
    shared,
    together,
)


def run(out, *tasks, isolation=None, **options):
    isolation = isolation or fakes.FakeIsolation()
    engine = Engine(isolation=isolation, images=fakes.FakeImages())
    return audit(fakes.make_dataset(*tasks), out, engine=engine, **options), isolation


def sized(name, tests):
    return fakes.make_task(name, pass_to_pass=tuple(f"t.py::test_{n}" for n in range(tests)))


def begun(isolation):
    return list(dict.fromkeys(name.split("/")[0] for name in isolation.ran))


def test_what_takes_longest_begins_first_and_equals_keep_their_order(tmp_path):
    tasks = [sized("a__a-1", 5), sized("a__a-2", 500), sized("a__a-3", 5), sized("a__a-4", 50)]
    _, isolation = run(tmp_path / "r", *tasks)
    assert begun(isolation) == ["a__a-2", "a__a-4", "a__a-1", "a__a-3"]
    assert longest_first("abc", {"a": 1.0, "b": 2.0, "c": 1.0}.get) == ["b", "a", "c"]


def test_a_budget_is_spent_where_most_is_promised_for_the_time():
    scores = {"sure": 0.9, "slow": 0.9, "weak": 0.2}
    promise = promises(scores, {})
    cost = {"sure": 1.0, "slow": 10.0, "weak": 1.0}.get
    assert most_promising_first(["weak", "slow", "sure"], promise, cost) == ["sure", "weak", "slow"]
    hard = promises(scores, {"weak": Reported(solved=0, of=50), "sure": Reported(solved=50, of=50)})
    assert hard("weak") == pytest.approx(2 * promise("weak"))
    assert hard("sure") == pytest.approx(promise("sure"))
    assert promise("unknown") > 0


def test_tasks_that_share_something_come_together_and_groups_keep_their_order():
    mixed = ["a1", "b1", "a2", "c1", "b2"]
    assert together(mixed, lambda item: item[0]) == ["a1", "a2", "b1", "b2", "c1"]


def test_within_a_disk_budget_tasks_of_one_version_run_together(tmp_path):
    tasks = [
        replace(sized(f"a__a-{n}", tests), repo="a/a", version=version)
        for n, (tests, version) in enumerate([(900, "1"), (500, "2"), (100, "1"), (50, "2")])
    ]
    _, isolation = run(tmp_path / "free", *tasks)
    assert begun(isolation) == ["a__a-0", "a__a-1", "a__a-2", "a__a-3"]
    options = ImageOptions(disk_budget=10**9)
    _, isolation = run(tmp_path / "within", *tasks, image_options=options)
    assert begun(isolation) == ["a__a-0", "a__a-2", "a__a-1", "a__a-3"]


def test_described_tasks_share_their_packages_and_others_their_version():
    one, two = fakes.make_task("a-1", rebuilt=True), fakes.make_task("a-2", rebuilt=True)
    assert shared(one) == shared(two) == environment_key(one.environment)
    other = replace(two, environment=replace(two.environment, pip=("six==1.16.0",)))
    assert shared(other) != shared(one)
    plain = fakes.make_task("a-3", version="1.0")
    assert shared(plain) == shared(replace(plain, instance_id="a-4", image="b:1"))
    assert shared(plain) != shared(replace(plain, version="1.1"))


def test_what_proves_most_is_tried_first():
    task = fakes.make_task()
    control = fakes.curated(task, "x", kind=CandidateKind.CONTROL)
    order = [
        replace(control, provenance=Provenance.CONSTRUCTION),
        *(
            fakes.curated(task, "x", provenance=provenance)
            for provenance in (
                Provenance.CURATED,
                Provenance.STATEMENT,
                Provenance.CONSTRUCTION,
                Provenance.PREDICTION,
                Provenance.MUTANT,
            )
        ),
    ]
    ranks = [by_evidence(candidate) for candidate in order]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert len({by_evidence(fakes.curated(task, "x", provenance=p)) for p in Provenance}) > 5


def test_an_audit_whose_time_is_over_ends_with_what_it_has_and_goes_on_later(tmp_path):
    tasks = [fakes.make_task(f"a__a-{number}") for number in range(3)]

    class Slow(fakes.FakeIsolation):
        def run(self, spec, image, limits, cancel):
            cancel.wait(0.25)
            return super().run(spec, image, limits, cancel)

    began = time.monotonic()
    result, isolation = run(tmp_path / "r", *tasks, isolation=Slow(), budget=1.1)
    assert time.monotonic() - began < 20
    assert 1 <= len(isolation.ran) < 12
    assert result.run.remaining >= 12 - len(isolation.ran)
    assert any("the time (--budget) was over with" in note for note in result.run.notes)
    assert exit_code(result, None) is ExitCode.INCOMPLETE
    unfinished = [one for one in result.tasks if one.status is TaskStatus.INCONCLUSIVE]
    assert unfinished
    assert all("not finished" in one.reason or "has not run" in one.reason for one in unfinished)
    whole, rest = run(tmp_path / "r", *tasks, resume=True)
    assert not {t.id for one in result.tasks for t in one.trials if t.statuses} & set(rest.ran)
    assert whole.run.remaining == 0
    assert not any("--budget" in note for note in whole.run.notes)
    assert exit_code(whole, None) is ExitCode.COMPLETE


def test_only_a_few_images_are_made_ready_ahead_of_the_trials(tmp_path):
    images = fakes.FakeImages()
    tasks = [fakes.make_task(f"a__a-{number}") for number in range(30)]
    seen = []

    class Watching(fakes.FakeIsolation):
        def run(self, spec, image, limits, cancel):
            seen.append((len(images.asked), len(begun(self))))
            return super().run(spec, image, limits, cancel)

    engine = Engine(isolation=Watching(), images=images)
    audit(fakes.make_dataset(*tasks), tmp_path / "r", engine=engine, workers=2)
    assert len(images.asked) == 30
    assert max(asked - begun for asked, begun in seen) <= 2 * 2 + 2


@pytest.mark.parametrize(
    ("text", "found"), [("90", 90), ("90s", 90), ("30m", 1800), ("1.5 H", 5400), ("2d", 172800)]
)
def test_times_are_read_with_their_unit(text, found):
    assert seconds(text, "--budget") == found


@pytest.mark.parametrize("text", ["", "soon", "-5m", "3w", "1h30m"])
def test_what_is_no_time_is_said(text):
    with pytest.raises(UsageError, match=r"--budget: .* is no time"):
        seconds(text, "--budget")
