"""The most memory that a command ever had."""

import subprocess
import sys

# Only a small parent without other children can tell: a child's peak starts at what its parent had when it was forked.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_bytes(*command, seconds=900):
    measured = [sys.executable, "-S", "-c", MEASURE, *map(str, command)]
    done = subprocess.run(measured, check=True, capture_output=True, text=True, timeout=seconds)
    return int(done.stdout) * 1024
