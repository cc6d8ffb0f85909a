"""What ``swe-audit profile --json`` prints: written field by field, schema ``profile``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from swe_audit.model.audit import Rate
from swe_audit.model.contamination import Contamination, Mean, ModelContamination
from swe_audit.model.profile import (
    Age,
    Comparison,
    CrossCell,
    DifficultyRow,
    GradingHealth,
    Licences,
    Profile,
    Sizes,
    Spread,
    StatementHealth,
)
from swe_audit.report.documents import rate_entry
from swe_audit.version import VERSION

SCHEMA_VERSION = 1

Document = dict[str, Any]


def profile_document(profiles: Sequence[Profile], comparison: Comparison | None) -> Document:
    """Give the whole document; ``comparison`` is null for one dataset."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool_version": VERSION,
        "datasets": [profile_entry(profile) for profile in profiles],
        "comparison": _comparison(comparison) if comparison is not None else None,
    }


def profile_entry(profile: Profile) -> Document:
    """Give one dataset, as it stands in ``datasets[]``."""
    return {
        "source": profile.source,
        "n": profile.n,
        "unread": profile.unread,
        "difficulty": [_difficulty(row) for row in profile.difficulty],
        "estimated_difficulty": [
            {"difficulty": label, "tasks": tasks} for label, tasks in profile.estimated
        ],
        "sizes": _sizes(profile.sizes),
        "cross": [_cell(cell) for cell in profile.cross],
        "repositories": [
            {
                "repository": row.repository,
                "tasks": row.tasks,
                "share": row.share,
                "licence": row.licence,
                "copyleft": row.copyleft,
            }
            for row in profile.repositories
        ],
        "top5_share": profile.top5_share,
        "gini": profile.gini,
        "languages": [
            {"language": row.language, "tasks": row.tasks, "inferred": row.inferred}
            for row in profile.languages
        ],
        "licences": _licences(profile.licences),
        "age": _age(profile.age),
        "contamination": _contamination(profile.contamination),
        "memorisation": _contamination(profile.memorisation),
        "statement": _statement(profile.statement),
        "tests": _tests(profile.tests),
        "missing": [
            {"field": one.field, "tasks": one.tasks, "text": one.text} for one in profile.missing
        ],
    }


def _difficulty(row: DifficultyRow) -> Document:
    return {
        "difficulty": row.difficulty,
        "tasks": row.tasks,
        "estimated": row.estimated,
        "lines_added": _spread(row.lines_added),
        "lines_changed": _spread(row.lines_changed),
        "files": _spread(row.files),
        "solved": _mean(row.solved),
        "defective": _rate(row.defective),
    }


def _cell(cell: CrossCell) -> Document:
    return {
        "difficulty": cell.difficulty,
        "lines_changed": {"least": cell.least, "most": cell.most},
        "tasks": cell.tasks,
        "solved": _mean(cell.solved),
        "defective": _rate(cell.defective),
    }


def _sizes(sizes: Sizes) -> Document:
    return {
        "program": {
            "lines_added": _spread(sizes.lines_added),
            "lines_changed": _spread(sizes.lines_changed),
            "files": _spread(sizes.files),
        },
        "whole": {
            "lines_added": _spread(sizes.whole_added),
            "lines_changed": _spread(sizes.whole_changed),
            "files": _spread(sizes.whole_files),
        },
    }


def _licences(licences: Licences) -> Document:
    return {
        "by_licence": [
            {"licence": licence, "tasks": tasks} for licence, tasks in licences.by_licence
        ],
        "copyleft": licences.copyleft,
        "permissive": licences.permissive,
        "unknown": licences.unknown,
    }


def _age(age: Age) -> Document:
    return {
        "by_year": [{"year": year, "tasks": tasks} for year, tasks in age.by_year],
        "dated": age.dated,
        "unknown": age.unknown,
        "oldest": age.oldest,
        "newest": age.newest,
        "before": (
            {"date": age.before_date, "tasks": age.before} if age.before_date is not None else None
        ),
        "cutoffs": [
            {
                "model": row.model,
                "cutoff": row.cutoff,
                "before": row.before,
                "after": row.after,
                "unknown": row.unknown,
                "scores": [
                    {
                        "submission": score.submission,
                        "before": _rate(score.before),
                        "after": _rate(score.after),
                    }
                    for score in row.scores
                ],
            }
            for row in age.cutoffs
        ],
    }


def _contamination(found: Contamination | None) -> Document | None:
    if found is None:
        return None
    return {
        "n": found.n,
        "controls": found.controls,
        "explained_by": list(found.explained_by),
        "tasks": found.tasks,
        "nothing_novel": found.nothing_novel,
        "strangers": found.strangers,
        "models": [_model(model) for model in found.models],
    }


def _model(model: ModelContamination) -> Document:
    return {
        "model": model.model,
        "family": model.family,
        "submissions": model.submissions,
        "tasks": model.tasks,
        "overlap": _mean(model.overlap),
        "control": _mean(model.control),
        "others": _mean(model.others),
        "excess": _mean(model.excess),
        "excess_over_others": _mean(model.excess_over_others),
        "longest_run": _mean(model.longest_run),
        "control_run": _mean(model.control_run),
        "verbatim": _mean(model.verbatim),
        "control_verbatim": _mean(model.control_verbatim),
        "resembling": [
            {
                "instance_id": one.instance_id,
                "overlap": one.overlap,
                "others": one.others,
                "longest_run": one.longest_run,
                "verbatim": one.verbatim,
            }
            for one in model.resembling
        ],
    }


def _statement(health: StatementHealth) -> Document:
    return {
        "words": _spread(health.words),
        "code_blocks": _spread(health.code_blocks),
        "without_code": health.without_code,
        "blocks": [{"kind": kind, "tasks": tasks} for kind, tasks in health.blocks],
        "links": [
            {
                "kind": row.kind,
                "tasks": row.tasks,
                "links": row.links,
                "examples": [
                    {"instance_id": instance_id, "link": link} for instance_id, link in row.examples
                ],
            }
            for row in health.links
        ],
        "leaks": [
            {
                "where": leak.where,
                "measured": leak.measured,
                "whole": leak.whole,
                "part": leak.part,
                "examples": list(leak.examples),
            }
            for leak in health.leaks
        ],
    }


def _tests(health: GradingHealth) -> Document:
    return {
        "fail_to_pass": _spread(health.fail_to_pass),
        "pass_to_pass": _spread(health.pass_to_pass),
        "single_fail_to_pass": health.single,
        "no_pass_to_pass": health.no_pass_to_pass,
        "bad_ids": [
            {
                "reason": row.reason,
                "ids": row.ids,
                "tasks": row.tasks,
                "fail_to_pass": row.fail_to_pass,
                "examples": [
                    {"instance_id": instance_id, "test": test} for instance_id, test in row.examples
                ],
            }
            for row in health.bad_ids
        ],
    }


def _comparison(comparison: Comparison) -> Document:
    return {
        "first": comparison.first,
        "second": comparison.second,
        "shared": comparison.shared,
        "rows": [
            {
                "group": row.group,
                "measure": row.measure,
                "unit": row.unit,
                "first": row.first,
                "second": row.second,
            }
            for row in comparison.rows
        ],
    }


def _spread(spread: Spread) -> Document:
    return {
        "n": spread.n,
        "mean": spread.mean,
        "median": spread.median,
        "p90": spread.p90,
        "largest": spread.largest,
    }


def _mean(mean: Mean | None) -> Document | None:
    if mean is None:
        return None
    return {"mean": mean.mean, "low": mean.low, "high": mean.high, "n": mean.n}


def _rate(rate: Rate | None) -> Document | None:
    return rate_entry(rate) if rate is not None else None
