"""Unigram training side by side with Hugging Face tokenizers, from the same counted pieces.

The peer adds up in the order of a randomly seeded hash map, so it does not repeat itself: scores differ in the twelfth
digit, tokens whose scores are that close change places, and characters that training dropped are given the scores
least, least + 0.0001, ... in any order. Everything else is compared: the set of tokens, the scores to 1e-9, the order up
to such near ties, and the scores that dropped characters share.
"""

import collections
import json

import pytest

tokenizers = pytest.importorskip("tokenizers")
from tokenizers import Tokenizer, models, trainers  # noqa: E402

CLOSE = 1e-9


def count_pieces(docs, pre_tokenizer):
    counts = collections.Counter()
    for doc in docs:
        for line in doc.splitlines():
            counts.update(piece for piece, _ in pre_tokenizer.pre_tokenize_str(line))
    del counts[""]
    return list(counts.items())


def peer_vocabulary(pieces, **options):
    tokenizer = Tokenizer(models.Unigram())
    options = {**options, "initial_alphabet": [chr(c) for c in options.get("initial_alphabet", [])]}
    trainer = trainers.UnigramTrainer(show_progress=False, **options)
    tokenizer.train_from_iterator((piece for piece, count in pieces for _ in range(count)), trainer)
    return [tuple(entry) for entry in json.loads(tokenizer.to_str())["model"]["vocab"]]


def is_close(a, b):
    return abs(a - b) <= CLOSE * max(abs(a), abs(b))


def assert_same(mine, peer):
    """Returns how many characters were given their scores in another order."""
    my_scores, peer_scores = dict(mine), dict(peer)
    assert len(mine) == len(my_scores) == len(peer) == len(peer_scores)
    assert set(my_scores) == set(peer_scores)
    moved = [token for token in my_scores if not is_close(my_scores[token], peer_scores[token])]
    least = min(score for _, score in mine)
    assert all(len(token) == 1 for token in moved)
    for a, b in zip(sorted(my_scores[c] for c in moved), sorted(peer_scores[c] for c in moved)):
        assert is_close(a, b)
        assert abs((a - least) / 0.0001 - round((a - least) / 0.0001)) < 1e-4
    kept = [[(token, score) for token, score in vocabulary if token not in moved] for vocabulary in (mine, peer)]
    for (my_token, score), (peer_token, _) in zip(*kept):
        assert my_token == peer_token or is_close(score, my_scores[peer_token])
    return len(moved)


def compare(probe, pieces, metaspace=False, **options):
    reply = probe.ask({"pieces": pieces, "metaspace": metaspace, **options})
    assert "error" not in reply, reply
    mine = [tuple(entry) for entry in reply["vocab"]]
    peer = peer_vocabulary(pieces, **options)
    assert_same(mine, peer)
    loaded = json.loads(Tokenizer.from_str(reply["tokenizer"]).to_str())["model"]["vocab"]
    assert [token for token, _ in loaded] == [token for token, _ in mine]
    assert all(is_close(a, b) for (_, a), (_, b) in zip(loaded, mine))  # its reader rounds in its own way
    return reply
