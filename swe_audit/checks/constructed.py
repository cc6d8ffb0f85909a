"""Details that the tests pin although nothing determines them: gold with one of them changed.

What makes a rejected construction evidence is its mirror (EVIDENCE 3): with the same detail
changed in the tests it resolves, and no patch at all still fails there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from swe_audit.alternatives.carrying import carrying_families
from swe_audit.alternatives.grouping import Group
from swe_audit.checks.assertions import assertion_evidence
from swe_audit.checks.case import Case, submissions
from swe_audit.checks.confirmation import Standing, standing
from swe_audit.checks.inference import inferred
from swe_audit.evidence import contradiction
from swe_audit.model.audit import SiteOutcome, SiteResult
from swe_audit.model.candidate import Candidate, CandidateKind, Control
from swe_audit.model.construction import ConstructionKind, Site
from swe_audit.model.finding import Cause, Confidence, Defect, Evidence, Explanation, Finding
from swe_audit.model.trial import RunState, Trial, Verdict
from swe_audit.statistics import counted

_CAUSES = {
    ConstructionKind.NAME: Cause.MISSING_NAME,
    ConstructionKind.MESSAGE: Cause.MESSAGE_TEXT,
    ConstructionKind.KEYWORD_ORDER: Cause.SIGNATURE,
    ConstructionKind.LOCATION: Cause.MISSING_NAME,
    ConstructionKind.REPRESENTATION: Cause.ORDER_OR_FORMAT,
    ConstructionKind.REFACTORING: Cause.STRUCTURE,
}
_ORDER = list(Confidence)


def site_results(case: Case) -> tuple[SiteResult, ...]:
    """Return what became of each free detail, in the survey's order."""
    if case.survey is None or case.search is None:
        return ()
    guilty = {id_: group for group in case.search.culprits for id_ in group}
    results = []
    for site in case.survey.sites:
        if site.id in guilty:
            candidate = _candidate(case, guilty[site.id], None)
            outcome, reason = _judged(case, guilty[site.id])
            name = candidate.name if candidate else ""
            results.append(SiteResult(site=site, outcome=outcome, candidate=name, reason=reason))
        elif site.id in case.search.cleared:
            results.append(SiteResult(site=site, outcome=SiteOutcome.CLEARED))
        else:
            results.append(
                SiteResult(site=site, outcome=SiteOutcome.UNDECIDED, reason="not tried to the end")
            )
    return tuple(results)


def findings(case: Case) -> Iterator[Finding]:
    """Yield one finding for each smallest group of free details that the tests pin."""
    if case.survey is None or case.search is None:
        return
    sites = {site.id: site for site in case.survey.sites}
    for group in case.search.culprits:
        candidate = _candidate(case, group, None)
        if candidate is None or _judged(case, group)[0] is not SiteOutcome.PINNED:
            continue
        yield _finding(case, candidate, [sites[id_] for id_ in candidate.sites])


def _judged(case: Case, group: Group) -> tuple[SiteOutcome, str]:
    """Judge a smallest rejected group by its attempts and its mirror."""
    candidate = _candidate(case, group, None)
    if candidate is None:
        return SiteOutcome.UNDECIDED, "not tried to the end"
    if any(trial.state is RunState.PATCH_REJECTED for trial in case.attempts(candidate)):
        return SiteOutcome.INVALID, "its patch does not apply"
    if not case.gold_always_resolves:
        return SiteOutcome.UNDECIDED, "gold does not always resolve here"
    mirror, empty = (
        _trial(case, _candidate(case, group, control))
        for control in (Control.MIRROR, Control.MIRROR_EMPTY)
    )
    if mirror is None or empty is None:
        return SiteOutcome.INVALID, "rejected, though no graded test holds the detail"
    if mirror.state is not RunState.COMPLETED or empty.state is not RunState.COMPLETED:
        return SiteOutcome.UNDECIDED, "its mirror did not complete"
    if mirror.verdict is not Verdict.RESOLVED:
        return SiteOutcome.INVALID, _why(case, mirror)
    if not empty.outcome.failed_f2p:
        return SiteOutcome.INVALID, "the mirrored tests accept no patch at all"
    if standing(case, candidate) is not Standing.REJECTED:
        return SiteOutcome.UNDECIDED, "its rejection is not confirmed"
    return SiteOutcome.PINNED, ""


def _why(case: Case, mirror: Trial) -> str:
    failed = mirror.outcome.failed
    reasons = case.rejections.get(mirror.id)
    told = [e.message for e in reasons.explanations if e.message] if reasons else []
    first = f"; first: {told[0].splitlines()[0]}" if told else ""
    return f"its mirror fails {counted(len(failed), 'required test')}{first}"


def _finding(case: Case, candidate: Candidate, sites: Sequence[Site]) -> Finding:
    trials = case.completed(candidate)
    site = max(sites, key=lambda one: _ORDER.index(one.ceiling))
    confidence, doubts = _confidence(case, sites)
    reasons = case.rejections[trials[0].id]
    details = ", ".join(dict.fromkeys(_pinned(one, reasons.explanations) for one in sites))
    return Finding(
        instance_id=case.task.instance_id,
        defect=Defect.NARROW,
        confidence=confidence,
        cause=_cause(site),
        detail=details,
        summary=_summary(sites, len(reasons.grounding)),
        tests=reasons.grounding,
        determined_by=tuple(dict.fromkeys(d for one in sites for d in one.determined_by)),
        rungs=("construction",),
        candidates=(candidate.name,),
        evidence=(
            *(item for one in sites for item in _site_evidence(one)),
            *doubts,
            *_run_evidence(case, candidate, trials),
        ),
    )


def _pinned(site: Site, explanations: Sequence[Explanation]) -> str:
    """Return what the tests pin: of a message the text that they hold, where the log shows it.

    Gold holds a template; a test pins one of its texts, which is what others are rejected for.
    """
    if site.kind is not ConstructionKind.MESSAGE:
        return site.detail
    texts = [e.detail for e in explanations if e.cause is Cause.MESSAGE_TEXT and e.detail]
    return Counter(texts).most_common(1)[0][0] if texts else site.detail


def _cause(site: Site) -> Cause:
    if site.kind is ConstructionKind.NAME and ("param" in site.symbol or "keyword" in site.symbol):
        return Cause.SIGNATURE
    if site.kind is ConstructionKind.REPRESENTATION and "exception" in site.symbol:
        return Cause.EXCEPTION_TYPE
    return _CAUSES[site.kind]


def _summary(sites: Sequence[Site], tests: int) -> str:
    told = " and ".join(f"{one.symbol} {_short(one.detail)}" for one in sites)
    return (
        f"the reference patch with another {told} is rejected by {counted(tests, 'test')};"
        " with the same change in the tests it resolves"
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= 60 else f"'{line[:57]}...'"


def _site_evidence(site: Site) -> Iterator[Evidence]:
    yield Evidence(
        kind="gold",
        text=f"{site.symbol} {site.detail!r} becomes {site.replacement!r}",
        path=site.path,
        line=site.line,
    )
    for check in site.checks:
        yield Evidence(kind="check", text=f"{check.rule}: {check.text}")


def _run_evidence(case: Case, candidate: Candidate, trials: Sequence[Trial]) -> Iterator[Evidence]:
    examples = [e for e in case.rejections[trials[0].id].explanations if e.assertion or e.message]
    if examples:
        first = examples[0]
        yield Evidence(
            kind="assertion",
            text=first.assertion or first.message,
            path=first.path,
            line=first.line,
            trial=trials[0].id,
        )
    told = {(one.path, one.line) for one in examples[:1]}
    yield from assertion_evidence(case, candidate, told)
    for trial in trials:
        yield Evidence(kind="trial", text=trial.verdict.value, trial=trial.id)
    for control in (Control.MIRROR, Control.MIRROR_EMPTY):
        trial_of_it = _trial(case, _candidate(case, frozenset(candidate.sites), control))
        if trial_of_it is not None:
            yield Evidence(kind=control.value, text=trial_of_it.verdict.value, trial=trial_of_it.id)


def _confidence(case: Case, sites: Sequence[Site]) -> tuple[Confidence, tuple[Evidence, ...]]:
    """Start at what the sites allow; people who infer the detail, or do without, lower it."""
    confidence = max((site.ceiling for site in sites), key=_ORDER.index)
    known, told = inferred(case, *_knowing(case, sites))
    if known:
        confidence = _lowered(confidence, Confidence.SUSPECT)
    completed = {one.name: case.completed(one) for one in submissions(case)}
    golds = case.trials_of(CandidateKind.GOLD)
    against = contradiction.contradicting(
        case.task, submissions(case), completed, golds, sites, repeats=case.repeats
    )
    doubt = contradiction.doubt(against)
    if doubt is not None:
        confidence = _lowered(confidence, doubt)
    return confidence, (*told, *contradiction.told(against, completed))


def _knowing(case: Case, sites: Sequence[Site]) -> tuple[int, int]:
    golds = case.of_kind(CandidateKind.GOLD)
    shares = [carrying_families(submissions(case), golds[0], site) for site in sites if golds]
    return min(shares, default=(0, 0))


def _lowered(confidence: Confidence, cap: Confidence) -> Confidence:
    return max(confidence, cap, key=_ORDER.index)


def _candidate(case: Case, group: Group, control: Control | None) -> Candidate | None:
    for candidate in case.candidates:
        if candidate.control is control and candidate.sites and frozenset(candidate.sites) == group:
            return candidate
    return None


def _trial(case: Case, candidate: Candidate | None) -> Trial | None:
    trials = case.attempts(candidate) if candidate else ()
    return trials[0] if trials else None
