"""What softened tests import: it keeps going after a failed assertion, and writes down each one.

``RECORDER`` is a module for Python 3.5 and later that needs the standard library alone. A test
that failed an assertion still fails, at its end, with the first error. Skips, expected failures
and time-outs pass through. What runs outside a test, in another thread, or where an error is
what the test expects, is left as hard as it was.

It writes one line of JSON for each test, when the test ends, to ``RECORDS`` (never to a stream
that the runner may capture). A module that was not imported whole leaves the names that its tests
use. Values are kept as bounded reprs, made after the assertion, outside of blocks that count
queries or warnings.
"""

from __future__ import annotations

FOLDER = "/.swe-audit-soft"
"""Where the recorder lies and writes, in the container."""
MODULE = "swe_audit_recorder"
RECORDS = "records"

RECORDER = r'''
import atexit
import base64
import bisect
import functools
import inspect
import json
import linecache
import os
import reprlib
import sys
import threading
import zlib

MARK = "@MARK@"
FOLDER = "@FOLDER@"
MOST, PASSES, FAILS = 400, 4, 20
LONGEST, WHOLE = 2000, 24 * 1024 * 1024
PASSING = frozenset((
    "SkipTest", "Skipped", "XFailed", "XFail", "XPass", "Exit", "_ShouldStop", "Timeout",
    "TimeOutError", "TimeoutError", "_UnexpectedSuccess",
))
_open, _write, _close, _environ = os.open, os.write, os.close, os.environ
_ident = threading.get_ident
_tests = []
_written = [0]
_told = set()
_unfinished = {}
_short = reprlib.Repr()
_short.maxlevel, _short.maxother, _short.maxstring, _short.maxlong = 8, LONGEST, LONGEST, 200
_short.maxlist = _short.maxtuple = _short.maxdict = _short.maxset = _short.maxfrozenset = 100
_short.maxdeque = _short.maxarray = 100


class _Open(threading.local):
    def __init__(self):
        self.stack = []


_opened = _Open()


def _emit(record):
    line = (MARK + json.dumps(record, sort_keys=True) + "\n").encode("ascii")
    _written[0] += len(line)
    if _written[0] > WHOLE:
        return
    file = _open(FOLDER + "/records", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        _write(file, line)
    finally:
        _close(file)


def _text(value, most=LONGEST):
    try:
        return value.encode("utf-8", "backslashreplace").decode("utf-8")[:most]
    except Exception:
        return ""


def _repr(value):
    try:
        if type(value) is str:
            cut = "..." if len(value) > LONGEST else ""
            return _text(repr(value[:LONGEST]) + cut, 8 * LONGEST)
        return _text(_short.repr(value), 4 * LONGEST)
    except BaseException as error:
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return "<no repr: " + type(error).__name__ + ">"


def _message(error):
    try:
        return _text(str(error))
    except Exception:
        return ""


def _soft(error):
    name = type(error).__name__
    if name == "Failed" and not isinstance(error, Exception):
        return True
    return isinstance(error, Exception) and name not in PASSING


def _current():
    if _tests and _tests[-1].thread == _ident():
        return _tests[-1]
    return None


class _Test(object):
    """One run of a test's body; a context manager that fails at its end."""

    def __init__(self, file, line, name, arguments):
        self.file, self.line, self.thread = file, line, _ident()
        self.first, self.caught = None, []
        self.hard, self.quiet, self.count = 0, 0, 0
        self.records, self.pending, self.often = [], [], {}
        self.ids = self._ids(name, arguments)

    def _ids(self, name, arguments):
        ids = []
        node = _environ.get("PYTEST_CURRENT_TEST", "")
        if node:
            ids.append(node.rsplit(" (", 1)[0])
        case = arguments[0] if arguments else None
        if hasattr(type(case), "shortDescription") and hasattr(case, "_testMethodName"):
            for tell in (str, lambda one: one.shortDescription(), lambda one: one.id()):
                try:
                    ids.append(tell(case))
                except Exception:
                    pass
        ids.append(name)
        return [_text(one) for one in ids if one]

    def __enter__(self):
        self.depth = len(_opened.stack)
        _tests.append(self)
        return self

    def __exit__(self, kind, error, trace):
        _tests.remove(self)
        del _opened.stack[self.depth:]
        self.settle()
        ended = None
        if error is not None and not any(error is one for one in self.caught):
            if _soft(error):
                line, own = self.file.place(trace)
                source = self.file.source_at(trace)
                ended = [line, kind.__name__, _message(error), own, source]
            else:
                ended = [None, kind.__name__, "", "", ""]
        self.file.tell([record[0] for record in self.records])
        _emit({
            "k": "test", "p": self.file.path, "l": self.line, "t": self.ids,
            "a": self.records, "e": ended, "n": self.count,
        })
        first, self.first, self.caught = self.first, None, []
        if first is not None and error is not first:
            raise first

    def record(self, line, error, trace, values):
        ok = error is None
        self.count += 1
        self.often[line] = number = self.often.get(line, 0) + 1
        if not ok:
            self.caught.append(error)
            if self.first is None:
                self.first = error
        often = self.often[line, ok] = self.often.get((line, ok), 0) + 1
        if len(self.records) + len(self.pending) >= MOST or often > (PASSES if ok else FAILS):
            return
        entry = [line, number, ok, values, "", "", True]
        if not ok:
            entry[4:] = [type(error).__name__, _message(error), self.file.place(trace)[1]]
        self.pending.append(entry)
        self.settle()

    def settle(self):
        if self.quiet:
            return
        pending, self.pending = self.pending, []
        for entry in pending:
            entry[3] = [_repr(value) for value in entry[3]]
            self.records.append(entry)


class _At(object):
    """One assertion: a statement (``at``) or a block that expects something (``block``)."""

    def __init__(self, line, hard=None):
        self.line, self.hard, self.values = line, hard, []

    def __enter__(self):
        test = _current()
        self.test = test if test is not None and not test.hard else None
        if self.test is not None:
            self.before = test.count
            if self.hard is True:
                test.hard += 1
            elif self.hard is False:
                test.quiet += 1
        _opened.stack.append(self)
        return self

    def __exit__(self, kind, error, trace):
        if _opened.stack and _opened.stack[-1] is self:
            _opened.stack.pop()
        test = self.test
        if test is None:
            return False
        if self.hard is True:
            test.hard -= 1
        elif self.hard is False:
            test.quiet -= 1
        swallowed = False
        if error is None:
            if self.hard is not None or test.count == self.before:
                test.record(self.line, None, None, self.values)
        elif _soft(error) and (self.hard is not False or isinstance(error, AssertionError)
                               or type(error).__name__ == "Failed"):
            test.record(self.line, error, trace, self.values)
            swallowed = True
        self.test, self.values = None, []
        test.settle()
        return swallowed


class _Scope(object):
    """What a subtest holds: its first failure is raised at its end, for the runner to count."""

    def __enter__(self):
        self.test = _current()
        if self.test is not None:
            self.before, self.test.first = self.test.first, None
        return self

    def __exit__(self, kind, error, trace):
        test = self.test
        if test is None:
            return False
        first, test.first = test.first, self.before
        if first is not None and error is not first:
            raise first
        return False


class _Around(object):
    """Around a subtest: where the runner has none and its failure comes out, the test goes on."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        test = _current()
        if test is None or error is None or not any(error is one for one in test.caught):
            return False
        if test.first is None:
            test.first = error
        return True


class _File(object):
    """One softened file: its assertions' sources, and where lines were put in."""

    def __init__(self, path, name, table):
        self.path, self.name = path, name
        self.sources = dict((int(line), text) for line, text in table["sources"].items())
        self.added, self.names = table["added"], table["names"]
        _unfinished[path] = self

    def at(self, line):
        return _At(line)

    def raising(self, line):
        return _At(line, True)

    def block(self, line):
        return _At(line, False)

    def around(self):
        return _Around()

    def scope(self):
        return _Scope()

    def v(self, value):
        if _opened.stack:
            _opened.stack[-1].values.append(value)
        return value

    def end(self):
        _unfinished.pop(self.path, None)

    def place(self, trace):
        """The innermost line of this file, and whether the error was raised in it."""
        line, own = None, ""
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name == self.name:
                line = trace.tb_lineno
            if FOLDER not in name:
                own = name
            trace = trace.tb_next
        if line is not None:
            line -= bisect.bisect_right(self.added, line)
        return line, _text(own)

    def source_at(self, trace):
        line = 0
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self.name:
                line = trace.tb_lineno
            trace = trace.tb_next
        try:
            return _text(linecache.getline(self.name, line).strip())
        except Exception:
            return ""

    def tell(self, lines):
        for line in sorted(set(lines)):
            if (self.path, line) not in _told:
                _told.add((self.path, line))
                if line in self.sources:
                    _emit({"k": "source", "p": self.path, "l": line, "s": self.sources[line]})

    def under(self, line, decorator):
        return lambda function: decorator(self.test(line)(function))

    def test(self, line):
        def softened(function):
            name = function.__qualname__
            if inspect.iscoroutinefunction(function):
                @functools.wraps(function)
                async def run(*args, **kwargs):
                    __tracebackhide__ = True
                    with _Test(self, line, name, args):
                        return await function(*args, **kwargs)
            else:
                @functools.wraps(function)
                def run(*args, **kwargs):
                    __tracebackhide__ = True
                    with _Test(self, line, name, args):
                        return function(*args, **kwargs)
            return run
        return softened


def begin(path, table):
    while FOLDER in sys.path:
        sys.path.remove(FOLDER)
    table = json.loads(zlib.decompress(base64.b64decode(table)).decode("ascii"))
    return _File(path, sys._getframe(1).f_code.co_filename, table)


def _tell_unfinished():
    for path, file in sorted(_unfinished.items()):
        _emit({"k": "unfinished", "p": path, "names": file.names})


atexit.register(_tell_unfinished)
'''


def recorder(mark: str, folder: str = FOLDER) -> str:
    """Return the recorder's source; each line that it writes begins with ``mark``."""
    return RECORDER.replace("@MARK@", mark).replace("@FOLDER@", folder).lstrip("\n")
