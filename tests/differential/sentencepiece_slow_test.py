"""SentencePiece models on every code point, long runs and the Declaration of Human Rights in all its languages."""

import json
import random
import subprocess

import pytest

spm = pytest.importorskip("sentencepiece")

import sentencepiece_peer as peer  # noqa: E402
from sentencepiece_models import MODEL_NAMES, assert_same, code_points, models, training_text  # noqa: E402, F401


@pytest.mark.parametrize("name", ["unigram-nmt_nfkc", "bpe-bytes", "unigram-nmt_nfkc_cf", "char-unused", "bpe-symbols"])
def test_every_code_point(models, name):
    """Alone, between letters, after a space and doubled; many to a text, as a line each would only be slower."""
    chars = code_points()
    texts = []
    for i in range(0, len(chars), 64):
        block = chars[i : i + 64]
        texts += ["a".join(block).encode(), " ".join(block).encode(), " ".join(c + c for c in block).encode()]
    texts += [c.encode() for c in chars if ord(c) < 0x3400 or 0xA000 <= ord(c) < 0xAC10 or 0xF900 <= ord(c) < 0x11000]
    assert_same(models[name], texts)


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_long_runs(models, name):
    n = 20000
    rng = random.Random(13)
    texts = [b" " * n, b"a" * n, b"ab" * n, ("\u2581" * n).encode(), "\u3000".encode() * n, b"\xff" * n, "人".encode() * n, b"<mask" * n,
             b"\0" * n, b"a " * n, "☃".encode() * n, bytes(rng.choices(b"ab ", k=n))]
    assert_same(models[name], texts)


@pytest.mark.parametrize("name", ["unigram-nmt_nfkc", "bpe-nmt_nfkc", "bpe-llama", "unigram-across-words", "word", "char"])
def test_one_megabyte(models, name):
    n = 1 << 20
    text = " ".join(training_text())
    assert_same(models[name], [b"a" * n, b" " * n, (text * (n // len(text))).encode()])


def udhr():
    path = peer.CORPORA / "udhr.jsonl.zst"
    if not path.exists():
        pytest.skip("no ../shared/corpora here")
    lines = subprocess.run(["zstd", "-dc", str(path)], capture_output=True, check=True).stdout.splitlines()
    return [json.loads(line)["text"].encode() for line in lines]


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_declaration_of_human_rights(models, name):
    assert_same(models[name], udhr())
