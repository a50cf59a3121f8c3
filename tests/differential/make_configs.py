#!/usr/bin/env python3
"""Generates tokenizer files that between them use every feature of Hugging Face `tokenizers`, SentencePiece and
tekken/tiktoken files: each alone, then in the combinations that published tokenizers use.

    make_configs.py OUT_DIR [NAME ...]

CONFIGS maps a name to a function that returns the tokenizer.json as a dictionary; SENTENCEPIECE maps a name to
training options; TEKKEN to (pattern, specials). Everything is deterministic.
"""

import base64
import json
import pathlib
import random
import sys

import bases

CONFIGS = {}


def config(name):
    def register(function):
        assert name not in CONFIGS, name
        CONFIGS[name] = function
        return function
    return register


def tokenizer(model, normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None, added=()):
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": list(added), "normalizer": normalizer,
            "pre_tokenizer": pre_tokenizer, "post_processor": post_processor, "decoder": decoder, "model": model}


def added(token_id, content, **flags):
    token = {"id": token_id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {**token, **flags}


def added_list(model, *tokens):
    """Added tokens with the ids that tokenizers gives them: the model's own id, else the next free ones in order."""
    result, free = [], bases.size_of(model)
    known = model["vocab"] if isinstance(model["vocab"], dict) else {piece: i for i, (piece, _) in enumerate(model["vocab"])}
    for token in tokens:
        content, flags = token if isinstance(token, tuple) else (token, {})
        if content in known:
            result.append(added(known[content], content, **flags))
        else:
            result.append(added(free, content, **flags))
            free += 1
    return sorted(result, key=lambda t: t["id"])


def sequence(kind, *steps):
    field = {"normalizer": "normalizers", "pre_tokenizer": "pretokenizers", "decoder": "decoders", "post_processor": "processors"}[kind]
    return {"type": "Sequence", field: list(steps)}


def regex(text):
    return {"Regex": text}


def string(text):
    return {"String": text}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def byte_level(add_prefix_space=False, use_regex=True, trim_offsets=True):
    return {"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": trim_offsets, "use_regex": use_regex}


def metaspace(replacement="\u2581", prepend_scheme="always", split=True):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": prepend_scheme, "split": split}


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


BYTE_LEVEL_DECODER = byte_level(add_prefix_space=True)
RAW_BYTES = byte_level(use_regex=False)
SPECIAL = {"special": True}
CHARSMAP_JSON = {"type": "Precompiled"}


def precompiled(rule="nmt_nfkc"):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(bases.charsmap(rule)).decode()}


# ---- Normalizers: over a byte-level model without splitting, so that each byte of their output shows -------------
def bert_normalizer(clean=True, han=True, strip=None, lower=True):
    return {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": han, "strip_accents": strip, "lowercase": lower}


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
    "sequence": sequence("normalizer", {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, {"type": "NFC"}),
    "sequence_nested": sequence("normalizer", sequence("normalizer", {"type": "NFKD"}, replace(string("a"), "aa")), {"type": "Strip", "strip_left": True, "strip_right": True},
                                {"type": "Prepend", "prepend": "x"}),
    "sequence_shrink_grow": sequence("normalizer", replace(regex(r"[aeiou]+"), ""), {"type": "NFKD"}, {"type": "Prepend", "prepend": "  "},
                                     {"type": "Strip", "strip_left": True, "strip_right": False}, replace(string(" "), "\u2581\u2581")),
    "sequence_empty": sequence("normalizer"),
    "albert": lambda: sequence("normalizer", replace(string("``"), "\""), replace(string("''"), "\""), {"type": "NFKD"}, {"type": "StripAccents"}, {"type": "Lowercase"}, precompiled(),
                               replace(regex(r" {2,}"), " ")),
}


def _resolve(value):
    return value() if callable(value) else value


for _name, _normalizer in NORMALIZERS.items():
    @config(f"normalizer_{_name}")
    def _make(normalizer=_normalizer):
        model = bases.byte_level_bpe_unsplit()
        return tokenizer(model, _resolve(normalizer), RAW_BYTES, None, BYTE_LEVEL_DECODER,
                         added_list(model, ("<|end|>", SPECIAL), ("École", {"normalized": True}), ("raw Token", {})))


@config("normalizer_byte_level")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, {"type": "ByteLevel"}, None, None, BYTE_LEVEL_DECODER)


@config("normalizer_byte_level_split")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, sequence("normalizer", {"type": "NFC"}, {"type": "ByteLevel"}), split(string("Ġ"), "MergedWithNext"), None, BYTE_LEVEL_DECODER)


# ---- Pre-tokenizers: over words, where each piece is one id and its offsets are the piece ---------------------------
PRE_TOKENIZERS = {
    "none": None,
    "whitespace": {"type": "Whitespace"},
    "whitespace_split": {"type": "WhitespaceSplit"},
    "bert": {"type": "BertPreTokenizer"},
    "digits": {"type": "Digits", "individual_digits": False},
    "digits_individual": {"type": "Digits", "individual_digits": True},
    "delimiter": {"type": "CharDelimiterSplit", "delimiter": "e"},
    "delimiter_wide": {"type": "CharDelimiterSplit", "delimiter": "。"},
    "metaspace_always": metaspace(),
    "metaspace_first": metaspace(prepend_scheme="first"),
    "metaspace_never": metaspace(prepend_scheme="never"),
    "metaspace_unsplit": metaspace(split=False),
    "metaspace_legacy": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True},
    "metaspace_underscore": metaspace(replacement="_", prepend_scheme="first"),
    "unicode_scripts": {"type": "UnicodeScripts"},
    "fixed_length": {"type": "FixedLength", "length": 3},
    "fixed_length_one": {"type": "FixedLength", "length": 1},
    "byte_level": byte_level(),
    "byte_level_prefix": byte_level(add_prefix_space=True),
    "sequence_digits_punctuation": sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": True},
                                            {"type": "Punctuation", "behavior": "MergedWithPrevious"}),
    "sequence_metaspace_scripts": sequence("pre_tokenizer", {"type": "UnicodeScripts"}, metaspace(prepend_scheme="first")),
    "sequence_split_metaspace": sequence("pre_tokenizer", split(regex(r"\d"), "Isolated"), metaspace()),
    "sequence_metaspace_twice": sequence("pre_tokenizer", metaspace(prepend_scheme="first"), metaspace(replacement="_", prepend_scheme="always")),
    "sequence_fixed_whitespace": sequence("pre_tokenizer", {"type": "FixedLength", "length": 7}, {"type": "Whitespace"}),
    "sequence_byte_level_digits": sequence("pre_tokenizer", byte_level(add_prefix_space=True), {"type": "Digits", "individual_digits": True}),
    "sequence_empty": sequence("pre_tokenizer"),
}
for _behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
    PRE_TOKENIZERS[f"punctuation_{_behavior.lower()}"] = {"type": "Punctuation", "behavior": _behavior}
    for _invert in (False, True):
        _suffix = f"{_behavior.lower()}{'_invert' if _invert else ''}"
        PRE_TOKENIZERS[f"split_string_{_suffix}"] = split(string(" "), _behavior, _invert)
        PRE_TOKENIZERS[f"split_regex_{_suffix}"] = split(regex(r"\d|[aeiou]{2}"), _behavior, _invert)

REGEX_ZOO = {
    "gpt2": bases.GPT2,
    "cl100k": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "tekken": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "words": r"\w+|[^\w\s]+",
    "boundaries": r"\b",
    "lookbehind": r"(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})",
    "negative_lookbehind": r"(?<!\p{Lu})\p{Lu}",
    "possessive": r"\p{L}++\s?|\p{N}{1,2}+|\s++",
    "atomic": r"(?>\s+)\S|\p{P}(?>x|xy)?",
    "lazy": r"a.*?e|\s{2,}?",
    "scripts": r"\p{Han}+|\p{Hiragana}+|\p{Katakana}+|\p{Cyrillic}+|\p{Latin}+",
    "posix": r"[[:punct:]]+|[[:space:]]+|[[:upper:]][[:lower:]]*|[[:digit:]]+|[[:alpha:]]+",
    "caseless": r"(?i)straße|the|ÉCOLE|σ|k|ſ",
    "anchors": r"^\s+|\s+$|^#",
    "dot": r".",
    "dot_all": r"(?m).{4}",
    "backreference": r"(.)\1+",
    "intersection": r"[\p{L}&&[^a-f]]+",
    "hex": r"\h+|\H{3}",
    "line_break": r"\R|\X",
    "quantifiers": r"x{2,}|x{0,1}y|\d{2}|,{,2}",
    "empty_matches": r"x*",
    "deepseek_cjk": r"[一-龥぀-ゟ゠-ヿ]+",
    "deepseek_words": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
}
for _name, _pattern in REGEX_ZOO.items():
    PRE_TOKENIZERS[f"zoo_{_name}"] = split(regex(_pattern), "Isolated")

for _name, _step in PRE_TOKENIZERS.items():
    @config(f"words_{_name}")
    def _make(step=_step):
        model = bases.wordlevel()
        return tokenizer(model, None, step, None, None, added_list(model, ("<sep>", SPECIAL), ("plain token", {})))

# The same chains before a byte-level model: the combinations that published tokenizers use.
for _name in ("whitespace", "whitespace_split", "bert", "digits_individual", "metaspace_first", "unicode_scripts", "fixed_length", "sequence_split_metaspace",
              "punctuation_mergedwithnext", "split_regex_removed", "split_regex_contiguous_invert", "split_string_mergedwithprevious", "zoo_bloom", "zoo_o200k", "zoo_cl100k", "zoo_tekken",
              "zoo_scripts", "zoo_lookbehind"):
    @config(f"bytes_{_name}")
    def _make(step=PRE_TOKENIZERS[_name]):
        model = bases.byte_level_bpe_unsplit()
        return tokenizer(model, None, sequence("pre_tokenizer", step, RAW_BYTES), byte_level(trim_offsets=False), BYTE_LEVEL_DECODER, added_list(model, ("<sep>", SPECIAL)))


# ---- Models ----------------------------------------------------------------------------------------------------------
def without(model, *tokens):
    vocab = {token: i for i, token in enumerate(t for t in sorted(model["vocab"], key=model["vocab"].get) if t not in tokens)}
    merges = [m for m in model["merges"] if m[0] in vocab and m[1] in vocab and "".join(m) in vocab]
    return {**model, "vocab": vocab, "merges": merges}


def bpe(model, **changes):
    return {**model, **changes}


def merge_strings(model):
    return [f"{a} {b}" for a, b in model["merges"]]


@config("bpe_byte_level")
def _():
    return tokenizer(bases.byte_level_bpe(), None, byte_level(), byte_level(trim_offsets=True), BYTE_LEVEL_DECODER)


@config("bpe_merges_as_strings")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(bpe(model, merges=merge_strings(model)), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_untyped")
def _():
    model = bases.byte_level_bpe()
    untyped = {key: value for key, value in model.items() if key in ("vocab", "merges")}
    return tokenizer({**untyped, "merges": merge_strings(model)}, None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_add_prefix_space")
def _():
    return tokenizer(bases.byte_level_bpe(), None, byte_level(add_prefix_space=True), byte_level(add_prefix_space=True, trim_offsets=True), BYTE_LEVEL_DECODER,
                     added_list(bases.byte_level_bpe(), ("<|endoftext|>", SPECIAL)))


@config("bpe_shuffled_merges")
def _():
    """Merge order that does not follow ids."""
    model = bases.byte_level_bpe()
    merges = list(model["merges"])
    random.Random(5).shuffle(merges)
    return tokenizer(bpe(model, merges=merges), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_repeated_merges")
def _():
    """A merge listed twice keeps the later position."""
    model = bases.byte_level_bpe()
    merges = list(model["merges"])
    return tokenizer(bpe(model, merges=merges + merges[10:400:7]), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_ids_with_gaps")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(bpe(model, vocab={token: i * 3 + 5 for token, i in model["vocab"].items()}), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_reversed_ids")
def _():
    model = bases.byte_level_bpe()
    last = bases.size_of(model) - 1
    return tokenizer(bpe(model, vocab={token: last - i for token, i in model["vocab"].items()}), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_ignore_merges")
def _():
    """Whole-word tokens that no merge makes."""
    model = bases.with_tokens(bases.byte_level_bpe(), ["Ġlighthouse", "keeperkeeper", "Ġtokenizer", "ĠĠĠĠĠĠĠĠĠ", "Ã©tudie", "1234567"])
    return tokenizer(bpe(model, ignore_merges=True), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_unreachable_tokens")
def _():
    """The same extra tokens without ignore_merges: never produced."""
    model = bases.with_tokens(bases.byte_level_bpe(), ["Ġlighthouse", "keeperkeeper", "Ġtokenizer", "ĠĠĠĠĠĠĠĠĠ", "Ã©tudie", "1234567"])
    return tokenizer(model, None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_missing_bytes")
def _():
    """A byte-level vocabulary without some bytes and without unk: their characters vanish."""
    return tokenizer(without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_missing_bytes_unk")
def _():
    model = bases.with_tokens(without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), ["<unk>"])
    return tokenizer(bpe(model, unk_token="<unk>"), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_missing_bytes_fused")
def _():
    model = bases.with_tokens(without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), ["<unk>"])
    return tokenizer(bpe(model, unk_token="<unk>", fuse_unk=True), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_literal_tokens")
def _():
    """A byte-level vocabulary that also holds tokens spelled outside the byte alphabet."""
    model = bases.with_tokens(bases.byte_level_bpe(), ["<｜begin▁of▁sentence｜>", "漢字", " plain space", "Ġ漢"])
    return tokenizer(model, None, byte_level(), None, BYTE_LEVEL_DECODER, added_list(model, ("<｜begin▁of▁sentence｜>", SPECIAL)))


WHITESPACE = {"type": "Whitespace"}


@config("bpe_chars_unk")
def _():
    model = bases.char_bpe()
    return tokenizer(model, None, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"}, added_list(model, ("<unk>", SPECIAL)))


@config("bpe_chars_fuse_unk")
def _():
    return tokenizer(bpe(bases.char_bpe(), fuse_unk=True), None, WHITESPACE)


@config("bpe_chars_no_unk")
def _():
    return tokenizer(bpe(bases.char_bpe(), unk_token=None), None, WHITESPACE)


@config("bpe_chars_no_split")
def _():
    return tokenizer(bases.char_bpe(), None, None)


@config("bpe_chars_ignore_merges")
def _():
    model = bases.with_tokens(bases.char_bpe(), ["lighthouse", "étudie", "灯塔", "2024"])
    return tokenizer(bpe(model, ignore_merges=True), None, WHITESPACE)


@config("bpe_prefix")
def _():
    return tokenizer(bases.char_bpe(prefix="##"), None, WHITESPACE, None, {"type": "WordPiece", "prefix": "##", "cleanup": False})


@config("bpe_prefix_fuse_unk")
def _():
    return tokenizer(bpe(bases.char_bpe(prefix="##"), fuse_unk=True), None, {"type": "WhitespaceSplit"}, None, {"type": "WordPiece", "prefix": "##", "cleanup": True})


@config("bpe_suffix")
def _():
    return tokenizer(bases.char_bpe(suffix="</w>"), None, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"})


@config("bpe_prefix_suffix")
def _():
    return tokenizer(bases.char_bpe(prefix="@@", suffix="</w>"), {"type": "Lowercase"}, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"})


@config("bpe_suffix_ignore_merges")
def _():
    model = bases.with_tokens(bases.char_bpe(suffix="</w>"), ["lighthouse", "tokenizer</w>", "the"])
    return tokenizer(bpe(model, ignore_merges=True), None, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"})


@config("bpe_byte_fallback")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(model, None, metaspace(prepend_scheme="first", split=False), None,
                     sequence("decoder", replace(string("\u2581"), " "), {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}))


@config("bpe_byte_fallback_no_unk")
def _():
    return tokenizer(bpe(bases.metaspace_bpe(), unk_token=None), None, metaspace(), None, sequence("decoder", {"type": "ByteFallback"}, metaspace()))


@config("bpe_byte_fallback_partial")
def _():
    """Only some byte tokens: a character falls back only if all its bytes have one."""
    model = without(bases.metaspace_bpe(), *(f"<0x{b:02X}>" for b in range(256) if b % 5 == 3))
    return tokenizer(bpe(model, fuse_unk=False), None, metaspace(), None, sequence("decoder", {"type": "ByteFallback"}, metaspace()))


@config("bpe_byte_fallback_partial_fused")
def _():
    model = without(bases.metaspace_bpe(), *(f"<0x{b:02X}>" for b in range(256) if b % 5 == 3))
    return tokenizer(bpe(model, fuse_unk=True), None, metaspace(split=False), None, sequence("decoder", {"type": "ByteFallback"}, {"type": "Fuse"}))


@config("bpe_byte_fallback_prefix")
def _():
    byte_tokens = [f"<0x{b:02X}>" for b in range(256)]
    return tokenizer(bpe(bases.with_tokens(bases.char_bpe(prefix="##"), byte_tokens), byte_fallback=True), None, WHITESPACE)


@config("bpe_byte_fallback_no_tokens")
def _():
    return tokenizer(bpe(bases.metaspace_bpe(byte_fallback=False), byte_fallback=True), None, metaspace())


@config("unigram")
def _():
    model = bases.unigram()
    return tokenizer(model, None, metaspace(), None, metaspace(), added_list(model, ("<s>", SPECIAL), ("<pad>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)))


@config("unigram_no_split")
def _():
    return tokenizer(bases.unigram(), None, metaspace(split=False), None, metaspace(split=False))


@config("unigram_whitespace")
def _():
    return tokenizer(bases.unigram(), None, WHITESPACE)


@config("unigram_byte_fallback")
def _():
    return tokenizer(bases.unigram(byte_fallback=True), None, metaspace(), None, sequence("decoder", {"type": "ByteFallback"}, metaspace()))


@config("unigram_byte_fallback_partial")
def _():
    model = bases.unigram(byte_fallback=True)
    return tokenizer({**model, "vocab": [entry for i, entry in enumerate(model["vocab"]) if not (4 <= i < 260 and i % 7 == 2)]}, None, metaspace(), None,
                     sequence("decoder", {"type": "ByteFallback"}, metaspace()))


@config("unigram_ties")
def _():
    """All scores equal: only the tie rule of the best path decides."""
    model = bases.unigram()
    return tokenizer({**model, "vocab": [[piece, -5.0] for piece, _ in model["vocab"]]}, None, metaspace())


@config("unigram_integer_scores")
def _():
    model = bases.unigram()
    return tokenizer({**model, "vocab": [[piece, -float(1 + i % 7)] for i, (piece, _) in enumerate(model["vocab"])]}, None, metaspace(split=False))


@config("unigram_positive_scores")
def _():
    model = bases.unigram()
    return tokenizer({**model, "vocab": [[piece, (i % 11) - 3.5] for i, (piece, _) in enumerate(model["vocab"])]}, None, metaspace())


@config("wordpiece")
def _():
    model = bases.wordpiece()
    return tokenizer(model, bert_normalizer(), {"type": "BertPreTokenizer"}, None, {"type": "WordPiece", "prefix": "##", "cleanup": True})


@config("wordpiece_short_words")
def _():
    return tokenizer({**bases.wordpiece(), "max_input_chars_per_word": 8}, None, {"type": "WhitespaceSplit"}, None, {"type": "WordPiece", "prefix": "##", "cleanup": False})


@config("wordpiece_other_prefix")
def _():
    model = bases.wordpiece(lowercase=False)
    vocab = {("@@" + token[2:] if token.startswith("##") else token): i for token, i in model["vocab"].items()}
    return tokenizer({**model, "vocab": vocab, "continuing_subword_prefix": "@@"}, None, {"type": "BertPreTokenizer"}, None, {"type": "WordPiece", "prefix": "@@", "cleanup": True})


@config("wordpiece_no_prefix")
def _():
    model = bases.wordpiece()
    vocab = {}
    for token in sorted(model["vocab"], key=model["vocab"].get):
        vocab.setdefault(token[2:] if token.startswith("##") and len(token) > 2 else token, len(vocab))
    return tokenizer({**model, "vocab": vocab, "continuing_subword_prefix": ""}, None, WHITESPACE)


@config("wordlevel")
def _():
    return tokenizer(bases.wordlevel(), None, WHITESPACE)


@config("wordlevel_lowercase_bert")
def _():
    return tokenizer(bases.wordlevel(), bert_normalizer(), {"type": "BertPreTokenizer"})


# ---- Post-processors -------------------------------------------------------------------------------------------------
def template_piece(name, type_id=0, kind="SpecialToken"):
    return {kind: {"id": name, "type_id": type_id}}


def template(single, pair, specials):
    return {"type": "TemplateProcessing", "single": single, "pair": pair,
            "special_tokens": {name: {"id": name, "ids": list(ids), "tokens": list(tokens)} for name, (ids, tokens) in specials.items()}}


SEQUENCE_A = template_piece("A", kind="Sequence")
SEQUENCE_B = template_piece("B", 1, kind="Sequence")


def _byte_level_with(post_processor, **options):
    model = bases.byte_level_bpe()
    tokens = added_list(model, ("<s>", SPECIAL), ("</s>", SPECIAL))
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(model, None, byte_level(**options), post_processor(ids), BYTE_LEVEL_DECODER, tokens)


@config("post_bert")
def _():
    return _byte_level_with(lambda ids: {"type": "BertProcessing", "sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]]})


@config("post_roberta")
def _():
    return _byte_level_with(lambda ids: {"type": "RobertaProcessing", "sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]], "trim_offsets": True, "add_prefix_space": True},
                            add_prefix_space=True)


@config("post_roberta_untrimmed")
def _():
    return _byte_level_with(lambda ids: {"type": "RobertaProcessing", "sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]], "trim_offsets": False, "add_prefix_space": False})


@config("post_byte_level_trim")
def _():
    return _byte_level_with(lambda ids: byte_level(trim_offsets=True))


@config("post_template")
def _():
    return _byte_level_with(lambda ids: template([template_piece("<s>"), SEQUENCE_A, template_piece("</s>"), template_piece("</s>")], [SEQUENCE_A, SEQUENCE_B],
                                                 {"<s>": ([ids["<s>"]], ["<s>"]), "</s>": ([ids["</s>"]], ["</s>"])}))


@config("post_template_several_ids")
def _():
    return _byte_level_with(lambda ids: template([template_piece("start"), SEQUENCE_A], [template_piece("start"), SEQUENCE_A, template_piece("start"), SEQUENCE_B],
                                                 {"start": ([ids["<s>"], 7, ids["</s>"]], ["<s>", "x", "</s>"])}))


@config("post_sequence")
def _():
    return _byte_level_with(lambda ids: sequence("post_processor", byte_level(trim_offsets=True), template([template_piece("<s>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([ids["<s>"]], ["<s>"])})))


@config("post_template_without_text")
def _():
    return _byte_level_with(lambda ids: template([SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {}))


# ---- Decoders: over vocabularies that make them work -------------------------------------------------------------------
DECODERS = {
    "none": None,
    "byte_level": BYTE_LEVEL_DECODER,
    "metaspace": metaspace(),
    "metaspace_never": metaspace(prepend_scheme="never"),
    "metaspace_first": metaspace(prepend_scheme="first", split=False),
    "word_piece": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "word_piece_plain": {"type": "WordPiece", "prefix": "##", "cleanup": False},
    "bpe": {"type": "BPEDecoder", "suffix": "</w>"},
    "byte_fallback": {"type": "ByteFallback"},
    "fuse": {"type": "Fuse"},
    "strip": {"type": "Strip", "content": "e", "start": 1, "stop": 2},
    "fuse_strip": sequence("decoder", {"type": "Fuse"}, {"type": "Strip", "content": "\u2581", "start": 1, "stop": 0}),
    "replace_string": replace(string("\u2581"), " "),
    "replace_regex": replace(regex(r"[aeiou\u2581]+"), "-"),
    "ctc": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    "ctc_plain": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "\u2581", "cleanup": False},
    "sequence_fallback_metaspace": sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    "sequence_llama": sequence("decoder", replace(string("\u2581"), " "), {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
    "sequence_odd": sequence("decoder", {"type": "Fuse"}, replace(regex(r"\u2581+"), " "), {"type": "WordPiece", "prefix": "##", "cleanup": True}),
}
for _name, _decoder in DECODERS.items():
    @config(f"decoder_{_name}")
    def _make(decoder=_decoder):
        model = bases.with_tokens(bases.metaspace_bpe(), ["<pad>", "|", "##", "##ing", "x</w>", "</w>", " .", " n't", "\u2581do not"])
        return tokenizer(model, None, metaspace(prepend_scheme="first"), None, decoder,
                         added_list(model, ("<s>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL), ("<pad>", SPECIAL), ("\u2581added token", {}), ("<0x41>", {}), ("Ġadded", {"special": False})))


# ---- Added tokens ------------------------------------------------------------------------------------------------------
def _with_added(*tokens, normalizer=None, pre_tokenizer=None, model=None):
    model = model or bases.byte_level_bpe()
    return tokenizer(model, normalizer, pre_tokenizer or byte_level(), None, BYTE_LEVEL_DECODER, added_list(model, *tokens))


ADDED = {
    "plain": [("<a>", {}), ("<b>", {}), ("plain", {})],
    "special": [("<a>", SPECIAL), ("<b>", SPECIAL), ("plain", {})],
    "single_word": [("<a>", {"single_word": True}), ("word", {"single_word": True}), ("w", {"single_word": True, "special": True})],
    "lstrip": [("<a>", {"lstrip": True}), ("<b>", {}), ("word", {"lstrip": True, "special": True})],
    "rstrip": [("<a>", {"rstrip": True}), ("<b>", {}), ("word", {"rstrip": True, "special": True})],
    "both_strips": [("<a>", {"lstrip": True, "rstrip": True}), ("<b>", {"lstrip": True, "rstrip": True, "special": True}), ("<c>", {"rstrip": True})],
    "single_word_strips": [("<a>", {"lstrip": True, "single_word": True}), ("word", {"rstrip": True, "single_word": True, "lstrip": True})],
    "overlapping": [("<a>", {}), ("<a><b>", {}), ("<b>", {}), ("><", {}), ("a>", {}), ("<a", {}), ("<a><b><c>", SPECIAL), ("b><c", {})],
    "nested_words": [("the", {}), ("then", {}), ("he", {}), ("hen", {}), ("ent", {}), ("t", {"single_word": True}), ("then the", {})],
    "overlapping_single_word": [("word", {"single_word": True}), ("wordy", {"single_word": True}), ("wordy word", {}), ("or", {})],
    "with_spaces": [("a b", {}), ("  ", {}), (" lead", {}), ("trail ", {}), ("two  words", {}), ("\n\n", {}), ("\t", {"rstrip": True}), (" ", {"single_word": True})],
    "wide": [("漢字", {}), ("é", {}), ("👍", {}), ("\u0301", {}), ("👩‍🚀", {}), ("ß", {"single_word": True}), ("\u00a0", {"lstrip": True}), ("﷽", SPECIAL)],
    "in_vocabulary": [("the", {}), ("Ġthe", {}), ("Ġ", {}), ("a", {"single_word": True}), ("Ã©", {})],
    "shared_prefixes": [(f"<extra_id_{i}>", {"special": i % 2 == 0}) for i in range(120)] + [("<extra_id_", {})],
    "runs_of_spaces": [(" " * n, {"normalized": n % 2 == 0}) for n in range(2, 25)],
    "runs_of_tabs": [("\t" * n, {}) for n in range(1, 10)] + [("\n" * n, {}) for n in range(2, 12)],
    "mixed_flags": [("<a>", {"lstrip": True, "special": True}), ("<b>", {"rstrip": True, "normalized": True}), ("<c>", {"single_word": True, "normalized": True}),
                    ("Word", {"normalized": True}), ("<D>", {"normalized": True, "special": True}), ("x y", {"normalized": True, "lstrip": True})],
}
for _name, _tokens in ADDED.items():
    @config(f"added_{_name}")
    def _make(tokens=_tokens):
        return _with_added(*tokens)

ADDED_NORMALIZERS = {
    "lowercase": {"type": "Lowercase"},
    "nfkc": {"type": "NFKC"},
    "bert": bert_normalizer(),
    "prepend_replace": sequence("normalizer", {"type": "Prepend", "prepend": "\u2581"}, replace(string(" "), "\u2581")),
    "strip": {"type": "Strip", "strip_left": True, "strip_right": True},
    "replace_delete": replace(regex("[aeiou]"), ""),
}
for _name, _normalizer in ADDED_NORMALIZERS.items():
    @config(f"added_normalized_{_name}")
    def _make(normalizer=_normalizer):
        return _with_added(("<A>", {"normalized": True}), ("<B>", {"normalized": False}), ("Word", {"normalized": True, "single_word": True}), ("Ｗide", {"normalized": True}),
                           ("ÉCOLE", {"normalized": True, "lstrip": True}), ("É", {"normalized": False}), (" Lead", {"normalized": True}), ("<c>", {"normalized": True, "rstrip": True, "special": True}),
                           ("two words", {"normalized": True}), ("漢", {"normalized": True}), normalizer=normalizer)


@config("added_metaspace_first")
def _():
    """Whether a segment after an added token gets the prefix."""
    model = bases.metaspace_bpe()
    return tokenizer(model, None, metaspace(prepend_scheme="first"), None, metaspace(prepend_scheme="first"),
                     added_list(model, ("<s>", SPECIAL), ("</s>", SPECIAL), ("<x>", {}), ("<l>", {"lstrip": True}), ("<r>", {"rstrip": True}), ("<n>", {"normalized": True})))


@config("added_metaspace_always")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(model, {"type": "NFKC"}, metaspace(prepend_scheme="always"), None, metaspace(),
                     added_list(model, ("<s>", SPECIAL), ("<x>", {}), ("<l>", {"lstrip": True}), ("<r>", {"rstrip": True}), ("<n>", {"normalized": True})))


@config("added_prefix_space")
def _():
    return _with_added(("<s>", SPECIAL), ("<x>", {}), ("<l>", {"lstrip": True}), ("<r>", {"rstrip": True}), pre_tokenizer=byte_level(add_prefix_space=True))


@config("added_unigram_pieces")
def _():
    model = bases.unigram()
    return tokenizer(model, None, metaspace(), None, metaspace(), added_list(model, ("<s>", SPECIAL), ("<unk>", SPECIAL), ("\u2581the", {}), ("er", {}), ("<mask>", {"lstrip": True, "special": True})))


# ---- Published families ------------------------------------------------------------------------------------------------
def _bert(lowercase):
    model = bases.wordpiece(lowercase)
    specials = [(t, SPECIAL) for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    v = model["vocab"]
    return tokenizer(model, bert_normalizer(lower=lowercase), {"type": "BertPreTokenizer"},
                     template([template_piece("[CLS]"), SEQUENCE_A, template_piece("[SEP]")], [template_piece("[CLS]"), SEQUENCE_A, template_piece("[SEP]"), SEQUENCE_B, template_piece("[SEP]", 1)],
                              {"[CLS]": ([v["[CLS]"]], ["[CLS]"]), "[SEP]": ([v["[SEP]"]], ["[SEP]"])}),
                     {"type": "WordPiece", "prefix": "##", "cleanup": True}, added_list(model, *specials))


CONFIGS["family_bert_uncased"] = lambda: _bert(True)
CONFIGS["family_bert_cased"] = lambda: _bert(False)


@config("family_roberta")
def _():
    model = bases.byte_level_bpe()
    tokens = added_list(model, *[(t, SPECIAL) for t in ("<s>", "<pad>", "</s>", "<unk>")], ("<mask>", {"special": True, "lstrip": True}))
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(model, None, byte_level(add_prefix_space=False), {"type": "RobertaProcessing", "sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]], "trim_offsets": True, "add_prefix_space": False},
                     BYTE_LEVEL_DECODER, tokens)


@config("family_clip")
def _():
    model = bases.with_tokens(bases.clip_bpe(), ["<|startoftext|>", "<|endoftext|>"])
    v = model["vocab"]
    return tokenizer(bpe(model, unk_token="<|endoftext|>", end_of_word_suffix="</w>", continuing_subword_prefix=""),
                     sequence("normalizer", {"type": "NFC"}, replace(regex(r"\s+"), " "), {"type": "Lowercase"}),
                     sequence("pre_tokenizer", split(regex(bases.CLIP), "Removed", True), byte_level()),
                     {"type": "RobertaProcessing", "sep": ["<|endoftext|>", v["<|endoftext|>"]], "cls": ["<|startoftext|>", v["<|startoftext|>"]], "trim_offsets": False, "add_prefix_space": False},
                     byte_level(add_prefix_space=True), added_list(model, ("<|startoftext|>", {"special": True, "normalized": True}), ("<|endoftext|>", {"special": True})))


@config("family_t5")
def _():
    model = bases.unigram()
    tokens = [("<pad>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)] + [(f"<extra_id_{i}>", SPECIAL) for i in range(20)]
    return tokenizer(model, precompiled(), sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()),
                     template([SEQUENCE_A, template_piece("</s>")], [SEQUENCE_A, template_piece("</s>"), SEQUENCE_B, template_piece("</s>")], {"</s>": ([2], ["</s>"])}), metaspace(), added_list(model, *tokens))


@config("family_xlm_roberta")
def _():
    model = bases.unigram()
    return tokenizer(model, sequence("normalizer", precompiled(), replace(regex(r" {2,}"), " ")), sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()),
                     template([template_piece("<s>"), SEQUENCE_A, template_piece("</s>")], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([0], ["<s>"]), "</s>": ([2], ["</s>"])}), metaspace(),
                     added_list(model, ("<s>", SPECIAL), ("<pad>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL), ("<mask>", {"special": True, "lstrip": True, "normalized": True})))


@config("family_albert")
def _():
    model = bases.unigram()
    return tokenizer(model, NORMALIZERS["albert"](), sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()), None, metaspace(),
                     added_list(model, ("<pad>", SPECIAL), ("<unk>", SPECIAL), ("[CLS]", SPECIAL), ("[MASK]", {"special": True, "lstrip": True})))


@config("family_nllb")
def _():
    model = bases.unigram()
    return tokenizer(model, sequence("normalizer", precompiled(), replace(regex(r" {2,}"), " ")), metaspace(prepend_scheme="first"), None, metaspace(),
                     added_list(model, ("eng_Latn", SPECIAL), ("fra_Latn", SPECIAL), ("<mask>", {"special": True, "lstrip": True})))


LLAMA_DECODER = DECODERS["sequence_llama"]


@config("family_llama")
def _():
    model = bases.metaspace_bpe()
    v = model["vocab"]
    return tokenizer(model, ADDED_NORMALIZERS["prepend_replace"], None,
                     template([template_piece("<s>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([v["<s>"]], ["<s>"])}), LLAMA_DECODER,
                     added_list(model, ("<unk>", SPECIAL), ("<s>", SPECIAL), ("</s>", SPECIAL), ("<|im_start|>", {}), ("<pad>", {"normalized": True})))


@config("family_llama_ignore_merges")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(bpe(model, ignore_merges=True), ADDED_NORMALIZERS["prepend_replace"], None, None, LLAMA_DECODER, added_list(model, ("<s>", SPECIAL)))


@config("family_mistral")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(model, None, metaspace(prepend_scheme="first", split=False), None, LLAMA_DECODER, added_list(model, ("<s>", SPECIAL), ("[INST]", SPECIAL), ("[/INST]", SPECIAL)))


@config("family_gemma")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(model, replace(string(" "), "\u2581"), split(string(" "), "MergedWithPrevious"), template([template_piece("<s>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([1], ["<s>"])}),
                     sequence("decoder", replace(string("\u2581"), " "), {"type": "ByteFallback"}, {"type": "Fuse"}),
                     added_list(model, ("<s>", SPECIAL), ("<start_of_turn>", SPECIAL), *[("\n" * n, {}) for n in range(2, 9)], *[("\u2581" * n, {}) for n in range(2, 9)], ("<table>", {})))


@config("family_whisper")
def _():
    model = bases.byte_level_bpe()
    specials = [(t, SPECIAL) for t in ("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|notimestamps|>")] + [(f"<|{i / 50:.2f}|>", {}) for i in range(0, 60)]
    tokens = added_list(model, *specials)
    ids = {t["content"]: t["id"] for t in tokens}
    names = ("<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>")
    return tokenizer(model, None, byte_level(), template([template_piece(names[0]), template_piece(names[1]), SEQUENCE_A, template_piece(names[2])], [SEQUENCE_A, SEQUENCE_B],
                                                         {n: ([ids[n]], [n]) for n in names}), BYTE_LEVEL_DECODER, tokens)


@config("family_bloom")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, None, sequence("pre_tokenizer", split(regex(REGEX_ZOO["bloom"])), byte_level(use_regex=False)), byte_level(add_prefix_space=True, trim_offsets=False), BYTE_LEVEL_DECODER,
                     added_list(model, ("<unk>", SPECIAL), ("<s>", SPECIAL)))


@config("family_deepseek")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, sequence("normalizer"), sequence("pre_tokenizer", split(regex(r"\p{N}{1,3}")), split(regex(REGEX_ZOO["deepseek_cjk"])), split(regex(REGEX_ZOO["deepseek_words"])), RAW_BYTES),
                     byte_level(trim_offsets=False), BYTE_LEVEL_DECODER, added_list(model, ("<｜begin▁of▁sentence｜>", SPECIAL), ("<｜User｜>", {}), ("<think>", {})))


@config("family_starcoder")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, None, sequence("pre_tokenizer", {"type": "Digits", "individual_digits": True}, byte_level()), byte_level(trim_offsets=False), BYTE_LEVEL_DECODER,
                     added_list(model, ("<|endoftext|>", SPECIAL), ("<fim_prefix>", SPECIAL), ("<filename>", {})))


@config("family_phi")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(model, None, byte_level(), byte_level(trim_offsets=True), BYTE_LEVEL_DECODER,
                     added_list(model, ("<|endoftext|>", SPECIAL), *[(" " * n, {"normalized": True}) for n in range(31, 1, -1)], *[("\t" * n, {"normalized": True}) for n in range(9, 1, -1)]))


@config("family_llama3")
def _():
    model = bases.byte_level_bpe_unsplit()
    tokens = added_list(model, ("<|begin_of_text|>", SPECIAL), ("<|eot_id|>", SPECIAL))
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(bpe(model, ignore_merges=True), None, sequence("pre_tokenizer", split(regex(REGEX_ZOO["cl100k"])), RAW_BYTES),
                     sequence("post_processor", byte_level(trim_offsets=False), template([template_piece("<|begin_of_text|>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B],
                                                                                         {"<|begin_of_text|>": ([ids["<|begin_of_text|>"]], ["<|begin_of_text|>"])})), BYTE_LEVEL_DECODER, tokens)


@config("family_qwen")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, {"type": "NFC"}, sequence("pre_tokenizer", split(regex(REGEX_ZOO["qwen"])), RAW_BYTES), byte_level(trim_offsets=False), BYTE_LEVEL_DECODER,
                     added_list(model, ("<|endoftext|>", SPECIAL), ("<|im_start|>", SPECIAL), ("<tool_call>", {})))


@config("family_gpt_neox")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(model, {"type": "NFC"}, byte_level(), byte_level(trim_offsets=True), BYTE_LEVEL_DECODER,
                     added_list(model, ("<|endoftext|>", SPECIAL), ("<|padding|>", SPECIAL), *[(" " * n, {"normalized": True}) for n in range(24, 1, -1)]))


@config("family_wav2vec2")
def _():
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|"] + list("ETAOINSHRDLUMWCFGYPBVK'XJQZ")
    model = {"type": "WordLevel", "vocab": {c: i for i, c in enumerate(letters)}, "unk_token": "<unk>"}
    return tokenizer(model, sequence("normalizer", replace(string(" "), "|")), split(regex("."), "Isolated"), None, {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
                     added_list(model, ("<pad>", SPECIAL), ("<s>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)))


@config("family_falcon")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(model, None, sequence("pre_tokenizer", {"type": "Punctuation", "behavior": "Contiguous"}, byte_level(), {"type": "Digits", "individual_digits": False},
                                           split(regex("[0-9][0-9][0-9]"), "Isolated")), None, BYTE_LEVEL_DECODER, added_list(model, (">>TITLE<<", SPECIAL), ("<|endoftext|>", SPECIAL)))


@config("family_codegen_spaces")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(model, None, sequence("pre_tokenizer", split(string("\n"), "MergedWithPrevious"), byte_level()), None, BYTE_LEVEL_DECODER,
                     added_list(model, *[(" " * n, {"single_word": False, "lstrip": n == 7}) for n in range(2, 12)]))


# Well-formed JSON whose meaning the peer itself takes strangely: libtok does as the peer does, or refuses the file.
STRANGE = {}


def strange(name):
    def register(function):
        STRANGE[name] = function
        return function
    return register


@strange("added_ids_outside_and_shuffled")
def _():
    model = bases.wordlevel()
    return tokenizer(model, None, WHITESPACE, None, None, [added(5000, "<x>"), added(4000, "<y>"), added(4001, "<x>")])


@strange("added_id_taken_by_model")
def _():
    return tokenizer(bases.wordlevel(), None, WHITESPACE, None, None, [added(5, "<x>")])


@strange("wordlevel_without_unknown")
def _():
    model = bases.wordlevel()
    return tokenizer({**model, "unk_token": "<absent>"}, None, WHITESPACE)


@strange("unigram_without_unknown")
def _():
    return tokenizer({**bases.unigram(), "unk_id": None}, None, metaspace())


@strange("wordpiece_without_unknown")
def _():
    return tokenizer({**bases.wordpiece(), "unk_token": "<absent>"}, None, WHITESPACE)


@strange("bpe_unknown_absent")
def _():
    return tokenizer(bpe(bases.char_bpe(), unk_token="<absent>"), None, WHITESPACE)


@strange("normalizer_regex_empty_match")
def _():
    return tokenizer(bases.byte_level_bpe(), replace(regex("x*"), "-"), byte_level(), None, BYTE_LEVEL_DECODER)


@strange("replace_empty_string")
def _():
    return tokenizer(bases.byte_level_bpe(), replace(string(""), "-"), byte_level(), None, BYTE_LEVEL_DECODER)


@strange("split_empty_string")
def _():
    return tokenizer(bases.byte_level_bpe_unsplit(), None, sequence("pre_tokenizer", split(string("")), RAW_BYTES), None, BYTE_LEVEL_DECODER)


@strange("added_empty_content")
def _():
    return tokenizer(bases.wordlevel(), None, WHITESPACE, None, None, [added(bases.size_of(bases.wordlevel()), "")])


@strange("template_id_outside")
def _():
    return tokenizer(bases.wordlevel(), None, WHITESPACE, template([template_piece("<q>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<q>": ([99999], ["<q>"])}))


@strange("dropout_zero")
def _():
    return tokenizer(bpe(bases.byte_level_bpe(), dropout=0.0), None, byte_level(), None, BYTE_LEVEL_DECODER)


@strange("fixed_length_zero")
def _():
    return tokenizer(bases.wordlevel(), None, {"type": "FixedLength", "length": 0})


@strange("truncation_and_padding")
def _():
    made = tokenizer(bases.byte_level_bpe(), None, byte_level(), None, BYTE_LEVEL_DECODER)
    made["truncation"] = {"direction": "Right", "max_length": 100000, "strategy": "LongestFirst", "stride": 0}
    return made


# ---- SentencePiece -------------------------------------------------------------------------------------------------------
SENTENCEPIECE = {
    "unigram": dict(kind="unigram", size=1200),
    "unigram_byte_fallback": dict(kind="unigram", size=1500, byte_fallback=True, character_coverage=0.99),
    "unigram_identity": dict(kind="unigram", size=1200, normalization_rule_name="identity"),
    "unigram_nfkc_cf": dict(kind="unigram", size=1200, normalization_rule_name="nmt_nfkc_cf"),
    "unigram_no_dummy_prefix": dict(kind="unigram", size=1200, add_dummy_prefix=False),
    "unigram_keep_spaces": dict(kind="unigram", size=1200, remove_extra_whitespaces=False),
    "unigram_suffix": dict(kind="unigram", size=1200, treat_whitespace_as_suffix=True),
    "unigram_user_defined": dict(kind="unigram", size=1200, user_defined_symbols=("<sep>", "the", "ing", "漢字", "<mask>"), control_symbols=("<ctrl>", "[C]")),
    "unigram_no_specials": dict(kind="unigram", size=1200, bos_id=-1, eos_id=-1, pad_id=-1),
    "unigram_pad_first": dict(kind="unigram", size=1200, pad_id=0, eos_id=1, unk_id=2, bos_id=-1),
    "unigram_split_digits": dict(kind="unigram", size=1200, split_digits=True),
    "unigram_across_spaces": dict(kind="unigram", size=1200, split_by_whitespace=False, split_by_unicode_script=False, max_sentencepiece_length=24),
    "unigram_whitespace_only": dict(kind="unigram", size=1200, allow_whitespace_only_pieces=True, remove_extra_whitespaces=False),
    "unigram_rare_coverage": dict(kind="unigram", size=1000, character_coverage=0.98),
    "bpe": dict(kind="bpe", size=1500),
    "bpe_byte_fallback": dict(kind="bpe", size=1800, byte_fallback=True, character_coverage=0.99),
    "bpe_llama": dict(kind="bpe", size=1800, byte_fallback=True, character_coverage=0.98, split_digits=True, normalization_rule_name="identity", allow_whitespace_only_pieces=True,
                      remove_extra_whitespaces=False),
    "bpe_gemma": dict(kind="bpe", size=1800, byte_fallback=True, character_coverage=0.98, split_digits=True, normalization_rule_name="identity", allow_whitespace_only_pieces=True,
                      remove_extra_whitespaces=False, add_dummy_prefix=False, user_defined_symbols=("\n", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581", "<start_of_turn>")),
    "bpe_no_dummy_prefix": dict(kind="bpe", size=1500, add_dummy_prefix=False),
    "bpe_suffix": dict(kind="bpe", size=1500, treat_whitespace_as_suffix=True),
    "bpe_user_defined": dict(kind="bpe", size=1500, user_defined_symbols=("<sep>", "the", "ing", "漢字", " x "), control_symbols=("<ctrl>",)),
    "bpe_rare_coverage": dict(kind="bpe", size=1100, character_coverage=0.98, unk_surface="<?>"),
    "bpe_across_spaces": dict(kind="bpe", size=1500, split_by_whitespace=False, split_by_number=False, split_by_unicode_script=False),
    "char": dict(kind="char", size=600),
    "char_byte_fallback": dict(kind="char", size=1100, byte_fallback=True, character_coverage=0.98),
    "char_suffix": dict(kind="char", size=600, treat_whitespace_as_suffix=True, normalization_rule_name="identity"),
    "word": dict(kind="word", size=900),
    "word_identity": dict(kind="word", size=900, normalization_rule_name="identity", remove_extra_whitespaces=False),
}

# ---- tekken.json: ranks with a pattern and special tokens of our choosing ----------------------------------------------
TEKKEN = {
    "tekken": REGEX_ZOO["tekken"],
    "gpt2_pattern": bases.GPT2,
    "words_only": r"\w+|\W+",
    "han_digits": r"\p{Han}|\p{N}{1,2}|\s+|[^\s\p{N}\p{Han}]+",
    "whole": r"(?s).+",
}


def rank_vocabulary(size=1900):
    """Byte strings in rank order: 256 bytes, then tokens of the trained byte-level model."""
    to_byte = byte_alphabet_map()
    vocab = bases.byte_level_bpe_unsplit()["vocab"]
    tokens = [bytes(to_byte[c] for c in token) for token in sorted(vocab, key=vocab.get)]
    multi = [t for t in tokens if len(t) > 1]
    return [bytes([b]) for b in range(256)] + multi[:size - 256]


def byte_alphabet_map():
    """Character of the GPT-2 byte alphabet -> byte: printable Latin-1 stands for itself, the rest follow from U+0100."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    moved = [b for b in range(256) if b not in set(kept)]
    return {**{chr(b): b for b in kept}, **{chr(256 + i): b for i, b in enumerate(moved)}}


def tekken_json(pattern, n_special=20):
    ranks = rank_vocabulary()
    vocab = [{"rank": i, "token_bytes": base64.b64encode(t).decode(), "token_str": None} for i, t in enumerate(ranks)]
    names = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    specials = [{"rank": i, "token_str": name, "is_control": True} for i, name in enumerate(names)]
    return {"config": {"pattern": pattern, "num_vocab_tokens": len(ranks), "default_vocab_size": len(ranks) + n_special, "default_num_special_tokens": n_special, "version": "v7"},
            "vocab": vocab, "special_tokens": specials}


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def make(kind, name, folder):
    """Writes one configuration and returns its path."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sentencepiece":
        path = folder / f"sentencepiece_{name}.model"
        options = dict(SENTENCEPIECE[name])
        path.write_bytes(bases.sentencepiece_model(name, options.pop("kind"), options.pop("size"), **options))
        return path
    if kind == "tekken":
        return write(folder / f"tekken_{name}.json", tekken_json(TEKKEN[name]))
    registry = {"config": CONFIGS, "strange": STRANGE}[kind]
    return write(folder / f"{kind}_{name}.json", registry[name]())


def everything():
    return [("config", n) for n in CONFIGS] + [("strange", n) for n in STRANGE] + [("sentencepiece", n) for n in SENTENCEPIECE] + [("tekken", n) for n in TEKKEN]


if __name__ == "__main__":
    wanted = set(sys.argv[2:])
    for kind_, name_ in everything():
        if not wanted or name_ in wanted:
            print(make(kind_, name_, sys.argv[1]))
