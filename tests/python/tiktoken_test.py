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
