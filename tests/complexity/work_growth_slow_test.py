"""Work grows by less than 2.6 per doubling: every family on every kind of model, at larger sizes; 10 MB finish in
memory that the input's size bounds."""

import functools
import os
import subprocess

import pytest

import families
import work

valgrind = pytest.mark.skipif(
    not work.available() or bool(os.environ.get("TOK_SANITIZE")),
    reason="valgrind is not installed or the build is sanitized",
)

SIZE = 64_000
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


# The models over whole documents meet the families that are one long piece to them; the bundled ones meet all.
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
CASES = [
    (kind, name, f)
    for kind, name in MODELS
    for f in (sorted(families.FAMILIES) if kind == "bundled" else LONG_PIECES)
]
CASES_10_MB = CASES + [
    ("bundled", name, f) for kind, name in MODELS if kind == "bundled" for f in families.INVALID
]


def tokenizer(generated, kind, name):
    return name if kind == "bundled" else generated(kind, name)


@functools.cache
def idle(tok, path):
    return work.instructions(tok, *work.encode(path), stdin=b"a")


@valgrind
@pytest.mark.parametrize("kind,name,family", CASES)
def test_growth(tok, generated, kind, name, family):
    path = tokenizer(generated, kind, name)
    counts, linear = work.growth(
        tok,
        work.encode(path),
        families.FAMILIES[family],
        SIZE if kind == "bundled" else SIZE // 2,
        idle(tok, path),
    )
    assert linear, counts


@valgrind
@pytest.mark.parametrize("family", sorted(families.INVALID))
@pytest.mark.parametrize("name", ["gpt2", "o200k_base"])
def test_growth_on_invalid_utf8(tok, name, family):
    counts, linear = work.growth(
        tok, work.encode(name, "--utf8", "bytes"), families.INVALID[family], SIZE, idle(tok, name)
    )
    assert linear, counts


@pytest.mark.parametrize("kind,name,family", CASES_10_MB)
def test_ten_megabytes(tok, generated, tmp_path, kind, name, family):
    """Finishes; peak memory stays below 64 bytes per byte of input beyond an idle run."""
    invalid = family in families.INVALID
    content = {**families.FAMILIES, **families.INVALID}[family](10_000_000)
    path, source = tokenizer(generated, kind, name), tmp_path / "in.txt"
    arguments = [tok.binary, *map(str, work.encode(path, *(["--utf8", "bytes"] if invalid else [])))]
    source.write_bytes(b"a")
    before = peak_memory([*arguments, source])
    source.write_bytes(content)
    after = peak_memory([*arguments, source])
    assert after - before < 64 * len(content), (before, after)


def peak_memory(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024
