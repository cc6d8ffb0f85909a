"""Which submissions have one independent source: runs and ablations of one system are a family.

The rule is cautious: what might be the same system counts once, because a family too many would
make agreement look like independent confirmation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Words that tell runs, ablations and settings of one system apart, but name no system.
_SETTINGS = re.compile(
    r"^(?:runs?|rerun|trial|attempt|seed|sample|try|iter|pass|exp|experiment|ablation|base|baseline"
    r"|hybrid|full|lite|mini|verified|final|test|dev|best|single|multi|no|with|without|high|medium"
    r"|low|thinking|default|model|preds|predictions|submissions?|results?|logs|eval|evaluation)$"
)
_GENERIC = frozenset({"swe", "bench", "swebench", "benchmark", "benchmarks", "docker"})
_ENGINES = re.compile(
    r"^(?:gpt\w*|o[134]|claude|sonnet\d*|opus\d*|haiku\d*|gemini|flash|llama\w*|qwen\w*|coder"
    r"|deepseek\w*|mistral\w*|kimi\w*|glm\w*|grok\w*|turbo|preview|pro|max)$"
)
_NUMBER = re.compile(r"^v?\d+[a-z]?$")


def family_of(source: str, model: str, overrides: Mapping[str, str] | None = None) -> str:
    """Name the family of a submission from where it was found and what it calls itself.

    ``overrides`` maps a source or a model name to a family and comes first. Otherwise it is the
    system that the model's name holds, without dates, run numbers, settings and the language
    model's name. A system that also names the collection (the part of ``source`` before its last
    colon), or a name that holds no system at all, gives the collection's family.
    """
    for key in (source, model):
        if overrides and key and key in overrides:
            return overrides[key]
    place = source.rsplit(":", 1)[0] if ":" in source else source
    collection = [word for word in _words(place.rsplit("+", 1)[-1]) if word not in _GENERIC]
    system = [word for word in _words(model) if word not in _GENERIC]
    if system and not set(system) & set(collection):
        return "-".join(system)
    return "-".join(collection) or place.casefold() or model.casefold()


def _words(name: str) -> list[str]:
    words = re.split(r"[^a-z0-9]+", name.casefold())
    return [
        word
        for word in words
        if word and not any(rule.match(word) for rule in (_SETTINGS, _NUMBER, _ENGINES))
    ]
