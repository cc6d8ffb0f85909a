"""Read a problem statement as a solver does: what it names, prints, quotes and prescribes."""

from swe_audit.statements.layout import blocks
from swe_audit.statements.mentions import mention
from swe_audit.statements.nouns import Block, BlockKind, Mention
from swe_audit.statements.wording import holds_text

__all__ = ["Block", "BlockKind", "Mention", "blocks", "holds_text", "mention"]
