"""What classes inherit, as the probe in the task's image found it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from swe_audit.alternatives.ground import Ancestry


def ancestry_of(facts: str) -> Mapping[tuple[str, str], Ancestry]:
    """Read the probe's JSON; nothing is known where it printed none."""
    try:
        found = json.loads(facts)["classes"]
    except (ValueError, KeyError, TypeError):
        return {}
    return {
        (key.partition("::")[0], key.partition("::")[2]): Ancestry(
            bases=tuple(entry["bases"]),
            members=frozenset(entry["members"]),
            resolved=bool(entry["resolved"]),
        )
        for key, entry in found.items()
    }
