"""SentencePiece training options and tekken.json files."""

import base64

import bases
from config_pre_tokenizers import REGEX_ZOO

SENTENCEPIECE = {
    "unigram": dict(kind="unigram", size=1200),
    "unigram_byte_fallback": dict(kind="unigram", size=1500, byte_fallback=True, character_coverage=0.99),
    "unigram_identity": dict(kind="unigram", size=1200, normalization_rule_name="identity"),
    "unigram_nfkc_cf": dict(kind="unigram", size=1200, normalization_rule_name="nmt_nfkc_cf"),
    "unigram_no_dummy_prefix": dict(kind="unigram", size=1200, add_dummy_prefix=False),
    "unigram_keep_spaces": dict(kind="unigram", size=1200, remove_extra_whitespaces=False),
    "unigram_suffix": dict(kind="unigram", size=1200, treat_whitespace_as_suffix=True),
    "unigram_user_defined": dict(
        kind="unigram",
        size=1200,
        user_defined_symbols=("<sep>", "the", "ing", "漢字", "<mask>"),
        control_symbols=("<ctrl>", "[C]"),
    ),
    "unigram_no_specials": dict(kind="unigram", size=1200, bos_id=-1, eos_id=-1, pad_id=-1),
    "unigram_pad_first": dict(kind="unigram", size=1200, pad_id=0, eos_id=1, unk_id=2, bos_id=-1),
    "unigram_split_digits": dict(kind="unigram", size=1200, split_digits=True),
    "unigram_across_spaces": dict(
        kind="unigram",
        size=1200,
        split_by_whitespace=False,
        split_by_unicode_script=False,
        max_sentencepiece_length=24,
    ),
    "unigram_whitespace_only": dict(
        kind="unigram", size=1200, allow_whitespace_only_pieces=True, remove_extra_whitespaces=False
    ),
    "unigram_rare_coverage": dict(kind="unigram", size=1000, character_coverage=0.98),
    "bpe": dict(kind="bpe", size=1500),
    "bpe_byte_fallback": dict(kind="bpe", size=1800, byte_fallback=True, character_coverage=0.99),
    "bpe_llama": dict(
        kind="bpe",
        size=1800,
        byte_fallback=True,
        character_coverage=0.98,
        split_digits=True,
        normalization_rule_name="identity",
        allow_whitespace_only_pieces=True,
        remove_extra_whitespaces=False,
    ),
    "bpe_gemma": dict(
        kind="bpe",
        size=1800,
        byte_fallback=True,
        character_coverage=0.98,
        split_digits=True,
        normalization_rule_name="identity",
        allow_whitespace_only_pieces=True,
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,
        user_defined_symbols=("\n", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581", "<start_of_turn>"),
    ),
    "bpe_no_dummy_prefix": dict(kind="bpe", size=1500, add_dummy_prefix=False),
    "bpe_suffix": dict(kind="bpe", size=1500, treat_whitespace_as_suffix=True),
    "bpe_user_defined": dict(
        kind="bpe",
        size=1500,
        user_defined_symbols=("<sep>", "the", "ing", "漢字", " x "),
        control_symbols=("<ctrl>",),
    ),
    "bpe_rare_coverage": dict(kind="bpe", size=1100, character_coverage=0.98, unk_surface="<?>"),
    "bpe_across_spaces": dict(
        kind="bpe", size=1500, split_by_whitespace=False, split_by_number=False, split_by_unicode_script=False
    ),
    "char": dict(kind="char", size=600),
    "char_byte_fallback": dict(kind="char", size=1100, byte_fallback=True, character_coverage=0.98),
    "char_suffix": dict(
        kind="char", size=600, treat_whitespace_as_suffix=True, normalization_rule_name="identity"
    ),
    "word": dict(kind="word", size=900),
    "word_identity": dict(
        kind="word", size=900, normalization_rule_name="identity", remove_extra_whitespaces=False
    ),
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
    return [bytes([b]) for b in range(256)] + multi[: size - 256]


def byte_alphabet_map():
    """Character of the GPT-2 byte alphabet -> byte: printable Latin-1 stands for itself, the rest follow from U+0100."""
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    moved = [b for b in range(256) if b not in set(kept)]
    return {**{chr(b): b for b in kept}, **{chr(256 + i): b for i, b in enumerate(moved)}}


def tekken_json(pattern, n_special=20):
    ranks = rank_vocabulary()
    vocab = [
        {"rank": i, "token_bytes": base64.b64encode(t).decode(), "token_str": None}
        for i, t in enumerate(ranks)
    ]
    names = ["<unk>", "<s>", "</s>", "[INST]", "[/INST]"]
    specials = [{"rank": i, "token_str": name, "is_control": True} for i, name in enumerate(names)]
    return {
        "config": {
            "pattern": pattern,
            "num_vocab_tokens": len(ranks),
            "default_vocab_size": len(ranks) + n_special,
            "default_num_special_tokens": n_special,
            "version": "v7",
        },
        "vocab": vocab,
        "special_tokens": specials,
    }
