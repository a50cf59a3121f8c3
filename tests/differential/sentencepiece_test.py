"""SentencePiece models: ids and byte offsets equal to sentencepiece's own, on ordinary, odd and broken input."""

import os
import random
import struct
import subprocess

import pytest

spm = pytest.importorskip("sentencepiece")

import sentencepiece_peer as peer  # noqa: E402
from sentencepiece_models import MODEL_NAMES, ODD_TEXTS, assert_same, invalid_texts, models, odd_texts, peer_encode, training_text  # noqa: E402, F401


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_sentences_and_odd_texts(models, name):
    assert_same(models[name], [t.encode() for t in training_text()] + odd_texts())


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_invalid_utf8(models, name):
    assert_same(models[name], invalid_texts())


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_written_model_loads_and_encodes_the_same(models, name, tmp_path):
    written = tmp_path / "written.model"
    peer.run_probe("resave", models[name], [], str(written))
    texts = odd_texts() + [t.encode() for t in training_text()[::5]]
    assert peer_encode(written, texts) == peer_encode(models[name], texts)
    ids = [[token[0] for token in tokens] for tokens in peer_encode(models[name], texts)]
    before, after = (spm.SentencePieceProcessor(model_file=str(p)) for p in (models[name], written))
    assert [before.decode(i) for i in ids] == [after.decode(i) for i in ids]


# Models of our own making: cases a trainer does not produce.
UNK = ("<unk>", 0.0, 2)
HANDMADE = {
    # 'b' is no piece, but part of one; equal scores; a piece reached in two ways.
    "bpe-character-outside": (2, [UNK, ("a", -9.0, 1), ("ab", -1.0, 1), ("bc", -1.0, 1), ("abc", -2.0, 1), ("ca", -1.0, 1)], {}),
    "bpe-positive-scores": (2, [UNK, ("a", 1.0, 1), ("aa", 2.0, 1), ("aaa", 3.0, 1), ("b", 0.0, 1), ("ab", -1.0, 1)], {}),
    # Unused pieces within unused pieces, reached in several ways.
    "bpe-unused-chain": (2, [UNK, ("a", -1.0, 1), ("aa", -1.0, 5), ("aaa", -2.0, 5), ("aaaa", -3.0, 5), ("b", -9.0, 1),
                             ("ab", -4.0, 5), ("aab", -2.0, 5), ("c", -1.0, 5)], {}),
    "bpe-unused-deep": (2, [UNK, ("a", -1.0, 1), ("b", -1.0, 3)] + [("b" + "a" * n, float(-n), 5) for n in range(1, 160)], {}),
    "bpe-bytes-no-unknown": (2, [(f"<0x{i:02X}>", 0.0, 6) for i in range(256)] + [("ab", -1.0, 1), ("a", -2.0, 1)], {35: 1}),
    "unigram-bytes-no-unknown": (1, [(f"<0x{i:02X}>", 0.0, 6) for i in range(256)] + [("ab", -1.0, 1), ("a", -2.0, 1)], {35: 1}),
    "unigram-huge-scores": (1, [UNK, ("a", -70000.0, 1), ("aa", -150000.5, 1), ("b", 90000.25, 1), ("ab", 3e38, 1), ("c", -3e38, 1)], {}),
    "unigram-ties": (1, [UNK, ("a", -1.0, 1), ("aa", -2.0, 1), ("aaa", -3.0, 1), ("b", -1.0, 1), ("ab", -2.0, 1), ("ba", -2.0, 1)], {}),
    "unigram-only-symbols": (1, [UNK, ("ab", 0.0, 4), ("abcd", 0.0, 4), ("cd", 0.0, 4), ("bcd", 0.0, 4)], {}),
    "unigram-nested-symbols": (1, [UNK] + [("a" * n, 0.0, 4) for n in range(1, 80)] + [("b", -1.0, 1)], {}),
    "bpe-nested-symbols": (2, [UNK] + [("a" * n, 0.0, 4) for n in range(1, 80)] + [("b", -1.0, 1)], {}),
    "char-nul-piece": (4, [UNK, ("\0", 0.0, 5), ("a", 0.0, 1)], {}),
    "word-inner-space": (3, [UNK, ("\u2581a", 0.0, 1), ("\u2581", 0.0, 1), ("b", 0.0, 1)], {24: 1}),
}


@pytest.mark.parametrize("name", list(HANDMADE))
@pytest.mark.parametrize("flags", [(1, 1, 1), (0, 0, 1), (0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_handmade_models(name, flags, tmp_path):
    kind, pieces, trainer = HANDMADE[name]
    path = tmp_path / "handmade.model"
    path.write_bytes(peer.model_bytes(pieces, kind, [(k, 0, v) for k, v in trainer.items()],
                                      [(number, 0, flag) for number, flag in zip((3, 4, 5), flags)]))
    rng = random.Random(14)
    texts = ["".join(rng.choices("aaaabbc d", k=rng.randrange(1, 50))).encode() for _ in range(400)]
    texts += [b"a" * n for n in range(1, 200)] + [b"b" + b"a" * n for n in range(90, 170)] + [t.encode() for t in ODD_TEXTS]
    if name != "bpe-unused-deep":
        return assert_same(path, texts)
    # SentencePiece gives a control piece back here, which it then cannot give offsets to.
    processor = spm.SentencePieceProcessor(model_file=str(path))
    actual = [[token[0] for token in tokens] for tokens in peer.run_probe("encode", path, texts)]
    assert actual == [processor.encode(text) for text in texts]


# What must be refused: (fields of the model, code).
def broken_models():
    charsmap_field = lambda data: [(2, 2, data)]  # noqa: E731
    a = ("a", 0.0, 1)
    yield "empty", b"", "TOK-E020"
    yield "text", b"hello world, this is no model", "TOK-E020"
    yield "truncated", peer.model_bytes([UNK, a], 1)[:-3], "TOK-E020"
    yield "nested groups", b"\x0b" * 100000, "TOK-E020"
    yield "no unknown", peer.model_bytes([a], 1), "TOK-E021"
    yield "two unknown", peer.model_bytes([UNK, ("<unk2>", 0.0, 2), a], 1), "TOK-E021"
    yield "duplicate", peer.model_bytes([UNK, a, a], 2), "TOK-E021"
    yield "empty piece", peer.model_bytes([UNK, ("", 0.0, 1)], 2), "TOK-E021"
    yield "long piece", peer.model_bytes([UNK, ("x" * 8000, 0.0, 1)], 2), "TOK-E021"
    yield "not UTF-8", peer.model_bytes([UNK, (b"\xff", 0.0, 1)], 2), "TOK-E021"
    yield "NaN", peer.model_bytes([UNK, ("a", float("nan"), 1)], 1), "TOK-E021"
    yield "infinite", peer.model_bytes([UNK, ("a", float("inf"), 1)], 1), "TOK-E021"
    yield "unknown type", peer.model_bytes([UNK, ("a", 0.0, 9)], 1), "TOK-E021"
    yield "NUL inside", peer.model_bytes([UNK, ("a\0b", 0.0, 1)], 1), "TOK-E021"
    yield "bytes without fallback", peer.model_bytes([UNK, ("<0x00>", 0.0, 6), a], 1), "TOK-E021"
    yield "fallback without bytes", peer.model_bytes([UNK, a], 1, [(35, 0, 1)]), "TOK-E021"
    yield "bad byte", peer.model_bytes([UNK, ("<0xGG>", 0.0, 6)], 1, [(35, 0, 1)]), "TOK-E021"
    yield "nothing to match", peer.model_bytes([UNK], 1), "TOK-E021"
    yield "model type", peer.model_bytes([UNK, a], 7), "TOK-E022"
    for label, charsmap in (
        ("short", b"\1\0\0"),
        ("size", struct.pack("<I", 1 << 30) + b"\0" * 2000),
        ("blocks", struct.pack("<I", 8) + b"\0" * 9),
        ("no replacement", struct.pack("<I", 1024) + b"\0" * 1024),
        ("root", struct.pack("<I", 1024) + b"\0" * 1025),
        ("units", struct.pack("<I", 1024) + struct.pack("<I", 1 << 10) + b"\xff\xff\xff\x7f" * 255 + b"\0"),
    ):
        yield "charsmap " + label, peer.model_bytes([UNK, a], 1, normalizer=charsmap_field(charsmap)), "TOK-E020"


@pytest.mark.parametrize("name,data,code", [pytest.param(*case, id=case[0]) for case in broken_models()])
def test_broken_models_are_refused(name, data, code, tmp_path):
    path = tmp_path / "broken.model"
    path.write_bytes(data)
    done = subprocess.run([os.environ["TOK_SENTENCEPIECE_PROBE"], "encode", str(path)], input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stderr[:8]) == (1, code.encode()), (name, done.stderr)
