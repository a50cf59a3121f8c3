"""Added tokens: every flag, alone and together, with normalizers and prefixes."""

import bases
from config_common import (
    BYTE_LEVEL_DECODER,
    SPECIAL,
    added_list,
    bert_normalizer,
    byte_level,
    config,
    metaspace,
    regex,
    replace,
    sequence,
    string,
    tokenizer,
)


def _with_added(*tokens, normalizer=None, pre_tokenizer=None, model=None):
    model = model or bases.byte_level_bpe()
    return tokenizer(
        model, normalizer, pre_tokenizer or byte_level(), None, BYTE_LEVEL_DECODER, added_list(model, *tokens)
    )


ADDED = {
    "plain": [("<a>", {}), ("<b>", {}), ("plain", {})],
    "special": [("<a>", SPECIAL), ("<b>", SPECIAL), ("plain", {})],
    "single_word": [
        ("<a>", {"single_word": True}),
        ("word", {"single_word": True}),
        ("w", {"single_word": True, "special": True}),
    ],
    "lstrip": [("<a>", {"lstrip": True}), ("<b>", {}), ("word", {"lstrip": True, "special": True})],
    "rstrip": [("<a>", {"rstrip": True}), ("<b>", {}), ("word", {"rstrip": True, "special": True})],
    "both_strips": [
        ("<a>", {"lstrip": True, "rstrip": True}),
        ("<b>", {"lstrip": True, "rstrip": True, "special": True}),
        ("<c>", {"rstrip": True}),
    ],
    "single_word_strips": [
        ("<a>", {"lstrip": True, "single_word": True}),
        ("word", {"rstrip": True, "single_word": True, "lstrip": True}),
    ],
    "overlapping": [
        ("<a>", {}),
        ("<a><b>", {}),
        ("<b>", {}),
        ("><", {}),
        ("a>", {}),
        ("<a", {}),
        ("<a><b><c>", SPECIAL),
        ("b><c", {}),
    ],
    "nested_words": [
        ("the", {}),
        ("then", {}),
        ("he", {}),
        ("hen", {}),
        ("ent", {}),
        ("t", {"single_word": True}),
        ("then the", {}),
    ],
    "overlapping_single_word": [
        ("word", {"single_word": True}),
        ("wordy", {"single_word": True}),
        ("wordy word", {}),
        ("or", {}),
    ],
    "with_spaces": [
        ("a b", {}),
        ("  ", {}),
        (" lead", {}),
        ("trail ", {}),
        ("two  words", {}),
        ("\n\n", {}),
        ("\t", {"rstrip": True}),
        (" ", {"single_word": True}),
    ],
    "wide": [
        ("漢字", {}),
        ("é", {}),
        ("👍", {}),
        ("\u0301", {}),
        ("👩‍🚀", {}),
        ("ß", {"single_word": True}),
        ("\u00a0", {"lstrip": True}),
        ("﷽", SPECIAL),
    ],
    "in_vocabulary": [("the", {}), ("Ġthe", {}), ("Ġ", {}), ("a", {"single_word": True}), ("Ã©", {})],
    "shared_prefixes": [(f"<extra_id_{i}>", {"special": i % 2 == 0}) for i in range(120)]
    + [("<extra_id_", {})],
    "runs_of_spaces": [(" " * n, {"normalized": n % 2 == 0}) for n in range(2, 25)],
    "runs_of_tabs": [("\t" * n, {}) for n in range(1, 10)] + [("\n" * n, {}) for n in range(2, 12)],
    "mixed_flags": [
        ("<a>", {"lstrip": True, "special": True}),
        ("<b>", {"rstrip": True, "normalized": True}),
        ("<c>", {"single_word": True, "normalized": True}),
        ("Word", {"normalized": True}),
        ("<D>", {"normalized": True, "special": True}),
        ("x y", {"normalized": True, "lstrip": True}),
    ],
}
for _name, _tokens in ADDED.items():

    @config(f"added_{_name}")
    def _make(tokens=_tokens):
        return _with_added(*tokens)


ADDED_NORMALIZERS = {
    "lowercase": {"type": "Lowercase"},
    "nfkc": {"type": "NFKC"},
    "bert": bert_normalizer(),
    "prepend_replace": sequence(
        "normalizer", {"type": "Prepend", "prepend": "\u2581"}, replace(string(" "), "\u2581")
    ),
    "strip": {"type": "Strip", "strip_left": True, "strip_right": True},
    "replace_delete": replace(regex("[aeiou]"), ""),
}
for _name, _normalizer in ADDED_NORMALIZERS.items():

    @config(f"added_normalized_{_name}")
    def _make(normalizer=_normalizer):
        return _with_added(
            ("<A>", {"normalized": True}),
            ("<B>", {"normalized": False}),
            ("Word", {"normalized": True, "single_word": True}),
            ("Ｗide", {"normalized": True}),
            ("ÉCOLE", {"normalized": True, "lstrip": True}),
            ("É", {"normalized": False}),
            (" Lead", {"normalized": True}),
            ("<c>", {"normalized": True, "rstrip": True, "special": True}),
            ("two words", {"normalized": True}),
            ("漢", {"normalized": True}),
            normalizer=normalizer,
        )


@config("added_metaspace_first")
def _():
    """Whether a segment after an added token gets the prefix."""
    model = bases.metaspace_bpe()
    return tokenizer(
        model,
        None,
        metaspace(prepend_scheme="first"),
        None,
        metaspace(prepend_scheme="first"),
        added_list(
            model,
            ("<s>", SPECIAL),
            ("</s>", SPECIAL),
            ("<x>", {}),
            ("<l>", {"lstrip": True}),
            ("<r>", {"rstrip": True}),
            ("<n>", {"normalized": True}),
        ),
    )


@config("added_metaspace_always")
def _():
    model = bases.metaspace_bpe()
    return tokenizer(
        model,
        {"type": "NFKC"},
        metaspace(prepend_scheme="always"),
        None,
        metaspace(),
        added_list(
            model,
            ("<s>", SPECIAL),
            ("<x>", {}),
            ("<l>", {"lstrip": True}),
            ("<r>", {"rstrip": True}),
            ("<n>", {"normalized": True}),
        ),
    )


@config("added_prefix_space")
def _():
    return _with_added(
        ("<s>", SPECIAL),
        ("<x>", {}),
        ("<l>", {"lstrip": True}),
        ("<r>", {"rstrip": True}),
        pre_tokenizer=byte_level(add_prefix_space=True),
    )


@config("added_unigram_pieces")
def _():
    model = bases.unigram()
    return tokenizer(
        model,
        None,
        metaspace(),
        None,
        metaspace(),
        added_list(
            model,
            ("<s>", SPECIAL),
            ("<unk>", SPECIAL),
            ("\u2581the", {}),
            ("er", {}),
            ("<mask>", {"lstrip": True, "special": True}),
        ),
    )
