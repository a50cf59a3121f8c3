"""Work grows by less than 2.6 per doubling on adversarial text: a few families on each kind of model."""

import functools
import os

import pytest

import families
import work

pytestmark = [
    pytest.mark.skipif(not work.available(), reason="valgrind is not installed"),
    pytest.mark.skipif(bool(os.environ.get("TOK_SANITIZE")), reason="valgrind cannot run sanitized programs"),
]

SIZE = 24_000
HARD = [
    "one_letter",
    "spaces_then_letter",
    "newlines_then_letter",
    "special_almost",
    "han_random",
    "combining_classes",
]


@functools.cache
def idle(tok, tokenizer):
    return work.instructions(tok, *work.encode(tokenizer), stdin=b"a")


@pytest.mark.parametrize("family", HARD)
@pytest.mark.parametrize("name", ["gpt2", "o200k_base"])
def test_bundled(tok, name, family):
    counts, linear = work.growth(tok, work.encode(name), families.FAMILIES[family], SIZE, idle(tok, name))
    assert linear, counts


# One long piece each: no splitter limits what the model sees.
MODELS = [
    ("config", "family_llama", "one_letter"),
    ("config", "family_llama", "random_letters"),
    ("config", "unigram_no_split", "one_letter"),
    ("config", "unigram_no_split", "random_letters"),
    ("config", "bpe_chars_no_split", "pair"),
    ("config", "wordpiece_short_words", "one_letter"),
    ("config", "added_overlapping", "markup"),
    ("config", "added_runs_of_spaces", "spaces"),
    ("config", "normalizer_nfkd", "combining_classes"),
    ("config", "normalizer_precompiled_nmt_nfkc", "combining_classes"),
    ("config", "bytes_zoo_scripts", "han_random"),
    ("sentencepiece", "bpe_llama", "one_letter"),
    ("sentencepiece", "unigram_identity", "random_letters"),
    ("sentencepiece", "bpe_across_spaces", "pair"),
]


@pytest.mark.parametrize("kind,name,family", MODELS)
def test_generated(tok, generated, kind, name, family):
    path = generated(kind, name)
    counts, linear = work.growth(tok, work.encode(path), families.FAMILIES[family], SIZE, idle(tok, path))
    assert linear, counts
