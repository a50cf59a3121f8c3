"""Published tokenizer.json files against Hugging Face tokenizers on every code point and on large samples of the corpora."""

import pytest

pytest.importorskip("tokenizers")

import peers
import real_texts
import texts
from peers_huggingface_test import (  # noqa: F401  (pair is a fixture)
    FEW,
    NAMES,
    check_decode,
    check_template_and_special_text,
    pair,
)

others = pytest.mark.parametrize("pair", [name for name in NAMES if name not in FEW], indirect=True)


def compare(tok, pair, documents, chunk=10_000):
    path, peer = pair
    for begin in range(0, len(documents), chunk):
        some, theirs = peers.usable(part := documents[begin : begin + chunk], peer.encode(part))
        peers.assert_same_ids(some, tok.encode(path, some, threads=2), theirs)


def test_every_code_point(tok, pair):
    compare(tok, pair, texts.packed_code_points(0, 0x110000), chunk=1000)


def test_code_points_alone(tok, pair):
    """A document each: a start of text on both sides, which packed documents do not have."""
    compare(tok, pair, texts.varied_characters(), chunk=60_000)


@pytest.mark.parametrize("corpus", ["udhr", "pydocs", "prose"])
def test_corpus(tok, pair, corpus):
    documents = getattr(real_texts, corpus)()
    if documents is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    compare(tok, pair, documents if corpus == "udhr" else texts.thin(documents, len(documents) // 10, 7))


def test_fuzz(tok, pair):
    compare(tok, pair, texts.fuzz(97, 60_000) + texts.fuzz(96, 100, 10_000))


@others
def test_template_and_special_text(tok, pair):
    check_template_and_special_text(tok, pair)


@others
@pytest.mark.parametrize("skip_special", [False, True], ids=["keep", "skip"])
def test_decode(tok, pair, skip_special):
    check_decode(tok, pair, skip_special)
