"""Read a problem statement as a solver does: what it names, prints, quotes and prescribes."""

from swe_audit.statements.examples import Step, examples
from swe_audit.statements.intent import (
    doubt_about,
    doubt_in,
    is_wanted,
    says_wanted,
    sentences_of,
)
from swe_audit.statements.layout import blocks
from swe_audit.statements.mentions import mention, names_file, names_function
from swe_audit.statements.nouns import Block, BlockKind, Mention
from swe_audit.statements.wording import holds_text

__all__ = [
    "Block",
    "BlockKind",
    "Mention",
    "Step",
    "blocks",
    "doubt_about",
    "doubt_in",
    "examples",
    "holds_text",
    "is_wanted",
    "mention",
    "names_file",
    "names_function",
    "says_wanted",
    "sentences_of",
]
