"""Normalizers over a byte-level model without splitting, so that each byte of their output shows."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    RAW_BYTES,
    SPECIAL,
    added_list,
    bert_normalizer,
    config,
    precompiled,
    regex,
    replace,
    sequence,
    split,
    string,
    tokenizer,
)

NORMALIZERS = {
    "nfc": {"type": "NFC"},
    "nfd": {"type": "NFD"},
    "nfkc": {"type": "NFKC"},
    "nfkd": {"type": "NFKD"},
    "nmt": {"type": "Nmt"},
    "lowercase": {"type": "Lowercase"},
    "strip_accents": {"type": "StripAccents"},
    "strip_both": {"type": "Strip", "strip_left": True, "strip_right": True},
    "strip_left": {"type": "Strip", "strip_left": True, "strip_right": False},
    "strip_right": {"type": "Strip", "strip_left": False, "strip_right": True},
    "strip_none": {"type": "Strip", "strip_left": False, "strip_right": False},
    "bert": bert_normalizer(),
    "bert_cased": bert_normalizer(lower=False),
    "bert_accents": bert_normalizer(strip=False),
    "bert_strip_only": bert_normalizer(strip=True, lower=False),
    "bert_no_clean": bert_normalizer(clean=False),
    "bert_no_han": bert_normalizer(han=False, clean=False, strip=True, lower=True),
    "replace_string": replace(string("e"), "[E]"),
    "replace_delete": replace(string("a"), ""),
    "replace_space": replace(string(" "), "\u2581"),
    "replace_overlap": replace(string("aa"), "b"),
    "replace_regex": replace(regex(r"\s+"), " "),
    "replace_regex_many": replace(regex(r" {2,}|\n{2,}|[^\S\n ]"), "\u00b7"),
    "replace_regex_digits": replace(regex(r"\d"), "0"),
    "replace_regex_dollar": replace(regex(r"(\w)\w*"), "$1\\1"),
    "replace_regex_look": replace(regex(r"(?<=[a-z])(?=[A-Z])"), "_"),
    "prepend": {"type": "Prepend", "prepend": "\u2581"},
    "prepend_long": {"type": "Prepend", "prepend": "é->"},
    "precompiled_nmt_nfkc": lambda: precompiled("nmt_nfkc"),
    "precompiled_nfkc": lambda: precompiled("nfkc"),
    "precompiled_nmt_nfkc_cf": lambda: precompiled("nmt_nfkc_cf"),
    "precompiled_nfkc_cf": lambda: precompiled("nfkc_cf"),
    "sequence": sequence(
        "normalizer", {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "NFC"}
    ),
    "sequence_nested": sequence(
        "normalizer",
        sequence("normalizer", {"type": "NFKD"}, replace(string("a"), "aa")),
        {"type": "Strip", "strip_left": True, "strip_right": True},
        {"type": "Prepend", "prepend": "x"},
    ),
    "sequence_shrink_grow": sequence(
        "normalizer",
        replace(regex(r"[aeiou]+"), ""),
        {"type": "NFKD"},
        {"type": "Prepend", "prepend": "  "},
        {"type": "Strip", "strip_left": True, "strip_right": False},
        replace(string(" "), "\u2581\u2581"),
    ),
    "sequence_empty": sequence("normalizer"),
    "albert": lambda: sequence(
        "normalizer",
        replace(string("``"), '"'),
        replace(string("''"), '"'),
        {"type": "NFKD"},
        {"type": "StripAccents"},
        {"type": "Lowercase"},
        precompiled(),
        replace(regex(r" {2,}"), " "),
    ),
}


def _resolve(value):
    return value() if callable(value) else value


for _name, _normalizer in NORMALIZERS.items():

    @config(f"normalizer_{_name}")
    def _make(normalizer=_normalizer):
        model = bases.byte_level_bpe_unsplit()
        return tokenizer(
            model,
            _resolve(normalizer),
            RAW_BYTES,
            None,
            BYTE_LEVEL_DECODER,
            added_list(model, ("<|end|>", SPECIAL), ("École", {"normalized": True}), ("raw Token", {})),
        )


@config("normalizer_byte_level")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, {"type": "ByteLevel"}, None, None, BYTE_LEVEL_DECODER)


@config("normalizer_byte_level_split")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        sequence("normalizer", {"type": "NFC"}, {"type": "ByteLevel"}),
        split(string("Ġ"), "MergedWithNext"),
        None,
        BYTE_LEVEL_DECODER,
    )
