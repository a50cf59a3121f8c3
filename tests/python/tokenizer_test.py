"""libtok.Tokenizer in Python: results, errors, threads, processes, copies."""

import copy
import multiprocessing
import pickle
import threading

import numpy as np
import pytest

import libtok

TEXTS = ["", "a", "Hello world", "naïve 中文 🤗", "x" * 9000, "two\nlines " * 3000]


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back(gpt2, text):
    ids = gpt2.encode(text)
    assert ids.dtype == np.uint32 and ids.ndim == 1
    assert gpt2.decode(ids) == gpt2.decode(ids.tolist()) == gpt2.decode(ids.astype(np.int64)) == text
    assert gpt2.decode_bytes(ids) == text.encode()
    assert gpt2.encode(text.encode()).tolist() == ids.tolist()
    assert gpt2.count(text) == len(ids)
    assert b"".join(map(gpt2.token_bytes, ids.tolist())) == text.encode()
    stream = gpt2.stream_decoder()
    assert "".join(map(stream.push, ids.tolist())) + stream.finish() == text


def test_known_ids(gpt2):
    assert gpt2.encode("Hello world").tolist() == [15496, 995]
    assert gpt2.vocab_size == 50257 and gpt2.special_tokens == {"<|endoftext|>": 50256}
    assert gpt2.find_token(" world") == 995 and gpt2.find_token("no such token") is None


def test_spans_are_bytes_of_the_text(gpt2):
    text = "naïve 中文"
    ids, spans = gpt2.encode_with_spans(text)
    assert spans.shape == (len(ids), 2)
    assert [text.encode()[begin:end] for begin, end in spans.tolist()] == list(map(gpt2.token_bytes, ids.tolist()))


def test_batches(gpt2):
    for texts in (TEXTS, tuple(TEXTS), iter(TEXTS), [text.encode() for text in TEXTS], []):
        texts, given = list(texts) if not isinstance(texts, (list, tuple)) else texts, texts
        batch = gpt2.encode_batch(texts if given is not texts else given)
        assert batch.to_lists() == [gpt2.encode(text).tolist() for text in texts]
        assert [row.tolist() for row in batch] == batch.to_lists() and len(batch) == len(texts)
    batch = gpt2.encode_batch(TEXTS, n_threads=2)
    assert batch[-1].tolist() == gpt2.encode(TEXTS[-1]).tolist() == batch[len(TEXTS) - 1].tolist()
    assert batch[1:3].to_lists() == batch.to_lists()[1:3] and len(batch[4:2]) == 0
    assert batch[2].base is not None  # a view
    with pytest.raises(IndexError):
        batch[len(TEXTS)]
    with pytest.raises(ValueError):
        batch[::2]


def test_padding(gpt2):
    batch = gpt2.encode_batch(["Hello world", "", "a b c"])
    rows, mask = batch.padded(7)
    assert rows.tolist() == [[15496, 995, 7], [7, 7, 7], [64, 275, 269]]
    assert mask.tolist() == [[True, True, False], [False] * 3, [True] * 3]
    rows, mask = batch.padded(7, length=2, left=True, dtype=np.int32)
    assert rows.dtype == np.int32 and rows.tolist() == [[15496, 995], [7, 7], [64, 275]]
    assert mask.tolist() == [[True, True], [False, False], [True, True]]
    assert gpt2.encode_batch([]).padded(0)[0].shape == (0, 0)


def test_special_tokens(gpt2):
    text = "a<|endoftext|>b"
    with pytest.raises(libtok.SpecialTokenError, match="TOK-E011") as raised:
        gpt2.encode(text)
    assert raised.value.code == "TOK-E011" and isinstance(raised.value, ValueError)
    assert gpt2.encode(text, special="all").tolist() == gpt2.encode(text, special={"<|endoftext|>"}).tolist() == [64, 50256, 65]
    assert gpt2.decode(gpt2.encode(text, special="text")) == text
    assert gpt2.decode([64, 50256], skip_special=True) == "a"
    for bad in ("some", {"<|none|>"}):
        with pytest.raises(ValueError):
            gpt2.encode(text, special=bad)


def test_errors(gpt2, tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        libtok.load(tmp_path / "none.json")
    assert isinstance(raised.value, libtok.NotFoundError) and raised.value.code == "TOK-E001"
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(libtok.TokError, match="bad.json"):
        libtok.load(tmp_path / "bad.json")
    with pytest.raises(KeyError):
        gpt2.decode([50257])
    assert gpt2.decode([15496, 50257], unknown="skip") == "Hello"
    with pytest.raises(libtok.TokError, match="TOK-E010"):
        gpt2.encode(b"\xff")
    assert gpt2.decode_bytes(gpt2.encode(b"\xff", utf8="bytes")) == b"\xff"
    with pytest.raises(UnicodeEncodeError):
        gpt2.encode("\ud800")
    for bad in (5, None, ["a"]):
        with pytest.raises(TypeError):
            gpt2.encode(bad)
    for bad in ("text", b"text", 5, [5], ["a", None]):
        with pytest.raises(TypeError):
            gpt2.encode_batch(bad)
    for bad in ([-1], [1 << 40], ["a"], [1.5]):
        with pytest.raises((TypeError, ValueError, OverflowError)):
            gpt2.decode(bad)


def test_equal_by_content(gpt2, tmp_path):
    gpt2.save(tmp_path / "copy.tok")
    loaded = libtok.load(tmp_path / "copy.tok")
    assert loaded == gpt2 and hash(loaded) == hash(gpt2) and loaded.fingerprint() == gpt2.fingerprint()
    assert gpt2 != libtok.load("cl100k_base") and gpt2 != "gpt2"
    assert copy.copy(gpt2) is gpt2 and copy.deepcopy(gpt2) is gpt2
    restored = pickle.loads(pickle.dumps(gpt2))
    assert restored == gpt2 and restored.encode("Hello world").tolist() == [15496, 995]
    assert "50257" in repr(gpt2)


def test_threads_with_their_own_options(gpt2):
    text = "a<|endoftext|>b " * 500
    expected = {special: gpt2.encode(text, special=special).tolist() for special in ("text", "all")}
    wrong = []

    def work(special):
        for _ in range(20):
            if gpt2.encode(text, special=special).tolist() != expected[special]:
                wrong.append(special)

    threads = [threading.Thread(target=work, args=(special,)) for special in ("text", "all") * 8]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def _encode_in_child(tokenizer, texts, queue):
    queue.put(tokenizer.encode_batch(texts, n_threads=2).to_lists())


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(gpt2, method):
    """After the parent's threads have worked; a child's work with threads of its own."""
    texts = ["some words, " * 4000] * 8
    expected = gpt2.encode_batch(texts, n_threads=2).to_lists()
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    for _ in range(5 if method == "fork" else 1):
        child = context.Process(target=_encode_in_child, args=(gpt2, texts, queue))
        child.start()
        assert queue.get(timeout=60) == expected
        child.join(60)
        assert child.exitcode == 0


def test_numbers_out_of_range_are_told_plainly():
    tokenizer = libtok.load("gpt2")
    for number in (-1, 2**40, 2**70):
        for call in (tokenizer.token_bytes, tokenizer.stream_decoder().push):
            with pytest.raises(libtok.UnknownIdError, match=f"{number}"):
                call(number)
        for call in (tokenizer.encode_batch, tokenizer.count_batch):
            with pytest.raises(ValueError, match=f"^n_threads is 0 to 65536, not {number}$"):
                call(["a"], n_threads=number)
    with pytest.raises(ValueError, match="^max_ids is 0 to .*, not -1$"):
        tokenizer.encode_prefix("a", -1)
    with pytest.raises(TypeError, match="max_ids is a whole number"):
        tokenizer.encode_prefix("a", 1.5)
