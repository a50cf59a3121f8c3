"""How long a command takes and the most memory that it ever has."""

import json
import pathlib
import subprocess
import sys
import time

# Only a small parent without other children can tell: a child's peak starts at what its parent had when it was forked.
MEASURE = """
import json, resource, subprocess, sys, time
begin = time.perf_counter()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
seconds = time.perf_counter() - begin
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, code]))
"""


def measured(*command, timeout=900):
    """(seconds, peak resident bytes, exit code)"""
    parent = [sys.executable, "-S", "-c", MEASURE, *map(str, command)]
    done = subprocess.run(parent, check=True, stdout=subprocess.PIPE, text=True, timeout=timeout)
    return json.loads(done.stdout)


def peak_bytes(*command, seconds=900):
    _, peak, code = measured(*command, timeout=seconds)
    assert code == 0, command
    return peak


def peak_anonymous_bytes(*command, seconds=900):
    """The most that was in memory, or swapped, and in no file, as seen every few milliseconds."""
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL)
    status, peak, deadline = pathlib.Path(f"/proc/{process.pid}/status"), 0, time.monotonic() + seconds
    try:
        while process.poll() is None and time.monotonic() < deadline:
            fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
            kilobytes = (fields.get(name, "0").split()[0] for name in ("RssAnon", "VmSwap"))
            peak = max(peak, sum(map(int, kilobytes)) * 1024)
            time.sleep(0.003)
    finally:
        process.kill()
    assert process.wait() == 0, command
    return peak
