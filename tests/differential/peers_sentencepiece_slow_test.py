"""SentencePiece .model files against the reference library on every code point and all UDHR languages."""

import pytest

pytest.importorskip("sentencepiece")
pytest.importorskip("tokenizers")

import real_texts
import texts
from peers_sentencepiece_test import NAMES, compare


@pytest.mark.parametrize("name", NAMES)
def test_every_code_point(tok, generated, name):
    compare(tok, generated("sentencepiece", name), texts.packed_code_points(0, 0x110000, per_document=16))


@pytest.mark.parametrize("name", NAMES)
def test_udhr_and_fuzz(tok, generated, name):
    compare(
        tok,
        generated("sentencepiece", name),
        (real_texts.udhr() or []) + texts.fuzz(name, 20_000) + texts.fuzz(name + "long", 100, 4000),
    )
