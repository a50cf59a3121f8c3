"""Malformed files of the other formats, files that are no tokenizer, and paths that lead to none."""

import base64
import gzip
import os
import random

import pytest

import bounded
from tokenizer_files import (
    BAD_FORMAT,
    VOCABULARY,
    UNSUPPORTED,
    MERGES,
    PATTERN,
    UNKNOWN,
    LIMIT,
    NOT_FOUND,
    UNREADABLE,
    FILE,
    JSON,
    WHOLE,
    tekken,
)

# name -> (file name, content, acceptable codes)
CASES = {
    "png": ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200), {UNKNOWN, BAD_FORMAT}),
    "elf": ("program", b"\x7fELF\x02\x01\x01" + bytes(300), {UNKNOWN}),
    "gzip_of_nothing": ("x.gz", gzip.compress(b""), {UNKNOWN, BAD_FORMAT}),
    "zip": ("x.zip", b"PK\x03\x04" + bytes(100), {UNKNOWN}),
    "prose": ("readme.md", b"# Hello\n\nThis is no tokenizer at all.\n", {UNKNOWN, BAD_FORMAT}),
    "html": ("index.html", b"<!doctype html><html><body>404</body></html>", {UNKNOWN, BAD_FORMAT}),
    "lfs_pointer": (
        "tokenizer.json",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 17082734\n",
        FILE,
    ),
    "tiktoken_unknown_ranks": (
        "custom.tiktoken",
        b"".join(base64.b64encode(bytes([b])) + b" %d\n" % b for b in range(256)),
        {PATTERN, BAD_FORMAT, UNSUPPORTED, 40},
    ),
    "tiktoken_bad_base64": ("x.tiktoken", b"!!!! 0\n", FILE),
    "tiktoken_no_rank": ("x.tiktoken", b"YQ==\n", FILE),
    "tiktoken_rank_text": ("x.tiktoken", b"YQ== first\n", FILE),
    "tiktoken_rank_negative": ("x.tiktoken", b"YQ== -1\n", FILE | {VOCABULARY}),
    "tiktoken_rank_huge": ("x.tiktoken", b"YQ== 99999999999999999999999\n", FILE | {VOCABULARY, LIMIT}),
    "tiktoken_duplicate_rank": (
        "x.tiktoken",
        b"YQ== 0\nYg== 0\n",
        FILE | {VOCABULARY, PATTERN, UNSUPPORTED, 40},
    ),
    "tiktoken_duplicate_token": (
        "x.tiktoken",
        b"YQ== 0\nYQ== 1\n",
        FILE | {VOCABULARY, PATTERN, UNSUPPORTED, 40},
    ),
    "model_empty": ("x.model", b"", FILE),
    "model_random": ("x.model", random.Random(2).randbytes(3000), FILE),
    "model_length_beyond_end": ("x.model", b"\x0a\xff\xff\xff\xff\x0f" + bytes(10), FILE),
    "model_endless_varint": ("x.model", b"\xff" * 300, FILE),
    "model_no_pieces": ("x.model", b"\x12\x00\x1a\x00", FILE | {VOCABULARY}),
    "model_wrong_wire_type": ("x.model", b"\x08\x01\x10\x01" * 20, FILE | {VOCABULARY}),
    "vocab_txt_empty": ("vocab.txt", b"", FILE | {VOCABULARY}),
    "merges_without_vocab": ("merges.txt", b"#version: 0.2\na b\n", {NOT_FOUND, BAD_FORMAT, UNKNOWN}),
    "vocab_without_merges": ("vocab.json", b'{"a": 0, "b": 1}', {NOT_FOUND, BAD_FORMAT, UNKNOWN, MERGES}),
    "tok_magic_only": ("x.tok", b"TOK", FILE),
    "tok_zeros": ("x.tok", bytes(65536), FILE),
    "tekken_no_pattern": ("tekken.json", tekken(pattern=None), JSON | {PATTERN}),
    "tekken_bad_pattern": ("tekken.json", tekken(pattern="("), {PATTERN}),
    "tekken_vocab_null": ("tekken.json", tekken(vocab=None), FILE | {VOCABULARY}),
    "tekken_bad_base64": (
        "tekken.json",
        tekken(vocab=[{"rank": 0, "token_bytes": "*", "token_str": None}]),
        JSON | {VOCABULARY},
    ),
    "tekken_duplicate_rank": (
        "tekken.json",
        tekken(
            vocab=[
                {"rank": 0, "token_bytes": "YQ==", "token_str": None},
                {"rank": 0, "token_bytes": "Yg==", "token_str": None},
            ]
        ),
        JSON | {VOCABULARY},
    ),
    "tekken_size_beyond_vocab": ("tekken.json", tekken(default_vocab_size=99999), JSON | {VOCABULARY}),
    "tekken_more_specials_than_ids": (
        "tekken.json",
        tekken(default_num_special_tokens=5000),
        JSON | {VOCABULARY},
    ),
    "tekken_negative_size": ("tekken.json", tekken(default_vocab_size=-5), JSON | {VOCABULARY}),
    "tekken_special_beyond": (
        "tekken.json",
        tekken(special_tokens=[{"rank": 20, "token_str": "<x>", "is_control": True}]),
        JSON | {VOCABULARY},
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_refused(tok, tmp_path, name):
    bounded.check_refused_file(tok, tmp_path, *CASES[name])


@pytest.mark.parametrize("verb", [["inspect"], ["convert"], ["freeze"], ["count", "-t"]], ids=lambda v: v[0])
def test_every_verb_refuses(tok, tmp_path, verb):
    path, out = tmp_path / "tokenizer.json", tmp_path / "out.tok"
    path.write_bytes(WHOLE[:100])
    extra = {"convert": [out], "freeze": ["-o", out]}.get(verb[0], [])
    bounded.assert_refused(bounded.run(tok, *verb, path, *extra, stdin=b"x"), {BAD_FORMAT}, {1})
    assert [p.name for p in tmp_path.iterdir()] == ["tokenizer.json"], "something was left behind"


def test_missing_file_and_unknown_name(tok, tmp_path):
    for name in (tmp_path / "absent.json", "no_such_encoding", tmp_path / "absent" / "deeper.model"):
        bounded.assert_refused(bounded.run(tok, "encode", "-t", name, stdin=b"x"), {NOT_FOUND}, {3})
    link = tmp_path / "dangling.json"
    link.symlink_to(tmp_path / "nowhere")
    bounded.assert_refused(bounded.run(tok, "encode", "-t", link, stdin=b"x"), {NOT_FOUND}, {3})


def test_directories_and_devices(tok, tmp_path):
    bounded.assert_refused(
        bounded.run(tok, "encode", "-t", tmp_path, stdin=b"x"),
        {NOT_FOUND, UNREADABLE, BAD_FORMAT, UNKNOWN},
        {1, 3},
    )
    (tmp_path / "tokenizer.json").mkdir()
    bounded.assert_refused(
        bounded.run(tok, "encode", "-t", tmp_path / "tokenizer.json", stdin=b"x"),
        {NOT_FOUND, UNREADABLE, BAD_FORMAT, UNKNOWN},
        {1, 3},
    )
    for device in ("/dev/null", "/dev/zero"):
        bounded.assert_refused(
            bounded.run(tok, "encode", "-t", device, stdin=b"x"),
            {UNREADABLE, BAD_FORMAT, UNKNOWN, LIMIT},
            {1, 4},
        )


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file(tok, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(WHOLE)
    path.chmod(0)
    bounded.assert_refused(bounded.run(tok, "encode", "-t", path, stdin=b"x"), {UNREADABLE}, {1})


def test_model_directory_with_broken_configuration(tok, tmp_path):
    (tmp_path / "tokenizer.json").write_bytes(WHOLE)
    (tmp_path / "tokenizer_config.json").write_bytes(b'{"bos_token": ')
    bounded.assert_refused(bounded.run(tok, "encode", "-t", tmp_path, stdin=b"x"), {BAD_FORMAT}, {1})
