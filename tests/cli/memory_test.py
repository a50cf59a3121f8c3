"""--memory bounds what a job holds: more large inputs, or more threads, do not take more."""

import gzip
import os
import pathlib
import subprocess
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
MIB = 1 << 20
# Runs a command and prints the most memory it ever had, in KiB: only a parent that has no other children can tell.
PEAK = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"

pytestmark = pytest.mark.skipif(bool(os.environ.get("TOK_SANITIZE")), reason="sanitizers keep freed memory")


def peak_bytes(*arguments):
    command = [TOK, "encode", "-t", HERE / "data" / "tiny.json", "--out", "u16", *arguments, "-o", "/dev/null"]
    done = subprocess.run([sys.executable, "-c", PEAK, *map(str, command)], check=True, capture_output=True, text=True)
    return int(done.stdout) * 1024


def text_of(n_bytes):
    line = b"the ships arrive in the evening and the words of the world\n"
    return line * (n_bytes // len(line))


def test_files_that_unpack_to_more_than_expected(tmp_path):
    content = gzip.compress(text_of(24 * MIB), 6)
    assert len(content) < 256 * 1024
    paths = [tmp_path / f"{i}.gz" for i in range(8)]
    for path in paths:
        path.write_bytes(content)
    options = ["--memory", "64M", "-T", "4"]
    assert peak_bytes(*options, *paths) < peak_bytes(*options, paths[0]) + 96 * MIB


def test_threads_share_the_budget(tmp_path):
    paths = [tmp_path / str(i) for i in range(24)]
    for path in paths:
        path.write_bytes(text_of(7 * MIB))
    assert peak_bytes("--memory", "64M", "-T", "8", *paths) < 128 * MIB
