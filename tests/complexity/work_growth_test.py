"""Work grows by less than 2.6 per doubling on adversarial text: the hardest families on each kind of model; all of them
on all kinds, each alone, are in the slow tier."""

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
HARD = ["one_letter", "spaces_then_letter", "special_almost", "han_random", "colliding_pieces"]


@functools.cache
def idle(tok, tokenizer):
    return work.instructions(tok, *work.encode(tokenizer), stdin=b"a")


def test_bundled(tok):
    """The families one after the other in one run, as starting valgrind takes longer than the work."""
    name = "o200k_base"

    def hard(n):
        return b"\n".join(families.FAMILIES[family](n) for family in HARD)

    counts, linear = work.growth(tok, work.encode(name), hard, SIZE, idle(tok, name))
    assert linear, counts


# One long piece each: no splitter limits what the model sees.
MODELS = [
    ("config", "family_llama", "one_letter"),
    ("config", "unigram_no_split", "random_letters"),
    ("config", "added_overlapping", "markup"),
    ("config", "normalizer_precompiled_nmt_nfkc", "combining_classes"),
    ("sentencepiece", "bpe_llama", "one_letter"),
]


@pytest.mark.parametrize("kind,name,family", MODELS)
def test_generated(tok, generated, kind, name, family):
    path = generated(kind, name)
    counts, linear = work.growth(tok, work.encode(path), families.FAMILIES[family], SIZE, idle(tok, path))
    assert linear, counts


# One long piece and as many merges as it takes, which are more the longer it is: looking at the whole piece at each of them
# would be work that grows with the square.
TRAINERS = {
    "picky": ["picky", "--threshold", "0.5"],
    "parity": ["parity", "--lang", "x=-"],
    "bpe of old tokens": ["bpe", "--special", "ab", "--special", "ba"],
}


@pytest.mark.parametrize("name", TRAINERS)
def test_training(tok, tmp_path, name):
    arguments = ["train", *TRAINERS[name], "-n", "100000", "--pattern", "none", "--min-frequency", "2", "-T", "1", "-o", tmp_path / "x.tok"]
    family = families.FAMILIES["random_letters"]
    # What an idle run takes depends on what is written; it is less than the work.
    counts, linear = work.growth(tok, arguments, family, SIZE, 0)
    assert linear, counts


# One long piece each, so that a scheme that looked at all of it for each token would show.
SCHEMES = ["longest-prefix", "longest-suffix", "longest-token", "flota", "fewest-tokens", "fewest-tokens:random", "dropout:0.5"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_schemes(tok, scheme):
    arguments = work.encode("gpt2", "--scheme", scheme)

    def letters(n):
        return families.FAMILIES["one_letter"](n // 2) + b"\n" + families.FAMILIES["random_letters"](n // 2)

    counts, linear = work.growth(tok, arguments, letters, SIZE, work.instructions(tok, *arguments, stdin=b"a"))
    assert linear, counts
