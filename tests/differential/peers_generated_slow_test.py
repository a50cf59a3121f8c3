"""Every generated tokenizer.json against Hugging Face tokenizers on all UDHR languages, code points, long fuzz."""

import pytest

pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import make_configs
import peers
import real_texts
import texts
from peers_generated_test import check_decode, check_ids_and_offsets

NAMES = sorted(make_configs.CONFIGS)
WITH_ALL_CODE_POINTS = ["family_bert_uncased", "family_clip", "family_deepseek", "family_llama", "family_t5"]


@pytest.mark.parametrize("name", NAMES)
def test_all_documents_with_offsets(tok, generated, name):
    check_ids_and_offsets(tok, generated("config", name), 10_000, 10_000)


@pytest.mark.parametrize("skip_special", [False, True], ids=["keep", "skip"])
@pytest.mark.parametrize("name", NAMES)
def test_decode(tok, generated, name, skip_special):
    check_decode(tok, generated("config", name), skip_special, 1000)


def compare(tok, path, documents):
    peer = peers.HuggingFace(path)
    documents, theirs = peers.usable(documents, peer.encode(documents))
    peers.assert_same_ids(
        documents,
        tok.encode(path, documents),
        theirs,
        lambda d: tok.encode(path, [d]).document(0) != peer.encode([d])[0],
    )


@pytest.mark.parametrize("name", NAMES)
def test_code_points(tok, generated, name):
    """All of them for the families; the uniform blocks are thinned for the rest."""
    compare(
        tok,
        generated("config", name),
        texts.packed_code_points(0, 0x110000) if name in WITH_ALL_CODE_POINTS else texts.packed(texts.varied_characters()),
    )


@pytest.mark.parametrize("name", NAMES)
def test_fuzz(tok, generated, name):
    compare(tok, generated("config", name), texts.fuzz(name, 6000) + texts.fuzz(name + "long", 60, 3000))


@pytest.mark.parametrize("name", NAMES)
def test_udhr(tok, generated, name):
    udhr = real_texts.udhr()
    if udhr is None:
        pytest.skip("no UDHR corpus (TOK_CORPORA)")
    compare(
        tok,
        generated("config", name),
        udhr if name.startswith("family_") else texts.thin(udhr, 1500, seed=name),
    )
