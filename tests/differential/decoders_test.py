"""Decoders side by side with Hugging Face tokenizers: every decoder, alone and in random chains, over random tokens.

The peer returns strings (invalid UTF-8 as U+FFFD), libtok bytes: they are compared after the same replacement.
Chains at which the peer panics (Strip of more than a token has) are counted, not compared.
"""

import random

import pytest

from probe import Probe

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers  # noqa: E402

PARTS = ["a", "b", " ", "  ", "\u2581", "##", "</w>", ".", "n't", "'s", " do not", "\u00e9", "\u4e16", "\u0120", "\u00c3",
         "\u00a9", "<pad>", "|", "aab", "\U0001f600", "\u0301", "\u3000", "ab", " ' ", "!", "?", " 've", " 're", " 'm", ","]
BYTE_TOKENS = ["<0xE5>", "<0x8F>", "<0xAB>", "<0x61>", "<0xFF>", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>", "<0x20>", "<0x+A>",
               "<0xe5>", "<0x\u00e9>", "<0x 1>", "<0xC2>", "<0xED>", "<0xA0>", "<0xF4>", "<0x90>"]
PATTERNS = ["a", "aab", "\u2581", " ", "b a", "abab", "", "\u00e9"]
REGEXES = ["a+", "[b ]", "x*", "\\s+", "(?<=a)b", "^", "$", "a|", "\\p{L}", "\\w\\b", "(l)(e)", "\u2581"]
CONTENTS = ["", " ", "x", "a", "\u4e16", "$1 $0 \\1"]


def any_token(rng):
    if rng.random() < 0.3:
        return rng.choice(BYTE_TOKENS)
    return "".join(rng.choice(PARTS) for _ in range(rng.randrange(4)))


def any_step(rng):
    return rng.choice([
        lambda: decoders.ByteLevel(),
        lambda: decoders.Metaspace(rng.choice("\u2581a"), rng.choice(["first", "always", "never"]), rng.random() < 0.5),
        lambda: decoders.WordPiece(rng.choice(["##", "a", ""]), rng.random() < 0.5),
        lambda: decoders.BPEDecoder(rng.choice(["</w>", "</w>", "", "a"])),
        lambda: decoders.ByteFallback(),
        lambda: decoders.ByteFallback(),
        lambda: decoders.Fuse(),
        lambda: decoders.Strip(rng.choice([" ", "a", "\u00e9"]), rng.randrange(4), rng.choice([0, 0, 1, 2])),
        lambda: decoders.Replace(rng.choice(PATTERNS), rng.choice(CONTENTS)),
        lambda: decoders.Replace(Regex(rng.choice(REGEXES)), rng.choice(CONTENTS)),
        lambda: decoders.CTC(rng.choice(["<pad>", "a", ""]), rng.choice(["|", "", " "]), rng.random() < 0.7),
    ])()


def any_decoder(rng):
    n = rng.choice([0, 1, 1, 1, 2, 2, 3, 4])
    if n == 0:
        return None
    return any_step(rng) if n == 1 else decoders.Sequence([any_step(rng) for _ in range(n)])


def any_tokenizer(rng):
    tokens = list(dict.fromkeys(any_token(rng) for _ in range(rng.randrange(1, 10))))
    tokenizer = Tokenizer(models.WordLevel({token: i for i, token in enumerate(tokens)}, unk_token=tokens[0]))
    decoder = any_decoder(rng)
    if decoder is not None:
        tokenizer.decoder = decoder
    for _ in range(rng.randrange(3)):
        tokenizer.add_tokens([AddedToken(any_token(rng) or "<x>", special=rng.random() < 0.5, normalized=False)])
    return tokenizer


def any_byte_level_tokenizer(rng):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {c: i for i, c in enumerate(alphabet)}
    for _ in range(30):
        vocab.setdefault("".join(rng.choice(alphabet) for _ in range(rng.randrange(2, 5))), len(vocab))
    vocab.setdefault("\u4e16\u0120", len(vocab))  # outside the byte alphabet
    tokenizer = Tokenizer(models.BPE(vocab, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
    tokenizer.decoder = decoders.ByteLevel() if rng.random() < 0.7 else any_step(rng)
    if rng.random() < 0.5:
        tokenizer.add_tokens([AddedToken(any_token(rng) or "\u0120", special=True, normalized=False)])
    return tokenizer


@pytest.fixture(scope="module")
def probe():
    probe = Probe("decoder")
    yield probe
    probe.close()


def lossy(hexadecimal):
    return bytes.fromhex(hexadecimal).decode("utf-8", "replace")


def compare(probe, tokenizer, rng, n_lists):
    """Returns (compared, panicked)."""
    text = tokenizer.to_str()
    tokenizer = Tokenizer.from_str(text)  # what the file does not say (a token that once was special) does not count
    reply = probe.ask({"tokenizer": text})
    assert "error" not in reply, (reply, text)
    n_ids = tokenizer.get_vocab_size() + 1
    panicked = compared = 0
    for skip_special in (False, True):
        lists, expected = [], []
        for _ in range(n_lists):
            ids = [rng.randrange(n_ids) for _ in range(rng.randrange(12))]
            try:
                expected.append(tokenizer.decode(ids, skip_special_tokens=skip_special))
                lists.append(ids)
            except BaseException as error:  # pyo3's PanicException is no Exception
                assert type(error).__name__ == "PanicException", error
                panicked += 1
        reply = probe.ask({"ids": lists, "skip_special": skip_special})
        assert "error" not in reply, (reply, tokenizer.to_str())
        for ids, text, decoded, streamed in zip(lists, expected, reply["decoded"], reply["streamed"]):
            assert lossy(decoded) == text, (ids, tokenizer.to_str())
            assert bytes.fromhex(streamed).decode() == text, (ids, tokenizer.to_str())
            compared += 1
    return compared, panicked


@pytest.mark.parametrize("make", [any_tokenizer, any_byte_level_tokenizer])
def test_random_chains(probe, make):
    rng = random.Random(20261122)
    compared = panicked = 0
    for _ in range(1500 if make is any_tokenizer else 150):
        done, panics = compare(probe, make(rng), rng, 20)
        compared += done
        panicked += panics
    assert compared > 5000 and panicked < compared / 10, (compared, panicked)


def test_every_byte_run_of_two(probe):
    """ByteFallback over all pairs of bytes, and around the boundaries of valid sequences of three and four."""
    vocab = {f"<0x{b:02X}>": b for b in range(256)}
    vocab["x"] = 256
    tokenizer = Tokenizer(models.WordLevel(vocab, unk_token="x"))
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    assert probe.ask({"tokenizer": tokenizer.to_str()}) == {"concatenates": True}
    edges = [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
    lists = [[a, b] for a in range(256) for b in range(256)]
    lists += [[a, b, c] for a in range(0xE0, 0xF0) for b in edges for c in edges]
    lists += [[a, b, c, d, 256] for a in range(0xF0, 0xF6) for b in edges for c in edges for d in edges]
    reply = probe.ask({"ids": lists, "skip_special": False})
    expected = tokenizer.decode_batch(lists)
    assert [lossy(text) for text in reply["decoded"]] == expected
    assert [bytes.fromhex(text).decode() for text in reply["streamed"]] == expected
