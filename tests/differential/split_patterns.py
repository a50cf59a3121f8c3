"""Regular expressions by which published tokenizers split text, as their tokenizer.json files spell them, and
patterns that lean on one corner of the syntax each."""

_WORDS_O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+%s"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*%s"
)
_CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"

REAL = {
    "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "llama3": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen2": _CONTRACTION + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "qwen35": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "cl100k_possessive": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"
    r"|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "gpt4_converted": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    "o200k": _WORDS_O200K % (_CONTRACTION + "?", _CONTRACTION + "?")
    + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "superbpe_superwords": r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S)",
    "tekken": _WORDS_O200K % ("", "") + r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "minimax": _WORDS_O200K % ("", "") + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "kimi": r"[\p{Han}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+" + _CONTRACTION + r"?|[^\r\n\p{L}\p{N}]?"
    r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]*" + _CONTRACTION
    + r"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "deepseek_v3_digits": r"\p{N}{1,3}",
    "deepseek_v3_cjk": "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "deepseek_v3": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^" + "\r\n"
    + r"\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[" + "\r\n" + r"]*|\s*[" + "\r\n" + r"]+|\s+(?!\S)|\s+",
    "deepseek_llm_newlines": "[\r\n]",
    "deepseek_llm_letters": "\\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0295-"
    "\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c\u038e-\u03a1\u03a3-\u03f5\u03f7-"
    "\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5\u13a0-\u13f5\u1e00-\u1f15\uff21-\uff3a\uff41-\uff5a"
    "\U00010400-\U0001044f\U000118a0-\U000118df\U0001e900-\U0001e943]+",
    "deepseek_llm_punctuation": r"\s?[!-/:-~！-／：-～‘-‟　-。]+",
    "deepseek_llm_spaces": r"\s+$",
    "deepseek_llm_cjk": "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
    "bloom": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "falcon_digits": r"[0-9][0-9][0-9]",
    "falcon_newline": r"\n",
    "llama_split_space": r" ",
    "gemma_digits": r"\d",
    "starcoder": r"\p{N}",
    "olmo3": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    "dbrx": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+",
    "glm4": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "smollm3": r"(?i)'s|'t|'re|'ve|'m|'ll|'d|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}",
    "exaone": r"(?:\r?\n)+(?!\r?\n)|[^\S\r\n]+| ?\p{L}+| ?\p{N}| ?[^\s\p{L}\p{N}]+",
    "hunyuan": r"\p{N}{1,3}|[一-龥]+|[^\s\p{L}\p{N}]+|\p{L}+|\s+(?!\S)|\s+",
    "nemotron": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?"
    r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+",
    "viking": r" ?[^(\s|[.,!?…。，、।۔،])]+|\d",
    "poro": r" ?[^(\s|[.,!?…。，、।۔،])]+",
    "clip": r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    "whisper_like": r"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "superbpe": r"(?=(\d{3})+(?!\d))",
    "right_to_left_digits": r"\d{1,3}(?=(?:\d{3})*\b)",
    "spaces_of_two_or_more": r" {2,}",
    "seed_oss": _CONTRACTION
    + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+",
}

SYNTAX = {
    "words": r"\w+|[^\w\s]+",
    "word_alone": r"\w",
    "not_word": r"\W+",
    "boundaries": r"\b",
    "no_boundaries": r"\B",
    "word_between_boundaries": r"\b\w+\b",
    "look_behind": r"(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})",
    "negative_look_behind": r"(?<!\p{Lu})\p{Lu}",
    "possessive": r"\p{L}++\s?|\p{N}{1,2}+|\s++",
    "possessive_that_matters": r"\s*+\s|\p{L}?+\p{L}\p{N}|[^\n]",
    "atomic": r"(?>\s+)\S|(?>a|ab)c?|\p{L}+",
    "lazy": r"\p{L}+?\s|\s*?\n|\p{N}{1,3}?",
    "fixed_interval_lazy": r"\p{L}{2}?",
    "interval_plus": r"\p{L}{2}+",
    "line_begin": r"^",
    "line_begin_space": r"^\s+",
    "line_end": r"$",
    "line_end_space": r"\s+$",
    "final_newline": r"\s*\Z",
    "text_begin": r"\A\s*\S",
    "text_end": r"\S?\z",
    "dot": r".",
    "dot_all": r"(?m:.{1,7})",
    "not_newline": r"\N+",
    "any_newline": r"\R",
    "any_newlines": r"\R+\S",
    "posix": r"[[:alpha:]]+|[[:digit:][:punct:]]+|[[:^graph:]]",
    "hex_digits": r"\h+",
    "ignore_case": r"(?i)the|[a-k]+|ſ|Ω",
    "ignore_case_scoped": r"a(?i:b)c|k(?i)K|X",
    "ignore_case_class": r"(?i)[d-t]+",
    "ignore_case_negated": r"(?i)[^aeiouß]+",
    "ignore_case_property": r"(?i)\p{Lu}+",
    "script": r"\p{Han}+|\p{Hiragana}+|\p{Katakana}+|\p{Hangul}+|\p{Cyrillic}+|\p{Arabic}+",
    "intersection": r"[\p{L}&&[^\p{Latin}]]+|[\p{Latin}&&[a-z]]+",
    "negated_intersection": r"[^\p{L}&&\p{Lu}]+",
    "nested_class": r"[\p{L}[0-9][^\p{Latin}\s]]+",
    "nullable": r"\s*",
    "nullable_alternative": r"\p{N}+|",
    "trailing_run": r"\p{L}+| +(?! )|[^ ]",
    "trailing_run_of_letters": r"\p{L}+(?!\P{L})|\p{L}|\s",
    "trailing_run_with_rest": r"\s+(?!\S)x?|\s+|\S",
    "spaces_before_newline": r" +(?=\n)|\n",
    "alternatives_in_order": r"a|ab|abc|\p{L}{2}",
    "emoji": r"\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*",
}
