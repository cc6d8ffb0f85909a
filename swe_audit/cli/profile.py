"""``swe-audit profile``: a dataset at a glance, or two side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from swe_audit.cli.options import Json, LogFile, Quiet, Verbose
from swe_audit.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from swe_audit.cli.console import Voice
    from swe_audit.formats.partial import PartialDataset
    from swe_audit.model.profile import Profile
    from swe_audit.profiling import Context


def profile_command(
    datasets: Annotated[
        list[str],
        typer.Argument(
            metavar="DATASET [DATASET]", help="One or two: task repos, data set files or ids."
        ),
    ],
    results: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Which submission solves which task; repeatable."),
    ] = None,
    predictions: Annotated[
        list[Path] | None,
        typer.Option("-p", "--predictions", metavar="FILE", help="Submitted patches; repeatable."),
    ] = None,
    completions: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="How models completed statements; repeatable."),
    ] = None,
    audit: Annotated[
        list[Path] | None,
        typer.Option(metavar="RUN", help="An audit's folder or report.json; repeatable."),
    ] = None,
    cutoffs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Training cut-off of each model, in YAML.")
    ] = None,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="Say how many tasks are older.")
    ] = None,
    families: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Which submissions have one source.")
    ] = None,
    mirrors: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Clones: whole base files explain an overlap, too."),
    ] = None,
    ngram: Annotated[
        int, typer.Option(min=2, max=20, help="Code tokens that make one n-gram of the overlap.")
    ] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the bootstrap.")] = 0,
    as_json: Json = False,
    verbose: Verbose = False,
    quiet: Quiet = False,
    log_file: LogFile = None,
) -> None:
    """Say what a dataset is made of: difficulty, size, skew, age, statements, tests, leaks.

    Rows that lack a column and files that were cut short lose only what is missing, and what is
    missing is said. With two datasets, everything that both can say stands side by side.

    Examples:

        swe-audit profile tasks.jsonl

        swe-audit profile verified.jsonl pro.jsonl      side by side

        swe-audit profile tasks.jsonl --results results.csv --cutoffs models.yaml --before 2023-01

        swe-audit profile tasks.jsonl -p predictions/   overlap with the reference, by model

        swe-audit profile tasks.jsonl --audit reports/bundled --json

    --cutoffs takes lines such as `gpt-4: 2021-09-30`; with `cutoff:` and `submissions:` below a
    name, the columns of --results that used it. Exit codes: 0 complete, 2 usage, 3 bad input,
    5 some rows could not be read.
    """
    from swe_audit.cli.console import Voice, print_json
    from swe_audit.errors import UsageError
    from swe_audit.formats.partial import load_partial
    from swe_audit.profiling import compare, profile
    from swe_audit.report.profile_document import profile_document

    if len(datasets) > 2:
        raise UsageError(f"{len(datasets)} data sets were given; two can be compared")
    voice = Voice(verbose=verbose, quiet=quiet, log_file=log_file)
    inputs = _Inputs(
        voice, results, predictions, completions, audit, cutoffs, before, families, mirrors
    )
    loaded = [load_partial(source) for source in datasets]
    for one in loaded:
        for skip in one.dataset.skipped:
            voice.say(f"left out {skip.instance_id}: {skip.reason.value}: {skip.detail}")
    profiles = [
        profile(one.dataset, inputs.context(one, ngram, seed, alone=len(loaded) == 1))
        for one in loaded
    ]
    comparison = None
    if len(loaded) == 2:
        ids = [{task.instance_id for task in one.dataset.tasks} for one in loaded]
        comparison = compare(profiles[0], profiles[1], shared=len(ids[0] & ids[1]))
    if as_json:
        document = profile_document(profiles, comparison)
        print_json(document)
    else:
        _print(profiles, comparison)
    voice.close()
    if any(one.dataset.skipped for one in loaded):
        raise typer.Exit(int(ExitCode.INCOMPLETE))


class _Inputs:
    """What the options name, read once; each dataset takes its part."""

    def __init__(
        self,
        voice: Voice,
        results: Sequence[Path] | None,
        predictions: Sequence[Path] | None,
        completions: Sequence[Path] | None,
        audits: Sequence[Path] | None,
        cutoffs: Path | None,
        before: str | None,
        families: Path | None,
        mirrors: Path | None,
    ) -> None:
        from swe_audit.formats import load_families, load_predictions, load_results
        from swe_audit.formats.completions import load_completions
        from swe_audit.formats.cutoffs import load_cutoffs, parsed_day
        from swe_audit.formats.finished import load_statuses

        self._voice = voice
        self._mirrors = mirrors
        self._before = parsed_day(before, "--before") if before else None
        self._cutoffs = load_cutoffs(cutoffs) if cutoffs else ()
        self._families = load_families(families) if families else None
        self._matrices = [load_results(path) for path in results or ()]
        self._statuses = [load_statuses(path) for path in audits or ()]
        self._predictions = load_predictions(predictions, voice.warn) if predictions else None
        self._completions = load_completions(completions, voice.warn) if completions else None

    def context(self, loaded: PartialDataset, n: int, seed: int, *, alone: bool) -> Context:
        """Return what is known of one dataset; the matrix and audit that name most of its tasks.

        Of two datasets, one that no submission is for has no overlap; one alone says how many
        submissions are for other tasks.
        """
        from swe_audit.profiling import Context, contamination, memorisation
        from swe_audit.profiling.age import Cutoff

        tasks = loaded.dataset.tasks
        ids = {task.instance_id for task in tasks}
        matrix = max(self._matrices, key=lambda one: len(ids & set(one.solved)), default=None)
        statuses = max(self._statuses, key=lambda one: len(ids & set(one)), default=None)
        submitted = self._predictions
        if submitted is not None and not alone:
            submitted = tuple(one for one in submitted if one.instance_id in ids) or None
        completed = self._completions
        if completed is not None and not alone:
            completed = tuple(one for one in completed if one.instance_id in ids) or None
        return Context(
            before=self._before,
            cutoffs=[
                Cutoff(model=one.model, day=one.day, submissions=one.submissions)
                for one in self._cutoffs
            ],
            submissions=matrix.submissions if matrix else (),
            solved=matrix.solved if matrix else None,
            statuses=statuses,
            lacking=loaded.lacking,
            contamination=contamination(
                tasks,
                submitted,
                n=n,
                base_texts=self._base_texts(loaded, {one.instance_id for one in submitted}),
                families=self._families,
                seed=seed,
            )
            if submitted is not None
            else None,
            memorisation=memorisation(tasks, completed, n=n, seed=seed)
            if completed is not None
            else None,
        )

    def _base_texts(
        self, loaded: PartialDataset, wanted: set[str]
    ) -> dict[str, tuple[str, ...]] | None:
        from swe_audit.formats.base_files import base_texts

        if self._mirrors is None:
            return None
        tasks = [task for task in loaded.dataset.tasks if task.instance_id in wanted]
        return base_texts(tasks, self._mirrors, self._voice.warn)


def _print(profiles: Sequence[Profile], comparison: object) -> None:
    from swe_audit.cli.profile_view import show_comparison, show_profile
    from swe_audit.model.profile import Comparison

    if isinstance(comparison, Comparison):
        show_comparison(comparison, profiles)
    else:
        show_profile(profiles[0])
