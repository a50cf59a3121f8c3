"""WordPiece and WordLevel models side by side with Hugging Face tokenizers on random vocabularies and pieces."""

import random

import pytest

from probe import Probe

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import Tokenizer, models  # noqa: E402

LETTERS = ["a", "b", "#", "##", "\u00e9", "\u4e16", "\U0001f600", "\u0301", "[UNK]"]


def any_string(rng, longest):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(1, longest)))


def any_model(rng):
    strings = [any_string(rng, 5) for _ in range(rng.randrange(1, 25))]
    prefix = rng.choice(["##", "##", "##", "", "\u00e9"])
    strings += [prefix + any_string(rng, 4) for _ in range(rng.randrange(25))]
    if rng.random() < 0.8:
        strings.append("[UNK]")
    vocab = {string: i for i, string in enumerate(dict.fromkeys(strings))}
    if rng.random() < 0.15:
        return models.WordLevel(vocab, unk_token="[UNK]")
    return models.WordPiece(vocab, unk_token="[UNK]", continuing_subword_prefix=prefix, max_input_chars_per_word=rng.choice([3, 8, 100]))


def peer_tokens(model, piece):
    try:
        tokens = model.tokenize(piece)
    except Exception:  # the vocabulary lacks the unknown token
        return None
    return [[token.id, *token.offsets] for token in tokens]


def test_random_vocabularies():
    probe = Probe("model")
    rng = random.Random(29)
    failures = compared = 0
    for _ in range(1500):
        model = any_model(rng)
        assert probe.ask({"tokenizer": Tokenizer(model).to_str()}) == {}
        pieces = [any_string(rng, rng.choice([4, 12])) for _ in range(40)]
        for piece, mine in zip(pieces, probe.ask({"pieces": pieces})["tokens"]):
            peer = peer_tokens(model, piece)
            assert mine == peer, (piece, mine, peer, Tokenizer(model).to_str())
            failures += peer is None
            compared += 1
    probe.close()
    assert compared == 60000 and 0 < failures < compared / 2
