"""Whether a statement gives a block as the wanted fix, and whether it takes that back nearby."""

from __future__ import annotations

import re

from swe_audit.statements.layout import blocks, lines_of, opens
from swe_audit.statements.nouns import Block

_WANTED = re.compile(
    r"\bshould(?: \w+){0,2} (?:be|look|read|become|have|use|change|return)\b|\bfix(?:es|ed)?\b"
    r"|\binstead\b|\bchang(?:e|ed|ing)\b.*\b(?:to|on|into|in|from)\b|\bchang(?:e|es|ing)\b[^.]*:?$"
    r"|\breplac(?:e|ing|ed)\b|\bpropos(?:e|ed|al)\b|\bsuggest|\bsolutions?\b|\bsolv(?:e|es|ed)\b"
    r"|\bpatch\b|\bdiff\b|\bcorrect(?:ed)? (?:implementation|mapping|code|version|one|way|form)\b"
    r"|\b(?:will|would|could) (?:work|change|be)\b|\bto (?:be|this|something)\b[^.]*[:-]*$"
    r"|\b(?:re)?written as\b|\badd(?:ing)? (?:\w+ )?following\b|\bimplement(?:ed)? (?:as|like)\b",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"\bculprit\b|\bis currently\b|\bcurrently (?:is|reads|looks)\b|\bto reproduce\b"
    r"|\bfor example\b|\be\.g\.|\bworks? (?:fine|as expected)\b"
    r"|\bis (?:implemented|defined) as\b|\bexpected (?:output|results?)\b"
    r"|\bcaused by\b|\bproblem (?:is|point)\b|\bfollowing (?:error|output|test)\b"
    r"|\b(?:fails?|crash(?:es)?|broken)\b(?!.*\bfix)",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\bexperiment|\bhack(?:s|y|ish)?\b|\bwork-?\s?(?:ed )?arounds?\b|\bdebug fix\b|\btemporar"
    r"|\bmonkey-?patch|\b(?:not|un)\s?sure\b|\bmight\b|\bmaybe\b|\bperhaps\b|\bpossibl[ye]\b"
    r"|\bprobably\b|\bseems? to\b|\bnot (?:a |the )?(?:proper|real|right|correct|best|ideal)\b"
    r"|\bdon't know\b|\bdo not know\b|\b(?:dirty|crude|naive|untested|rough|stopgap)\b"
    r"|\bhaven't (?:tested|checked|tried)\b|\b(?:as|for) (?:a |an )?(?:quick )?test(?:ing)?\b"
    r"|\bjust (?:to|a) test\b|\bfor now\b|\bjust an idea\b|\bsimple use-?\s?cases?\b"
    r"|\bsome issues? with\b|\bbreaks? (?:other|some)\b|\bdoes(?: not|n't) (?:seem|help|solve)\b",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z`'\"(\[])")


def is_wanted(block: Block) -> bool:
    """Whether the sentence before a block gives it as what the code should become."""
    lead = block.lead
    return bool(_WANTED.search(lead)) and not _UNWANTED.search(lead)


def says_wanted(sentence: str) -> bool:
    """Whether a sentence of prose says what something should become."""
    return bool(_WANTED.search(sentence)) or bool(
        re.search(r"\bcorrect\b|\bdesignated\b|\bexpected\b", sentence, re.IGNORECASE)
    )


def doubt_about(statement: str, block: Block) -> str:
    """Return the words nearby by which the author disowns a block, empty where there are none.

    Nearby is the sentence before it, the first two after it, and the comments inside.
    """
    inside = " ".join(re.findall(r"#\s*(.*)", block.text))
    for sentence in (block.lead, inside, *_after(statement, block)):
        if _DOUBT.search(sentence):
            return sentence.strip()
    return ""


def doubt_in(*sentences: str) -> str:
    """Return the first of some sentences that takes back what it says, empty if none does."""
    return next((each.strip() for each in sentences if _DOUBT.search(each)), "")


def sentences_of(statement: str) -> list[str]:
    """Return the sentences of a statement's prose, blocks left out, in their order."""
    lines = lines_of(statement)
    for block in blocks(statement):
        first = block.line - 1
        while first > 0 and (opens(lines[first - 1]) or not lines[first - 1].strip()):
            first -= 1
        lines[first : block.last] = [""] * (block.last - first)
    text = "\n".join(lines)
    paragraphs = re.split(r"\n\s*\n|\n(?=\s*(?:[-*#]|\d+\.)\s)", text)
    return [
        sentence.strip()
        for paragraph in paragraphs
        for sentence in _SENTENCES.split(" ".join(paragraph.split()))
        if sentence.strip()
    ]


def _after(statement: str, block: Block) -> list[str]:
    lines = lines_of(statement)
    following: list[str] = []
    limit = min((b.line - 1 for b in blocks(statement) if b.line > block.last), default=len(lines))
    for line in lines[block.last : limit]:
        if line.startswith("#") or (following and not line.strip()):
            break
        if line.strip():
            following.append(line.strip())
    return _SENTENCES.split(" ".join(following))[:2]
