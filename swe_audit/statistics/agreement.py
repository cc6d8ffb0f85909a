"""How far several reviewers agree, beyond what chance would give.

Krippendorff's alpha takes any number of reviewers and missing judgements (the ``krippendorff``
package); Fleiss' kappa wants the same number of judgements for every item (``statsmodels``, in the
extra ``agreement``, for it is heavy). Both treat labels as nominal: no label is nearer to another.
"""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement over ``items`` that at least two reviewers judged, by ``judgements`` in all.

    ``alpha`` and ``kappa`` are 1 for full agreement, 0 for what chance gives, negative below
    that; None where they cannot be computed, and ``alpha_missing`` or ``kappa_missing`` says
    why. ``unanimous`` counts the items on which all agree.
    """

    reviewers: tuple[str, ...]
    labels: tuple[str, ...]
    items: int
    judgements: int
    unanimous: int
    alpha: float | None
    kappa: float | None
    alpha_missing: str = ""
    kappa_missing: str = ""


def agreement(judgements: Iterable[tuple[str, str, str]]) -> Agreement:
    """Return the agreement of (item, reviewer, label) judgements, in whatever order they come.

    A reviewer's later judgement of an item replaces the earlier one. Items that only one judged
    say nothing about agreement and are left out.
    """
    table: dict[str, dict[str, str]] = {}
    for item, reviewer, label in judgements:
        table.setdefault(item, {})[reviewer] = label
    rows = [table[item] for item in sorted(table) if len(table[item]) > 1]
    reviewers = tuple(sorted({reviewer for row in rows for reviewer in row}))
    labels = tuple(sorted({label for row in rows for label in row.values()}))
    alpha, no_alpha = _alpha(rows, reviewers, labels)
    kappa, no_kappa = _kappa(rows, labels)
    return Agreement(
        reviewers=reviewers,
        labels=labels,
        items=len(rows),
        judgements=sum(len(row) for row in rows),
        unanimous=sum(len(set(row.values())) == 1 for row in rows),
        alpha=alpha,
        kappa=kappa,
        alpha_missing=no_alpha,
        kappa_missing=no_kappa,
    )


_NOBODY = "no item was judged by two reviewers"
_ONE_LABEL = "everybody gave the same label, so chance agreement cannot be told from real"


def _alpha(
    rows: list[dict[str, str]], reviewers: tuple[str, ...], labels: tuple[str, ...]
) -> tuple[float | None, str]:
    if not rows:
        return None, _NOBODY
    if len(labels) < 2:
        return None, _ONE_LABEL
    import krippendorff
    import numpy as np

    number = {label: float(place) for place, label in enumerate(labels)}
    data = np.array([[number.get(row.get(who, ""), np.nan) for row in rows] for who in reviewers])
    return float(krippendorff.alpha(data, level_of_measurement="nominal")), ""


def _kappa(rows: list[dict[str, str]], labels: tuple[str, ...]) -> tuple[float | None, str]:
    if not rows:
        return None, _NOBODY
    if len(labels) < 2:
        return None, _ONE_LABEL
    if len({len(row) for row in rows}) > 1:
        return None, "items have different numbers of judgements; alpha takes them, kappa does not"
    try:
        rater = importlib.import_module("statsmodels.stats.inter_rater")
    except ImportError:
        return None, "needs statsmodels: pip install 'swe-audit[agreement]'"
    counts = [[Counter(row.values())[label] for label in labels] for row in rows]
    return float(rater.fleiss_kappa(counts, method="fleiss")), ""
