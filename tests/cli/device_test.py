"""--device: what it refuses, and that a GPU, where there is one, gives the ids of the CPU."""

import os
import subprocess
from pathlib import Path

TOK = os.environ["TOK_BINARY"]
TEXT = Path(__file__).parent / "data" / "a.txt"


def encode(*options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([TOK, "encode", "-t", "gpt2", *options, str(TEXT)], capture_output=True, check=False)


def test_an_unknown_device_is_usage() -> None:
    run = encode("--device", "tpu")
    assert run.returncode == 2
    assert b"--device" in run.stderr


def test_a_gpu_gives_the_same_ids_or_says_that_it_is_not_there() -> None:
    on_cpu, on_gpu = encode("--device", "cpu"), encode("--device", "cuda")
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
