"""What a trial's container can and cannot do, and what its output can and cannot fake."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from swe_audit.containers.trial import DockerIsolation
from swe_audit.executors import LocalExecutor
from swe_audit.model.task import Resources
from swe_audit.model.trial import RunState


def test_there_is_no_network_but_its_own_name_resolves(trial):
    run = trial(
        "cat /proc/net/dev | tail -n +3 | cut -d: -f1\n"
        "python3 - <<'E'\n"
        "import socket\n"
        "print(socket.gethostbyname(socket.gethostname()))\n"
        "server = socket.create_server(('127.0.0.1', 0))\n"
        "print(socket.create_connection(server.getsockname()).getpeername()[0])\n"
        "try:\n"
        "    socket.create_connection(('1.1.1.1', 80), timeout=5)\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
        "E\n"
    )
    assert run.log.split() == ["lo", "127.0.0.1", "127.0.0.1", "Network", "is", "unreachable"]


def test_pip_is_told_at_once_that_it_is_offline(trial):
    run = trial("python3 -m pip download --no-deps six; echo code $?")
    if "No module named pip" in run.log:
        run = trial("env | grep ^PIP_ | sort")
        assert "PIP_NO_INDEX=1" in run.log
    else:
        assert "code 1" in run.log
    assert run.seconds < 15


def test_no_capability_is_left_and_none_can_be_gained(trial):
    run = trial(
        "grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs' /proc/self/status; mount -t tmpfs x /mnt"
    )
    assert set(re.findall(r"Cap\w+:\s*(\w+)", run.log)) == {"0000000000000000"}
    assert re.search(r"NoNewPrivs:\s*1", run.log)
    assert "permission denied" in run.log


def test_a_fork_bomb_ends_and_the_trial_with_it(trial):
    run = trial(
        "python3 - <<'E'\n"
        "import os, time\n"
        "while True:\n"
        "    try:\n"
        "        if os.fork() == 0:\n"
        "            continue\n"
        "    except OSError as error:\n"
        "        print(error.strerror, flush=True)\n"
        "        time.sleep(0.5)\n"
        "        os._exit(0)\n"
        "E\n",
        pids=64,
        timeout=4.0,
        cpus=0.3,
    )
    assert run.state in (RunState.COMPLETED, RunState.TIMED_OUT)
    assert run.total_seconds < 15
    assert "Resource temporarily unavailable" in run.log


def test_background_processes_that_outlive_the_tests_do_not_hang_the_trial(trial):
    began = time.monotonic()
    run = trial("trap '' TERM HUP; (sleep 300; echo late) & nohup sleep 300 & echo done")
    assert run.state is RunState.COMPLETED
    assert run.log.endswith("done\n")
    assert time.monotonic() - began < 10


def test_nul_and_broken_utf8_are_decoded_as_the_harness_decodes_them(trial):
    run = trial("printf 'a\\0b\\377c\\r\\n\\303\\251'")
    assert run.log == "a\0b\ufffdc\r\n\u00e9"


def test_the_tests_cannot_read_the_marks_anywhere(trial):
    run = trial(
        "ls -a / | grep swe-audit; cat /proc/1/cmdline | tr '\\0' ' '; echo\n"
        "env | grep -iE '<?[0-9a-f]{32}'\n"
        "for file in /proc/[0-9]*/fd/* /proc/[0-9]*/environ; do\n"
        '  if [ -f "$file" ] && grep -qaE "[0-9a-f]{32}:(evaluate|rejected)" "$file"; then\n'
        '    echo "found in $file"; fi\n'
        "done 2> /dev/null\n"
        "python3 - <<'E'\n"
        "import re, pathlib\n"
        "MARK = rb'[0-9a-f]{32}:(evaluate|rejected)'\n"
        "for process in pathlib.Path('/proc').glob('[0-9]*'):\n"
        "    try:\n"
        "        maps = (process / 'maps').read_text().splitlines()\n"
        "        with open(process / 'mem', 'rb', 0) as memory:\n"
        "            for line in maps:\n"
        "                low, high = (int(x, 16) for x in line.split()[0].split('-'))\n"
        "                if line.split()[1].startswith('rw') and high - low < 2**26:\n"
        "                    memory.seek(low)\n"
        "                    found = re.search(MARK, memory.read(high - low))\n"
        "                    if found:\n"
        "                        print('mark in memory of', process)\n"
        "    except OSError as error:\n"
        "        pass\n"
        "print('searched')\n"
        "E\n",
        patch="--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-A = 1\n+A = 2\n",
    )
    first, *others = run.log.splitlines()
    assert first.startswith("/sbin/docker-init -- /bin/bash -c { [ -w / ] || chmod 755 /; } && dd ")
    assert others == ["searched"]


def test_marks_printed_by_a_test_are_text_like_any_other(trial):
    forged = "<" + "0" * 32 + ":rejected>"
    run = trial(f"echo '{forged}'; echo after")
    assert (run.state, run.log) == (RunState.COMPLETED, f"{forged}\nafter\n")


def test_a_patch_full_of_marks_moves_no_boundary(trial):
    patch = (
        "diff --git a/<" + "1" * 32 + ":evaluate> b/<" + "1" * 32 + ":evaluate>\n"
        "new file mode 100644\n--- /dev/null\n+++ b/<" + "1" * 32 + ":evaluate>\n"
        "@@ -0,0 +1 @@\n+x\n"
    )
    run = trial("echo only this", patch=patch)
    assert (run.state, run.log) == (RunState.COMPLETED, "only this\n")
    assert ":evaluate>" in run.apply_log


def test_the_scripts_folder_and_variables_are_the_images(trial):
    run = trial("pwd; echo $ONLY_IN_IMAGE; id -u; hostname; readlink /proc/self/fd/0")
    assert run.log == "/testbed\nyes\n0\nswe-audit\n/dev/null\n"


def test_output_of_both_streams_keeps_its_order(trial):
    run = trial("for i in $(seq 300); do echo $i; echo $i >&2; done")
    assert run.log == "".join(f"{i}\n{i}\n" for i in range(1, 301))


def test_parallel_trials_do_not_mix(trial):
    def one(number: int):
        return trial(f"for i in 1 2 3; do echo {number}; sleep 0.1; done")

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(one, range(6)))
    assert [run.log for run in runs] == [f"{number}\n" * 3 for number in range(6)]


def test_the_limits_are_the_containers_own(client, isolation, trial, containers):
    seen = {}

    def look() -> None:
        seen.update(client.inspect_container(containers.wait_for_running(isolation)))

    thread = threading.Thread(target=look)
    thread.start()
    trial("sleep 2", memory=128 * 2**20, cpus=0.5, pids=77)
    thread.join()
    host = seen["HostConfig"]
    assert host["Memory"] == host["MemorySwap"] == 128 * 2**20
    assert (host["NanoCpus"], host["PidsLimit"]) == (500_000_000, 77)
    assert (host["NetworkMode"], host["Init"]) == ("none", True)
    assert host["LogConfig"]["Type"] == "none"
    assert host["CapDrop"] == ["ALL"]
    assert not host["Privileged"]
    assert host["Binds"] in (None, [])


def test_a_bridged_network_is_given_on_request_only(trial):
    run = trial("ls /sys/class/net; env | grep -c ^PIP_", network="bridge")
    assert "eth0" in run.log
    assert run.log.endswith("0\n")


def test_containers_are_made_ready_while_others_run_and_run_only_so_many_at_once(
    client, tiny_image, trial_spec, limits, containers
):
    name = f"turns-{time.time_ns()}"
    script = "date +%s.%N; sleep 2; date +%s.%N"
    with DockerIsolation(name, client=client, running=1) as isolation:

        def one(_):
            return isolation.run(trial_spec(script), tiny_image, limits, threading.Event())

        with ThreadPoolExecutor(2) as pool:
            runs = pool.map(one, range(2))
            containers.wait_for_running(name)
            doing, end = [], time.monotonic() + 30
            while sorted("sleep 2" in said for said in doing) != [False, True]:
                assert time.monotonic() < end, doing
                doing = [
                    " ".join(process[-1] for process in client.top(one)["Processes"])
                    for one in containers.running(name)
                ]
            (waiting,) = [said for said in doing if "sleep 2" not in said]
            assert "dd of=/.swe-audit-taking" in waiting, doing
            assert "eval.sh" not in waiting
            first, second = sorted(
                (run.log.split(), run.total_seconds, run.seconds) for run in runs
            )
        assert float(first[0][1]) <= float(second[0][0])
        assert second[1] < second[2] + 2  # waiting for a turn is not the trial's time
        with ThreadPoolExecutor(1) as pool:
            cancel = threading.Event()
            long = pool.submit(one, 0)
            containers.wait_for_running(name)
            threading.Timer(0.5, cancel.set).start()
            waiting = isolation.run(trial_spec(script), tiny_image, limits, cancel)
            assert waiting.state is RunState.INTERRUPTED
            assert long.result().state is RunState.COMPLETED
    assert containers.all_of(name) == []


def test_trials_that_claim_the_whole_machine_get_it_and_run_one_by_one(
    client, tiny_image, trial_spec, limits, containers
):
    name = f"claims-{time.time_ns()}"
    whole = float(client.info()["NCPU"])
    quota = "cat /sys/fs/cgroup/cpu.max /sys/fs/cgroup/cpu/cpu.cfs_quota_us 2> /dev/null"
    spec = trial_spec(f"date +%s.%N; {quota}; sleep 1; date +%s.%N")
    spec = replace(spec, task=replace(spec.task, resources=Resources(cpus=whole)))
    with DockerIsolation(name, client=client, running=2) as isolation:
        executor = LocalExecutor(isolation, limits, 2, machine=isolation.info().machine)
        assert executor.shortage(spec.task.resources) == ""
        assert "processors" in executor.shortage(Resources(cpus=whole + 1))
        runs = [executor.submit(spec, tiny_image).result for _ in range(2)]
        first, second = sorted(run().log.split() for run in runs)
        executor.close()
    assert float(first[-1]) <= float(second[0])
    assert str(int(whole * 100_000)) in first
