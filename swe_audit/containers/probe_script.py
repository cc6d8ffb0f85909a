"""Ask a task's own interpreter what classes inherit, and what can be imported.

``PROBE`` is a script for Python 3.6 and later that needs the standard library alone. It reads
sources and follows imports over the search path without importing them; only modules that have
no source (built in, or C extensions) are imported. ``probe_request`` makes what it reads on its
standard input, ``ancestries`` and ``installed`` read the one line of JSON that it prints.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from swe_audit.alternatives.ground import Ancestry
from swe_audit.errors import EngineError
from swe_audit.model.task import WORKDIR


def probe_request(files: Mapping[str, str | None], root: str = WORKDIR) -> str:
    """Return the script's input: files as gold leaves them, None for one to be read in the tree.

    The texts are laid over the tree, so that gold need not be applied there.
    """
    texts = {path: text for path, text in files.items() if text is not None}
    return json.dumps({"root": root, "paths": sorted(files), "files": texts})


def ancestries(printed: str) -> dict[tuple[str, str], Ancestry]:
    """Return what each class inherits, by file and qualified name.

    Raise ``EngineError`` where the script printed something else, as when it was killed.
    """
    classes = _document(printed).get("classes")
    if not isinstance(classes, dict):
        raise EngineError("the class probe printed no classes")
    found = {}
    for name, entry in classes.items():
        path, _, qualname = name.partition("::")
        try:
            found[path, qualname] = Ancestry(
                bases=tuple(str(base) for base in entry["bases"]),
                members=frozenset(str(member) for member in entry["members"]),
                resolved=entry["resolved"] is True,
            )
        except (KeyError, TypeError) as error:
            raise EngineError(f"the class probe says nothing of {name}") from error
    return found


def installed(printed: str) -> frozenset[str]:
    """Return the first parts of all names that can be imported, and of some that cannot.

    Raise ``EngineError`` where the script printed something else.
    """
    names = _document(printed).get("installed")
    if not isinstance(names, list):
        raise EngineError("the class probe printed no packages")
    return frozenset(str(name) for name in names)


def _document(printed: str) -> dict[str, object]:
    try:
        document = json.loads(printed)
    except (ValueError, RecursionError) as error:
        raise EngineError(f"the class probe printed no JSON: {printed[:200]!r}") from error
    if not isinstance(document, dict):
        raise EngineError("the class probe printed no JSON object")
    return document


PROBE = r'''
import ast
import builtins
import importlib
import importlib.machinery as machinery
import io
import json
import os
import pkgutil
import re
import sys
import tokenize
import warnings

DEPTH = 40
HANDS_OFF = {"antigravity", "idlelib", "this", "tkinter", "turtle"}
ROOTS = ("", "src", "lib")
HEAD = re.compile(r"^(\w+_)(?:%s|\{\w*\})?$")


class Module(object):
    def __init__(self, name, package, tree):
        self.name, self.package, self.tree = name, package, tree


class Probe(object):
    def __init__(self, root, files):
        self.root, self.files = root, files
        self.modules, self.known = {}, {}

    # What a module's name means: a parsed source, or None

    def module(self, name):
        if name not in self.modules:
            self.modules[name] = None
            self.modules[name] = self.laid_over(name) or self.on_path(name)
        return self.modules[name]

    def laid_over(self, name):
        """A module of the tree, whose text may not be on the disk yet."""
        parts = name.split(".")
        for top in ROOTS:
            for tail, package in ((parts + ["__init__.py"], True), (parts, False)):
                path = "/".join(([top] if top else []) + tail)
                path = path if package else path + ".py"
                text = self.text(path)
                if text is not None:
                    return self.parsed(name, package, text)
        return None

    def text(self, path):
        if path in self.files:
            return self.files[path]
        return read(os.path.join(self.root, path))

    def on_path(self, name):
        spec = self.spec(name)
        if spec is None or not spec.origin or not spec.origin.endswith(".py"):
            return None
        text = read(spec.origin)
        package = spec.submodule_search_locations is not None
        return None if text is None else self.parsed(name, package, text)

    def spec(self, name):
        """Find a module without importing what holds it."""
        search, spec, head = sys.path, None, ""
        for part in name.split("."):
            head = head + "." + part if head else part
            try:
                spec = machinery.PathFinder.find_spec(head, search)
            except (ImportError, AttributeError, ValueError):
                return None
            if spec is None:
                return None
            search = spec.submodule_search_locations or []
        return spec

    def parsed(self, name, package, text):
        tree = parse(text)
        return None if tree is None else Module(name, package, tree)

    # What a dotted name means in a module

    def look(self, module, name, depth=0):
        """(bases, members, resolved) of a class, its own members among them, or None."""
        key = (module.name, name)
        if key in self.known:
            return self.known[key]
        if depth > DEPTH:
            return None
        self.known[key] = None
        found = self.looked(module, name, depth + 1)
        self.known[key] = found
        return found

    def looked(self, module, name, depth):
        node = class_in(module.tree, name)
        if node is not None:
            above = self.above(module, node, depth)
            named = module.name + "." + name
            members = own_members(node) | built_beginnings(node)
            return ([named] + above[0], members | above[1], above[2])
        head, _, rest = name.partition(".")
        found = []
        for source, original in self.origins(module, head):
            target = ".".join(part for part in (original, rest) if part)
            found.append(self.from_module(source, target, depth))
        for value in aliases(module.tree, head):
            target = value + "." + rest if rest else value
            if target != name:
                found.append(self.look(module, target, depth))
        found = [each for each in found if each is not None]
        if found:
            return merged(found)
        if not rest and isinstance(getattr(builtins, name, None), type):
            return of_type(getattr(builtins, name))
        return None

    def above(self, module, node, depth):
        """What the bases of a class give together."""
        result = ([], set(), True)
        for base in node.bases:
            for part in unwrapped(base):
                name = dotted(part)
                found = self.look(module, name, depth) if name else None
                if found is None:
                    found = ([name or "?"], set(), False)
                result = (
                    result[0] + [each for each in found[0] if each not in result[0]],
                    result[1] | found[1],
                    result[2] and found[2],
                )
        return result

    def origins(self, module, head):
        stars = []
        for node in flat(module.tree.body):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.asname == head:
                        yield alias.name, ""
                    elif alias.asname is None and alias.name.split(".")[0] == head:
                        yield head, ""
            elif isinstance(node, ast.ImportFrom):
                source = absolute(module, node)
                for alias in node.names:
                    if alias.name == "*":
                        stars.append((source, head))
                    elif (alias.asname or alias.name) == head:
                        yield source, alias.name
        for each in stars:
            yield each

    def from_module(self, source, target, depth):
        if not target:
            return None
        parts = target.split(".")
        for count in range(len(parts)):
            name = ".".join([source] + parts[:count])
            module = self.module(name)
            if module is not None:
                found = self.look(module, ".".join(parts[count:]), depth)
                if found is not None:
                    return found
        return self.imported(source, parts)

    def imported(self, source, parts):
        """A class of a module without source, or one that a standard module makes as it runs."""
        for count in range(len(parts)):
            found = self.loaded(".".join([source] + parts[:count]))
            for part in parts[count:]:
                found = getattr(found, part, None)
            if isinstance(found, type):
                return of_type(found)
        return None

    def loaded(self, name):
        top = name.split(".")[0]
        if not top or top in HANDS_OFF:
            return None
        spec = self.spec(name)
        origin = (spec.origin or "") if spec is not None else ""
        native = origin.endswith(tuple(machinery.EXTENSION_SUFFIXES))
        if not (native or top in sys.builtin_module_names or standard(origin)):
            return None
        try:
            return importlib.import_module(name)
        except Exception:  # whatever a foreign module does when it is imported
            return None


def read(path):
    try:
        with open(path, "rb") as stream:
            raw = stream.read()
        encoding = tokenize.detect_encoding(io.BytesIO(raw).readline)[0]
        return raw.decode(encoding)
    except (IOError, OSError, SyntaxError, UnicodeDecodeError, LookupError):
        return None


def parse(text):
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def standard(origin):
    folder = os.path.dirname(os.__file__)
    inside = origin.startswith(folder + os.sep)
    return inside and "site-packages" not in origin and "dist-packages" not in origin


def absolute(module, node):
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    drop = node.level - (1 if module.package else 0)
    parts = parts[: len(parts) - drop] if drop else parts
    return ".".join(parts + ([node.module] if node.module else []))


def flat(body):
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With)):
            for block in ("body", "orelse", "finalbody"):
                for each in flat(getattr(node, block, [])):
                    yield each
            for handler in getattr(node, "handlers", []):
                for each in flat(handler.body):
                    yield each


def class_in(tree, name):
    body, node = tree.body, None
    for part in name.split("."):
        named = [e for e in flat(body) if isinstance(e, ast.ClassDef) and e.name == part]
        if not named:
            return None
        node = named[-1]
        body = node.body
    return node


def classes_in(body, prefix=""):
    for node in flat(body):
        if isinstance(node, ast.ClassDef):
            name = prefix + node.name
            yield name, node
            for each in classes_in(node.body, name + "."):
                yield each


def aliases(tree, name):
    """The dotted names that a module assigns to a name."""
    for node in flat(tree.body):
        if isinstance(node, ast.Assign):
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
            value = dotted(node.value)
            if name in targets and value:
                yield value


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        value = dotted(node.value)
        return value + "." + node.attr if value else None
    return None


def unwrapped(base):
    if isinstance(base, ast.Subscript):
        return [base.value]
    if isinstance(base, ast.Call):
        name = (dotted(base.func) or "").rpartition(".")[2]
        if name == "with_metaclass":
            return base.args[1:]
        if name in ("namedtuple", "NamedTuple"):
            return [ast.Name(id="tuple", ctx=ast.Load())]
    return [base]


def own_members(node):
    found = set()
    for each in flat(node.body):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(each.name)
            first = (getattr(each.args, "posonlyargs", []) + each.args.args)[:1]
            for part in ast.walk(each) if first else ():
                if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                    if part.value.id == first[0].arg:
                        found.add(part.attr)
        elif isinstance(each, ast.ClassDef):
            found.add(each.name)
        elif isinstance(each, (ast.Assign, ast.AnnAssign)):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            for target in targets:
                found.update(p.id for p in ast.walk(target) if isinstance(p, ast.Name))
    return found


def built_beginnings(node):
    """What the names begin with that a class builds to look them up, as ``visit_*``."""
    found, asks = set(), False
    for part in ast.walk(node):
        first = None
        if isinstance(part, ast.Call):
            asks = asks or getattr(part.func, "id", "") in ("getattr", "hasattr")
            if getattr(part.func, "attr", "") == "format":
                first = part.func.value
        elif isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Add, ast.Mod)):
            first = part.left
        elif isinstance(part, ast.JoinedStr) and len(part.values) > 1:
            first = part.values[0]
        match = HEAD.match(literal(first))
        if match is not None:
            found.add(match.group(1) + "*")
    return found if asks else set()


def literal(node):
    """The text of a string literal, whose node has changed between versions."""
    kind = type(node).__name__
    value = node.value if kind == "Constant" else node.s if kind == "Str" else ""
    return value if isinstance(value, str) else ""


def of_type(found):
    names = [each.__module__ + "." + each.__name__ for each in found.__mro__]
    return (names, set(dir(found)), True)


def merged(found):
    """What several meanings of one name give: resolved where one of them is."""
    bases, members = [], set()
    for each in found:
        bases += [base for base in each[0] if base not in bases]
        members |= each[1]
    return (bases, members, any(each[2] for each in found))


def installed():
    """The first parts of what can be imported: whatever lies on the search path may be."""
    found = set(sys.builtin_module_names)
    for folder in sys.path:
        try:
            found.update(name.split(".")[0] for name in os.listdir(folder))
        except OSError:  # no folder: an archive, or nothing
            pass
    return found.union(each[1] for each in pkgutil.iter_modules())


def name_of(path):
    parts = path[: -len(".py")].split("/")
    parts = parts[1:] if parts[0] in ROOTS else parts
    package = parts[-1] == "__init__"
    return ".".join(parts[:-1] if package else parts), package


def main():
    warnings.simplefilter("ignore")
    request = json.load(io.open(0, encoding="utf-8"))
    # What an imported module prints must not get between the lines of JSON.
    out = os.dup(1)
    os.dup2(2, 1)
    root = request["root"]
    sys.path[:] = [root, os.path.join(root, "src"), os.path.join(root, "lib")] + [
        each for each in sys.path if each
    ]
    probe = Probe(root, request.get("files", {}))
    classes = {}
    for path in request["paths"]:
        if not path.endswith(".py"):
            continue
        text = probe.text(path)
        tree = parse(text) if text is not None else None
        if tree is None:
            continue
        name, package = name_of(path)
        module = Module(name, package, tree)
        for qualname, node in classes_in(tree.body):
            bases, members, resolved = probe.above(module, node, 0)
            classes[path + "::" + qualname] = {
                "bases": bases or ["builtins.object"],
                "members": sorted(members | set(dir(object))),
                "resolved": resolved,
            }
    version = "{}.{}.{}".format(*sys.version_info[:3])
    document = {"python": version, "classes": classes, "installed": sorted(installed())}
    with io.open(out, "w", encoding="ascii") as stream:
        stream.write(json.dumps(document))
        stream.write("\n")


main()
'''
