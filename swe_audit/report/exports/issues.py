"""An issue text for each finding, for the tracker of the benchmark that it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.candidate import Candidate, CandidateKind
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.report import words
from swe_audit.report.candidate_views import candidate_views, outcome_of
from swe_audit.report.exports.markup import block, cell, code, text
from swe_audit.report.exports.nouns import Exported, surest_first
from swe_audit.report.finding_views import EvidenceView, FindingView, finding_view
from swe_audit.report.names import page_names
from swe_audit.report.text import shorten, well_formed
from swe_audit.version import VERSION

_TAG = re.compile(r"<[^>]*>")
_MAX_TESTS = 20
_MAX_SUMMARY = 300
_MAX_BODY = 60_000
"""Characters of an issue; GitHub takes 65,536."""

_MAX_PATCH = 12_000


def github_issues(audit: Audit, _least: Confidence) -> tuple[Exported, ...]:
    """Write one issue for each live finding, surest first: a title, then the body."""
    live = [(result, one) for result, one in surest_first(audit) if one.confidence.live]
    names = page_names(finding.id.replace(":", ".") for _, finding in live)
    return tuple(
        Exported(
            name=f"{name.removesuffix('.html')}.md",
            text=_issue(result, finding, audit),
        )
        for (result, finding), name in zip(live, names, strict=True)
    )


def _issue(result: TaskResult, finding: Finding, audit: Audit) -> str:
    sure = "" if finding.confidence is Confidence.PROVEN else f" ({finding.confidence.value})"
    title = f"# {text(finding.instance_id)}: {words.DEFECT[finding.defect]}{sure}"
    body = "\n\n".join(part for part in _parts(result, finding, audit) if part)
    return well_formed(f"{title}\n\n{shorten(body, _MAX_BODY)}\n")


def _parts(result: TaskResult, finding: Finding, audit: Audit) -> Iterator[str]:
    trials = {trial.id: "" for trial in result.trials}
    view = finding_view(finding, result, candidate_views(result), trials, audit.run.id)
    yield text(words.sentence(shorten(finding.summary, _MAX_SUMMARY)))
    yield (
        f"**Defect:** {finding.defect.value} ({words.DEFECT[finding.defect]})  \n"
        f"**Confidence:** {finding.confidence.value} ({words.CONFIDENCE[finding.confidence]})  \n"
        f"**Finding:** {code(finding.id)}"
    )
    if view.line.detail:
        yield f"{_titles(finding)[0]}:\n\n{block(view.line.detail)}"
    yield from _pin(finding, view, result)
    yield from _judgement(finding, view)
    own = [one for one in result.candidates if one.name in finding.candidates]
    yield from (_candidate(one, result) for one in own[:3])
    if view.command:
        yield (
            "## Repeat it\n\nWith swe-audit, where `reports/` holds the run:\n\n"
            + block(view.command, "console")
        )
    yield f"Found by swe-audit {VERSION}, run {code(audit.run.id)} of {code(audit.run.dataset)}."


def _titles(finding: Finding) -> tuple[str, str]:
    return words.DETAIL.get(finding.defect, ("Detail", "What a solver can know"))


def _pin(finding: Finding, view: FindingView, result: TaskResult) -> Iterator[str]:
    yield "## What the runs show"
    if finding.cause:
        yield words.sentence(words.CAUSE[finding.cause])
    detail = view.detail
    if detail is not None and detail.assertion:
        yield f"{code(detail.assertion_place)}\n\n{block(detail.assertion)}"
    elif detail is not None and detail.tests:
        shown = detail.tests[0]
        lines = "\n".join(f"{line.number:>5} {_plain(line.code)}" for line in shown.lines)
        yield f"{code(shown.path)}\n\n{block(lines)}"
    yield from _raised(finding, result)
    tests = [f"- {code(one)}" for one in finding.tests[:_MAX_TESTS]]
    hidden = len(finding.tests) - len(tests)
    if hidden > 0:
        tests.append(f"- and {hidden} more")
    if tests:
        yield f"{_concerned(finding)}:\n\n" + "\n".join(tests)
    if view.ran:
        rows = "\n".join(
            f"| {cell(one.candidate.name)} | {text(one.role)} | {text(one.candidate.outcome)} |"
            for one in view.ran
        )
        yield f"| what ran | what it is | outcome |\n|---|---|---|\n{rows}"


def _raised(finding: Finding, result: TaskResult) -> Iterator[str]:
    """Say what a patch that the finding rests on met in the first test that failed."""
    for rejection in result.rejections:
        if rejection.candidate in finding.candidates:
            for why in rejection.explanations:
                if why.exception or why.message:
                    raised = ": ".join(part for part in (why.exception, why.message) if part)
                    yield f"With {code(rejection.candidate)} it says:\n\n{block(raised)}"
                    return


def _concerned(finding: Finding) -> str:
    if finding.defect is Defect.WEAK or finding.detail == CandidateKind.EMPTY.value:
        return "Required tests, which pass all the same"
    if finding.defect is Defect.FLAKY:
        return "Required tests that do not agree with themselves"
    return "Failing required tests"


def _plain(code: Markup) -> str:
    """Give a highlighted line as it was."""
    return unescape(_TAG.sub("", code))


def _judgement(finding: Finding, view: FindingView) -> Iterator[str]:
    if view.judgement:
        yield f"## What is left to judge\n\n{view.judgement}"
    else:
        yield f"## {_titles(finding)[1]}"
    if view.detail is not None:
        yield words.sentence(view.detail.statement.replace("; it is marked there", ""))
    yield view.known
    yield "\n".join(f"- {text(one)}" for one in view.checks)
    rungs = [f"- {text(one)}: {text(meaning)}" for one, meaning in view.rungs]
    if rungs:
        yield "Evidence:\n\n" + "\n".join(rungs)
    further = [f"- {text(' '.join(_told(one)))}" for one in view.evidence[:_MAX_TESTS]]
    if further:
        yield "Further evidence:\n\n" + "\n".join(further)


def _told(one: EvidenceView) -> Iterator[str]:
    yield f"{one.kind}:"
    yield from filter(None, (one.place, one.text))


def _candidate(candidate: Candidate, result: TaskResult) -> str:
    outcome, _ = outcome_of([one for one in result.trials if one.candidate == candidate.name])
    about = f"{words.PROVENANCE[candidate.provenance]}; {outcome}"
    said = (words.sentence(candidate.rationale), words.sentence(candidate.evidence))
    told = "".join(f"{text(one)}\n\n" for one in said if one)
    return (
        f"<details><summary>Patch {text(candidate.name)} ({about})</summary>\n\n"
        f"{told}{block(candidate.patch, 'diff', _MAX_PATCH)}\n\n</details>"
    )
