"""The processes that compete in encode_peers.py, and the two ways of letting them: first pass and warm.

Protocol: one line each way (encode_runner.cc). A contestant that crashes, answers nothing in time, refuses its file or
gives other ids than the judge is out, with the reason in `error`; it is never silently missing.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import pathlib
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator

WORKER = pathlib.Path(__file__).resolve().with_name("encode_peers_worker.py")


@dataclasses.dataclass
class Entry:
    """An engine in one row: how to start it, and what its processes answered."""

    engine: str
    command: list[str] = dataclasses.field(default_factory=list)
    calls: str = "batch"
    one_cpu: bool = False  # some engines start a second thread though they are told to use one
    error: str | None = None
    loads: list[dict] = dataclasses.field(default_factory=list)
    passes: list[dict] = dataclasses.field(default_factory=list)
    digest: str | None = None
    ids: int = 0


class Failed(Exception):
    """Why a contestant is out."""


class Process:
    """One running contestant. Every failure is raised as Failed."""

    def __init__(self, entry: Entry, patience: float):
        self._patience = patience
        self._errors = tempfile.TemporaryFile("w+")  # a pipe that nobody reads would fill up
        place = ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))] if entry.one_cpu else []
        self._process = subprocess.Popen(
            place + entry.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        try:
            entry.loads.append(self._answer())
        except Failed:
            self.close()
            raise

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def ask(self, command: str) -> dict:
        try:
            self._process.stdin.write(command + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._answer()

    def ids_digest(self, path: pathlib.Path) -> str:
        self.ask(f"ids {path}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        path.unlink()
        return digest

    def close(self) -> None:
        try:
            self._process.communicate(timeout=60)  # closes stdin, which ends the contestant
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _answer(self) -> dict:
        late = threading.Timer(self._patience, self._process.kill)
        late.start()
        line = self._process.stdout.readline()
        late.cancel()
        if line:
            return json.loads(line)
        code = self._process.wait()
        if code == -signal.SIGKILL:
            raise Failed(f"killed: no answer within {self._patience:.0f} s, or out of memory")
        self._errors.seek(0)
        message = self._errors.read().strip().splitlines()
        ended = f"ended by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        raise Failed(message[-1][:300] if message else ended)


def libtok_command(runner: pathlib.Path, tokenizer: str, documents: pathlib.Path, calls: str, threads: int) -> list[str]:
    return [str(runner), tokenizer, str(documents), calls, str(threads)]


def peer_command(
    engine: str, tokenizer: pathlib.Path, encoding: str, documents: pathlib.Path, calls: str, threads: int
) -> list[str]:
    return [sys.executable, str(WORKER), engine, str(tokenizer), encoding, str(documents), calls, str(threads)]


def write_documents(path: pathlib.Path, documents: list[str]) -> int:
    """The documents file of encode_runner.cc; returns the bytes of text."""
    encoded = [document.encode() for document in documents]
    ends, at = [], 0
    for document in encoded:
        at += len(document)
        ends.append(at)
    with path.open("wb") as out:
        out.write(struct.pack(f"<{1 + len(ends)}Q", len(ends), *ends))
        out.writelines(encoded)
    return at


class Match:
    """A row's entries; the first one is libtok, whose ids the others must have."""

    def __init__(self, entries: list[Entry], folder: pathlib.Path, patience: float):
        self.entries, self._ids, self._patience = entries, folder / "ids", patience

    def first_pass(self, rounds: int) -> None:
        """One pass in a fresh process for everybody, then again."""
        for _ in range(rounds):
            for entry in self._in_the_race():
                with attempt(entry), Process(entry, self._patience) as process:
                    self._pass(entry, process)

    def warm(self, rounds: int) -> None:
        """All processes stay; one pass each that does not count, then `rounds` that do."""
        with contextlib.ExitStack() as running:
            processes: dict[int, Process] = {}
            for entry in self._in_the_race():
                with attempt(entry):
                    processes[id(entry)] = running.enter_context(Process(entry, self._patience))
                    self._pass(entry, processes[id(entry)])
                    entry.passes.clear()
            for _ in range(rounds):
                for entry in self._in_the_race():
                    with attempt(entry):
                        self._pass(entry, processes[id(entry)])

    def _in_the_race(self) -> list[Entry]:
        return [entry for entry in self.entries if not entry.error]

    def _pass(self, entry: Entry, process: Process) -> None:
        answer = process.ask("pass")
        if entry.digest is None:
            entry.ids, entry.digest = answer["ids"], process.ids_digest(self._ids)
        judge = self.entries[0]
        if judge.digest is None:
            raise Failed(f"not compared: {judge.engine} failed")
        if entry.digest != judge.digest or answer["ids"] != judge.ids:
            raise Failed(f"ids differ from {judge.engine}'s: {answer['ids']} ids instead of {judge.ids}")
        entry.passes.append(answer)


@contextlib.contextmanager
def attempt(entry: Entry) -> Iterator[None]:
    try:
        yield
    except Failed as failure:
        entry.error = str(failure)
