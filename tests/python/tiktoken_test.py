"""libtok.tiktoken beside tiktoken itself: the same results and exceptions, side by side.

tiktoken's own definitions are used, but its ranks are libtok's, as it would download them; they are held against the published
ones in tests/differential.
"""

import pickle

import pytest
import tiktoken
import tiktoken.model
import tiktoken_ext.openai_public

import libtok
import libtok.tiktoken as shim
from libtok._models import encoding_name_for_model

NAMES = ["r50k_base", "p50k_base", "cl100k_base", "o200k_base"]
TEXTS = [
    "", "Hello world", "It's 12345.67 -- naïve 中文 🤗\r\n\n  x", "lone \ud800 surrogate, pair \ud83e\udd17", "a" * 3000,
    "a<|endoftext|>b", "<|fim_prefix|>c<|endoftext|><|endofprompt|>",
]  # fmt: skip


@pytest.fixture(scope="module", params=NAMES)
def pair(request):
    mine = shim.get_encoding(request.param)
    special = set(mine._special_tokens.values())
    ranks = {}
    for token_id in range(mine.n_vocab):
        if token_id not in special:
            try:
                ranks[mine.decode_single_token_bytes(token_id)] = token_id
            except KeyError:
                continue
    original = tiktoken_ext.openai_public.load_tiktoken_bpe
    tiktoken_ext.openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    try:
        yield mine, tiktoken.Encoding(**getattr(tiktoken_ext.openai_public, request.param)())
    finally:
        tiktoken_ext.openai_public.load_tiktoken_bpe = original


def outcome(call):
    """What it gives, or what it raises: the type only, messages are our own."""
    try:
        result = call()
    except Exception as error:  # noqa: BLE001
        return next(base for base in (KeyError, UnicodeDecodeError, ValueError, TypeError, OverflowError) if isinstance(error, base))
    return result.tolist() if hasattr(result, "tolist") else result


def same(pair, use):
    mine, theirs = (outcome(lambda encoding=encoding: use(encoding)) for encoding in pair)
    assert mine == theirs


@pytest.mark.parametrize("text", TEXTS)
def test_encode(pair, text):
    same(pair, lambda e: e.encode_ordinary(text))
    for allowed in (set(), "all", {"<|endoftext|>"}, {"<|none|>"}):
        for disallowed in ("all", (), {"<|endoftext|>"}):
            same(pair, lambda e, a=allowed, d=disallowed: e.encode(text, allowed_special=a, disallowed_special=d))
            same(pair, lambda e, a=allowed, d=disallowed: e.encode_to_numpy(text, allowed_special=a, disallowed_special=d))


def test_batches(pair):
    same(pair, lambda e: e.encode_ordinary_batch(TEXTS, num_threads=2))
    same(pair, lambda e: e.encode_batch(TEXTS[:5]))
    same(pair, lambda e: e.encode_batch(TEXTS))
    same(pair, lambda e: e.encode_batch(TEXTS, allowed_special="all"))
    same(pair, lambda e: e.encode_batch(TEXTS, allowed_special={"<|endoftext|>"}, disallowed_special=()))
    same(pair, lambda e: e.decode_batch([e.encode_ordinary(text) for text in TEXTS[:3]]))
    same(pair, lambda e: e.decode_bytes_batch([e.encode_ordinary(text) for text in TEXTS[:3]]))


@pytest.mark.parametrize("text", TEXTS)
def test_decode(pair, text):
    same(pair, lambda e: e.decode(e.encode_ordinary(text)))
    same(pair, lambda e: e.decode_bytes(e.encode_ordinary(text)))
    same(pair, lambda e: e.decode_tokens_bytes(e.encode_ordinary(text)))
    same(pair, lambda e: e.decode_with_offsets(e.encode_ordinary(text)))
    same(pair, lambda e: e.decode(e.encode_ordinary(text)[:2], errors="strict"))
    same(pair, lambda e: e.decode(e.encode_ordinary("🤗")[:1]))


def test_single_tokens(pair):
    for token in ("a", " the", b"\xff", "<|endoftext|>", "no such token", b"", "🤗"):
        same(pair, lambda e, t=token: e.encode_single_token(t))
    for token_id in (0, 255, 50256, pair[1].max_token_value, 10**7):
        same(pair, lambda e, i=token_id: e.decode_single_token_bytes(i))
        same(pair, lambda e, i=token_id: e.decode([i]))
        same(pair, lambda e, i=token_id: e.is_special_token(i))


def test_vocabulary(pair):
    for use in (
        lambda e: e.name, lambda e: e.n_vocab, lambda e: e.max_token_value, lambda e: e.eot_token,
        lambda e: e.special_tokens_set, lambda e: e.token_byte_values(), repr,
    ):  # fmt: skip
        same(pair, use)
    assert pickle.loads(pickle.dumps(pair[0])).encode("Hello") == pair[1].encode("Hello")


def test_models():
    models = [*tiktoken.model.MODEL_TO_ENCODING, *(f"{prefix}x" for prefix in tiktoken.model.MODEL_PREFIX_TO_ENCODING)]
    for model in models:
        assert encoding_name_for_model(model) == tiktoken.model.encoding_name_for_model(model)
    for unknown in ("gpt-7", "", "gpt"):
        with pytest.raises(KeyError):
            shim.encoding_for_model(unknown)
        with pytest.raises(FileNotFoundError):
            libtok.encoding_for_model(unknown)
    with pytest.raises(ValueError):
        shim.get_encoding("none")


@pytest.mark.parametrize(
    "text",
    ["", "Hello worl", "Hello ", "a   ", "x\n \n", "In 12345", "naï", "中", "🤗", "it's", "a<|endoftext|>b", "a<|endoftext|>", " ", "  \t"],
)
def test_unstable_ends(pair, text):
    def stable_and_ways(encoding, **options):
        stable, ways = encoding.encode_with_unstable(text, **options)
        return stable, sorted(map(tuple, ways))

    same(pair, lambda e: stable_and_ways(e))
    same(pair, lambda e: stable_and_ways(e, allowed_special="all"))
    same(pair, lambda e: stable_and_ways(e, disallowed_special=()))


def test_extending_as_documented(pair):
    """tiktoken's README: an encoding made of another's parts and more special tokens."""

    def extended(encoding):
        return type(encoding)(
            name="extended", pat_str=encoding._pat_str, mergeable_ranks=encoding._mergeable_ranks,
            special_tokens={**encoding._special_tokens, "<|im_start|>": 300_000},
        )  # fmt: skip

    mine, theirs = map(extended, pair)
    text = "<|im_start|>Hello world, naïve 中文\n  x<|endoftext|>"
    assert mine.encode(text, allowed_special="all") == theirs.encode(text, allowed_special="all")
    assert mine.encode_ordinary(text) == theirs.encode_ordinary(text)
    assert mine.n_vocab == theirs.n_vocab == 300_001 and repr(mine) == repr(theirs)
    assert pair[0]._pat_str == pair[1]._pat_str and pair[0]._mergeable_ranks == pair[1]._mergeable_ranks
    assert pickle.loads(pickle.dumps(mine)).encode("<|im_start|>", allowed_special="all") == [300_000]


def test_an_encoding_of_a_known_name_is_pickled_by_content():
    mine = shim.Encoding.of_tokenizer("gpt2", libtok.load("cl100k_base"))
    assert pickle.loads(pickle.dumps(mine)).n_vocab == mine.n_vocab == 100277


def test_batches_may_be_iterators(pair):
    same(pair, lambda e: e.encode_batch(iter(["a b", "c \ud800"])))
    same(pair, lambda e: e.encode_ordinary_batch(iter(["a b", "c \ud800"])))
