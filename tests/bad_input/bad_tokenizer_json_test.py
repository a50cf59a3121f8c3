"""Malformed, truncated and contradictory tokenizer.json files."""

import random
import struct

import pytest

import bounded
from tokenizer_files import (
    VOCABULARY,
    UNSUPPORTED,
    MERGES,
    PATTERN,
    LIMIT,
    FILE,
    JSON,
    WHOLE,
    added,
    changed,
    charsmap,
    good,
    model,
    split,
    text,
    unigram,
    without,
)

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
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_refused(tok, tmp_path, name):
    bounded.check_refused_file(tok, tmp_path, *CASES[name])
