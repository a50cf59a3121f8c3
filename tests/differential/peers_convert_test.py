"""What `tok convert` and `tok freeze` write: the same ids, from libtok and from the peer that owns the format."""

import pytest

tokenizers = pytest.importorskip("tokenizers")
spm = pytest.importorskip("sentencepiece")
tiktoken = pytest.importorskip("tiktoken")

import make_configs
import peers
import real_texts
import sanitized
import texts
import weird_texts


def documents_for(contents):
    return (
        weird_texts.weird()[::2]
        + real_texts.sample_lines()[::2]
        + texts.fuzz(71, 150)
        + texts.special_soup(contents, 9, 30)[:150]
    )


# Of the configurations of one step each the fast tier takes some; the slow tier takes all.
FAMILIES = [name for name in sorted(make_configs.CONFIGS) if name.startswith("family_")]
NAMES = sanitized.some(FAMILIES + [name for name in sorted(make_configs.CONFIGS) if name not in FAMILIES][::5], 3)


def check_round_trip(tok, path, tmp_path):
    peer = peers.HuggingFace(path)
    documents, theirs = peers.usable(
        some := documents_for(peer.added_contents()), peer.encode(some, template=True)
    )
    again = tmp_path / "again.json"
    tok.must("convert", path, again)
    assert peers.HuggingFace(again).encode(documents, template=True) == theirs
    frozen = tmp_path / "frozen.tok"
    tok.must("freeze", path, "-o", frozen)
    peers.assert_same_ids(documents, tok.encode(frozen, documents, "--template"), theirs)
    lists, decoded = peers.usable(theirs[::5], peer.decode(theirs[::5], False))
    assert tok.decode(frozen, lists) == decoded


@pytest.mark.parametrize("name", NAMES)
def test_tokenizer_json_and_image_round_trip(tok, generated, tmp_path, name):
    check_round_trip(tok, generated("config", name), tmp_path)


@pytest.mark.parametrize("name", sanitized.some(sorted(make_configs.SENTENCEPIECE), 3))
def test_sentencepiece_round_trip(tok, generated, tmp_path, name):
    path = generated("sentencepiece", name)
    peer = spm.SentencePieceProcessor(model_file=str(path))
    documents = documents_for(["<sep>", "the"])
    theirs = peer.encode(documents)
    again = tmp_path / "again.model"
    tok.must("convert", path, again)
    assert spm.SentencePieceProcessor(model_file=str(again)).encode(documents) == theirs
    frozen = tmp_path / "frozen.tok"
    tok.must("freeze", path, "-o", frozen)
    peers.assert_same_ids(documents, tok.encode(frozen, documents, special="text"), theirs)


@pytest.mark.parametrize("name", ["gpt2", "cl100k_base", "o200k_base"])
def test_bundled_to_tokenizer_json(tok, tmp_path, name):
    """A rank encoding written for Hugging Face gives tiktoken's ids there too."""
    peer = peers.tiktoken_encoding(peers.BUNDLED[name][1], peers.bundled_ranks(tok, name))
    written = tmp_path / "tokenizer.json"
    tok.must("convert", name, written)
    documents = weird_texts.weird() + real_texts.sample_lines() + texts.fuzz(72, 300)
    theirs = [peer.encode_ordinary(d) for d in documents]
    other = peers.HuggingFace(written)
    peers.assert_same_ids(documents, peers.tok_cli.Ragged.from_lists(other.encode(documents)), theirs)
    peers.assert_same_ids(documents, tok.encode(written, documents), theirs)
