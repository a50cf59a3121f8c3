"""The progress bar: on a terminal and after its delay only; interrupts and closed pipes leave nothing behind."""

import os
import pathlib
import pty
import select
import signal
import subprocess
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
SECONDS = 30  # for anything to happen at all
ENCODE = [TOK, "encode", "-t", str(HERE / "data" / "tiny.json"), "--split", "lines"]


def start(delay_ms, **streams):
    """A run that waits for its input, whose bar comes after the delay."""
    environment = {**os.environ, "TOK_PROGRESS_DELAY_MS": str(delay_ms)}
    return subprocess.Popen(ENCODE, stdin=subprocess.PIPE, env=environment, **streams)


def read_terminal(descriptor, until=None):
    """What a terminal shows up to some text, or until the last program has left it."""
    text = b""
    while until is None or until not in text:
        assert select.select([descriptor], [], [], SECONDS)[0], text
        try:
            text += os.read(descriptor, 4096)
        except OSError:  # how Linux says that nobody is left
            break
    return text


def start_on_terminal(delay_ms):
    try:
        mine, theirs = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminals here: {error}")
    process = start(delay_ms, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    return process, mine


def test_bar_comes_and_goes():
    process, terminal = start_on_terminal(0)
    assert b"encode" in read_terminal(terminal, until=b"encode")
    process.stdin.close()
    assert read_terminal(terminal).endswith(b"\r\x1b[K")
    os.close(terminal)
    assert process.wait(timeout=SECONDS) == 0


def test_short_runs_show_nothing():
    process, terminal = start_on_terminal(1000 * 1000)
    process.stdin.write(b"the ships\n" * 100)
    process.stdin.close()
    assert read_terminal(terminal) == b""
    os.close(terminal)
    assert process.wait(timeout=SECONDS) == 0


def test_no_bar_off_a_terminal():
    process = start(0, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"the ships\n" * 500_000)
    process.stdin.flush()
    assert process.stdout.read(1) == b"2"  # it is at work, and a bar would be there
    assert process.communicate()[1] == b""
    assert process.returncode == 0


def test_interrupt_keeps_the_old_output(tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"old")
    process = subprocess.Popen([*ENCODE, "--out", "u32", "-o", str(out)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdin.write(b"the ships\n" * 1000)
    process.stdin.flush()
    deadline = time.monotonic() + SECONDS
    while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < deadline:  # both temporary files are there
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=SECONDS) == 130
    assert [p.name for p in tmp_path.iterdir()] == ["out"] and out.read_bytes() == b"old"


def test_closed_pipe_ends_quietly(tmp_path):
    source = tmp_path / "x"
    source.write_bytes(b"the ships arrive\n" * 300_000)
    process = subprocess.Popen([*ENCODE, str(source)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == b"259 280 296\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=SECONDS) == 0
