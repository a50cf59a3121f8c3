"""decode(encode(x)) == x for arbitrary bytes under --utf8 bytes, and the other policies on invalid UTF-8."""

import random

import pytest

pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import texts
import weird_texts

BUNDLED = ["gpt2", "p50k_base", "cl100k_base", "o200k_base", "o200k_harmony"]
BYTE_LEVEL = [
    "bpe_byte_level",
    "family_llama3",
    "family_qwen",
    "family_deepseek",
    "family_bloom",
    "bytes_zoo_o200k",
    "bytes_zoo_scripts",
    "bytes_whitespace_split",
    "bpe_ignore_merges",
]


def byte_documents(seed, count):
    rng = random.Random(seed)
    documents = [bytes(rng.randrange(256) for _ in range(rng.randint(0, 80))) for _ in range(count)]
    valid = [d.encode() for d in texts.fuzz(seed, count)]
    for document in valid:
        broken = bytearray(document)
        for _ in range(rng.randint(1, 4)):
            if broken:
                at = rng.randrange(len(broken))
                if rng.random() < 0.5:
                    del broken[at]
                else:
                    broken[at] = rng.randrange(256)
        documents.append(bytes(broken))
    documents += (
        [bytes([b]) for b in range(256)]
        + [bytes([b, b]) for b in range(256)]
        + [b"a" + bytes([b]) + b" b" for b in range(256)]
    )
    documents += [
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\xc0\x80",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xff" * 50,
        b"\x80" * 50,
        b"ab\xe2\x28\xa1cd",
        b"\xf8\x88\x80\x80\x80",
    ]
    return documents


def round_trip(tok, tokenizer, documents, tmp_path):
    """All documents in one file with a separator that no document holds."""
    separator = b"\x00\x01SEP\x02\x00"
    documents = [d for d in documents if separator not in d]
    source, ids = tmp_path / "in.bin", tmp_path / "ids.u32"
    source.write_bytes(separator.join(documents) + separator)
    tok.must(
        "encode",
        "-t",
        tokenizer,
        "--utf8",
        "bytes",
        "--special",
        "text",
        "--out",
        "ids",
        "--split",
        "sep:\\0\x01SEP\x02\\0",
        "-o",
        ids,
        source,
    )
    done = tok.must("decode", "-t", tokenizer, "--in", "ids", "--sep", "\\0\x01SEP\x02\\0", ids)
    assert done.stdout.split(separator)[:-1] == documents


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled(tok, tmp_path, name):
    round_trip(tok, name, byte_documents(name, 600), tmp_path)


@pytest.mark.parametrize("name", BYTE_LEVEL)
def test_generated(tok, generated, tmp_path, name):
    documents = byte_documents(name, 200)
    if name == "family_qwen":  # NFC changes valid text: only what it leaves alone comes back
        import unicodedata

        documents = [d for d in documents if unicodedata.is_normalized("NFC", d.decode("utf-8", "replace"))]
    if name == "bytes_whitespace_split":  # removes white space: only documents without any come back
        documents = [d for d in documents if not any(c.isspace() for c in d.decode("utf-8", "replace"))]
    round_trip(tok, generated("config", name), documents, tmp_path)


@pytest.mark.parametrize("name", ["gpt2", "o200k_base"])
def test_replace_policy_is_pythons(tok, tmp_path, name):
    documents = byte_documents("replace", 400)
    broken, repaired = tmp_path / "broken", tmp_path / "repaired"
    broken.write_bytes(b"\n--8<--\n".join(documents))
    repaired.write_bytes(b"\n--8<--\n".join(d.decode("utf-8", "replace").encode() for d in documents))
    options = ["encode", "-t", name, "--special", "text", "--split", "sep:\\n--8<--\\n"]
    assert tok.must(*options, "--utf8", "replace", broken).stdout == tok.must(*options, repaired).stdout


def test_error_policy_names_the_byte(tok):
    done = tok.run("encode", "-t", "gpt2", stdin=b"abc\xffdef")
    assert done.returncode == 1 and b"TOK-E010" in done.stderr and b"3" in done.stderr and not done.stdout


def test_bytes_policy_is_refused_where_it_means_nothing(tok, generated):
    for name in ("family_bert_uncased", "unigram", "wordlevel"):
        done = tok.run("encode", "-t", generated("config", name), "--utf8", "bytes", stdin=b"abc\xff")
        assert done.returncode in (1, 2) and done.stderr.startswith(b"error: TOK-E"), done.stderr


def test_bytes_policy_equals_text_on_valid_utf8(tok, tmp_path):
    documents = weird_texts.weird() + texts.fuzz(81, 1500)
    for name in ("gpt2", "cl100k_base", "o200k_base"):
        assert tok.encode(name, documents, "--utf8", "bytes", special="text").same_as(
            tok.encode(name, documents, special="text")
        )
