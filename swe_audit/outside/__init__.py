"""Commands from outside that judge or write patches; none is ever needed.

``docs/outside-commands.md`` says what they read and print.
"""

from swe_audit.outside.command import Outside, outside_command
from swe_audit.outside.judge import Judge
from swe_audit.outside.writer import Writer

__all__ = ["Judge", "Outside", "Writer", "outside_command"]
