"""Work grows by less than 2.6 per doubling: every family on every kind of model, at larger sizes; 10 MB finish in
memory that the input's size bounds."""

import concurrent.futures
import os
import tempfile

import pytest

import families
import peak_memory
import work

valgrind = pytest.mark.skipif(
    not work.available() or bool(os.environ.get("TOK_SANITIZE")),
    reason="valgrind is not installed or the build is sanitized",
)

SIZE = 64_000
TEN_MEGABYTES = 10_000_000
# Of memory, per byte of input. Models take up to 48 per byte of normalized text, and a space may become three bytes.
MOST_BYTES = 128
MODELS = [
    ("bundled", "gpt2"),
    ("bundled", "cl100k_base"),
    ("bundled", "o200k_base"),
    ("config", "family_llama"),
    ("config", "family_bert_uncased"),
    ("config", "family_t5"),
    ("config", "family_clip"),
    ("config", "family_deepseek"),
    ("config", "unigram_no_split"),
    ("config", "bpe_chars_no_split"),
    ("config", "wordpiece_short_words"),
    ("config", "added_overlapping"),
    ("config", "added_runs_of_spaces"),
    ("config", "bytes_zoo_scripts"),
    ("config", "normalizer_nfc"),
    ("config", "normalizer_nfkd"),
    ("config", "normalizer_precompiled_nmt_nfkc"),
    ("sentencepiece", "bpe_llama"),
    ("sentencepiece", "bpe_across_spaces"),
    ("sentencepiece", "unigram"),
    ("sentencepiece", "char"),
    ("sentencepiece", "word"),
]


# What is one long piece to most tokenizers; one bundled encoding meets all families.
LONG_PIECES = [
    "base64",
    "combining_classes",
    "emoji_joined",
    "han_random",
    "markup",
    "one_letter",
    "pair",
    "random_letters",
    "spaces",
    "special_almost",
    "underscores",
]
# Counting instructions takes the longest: the tokenizers that do not meet all families meet these.
COUNTED = ["combining_classes", "markup", "one_letter", "random_letters", "spaces"]


def some(names):
    return {name: families.FAMILIES[name] for name in names}


def cases(choose):
    chosen = [(kind, name, choose(kind, name)) for kind, name in MODELS]
    return pytest.mark.parametrize("kind,name,texts", chosen, ids=[name for _, name, _ in chosen])


def tokenizer(generated, kind, name):
    return name if kind == "bundled" else generated(kind, name)


def failures(check, texts):
    """What `check` says of each family that fails. Two at a time (the ctest entry declares two processors): what takes
    the time are the processes that it starts."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = zip(texts, pool.map(check, texts.values()))
        return {family: failure for family, failure in found if failure is not None}


def growth_failures(tok, arguments, size, texts):
    idle = work.instructions(tok, *arguments, stdin=b"a")

    def check(family):
        counts, linear = work.growth(tok, arguments, family, size, idle)
        return None if linear else counts

    return failures(check, texts)


@valgrind
@cases(lambda kind, name: families.FAMILIES if name == "o200k_base" else some(COUNTED))
def test_growth(tok, generated, kind, name, texts):
    path = tokenizer(generated, kind, name)
    assert not growth_failures(tok, work.encode(path), SIZE if kind == "bundled" else SIZE // 2, texts)


@valgrind
@pytest.mark.parametrize("name", ["gpt2", "o200k_base"])
def test_growth_on_invalid_utf8(tok, name):
    assert not growth_failures(tok, work.encode(name, "--utf8", "bytes"), SIZE, families.INVALID)


def memory_failures(tok, arguments, folder, texts):
    """Families whose peak memory is beyond that of an idle run by MOST_BYTES or more per byte of input."""

    def peak_of(content):
        with tempfile.NamedTemporaryFile(dir=folder) as source:
            source.write(content)
            source.flush()
            return peak_memory.peak_bytes(tok.binary, *arguments, source.name)

    idle = peak_of(b"a")

    def check(family):
        content = family(TEN_MEGABYTES)
        beyond = peak_of(content) - idle
        return None if beyond < MOST_BYTES * len(content) else beyond

    return failures(check, texts)


@cases(lambda kind, name: families.FAMILIES if name == "o200k_base" else some(LONG_PIECES))
def test_ten_megabytes(tok, generated, tmp_path, kind, name, texts):
    """Every family finishes (work that grew with the square would take days), in bounded memory."""
    assert not memory_failures(tok, work.encode(tokenizer(generated, kind, name)), tmp_path, texts)


@pytest.mark.parametrize("name", [name for kind, name in MODELS if kind == "bundled"])
def test_ten_megabytes_of_invalid_utf8(tok, tmp_path, name):
    assert not memory_failures(tok, work.encode(name, "--utf8", "bytes"), tmp_path, families.INVALID)
