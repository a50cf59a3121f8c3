"""Training with a tenth of a corpus as its memory: 130 MB of real text, the result of unbounded memory, and no more anonymous
memory than a tenth above the budget."""

import hashlib
import os
import pathlib
import subprocess
import sys

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
