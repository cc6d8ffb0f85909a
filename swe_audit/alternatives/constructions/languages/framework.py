"""Names that Go or JavaScript software outside the repository looks for (EVIDENCE 2.5)."""

from __future__ import annotations

import re

from swe_audit.alternatives.constructions.languages.definitions import Definition
from swe_audit.alternatives.constructions.languages.syntax import is_go
from swe_audit.alternatives.licence.outcome import Denied, Outcome
from swe_audit.model.construction import LicenceCheck, RefusalReason

_GO_PREDECLARED = frozenset(
    {
        "any", "append", "bool", "byte", "cap", "clear", "close", "comparable", "complex", "copy",
        "delete", "error", "false", "float32", "float64", "imag", "int", "int8", "int16", "int32",
        "int64", "iota", "len", "make", "max", "min", "new", "nil", "panic", "print", "println",
        "real", "recover", "rune", "string", "true", "uint", "uint8", "uint16", "uint32", "uint64",
        "uintptr",
    }
)  # fmt: skip
_GO_RESERVED = re.compile(r"(?:main|init|_|TestMain|(?:Test|Benchmark|Example|Fuzz)[A-Z_]\w*)\Z")
_SCRIPT_RESERVED = frozenset(
    {
        "constructor", "render", "toString", "valueOf", "toJSON", "then", "catch", "default",
        "componentDidMount", "componentDidUpdate", "componentWillUnmount", "shouldComponentUpdate",
        "getDerivedStateFromProps", "getSnapshotBeforeUpdate", "componentDidCatch",
        "connectedCallback", "disconnectedCallback", "attributeChangedCallback", "handleEvent",
        "oninit", "oncreate", "onupdate", "onremove", "view", "next", "return", "throw",
    }
)  # fmt: skip
# Methods by which the standard library's interfaces know a type.
_GO_INTERFACES = frozenset(
    {
        "Add", "Addr", "As", "At", "Bounds", "BlockSize", "Bytes", "Clone", "Close", "Code",
        "ColorModel", "Commit", "Context", "Deadline", "Decode", "Do", "Done", "Enabled", "Encode",
        "Err", "Error", "Exec", "Flush", "Format", "Get", "GobDecode", "GobEncode", "GoString",
        "Handle", "Handler", "Header", "Hijack", "Info", "Init", "Is", "IsBoolFlag", "IsDir",
        "Key", "Len", "Less", "Lock", "LocalAddr", "MarshalBinary", "MarshalJSON", "MarshalText",
        "MarshalXML", "MarshalYAML", "ModTime", "Mode", "Name", "Network", "Next", "Open", "Ping",
        "Pop", "Prepare", "Push", "Query", "Read", "ReadAt", "ReadByte", "ReadDir", "ReadFile",
        "ReadFrom", "ReadRune", "RemoteAddr", "Reset", "Rollback", "RoundTrip", "Scan", "Seek",
        "ServeHTTP", "Set", "SetDeadline", "SetReadDeadline",
        "SetWriteDeadline", "Size", "Stat", "String", "Sub", "Sum", "Swap", "Sync",
        "Sys", "Temporary", "Timeout", "Type", "Unlock", "UnmarshalBinary", "UnmarshalJSON",
        "UnmarshalText", "UnmarshalXML", "UnmarshalYAML", "UnreadByte", "Unwrap", "Value", "Visit",
        "WithAttrs", "WithGroup", "Write", "WriteAt", "WriteByte", "WriteHeader", "WriteString",
        "WriteTo",
    }
)  # fmt: skip


def reserved(it: Definition) -> Denied | None:
    """Deny names by which a language, its test runner or a common framework calls something."""
    if is_go(it.path):
        known = it.word in _GO_PREDECLARED or _GO_RESERVED.match(it.word) is not None
    else:
        known = it.word in _SCRIPT_RESERVED
    if known:
        text = f"{it.word} is called by its name from outside"
        return Denied(reason=RefusalReason.DUNDER, text=text)
    return None


def member(it: Definition, used: bool) -> Outcome:
    """Deny what an interface of somebody else's may know by its name.

    Interfaces of the tree are no concern: what base has is never renamed. A method of Go that
    nothing here calls is there for an interface that is not here. ``used``
    says that the name also stands where it is not defined.
    """
    if it.obstacle:
        return Denied(reason=RefusalReason.FRAMEWORK, text=it.obstacle)
    if it.symbol != "method" or not is_go(it.path):
        return (LicenceCheck(rule="framework", text="nothing outside the repository names it"),)
    if it.word in _GO_INTERFACES:
        text = f"an interface of Go's standard library has a method {it.word}"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    if not used:
        text = "nothing here calls it, so an interface from elsewhere may"
        return Denied(reason=RefusalReason.FRAMEWORK, text=text)
    return (LicenceCheck(rule="framework", text="no interface of Go's own has it"),)
