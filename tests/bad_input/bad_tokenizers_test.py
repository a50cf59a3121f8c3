"""Malformed, truncated, contradictory and hostile tokenizer files of every format."""

import base64
import copy
import gzip
import json
import os
import pathlib
import random
import struct

import pytest

import bounded

BAD_FORMAT, VOCABULARY, UNSUPPORTED, MERGES, PATTERN, UNKNOWN, LIMIT = 20, 21, 22, 23, 24, 25, 30
NOT_FOUND, UNREADABLE = 1, 2


def good():
    """A small, complete BPE file."""
    vocab = {c: i for i, c in enumerate("abcdefgh")}
    merges = [["a", "b"], ["ab", "c"], ["d", "e"]]
    for left, right in merges:
        vocab[left + right] = len(vocab)
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocab,
            "merges": merges,
        },
    }


def unigram(**changes):
    model = {
        "type": "Unigram",
        "unk_id": 0,
        "vocab": [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["ab", -1.5]],
        "byte_fallback": False,
    }
    return changed(model={**model, **changes})


def changed(**fields):
    return {**good(), **fields}


def model(**fields):
    value = good()
    value["model"].update(fields)
    return value


def without(*path):
    value = copy.deepcopy(good())
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return value


def added(**fields):
    token = {
        "id": 11,
        "content": "<x>",
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
    token.update(fields)
    return changed(added_tokens=[{k: v for k, v in token.items() if v is not ...}])


def charsmap(data):
    return changed(
        normalizer={
            "type": "Precompiled",
            "precompiled_charsmap": base64.b64encode(data).decode() if isinstance(data, bytes) else data,
        }
    )


def split(pattern):
    return changed(
        pre_tokenizer={
            "type": "Split",
            "pattern": {"Regex": pattern},
            "behavior": "Isolated",
            "invert": False,
        }
    )


def text(value):
    return json.dumps(value).encode()


WHOLE = text(good())
FILE = {BAD_FORMAT, UNKNOWN}
JSON = {BAD_FORMAT}

# name -> (file name, content, acceptable codes)
CASES = {
    "empty": ("tokenizer.json", b"", FILE),
    "empty_no_suffix": ("tokenizer", b"", FILE),
    "one_brace": ("tokenizer.json", b"{", FILE),
    "truncated_quarter": ("tokenizer.json", WHOLE[: len(WHOLE) // 4], JSON),
    "truncated_half": ("tokenizer.json", WHOLE[: len(WHOLE) // 2], JSON),
    "truncated_last": ("tokenizer.json", WHOLE[:-1], JSON),
    "trailing_garbage": ("tokenizer.json", WHOLE + b"}", JSON),
    "nul_bytes": ("tokenizer.json", b"\0" * 4096, FILE),
    "nul_inside": ("tokenizer.json", WHOLE[:60] + b"\0" + WHOLE[60:], JSON),
    "random_bytes": ("tokenizer.json", random.Random(1).randbytes(4096), FILE),
    "invalid_utf8": ("tokenizer.json", WHOLE.replace(b'"a"', b'"\xff\xfe"'), JSON),
    "utf16": ("tokenizer.json", WHOLE.decode().encode("utf-16"), FILE),
    "lone_surrogate": ("tokenizer.json", WHOLE.replace(b'"a"', b'"\\ud800"'), JSON | {VOCABULARY}),
    "deep_arrays": ("tokenizer.json", b"[" * 200_000, FILE | {LIMIT}),
    "deep_objects": ("tokenizer.json", b'{"a":' * 200_000, FILE | {LIMIT}),
    "deep_added": (
        "tokenizer.json",
        b'{"added_tokens":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        FILE | {LIMIT},
    ),
    "array": ("tokenizer.json", b"[]", FILE),
    "string": ("tokenizer.json", b'"tokenizer"', FILE),
    "null": ("tokenizer.json", b"null", FILE),
    "no_model": ("tokenizer.json", text(without("model")), FILE),
    "model_null": ("tokenizer.json", text(changed(model=None)), JSON),
    "model_string": ("tokenizer.json", text(changed(model="BPE")), JSON),
    "model_unknown_type": ("tokenizer.json", text(model(type="Mystery")), JSON | {UNSUPPORTED}),
    "model_type_number": ("tokenizer.json", text(model(type=5)), JSON | {UNSUPPORTED}),
    "no_vocab": ("tokenizer.json", text(without("model", "vocab")), JSON | {VOCABULARY}),
    "vocab_null": ("tokenizer.json", text(model(vocab=None)), JSON | {VOCABULARY}),
    "vocab_array": ("tokenizer.json", text(model(vocab=["a", "b"])), JSON | {VOCABULARY}),
    "id_negative": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": -1})),
        JSON | {VOCABULARY},
    ),
    "id_fraction": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": 1.5})),
        JSON | {VOCABULARY},
    ),
    "id_string": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": "12"})),
        JSON | {VOCABULARY},
    ),
    "id_2_pow_24": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": 1 << 24})),
        {VOCABULARY, LIMIT},
    ),
    "id_2_pow_32": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": 1 << 32})),
        JSON | {VOCABULARY, LIMIT},
    ),
    "id_2_pow_32_minus_1": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": (1 << 32) - 1})),
        JSON | {VOCABULARY, LIMIT},
    ),
    "id_2_pow_64": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": 1 << 64})),
        JSON | {VOCABULARY, LIMIT},
    ),
    "id_huge_digits": (
        "tokenizer.json",
        WHOLE.replace(b'"a": 0', b'"a": 1' + b"0" * 500),
        JSON | {VOCABULARY, LIMIT},
    ),
    "id_exponent": ("tokenizer.json", WHOLE.replace(b'"a": 0', b'"a": 1e400'), JSON | {VOCABULARY, LIMIT}),
    "duplicate_ids": (
        "tokenizer.json",
        text(model(vocab={**good()["model"]["vocab"], "z": 3})),
        {VOCABULARY},
    ),
    "no_merges": ("tokenizer.json", text(without("model", "merges")), JSON | {MERGES}),
    "merges_null": ("tokenizer.json", text(model(merges=None)), JSON | {MERGES}),
    "merges_object": ("tokenizer.json", text(model(merges={"a": "b"})), JSON | {MERGES}),
    "merge_absent_left": ("tokenizer.json", text(model(merges=[["q", "b"]])), {MERGES}),
    "merge_absent_right": ("tokenizer.json", text(model(merges=[["a", "q"]])), {MERGES}),
    "merge_absent_result": ("tokenizer.json", text(model(merges=[["b", "a"]])), {MERGES}),
    "merge_one_word": ("tokenizer.json", text(model(merges=["ab"])), JSON | {MERGES}),
    "merge_three_words": ("tokenizer.json", text(model(merges=["a b c"])), JSON | {MERGES}),
    "merge_one_element": ("tokenizer.json", text(model(merges=[["a"]])), JSON | {MERGES}),
    "merge_three_elements": ("tokenizer.json", text(model(merges=[["a", "b", "c"]])), JSON | {MERGES}),
    "merge_numbers": ("tokenizer.json", text(model(merges=[[1, 2]])), JSON | {MERGES}),
    "merge_mixed_forms": ("tokenizer.json", text(model(merges=[["a", "b"], "ab c"])), JSON | {MERGES}),
    "merge_empty_strings": ("tokenizer.json", text(model(merges=[["", "a"]])), JSON | {MERGES}),
    "dropout": ("tokenizer.json", text(model(dropout=0.1)), {UNSUPPORTED}),
    "dropout_above_one": ("tokenizer.json", text(model(dropout=7)), JSON | {UNSUPPORTED}),
    "unknown_normalizer": (
        "tokenizer.json",
        text(changed(normalizer={"type": "Sparkle"})),
        JSON | {UNSUPPORTED},
    ),
    "unknown_pre_tokenizer": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "Sparkle"})),
        JSON | {UNSUPPORTED},
    ),
    "unknown_post_processor": (
        "tokenizer.json",
        text(changed(post_processor={"type": "Sparkle"})),
        JSON | {UNSUPPORTED},
    ),
    "unknown_decoder": ("tokenizer.json", text(changed(decoder={"type": "Sparkle"})), JSON | {UNSUPPORTED}),
    "normalizer_number": ("tokenizer.json", text(changed(normalizer=7)), JSON),
    "normalizer_no_type": ("tokenizer.json", text(changed(normalizer={"pattern": 1})), JSON | {UNSUPPORTED}),
    "sequence_without_steps": ("tokenizer.json", text(changed(normalizer={"type": "Sequence"})), JSON),
    "split_behavior_unknown": (
        "tokenizer.json",
        text(
            changed(
                pre_tokenizer={
                    "type": "Split",
                    "pattern": {"String": "a"},
                    "behavior": "Sometimes",
                    "invert": False,
                }
            )
        ),
        JSON | {UNSUPPORTED},
    ),
    "split_without_pattern": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "Split", "behavior": "Isolated", "invert": False})),
        JSON,
    ),
    "delimiter_two_characters": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "CharDelimiterSplit", "delimiter": "ab"})),
        JSON,
    ),
    "metaspace_two_characters": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "Metaspace", "replacement": "__", "prepend_scheme": "always"})),
        JSON,
    ),
    "metaspace_unknown_scheme": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "Metaspace", "replacement": "_", "prepend_scheme": "often"})),
        JSON | {UNSUPPORTED},
    ),
    "fixed_length_negative": (
        "tokenizer.json",
        text(changed(pre_tokenizer={"type": "FixedLength", "length": -3})),
        JSON,
    ),
    "regex_open": ("tokenizer.json", text(split("(a")), {PATTERN}),
    "regex_class_open": ("tokenizer.json", text(split("[a")), {PATTERN}),
    "regex_star_first": ("tokenizer.json", text(split("*a")), {PATTERN}),
    "regex_unknown_property": ("tokenizer.json", text(split(r"\p{Nonsense}")), {PATTERN, UNSUPPORTED}),
    "regex_bad_range": ("tokenizer.json", text(split("[z-a]")), {PATTERN}),
    "regex_huge_repeat": ("tokenizer.json", text(split("a{1000000000}")), {PATTERN, UNSUPPORTED, LIMIT}),
    "regex_deep": ("tokenizer.json", text(split("(" * 50_000 + "a" + ")" * 50_000)), {PATTERN, LIMIT}),
    "regex_trailing_backslash": ("tokenizer.json", text(split("a\\")), {PATTERN}),
    "charsmap_not_base64": ("tokenizer.json", text(charsmap("@@@@")), JSON),
    "charsmap_number": ("tokenizer.json", text(charsmap(5)), JSON),
    "charsmap_short": ("tokenizer.json", text(charsmap(b"\x01\x02")), JSON),
    "charsmap_trie_beyond_end": (
        "tokenizer.json",
        text(charsmap(struct.pack("<I", 1 << 30) + b"\0" * 64)),
        JSON,
    ),
    "charsmap_trie_odd_size": ("tokenizer.json", text(charsmap(struct.pack("<I", 6) + b"\0" * 64)), JSON),
    "added_no_id": ("tokenizer.json", text(added(id=...)), JSON | {VOCABULARY}),
    "added_no_content": ("tokenizer.json", text(added(content=...)), JSON | {VOCABULARY}),
    "added_negative_id": ("tokenizer.json", text(added(id=-4)), JSON | {VOCABULARY}),
    "added_huge_id": ("tokenizer.json", text(added(id=1 << 33)), JSON | {VOCABULARY, LIMIT}),
    "added_content_number": ("tokenizer.json", text(added(content=5)), JSON | {VOCABULARY}),
    "added_flag_string": ("tokenizer.json", text(added(lstrip="yes")), JSON | {VOCABULARY}),
    "added_not_array": ("tokenizer.json", text(changed(added_tokens={"a": 1})), JSON),
    "template_unknown_token": (
        "tokenizer.json",
        text(
            changed(
                post_processor={
                    "type": "TemplateProcessing",
                    "single": [{"SpecialToken": {"id": "<q>", "type_id": 0}}],
                    "pair": [],
                    "special_tokens": {},
                }
            )
        ),
        JSON | {VOCABULARY},
    ),
    "template_bad_item": (
        "tokenizer.json",
        text(
            changed(
                post_processor={
                    "type": "TemplateProcessing",
                    "single": [{"Banana": {}}],
                    "pair": [],
                    "special_tokens": {},
                }
            )
        ),
        JSON | {UNSUPPORTED},
    ),
    "bert_post_no_sep": ("tokenizer.json", text(changed(post_processor={"type": "BertProcessing"})), JSON),
    "unigram_no_vocab": (
        "tokenizer.json",
        text(changed(model={"type": "Unigram", "unk_id": 0})),
        JSON | {VOCABULARY},
    ),
    "unigram_unk_outside": ("tokenizer.json", text(unigram(unk_id=99)), JSON | {VOCABULARY}),
    "unigram_unk_negative": ("tokenizer.json", text(unigram(unk_id=-1)), JSON | {VOCABULARY}),
    "unigram_entry_short": ("tokenizer.json", text(unigram(vocab=[["a"]])), JSON | {VOCABULARY}),
    "unigram_entry_long": ("tokenizer.json", text(unigram(vocab=[["a", 1.0, 2.0]])), JSON | {VOCABULARY}),
    "unigram_score_string": (
        "tokenizer.json",
        text(unigram(vocab=[["<unk>", 0.0], ["a", "x"]])),
        JSON | {VOCABULARY},
    ),
    "unigram_score_infinite": (
        "tokenizer.json",
        text(unigram()).replace(b"-1.5", b"1e999"),
        JSON | {VOCABULARY},
    ),
    "unigram_score_nan": ("tokenizer.json", text(unigram()).replace(b"-1.5", b"NaN"), JSON | {VOCABULARY}),
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
}


def tekken(**changes):
    value = {
        "config": {
            "pattern": r"\w+|\W+",
            "num_vocab_tokens": 256,
            "default_vocab_size": 276,
            "default_num_special_tokens": 20,
            "version": "v7",
        },
        "vocab": [
            {"rank": i, "token_bytes": base64.b64encode(bytes([i])).decode(), "token_str": None}
            for i in range(256)
        ],
        "special_tokens": [{"rank": 0, "token_str": "<unk>", "is_control": True}],
    }
    for key, change in changes.items():
        if key in value["config"]:
            value["config"][key] = change
        else:
            value[key] = change
    return text(value)


CASES |= {
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
    file_name, content, codes = CASES[name]
    path = tmp_path / file_name
    path.write_bytes(content)
    done = bounded.run(tok, "encode", "-t", path, stdin=b"abc")
    bounded.assert_refused(
        done, codes, {3} if codes == {NOT_FOUND} else {1, 3, 4} if NOT_FOUND in codes else {1, 2, 4}
    )
    assert file_name.encode() in done.stderr, f"the message does not name the file: {done.stderr!r}"


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


# ---- Files that may be taken or refused, but never crash, hang or eat the machine -----------------------------------------
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
    "wordpiece_limit_max": text(
        changed(
            model={
                "type": "WordPiece",
                "vocab": {"a": 0, "[UNK]": 1},
                "unk_token": "[UNK]",
                "continuing_subword_prefix": "##",
                "max_input_chars_per_word": (1 << 64) - 1,
            }
        )
    ),
    "wordpiece_limit_zero": text(
        changed(
            model={
                "type": "WordPiece",
                "vocab": {"a": 0, "[UNK]": 1},
                "unk_token": "[UNK]",
                "continuing_subword_prefix": "##",
                "max_input_chars_per_word": 0,
            }
        )
    ),
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
