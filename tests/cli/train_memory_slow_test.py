"""Training with a tenth of a corpus as its memory: 130 MB of real text, the result of unbounded memory, and no more anonymous
memory than a tenth above the budget. And large vocabularies within the least budget there is: sizes behind which tables have
just doubled, with checkpoints, from a base, and resumed."""

import hashlib
import os
import pathlib
import random
import re
import signal
import string
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[0] / "support"), str(HERE.parents[0] / "differential")]
import peak_memory  # noqa: E402
import real_texts  # noqa: E402

TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))

pytestmark = pytest.mark.skipif(bool(os.environ.get("TOK_SANITIZE")), reason="sanitizers keep freed memory")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    packed = sorted((real_texts.corpora_folder() or pathlib.Path("/nowhere")).glob("*.zst"))
    if not packed:
        pytest.skip("no corpora: set TOK_CORPORA")
    folder = tmp_path_factory.mktemp("corpus")
    for path in packed:
        subprocess.run(["zstd", "-dq", path, "-o", folder / path.stem], check=True)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("kind", [["bpe", "-n", "10000"], ["superbpe", "-n", "6000"]], ids=["bpe", "superbpe"])
def test_a_tenth_of_the_corpus(kind, corpus, tmp_path):
    n_bytes = sum(path.stat().st_size for path in corpus)
    budget = n_bytes // 10
    digests = []
    for options in ([], ["--memory", str(budget)]):
        output = tmp_path / "t.json"
        peak = peak_memory.peak_anonymous_bytes(TOK, "train", *kind, "-T", "2", *options, "-o", output, *corpus)
        digests.append(hashlib.sha256(output.read_bytes()).hexdigest())
        print(f"{kind[0]} {options} of {n_bytes}: peak {peak}")
        assert not options or peak <= 1.1 * budget
    assert digests[0] == digests[1]
    assert n_bytes > 100e6


@pytest.fixture(scope="module")
def rare_words(tmp_path_factory):
    """Half a million lines of random words: more different ones than there are tokens to make."""
    source = random.Random(3)
    lines = ("".join(source.choices(string.ascii_lowercase, k=source.randint(3, 9))) for _ in range(500_000))
    path = tmp_path_factory.mktemp("words") / "text"
    path.write_text("\n".join(lines) + "\n")
    return path


def least_budget(command):
    done = subprocess.run([*command, "--memory", "1M"], capture_output=True, text=True, check=False)
    return int(re.search(r"--memory (\d+)M is the least", done.stderr)[1])


LARGE = {
    "bpe": ["bpe", "-n", "270000"],
    "superbpe": ["superbpe", "-n", "270000", "--transition", "265000"],
    "continued": ["bpe", "-n", "270000", "--continue", "o200k_base"],
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_vocabularies(kind, rare_words, tmp_path):
    output = tmp_path / "t.json"
    command = [TOK, "train", *LARGE[kind], "--split", "lines-lf", "-T", "1", "-o", str(output), str(rare_words)]
    budget = least_budget(command) << 20
    within = [*command, "--memory", str(budget), "--checkpoint-seconds", "0.2"]
    peak = peak_memory.peak_anonymous_bytes(*within)
    print(f"{kind}: peak {peak} of {budget}")
    assert peak <= 1.1 * budget
    expected = hashlib.sha256(output.read_bytes()).hexdigest()
    output.unlink()
    checkpoint = pathlib.Path(f"{output}.checkpoint.tok")
    process = subprocess.Popen(within)
    while process.poll() is None and not checkpoint.exists():
        time.sleep(0.01)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert checkpoint.exists()
    peak = peak_memory.peak_anonymous_bytes(*within, "--resume")
    print(f"{kind} resumed: peak {peak} of {budget}")
    assert peak <= 1.1 * budget
    assert hashlib.sha256(output.read_bytes()).hexdigest() == expected
