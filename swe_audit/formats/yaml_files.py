"""Read and write YAML safely: no tags, no duplicate keys, no bombs; numbers stay as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from swe_audit.errors import InputError
from swe_audit.formats.text_files import MIB, read_text

MAX_YAML = 4 * MIB
MAX_NODES = 200_000
MAX_DEPTH = 50

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]  # the C loader's class is only known at run time
    """The safe loader less its surprises: ``1.10`` and a date stay text, ``no`` is not false."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]
)


class _Dumper(yaml.SafeDumper):
    """Write multi-line text as a block, so that it stays readable."""


def _text_node(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text_node)


def parsed_yaml(text: str, where: str) -> dict[str, Any]:
    """Return the mapping that a YAML text holds; an empty text is an empty mapping.

    Scalars are text, true, false or null. Raise ``InputError`` for anything that is no mapping,
    for a tag, a duplicate key, a nesting deeper than 50, and for aliases that would unfold to
    more than 200,000 nodes.
    """
    try:
        node = composed(text)
        if node is None:
            return {}
        _check(node, where, {}, 0)
        value = _construct(node)
    except RecursionError as error:
        raise InputError(f"{where}: YAML nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        line = " ".join(str(error).split())
        raise InputError(f"{where}: not valid YAML: {line}") from error
    if not isinstance(value, dict):
        raise InputError(f"{where}: holds a {_kind(value)} where a mapping is wanted")
    return value


def composed(text: str) -> yaml.Node | None:
    """Return a YAML text's nodes, which know their lines; raise ``yaml.YAMLError``."""
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the mapping that a YAML file holds, at most 4 MiB of it."""
    return parsed_yaml(read_text(path, limit=MAX_YAML), str(path))


def dumped_yaml(data: dict[str, Any], *, sort_keys: bool = False) -> str:
    """Return block-style YAML; the same data gives the same text."""
    text = yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=sort_keys,
        allow_unicode=True,
        default_flow_style=False,
        width=1000,
    )
    return str(text)


def _check(node: yaml.Node, where: str, sizes: dict[int, int], depth: int) -> int:
    """Return how many nodes a node unfolds to; each shared node is walked once."""
    known = sizes.get(id(node))
    if known is not None:
        if known == 0:
            raise InputError(f"{where}: a YAML alias contains itself")
        return known
    if depth > MAX_DEPTH:
        raise InputError(f"{where}: YAML nested too deeply")
    sizes[id(node)] = 0
    total = 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise InputError(f"{where}: a YAML key is not plain text")
            if key.value in seen:
                line = key.start_mark.line + 1
                raise InputError(f"{where}:{line}: the key {key.value!r} stands there twice")
            seen.add(key.value)
            total += 1 + _check(value, where, sizes, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        total += sum(_check(item, where, sizes, depth + 1) for item in node.value)
    if total > MAX_NODES:
        raise InputError(f"{where}: YAML aliases unfold to more than {MAX_NODES} nodes")
    sizes[id(node)] = total
    return total


_PLAIN_TAGS = {
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
}


def _construct(node: yaml.Node) -> Any:
    """Return the plain value of a checked node; a tag of its own is refused."""
    if node.tag == "tag:yaml.org,2002:null":
        return None
    if node.tag == "tag:yaml.org,2002:bool":
        return str(node.value).lower() == "true"
    if node.tag not in _PLAIN_TAGS:
        raise yaml.YAMLError(f"the tag {node.tag} is not accepted")
    if isinstance(node, yaml.MappingNode):
        return {key.value: _construct(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item) for item in node.value]
    return node.value


def _kind(value: object) -> str:
    return {list: "list", str: "text", bool: "truth value"}.get(type(value), "value")
