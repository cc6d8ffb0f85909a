"""The JSON documents: written field by field, so that internal types may change under them.

The shapes stand in ``docs/formats.md`` and, as JSON Schema, in ``schemas/``. New fields may come
under the same ``schema_version``; a change or a removal raises it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from swe_audit.model.audit import Audit, Rate, RejectionDetail, RunInfo, TaskResult
from swe_audit.model.candidate import Candidate, Dropped
from swe_audit.model.finding import EncounterRate, Evidence, Explanation, Finding
from swe_audit.model.tags import Tags
from swe_audit.model.task import FAIL_TO_PASS, PASS_TO_PASS, Skipped
from swe_audit.model.trial import Trial
from swe_audit.report.clusters import clusters_entry
from swe_audit.report.constructions import constructions_entry, constructions_summary
from swe_audit.report.corrected import scores_entry
from swe_audit.report.decision_entries import decision_entry, triage_entry
from swe_audit.report.relaxed import relaxed_entry
from swe_audit.report.reproduced import opinions_entry, reproduction_entry
from swe_audit.report.samples import inference_entry, sample_entry
from swe_audit.report.softened import softened_entry, softened_summary
from swe_audit.report.summary import Summary, skip_reasons, summarise
from swe_audit.report.text import well_formed
from swe_audit.version import VERSION

SCHEMA_VERSION = 1

Document = dict[str, Any]


def schema(name: str) -> Document:
    """Load a JSON Schema (draft 2020-12) that ships with the program: ``report`` or ``tag``."""
    file = resources.files("swe_audit.report") / "schemas" / f"{name}.schema.json"
    loaded: Document = json.loads(file.read_text(encoding="utf-8"))
    return loaded


def to_bytes(document: Document) -> bytes:
    """Write a document as UTF-8; lone surrogates become U+FFFD.

    Each field, and each item of a list, stands on its own line, so that two reports can be
    compared line by line.
    """
    fields = ",\n".join(f"{_line(key)}: {_field(value)}" for key, value in document.items())
    return (well_formed(f"{{\n{fields}\n}}") + "\n").encode("utf-8")


def _field(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _line(value)
    items = ",\n".join(_line(item) for item in value)
    return f"[\n{items}\n]"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def report_document(audit: Audit) -> Document:
    """Give ``report.json``: the run, every task with its findings and trials, and the counts."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": VERSION,
        "run": _run(audit.run),
        "tasks": [
            _task(result, reason)
            for result, reason in zip(audit.tasks, skip_reasons(audit), strict=True)
        ],
        "summary": _summary(summarise(audit), audit),
        "scores": scores_entry(audit.scores),
    }


def tag_document(
    source: str, tagged: Iterable[tuple[str, Tags]], skipped: Iterable[Skipped] = ()
) -> Document:
    """Give what ``swe-audit tag --json`` prints; ``tagged`` pairs instance ids with their tags."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": VERSION,
        "dataset": source,
        "tasks": [{"instance_id": name, "tags": tags_entry(tags)} for name, tags in tagged],
        "skipped": [
            {"instance_id": one.instance_id, "reason": one.reason.value, "detail": one.detail}
            for one in skipped
        ],
    }


def tags_entry(tags: Tags) -> Document:
    """Give a task's tags; ``lines_changed`` is added plus removed, outside tests."""
    return {
        "difficulty": tags.difficulty,
        "difficulty_estimated": tags.difficulty_estimated,
        "lines_added": tags.lines_added,
        "lines_removed": tags.lines_removed,
        "lines_changed": tags.lines_changed,
        "files": tags.files,
        "hunks": tags.hunks,
        "repository": tags.repository,
        "language": tags.language,
        "year": tags.year,
    }


def finding_entry(finding: Finding) -> Document:
    """Give one finding, as it stands in ``tasks[].findings[]``."""
    return {
        "id": finding.id,
        "defect": finding.defect.value,
        "cause": finding.cause.value if finding.cause else None,
        "confidence": finding.confidence.value,
        "detail": finding.detail,
        "summary": finding.summary,
        "tests": list(finding.tests),
        "determined_by": [one.value for one in finding.determined_by],
        "rungs": list(finding.rungs),
        "candidates": list(finding.candidates),
        "encounter_rate": _encounter_rate(finding.encounter_rate),
        "evidence": [_evidence(one) for one in finding.evidence],
    }


def _run(run: RunInfo) -> Document:
    return {
        "id": run.id,
        "command": run.command,
        "seed": run.seed,
        "dataset": run.dataset,
        "dataset_sha256": run.dataset_sha256,
        "engine": run.engine,
        "isolation": run.isolation,
        "versions": dict(run.versions),
        "started": run.started,
        "finished": run.finished,
        "notes": [*run.notes, *run.unanswered],
        "sample": sample_entry(run.sample),
    }


def _task(result: TaskResult, skip_reason: str) -> Document:
    candidates = {candidate.name: candidate for candidate in result.candidates}
    return {
        "instance_id": result.instance_id,
        "status": result.status.value,
        "reason": result.reason,
        "skip_reason": skip_reason or None,
        "findings": [finding_entry(finding) for finding in result.findings],
        "tags": tags_entry(result.tags) if result.tags else None,
        "trials": [_trial(trial, candidates.get(trial.candidate)) for trial in result.trials],
        "rejections": [_rejection(one) for one in result.rejections],
        "candidates": [_candidate(one) for one in result.candidates],
        "dropped": [_dropped(one) for one in result.dropped],
        "not_reproduced": list(result.not_reproduced),
        "decisions": [decision_entry(one) for one in result.decisions],
        "constructions": constructions_entry(result),
        "relaxed": relaxed_entry(result),
        "softened": softened_entry(result),
        "reproduction": reproduction_entry(result.reproduction),
        "opinions": opinions_entry(result.opinions),
        "clusters": clusters_entry(result),
        "reported": (
            {"solved": result.reported.solved, "of": result.reported.of}
            if result.reported
            else None
        ),
    }


def _trial(trial: Trial, candidate: Candidate | None) -> Document:
    return {
        "id": trial.id,
        "candidate": trial.candidate,
        "kind": candidate.kind.value if candidate else None,
        "provenance": candidate.provenance.value if candidate else None,
        "family": (candidate.family or None) if candidate else None,
        "attempt": trial.attempt,
        "state": trial.state.value,
        "verdict": trial.verdict.value,
        "official_verdict": trial.official_verdict.value,
        "failed": {
            FAIL_TO_PASS: list(trial.outcome.failed_f2p),
            PASS_TO_PASS: list(trial.outcome.failed_p2p),
        },
        "seconds": trial.seconds,
        "total_seconds": trial.total_seconds,
        "image": trial.image or None,
        "isolation": trial.isolation or None,
        "log": trial.log or None,
        "detail": trial.detail,
        "notes": list(trial.notes),
    }


def _candidate(candidate: Candidate) -> Document:
    return {
        "name": candidate.name,
        "kind": candidate.kind.value,
        "provenance": candidate.provenance.value,
        "family": candidate.family or None,
        "count": candidate.count,
        "patch_sha256": candidate.patch_sha256,
        "rationale": candidate.rationale,
        "author": candidate.author or None,
        "reviewed_by": candidate.reviewed_by or None,
        "claim": candidate.claim.value if candidate.claim else None,
        "sites": list(candidate.sites),
        "control": candidate.control.value if candidate.control else None,
        "subject": candidate.subject or None,
        "own_tests": candidate.test_patch is not None,
        "set_aside": list(candidate.set_aside),
        "own_script": candidate.script is not None,
        "evidence": [_evidence(one) for one in candidate.evidence_items],
    }


def _dropped(dropped: Dropped) -> Document:
    return {"name": dropped.name, "reason": dropped.reason.value, "detail": dropped.detail}


def _rejection(rejection: RejectionDetail) -> Document:
    return {
        "candidate": rejection.candidate,
        "trial": rejection.trial,
        "explanations": [_explanation(one) for one in rejection.explanations],
    }


def _explanation(explanation: Explanation) -> Document:
    return {
        "test": explanation.test,
        "cause": explanation.cause.value,
        "exception": explanation.exception,
        "message": explanation.message,
        "assertion": explanation.assertion,
        "path": explanation.path,
        "line": explanation.line,
        "detail": explanation.detail,
    }


def _evidence(evidence: Evidence) -> Document:
    return {
        "kind": evidence.kind,
        "text": evidence.text,
        "path": evidence.path,
        "line": evidence.line,
        "trial": evidence.trial,
    }


def _encounter_rate(rate: EncounterRate | None) -> Document | None:
    if rate is None:
        return None
    return {
        "k": rate.k,
        "n": rate.n,
        "low": rate.low,
        "high": rate.high,
        "knows_detail": rate.knows_detail,
    }


def rate_entry(rate: Rate) -> Document:
    """Give a rate with its interval, as it stands wherever a document has one."""
    return {
        "k": rate.k,
        "n": rate.n,
        "low": rate.low,
        "high": rate.high,
        "level": rate.level,
        "method": rate.method,
    }


def _summary(summary: Summary, audit: Audit) -> Document:
    bounds = audit.defect_rate_bounds
    return {
        "tasks": summary.tasks,
        "by_status": {key.value: value for key, value in summary.by_status.items()},
        "by_defect": {key.value: value for key, value in summary.by_defect.items()},
        "by_confidence": {key.value: value for key, value in summary.by_confidence.items()},
        "by_run_state": {key.value: value for key, value in summary.by_run_state.items()},
        "by_skip_reason": dict(summary.by_skip_reason),
        "trials": summary.trials,
        "rejections_without_evidence": summary.rejections_without_evidence,
        "defect_rate": rate_entry(audit.defect_rate),
        "defect_rate_bounds": (
            {"low": bounds[0], "high": bounds[1]} if bounds is not None else None
        ),
        "inference": inference_entry(audit.inference),
        "constructions": constructions_summary(audit),
        "softened": softened_summary(audit),
        "triage": triage_entry(audit),
    }
