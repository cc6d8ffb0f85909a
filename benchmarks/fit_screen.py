"""Fit the weights of the screen, and say how well they do on rows left out.

    python benchmarks/fit_screen.py DATA [--write]

DATA holds ``verified_dev.jsonl.gz``, ``pro_dev.jsonl.gz`` and their ``*_results.csv.gz``. The
labels stand in ``screen_labels.csv`` beside this file. ``--write`` replaces the weights that ship.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.stats import beta

from swe_audit.formats import load, load_results
from swe_audit.screening.nouns import SignalKind
from swe_audit.screening.scoring import features
from swe_audit.screening.screener import signals_of

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "swe_audit" / "screening" / "weights.json"

PRIOR = {
    SignalKind.UNSTATED_NAME: 2.5,
    SignalKind.UNSTATED_MESSAGE: 2.0,
    SignalKind.SIGNATURE: 1.5,
    SignalKind.STATEMENT_CODE: 1.0,
    SignalKind.CHANGED_ASSERTION: 1.2,
    SignalKind.PRIVATE_NAME: 1.0,
    SignalKind.MOCKED_NAME: 1.0,
    SignalKind.EXACT_TEXT: 0.7,
    SignalKind.NO_COMMON_SUBJECT: 0.7,
    SignalKind.MANY_SITES: 0.5,
    SignalKind.MANY_FAILING: 0.5,
    SignalKind.LARGE_CHANGE: 0.7,
    SignalKind.UNREAL_ID: 0.3,
    SignalKind.SWALLOWED_ID: 0.3,
    SignalKind.SOLUTION_IN_STATEMENT: -0.5,
}
"""What we held a full signal to be worth before looking: log odds. Hints say nothing of tests."""

SPREAD = 0.7
"""How far data may pull a weight from there: the prior's standard deviation."""

SOLVED = 0.5
HARD = 0.05
FOLDS, REPEATS, SEED = 10, 20, 1
KINDS = list(PRIOR)


@dataclass(frozen=True)
class Rows:
    """Features, labels and weights; ``hand`` marks the rows that were read."""

    ids: list[str]
    x: np.ndarray
    y: np.ndarray
    w: np.ndarray
    hand: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    labels = read_labels(HERE / "screen_labels.csv")
    verified, solved = read_rows(arguments.data, "verified")
    pro, pro_solved = read_rows(arguments.data, "pro")
    train = training(verified, solved, labels)
    model = fit(train.x, train.y, train.w)
    left_out = cross_validated(train)
    print(f"training rows {len(train.ids)}, of them read by hand {int(train.hand.sum())}")
    report("left out, all", left_out, train.y, train.w)
    report(
        "left out, read by hand",
        left_out[train.hand],
        train.y[train.hand],
        train.w[train.hand],
    )
    calibration(left_out, train.y, train.w)
    ids = [name for name in pro if name in labels]
    scores = probability(model, np.array([pro[name] for name in ids]))
    report("Pro, read by hand", scores, np.array([labels[n] for n in ids]), np.ones(len(ids)))
    for name, rows, shares in (("verified", verified, solved), ("pro", pro, pro_solved)):
        known = [each for each in rows if shares(each) is not None]
        hard = np.array([shares(each) < HARD for each in known], dtype=float)
        scores = probability(model, np.array([rows[each] for each in known]))
        print(f"{name}: solved by hardly anyone, AUC {auc(scores, hard):.3f} (n {len(known)})")
    print({kind.value: round(w, 2) for kind, w in zip(KINDS, model[1:], strict=True)})
    print("intercept", round(model[0], 2))
    if arguments.write:
        write(model)


def read_labels(path: Path) -> dict[str, int]:
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["instance_id"]: int(row["unfair"]) for row in csv.DictReader(stream)}


def read_rows(
    data: Path, name: str
) -> tuple[dict[str, list[float]], Callable[[str], float | None]]:
    """Return the features of every row, and the share of submissions that solve it."""
    rows = {}
    for task in load(data / f"{name}_dev.jsonl.gz").tasks:
        found = features(signals_of(task))
        rows[task.instance_id] = [found.get(kind, 0.0) for kind in KINDS]
    return rows, load_results(data / f"{name}_dev_results.csv.gz").share


def training(
    rows: dict[str, list[float]], share: Callable[[str], float | None], labels: dict[str, int]
) -> Rows:
    """Return the labelled rows, and as fair those that half of all submissions solve.

    Hardly solved rows were all read. Of those between only some were: they stand for all.
    """
    shares = {name: share(name) or 0.0 for name in rows}
    between = [name for name in rows if HARD <= shares[name] < SOLVED]
    read = sum(name in labels for name in between)
    ids = [name for name in rows if name in labels or shares[name] >= SOLVED]
    return Rows(
        ids=ids,
        x=np.array([rows[name] for name in ids]),
        y=np.array([labels.get(name, 0) for name in ids], dtype=float),
        w=np.array([len(between) / read if name in between else 1.0 for name in ids]),
        hand=np.array([name in labels for name in ids]),
    )


def fit(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Return intercept and weights: the most probable ones, given prior and rows."""
    prior = np.array([PRIOR[kind] for kind in KINDS])

    def loss(b: np.ndarray) -> float:
        p = np.clip(probability(b, x), 1e-9, 1 - 1e-9)
        likelihood = float((w * (y * np.log(p) + (1 - y) * np.log(1 - p))).sum())
        return -likelihood + float(((b[1:] - prior) ** 2).sum()) / (2 * SPREAD**2)

    bounds = [(None, None), *[(0, None) if each > 0 else (None, 0) for each in prior]]
    start = np.concatenate([[-2.0], prior])
    return minimize(loss, start, method="L-BFGS-B", bounds=bounds).x


def probability(b: np.ndarray, x: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-(x @ b[1:] + b[0])))


def cross_validated(rows: Rows) -> np.ndarray:
    """Return for each row the mean score of models that never saw it."""
    scores = np.zeros(len(rows.ids))
    random = np.random.default_rng(SEED)
    for _ in range(REPEATS):
        order = random.permutation(len(rows.ids))
        for fold in range(FOLDS):
            out = order[fold::FOLDS]
            seen = np.setdiff1d(order, out)
            model = fit(rows.x[seen], rows.y[seen], rows.w[seen])
            scores[out] += probability(model, rows.x[out]) / REPEATS
    return scores


def auc(scores: np.ndarray, y: np.ndarray, w: np.ndarray | None = None) -> float:
    """Return how often an unfair row scores above a fair one; ties count half."""
    w = np.ones(len(y)) if w is None else w
    unfair, fair = y == 1, y == 0
    above = (scores[unfair][:, None] > scores[fair][None, :]) + 0.5 * (
        scores[unfair][:, None] == scores[fair][None, :]
    )
    pairs = w[unfair][:, None] * w[fair][None, :]
    return float((above * pairs).sum() / pairs.sum())


def report(name: str, scores: np.ndarray, y: np.ndarray, w: np.ndarray) -> None:
    random = np.random.default_rng(SEED)
    draws = []
    while len(draws) < 1000:
        pick = random.integers(0, len(y), len(y))
        if 0 < y[pick].sum() < len(pick):
            error = np.average((scores - y)[pick] ** 2, weights=w[pick])
            draws.append((auc(scores[pick], y[pick], w[pick]), error))
    low, high = np.percentile(np.array(draws), [2.5, 97.5], axis=0)
    brier = np.average((scores - y) ** 2, weights=w)
    rate = np.average(y, weights=w)
    print(
        f"{name}: n {len(y)}, unfair {int(y.sum())} (weighted {rate:.2f}, mean score"
        f" {np.average(scores, weights=w):.2f}); AUC {auc(scores, y, w):.3f} [{low[0]:.2f},"
        f" {high[0]:.2f}]; Brier {brier:.3f} [{low[1]:.3f}, {high[1]:.3f}], always the rate"
        f" {rate * (1 - rate):.3f}"
    )


def calibration(scores: np.ndarray, y: np.ndarray, w: np.ndarray) -> None:
    """Print for bands of the score how many rows of each were unfair."""
    edges: Sequence[float] = (0, 0.1, 0.2, 0.4, 0.6, 1.01)
    for low, high in itertools.pairwise(edges):
        band = (scores >= low) & (scores < high)
        if not band.any():
            continue
        n = w[band].sum() ** 2 / (w[band] ** 2).sum()
        share = np.average(y[band], weights=w[band])
        k = share * n
        bounds = beta.ppf([0.025, 0.975], [max(k, 1e-9), k + 1], [n - k + 1, max(n - k, 1e-9)])
        print(
            f"  score {low:.1f}-{min(high, 1):.1f}: rows {int(band.sum())}, mean score"
            f" {np.average(scores[band], weights=w[band]):.2f}, unfair {share:.2f}"
            f" [{bounds[0]:.2f}, {bounds[1]:.2f}]"
        )


def write(model: np.ndarray) -> None:
    kinds = {kind.value: round(float(w), 3) for kind, w in zip(KINDS, model[1:], strict=True)}
    document = {"intercept": round(float(model[0]), 3), "kinds": kinds}
    WEIGHTS.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS}")


if __name__ == "__main__":
    main()
