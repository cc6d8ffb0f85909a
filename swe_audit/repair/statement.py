"""A sentence for the statement that names what the tests pin, and the check that it is named.

A sentence is only proposed where the licence checks, asked again with it, call the detail
determined: then no audit could call a patch wronged that chose another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from swe_audit.alternatives.constructions import CONSTRUCTIONS
from swe_audit.alternatives.ground import Ground
from swe_audit.alternatives.licence import statement as licence
from swe_audit.alternatives.licence.outcome import Denied
from swe_audit.model.construction import ConstructionKind, RefusalReason, Refused, Site
from swe_audit.model.finding import Cause, Confidence, Defect, Determinant, Finding
from swe_audit.repair.history import History, unescaped
from swe_audit.repair.nouns import Comparison, Control, Proposal, RepairKind, Unmade
from swe_audit.statements import Mention, holds_text, mention

_NO_FINDING = (Confidence.SUSPECT, Confidence.DISPUTED, Confidence.REFUTED)
_STATED = (RefusalReason.STATED, RefusalReason.STATED_TEXT)
_NAMED = (Cause.MISSING_NAME, Cause.SIGNATURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """What a sentence has to name: an identifier, or a text where ``is_text``."""

    finding: str
    text: str
    is_text: bool
    sentence: str
    site: Site | None = None


def propose(
    history: History, findings: Sequence[Finding], ground: Ground | None
) -> Iterator[Proposal | Unmade]:
    """Yield one proposal that names every detail that a sentence can name, and what is left out.

    Without a ``ground`` the constructions cannot be asked again, and the proposal says so.
    """
    kept: list[Detail] = []
    for finding in findings:
        details = _details(history, finding)
        if isinstance(details, str):
            yield Unmade(kind=RepairKind.STATEMENT, findings=(finding.id,), reason=details)
            continue
        alone = _proposal(history, details, ground)
        if alone.verified:
            kept.extend(details)
        else:
            yield alone
    if kept:
        yield _proposal(history, kept, ground)


def _details(history: History, finding: Finding) -> tuple[Detail, ...] | str:
    """Return what a finding's sentence names, or in words why no sentence can."""
    if finding.defect is not Defect.NARROW:
        return f"a sentence more does not mend a {finding.defect.value} task"
    sites = history.met(finding)
    if not sites:
        return _without_site(history, finding)
    unnamed = [site for site in sites if site.kind not in _WRITERS]
    if unnamed:
        return f"no sentence names how gold writes its {unnamed[0].symbol}"
    return tuple(
        Detail(
            finding=finding.id,
            text=site.detail,
            is_text=site.kind is ConstructionKind.MESSAGE,
            sentence=_WRITERS[site.kind](site),
            site=site,
        )
        for site in sites
    )


def _without_site(history: History, finding: Finding) -> tuple[Detail, ...] | str:
    if finding.cause in _NAMED and finding.detail.isidentifier():
        what = "a keyword argument" if finding.cause is Cause.SIGNATURE else "the name"
        sentence = f"The tests use {what} `{finding.detail}`{_owner(history, finding)}."
        return (_plain(finding, finding.detail, sentence, is_text=False),)
    if finding.cause is Cause.MESSAGE_TEXT and finding.detail.strip():
        text = unescaped(finding.detail)
        sentence = _quoting("The tests look for this text:", text)
        return (_plain(finding, text, sentence, is_text=True),)
    cause = finding.cause.value if finding.cause else "no cause"
    return f"a finding of {cause} has no name and no text that one sentence could give"


def _plain(finding: Finding, text: str, sentence: str, *, is_text: bool) -> Detail:
    return Detail(finding=finding.id, text=text, is_text=is_text, sentence=sentence)


_OWNERS = (
    re.compile(r"\b([A-Za-z_][\w.]*)\(\) got an unexpected keyword argument"),
    re.compile(r"['\"]([\w.]+)['\"] object has no attribute"),
    re.compile(r"type object ['\"]([\w.]+)['\"] has no attribute"),
    re.compile(r"module ['\"]([\w.]+)['\"] has no attribute"),
    re.compile(r"cannot import name ['\"]\w+['\"] from ['\"]([\w.]+)['\"]"),
)


def _owner(history: History, finding: Finding) -> str:
    """Return ``of what`` the tests use a name, as the failing test's own message says it."""
    for rejection in history.result.rejections:
        for each in rejection.explanations:
            if rejection.candidate not in finding.candidates or each.detail != finding.detail:
                continue
            for rule in _OWNERS:
                if found := rule.search(each.message):
                    return f" of `{found[1]}`"
    return ""


def _name_sentence(site: Site) -> str:
    if site.symbol == "module":
        return f"The tests import a module named `{site.detail}`, which is the file `{site.path}`."
    holder = f"of `{site.scope}` in `{site.path}`" if site.scope else f"in `{site.path}`"
    return f"The tests use {_article(site.symbol)} named `{site.detail}` {holder}."


def _location_sentence(site: Site) -> str:
    return f"The tests import the {site.symbol} `{site.detail}`, which is in `{site.path}`."


def _message_sentence(site: Site) -> str:
    head = f"The tests compare {_article(site.symbol)} with this text, placeholders filled in:"
    return _quoting(head, _EXPRESSION.sub("{...}", site.detail))


def _article(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


_EXPRESSION = re.compile(r"\{[^{}]*[^\w{}][^{}]*\}")
"""A placeholder that is a whole expression of gold's source."""

_WRITERS = {
    ConstructionKind.NAME: _name_sentence,
    ConstructionKind.MESSAGE: _message_sentence,
    ConstructionKind.LOCATION: _location_sentence,
}


def _quoting(head: str, text: str) -> str:
    """Put a text behind a sentence's colon: inline, or as a block where it holds a line end."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    if "\n" not in text.strip("\n"):
        fence = "`" * (longest + 1)
        pad = " " if text.startswith("`") or text.endswith("`") else ""
        return f"{head} {fence}{pad}{text.strip()}{pad}{fence}"
    fence = "`" * max(3, longest + 1)
    return f"{head}\n\n{fence}\n{text.strip()}\n{fence}"


def with_sentences(statement: str, sentences: Sequence[str]) -> str:
    """Return the statement with paragraphs of its own for some sentences at its end."""
    ending = "" if statement.endswith("\n") or not statement else "\n"
    return statement + ending + "".join(f"\n{each}\n" for each in dict.fromkeys(sentences))


def _proposal(history: History, details: Sequence[Detail], ground: Ground | None) -> Proposal:
    task = history.task
    changed = replace(
        task, statement=with_sentences(task.statement, [each.sentence for each in details])
    )
    sites = dict.fromkeys(each.site for each in details if each.site is not None)
    controls = [_named(changed.statement, each) for each in details]
    if ground is not None:
        after = replace(ground, task=changed)
        controls += [_refused(after, site) for site in sites]
    names = ", ".join(dict.fromkeys(_short(each.text) for each in details))
    limit = "the task's tree was not at hand, so the constructions were not asked again"
    table = [_compared(task.statement, changed.statement, each) for each in details]
    return Proposal(
        kind=RepairKind.STATEMENT,
        findings=tuple(dict.fromkeys(each.finding for each in details)),
        summary=f"the statement names {names}, which the tests pin",
        task=changed,
        controls=tuple(dict.fromkeys(controls)),
        table=tuple(dict.fromkeys(table)),
        limits=(limit,) if sites and ground is None else (),
    )


def _named(statement: str, detail: Detail) -> Control:
    """Ask the licence's rule about statements, which constructions ask first."""
    name = f"the statement names {_short(detail.text)}"
    if detail.is_text:
        held = holds_text(statement, detail.text)
        seen = "it holds the text" if held else "it does not hold it as a text"
        return Control(name=name, held=held, text=seen)
    outcome = licence.examine(statement, detail.text)
    if isinstance(outcome, Denied):
        return Control(name=name, held=outcome.reason in _STATED, text=outcome.text)
    return Control(name=name, held=False, text=outcome[0].text)


def _refused(ground: Ground, site: Site) -> Control:
    """Ask the construction itself: with the sentence there it has to refuse the detail."""
    name = f"the licence checks refuse {_short(site.detail)}"
    mine = (site.detail, site.scope, site.path)
    for found in CONSTRUCTIONS[site.kind](ground):
        if (found.detail, found.scope, found.path) != mine:
            continue
        if isinstance(found, Refused):
            held = found.reason in _STATED
            return Control(name=name, held=held, text=f"{found.reason.value}: {found.text}")
        # A location stays free in principle; what the statement says of it leaves a suspicion.
        stated = Determinant.STATEMENT in found.determined_by
        if found.kind is ConstructionKind.LOCATION and stated and found.ceiling in _NO_FINDING:
            return Control(name=name, held=True, text="the statement determines it")
        return Control(name=name, held=False, text=f"it could still be {_short(found.replacement)}")
    return Control(name=name, held=False, text="the construction no longer finds it in gold")


def _compared(before: str, after: str, detail: Detail) -> Comparison:
    return Comparison(
        candidate=_short(detail.text),
        kind="text" if detail.is_text else "name",
        before=_standing(before, detail),
        after=_standing(after, detail),
    )


def _standing(statement: str, detail: Detail) -> str:
    if detail.is_text:
        return "stated" if holds_text(statement, detail.text) else "not stated"
    return _WORDS[mention(statement, detail.text)[0]]


_WORDS = {
    Mention.NONE: "not mentioned",
    Mention.QUOTED: "only quoted",
    Mention.PROSE: "only a word of the prose",
    Mention.NAMED: "named",
}


def _short(text: str) -> str:
    line = " ".join(text.split())
    line = line if len(line) <= 60 else f"{line[:57]}..."
    return f"`{line}`" if "`" not in line else line
