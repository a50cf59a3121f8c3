"""Published tokenizer.json files against Hugging Face tokenizers on every code point and on complete corpora."""

import pytest

pytest.importorskip("tokenizers")

import peers
import real_texts
import texts
from peers_huggingface_test import pair  # noqa: F401  (a fixture)


def compare(tok, pair, documents, chunk=20_000):
    path, peer = pair
    for begin in range(0, len(documents), chunk):
        some, theirs = peers.usable(part := documents[begin : begin + chunk], peer.encode(part))
        peers.assert_same_ids(some, tok.encode(path, some, threads=2), theirs)


@pytest.mark.parametrize("context", sorted(texts.CONTEXTS))
def test_every_code_point(tok, pair, context):
    compare(tok, pair, texts.code_points(0, 0x110000, context), chunk=60_000)


@pytest.mark.parametrize("corpus", ["udhr", "pydocs", "prose"])
def test_corpus(tok, pair, corpus):
    documents = getattr(real_texts, corpus)()
    if documents is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    compare(tok, pair, documents if corpus == "udhr" else texts.thin(documents, len(documents) // 5, 7))


def test_fuzz(tok, pair):
    compare(tok, pair, texts.fuzz(97, 60_000) + texts.fuzz(96, 100, 10_000))
