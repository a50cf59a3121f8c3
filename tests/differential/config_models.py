"""BPE, Unigram, WordPiece and WordLevel models with every option."""

import random

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    SPECIAL,
    WHITESPACE,
    added_list,
    bert_normalizer,
    bpe,
    byte_level,
    config,
    metaspace,
    replace,
    sequence,
    string,
    tokenizer,
)


def without(model, *tokens):
    vocab = {
        token: i
        for i, token in enumerate(
            t for t in sorted(model["vocab"], key=model["vocab"].get) if t not in tokens
        )
    }
    merges = [m for m in model["merges"] if m[0] in vocab and m[1] in vocab and "".join(m) in vocab]
    return {**model, "vocab": vocab, "merges": merges}


def merge_strings(model):
    return [f"{a} {b}" for a, b in model["merges"]]


@config("bpe_byte_level")
def _():
    return tokenizer(
        bases.byte_level_bpe(), None, byte_level(), byte_level(trim_offsets=True), BYTE_LEVEL_DECODER
    )


@config("bpe_merges_as_strings")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(bpe(model, merges=merge_strings(model)), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_untyped")
def _():
    model = bases.byte_level_bpe()
    untyped = {key: value for key, value in model.items() if key in ("vocab", "merges")}
    return tokenizer(
        {**untyped, "merges": merge_strings(model)}, None, byte_level(), None, BYTE_LEVEL_DECODER
    )


@config("bpe_add_prefix_space")
def _():
    return tokenizer(
        bases.byte_level_bpe(),
        None,
        byte_level(add_prefix_space=True),
        byte_level(add_prefix_space=True, trim_offsets=True),
        BYTE_LEVEL_DECODER,
        added_list(bases.byte_level_bpe(), ("<|endoftext|>", SPECIAL)),
    )


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
    return tokenizer(
        bpe(model, merges=merges + merges[10:400:7]), None, byte_level(), None, BYTE_LEVEL_DECODER
    )


@config("bpe_ids_with_gaps")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(
        bpe(model, vocab={token: i * 3 + 5 for token, i in model["vocab"].items()}),
        None,
        byte_level(),
        None,
        BYTE_LEVEL_DECODER,
    )


@config("bpe_reversed_ids")
def _():
    model = bases.byte_level_bpe()
    last = bases.size_of(model) - 1
    return tokenizer(
        bpe(model, vocab={token: last - i for token, i in model["vocab"].items()}),
        None,
        byte_level(),
        None,
        BYTE_LEVEL_DECODER,
    )


@config("bpe_ignore_merges")
def _():
    """Whole-word tokens that no merge makes."""
    model = bases.with_tokens(
        bases.byte_level_bpe(),
        ["Ġlighthouse", "keeperkeeper", "Ġtokenizer", "ĠĠĠĠĠĠĠĠĠ", "Ã©tudie", "1234567"],
    )
    return tokenizer(bpe(model, ignore_merges=True), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_unreachable_tokens")
def _():
    """The same extra tokens without ignore_merges: never produced."""
    model = bases.with_tokens(
        bases.byte_level_bpe(),
        ["Ġlighthouse", "keeperkeeper", "Ġtokenizer", "ĠĠĠĠĠĠĠĠĠ", "Ã©tudie", "1234567"],
    )
    return tokenizer(model, None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_missing_bytes")
def _():
    """A byte-level vocabulary without some bytes and without unk: their characters vanish."""
    return tokenizer(
        without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), None, byte_level(), None, BYTE_LEVEL_DECODER
    )


@config("bpe_missing_bytes_unk")
def _():
    model = bases.with_tokens(without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), ["<unk>"])
    return tokenizer(bpe(model, unk_token="<unk>"), None, byte_level(), None, BYTE_LEVEL_DECODER)


@config("bpe_missing_bytes_fused")
def _():
    model = bases.with_tokens(without(bases.byte_level_bpe(), "Ã", "z", "Ċ", "×"), ["<unk>"])
    return tokenizer(
        bpe(model, unk_token="<unk>", fuse_unk=True), None, byte_level(), None, BYTE_LEVEL_DECODER
    )


@config("bpe_literal_tokens")
def _():
    """A byte-level vocabulary that also holds tokens spelled outside the byte alphabet."""
    model = bases.with_tokens(
        bases.byte_level_bpe(), ["<｜begin▁of▁sentence｜>", "漢字", " plain space", "Ġ漢"]
    )
    return tokenizer(
        model,
        None,
        byte_level(),
        None,
        BYTE_LEVEL_DECODER,
        added_list(model, ("<｜begin▁of▁sentence｜>", SPECIAL)),
    )


@config("bpe_chars_unk")
def _():
    model = bases.char_bpe()
    return tokenizer(
        model,
        None,
        WHITESPACE,
        None,
        {"type": "BPEDecoder", "suffix": "</w>"},
        added_list(model, ("<unk>", SPECIAL)),
    )


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
    return tokenizer(
        bases.char_bpe(prefix="##"),
        None,
        WHITESPACE,
        None,
        {"type": "WordPiece", "prefix": "##", "cleanup": False},
    )


@config("bpe_prefix_fuse_unk")
def _():
    return tokenizer(
        bpe(bases.char_bpe(prefix="##"), fuse_unk=True),
        None,
        {"type": "WhitespaceSplit"},
        None,
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
    )


@config("bpe_suffix")
def _():
    return tokenizer(
        bases.char_bpe(suffix="</w>"), None, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"}
    )


@config("bpe_prefix_suffix")
def _():
    return tokenizer(
        bases.char_bpe(prefix="@@", suffix="</w>"),
        {"type": "Lowercase"},
        WHITESPACE,
        None,
        {"type": "BPEDecoder", "suffix": "</w>"},
    )


@config("bpe_suffix_ignore_merges")
def _():
    model = bases.with_tokens(bases.char_bpe(suffix="</w>"), ["lighthouse", "tokenizer</w>", "the"])
    return tokenizer(
        bpe(model, ignore_merges=True), None, WHITESPACE, None, {"type": "BPEDecoder", "suffix": "</w>"}
    )


@config("bpe_byte_fallback")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(
        model,
        None,
        metaspace(prepend_scheme="first", split=False),
        None,
        sequence(
            "decoder",
            replace(string("\u2581"), " "),
            {"type": "ByteFallback"},
            {"type": "Fuse"},
            {"type": "Strip", "content": " ", "start": 1, "stop": 0},
        ),
    )


@config("bpe_byte_fallback_no_unk")
def _():
    return tokenizer(
        bpe(bases.metaspace_bpe(), unk_token=None),
        None,
        metaspace(),
        None,
        sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    )


@config("bpe_byte_fallback_partial")
def _():
    """Only some byte tokens: a character falls back only if all its bytes have one."""
    model = without(bases.metaspace_bpe(), *(f"<0x{b:02X}>" for b in range(256) if b % 5 == 3))
    return tokenizer(
        bpe(model, fuse_unk=False),
        None,
        metaspace(),
        None,
        sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    )


@config("bpe_byte_fallback_partial_fused")
def _():
    model = without(bases.metaspace_bpe(), *(f"<0x{b:02X}>" for b in range(256) if b % 5 == 3))
    return tokenizer(
        bpe(model, fuse_unk=True),
        None,
        metaspace(split=False),
        None,
        sequence("decoder", {"type": "ByteFallback"}, {"type": "Fuse"}),
    )


@config("bpe_byte_fallback_prefix")
def _():
    byte_tokens = [f"<0x{b:02X}>" for b in range(256)]
    return tokenizer(
        bpe(bases.with_tokens(bases.char_bpe(prefix="##"), byte_tokens), byte_fallback=True), None, WHITESPACE
    )


@config("bpe_byte_fallback_no_tokens")
def _():
    return tokenizer(bpe(bases.metaspace_bpe(byte_fallback=False), byte_fallback=True), None, metaspace())


@config("unigram")
def _():
    model = bases.unigram()
    return tokenizer(
        model,
        None,
        metaspace(),
        None,
        metaspace(),
        added_list(model, ("<s>", SPECIAL), ("<pad>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)),
    )


@config("unigram_no_split")
def _():
    return tokenizer(bases.unigram(), None, metaspace(split=False), None, metaspace(split=False))


@config("unigram_whitespace")
def _():
    return tokenizer(bases.unigram(), None, WHITESPACE)


@config("unigram_byte_fallback")
def _():
    return tokenizer(
        bases.unigram(byte_fallback=True),
        None,
        metaspace(),
        None,
        sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    )


@config("unigram_byte_fallback_partial")
def _():
    model = bases.unigram(byte_fallback=True)
    return tokenizer(
        {
            **model,
            "vocab": [entry for i, entry in enumerate(model["vocab"]) if not (4 <= i < 260 and i % 7 == 2)],
        },
        None,
        metaspace(),
        None,
        sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    )


@config("unigram_ties")
def _():
    """All scores equal: only the tie rule of the best path decides."""
    model = bases.unigram()
    return tokenizer({**model, "vocab": [[piece, -5.0] for piece, _ in model["vocab"]]}, None, metaspace())


@config("unigram_score_rounding")
def _():
    """Few scores, of which the peer's JSON reader takes one for its neighbour: sums differ in their last bits only."""
    model = bases.unigram()
    scores = (-7.4709835815411765, -8.233123633588074, -10.179033782643387)
    return tokenizer(
        {**model, "vocab": [[piece, scores[i % 3]] for i, (piece, _) in enumerate(model["vocab"])]},
        None,
        metaspace(split=False),
    )


@config("unigram_integer_scores")
def _():
    model = bases.unigram()
    return tokenizer(
        {**model, "vocab": [[piece, -float(1 + i % 7)] for i, (piece, _) in enumerate(model["vocab"])]},
        None,
        metaspace(split=False),
    )


@config("unigram_positive_scores")
def _():
    model = bases.unigram()
    return tokenizer(
        {**model, "vocab": [[piece, (i % 11) - 3.5] for i, (piece, _) in enumerate(model["vocab"])]},
        None,
        metaspace(),
    )


@config("wordpiece")
def _():
    model = bases.wordpiece()
    return tokenizer(
        model,
        bert_normalizer(),
        {"type": "BertPreTokenizer"},
        None,
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
    )


@config("wordpiece_short_words")
def _():
    return tokenizer(
        {**bases.wordpiece(), "max_input_chars_per_word": 8},
        None,
        {"type": "WhitespaceSplit"},
        None,
        {"type": "WordPiece", "prefix": "##", "cleanup": False},
    )


@config("wordpiece_other_prefix")
def _():
    model = bases.wordpiece(lowercase=False)
    vocab = {
        ("@@" + token[2:] if token.startswith("##") else token): i for token, i in model["vocab"].items()
    }
    return tokenizer(
        {**model, "vocab": vocab, "continuing_subword_prefix": "@@"},
        None,
        {"type": "BertPreTokenizer"},
        None,
        {"type": "WordPiece", "prefix": "@@", "cleanup": True},
    )


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
