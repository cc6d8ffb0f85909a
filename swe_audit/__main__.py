"""``python -m swe_audit`` is the command ``swe-audit``."""

from swe_audit.cli import main

main()
