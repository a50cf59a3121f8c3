"""--memory bounds what a job holds: more large inputs, or more threads, do not take more."""

import gzip
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import peak_memory  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
MIB = 1 << 20

pytestmark = pytest.mark.skipif(bool(os.environ.get("TOK_SANITIZE")), reason="sanitizers keep freed memory")


def peak_bytes(*arguments):
    command = [TOK, "encode", "-t", HERE / "data" / "tiny.json", "--out", "u16", *arguments, "-o", "/dev/null"]
    return peak_memory.peak_bytes(*command)


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
