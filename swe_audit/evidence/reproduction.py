"""Reproduction: what the statement's own code shows on base, on gold and on a submission.

EVIDENCE 3. An observable is what the statement prints as wanted or, where it prints nothing,
what gold shows and base does not. That an exception no longer occurs is alone no observable
[xarray-6992, sphinx-7462].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from swe_audit.evidence.echo_script import Shown, echo_script, shown
from swe_audit.evidence.masking import Template, same_as_printed, template_of
from swe_audit.model.candidate import Candidate, CandidateKind, Control, Provenance
from swe_audit.model.reproduction import Answer, Reproduced, ShownBy, ShownStep
from swe_audit.model.task import Task
from swe_audit.statements import Step, examples

HASH_SEEDS = (1, 2, 3)
"""Gold runs once under each, so that what depends on the order of a set is masked."""
_FIELDS = tuple(field.name for field in fields(Shown))


def first_questions(task: Task, gold: Candidate, empty: Candidate) -> tuple[Candidate, ...]:
    """Return the runs of the examples that tell whether they tell: base, and gold three times.

    Nothing for a statement without code.
    """
    if not examples(task.statement):
        return ()
    return (
        _inquiry(task, empty, "reproduction-empty", HASH_SEEDS[0]),
        *(_inquiry(task, gold, f"reproduction-gold-{seed}", seed) for seed in HASH_SEEDS),
    )


def question(task: Task, candidate: Candidate) -> Candidate:
    """Return the run of the examples on a rejected candidate."""
    return _inquiry(task, candidate, f"reproduction-{candidate.name}", HASH_SEEDS[0])


def _inquiry(task: Task, subject: Candidate, name: str, seed: int) -> Candidate:
    return Candidate(
        instance_id=task.instance_id,
        name=name,
        kind=CandidateKind.CONTROL,
        provenance=Provenance.INQUIRY,
        patch=subject.patch,
        rationale=f"the statement's code on {subject.name}, instead of the tests",
        control=Control.REPRODUCTION,
        subject=subject.name,
        script=echo_script(examples(task.statement), task.repo, hash_seed=seed),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run of the examples: whose patch, which trial, and its log."""

    subject: str
    trial: str
    log: str


def reproduced(
    task: Task,
    runs: Sequence[Run],
    *,
    gold: str,
    empty: str,
    details: Mapping[str, Sequence[str]],
) -> Reproduced | None:
    """Read the runs of a task's examples; None where base and gold have not both run.

    ``gold`` and ``empty`` name the candidates, ``details`` gives by rejected candidate the
    details that it was rejected for. The same runs give the same answer.
    """
    steps = examples(task.statement)
    of_gold = [run for run in runs if run.subject == gold]
    of_base = [run for run in runs if run.subject == empty]
    if not steps or len(of_gold) < len(HASH_SEEDS) or not of_base:
        return None
    trials = tuple(run.trial for run in (*of_base, *of_gold))
    golds = [shown(run.log, len(steps)) for run in of_gold]
    base = shown(of_base[0].log, len(steps))
    if base is None or any(one is None for one in golds):
        blank = tuple(_step(step, None, None) for step in steps)
        return Reproduced(steps=blank, trials=trials, void="the code does not run to its end here")
    ground = _Ground(steps, base, [one for one in golds if one is not None])
    return Reproduced(
        steps=tuple(
            _step(step, ground.base[at], ground.gold[at], telling=bool(ground.telling(at)))
            for at, step in enumerate(steps)
        ),
        trials=trials,
        void=ground.void,
        stale=ground.stale() if ground.void else (),
        missed=ground.missed(),
        candidates=tuple(
            ground.answer(run, details.get(run.subject, ()))
            for run in runs
            if run.subject not in (gold, empty)
        ),
    )


def against_of(found: Reproduced | None) -> frozenset[str]:
    """Name the candidates that differ from gold in more than the detail they were rejected for."""
    told = found.candidates if found is not None else ()
    return frozenset(one.candidate for one in told if one.answer is Answer.DIFFERS)


class _Ground:
    """Base and gold, step by step, and what can be told from them."""

    def __init__(
        self, steps: Sequence[Step], base: Sequence[Shown], golds: Sequence[Sequence[Shown]]
    ) -> None:
        self.steps = steps
        self.base = base
        self.templates = [
            {name: template_of([getattr(gold[at], name) for gold in golds]) for name in _FIELDS}
            for at in range(len(steps))
        ]
        self.golds = golds
        self.gold = [_masked(each) for each in self.templates]
        tells = any(self.telling(at) for at in range(len(steps)))
        self.void = "" if tells else "nothing that it shows tells gold from base"

    def telling(self, at: int) -> tuple[str, ...]:
        """The parts of a step in which gold shows something that base does not."""
        return tuple(
            name
            for name, template in self.templates[at].items()
            if template.says and not template.admits(getattr(self.base[at], name))
        )

    def stale(self) -> tuple[int, ...]:
        """The steps for which base shows what is wanted; none where it misses one of them."""
        wanted = [at for at, step in enumerate(self.steps) if step.wanted]
        given = [at for at in wanted if self.gives(at, self.base[at])]
        return tuple(given) if len(given) == len(wanted) else ()

    def missed(self) -> tuple[int, ...]:
        """The steps for which gold misses what is wanted.

        Only where base shows the fault just as the statement prints it for the same code: then
        both are written alike, and a difference is no matter of notation.
        """
        return tuple(
            at
            for at, step in enumerate(self.steps)
            if step.wanted
            and not any(self.gives(at, gold[at]) for gold in self.golds)
            and not self.gives(at, self.base[at])
            and self._base_as_printed(step.source)
        )

    def _base_as_printed(self, source: str) -> bool:
        return any(
            other.source.strip() == source.strip()
            and bool(other.printed)
            and other.printed != other.wanted
            and same_as_printed(other.printed, _forms(self.base[at]))
            for at, other in enumerate(self.steps)
        )

    def gives(self, at: int, what: Shown) -> bool:
        """Whether a step shows what the statement wants of it, here or where it says it again."""
        source = self.steps[at].source.strip()
        return any(
            same_as_printed(step.wanted, _forms(what))
            for step in self.steps
            if step.wanted and step.source.strip() == source
        )

    def answer(self, run: Run, details: Sequence[str]) -> ShownBy:
        """Compare a candidate with gold and with what is wanted."""
        found = shown(run.log, len(self.steps))
        if found is None:
            lines = tuple("" for _ in self.steps)
            return ShownBy(
                candidate=run.subject, trial=run.trial, shown=lines, answer=Answer.SILENT
            )
        differs = tuple(
            at
            for at, what in enumerate(found)
            if not self._like_gold(at, what) and not (self.gives(at, what))
        )
        beyond = [at for at in differs if not self._like_gold(at, found[at], details)]
        return ShownBy(
            candidate=run.subject,
            trial=run.trial,
            shown=tuple(what.text for what in found),
            answer=self._answer(found, differs, beyond),
            differs=differs,
        )

    def _answer(
        self, found: Sequence[Shown], differs: Sequence[int], beyond: Sequence[int]
    ) -> Answer:
        if beyond:
            return Answer.DIFFERS
        if any(
            self.gives(at, what) and not self.gives(at, self.base[at])
            for at, what in enumerate(found)
        ):
            return Answer.DELIVERS
        if any(self.telling(at) and at not in differs for at in range(len(found))):
            return Answer.AGREES
        return Answer.DETAIL if differs else Answer.SILENT

    def _like_gold(self, at: int, what: Shown, details: Sequence[str] = ()) -> bool:
        return all(
            template.admits_but_for(getattr(what, name), details)
            for name, template in self.templates[at].items()
        )


def _forms(what: Shown) -> Iterator[str]:
    """What a step shows, as authors may print it: all of it, or its result alone."""
    yield from dict.fromkeys((what.text, what.value, what.output, what.error))


def _masked(templates: Mapping[str, Template]) -> Shown:
    return Shown(**{name: template.text for name, template in templates.items()})


def _step(
    step: Step, base: Shown | None, gold: Shown | None, *, telling: bool = False
) -> ShownStep:
    return ShownStep(
        source=step.source,
        line=step.line,
        base=base.text if base else "",
        gold=gold.text if gold else "",
        wanted=step.wanted,
        telling=telling,
    )
