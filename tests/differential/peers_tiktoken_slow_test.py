"""Bundled encodings against tiktoken on every code point in every context and on the complete corpora."""

import pytest

pytest.importorskip("tiktoken")
pytest.importorskip("tokenizers")

import peers
import texts


@pytest.fixture(scope="module", params=sorted(peers.BUNDLED))
def pair(request, tok):
    return request.param, peers.tiktoken_encoding(peers.BUNDLED[request.param][1], peers.bundled_ranks(tok, request.param))


def compare(tok, pair, documents, chunk=60_000, threads=2):
    name, peer = pair
    for begin in range(0, len(documents), chunk):
        some = documents[begin:begin + chunk]
        peers.assert_same_ids(some, tok.encode(name, some, special="text", threads=threads), [peer.encode_ordinary(d) for d in some])


@pytest.mark.parametrize("context", sorted(texts.CONTEXTS))
def test_every_code_point(tok, pair, context):
    compare(tok, pair, texts.code_points(0, 0x110000, context))


@pytest.mark.parametrize("corpus", ["udhr", "pydocs", "prose"])
def test_corpus(tok, pair, corpus):
    documents = getattr(texts, corpus)()
    if documents is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    compare(tok, pair, documents)


def test_fuzz(tok, pair):
    compare(tok, pair, texts.fuzz(99, 150_000) + texts.fuzz(98, 300, 10_000))
