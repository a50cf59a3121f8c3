"""The combinations that published tokenizers use, with small vocabularies."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    CONFIGS,
    RAW_BYTES,
    SEQUENCE_A,
    SEQUENCE_B,
    SPECIAL,
    added_list,
    bert_normalizer,
    bpe,
    byte_level,
    config,
    metaspace,
    precompiled,
    regex,
    replace,
    sequence,
    split,
    string,
    template,
    template_piece,
    tokenizer,
)
from config_added_tokens import ADDED_NORMALIZERS
from config_ends import DECODERS
from config_normalizers import NORMALIZERS
from config_pre_tokenizers import REGEX_ZOO


def _bert(lowercase):
    model = bases.wordpiece(lowercase)
    specials = [(t, SPECIAL) for t in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    v = model["vocab"]
    return tokenizer(
        model,
        bert_normalizer(lower=lowercase),
        {"type": "BertPreTokenizer"},
        template(
            [template_piece("[CLS]"), SEQUENCE_A, template_piece("[SEP]")],
            [
                template_piece("[CLS]"),
                SEQUENCE_A,
                template_piece("[SEP]"),
                SEQUENCE_B,
                template_piece("[SEP]", 1),
            ],
            {"[CLS]": ([v["[CLS]"]], ["[CLS]"]), "[SEP]": ([v["[SEP]"]], ["[SEP]"])},
        ),
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
        added_list(model, *specials),
    )


CONFIGS["family_bert_uncased"] = lambda: _bert(True)
CONFIGS["family_bert_cased"] = lambda: _bert(False)


@config("family_roberta")
def _():
    model = bases.byte_level_bpe()
    tokens = added_list(
        model,
        *[(t, SPECIAL) for t in ("<s>", "<pad>", "</s>", "<unk>")],
        ("<mask>", {"special": True, "lstrip": True}),
    )
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(
        model,
        None,
        byte_level(add_prefix_space=False),
        {
            "type": "RobertaProcessing",
            "sep": ["</s>", ids["</s>"]],
            "cls": ["<s>", ids["<s>"]],
            "trim_offsets": True,
            "add_prefix_space": False,
        },
        BYTE_LEVEL_DECODER,
        tokens,
    )


@config("family_clip")
def _():
    model = bases.with_tokens(bases.clip_bpe(), ["<|startoftext|>", "<|endoftext|>"])
    v = model["vocab"]
    return tokenizer(
        bpe(model, unk_token="<|endoftext|>", end_of_word_suffix="</w>", continuing_subword_prefix=""),
        sequence("normalizer", {"type": "NFC"}, replace(regex(r"\s+"), " "), {"type": "Lowercase"}),
        sequence("pre_tokenizer", split(regex(bases.CLIP), "Removed", True), byte_level()),
        {
            "type": "RobertaProcessing",
            "sep": ["<|endoftext|>", v["<|endoftext|>"]],
            "cls": ["<|startoftext|>", v["<|startoftext|>"]],
            "trim_offsets": False,
            "add_prefix_space": False,
        },
        byte_level(add_prefix_space=True),
        added_list(
            model,
            ("<|startoftext|>", {"special": True, "normalized": True}),
            ("<|endoftext|>", {"special": True}),
        ),
    )


@config("family_t5")
def _():
    model = bases.unigram()
    tokens = [("<pad>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)] + [
        (f"<extra_id_{i}>", SPECIAL) for i in range(20)
    ]
    return tokenizer(
        model,
        precompiled(),
        sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()),
        template(
            [SEQUENCE_A, template_piece("</s>")],
            [SEQUENCE_A, template_piece("</s>"), SEQUENCE_B, template_piece("</s>")],
            {"</s>": ([2], ["</s>"])},
        ),
        metaspace(),
        added_list(model, *tokens),
    )


@config("family_xlm_roberta")
def _():
    model = bases.unigram()
    return tokenizer(
        model,
        sequence("normalizer", precompiled(), replace(regex(r" {2,}"), " ")),
        sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()),
        template(
            [template_piece("<s>"), SEQUENCE_A, template_piece("</s>")],
            [SEQUENCE_A, SEQUENCE_B],
            {"<s>": ([0], ["<s>"]), "</s>": ([2], ["</s>"])},
        ),
        metaspace(),
        added_list(
            model,
            ("<s>", SPECIAL),
            ("<pad>", SPECIAL),
            ("</s>", SPECIAL),
            ("<unk>", SPECIAL),
            ("<mask>", {"special": True, "lstrip": True, "normalized": True}),
        ),
    )


@config("family_albert")
def _():
    model = bases.unigram()
    return tokenizer(
        model,
        NORMALIZERS["albert"](),
        sequence("pre_tokenizer", {"type": "WhitespaceSplit"}, metaspace()),
        None,
        metaspace(),
        added_list(
            model,
            ("<pad>", SPECIAL),
            ("<unk>", SPECIAL),
            ("[CLS]", SPECIAL),
            ("[MASK]", {"special": True, "lstrip": True}),
        ),
    )


@config("family_nllb")
def _():
    model = bases.unigram()
    return tokenizer(
        model,
        sequence("normalizer", precompiled(), replace(regex(r" {2,}"), " ")),
        metaspace(prepend_scheme="first"),
        None,
        metaspace(),
        added_list(
            model, ("eng_Latn", SPECIAL), ("fra_Latn", SPECIAL), ("<mask>", {"special": True, "lstrip": True})
        ),
    )


LLAMA_DECODER = DECODERS["sequence_llama"]


@config("family_llama")
def _():
    model = bases.metaspace_bpe()
    v = model["vocab"]
    return tokenizer(
        model,
        ADDED_NORMALIZERS["prepend_replace"],
        None,
        template(
            [template_piece("<s>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([v["<s>"]], ["<s>"])}
        ),
        LLAMA_DECODER,
        added_list(
            model,
            ("<unk>", SPECIAL),
            ("<s>", SPECIAL),
            ("</s>", SPECIAL),
            ("<|im_start|>", {}),
            ("<pad>", {"normalized": True}),
        ),
    )


@config("family_llama_ignore_merges")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(
        bpe(model, ignore_merges=True),
        ADDED_NORMALIZERS["prepend_replace"],
        None,
        None,
        LLAMA_DECODER,
        added_list(model, ("<s>", SPECIAL)),
    )


@config("family_mistral")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(
        model,
        None,
        metaspace(prepend_scheme="first", split=False),
        None,
        LLAMA_DECODER,
        added_list(model, ("<s>", SPECIAL), ("[INST]", SPECIAL), ("[/INST]", SPECIAL)),
    )


@config("family_gemma")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(
        model,
        replace(string(" "), "\u2581"),
        split(string(" "), "MergedWithPrevious"),
        template([template_piece("<s>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<s>": ([1], ["<s>"])}),
        sequence("decoder", replace(string("\u2581"), " "), {"type": "ByteFallback"}, {"type": "Fuse"}),
        added_list(
            model,
            ("<s>", SPECIAL),
            ("<start_of_turn>", SPECIAL),
            *[("\n" * n, {}) for n in range(2, 9)],
            *[("\u2581" * n, {}) for n in range(2, 9)],
            ("<table>", {}),
        ),
    )


@config("family_whisper")
def _():
    model = bases.byte_level_bpe()
    specials = [
        (t, SPECIAL)
        for t in ("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|notimestamps|>")
    ] + [(f"<|{i / 50:.2f}|>", {}) for i in range(0, 60)]
    tokens = added_list(model, *specials)
    ids = {t["content"]: t["id"] for t in tokens}
    names = ("<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>")
    return tokenizer(
        model,
        None,
        byte_level(),
        template(
            [template_piece(names[0]), template_piece(names[1]), SEQUENCE_A, template_piece(names[2])],
            [SEQUENCE_A, SEQUENCE_B],
            {n: ([ids[n]], [n]) for n in names},
        ),
        BYTE_LEVEL_DECODER,
        tokens,
    )


@config("family_bloom")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        None,
        sequence("pre_tokenizer", split(regex(REGEX_ZOO["bloom"])), byte_level(use_regex=False)),
        byte_level(add_prefix_space=True, trim_offsets=False),
        BYTE_LEVEL_DECODER,
        added_list(model, ("<unk>", SPECIAL), ("<s>", SPECIAL)),
    )


@config("family_deepseek")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        sequence("normalizer"),
        sequence(
            "pre_tokenizer",
            split(regex(r"\p{N}{1,3}")),
            split(regex(REGEX_ZOO["deepseek_cjk"])),
            split(regex(REGEX_ZOO["deepseek_words"])),
            RAW_BYTES,
        ),
        byte_level(trim_offsets=False),
        BYTE_LEVEL_DECODER,
        added_list(model, ("<｜begin▁of▁sentence｜>", SPECIAL), ("<｜User｜>", {}), ("<think>", {})),
    )


@config("family_starcoder")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        None,
        sequence("pre_tokenizer", {"type": "Digits", "individual_digits": True}, byte_level()),
        byte_level(trim_offsets=False),
        BYTE_LEVEL_DECODER,
        added_list(model, ("<|endoftext|>", SPECIAL), ("<fim_prefix>", SPECIAL), ("<filename>", {})),
    )


@config("family_phi")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(
        model,
        None,
        byte_level(),
        byte_level(trim_offsets=True),
        BYTE_LEVEL_DECODER,
        added_list(
            model,
            ("<|endoftext|>", SPECIAL),
            *[(" " * n, {"normalized": True}) for n in range(31, 1, -1)],
            *[("\t" * n, {"normalized": True}) for n in range(9, 1, -1)],
        ),
    )


@config("family_llama3")
def _():
    model = bases.byte_level_bpe_unsplit()
    tokens = added_list(model, ("<|begin_of_text|>", SPECIAL), ("<|eot_id|>", SPECIAL))
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(
        bpe(model, ignore_merges=True),
        None,
        sequence("pre_tokenizer", split(regex(REGEX_ZOO["cl100k"])), RAW_BYTES),
        sequence(
            "post_processor",
            byte_level(trim_offsets=False),
            template(
                [template_piece("<|begin_of_text|>"), SEQUENCE_A],
                [SEQUENCE_A, SEQUENCE_B],
                {"<|begin_of_text|>": ([ids["<|begin_of_text|>"]], ["<|begin_of_text|>"])},
            ),
        ),
        BYTE_LEVEL_DECODER,
        tokens,
    )


@config("family_qwen")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        {"type": "NFC"},
        sequence("pre_tokenizer", split(regex(REGEX_ZOO["qwen"])), RAW_BYTES),
        byte_level(trim_offsets=False),
        BYTE_LEVEL_DECODER,
        added_list(model, ("<|endoftext|>", SPECIAL), ("<|im_start|>", SPECIAL), ("<tool_call>", {})),
    )


@config("family_gpt_neox")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(
        model,
        {"type": "NFC"},
        byte_level(),
        byte_level(trim_offsets=True),
        BYTE_LEVEL_DECODER,
        added_list(
            model,
            ("<|endoftext|>", SPECIAL),
            ("<|padding|>", SPECIAL),
            *[(" " * n, {"normalized": True}) for n in range(24, 1, -1)],
        ),
    )


@config("family_wav2vec2")
def _():
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|"] + list("ETAOINSHRDLUMWCFGYPBVK'XJQZ")
    model = {"type": "WordLevel", "vocab": {c: i for i, c in enumerate(letters)}, "unk_token": "<unk>"}
    return tokenizer(
        model,
        sequence("normalizer", replace(string(" "), "|")),
        split(regex("."), "Isolated"),
        None,
        {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
        added_list(model, ("<pad>", SPECIAL), ("<s>", SPECIAL), ("</s>", SPECIAL), ("<unk>", SPECIAL)),
    )


@config("family_falcon")
def _():
    model = bases.byte_level_bpe_unsplit()
    return tokenizer(
        model,
        None,
        sequence(
            "pre_tokenizer",
            {"type": "Punctuation", "behavior": "Contiguous"},
            byte_level(),
            {"type": "Digits", "individual_digits": False},
            split(regex("[0-9][0-9][0-9]"), "Isolated"),
        ),
        None,
        BYTE_LEVEL_DECODER,
        added_list(model, (">>TITLE<<", SPECIAL), ("<|endoftext|>", SPECIAL)),
    )


@config("family_codegen_spaces")
def _():
    model = bases.byte_level_bpe()
    return tokenizer(
        model,
        None,
        sequence("pre_tokenizer", split(string("\n"), "MergedWithPrevious"), byte_level()),
        None,
        BYTE_LEVEL_DECODER,
        added_list(model, *[(" " * n, {"single_word": False, "lstrip": n == 7}) for n in range(2, 12)]),
    )
