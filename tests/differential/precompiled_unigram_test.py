"""Hugging Face's Precompiled normalizer and Unigram model, against tokenizers itself."""

import json
import random

import pytest

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import models, normalizers, pre_tokenizers  # noqa: E402

import sentencepiece_peer as peer  # noqa: E402
from charsmap_builder import build_charsmap  # noqa: E402

CODE_POINTS = [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def rules_of(*pairs):
    return {key.encode(): value.encode() for key, value in pairs}


def marks_and_bases():
    """Rules whose keys are first characters, whole clusters and prefixes of each other."""
    return rules_of(
        ("a", "b"), ("e\u0301", "é"), ("o", "oo"), ("ﬁ", "fi"), ("㍿", "株式会社"), ("\u00a9", "(c)"), ("\u00ad", ""), ("\r", " "),
        ("\u0600", "N"), ("\u00a0", " "), ("क", "K"), ("त", "T"), ("\u1161", "V"), ("\u0301", "'"), ("x\u0300", "y"), ("x", ""), ("人", "人人"),
        ("½", "1\u20442"), ("\u0645", "m"), ("\u0645\u0651", "mm"), ("\U0001F600", ":)"), ("\u0e33", "\u0e4d\u0e32"), ("é\u0301", "xyzw"),
    )


@pytest.fixture(scope="session")
def charsmaps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("charsmaps")
    made = {"rules": build_charsmap(marks_and_bases())}
    spm = pytest.importorskip("sentencepiece")
    for rule in ("nmt_nfkc", "nfkc_cf"):
        out = peer.io.BytesIO()
        spm.SentencePieceTrainer.train(sentence_iterator=iter(["a b c"] * 9), model_writer=out, vocab_size=8, model_type="char",
                                       normalization_rule_name=rule, minloglevel=2)
        spec = next(value for number, _, value in peer.read_fields(out.getvalue()) if number == 3)
        made[rule] = next(value for number, _, value in peer.read_fields(spec) if number == 2)
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return folder




def assert_normalizes_alike(folder, name, texts):
    charsmap = (folder / name).read_bytes()
    normalize = normalizers.Precompiled(charsmap).normalize_str
    results = peer.run_probe("precompiled", folder / name, [t.encode() for t in texts])
    for text, result in zip(texts, results):
        assert bytes(byte for byte, _, _ in result).decode() == normalize(text), ascii(text)


def clusters(seed, n):
    rng = random.Random(seed)
    pieces = list("aeoxc ©®\r\n\u0600\u06dd\u070f\u00ad\u00a0\u0301\u0300\u0651\u200d\u200c\u20dd\u0903\u0e33\u0645人㍿ﬁ½क\u094d\u0924\u0937\u1100\u1161"
                  "\u11a8가각\U0001F600\U0001F44D\U0001F3FD\U0001F1E6\U0001F1E7☂❤\ufe0f\U0001D165\U000110BD\u0d4e\u180e\u2060") + ["\r\n", "\0"]
    return ["".join(rng.choices(pieces, k=rng.randrange(1, 12))) for _ in range(n)]


@pytest.mark.parametrize("name", ["rules", "nmt_nfkc", "nfkc_cf"])
def test_clusters(charsmaps, name):
    assert_normalizes_alike(charsmaps, name, clusters(1, 20000))


@pytest.mark.parametrize("name", ["rules", "nmt_nfkc"])
def test_every_code_point(charsmaps, name):
    texts = []
    for around in ("a{}", "{}\u0301", "\u00a9\u200d{}", "\u0600{}", "क\u094d{}\u0301", "{}", "x{}o"):
        chars = [around.format(c) for c in CODE_POINTS if ord(c) < 0x20000 or 0xE0000 <= ord(c) < 0xE0200 or ord(c) % 64 == 0]
        texts += ["\n".join(chars[i : i + 50]) for i in range(0, len(chars), 50)]
    assert_normalizes_alike(charsmaps, name, texts)


def aligned(charsmap, texts):
    """Per text the spans of single normalized characters, from a tokenizer that cuts them apart."""
    vocab = [("<unk>", 0.0)]
    tokenizer = tokenizers.Tokenizer(models.Unigram(vocab, unk_id=0, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.FixedLength(1)
    return [encoding.offsets for encoding in tokenizer.encode_batch(texts)]


@pytest.mark.parametrize("name", ["rules", "nmt_nfkc"])
def test_offsets(charsmaps, name):
    texts = [t for t in clusters(2, 3000) if t]
    offsets = aligned((charsmaps / name).read_bytes(), texts)
    results = peer.run_probe("precompiled", charsmaps / name, [t.encode() for t in texts])
    for text, expected, result in zip(texts, offsets, results):
        starts = [i for i, (byte, _, _) in enumerate(result) if byte & 0xC0 != 0x80]
        at_char = {}  # byte position -> characters before it
        position = 0
        for index, char in enumerate(text):
            at_char[position] = index
            position += len(char.encode())
        at_char[position] = len(text)
        actual = [(at_char[result[i][1]], at_char[result[i][2]]) for i in starts]
        assert actual == expected, ascii(text)


def scored(pieces, seed):
    rng = random.Random(seed)
    return [(p, round(-rng.random() * 12, 2)) for p in pieces]


BYTES = [f"<0x{i:02X}>" for i in range(256)]
PIECES = ["\u2581", "a", "b", "ab", "\u2581a", "ba", "aab", "\u2581the", "人", "人人", "é", "<s>", "bab", "x<", "\u2581\u2581"]
UNIGRAMS = {
    "plain": dict(vocab=[("<unk>", 0.0)] + scored(PIECES, 1), unk_id=0, byte_fallback=False),
    "bytes": dict(vocab=[("<unk>", 0.0)] + scored(BYTES + PIECES, 2), unk_id=0, byte_fallback=True),
    "some bytes": dict(vocab=[("<unk>", 0.0)] + scored(BYTES[:0xE2] + PIECES, 3), unk_id=0, byte_fallback=True),
    "ties": dict(vocab=[("<unk>", 0.0)] + [(p, -float(len(p))) for p in PIECES], unk_id=0, byte_fallback=False),
    "positive": dict(vocab=[("<unk>", 50.0)] + [(p, 100.0) for p in PIECES] + [("qq", 1.0), ("zq", -2.0)], unk_id=0, byte_fallback=False),
    "unknown in the middle": dict(vocab=scored(PIECES, 4) + [("<unk>", -3.0), ("q", -1.0)], unk_id=len(PIECES), byte_fallback=False),
    "unknown is a letter": dict(vocab=scored(["a", "ab", "b", "\u2581"], 5), unk_id=0, byte_fallback=False),
    "no unknown": dict(vocab=scored([chr(c) for c in range(1, 128)] + [p for p in PIECES if len(p) > 1], 6), unk_id=None, byte_fallback=False),
}


@pytest.mark.parametrize("name", list(UNIGRAMS))
def test_unigram(name, tmp_path):
    settings = UNIGRAMS[name]
    model = models.Unigram(**settings)
    path = tmp_path / "unigram.json"
    path.write_text(json.dumps(settings))
    rng = random.Random(3)
    alphabet = list("aabb<>sunk") if name == "no unknown" else list("aaabbb\u2581\u2581<>sunkqqzé人☃") + ["<unk>", "<s>", "<0x41>", "👍", "\0"]
    texts = ["".join(rng.choices(alphabet, k=rng.randrange(1, 40))) for _ in range(4000)]
    actual = peer.run_probe("unigram", path, [t.encode() for t in texts])
    for text, tokens in zip(texts, actual):
        assert tokens == [(t.id, *t.offsets) for t in model.tokenize(text)], ascii(text)


def test_unigram_without_unknown_refuses_like_the_peer(tmp_path):
    settings = dict(vocab=[("a", -1.0)], unk_id=None, byte_fallback=False)
    path = tmp_path / "unigram.json"
    path.write_text(json.dumps(settings))
    with pytest.raises(Exception):
        models.Unigram(**settings).tokenize("ab")
    with pytest.raises(RuntimeError, match="TOK-E013"):
        peer.run_probe("unigram", path, [b"ab"])
