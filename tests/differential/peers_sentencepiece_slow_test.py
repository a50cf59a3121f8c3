"""SentencePiece .model files against the reference library on code points and all UDHR languages."""

import pytest

pytest.importorskip("sentencepiece")
pytest.importorskip("tokenizers")

import real_texts
import texts
from peers_sentencepiece_test import NAMES, compare

WITH_ALL_CODE_POINTS = ["bpe_llama", "char_byte_fallback", "unigram", "unigram_byte_fallback", "unigram_nfkc_cf", "word"]
ALL_CHARACTERS = [chr(c) for c in range(0x110000) if texts.is_scalar(c)]


@pytest.mark.parametrize("name", NAMES)
def test_code_points(tok, generated, name):
    """All of them for one model of each kind; the uniform blocks are thinned for the rest."""
    characters = ALL_CHARACTERS if name in WITH_ALL_CODE_POINTS else texts.varied_characters()
    compare(tok, generated("sentencepiece", name), texts.packed(characters, per_document=16))


@pytest.mark.parametrize("name", NAMES)
def test_udhr_and_fuzz(tok, generated, name):
    compare(
        tok,
        generated("sentencepiece", name),
        (real_texts.udhr() or []) + texts.fuzz(name, 20_000) + texts.fuzz(name + "long", 100, 4000),
    )
