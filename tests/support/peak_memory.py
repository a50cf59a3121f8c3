"""How long a command takes and the most memory that it ever has."""

import json
import subprocess
import sys

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
