"""Post-processors and decoders."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    SEQUENCE_A,
    SEQUENCE_B,
    SPECIAL,
    added_list,
    byte_level,
    config,
    metaspace,
    regex,
    replace,
    sequence,
    string,
    template,
    template_piece,
    tokenizer,
)


def _byte_level_with(post_processor, **options):
    model = bases.byte_level_bpe()
    tokens = added_list(model, ("<s>", SPECIAL), ("</s>", SPECIAL))
    ids = {t["content"]: t["id"] for t in tokens}
    return tokenizer(model, None, byte_level(**options), post_processor(ids), BYTE_LEVEL_DECODER, tokens)


@config("post_bert")
def _():
    return _byte_level_with(
        lambda ids: {"type": "BertProcessing", "sep": ["</s>", ids["</s>"]], "cls": ["<s>", ids["<s>"]]}
    )


@config("post_roberta")
def _():
    return _byte_level_with(
        lambda ids: {
            "type": "RobertaProcessing",
            "sep": ["</s>", ids["</s>"]],
            "cls": ["<s>", ids["<s>"]],
            "trim_offsets": True,
            "add_prefix_space": True,
        },
        add_prefix_space=True,
    )


@config("post_roberta_untrimmed")
def _():
    return _byte_level_with(
        lambda ids: {
            "type": "RobertaProcessing",
            "sep": ["</s>", ids["</s>"]],
            "cls": ["<s>", ids["<s>"]],
            "trim_offsets": False,
            "add_prefix_space": False,
        }
    )


@config("post_byte_level_trim")
def _():
    return _byte_level_with(lambda ids: byte_level(trim_offsets=True))


@config("post_template")
def _():
    return _byte_level_with(
        lambda ids: template(
            [template_piece("<s>"), SEQUENCE_A, template_piece("</s>"), template_piece("</s>")],
            [SEQUENCE_A, SEQUENCE_B],
            {"<s>": ([ids["<s>"]], ["<s>"]), "</s>": ([ids["</s>"]], ["</s>"])},
        )
    )


@config("post_template_several_ids")
def _():
    return _byte_level_with(
        lambda ids: template(
            [template_piece("start"), SEQUENCE_A],
            [template_piece("start"), SEQUENCE_A, template_piece("start"), SEQUENCE_B],
            {"start": ([ids["<s>"], 7, ids["</s>"]], ["<s>", "x", "</s>"])},
        )
    )


@config("post_sequence")
def _():
    return _byte_level_with(
        lambda ids: sequence(
            "post_processor",
            byte_level(trim_offsets=True),
            template(
                [template_piece("<s>"), SEQUENCE_A],
                [SEQUENCE_A, SEQUENCE_B],
                {"<s>": ([ids["<s>"]], ["<s>"])},
            ),
        )
    )


@config("post_template_without_text")
def _():
    return _byte_level_with(lambda ids: template([SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {}))


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
    "fuse_strip": sequence(
        "decoder", {"type": "Fuse"}, {"type": "Strip", "content": "\u2581", "start": 1, "stop": 0}
    ),
    "replace_string": replace(string("\u2581"), " "),
    "replace_regex": replace(regex(r"[aeiou\u2581]+"), "-"),
    "ctc": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True},
    "ctc_plain": {"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "\u2581", "cleanup": False},
    "sequence_fallback_metaspace": sequence("decoder", {"type": "ByteFallback"}, metaspace()),
    "sequence_llama": sequence(
        "decoder",
        replace(string("\u2581"), " "),
        {"type": "ByteFallback"},
        {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0},
    ),
    "sequence_odd": sequence(
        "decoder",
        {"type": "Fuse"},
        replace(regex(r"\u2581+"), " "),
        {"type": "WordPiece", "prefix": "##", "cleanup": True},
    ),
}
for _name, _decoder in DECODERS.items():

    @config(f"decoder_{_name}")
    def _make(decoder=_decoder):
        model = bases.with_tokens(
            bases.metaspace_bpe(),
            ["<pad>", "|", "##", "##ing", "x</w>", "</w>", " .", " n't", "\u2581do not"],
        )
        return tokenizer(
            model,
            None,
            metaspace(prepend_scheme="first"),
            None,
            decoder,
            added_list(
                model,
                ("<s>", SPECIAL),
                ("</s>", SPECIAL),
                ("<unk>", SPECIAL),
                ("<pad>", SPECIAL),
                ("\u2581added token", {}),
                ("<0x41>", {}),
                ("Ġadded", {"special": False}),
            ),
        )
