"""Pre-tokenizers over words, where each piece is one id whose offsets are the piece, and over bytes."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    RAW_BYTES,
    SPECIAL,
    added_list,
    byte_level,
    config,
    metaspace,
    regex,
    sequence,
    split,
    string,
    tokenizer,
)

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
    "sequence_digits_punctuation": sequence(
        "pre_tokenizer",
        {"type": "WhitespaceSplit"},
        {"type": "Digits", "individual_digits": True},
        {"type": "Punctuation", "behavior": "MergedWithPrevious"},
    ),
    "sequence_metaspace_scripts": sequence(
        "pre_tokenizer", {"type": "UnicodeScripts"}, metaspace(prepend_scheme="first")
    ),
    "sequence_split_metaspace": sequence("pre_tokenizer", split(regex(r"\d"), "Isolated"), metaspace()),
    "sequence_metaspace_twice": sequence(
        "pre_tokenizer",
        metaspace(prepend_scheme="first"),
        metaspace(replacement="_", prepend_scheme="always"),
    ),
    "sequence_fixed_whitespace": sequence(
        "pre_tokenizer", {"type": "FixedLength", "length": 7}, {"type": "Whitespace"}
    ),
    "sequence_byte_level_digits": sequence(
        "pre_tokenizer", byte_level(add_prefix_space=True), {"type": "Digits", "individual_digits": True}
    ),
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
    "caseless": r"(?i)the|ÉCOLE|σ|k|ſ|ǆ|й",
    "anchors": r"^\s+|\s+$|^#",
    "dot": r".",
    "dot_all": r"(?m).{4}",
    "intersection": r"[\p{L}&&[^a-f]]+",
    "hex": r"\h+|\H{3}",
    "line_break": r"\R",
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
        return tokenizer(
            model, None, step, None, None, added_list(model, ("<sep>", SPECIAL), ("plain token", {}))
        )


# The same chains before a byte-level model: the combinations that published tokenizers use.
for _name in (
    "whitespace",
    "whitespace_split",
    "bert",
    "digits_individual",
    "metaspace_first",
    "unicode_scripts",
    "fixed_length",
    "sequence_split_metaspace",
    "punctuation_mergedwithnext",
    "split_regex_removed",
    "split_regex_contiguous_invert",
    "split_string_mergedwithprevious",
    "zoo_bloom",
    "zoo_o200k",
    "zoo_cl100k",
    "zoo_tekken",
    "zoo_scripts",
    "zoo_lookbehind",
):

    @config(f"bytes_{_name}")
    def _make(step=PRE_TOKENIZERS[_name]):
        model = bases.byte_level_bpe_unsplit()
        return tokenizer(
            model,
            None,
            sequence("pre_tokenizer", step, RAW_BYTES),
            byte_level(trim_offsets=False),
            BYTE_LEVEL_DECODER,
            added_list(model, ("<sep>", SPECIAL)),
        )
