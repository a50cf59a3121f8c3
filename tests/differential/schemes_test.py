"""Schemes against peers that happen to run them: WordPiece without a prefix takes the longest token, Unigram with equal
scores the fewest, and Hugging Face's BPE has dropout."""

import collections
import json
import statistics

import pytest

tokenizers = pytest.importorskip("tokenizers")
tiktoken = pytest.importorskip("tiktoken")

import peers
import real_texts
import texts

DROPOUT_DRAWS = 2000


@pytest.fixture(scope="module")
def gpt2(tok, tmp_path_factory):
    """(path of gpt2 as tokenizer.json, its JSON)"""
    path = tmp_path_factory.mktemp("schemes") / "gpt2.json"
    tok.run("convert", "gpt2", str(path))
    return path, json.loads(path.read_text(encoding="utf-8"))


def with_model(gpt2, model):
    """The peer of the vocabulary under another model of Hugging Face's, without added tokens."""
    return tokenizers.Tokenizer.from_str(json.dumps({**gpt2[1], "model": model, "added_tokens": []}))


def documents():
    return real_texts.sample_lines() + texts.fuzz(seed=7, count=300) + (real_texts.udhr() or [])[::37]


def test_longest_prefix_is_wordpiece_without_a_prefix(tok, gpt2):
    vocabulary = {t: i for t, i in gpt2[1]["model"]["vocab"].items() if not t.startswith("<|")}
    peer = with_model(gpt2, {"type": "WordPiece", "unk_token": "!", "continuing_subword_prefix": "",
                             "max_input_chars_per_word": 1 << 30, "vocab": vocabulary})
    docs = documents()
    theirs = [e.ids for e in peer.encode_batch(docs, add_special_tokens=False)]
    peers.assert_same_ids(docs, tok.encode(str(gpt2[0]), docs, "--scheme", "longest-prefix", special="text"), theirs)


def test_fewest_tokens_are_as_few_as_those_of_equal_scores(tok, gpt2):
    by_id = sorted(gpt2[1]["model"]["vocab"].items(), key=lambda item: item[1])
    peer = with_model(gpt2, {"type": "Unigram", "unk_id": 0, "vocab": [[t, -1.0] for t, _ in by_id if not t.startswith("<|")]})
    docs = documents()
    theirs = [len(e.ids) for e in peer.encode_batch(docs, add_special_tokens=False)]
    ours = [len(ids) for ids in tok.encode(str(gpt2[0]), docs, "--scheme", "fewest-tokens", special="text").lists()]
    assert ours == theirs


def test_rank_on_a_merge_list_is_tiktoken(tok, gpt2):
    peer = peers.tiktoken_encoding(peers.BUNDLED["gpt2"][1], peers.bundled_ranks(tok, "gpt2"))
    docs = documents()
    theirs = [peer.encode_ordinary(d) for d in docs]
    peers.assert_same_ids(docs, tok.encode(str(gpt2[0]), docs, "--scheme", "rank", special="text"), theirs)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_dropout_is_distributed_as_the_peers(tok, gpt2, probability):
    peer = tokenizers.Tokenizer.from_file(str(gpt2[0]))
    peer.model.dropout = probability
    word = " unbelievable"
    theirs = [len(peer.encode(word).ids) for _ in range(DROPOUT_DRAWS)]
    # One piece a document, and documents that differ: each draws for itself.
    lines = [f"{word}#{i}" for i in range(DROPOUT_DRAWS)]
    ids = tok.encode(str(gpt2[0]), lines, "--scheme", f"dropout:{probability}").lists()
    pieces = {i: t for t, i in gpt2[1]["model"]["vocab"].items()}
    ours = []
    for row in ids:
        spelled = "".join(pieces[i] for i in row)
        n_bytes, n_tokens = 0, 0
        while n_bytes < spelled.index("#"):
            n_bytes += len(pieces[row[n_tokens]])
            n_tokens += 1
        ours.append(n_tokens)
    # Means of so many draws differ by more than six of their standard errors once in 10^9.
    error = (statistics.variance(theirs) / len(theirs) + statistics.variance(ours) / len(ours)) ** 0.5
    assert abs(statistics.mean(ours) - statistics.mean(theirs)) < 6 * error, (
        collections.Counter(ours), collections.Counter(theirs))
