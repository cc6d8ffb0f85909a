"""A proposal in words: a text that is ready for a pull request, with its before/after table."""

from __future__ import annotations

from collections.abc import Iterator

from swe_audit.model.finding import Finding
from swe_audit.repair.nouns import Proposal, RepairKind, TaskRepair

TITLES = {
    RepairKind.STATEMENT: "name in the statement what the tests pin",
    RepairKind.DROP_TESTS: "do not require tests that pin an unstated detail",
    RepairKind.MOVE_IMPORT: "need an unstated name only where it is tested",
    RepairKind.MOVE_AND_DROP: "need an unstated name nowhere, and do not require its tests",
    RepairKind.RELAX: "leave an unstated detail free in the tests",
}
_WHY = {
    RepairKind.STATEMENT: "With this the detail can be known, so a patch without it is rightly"
    " rejected; the tests stay as they are.",
    RepairKind.DROP_TESTS: "With this the tests stay as they are, and fewer are required.",
    RepairKind.MOVE_IMPORT: "With this a patch under another name fails only the tests that are"
    " about the name, rather than the whole module.",
    RepairKind.MOVE_AND_DROP: "With this a patch under another name passes; what the name does is"
    " no longer required, and the rest of the module is.",
    RepairKind.RELAX: "With this the tests check the same behaviour, and no more of the detail"
    " than a solver can know.",
}
_ESCAPED = str.maketrans({"|": "\\|", "\n": " "})


def pull_request(
    repair: TaskRepair, proposal: Proposal, findings: tuple[Finding, ...], diff: str, source: str
) -> str:
    """Return the text of a pull request for one verified proposal.

    ``diff`` is its file's name, ``source`` says with what it was found.
    """
    return "\n".join(_lines(repair, proposal, findings, diff, source)) + "\n"


def _lines(
    repair: TaskRepair, proposal: Proposal, findings: tuple[Finding, ...], diff: str, source: str
) -> Iterator[str]:
    yield f"# {repair.task.instance_id}: {TITLES[proposal.kind]}"
    yield ""
    for finding in findings:
        if finding.id in proposal.findings:
            yield f"- {_one_line(finding.summary)} ({finding.confidence.value}, `{finding.id}`)"
    yield ""
    yield f"The change: {proposal.summary}. {_WHY[proposal.kind]}"
    yield ""
    yield from table(proposal)
    yield ""
    yield "Verified:"
    yield ""
    for control in proposal.controls:
        yield f"- {control.name} ({_one_line(control.text)})"
    if proposal.limits:
        yield ""
        yield "Not shown: " + "; ".join(proposal.limits) + "."
    yield ""
    yield f"Apply with `git apply --directory tasks/{repair.task.instance_id} {diff}`."
    yield ""
    yield f"Found and verified with {source}."


def table(proposal: Proposal) -> Iterator[str]:
    """Yield the lines of a Markdown table: each candidate or detail, before and after."""
    what = "detail" if proposal.kind is RepairKind.STATEMENT else "candidate"
    yield f"| {what} | kind | before | after |"
    yield "|---|---|---|---|"
    for row in proposal.table:
        cells = (row.candidate, row.kind, row.before, row.after)
        yield "| " + " | ".join(cell.translate(_ESCAPED) for cell in cells) + " |"


def tried(repair: TaskRepair) -> str:
    """Return what was tried and is not proposed, and why; empty where everything verified."""
    lines = [
        f"- {proposal.kind.value} ({', '.join(proposal.findings)}): {proposal.summary}."
        f" Not verified: {_one_line(proposal.failure)}"
        for proposal in repair.proposals
        if not proposal.verified
    ]
    lines += [
        f"- {one.kind.value} ({', '.join(one.findings)}): {_one_line(one.reason)}"
        for one in repair.unmade
    ]
    return (
        "\n".join([f"# {repair.task.instance_id}: tried, not proposed", "", *lines, ""])
        if (lines)
        else ""
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
