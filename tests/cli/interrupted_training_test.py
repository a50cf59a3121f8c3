"""tok train, interrupted at any moment and resumed: what comes out in the end has the bytes of a run that was not."""

import os
import pathlib
import random
import signal
import subprocess
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
SECONDS = 120  # for anything to happen at all
N_INTERRUPTS = 6

KINDS = {
    "bpe": ["bpe", "-n", "9000"],
    "superbpe": ["superbpe", "-n", "9000", "--transition", "5000"],
    "continued": ["bpe", "-n", "9000", "--continue", "base.json"],
    "whole tokens": ["bpe", "-n", "8000", "--tokens", "whole.txt", "--pad-to-power-of-2"],
    "superbpe in memory": ["superbpe", "-n", "9000", "--transition", "5000", "--memory", "16M"],
    "char": ["char", "-n", "5000", "--max-length", "6"],
    "continued in memory": ["bpe", "-n", "9000", "--continue", "base.json", "--memory", "16M"],
}
GIVEN = {"base.json", "whole.txt"}  # to a training, beside text


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Words enough for thousands of merges, and lines that repeat them."""
    generator = random.Random(1)
    words = ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=generator.randint(2, 9))) for _ in range(20000)]
    path = tmp_path_factory.mktemp("text") / "text"
    with path.open("w") as file:
        for _ in range(12000):
            file.write(" ".join(words[int(20000 * generator.random() ** 3)] for _ in range(8)) + "\n")
    return path


def train(kind, folder, text, *options):
    if "base.json" in KINDS[kind] and not (folder / "base.json").exists():
        base = [TOK, "train", "bpe", "-n", "2000", "-o", folder / "base.json", text]
        subprocess.run(base, check=True, capture_output=True, timeout=SECONDS)
    if "whole.txt" in KINDS[kind]:  # tokens that merges make too, and some that they do not
        frequent = text.read_text()[:4000].split()
        (folder / "whole.txt").write_text("\n".join({*frequent[:200], *(f"{word} {word}" for word in frequent[:20])}))
    command = [TOK, "train", *KINDS[kind], "-o", "out.json", "--split", "lines-lf", *options, text]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(process):
    _, said = process.communicate(timeout=SECONDS)
    return process.returncode, said.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_resumed_after_interrupts_at_random_moments(tmp_path, text, kind):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    whole.mkdir()
    parts.mkdir()
    begin = time.monotonic()
    assert finish(train(kind, whole, text))[0] == 0
    duration = time.monotonic() - begin
    assert not (whole / "out.json.checkpoint.tok").exists()

    generator = random.Random(kind)
    n_interrupted = n_saved = 0
    code = None
    for i in range(N_INTERRUPTS):
        process = train(kind, parts, text, "--resume")
        time.sleep(duration * generator.random() * (0.5 if i == 0 else 1))
        number = signal.SIGTERM if i % 2 else signal.SIGINT
        process.send_signal(number)
        code, said = finish(process)
        # -number: before the program had begun. 0: too late, and then the output is there.
        assert code in (0, 128 + number, -number), said
        if code == 0:
            break
        n_interrupted += 1
        assert not (parts / "out.json").exists()
        if "--resume goes on from there" in said:
            n_saved += 1
            inspected = subprocess.run([TOK, "inspect", "out.json.checkpoint.tok"], cwd=parts, capture_output=True, check=False)
            assert inspected.returncode == 0
        made = {path.name for path in parts.iterdir()} - GIVEN
        assert made == ({"out.json.checkpoint.tok"} if n_saved else set())
    assert n_interrupted > 0
    if code != 0:
        code, said = finish(train(kind, parts, text, "--resume"))
        assert code == 0, said
        assert ("resuming at" in said) == (n_saved > 0)
    assert (parts / "out.json").read_bytes() == (whole / "out.json").read_bytes()
    assert not (parts / "out.json.checkpoint.tok").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_resumed_after_a_kill(tmp_path, text, kind):
    """Nothing can be done when killed: what was saved before is there, and whole."""
    checkpoint = tmp_path / "out.json.checkpoint.tok"
    process = train(kind, tmp_path, text, "--checkpoint-seconds", "0.001")
    deadline = time.monotonic() + SECONDS
    while not checkpoint.exists() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.kill()
    finish(process)
    assert checkpoint.exists()
    code, said = finish(train(kind, tmp_path, text, "--resume"))
    assert code == 0 and "resuming at" in said, said
    resumed = (tmp_path / "out.json").read_bytes()
    assert not checkpoint.exists()
    assert finish(train(kind, tmp_path, text))[0] == 0
    assert (tmp_path / "out.json").read_bytes() == resumed


def test_a_checkpoint_of_another_training_is_refused(tmp_path, text):
    checkpoint = tmp_path / "out.json.checkpoint.tok"
    process = train("bpe", tmp_path, text, "--checkpoint-seconds", "0.001")
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    finish(process)
    saved = checkpoint.read_bytes()
    code, said = finish(train("bpe", tmp_path, text, "--resume", "--min-frequency", "3"))
    assert code == 2 and "TOK-E040" in said and "min-frequency 0, and this one has min-frequency 3" in said
    assert checkpoint.read_bytes() == saved and not (tmp_path / "out.json").exists()
    code, said = finish(train("bpe", tmp_path, text))  # hours of work are not thrown away
    assert code == 2 and "add --resume to go on from it, or remove it" in said
    assert checkpoint.read_bytes() == saved and not (tmp_path / "out.json").exists()
