"""Well-formed JSON whose meaning the peer itself takes strangely: libtok does as the peer does, or refuses the file."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    RAW_BYTES,
    SEQUENCE_A,
    SEQUENCE_B,
    WHITESPACE,
    added,
    bpe,
    byte_level,
    metaspace,
    regex,
    replace,
    sequence,
    split,
    string,
    template,
    template_piece,
    tokenizer,
)

STRANGE = {}


def strange(name):
    def register(function):
        STRANGE[name] = function
        return function

    return register


@strange("added_ids_outside_and_shuffled")
def _():
    model = bases.wordlevel()
    return tokenizer(
        model, None, WHITESPACE, None, None, [added(5000, "<x>"), added(4000, "<y>"), added(4001, "<x>")]
    )


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
    return tokenizer(
        bases.byte_level_bpe(), replace(regex("x*"), "-"), byte_level(), None, BYTE_LEVEL_DECODER
    )


@strange("replace_empty_string")
def _():
    return tokenizer(bases.byte_level_bpe(), replace(string(""), "-"), byte_level(), None, BYTE_LEVEL_DECODER)


@strange("split_empty_string")
def _():
    return tokenizer(
        bases.byte_level_bpe_unsplit(),
        None,
        sequence("pre_tokenizer", split(string("")), RAW_BYTES),
        None,
        BYTE_LEVEL_DECODER,
    )


@strange("added_empty_content")
def _():
    return tokenizer(
        bases.wordlevel(), None, WHITESPACE, None, None, [added(bases.size_of(bases.wordlevel()), "")]
    )


@strange("added_normalized_to_nothing")
def _():
    """The peer matches it between all characters."""
    return tokenizer(
        bases.wordlevel(),
        {"type": "Strip", "strip_left": True, "strip_right": True},
        WHITESPACE,
        None,
        None,
        [added(bases.size_of(bases.wordlevel()), "  ", normalized=True)],
    )


@strange("template_id_outside")
def _():
    return tokenizer(
        bases.wordlevel(),
        None,
        WHITESPACE,
        template([template_piece("<q>"), SEQUENCE_A], [SEQUENCE_A, SEQUENCE_B], {"<q>": ([99999], ["<q>"])}),
    )


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


# Regular expressions beyond what libtok does exactly: it says so and names the part.
REFUSED = {
    "regex_backreference": r"(.)\1+",
    "regex_grapheme": r"\X",
    "regex_multiple_case_folding": r"(?i)straße",
}

for _name, _pattern in REFUSED.items():

    @strange(_name)
    def _make(pattern=_pattern):
        return tokenizer(bases.wordlevel(), None, split(regex(pattern)))
