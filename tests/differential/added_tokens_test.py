"""The search for added tokens side by side with Hugging Face tokenizers: all combinations of flags on random texts.

The peer runs a model that knows no word and no pre-tokenizer, so that every stretch between added tokens is one
unknown token and its offsets show the whole split. Texts at which the peer panics are counted, not compared.
"""

import random

import pytest

import texts
from probe import Probe

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import AddedToken, Tokenizer, models  # noqa: E402

# White space of every kind, characters that only look like it, word characters of every kind, and plain letters.
SPACES = [" ", "\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\xa0", "\u1680", "\u180e", "\u2000", "\u200a", "\u200b",
          "\u2028", "\u2029", "\u202f", "\u205f", "\u2060", "\u3000", "\ufeff"]
WORDS = ["a", "b", "ab", "A", "_", "1", "\u00e9", "\u0301", "\u203f", "\u200c", "\u200d", "\u0660", "\u2160", "\u00b2", "\u4e16", "\U0001f600",
         "\u24b6", "\u093e"]
OTHERS = [".", "-", "<", "<|", "|>", "\u2019", "\u2581", "<|a|>"]
UNKNOWN = "\U000f0000"


def any_tokenizer(rng):
    tokenizer = Tokenizer(models.WordLevel({UNKNOWN: 0}, unk_token=UNKNOWN))
    contents = []
    for _ in range(rng.randrange(1, 7)):
        content = "".join(rng.choice(rng.choice([SPACES, WORDS, WORDS, OTHERS])) for _ in range(rng.randrange(1, 4)))
        if contents and rng.random() < 0.3:
            content = rng.choice(contents) + rng.choice(WORDS + OTHERS)
        contents.append(content)
        flags = {name: rng.random() < 0.35 for name in ("single_word", "lstrip", "rstrip", "normalized", "special")}
        tokenizer.add_tokens([AddedToken(content, **flags)])
    return Tokenizer.from_str(tokenizer.to_str()), contents


def any_text(rng, contents):
    parts = [rng.choice(rng.choice([SPACES, WORDS, OTHERS, contents, contents])) for _ in range(rng.randrange(1, 14))]
    return "".join(parts)


def peer_splits(tokenizer, text):
    encoding = tokenizer.encode(text)
    ends = [0]
    for character in text:
        ends.append(ends[-1] + len(character.encode()))
    return [[i or -1, ends[begin], ends[end]] for i, (begin, end) in zip(encoding.ids, encoding.offsets)]


def check_flags(seed, rounds):
    probe = Probe("added_tokens")
    rng = random.Random(seed)
    compared = panicked = 0
    for _ in range(rounds):
        tokenizer, contents = any_tokenizer(rng)
        assert probe.ask({"tokenizer": tokenizer.to_str()}) == {}
        for hide_special in (False, True):
            tokenizer.encode_special_tokens = hide_special
            documents, expected = [], []
            for _ in range(15):
                text = any_text(rng, contents)
                try:
                    expected.append(peer_splits(tokenizer, text))
                    documents.append(text)
                except BaseException as error:  # pyo3's PanicException is no Exception
                    assert type(error).__name__ == "PanicException", error
                    panicked += 1
            splits = probe.ask({"texts": documents, "hide_special": hide_special})["splits"]
            for text, mine, peer in zip(documents, splits, expected):
                assert mine == peer, (text, mine, peer, tokenizer.to_str())
                compared += 1
    probe.close()
    assert compared > 20 * rounds and panicked < compared / 50, (compared, panicked)


def test_every_combination_of_flags():
    check_flags(23, 600)


def check_words_and_spaces(characters):
    """single_word and rstrip beside each of the characters."""
    probe = Probe("added_tokens")
    tokenizer = Tokenizer(models.WordLevel({UNKNOWN: 0}, unk_token=UNKNOWN))
    tokenizer.add_tokens([AddedToken("<w>", single_word=True, normalized=False), AddedToken("<r>", rstrip=True, normalized=False)])
    assert probe.ask({"tokenizer": tokenizer.to_str()}) == {}
    for at in range(0, len(characters), 4096):
        documents = ["".join(f"<w>{c}.<r>{c}." for c in characters[i:i + 32]) for i in range(at, min(at + 4096, len(characters)), 32)]
        splits = probe.ask({"texts": documents, "hide_special": False})["splits"]
        for text, mine in zip(documents, splits):
            assert mine == peer_splits(tokenizer, text), text
    probe.close()


def test_words_and_spaces_of_unicode():
    check_words_and_spaces(texts.varied_characters())
