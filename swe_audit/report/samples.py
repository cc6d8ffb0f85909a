"""How the tasks were chosen and what follows from it, as ``report.json`` shows them."""

from __future__ import annotations

from typing import Any

from swe_audit.model.sample import Estimate, Inference, SampleDesign


def sample_entry(design: SampleDesign | None) -> dict[str, Any] | None:
    """Give ``run.sample``; null where every task was taken."""
    if design is None:
        return None
    return {
        "kind": design.kind.value,
        "asked": design.asked,
        "seed": design.seed,
        "population": design.population,
        "chosen": len(design.chosen),
        "by": list(design.by),
        "criterion": design.criterion or None,
        "unread": design.unread,
        "strata": [
            {
                "name": stratum.name,
                "population": stratum.population,
                "chosen": len(stratum.instances),
                "instances": list(stratum.instances),
            }
            for stratum in design.strata
        ],
    }


def inference_entry(inference: Inference | None) -> dict[str, Any] | None:
    """Give ``summary.inference``; null where there was no sample."""
    if inference is None:
        return None
    return {
        "sentence": inference.sentence,
        "estimates": [_estimate(one) for one in inference.estimates],
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "of": estimate.of,
        "kind": "bound" if estimate.bound else "estimate",
        "k": estimate.k,
        "n": estimate.n,
        "inconclusive": estimate.inconclusive,
        "population": estimate.population,
        "share": estimate.share,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "method": estimate.method,
    }
