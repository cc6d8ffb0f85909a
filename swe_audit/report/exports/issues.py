"""An issue text for each finding, for the tracker of the benchmark that it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup

from swe_audit.model.audit import Audit, TaskResult
from swe_audit.model.candidate import Candidate
from swe_audit.model.finding import Confidence, Defect, Finding
from swe_audit.report import words
from swe_audit.report.candidate_views import outcome_of
from swe_audit.report.detail_views import DetailView, detail_view
from swe_audit.report.exports.markup import block, code, text
from swe_audit.report.exports.nouns import Exported, surest_first
from swe_audit.report.finding_views import repeat_command
from swe_audit.report.names import page_names
from swe_audit.report.text import shorten, well_formed
from swe_audit.version import VERSION

_TAG = re.compile(r"<[^>]*>")
_MAX_TESTS = 20
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
    about = finding.summary or words.DEFECT[finding.defect]
    title = f"# {text(finding.instance_id)}: {text(shorten(about, 160))}"
    body = "\n\n".join(part for part in _parts(result, finding, audit) if part)
    return well_formed(f"{title}\n\n{shorten(body, _MAX_BODY)}\n")


def _parts(result: TaskResult, finding: Finding, audit: Audit) -> Iterator[str]:
    yield (
        f"**Defect:** {finding.defect.value} ({words.DEFECT[finding.defect]})  \n"
        f"**Confidence:** {finding.confidence.value} ({words.CONFIDENCE[finding.confidence]})  \n"
        f"**Finding:** {code(finding.id)}"
    )
    if finding.detail:
        yield f"The tests hold a patch to this detail:\n\n{block(finding.detail)}"
    detail = detail_view(finding, result)
    yield from _pin(finding, detail)
    yield from _judgement(finding, detail)
    own = [one for one in result.candidates if one.name in finding.candidates]
    yield from (_candidate(one, result) for one in own[:3])
    command = repeat_command(finding, result, audit.run.id)
    if command:
        yield f"## Repeat it\n\n{block(command, 'console')}"
    yield f"Found by swe-audit {VERSION}, run {code(audit.run.id)} of {code(audit.run.dataset)}."


def _pin(finding: Finding, detail: DetailView | None) -> Iterator[str]:
    yield "## What the runs show"
    if finding.cause:
        yield f"{words.sentence(words.CAUSE[finding.cause])}"
    if detail is not None and detail.assertion:
        yield f"{code(detail.assertion_place)}\n\n{block(detail.assertion, 'python')}"
    elif detail is not None and detail.tests:
        shown = detail.tests[0]
        lines = "\n".join(f"{line.number:>5} {_plain(line.code)}" for line in shown.lines)
        yield f"{code(shown.path)}\n\n{block(lines)}"
    tests = [f"- {code(one)}" for one in finding.tests[:_MAX_TESTS]]
    hidden = len(finding.tests) - len(tests)
    if hidden > 0:
        tests.append(f"- and {hidden} more")
    if tests:
        yield "Failing required tests:\n\n" + "\n".join(tests)
    trials = [
        f"- {text(one.kind.replace('_', ' '))}: {text(one.text)} ({code(one.trial)})"
        for one in finding.evidence
        if one.trial and one.kind != "assertion"
    ]
    if trials:
        yield "Trials:\n\n" + "\n".join(trials[:_MAX_TESTS])


def _plain(code: Markup) -> str:
    """Give a highlighted line as it was."""
    return unescape(_TAG.sub("", code))


def _judgement(finding: Finding, detail: DetailView | None) -> Iterator[str]:
    yield f"## {words.DETAIL.get(finding.defect, words.DETAIL[Defect.NARROW])[1]}"
    if detail is not None:
        yield words.sentence(detail.statement.replace("; it is marked there", ""))
    known = words.listing([words.DETERMINANT[one] for one in finding.determined_by])
    yield f"Determined by {known}." if known else "Nothing is recorded that determines it."
    checks = [f"- {text(one.text)}" for one in finding.evidence if one.kind == "check"]
    if checks:
        yield "\n".join(checks)
    rungs = [f"- {text(one)}: {text(words.RUNG.get(one, ''))}" for one in finding.rungs]
    if rungs:
        yield "Evidence:\n\n" + "\n".join(rungs)


def _candidate(candidate: Candidate, result: TaskResult) -> str:
    outcome, _ = outcome_of([one for one in result.trials if one.candidate == candidate.name])
    about = f"{words.PROVENANCE[candidate.provenance]}; {outcome}"
    return (
        f"<details><summary>Patch {text(candidate.name)} ({about})</summary>\n\n"
        f"{text(candidate.rationale)}\n\n{block(candidate.patch, 'diff', _MAX_PATCH)}\n\n</details>"
    )
