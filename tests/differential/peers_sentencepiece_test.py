"""SentencePiece .model files against the reference library: ids, byte fallback, user-defined symbols, decoding."""

import random

import pytest

spm = pytest.importorskip("sentencepiece")
pytest.importorskip("tokenizers")

import bases
import make_configs
import peers
import real_texts
import sanitized
import texts
import weird_texts

NAMES = sanitized.some(sorted(make_configs.SENTENCEPIECE), 3)


def documents_for(seed, count):
    return (
        weird_texts.weird()
        + real_texts.sample_lines()
        + texts.fuzz(seed, count)
        + texts.special_soup(
            ["<sep>", "the", "ing", "漢字", "<mask>", "<ctrl>", "<s>", "</s>", "<unk>", "\u2581", " x "],
            seed,
            80,
        )
    )


def compare(tok, path, documents):
    peer = spm.SentencePieceProcessor(model_file=str(path))
    peers.assert_same_ids(
        documents,
        tok.encode(path, documents, special="text"),
        peer.encode(documents),
        lambda d: tok.encode(path, [d], special="text").document(0) != peer.encode(d),
    )


@pytest.mark.parametrize("name", NAMES)
def test_ids(tok, generated, name):
    documents = documents_for(51, 150)
    if real_texts.udhr():
        documents = documents + texts.thin(real_texts.udhr(), 60, 8)
    compare(
        tok, generated("sentencepiece", name), documents + texts.packed_code_points(0, 0x110000, step=797)
    )


@pytest.mark.parametrize("name", NAMES)
def test_decode(tok, generated, name):
    path = generated("sentencepiece", name)
    peer = spm.SentencePieceProcessor(model_file=str(path))
    rng = random.Random(3)
    lists = peer.encode(documents_for(52, 100)[::2]) + [[i] for i in range(peer.vocab_size())]
    lists += [[rng.randrange(peer.vocab_size()) for _ in range(rng.randint(0, 12))] for _ in range(150)]
    peers.assert_same_texts(lists, tok.decode(path, lists), peer.decode(lists))


def pieces_of(peer, text):
    """(id, begin, end, spelling) of each piece, in bytes; from the serialized message, without the protobuf package."""
    for number, value in bases.message_fields(peer.encode(text, return_type="serialized_proto")):
        if number == 2:
            piece = dict(bases.message_fields(value))
            yield piece.get(2, 0), piece.get(4, 0), piece.get(5, 0), piece[1].decode("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_offsets(tok, generated, name):
    """The peer's spans. Of the byte tokens of a character it gives the last one the whole character and the others
    nothing; in libtok all have the character."""
    path = generated("sentencepiece", name)
    peer = spm.SentencePieceProcessor(model_file=str(path))
    documents = documents_for(53, 60)[::2]
    for text, (ids, spans) in zip(documents, tok.encode_with_offsets(path, documents, "bytes", special="text")):
        pieces = list(pieces_of(peer, text))
        assert ids == [piece_id for piece_id, _, _, _ in pieces], text
        for (_, begin, end, spelling), span in zip(pieces, spans):
            if spelling.startswith("<0x"):
                assert span[0] <= begin <= end <= span[1], (text, spelling, span, begin, end)
            else:
                assert span == (begin, end), (text, spelling, span, begin, end)
