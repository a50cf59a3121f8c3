"""Work of a run, counted by valgrind in instructions: the same on every machine and under any load."""

import re
import shutil
import subprocess

LIMIT_PER_DOUBLING = 2.6
DOUBLINGS = 2


def available():
    return shutil.which("valgrind") is not None


def instructions(tok, *arguments, stdin=b""):
    done = subprocess.run(
        [
            "valgrind",
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
            tok.binary,
            *map(str, arguments),
        ],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=1800,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")[-2000:]
    counted = re.search(rb"I\s+refs:\s+([\d,]+)", done.stderr)
    assert counted, done.stderr
    return int(counted.group(1).replace(b",", b""))


def growth(tok, arguments, family, n, idle):
    """Instructions beyond those of an idle run at n bytes and two doublings later."""
    before, after = (instructions(tok, *arguments, stdin=family(size)) - idle for size in (n, n << DOUBLINGS))
    # Below this the differences between runs are start-up noise, not work on the text.
    return (before, after), after < LIMIT_PER_DOUBLING**DOUBLINGS * max(before, 200_000)


def encode(tokenizer, *options):
    return ["encode", "-t", tokenizer, "-T", "1", "--special", "text", "--out", "u32", *options]
