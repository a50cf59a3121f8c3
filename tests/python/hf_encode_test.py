"""libtok.hf.FastTokenizer beside transformers: calls, with all their options."""

import itertools
import random
import warnings

import pytest

import hf_cases
from hf_cases import MULTISCRIPT, SHARED, TEXTS, everything, same

warnings.filterwarnings("ignore", message=".*max_length.*")


@pytest.fixture(scope="module", params=list(hf_cases.MAKERS))
def pair(request, tmp_path_factory):
    return hf_cases.Pair(hf_cases.folder_of(request.param, tmp_path_factory))


@pytest.mark.parametrize("text", TEXTS)
def test_single_texts(pair, text):
    for options in ({}, {"add_special_tokens": False}, {"split_special_tokens": True}, {"return_offsets_mapping": True}):
        same(pair, lambda t, o=options: everything(t(text, **o)), options)
    same(pair, lambda t: t.encode(text))
    same(pair, lambda t: t.tokenize(text))
    same(pair, lambda t: t.tokenize(text, "and a pair", add_special_tokens=True))


def test_batches_and_pairs(pair):
    pairs = list(zip(TEXTS, reversed(TEXTS)))
    for options in ({}, {"return_offsets_mapping": True, "return_special_tokens_mask": True, "return_length": True}):
        same(pair, lambda t, o=options: everything(t(TEXTS, **o)))
        same(pair, lambda t, o=options: everything(t(TEXTS, TEXTS[::-1], **o)))
        same(pair, lambda t, o=options: everything(t(pairs, **o)))
        same(pair, lambda t, o=options: everything(t([list(two) for two in pairs], **o)))
        same(pair, lambda t, o=options: everything(t(tuple(TEXTS), **o)))
    for first, second in [*pairs, ("a", "")]:
        same(pair, lambda t, a=first, b=second: everything(t(a, b)))
    same(pair, lambda t: everything(t([MULTISCRIPT[:8000], MULTISCRIPT[-5000:]])))


WORDS = [["Hello", "world"], [], ["Sie", " können", "", "中文", "🤗", "don't"], ["<s>", "[MASK]", "  x "], ["a" * 40]]


def test_split_texts(pair):
    for options in ({}, {"return_offsets_mapping": True}, {"truncation": True, "max_length": 6, "return_overflowing_tokens": True}):
        for words in WORDS:
            same(pair, lambda t, w=words, o=options: everything(t(w, is_split_into_words=True, **o)))
            same(pair, lambda t, w=words, o=options: everything(t(w, WORDS[0], is_split_into_words=True, **o)))
        same(pair, lambda t, o=options: everything(t(WORDS, is_split_into_words=True, **o)))
        same(pair, lambda t, o=options: everything(t(WORDS, WORDS[::-1], is_split_into_words=True, **o)))
        same(pair, lambda t, o=options: everything(t(list(zip(WORDS, WORDS)), is_split_into_words=True, **o)))


LONG = ["The quick brown fox jumps over the lazy dog.", "Hello world", "", "Paris is the capital of France, it's 12 o'clock"]


@pytest.mark.parametrize("strategy", [True, "only_first", "only_second", False])
def test_truncation(pair, strategy):
    for max_length, stride, side in itertools.product((0, 1, 3, 5, 6, 12), (0, 1, 3), ("right", "left")):
        for tokenizer in pair:
            tokenizer.truncation_side = side
        options = {"truncation": strategy, "max_length": max_length, "stride": stride, "return_offsets_mapping": True}
        for overflows in (False, True):
            for text in LONG:
                same(
                    pair, lambda t, x=text: everything(t(x, return_overflowing_tokens=overflows, **options)), (text, side, options)
                )
            same(
                pair,
                lambda t: everything(t(LONG[0], LONG[3], return_overflowing_tokens=overflows, **options)),
                (side, options),
            )
    for tokenizer in pair:
        tokenizer.truncation_side = "right"


# "Everything you always wanted to know about padding and truncation": the table of transformers' documentation.
TABLE = [
    {"padding": padding, "truncation": truncation, **rest}
    for truncation in (False, True, "only_first", "only_second", "longest_first")
    for padding in (False, True, "max_length")
    for rest in ({}, {"max_length": 12}, {"max_length": 16, "pad_to_multiple_of": 8})
]


@pytest.mark.parametrize("options", TABLE, ids=str)
def test_padding_and_truncation_table(pair, options):
    same(pair, lambda t: everything(t(LONG, **options)), options)
    same(pair, lambda t: everything(t(LONG, LONG[::-1], **options)), options)
    same(pair, lambda t: everything(t(LONG, return_tensors="np", **options)), options)
    for side in ("left", "right"):
        same(pair, lambda t, s=side: everything(t(LONG, padding_side=s, **options)), options)


@pytest.mark.parametrize("seed", range(50))
def test_random_options(pair, seed):
    source = random.Random(seed)
    options = hf_cases.random_options(source)
    texts = [source.choice(TEXTS + LONG) for _ in range(source.randrange(1, 5))]
    others = [source.choice(TEXTS + LONG) for _ in texts]
    for tokenizer in pair:
        tokenizer.truncation_side = source.choice(["left", "right"]) if tokenizer is pair.mine else pair.mine.truncation_side
    for arguments in ((texts,), (texts, others), (texts[0],), (texts[0], others[0])):
        same(pair, lambda t, a=arguments: everything(t(*a, **options)), (seed, arguments, pair.mine.truncation_side, options))
    for tokenizer in pair:
        tokenizer.truncation_side = "right"


def test_targets(pair):
    same(pair, lambda t: dict(t("a question", text_target="its answer")))
    same(pair, lambda t: dict(t(text_target=["its answer"], text_pair_target=["x"])))
    same(pair, lambda t: dict(t(["a question"], text_target=["its answer"], max_length=8, max_target_length=3, truncation=True)))
    same(pair, lambda t: dict(t("a b", tokenizer_kwargs={"add_special_tokens": False}, return_length=True)))


def test_what_is_no_text(pair):
    for arguments, options in (
        ((), {}), ((None,), {}), ((5,), {}), (([5],), {}), ((["a", 5],), {}), ((b"abc",), {}), (([],), {}), (([[]],), {}),
        (([("a", "b", "c")],), {}), (([("a",)],), {}), ((["a", "b"], "c"), {}), ((["a", "b"], ["c"]), {}), (("a", ["b"]), {}),
        (("\ud800",), {}), ((["a", "\ud800"],), {}), (([("a", "b"), "c"],), {}), ((["a", ("b", "c")],), {}), (("a", 5), {}),
        (([["a"], ["b"]], ["c", "d"]), {"is_split_into_words": True}), ((["a", 5],), {"is_split_into_words": True}),
        (("a b",), {"is_split_into_words": True}), (([],), {"is_split_into_words": True}), (([[]],), {"is_split_into_words": True}),
        (("a",), {"padding": "most"}), (("a",), {"truncation": "some"}), (("a",), {"return_tensors": "tf"}),
        (("a",), {"truncation": True, "max_length": -1}), (("a",), {"padding_side": "middle", "padding": True, "max_length": 9}),
        (("a",), {"no_such_option": 1}), (("a b c",), {"padding": True, "truncation": True, "max_length": 9, "pad_to_multiple_of": 8}),
    ):  # fmt: skip
        same(pair, lambda t, a=arguments, o=options: everything(t(*a, **o)), (arguments, options))
    same(pair, lambda t: everything(t(["a", "b c d e"], return_tensors="np")))
    same(pair, lambda t: t("a", return_tensors="pt"))


@pytest.mark.skipif(not SHARED, reason="the published vocabularies are not here")
@pytest.mark.parametrize("name", SHARED)
def test_published_vocabularies(name, tmp_path_factory):
    """Ids, tokens, offsets, word ids of the files that models are published with."""
    import tokenizers

    from libtok.hf import FastTokenizer

    json_text = hf_cases.shared_json(name)
    theirs = tokenizers.Tokenizer.from_str(json_text)
    mine = FastTokenizer(tokenizer_file=hf_cases.write(tmp_path_factory.mktemp(name), json_text, {}) / "tokenizer.json")
    texts = [*TEXTS, MULTISCRIPT[:5000], "<|im_start|>user\n<bos><start_of_turn>\n\n\n  hi<|eot_id|>"]
    for text, row in zip(texts, mine(texts).encodings):
        expected = theirs.encode(text)
        for field in hf_cases.FIELDS:
            assert getattr(row, field) == getattr(expected, field), (text, field)
