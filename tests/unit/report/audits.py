"""Made-up audits: a believable one, a hostile one, an empty one, a large one, and any other."""

from __future__ import annotations

import gzip
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from swe_audit.model.audit import (
    Audit,
    Rate,
    RejectionDetail,
    Reported,
    RunInfo,
    SiteOutcome,
    SiteResult,
    TaskResult,
    TaskStatus,
)
from swe_audit.model.candidate import (
    Candidate,
    CandidateKind,
    Control,
    Dropped,
    DropReason,
    Provenance,
)
from swe_audit.model.construction import (
    ConstructionKind,
    Edit,
    LicenceCheck,
    RefusalReason,
    Refused,
    Site,
    Survey,
)
from swe_audit.model.finding import (
    Cause,
    Confidence,
    Defect,
    Determinant,
    EncounterRate,
    Evidence,
    Explanation,
    Finding,
)
from swe_audit.model.observation import Observation, SoftRun
from swe_audit.model.tags import DIFFICULTIES, Tags
from swe_audit.model.task import Skipped, SkipReason, Task
from swe_audit.model.trial import Outcome, RunState, TestStatus, Trial, Verdict

HOSTILE = (
    "<script>window.broken = 1</script>",
    "</pre></code><img src=x onerror='window.broken=1'>",
    '"><svg onload="window.broken=1">',
    "{{ 7 * 7 }}{% raw %}",
    "</style></title><!-- --> ]]> &amp; &#x3c;",
    "\u202edesrever\u202c \x00\x1b[31mred\x1b[0m \x07 \ud800",
    "javascript:window.broken=1",
    "=cmd|' /C calc'!A0",
    "../../../etc/passwd",
    "$\\alpha$ \u4f8b\u3048 \U0001f41b",
)

GOLD = """\
diff --git a/tally/ledger.py b/tally/ledger.py
--- a/tally/ledger.py
+++ b/tally/ledger.py
@@ -18,10 +18,15 @@ class Ledger:
     def __init__(self, currency="EUR"):
         self.currency = currency
         self._entries = []
+        self._closed = False
~
     def post(self, amount, memo=""):
-        # amounts are kept as they come
-        self._entries.append((amount, memo))
+        \"\"\"Add an entry; a closed ledger takes none.\"\"\"
+        if self._closed:
+            raise LedgerClosedError(f"ledger {self.name!r} is closed")
+        if not isinstance(amount, Decimal):
+            amount = Decimal(str(amount))
+        self._entries.append(Entry(amount, memo))
~
     def balance(self):
         return sum(entry[0] for entry in self._entries)
@@ -61,3 +66,6 @@ class Ledger:
 def load(path):
     with open(path) as handle:
         return json.load(handle)
+
+
+class LedgerClosedError(ValueError): ...
""".replace("\n~", "\n ")

OTHER = """\
diff --git a/tally/errors.py b/tally/errors.py
new file mode 100644
--- /dev/null
+++ b/tally/errors.py
@@ -0,0 +1,2 @@
+class ClosedLedger(ValueError):
+    pass
diff --git a/tally/ledger.py b/tally/ledger.py
--- a/tally/ledger.py
+++ b/tally/ledger.py
@@ -16,12 +16,14 @@ class Ledger:
     \"\"\"A list of entries in one currency.\"\"\"
~
     def __init__(self, currency="EUR"):
         self.currency = currency
         self._entries = []
+        self._closed = False
~
     def post(self, amount, memo=""):
-        # amounts are kept as they come
-        self._entries.append((amount, memo))
+        if self._closed:
+            raise ClosedLedger("the ledger " + self.name + " is closed")
+        self._entries.append((Decimal(str(amount)), memo))
~
     def balance(self):
         return sum(entry[0] for entry in self._entries)
""".replace("\n~", "\n ")

TEST_PATCH = """\
diff --git a/tests/test_ledger.py b/tests/test_ledger.py
--- a/tests/test_ledger.py
+++ b/tests/test_ledger.py
@@ -40,2 +40,8 @@ def test_balance():
     ledger.post(2)
     assert ledger.balance() == 2
+
+
+def test_closed_ledger_refuses():
+    ledger = Ledger("rent")
+    ledger.close()
+    with pytest.raises(LedgerClosedError, match="is closed"):
+        ledger.post(1)
"""

STATEMENT = """\
# Posting to a closed ledger silently works

When a month is closed with `Ledger.close()`, later calls of `post` still add entries. I would
expect an error there.

```python
>>> ledger = Ledger("rent")
>>> ledger.close()
>>> ledger.post(12.5)   # should fail
```

Amounts should be kept as `Decimal`, so that cents do not drift.

---
Seen with 2.3 on Linux and macOS, see https://example.org/tally/issues/77
"""

F2P = (
    "tests/test_ledger.py::test_closed_ledger_refuses",
    "tests/test_ledger.py::test_amounts_are_decimal[12.5]",
    "tests/test_ledger.py::test_amounts_are_decimal[0.1]",
)


def passing(count: int, module: str = "tests/test_ledger.py") -> tuple[str, ...]:
    return tuple(f"{module}::test_existing_{nth}" for nth in range(1, count + 1))


def task(instance_id: str, **changes: object) -> Task:
    made = Task(
        instance_id=instance_id,
        repo="acme/tally",
        base_commit="3f1c9ad2b7e04516a8d3c2f19be5470d6a8f1c35",
        statement=STATEMENT,
        gold_patch=GOLD,
        test_patch=TEST_PATCH,
        fail_to_pass=F2P,
        pass_to_pass=passing(14),
        log_parser="pytest",
        version="2.3",
        difficulty="15 min - 1 hour",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def candidate(instance_id: str, name: str, **changes: object) -> Candidate:
    kinds = {"gold": CandidateKind.GOLD, "empty": CandidateKind.EMPTY}
    kind = kinds.get(name, CandidateKind.ALTERNATIVE)
    made = Candidate(
        instance_id=instance_id,
        name=name,
        kind=kind,
        provenance=Provenance.PREDICTION
        if kind is CandidateKind.ALTERNATIVE
        else Provenance.BENCHMARK,
        patch={"gold": GOLD, "empty": ""}.get(name, OTHER),
        family="" if kind is not CandidateKind.ALTERNATIVE else name.rsplit("-", 1)[0],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def trial(
    of: Task,
    name: str,
    attempt: int = 1,
    *,
    failed: Sequence[str] = (),
    state: RunState = RunState.COMPLETED,
    missing: bool = False,
    **changes: object,
) -> Trial:
    completed = state is RunState.COMPLETED
    verdict = Verdict.INCONCLUSIVE
    if completed:
        verdict = Verdict.UNRESOLVED if failed else Verdict.RESOLVED
    gone = frozenset(failed)
    outcome = Outcome(
        passed_f2p=tuple(test for test in of.fail_to_pass if test not in gone),
        failed_f2p=tuple(test for test in of.fail_to_pass if test in gone),
        passed_p2p=tuple(test for test in of.pass_to_pass if test not in gone),
        failed_p2p=tuple(test for test in of.pass_to_pass if test in gone),
    )
    official = verdict if completed else Verdict.UNRESOLVED
    statuses = tuple(
        (test, TestStatus.FAILED if test in gone else TestStatus.PASSED)
        for test in of.required
        if not (missing and test in gone)
    )
    made = Trial(
        id=f"{of.instance_id}/{name}/{attempt}",
        instance_id=of.instance_id,
        candidate=name,
        attempt=attempt,
        state=state,
        verdict=verdict,
        official_verdict=official,
        outcome=outcome if completed else Outcome(),
        statuses=statuses if completed else (),
        seconds=2.31,
        total_seconds=2.96,
        image="sha256:4f0c8a1e22d9",
        isolation="docker",
        log=f"logs/{of.instance_id}/{name}.{attempt}.log.gz",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def tags(difficulty: str = "15 min - 1 hour", lines: int = 12, **changes: object) -> Tags:
    made = Tags(
        difficulty=difficulty,
        difficulty_estimated=False,
        lines_added=lines - lines // 4,
        lines_removed=lines // 4,
        files=1,
        hunks=2,
        repository="acme/tally",
        language="python",
        year=2023,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def controls(of: Task) -> tuple[Trial, ...]:
    return (
        *(trial(of, "gold", attempt) for attempt in (1, 2, 3)),
        trial(of, "empty", failed=of.fail_to_pass),
    )


def narrow() -> TaskResult:
    """A defective task: a reviewed alternative is rejected three times for a name."""
    of = task("acme__tally-77")
    own = candidate(
        of.instance_id,
        "closed-ledger-name",
        provenance=Provenance.CURATED,
        family="curated",
        rationale=(
            "The statement asks for an error and does not name its class. This patch raises a"
            " ValueError of another name, and keeps amounts as Decimal."
        ),
        author="R. Okafor",
        reviewed_by="M. Lindqvist",
        claim=Defect.NARROW,
    )
    others = [
        candidate(of.instance_id, name, count=count)
        for name, count in (("openhands-1a2b3c4d", 2), ("agentless-99aa17bc", 1))
    ]
    detail = Explanation(
        test=F2P[0],
        cause=Cause.MISSING_NAME,
        exception="ImportError",
        message="cannot import name 'LedgerClosedError' from 'tally.ledger'",
        assertion="from tally.ledger import Ledger, LedgerClosedError",
        path="tests/test_ledger.py",
        line=4,
        detail="LedgerClosedError",
    )
    failing = (*F2P, *of.pass_to_pass[:9])
    explained = tuple(replace(detail, test=test) for test in failing)
    value = Explanation(
        test=F2P[1],
        cause=Cause.VALUE,
        exception="AssertionError",
        message="assert (12.5, 'rent') == Entry(amount=Decimal('12.5'), memo='rent')",
        assertion="assert ledger.entries[0] == Entry(Decimal(amount), 'rent')",
        path="tests/test_ledger.py",
        line=61,
        detail="Entry(amount=Decimal('12.5'), memo='rent')",
    )
    finding = Finding(
        instance_id=of.instance_id,
        defect=Defect.NARROW,
        confidence=Confidence.PROVEN,
        cause=Cause.MISSING_NAME,
        detail="LedgerClosedError",
        summary="the tests import a class whose name the statement does not give",
        tests=failing,
        rungs=("reviewed",),
        candidates=(own.name,),
        encounter_rate=EncounterRate(k=2, n=3, low=0.208, high=0.939),
        evidence=(
            Evidence(
                kind="assertion",
                text="from tally.ledger import Ledger, LedgerClosedError",
                path="tests/test_ledger.py",
                line=4,
                trial=f"{of.instance_id}/{own.name}/1",
            ),
            Evidence(kind="statement", text="I would expect an error there."),
        ),
    )
    return TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.DEFECTIVE,
        reason="a reviewed alternative is rejected, three times of three, for a name",
        task=of,
        tags=tags(lines=14),
        candidates=(
            candidate(of.instance_id, "gold"),
            candidate(of.instance_id, "empty"),
            own,
            *others,
        ),
        dropped=(
            Dropped(
                instance_id=of.instance_id,
                name="moatless-03d2",
                reason=DropReason.EQUALS_GOLD,
                detail="after normalising white space",
            ),
        ),
        trials=(
            *controls(of),
            *(trial(of, own.name, nth, failed=failing, missing=True) for nth in (1, 2, 3)),
            trial(of, others[0].name, failed=[F2P[1]]),
            trial(of, others[1].name, state=RunState.PATCH_REJECTED),
        ),
        rejections=(
            RejectionDetail(
                candidate=own.name, trial=f"{of.instance_id}/{own.name}/1", explanations=explained
            ),
            RejectionDetail(
                candidate=others[0].name,
                trial=f"{of.instance_id}/{others[0].name}/1",
                explanations=(value,),
            ),
        ),
        softened=softened(of, others[0].name),
        findings=(finding,),
    )


def softened(of: Task, rejected: str) -> tuple[SoftRun, ...]:
    """Gold, no patch and a rejected alternative under softened tests."""
    source = "assert ledger.entries[0] == Entry(Decimal(amount), 'rent')"
    entry = "Entry(amount=Decimal('12.5'), memo='rent')"

    def said(line: int, *, passed: bool, **known: Any) -> Observation:
        return Observation(test=F2P[1], path="tests/test_ledger.py", line=line, passed=passed,
                           **{"source": source, **known})  # fmt: skip

    first = said(58, passed=True, source="assert len(ledger.entries) == 1", observed="1")
    wrong = said(
        61, passed=False, expected=entry, observed="(12.5, 'rent')", exception="AssertionError",
        cause=Cause.VALUE, detail=entry,
    )  # fmt: skip
    gone = said(
        61, passed=False, exception="AttributeError", message="no 'entries' <b>here</b>",
        cause=Cause.MISSING_NAME, detail="entries",
    )  # fmt: skip
    right = said(61, passed=True, expected=entry, observed=entry)
    ran = {"gold": (first, right), "empty": (replace(first, passed=False), gone)}
    runs = [
        SoftRun(subject=name, trial=f"{of.instance_id}/soft-{name}/1", observations=seen)
        for name, seen in {**ran, rejected: (first, wrong)}.items()
    ]
    runs[-1] = replace(runs[-1], failed=F2P, collateral=(F2P[0],))
    return tuple(runs)


def flaky() -> TaskResult:
    """A defective task: gold disagrees with itself."""
    of = task("acme__tally-91", repo="acme/tally")
    finding = Finding(
        instance_id=of.instance_id,
        defect=Defect.FLAKY,
        confidence=Confidence.PROVEN,
        detail=of.pass_to_pass[2],
        summary="the reference patch passes this test in two attempts of three",
        tests=(of.pass_to_pass[2],),
        rungs=("controls",),
        candidates=("gold",),
    )
    return TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.DEFECTIVE,
        reason="the reference patch does not agree with itself",
        task=of,
        tags=tags("1-4 hours", 66),
        candidates=(candidate(of.instance_id, "gold"), candidate(of.instance_id, "empty")),
        trials=(
            trial(of, "gold", 1),
            trial(of, "gold", 2, failed=[of.pass_to_pass[2]]),
            trial(of, "gold", 3),
            trial(of, "empty", failed=of.fail_to_pass),
        ),
        findings=(finding,),
    )


def inconclusive() -> TaskResult:
    """A task whose controls do not come out in an environment that was rebuilt."""
    of = task("acme__tally-103")
    lost = of.fail_to_pass[:1]
    return TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.INCONCLUSIVE,
        reason="the reference patch does not reproduce 1 FAIL_TO_PASS test here",
        task=of,
        tags=tags("<15 min fix", 3),
        candidates=(candidate(of.instance_id, "gold"), candidate(of.instance_id, "empty")),
        trials=(
            *(trial(of, "gold", nth, failed=lost) for nth in (1, 2, 3)),
            trial(of, "empty", state=RunState.TIMED_OUT, detail="killed after 1800 s"),
        ),
        not_reproduced=lost,
    )


def suspect() -> TaskResult:
    """A suspect task: two candidates fail on a message, which a convention predicts."""
    of = task("acme__tally-58", repo="acme/tally")
    own = candidate(of.instance_id, "sweagent-55aa55aa")
    finding = Finding(
        instance_id=of.instance_id,
        defect=Defect.NARROW,
        confidence=Confidence.SUSPECT,
        cause=Cause.MESSAGE_TEXT,
        detail="ledger 'rent' is closed",
        summary="the tests pin the wording of a message",
        tests=F2P[:1],
        determined_by=(Determinant.CONVENTION, Determinant.BASE_CODE),
        rungs=("consensus",),
        candidates=(own.name,),
    )
    refuted = replace(
        finding,
        defect=Defect.WIDE,
        confidence=Confidence.REFUTED,
        cause=Cause.VALUE,
        detail="None",
        summary="",
    )
    return TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.SUSPECT,
        reason="a rejected alternative differs in a message only",
        task=of,
        tags=tags("15 min - 1 hour", 9),
        candidates=(candidate(of.instance_id, "gold"), candidate(of.instance_id, "empty"), own),
        trials=(*controls(of), trial(of, own.name, failed=F2P[:1])),
        findings=(finding, refuted),
    )


def site(kind: ConstructionKind, symbol: str, detail: str, replacement: str, line: int) -> Site:
    path = "tally/ledger.py"
    return Site(
        kind=kind,
        symbol=symbol,
        detail=detail,
        replacement=replacement,
        scope="tally.ledger.Ledger",
        path=path,
        line=line,
        edits=(Edit(path=path, start=10, end=12, text=replacement),),
        checks=(
            LicenceCheck(rule="statement", text="the statement does not name it"),
            LicenceCheck(rule="base_tests", text="the base tests do not use it"),
        ),
    )


def constructed() -> TaskResult:
    """A defective task: the reference patch with one name changed is rejected, its mirror not."""
    of = task("acme__tally-64")
    name = site(ConstructionKind.NAME, "class", "LedgerClosedError", "LedgerShutError", 71)
    text = site(ConstructionKind.MESSAGE, "error message", "ledger {} is closed", "{} is shut", 28)
    text = replace(
        text,
        checks=(
            *text.checks,
            LicenceCheck(
                rule="hints",
                text="the hints hold it",
                caps=Confidence.LIKELY,
                determines=Determinant.HINT,
            ),
        ),
    )
    order = site(
        ConstructionKind.KEYWORD_ORDER, "keyword arguments", "amount, memo", "memo, amount", 33
    )
    invalid = site(ConstructionKind.NAME, "attribute", "_closed", "_shut", 21)
    made = {
        "name": candidate(of.instance_id, "name-1", patch=GOLD.replace("ClosedError", "ShutError")),
        "rest": candidate(of.instance_id, "composite-1", patch=GOLD.replace("closed", "shut")),
        "lost": candidate(of.instance_id, "name-2", patch=GOLD.replace("_closed", "_shut")),
        "both": candidate(of.instance_id, "composite-2", patch=GOLD.replace("Closed", "Shut")),
    }
    holds = {
        "name": (name.id,),
        "rest": (text.id, order.id),
        "lost": (invalid.id,),
        "both": (name.id, invalid.id),
    }
    made = {
        key: replace(
            one,
            provenance=Provenance.CONSTRUCTION,
            family="",
            sites=holds[key],
            rationale="the reference patch with another name",
        )
        for key, one in made.items()
    }
    mirrored = TEST_PATCH.replace("LedgerClosedError", "LedgerShutError")
    controlled = [
        replace(
            made["name"],
            name=f"{prefix}-name-1",
            kind=CandidateKind.CONTROL,
            control=control,
            patch=patch,
            test_patch=mirrored,
        )
        for prefix, control, patch in (
            ("mirror", Control.MIRROR, made["name"].patch),
            ("mirror-empty", Control.MIRROR_EMPTY, ""),
        )
    ]
    noise = candidate(
        of.instance_id,
        "noise",
        kind=CandidateKind.CONTROL,
        provenance=Provenance.CONSTRUCTION,
        control=Control.NOISE,
        patch=GOLD,
        family="",
    )
    why = Explanation(
        test=F2P[0],
        cause=Cause.MISSING_NAME,
        exception="ImportError",
        message="cannot import name 'LedgerClosedError' from 'tally.ledger'",
        assertion='with pytest.raises(LedgerClosedError, match="is closed"):',
        path="tests/test_ledger.py",
        line=47,
        detail="LedgerClosedError",
    )
    first = f"{of.instance_id}/name-1/1"
    finding = Finding(
        instance_id=of.instance_id,
        defect=Defect.NARROW,
        confidence=Confidence.PROVEN,
        cause=Cause.MISSING_NAME,
        detail="LedgerClosedError",
        summary="the reference patch with another class 'LedgerClosedError' is rejected by 1 test;"
        " with the same change in the tests it resolves",
        tests=F2P[:1],
        rungs=("construction",),
        candidates=("name-1",),
        evidence=(
            Evidence(
                kind="gold",
                text="class 'LedgerClosedError' becomes 'LedgerShutError'",
                path=name.path,
                line=name.line,
            ),
            Evidence(kind="check", text="statement: the statement does not name it"),
            Evidence(
                kind="assertion",
                text=why.assertion,
                path=why.path,
                line=why.line,
                trial=first,
            ),
            *(
                Evidence(kind="trial", text="unresolved", trial=f"{of.instance_id}/name-1/{nth}")
                for nth in (1, 2, 3)
            ),
            Evidence(kind="mirror", text="resolved", trial=f"{of.instance_id}/mirror-name-1/1"),
            Evidence(
                kind="mirror_empty",
                text="unresolved",
                trial=f"{of.instance_id}/mirror-empty-name-1/1",
            ),
        ),
    )
    found = (
        SiteResult(site=name, outcome=SiteOutcome.PINNED, candidate="name-1"),
        SiteResult(site=text, outcome=SiteOutcome.CLEARED),
        SiteResult(site=order, outcome=SiteOutcome.CLEARED),
        SiteResult(
            site=invalid,
            outcome=SiteOutcome.INVALID,
            candidate="name-2",
            reason="its mirror fails 2 required tests; first: no attribute '_shut'",
        ),
    )
    return TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.DEFECTIVE,
        reason="the reference patch with one name changed is rejected, and accepted once the tests"
        " say the same",
        task=of,
        tags=tags(lines=14),
        candidates=(
            candidate(of.instance_id, "gold"),
            candidate(of.instance_id, "empty"),
            *made.values(),
            *controlled,
            noise,
        ),
        trials=(
            *controls(of),
            *(trial(of, "name-1", nth, failed=F2P[:1]) for nth in (1, 2, 3)),
            trial(of, "composite-1"),
            trial(of, "name-2", failed=F2P[:2]),
            trial(of, "composite-2", failed=F2P[:2]),
            trial(of, "mirror-name-1"),
            trial(of, "mirror-empty-name-1", failed=F2P),
            trial(of, "noise"),
        ),
        rejections=(
            RejectionDetail(candidate="name-1", trial=first, explanations=(why,)),
            RejectionDetail(
                candidate="composite-2",
                trial=f"{of.instance_id}/composite-2/1",
                explanations=(why,),
            ),
        ),
        findings=(finding,),
        survey=Survey(
            sites=tuple(one.site for one in found),
            refused=(
                Refused(
                    kind=ConstructionKind.NAME,
                    symbol="method",
                    detail="close",
                    scope="tally.ledger.Ledger",
                    path="tally/ledger.py",
                    line=40,
                    reason=RefusalReason.STATED,
                    text="the statement names `Ledger.close()`",
                ),
                Refused(
                    kind=ConstructionKind.NAME,
                    symbol="attribute",
                    detail="_entries",
                    scope="tally.ledger.Ledger",
                    path="tally/ledger.py",
                    line=20,
                    reason=RefusalReason.IN_BASE,
                    text="it stands in tally/ledger.py",
                ),
            ),
            layers=(tuple(one.site.id for one in found),),
        ),
        sites=found,
        reported=Reported(solved=3, of=22),
    )


def skipped() -> TaskResult:
    """A task that never ran and of which nothing is known."""
    return TaskResult(
        instance_id="acme__tally-12",
        status=TaskStatus.SKIPPED,
        reason="FAIL_TO_PASS is empty",
    )


def ordinary(nth: int, rng: random.Random, candidates: int = 3, tests: int = 14) -> TaskResult:
    """A task of a large audit, cleared or untested, of one of several repositories."""
    repo = rng.choice(("acme/tally", "acme/routes", "northwind/forms", "quayside/clock"))
    name = f"{repo.replace('/', '__')}-{1000 + nth}"
    of = task(name, repo=repo, pass_to_pass=passing(tests))
    others = [
        candidate(name, f"agent{own}-{rng.randrange(16**8):08x}") for own in range(candidates)
    ]
    trials: list[Trial] = list(controls(of))
    for own in others:
        failed = rng.choice([(), (), F2P[:1], (*F2P[:1], *of.pass_to_pass[:3])])
        trials.append(trial(of, own.name, failed=failed))
    return TaskResult(
        instance_id=name,
        status=TaskStatus.CLEARED if others else TaskStatus.UNTESTED,
        reason="no alternative was wrongly rejected" if others else "no alternative could be made",
        task=of,
        tags=tags(
            rng.choices(DIFFICULTIES, (5, 6, 3, 1))[0],
            int(rng.lognormvariate(2.4, 1.0)) + 1,
            repository=repo,
            difficulty_estimated=rng.random() < 0.3,
        ),
        candidates=(candidate(name, "gold"), candidate(name, "empty"), *others),
        trials=tuple(trials),
    )


RUN = RunInfo(
    id="2024-05-14-tally",
    command="swe-audit run tasks -p predictions.jsonl.gz --repeats 3 --seed 7 -j 2",
    seed=7,
    dataset="tasks/",
    dataset_sha256="9c0f" * 16,
    engine="docker 20.10.24, overlay2",
    isolation="docker: no network, no capabilities, 4 GiB, 1 CPU, 1024 processes",
    versions=(("swe-audit", "0.1.0"), ("python", "3.11.7"), ("docker", "20.10.24")),
    started="2024-05-14T09:12:03Z",
    finished="2024-05-14T10:02:44Z",
    notes=(
        "written disk is watched, not limited: the storage driver has no quota",
        "two alternatives were cut short by the time limit",
    ),
)


def audit(tasks: Sequence[TaskResult], skips: Sequence[Skipped] = ()) -> Audit:
    """Put tasks together with the rate that they have; the interval is only plausible."""
    judged = [
        one for one in tasks if one.status not in (TaskStatus.SKIPPED, TaskStatus.INCONCLUSIVE)
    ]
    k = sum(one.status is TaskStatus.DEFECTIVE for one in judged)
    n, every = len(judged), len(tasks)
    share = k / n if n else 0.0
    margin = (share * (1 - share) / n) ** 0.5 * 1.96 + 1 / (2 * n) if n else 0.0
    return Audit(
        run=RUN,
        tasks=tuple(tasks),
        skipped=tuple(skips),
        defect_rate=Rate(
            k=k,
            n=n,
            low=max(0.0, share - margin) if n else None,
            high=min(1.0, share + margin) if n else None,
            level=0.95,
            method="Wilson",
        ),
        defect_rate_bounds=(k / every, (k + every - n) / every) if every else None,
    )


def sample_audit() -> Audit:
    """A small, believable audit with every status in it."""
    rng = random.Random(3)
    tasks = [narrow(), constructed(), flaky(), inconclusive(), suspect(), skipped()]
    tasks += [ordinary(nth, rng, candidates=(0, 2, 3, 6)[nth % 4]) for nth in range(22)]
    tasks = [
        replace(one, reported=one.reported or Reported(solved=4 + nth % 17, of=22))
        if one.task
        else one
        for nth, one in enumerate(tasks)
    ]
    skips = [Skipped(instance_id="acme__tally-12", reason=SkipReason.NO_FAIL_TO_PASS)]
    return audit(tasks, skips)


def empty_audit() -> Audit:
    """An audit of nothing at all."""
    return audit(())


def large_audit(tasks: int, candidates: int, tests: int = 120) -> Audit:
    """An audit of many tasks, each with many candidates and tests."""
    rng = random.Random(11)
    return audit([ordinary(nth, rng, candidates, tests) for nth in range(tasks)])


def hostile_audit() -> Audit:
    """An audit whose every text attacks the page that shows it."""
    bad = " ".join(HOSTILE)
    of = task(
        f"x/../{HOSTILE[0]}",
        repo=bad,
        statement=f"# {bad}\n\n`{bad}`\n```\n{bad}\n```\n{bad}",
        hints=bad,
        version=bad,
        fail_to_pass=HOSTILE,
        pass_to_pass=tuple(f"p2p {one}" for one in HOSTILE),
        test_patch=TEST_PATCH.replace("rent", HOSTILE[0]),
    )
    own = candidate(
        of.instance_id,
        HOSTILE[1],
        patch=OTHER.replace("the ledger ", HOSTILE[0]).replace("errors.py", f"{HOSTILE[2]}.py"),
        rationale=bad,
        author=bad,
        reviewed_by=bad,
        family=bad,
        evidence=bad,
    )
    no_diff = candidate(of.instance_id, HOSTILE[2], patch=bad)
    explained = Explanation(
        test=HOSTILE[0],
        cause=Cause.VALUE,
        exception=bad,
        message=bad,
        assertion=bad,
        path=bad,
        line=1,
        detail=bad,
    )
    finding = Finding(
        instance_id=of.instance_id,
        defect=Defect.UNEXPLAINED,
        confidence=Confidence.DISPUTED,
        detail=bad,
        summary=bad,
        tests=HOSTILE,
        rungs=HOSTILE,
        candidates=(own.name,),
        evidence=(Evidence(kind=bad, text=bad, path=bad, line=1, trial=bad),),
    )
    result = TaskResult(
        instance_id=of.instance_id,
        status=TaskStatus.SUSPECT,
        reason=bad,
        task=of,
        tags=tags(HOSTILE[3], 5, repository=bad, language=bad),
        candidates=(
            candidate(of.instance_id, "gold", patch=GOLD.replace("closed", HOSTILE[0])),
            own,
            no_diff,
        ),
        dropped=(
            Dropped(instance_id=of.instance_id, name=bad, reason=DropReason.NOT_A_DIFF, detail=bad),
        ),
        trials=(
            trial(of, "gold", notes=HOSTILE, image=bad, isolation=bad, detail=bad),
            trial(of, own.name, failed=HOSTILE, log="logs/hostile.log.gz"),
            trial(of, no_diff.name, failed=HOSTILE[:1], log="../../outside.log.gz"),
        ),
        rejections=(
            RejectionDetail(
                candidate=own.name,
                trial=f"{of.instance_id}/{own.name}/1",
                explanations=(explained,),
            ),
        ),
        findings=(finding,),
        not_reproduced=HOSTILE,
    )
    made = audit((result, replace(skipped(), instance_id=bad, reason=bad)))
    run = replace(
        made.run,
        id=HOSTILE[0],
        command=bad,
        dataset=bad,
        engine=bad,
        isolation=bad,
        versions=((bad, bad),),
        notes=HOSTILE,
    )
    return replace(made, run=run)


def write_logs(made: Audit, folder: Path) -> None:
    """Write a compressed log for every trial whose path stays inside the folder."""
    for result in made.tasks:
        for one in result.trials:
            path = (folder / one.log).resolve()
            if path.is_relative_to(folder.resolve()):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(gzip.compress(log_text(one).encode("utf-8", "replace"), mtime=0))


def log_text(one: Trial) -> str:
    """A log as pytest would have left it."""
    passed = len(one.outcome.passed_f2p + one.outcome.passed_p2p)
    lines = [
        "============================= test session starts ==============================",
        "platform linux -- Python 3.9.2, pytest-7.4.0, pluggy-1.3.0",
        "collected 17 items",
        "",
        *(f"{status.value} {test}" for test, status in one.statuses),
        *(f"\x1b[31mE   {text}\x1b[0m" for text in HOSTILE[:3] if one.outcome.failed),
        f"{len(one.outcome.failed)} failed, {passed} passed",
    ]
    return "\n".join([*(f"setting up {nth}" for nth in range(80)), *lines]) + "\n"


# Any audit at all, for properties.

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=30),
    st.text(st.characters(), max_size=12),
    st.lists(st.sampled_from(HOSTILE), max_size=3).map("\n".join),
)
patches = st.one_of(texts, st.sampled_from((GOLD, OTHER, TEST_PATCH, "", GOLD * 2)))
_places = st.none() | st.integers(1, 9999)
_counts = st.integers(0, 500)
_shares = st.floats(0, 1)
_ids = st.sampled_from((F2P[0], F2P[1], *HOSTILE))


def _tuples(of: st.SearchStrategy[object], size: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=size).map(tuple)


any_tags = st.builds(
    Tags,
    difficulty=st.sampled_from(DIFFICULTIES) | texts,
    difficulty_estimated=st.booleans(),
    lines_added=_counts,
    lines_removed=_counts,
    files=_counts,
    hunks=_counts,
    repository=texts,
    language=texts,
    year=st.none() | st.integers(1990, 2100),
)
_explanations = st.builds(
    Explanation,
    test=_ids,
    cause=st.sampled_from(Cause),
    exception=texts,
    message=texts,
    assertion=texts,
    path=st.none() | texts,
    line=_places,
    detail=texts,
)
_evidence = st.builds(
    Evidence, kind=texts, text=texts, path=st.none() | texts, line=_places, trial=st.none() | texts
)
_outcomes = st.builds(
    Outcome,
    passed_f2p=_tuples(_ids),
    failed_f2p=_tuples(_ids),
    passed_p2p=_tuples(_ids),
    failed_p2p=_tuples(_ids),
)


_site_results = st.builds(
    SiteResult,
    site=st.builds(
        Site,
        kind=st.sampled_from(ConstructionKind),
        symbol=texts,
        detail=texts,
        replacement=texts,
        scope=texts,
        path=texts,
        line=st.integers(1, 99),
        edits=st.just(()),
        checks=_tuples(
            st.builds(
                LicenceCheck,
                rule=texts,
                text=texts,
                caps=st.none() | st.sampled_from(Confidence),
                determines=st.none() | st.sampled_from(Determinant),
            ),
            2,
        ),
    ),
    outcome=st.sampled_from(SiteOutcome),
    candidate=texts,
    reason=texts,
)
_refusals = st.builds(
    Refused,
    kind=st.sampled_from(ConstructionKind),
    symbol=texts,
    detail=texts,
    scope=texts,
    path=texts,
    line=st.integers(1, 99),
    reason=st.sampled_from(RefusalReason),
    text=texts,
)


@st.composite
def results(draw: st.DrawFn) -> TaskResult:
    """Any task result: texts hostile, lists possibly empty, names not always known."""
    instance_id = draw(texts)
    names = draw(st.lists(texts, max_size=3, unique=True))
    some_names = st.sampled_from(names) if names else texts
    candidates = [
        Candidate(
            instance_id=instance_id,
            name=name,
            kind=draw(st.sampled_from(CandidateKind)),
            provenance=draw(st.sampled_from(Provenance)),
            patch=draw(patches),
            family=draw(texts),
            count=draw(st.integers(1, 9)),
            rationale=draw(texts),
            author=draw(texts),
            reviewed_by=draw(texts),
            claim=draw(st.none() | st.sampled_from(Defect)),
            control=draw(st.none() | st.sampled_from(Control)),
            test_patch=draw(st.none() | patches),
        )
        for name in names
    ]
    found = draw(st.lists(_site_results, max_size=2, unique_by=lambda one: one.site.id))
    survey = draw(
        st.none()
        | st.builds(
            Survey,
            sites=st.just(tuple(one.site for one in found)),
            refused=_tuples(_refusals, 2),
            problem=texts,
        )
    )
    trials = draw(
        _tuples(
            st.builds(
                Trial,
                id=texts,
                instance_id=st.just(instance_id),
                candidate=some_names,
                attempt=st.integers(1, 3),
                state=st.sampled_from(RunState),
                verdict=st.sampled_from(Verdict),
                official_verdict=st.sampled_from(Verdict),
                outcome=_outcomes,
                statuses=_tuples(st.tuples(_ids, st.sampled_from(TestStatus))),
                seconds=st.floats(0, 1e5),
                total_seconds=st.floats(0, 1e5),
                image=texts,
                log=texts,
                detail=texts,
                notes=_tuples(texts),
            )
        )
    )
    findings = draw(
        _tuples(
            st.builds(
                Finding,
                instance_id=st.just("plain"),
                defect=st.sampled_from(Defect),
                confidence=st.sampled_from(Confidence),
                cause=st.none() | st.sampled_from(Cause),
                detail=st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
                summary=texts,
                tests=_tuples(_ids),
                determined_by=_tuples(st.sampled_from(Determinant)),
                rungs=_tuples(texts),
                candidates=_tuples(some_names),
                encounter_rate=st.none()
                | st.builds(
                    EncounterRate, k=st.just(1), n=st.integers(0, 9), low=_shares, high=_shares
                ),
                evidence=_tuples(_evidence),
            )
        )
    )
    return TaskResult(
        instance_id=instance_id,
        status=draw(st.sampled_from(TaskStatus)),
        reason=draw(texts),
        task=draw(
            st.none()
            | st.builds(
                Task,
                instance_id=st.just(instance_id),
                repo=texts,
                base_commit=texts,
                statement=texts,
                gold_patch=patches,
                test_patch=patches,
                fail_to_pass=_tuples(_ids),
                pass_to_pass=_tuples(_ids),
                log_parser=texts,
                hints=texts,
            )
        ),
        tags=draw(st.none() | any_tags),
        candidates=tuple(candidates),
        trials=trials,
        rejections=draw(
            _tuples(
                st.builds(
                    RejectionDetail,
                    candidate=some_names,
                    trial=texts,
                    explanations=_tuples(_explanations),
                )
            )
        ),
        findings=findings,
        not_reproduced=draw(_tuples(_ids)),
        survey=survey,
        sites=tuple(found) if survey else (),
        reported=draw(st.none() | st.builds(Reported, solved=_counts, of=_counts)),
    )


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    """Any audit of up to three tasks."""
    tasks = draw(st.lists(results(), max_size=3))
    skips = draw(
        st.lists(
            st.builds(Skipped, instance_id=texts, reason=st.sampled_from(SkipReason), detail=texts),
            max_size=2,
        )
    )
    made = audit(tasks, skips)
    run = draw(
        st.builds(
            RunInfo,
            id=texts,
            command=texts,
            seed=st.integers(0, 10),
            dataset=texts,
            dataset_sha256=texts,
            engine=texts,
            isolation=texts,
            versions=_tuples(st.tuples(texts, texts)),
            started=texts,
            finished=texts,
            notes=_tuples(texts),
        )
    )
    return replace(made, run=run)


def repair_document() -> dict[str, object]:
    """What ``swe-audit repair --json`` could have printed about ``narrow()``."""
    (finding,) = narrow().findings
    return {
        "schema_version": 1,
        "tool_version": "0.1.0",
        "run": RUN.id,
        "tasks": [
            {
                "instance_id": finding.instance_id,
                "findings": [finding.id],
                "proposals": [
                    {
                        "kind": "statement",
                        "findings": [finding.id],
                        "summary": "the statement names `LedgerClosedError`, which the tests pin",
                        "verified": True,
                        "file": "statement.diff",
                        "controls": [
                            {"name": "it is named", "held": True, "text": "the sentence names it"}
                        ],
                        "before_after": [
                            {
                                "candidate": "`LedgerClosedError`",
                                "kind": "name",
                                "before": "not mentioned",
                                "after": "named",
                            }
                        ],
                        "limits": ["the task's tree was not at hand"],
                        "diff": (
                            "--- a/problem_statement.md\n+++ b/problem_statement.md\n"
                            "@@ -20 +20,3 @@\n Seen with 2.3\n+\n"
                            "+The error is a LedgerClosedError.\n"
                        ),
                        "text": "# acme__tally-77: name what the tests pin\n",
                    },
                    {
                        "kind": "move-import",
                        "findings": [finding.id],
                        "summary": "the import stands in one test",
                        "verified": False,
                        "file": None,
                        "controls": [
                            {"name": "gold passes", "held": False, "text": "it failed one test"}
                        ],
                        "before_after": [],
                        "limits": [],
                        "diff": "",
                        "text": None,
                    },
                ],
                "not_made": [
                    {
                        "kind": "drop-tests",
                        "findings": [finding.id],
                        "reason": "nothing would be left to fail",
                    }
                ],
            }
        ],
    }


def long_patch(lines: int, name: str = "tally/table.py") -> str:
    """A patch that adds a file of so many lines."""
    added = "".join(f"+ENTRY_{nth} = {nth}\n" for nth in range(1, lines + 1))
    return (
        f"diff --git a/{name} b/{name}\nnew file mode 100644\n--- /dev/null\n+++ b/{name}\n"
        f"@@ -0,0 +1,{lines} @@\n{added}"
    )


def lengthy() -> TaskResult:
    """The narrow task, where an alternative's patch also adds a long file."""
    made = narrow()
    *others, last = made.candidates
    return replace(made, candidates=(*others, replace(last, patch=last.patch + long_patch(600))))
