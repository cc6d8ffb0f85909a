"""The uncertainty of a correction: tasks are drawn again, for all submissions the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from swe_audit.statistics.resampling import RESAMPLES

LEVEL = 0.95
METHOD = f"bootstrap over tasks, paired, percentile, {RESAMPLES} resamples"
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """One submission on each task, before and after: None where the task does not count."""

    before: tuple[float | None, ...]
    after: tuple[float | None, ...]


def intervals(
    submissions: Sequence[Paired], seed: int = 0, level: float = LEVEL
) -> tuple[tuple[float, float] | None, ...]:
    """Bound the mean after less the mean before, for each submission over the same tasks.

    None where fewer than three tasks count on either side. The same values with the same seed
    give the same bounds.
    """
    enough = [each for each in submissions if _counts(each)]
    if all(each.before == each.after for each in enough):
        # However tasks are drawn, what nothing corrects does not change; nor is scipy imported.
        return tuple((0.0, 0.0) if _counts(each) else None for each in submissions)
    import numpy as np
    from scipy.stats import bootstrap

    before, had = _matrix([each.before for each in enough])
    after, has = _matrix([each.after for each in enough])
    tasks = before.shape[1]
    observed = after.sum(axis=1) / has.sum(axis=1) - before.sum(axis=1) / had.sum(axis=1)

    def differences(drawn: Any, axis: int = -1) -> Any:  # noqa: ARG001 - scipy names it
        rows = np.atleast_2d(drawn)
        times = np.stack([np.bincount(row, minlength=tasks) for row in rows]).T.astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            found = (after @ times) / (has @ times) - (before @ times) / (had @ times)
        # A draw of tasks of which none counts says nothing.
        found = np.where(np.isfinite(found), found, observed[:, None])
        return found[:, 0] if np.ndim(drawn) == 1 else found

    found = bootstrap(
        (np.arange(tasks),),
        differences,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    bounds = {
        id(each): (min(float(low), float(mean)), max(float(high), float(mean)))
        for each, low, high, mean in zip(enough, found.low, found.high, observed, strict=True)
    }
    return tuple(bounds.get(id(each)) for each in submissions)


def _counts(paired: Paired) -> bool:
    return all(
        sum(cell is not None for cell in cells) >= _FEWEST
        for cells in (paired.before, paired.after)
    )


def _matrix(rows: Sequence[Sequence[float | None]]) -> tuple[Any, Any]:
    """Return the values, nought where there is none, and which there are."""
    import numpy as np

    values = np.array([[0.0 if cell is None else cell for cell in row] for row in rows])
    there = np.array([[cell is not None for cell in row] for row in rows], dtype=float)
    return values, there


def ranks(shares: Sequence[float | None]) -> tuple[int | None, ...]:
    """Return each share's rank from 1, the largest first; equal ones share the better rank."""
    known = [share for share in shares if share is not None]
    return tuple(
        None if share is None else 1 + sum(other > share for other in known) for share in shares
    )
