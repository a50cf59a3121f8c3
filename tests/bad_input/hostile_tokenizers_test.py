"""Hostile and damaged tokenizer files: they may be taken or refused, but never crash, hang or eat the machine."""

import io
import json
import pathlib
import random
import struct

import pytest

import bounded
from tokenizer_files import LIMIT, WHOLE, added, changed, charsmap, good, model, split, text, unigram


def wordpiece(max_input_chars_per_word):
    return text(
        changed(
            model={
                "type": "WordPiece",
                "vocab": {"a": 0, "[UNK]": 1},
                "unk_token": "[UNK]",
                "continuing_subword_prefix": "##",
                "max_input_chars_per_word": max_input_chars_per_word,
            }
        )
    )


def deep_sequence(field, key, inner, depth):
    return (
        changed(
            **{
                field: json.loads(
                    '{"type":"Sequence","%s":[' % key * depth + json.dumps(inner) + "]}" * depth
                )
            }
        )
        if depth < 200
        else None
    )


HOSTILE = {
    "nested_sequences": text(deep_sequence("normalizer", "normalizers", {"type": "NFC"}, 150)),
    "nested_sequences_thousands": WHOLE.replace(
        b'"normalizer": null',
        b'"normalizer": ' + b'{"type":"Sequence","normalizers":[' * 5000 + b'{"type":"NFC"}' + b"]}" * 5000,
    ),
    "duplicate_keys": WHOLE.replace(b'"a": 0', b'"a": 0, "a": 0'),
    "duplicate_sections": WHOLE[:-1] + b', "model": ' + text(good()["model"]) + b"}",
    "empty_vocabulary": text(model(vocab={}, merges=[])),
    "empty_token": text(model(vocab={**good()["model"]["vocab"], "": 50})),
    "long_token": text(model(vocab={**good()["model"]["vocab"], "x" * 3_000_000: 50})),
    "many_empty_merges": text(model(merges=[])),
    "cyclic_merges": text(
        model(
            vocab={"a": 0, "aa": 1, "aaaa": 2, "aaa": 3},
            merges=[["a", "a"], ["aa", "a"], ["a", "aa"], ["aa", "aa"]],
        )
    ),
    "merges_repeated": text(model(merges=good()["model"]["merges"] * 2000)),
    "gap_to_the_largest_id": text(model(vocab={**good()["model"]["vocab"], "z": (1 << 24) - 1})),
    "added_largest_id": text(added(id=(1 << 24) - 1)),
    "many_added_tokens": text(
        changed(
            added_tokens=[
                {
                    "id": 11 + i,
                    "content": "<%d>" % i,
                    "single_word": False,
                    "lstrip": False,
                    "rstrip": False,
                    "normalized": False,
                    "special": False,
                }
                for i in range(60_000)
            ]
        )
    ),
    "added_tokens_with_shared_prefix": text(
        changed(
            added_tokens=[
                {
                    "id": 11 + i,
                    "content": "a" * (i + 20),
                    "single_word": i % 2 == 0,
                    "lstrip": True,
                    "rstrip": True,
                    "normalized": True,
                    "special": False,
                }
                for i in range(1500)
            ]
        )
    ),
    "unigram_empty": text(unigram(vocab=[], unk_id=None)),
    "unigram_duplicates": text(unigram(vocab=[["<unk>", 0.0], ["a", -1.0], ["a", -2.0]])),
    "unigram_extreme_scores": text(
        unigram(vocab=[["<unk>", 0.0], ["a", -1.7e308], ["b", 1.7e308], ["ab", 1.7e308]])
    ),
    "charsmap_loops": text(
        charsmap(
            struct.pack("<I", 1024)
            + struct.pack("<256I", *[(i << 10) | 0x100 for i in range(256)])
            + b"x" * 40
        )
    ),
    "charsmap_offsets_beyond": text(
        charsmap(
            struct.pack("<I", 1024)
            + struct.pack("<256I", *[0x80000000 | (i * 997) for i in range(256)])
            + b"x" * 40
        )
    ),
    "charsmap_random": text(charsmap(struct.pack("<I", 4096) + random.Random(3).randbytes(6000))),
    "regex_repeat_bomb": text(split("((((a{1000}){1000}){1000}){1000}){1000}")),
    "regex_exponential": text(split(r"(a+)+$|(a|aa)+\1b")),
    "regex_look_behind_long": text(split(r"(?<=a{0,200})b(?!(c|d)*e)")),
    "replace_growth": text(
        changed(
            normalizer={
                "type": "Sequence",
                "normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "aa" * 20}] * 4,
            }
        )
    ),
    "prepend_long": text(changed(normalizer={"type": "Prepend", "prepend": "a" * 1_000_000})),
    "fixed_length_max": text(changed(pre_tokenizer={"type": "FixedLength", "length": (1 << 63) - 1})),
    "strip_decoder_max": text(
        changed(decoder={"type": "Strip", "content": "a", "start": (1 << 63) - 1, "stop": (1 << 63) - 1})
    ),
    "wordpiece_limit_max": wordpiece(max_input_chars_per_word=(1 << 64) - 1),
    "wordpiece_limit_zero": wordpiece(max_input_chars_per_word=0),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_survives(tok, tmp_path, name):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(HOSTILE[name])
    for document in (b"abc dee", b"a" * 3000, b"", "é漢👍".encode() * 50):
        bounded.assert_survived(bounded.run(tok, "encode", "-t", path, "--special", "all", stdin=document))
    bounded.assert_survived(bounded.run(tok, "decode", "-t", path, stdin=b"0 1 2 3\n"))


def replace_bomb(times):
    return text(
        changed(
            normalizer={
                "type": "Sequence",
                "normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}]
                * times,
            }
        )
    )


def test_normalizers_that_multiply_text_hit_a_limit(tok, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(replace_bomb(6))
    bounded.assert_refused(bounded.run(tok, "encode", "-t", path, stdin=b"a"), {LIMIT}, {4})


def corruptions(content, seed, count):
    rng = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(content)
        kind = rng.randrange(4)
        at = rng.randrange(len(damaged))
        if kind == 0:
            damaged[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del damaged[at:]
        elif kind == 2:
            damaged[at : at + rng.randint(1, 16)] = rng.randbytes(rng.randint(0, 16))
        else:
            damaged[at : at + 8] = b"\xff" * 8
        yield bytes(damaged)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_tokenizer_json(tok, tmp_path, seed):
    path = tmp_path / "tokenizer.json"
    for damaged in corruptions(WHOLE, seed, 25):
        path.write_bytes(damaged)
        bounded.assert_survived(bounded.run(tok, "encode", "-t", path, stdin=b"abc dee"))


@pytest.mark.parametrize("seed", range(4))
def test_damaged_image(tok, tmp_path, seed):
    """A damaged image is refused or still gives the same ids (the damage fell on padding)."""
    source, image, path = tmp_path / "tokenizer.json", tmp_path / "good.tok", tmp_path / "damaged.tok"
    source.write_bytes(WHOLE)
    assert bounded.run(tok, "freeze", source, "-o", image).returncode == 0
    content = image.read_bytes()
    expected = bounded.run(tok, "encode", "-t", image, stdin=b"abc dee").stdout
    assert expected
    for damaged in corruptions(content, seed, 40):
        path.write_bytes(damaged)
        done = bounded.run(tok, "encode", "-t", path, stdin=b"abc dee")
        bounded.assert_survived(done)
        assert done.returncode != 0 or done.stdout == expected, "a damaged image gave other ids"


@pytest.mark.parametrize("seed", range(2))
def test_damaged_sentencepiece(tok, tmp_path, seed):
    spm = pytest.importorskip("sentencepiece")
    import io

    out = io.BytesIO()
    lines = (
        (pathlib.Path(__file__).resolve().parents[1] / "data" / "multiscript.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=out,
        model_type=("bpe", "unigram")[seed % 2],
        vocab_size=1100,
        minloglevel=2,
        hard_vocab_limit=False,
        num_threads=1,
    )
    path = tmp_path / "x.model"
    for damaged in corruptions(out.getvalue(), seed, 40):
        path.write_bytes(damaged)
        bounded.assert_survived(bounded.run(tok, "encode", "-t", path, stdin="abc é ships 漢字".encode()))
