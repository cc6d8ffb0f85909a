"""What runs in a task's image to see what installing its tree once more reads and changes.

``begin`` makes every tracked file of the tree look new, and what was made of them old, so that
whatever goes by a file's age has to open it. It leaves a process behind that takes note of each
file that is opened (inotify).
``end`` says which those were, and fingerprints whatever changed on the container's disk since.
``prints`` fingerprints the same paths in a second container, where nothing was installed.
"""

FOLDER = "/.swe-audit-reinstall"

WATCHER = r'''
import ctypes, hashlib, json, os, select, stat, struct, subprocess, sys, time

HOME = os.path.dirname(os.path.abspath(__file__))
STOP, MARK, SEEN, FACTS = (HOME + "/" + n for n in ("stop", "mark", "seen.json", "facts.json"))
OPENED, FOLDER_EVENT, OVERFLOW = 0x20, 0x40000000, 0x4000
COMPILED = (".so", ".pyd", ".dylib")
ELSEWHERE = ("/proc", "/sys", "/dev", "/tmp", "/var/tmp", HOME)


def say(**facts):
    with open(FACTS, "w") as out:
        json.dump(facts, out)


def fail(problem):
    say(problem=problem)
    sys.exit(1)


def tracked(tree):
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    found = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE)
    names = os.fsdecode(found.stdout).split("\0")[:-1]
    return set(names) if names else fail("git does not say which files it has")


def folders_of(tree):
    known = tracked(tree)
    for place, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name not in (".git", "__pycache__")]
        paths = [os.path.join(place, name) for name in names]
        within = {path: os.path.relpath(path, tree) for path in paths}
        for path, name in within.items():
            if path.endswith(COMPILED) and name not in known:
                fail("it has a compiled part, " + name)
        yield place, [path for path, name in within.items() if name in known]


def begin(tree):
    libc = ctypes.CDLL(None, use_errno=True)
    queue = libc.inotify_init()
    watched = {}
    for place, files in folders_of(tree):
        number = libc.inotify_add_watch(queue, os.fsencode(place), OPENED)
        if queue < 0 or number < 0:
            fail("its files cannot be watched")
        watched[number] = os.path.relpath(place, tree)
        for path in files:
            if os.path.isfile(path) and not os.path.islink(path):
                os.utime(path)
    time.sleep(0.05)
    open(MARK, "w").close()
    if os.fork() == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        watch(queue, watched)
        os._exit(0)


def watch(queue, watched):
    seen, lost = set(), False
    while True:
        ready = select.select([queue], [], [], 0.05)[0]
        if not ready and os.path.exists(STOP):
            break
        data = os.read(queue, 1 << 16) if ready else b""
        while data:
            number, mask, _, size = struct.unpack("iIII", data[:16])
            name, data = data[16 : 16 + size].rstrip(b"\0"), data[16 + size :]
            lost = lost or bool(mask & OVERFLOW)
            if number in watched and name and not mask & FOLDER_EVENT:
                seen.add(os.path.normpath(watched[number] + "/" + os.fsdecode(name)))
    with open(SEEN + ".part", "w") as out:
        json.dump({"lost": lost, "seen": sorted(seen)}, out)
    os.rename(SEEN + ".part", SEEN)


def end(code):
    open(STOP, "w").close()
    for _ in range(600):
        if os.path.exists(SEEN):
            break
        time.sleep(0.05)
    with open(SEEN) as file:
        found = json.load(file)
    if found["lost"]:
        fail("its files were opened faster than could be watched")
    if code != "0":
        fail("it failed with exit code " + code)
    say(problem="", read=found["seen"], prints=prints(changed(os.lstat(MARK).st_ctime)))


def kept(path):
    """Whether a path counts: not a cache that Python or pip checks before it uses it."""
    name = os.path.basename(path)
    return path not in ELSEWHERE and not name.endswith(".pyc") and name not in (
        "__pycache__", ".cache")


def changed(since):
    device = os.lstat("/").st_dev
    waiting = ["/"]
    while waiting:
        folder = waiting.pop()
        if os.lstat(folder).st_ctime >= since:
            yield folder
        try:
            names = os.listdir(folder)
        except OSError:
            continue  # what cannot be read here, no test can read
        for path in (os.path.join(folder, name) for name in names):
            found = os.lstat(path)
            if not kept(path) or found.st_dev != device:
                continue
            if stat.S_ISDIR(found.st_mode):
                waiting.append(path)
            elif found.st_ctime >= since:
                yield path


def prints(paths):
    return {path: fingerprint(path) for path in paths}


def fingerprint(path):
    try:
        mode = os.lstat(path).st_mode
    except OSError:
        return "nothing"
    if stat.S_ISLNK(mode):
        return "link " + os.readlink(path)
    try:
        if stat.S_ISDIR(mode):
            names = sorted(n for n in os.listdir(path) if kept(os.path.join(path, n)))
            return "folder %o %s" % (mode, json.dumps(names))
        if stat.S_ISREG(mode):
            with open(path, "rb") as file:
                return "file %o %s" % (mode, hashlib.sha256(file.read()).hexdigest())
    except PermissionError:
        pass
    return "special %o" % mode


if sys.argv[1] == "begin":
    begin(sys.argv[2])
elif sys.argv[1] == "end":
    end(sys.argv[2])
else:
    with open(HOME + "/paths.json") as file:
        say(problem="", prints=prints(json.load(file)))
'''
"""Python 3.6 or newer; run by the first interpreter that the eval script would find."""
