"""The progress bar: on a terminal and after a second only; interrupts and closed pipes leave nothing behind."""

import os
import pathlib
import pty
import select
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
ENCODE = [TOK, "encode", "-t", str(HERE / "data" / "tiny.json"), "--split", "lines"]


def drain(descriptor, seconds):
    """What arrives at the descriptor within some seconds, and when the first of it came."""
    text, first, end = b"", None, time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([descriptor], [], [], 0.05)[0]:
            try:
                text += os.read(descriptor, 4096)
            except OSError:
                break
            first = first or time.monotonic()
    return text, first


def run_slowly(seconds):
    """Standard error, on a terminal, of a run whose input ends after some seconds."""
    mine, theirs = pty.openpty()
    start = time.monotonic()
    process = subprocess.Popen(ENCODE, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    process.stdin.write(b"the ships\n" * 100)
    process.stdin.flush()
    text, first = drain(mine, seconds)
    process.stdin.close()
    text += drain(mine, 1)[0]
    os.close(mine)
    assert process.wait(timeout=20) == 0
    return text, first and first - start


def test_bar_comes_after_a_second_and_goes():
    text, first = run_slowly(2.5)
    assert b"encode" in text, text
    assert first >= 1.0, first
    assert text.endswith(b"\r\x1b[K"), text


def test_short_runs_show_nothing():
    text, _ = run_slowly(0.2)
    assert text == b""


def test_no_bar_off_a_terminal():
    process = subprocess.Popen(ENCODE, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(1.5)
    assert process.communicate(b"the ships\n")[1] == b""
    assert process.returncode == 0


def test_interrupt_keeps_the_old_output(tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"old")
    process = subprocess.Popen([*ENCODE, "--out", "u32", "-o", str(out)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"the ships\n" * 1000)
    process.stdin.flush()
    deadline = time.monotonic() + 20
    while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:  # both temporary files are there
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert [p.name for p in tmp_path.iterdir()] == ["out"] and out.read_bytes() == b"old"


def test_closed_pipe_ends_quietly(tmp_path):
    source = tmp_path / "x"
    source.write_bytes(b"the ships arrive\n" * 300_000)
    process = subprocess.Popen([*ENCODE, str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"259 280 296\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=20) == 0
