"""--device: what it refuses, and that a GPU, where there is one, gives the ids of the CPU."""

import os
import re
import subprocess
from pathlib import Path

import pytest

TOK = os.environ["TOK_BINARY"]
TEXT = Path(__file__).parent / "data" / "a.txt"


def encode(*options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([TOK, "encode", "-t", "gpt2", *options, str(TEXT)], capture_output=True, check=False)


def test_an_unknown_device_is_usage() -> None:
    run = encode("--device", "tpu")
    assert run.returncode == 2
    assert b"--device" in run.stderr


@pytest.mark.parametrize("number", ["", "x", "-1", "1x", " 1", "99999999999"])
def test_what_is_no_number_of_a_gpu_is_usage(number: str) -> None:
    run = encode("--device", f"cuda:{number}")
    assert run.returncode == 2
    assert b"TOK-E040 --device cuda:" in run.stderr
    assert b"cuda:0" in run.stderr  # the remedy


def test_a_gpu_that_is_not_there_is_usage() -> None:
    run = encode("--device", "cuda:1000")
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"TOK-E022" in run.stderr
    if encode("--device", "cuda").returncode == 0:
        assert re.search(rb"GPU 1000: there (is|are) \w+ GPU", run.stderr)


@pytest.mark.parametrize("device", ["cuda", "cuda:0"])
def test_a_gpu_gives_the_same_ids_or_says_that_it_is_not_there(device: str) -> None:
    on_cpu, on_gpu = encode("--device", "cpu"), encode("--device", device)
    assert on_cpu.returncode == 0 and on_cpu.stdout
    if on_gpu.returncode == 0:
        assert on_gpu.stdout == on_cpu.stdout
    else:
        assert on_gpu.returncode == 2
        assert on_gpu.stdout == b""
        assert b"TOK-E022" in on_gpu.stderr
        assert b"CPU" in on_gpu.stderr  # the remedy


def test_what_a_gpu_does_not_do_is_usage() -> None:
    run = encode("--device", "cuda", "--out", "jsonl", "--offsets", "bytes")
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"--offsets" in run.stderr
