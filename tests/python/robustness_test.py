"""Any text, many threads, forks at any time, memory that does not grow."""

import os
import resource
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import libtok
from libtok import _libtok

NAMES = ["gpt2", "cl100k_base", "o200k_base"]
TOKENIZERS = {name: libtok.load(name) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=150, deadline=None)
@given(text=st.text())
def test_any_text_comes_back(name, text):
    tokenizer = TOKENIZERS[name]
    ids = tokenizer.encode(text, special="text")
    assert tokenizer.decode(ids) == text and tokenizer.count(text, special="text") == len(ids)
    found, spans = tokenizer.encode_with_spans(text, special="text")
    assert found.tolist() == ids.tolist()
    assert b"".join(text.encode()[begin:end] for begin, end in spans.tolist()) == text.encode()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=100, deadline=None)
@given(data=st.binary())
def test_any_bytes_come_back(name, data):
    tokenizer = TOKENIZERS[name]
    assert tokenizer.decode_bytes(tokenizer.encode(data, special="text", utf8="bytes")) == data


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(st.text()), n_threads=st.integers(0, 3))
def test_batches_are_the_single_texts(texts, n_threads):
    tokenizer = TOKENIZERS["o200k_base"]
    rows = tokenizer.encode_batch(texts, special="text", n_threads=n_threads)
    assert rows.to_lists() == [tokenizer.encode(text, special="text").tolist() for text in texts]
    assert tokenizer.decode_batch(rows) == texts


@settings(max_examples=100, deadline=None)
@given(ids=st.lists(st.integers(0, 50256)))
def test_streams_are_the_whole(ids):
    """Of any ids, those that make no text among them."""
    tokenizer = TOKENIZERS["gpt2"]
    stream = tokenizer.stream_decoder()
    assert "".join(map(stream.push, ids)) + stream.finish() == tokenizer.decode(ids)


def test_sixteen_threads_with_their_own_options():
    tokenizer = TOKENIZERS["cl100k_base"]
    text = "Some <|endoftext|> words, 中文. " * 400
    calls = [
        lambda: tokenizer.encode(text, special="text").tolist(),
        lambda: tokenizer.encode(text, special="all", dtype="int64").tolist(),
        lambda: tokenizer.encode_with_spans(text, special="all", unit="utf16").spans.tolist(),
        lambda: tokenizer.encode_batch([text] * 3, special={"<|endoftext|>"}, n_threads=2).to_lists(),
        lambda: tokenizer.encode_prefix(text, 100, special="text").ids.tolist(),
        lambda: tokenizer.count_batch([text[:50]] * 9, special="all").tolist(),
        lambda: pytest.raises(libtok.SpecialTokenError, tokenizer.encode, text).type,
        lambda: tokenizer.decode(tokenizer.encode(text, special="all"), skip_special=True),
    ]
    expected = [call() for call in calls]
    wrong = []

    def work(which):
        for _ in range(15):
            if calls[which]() != expected[which]:
                wrong.append(which)

    threads = [threading.Thread(target=work, args=(i % len(calls),)) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def fork_while_a_thread(works, is_right, n_children):
    """Each child leaves whether is_right()."""
    is_over = threading.Event()

    def work_on():
        while not is_over.is_set():
            works()

    other = threading.Thread(target=work_on)
    other.start()
    try:
        for _ in range(n_children):
            child = os.fork()
            if child == 0:
                signal.alarm(60)  # should it hang
                os._exit(0 if is_right() else 1)
            assert os.waitpid(child, 0)[1] == 0
    finally:
        is_over.set()
        other.join()


def test_a_hundred_forks_while_a_thread_encodes():
    """Each child works with threads of its own, whatever the parent was doing."""
    tokenizer = TOKENIZERS["o200k_base"]
    texts = ["some words, " * 6000] * 8
    expected = tokenizer.encode_batch(texts, n_threads=2).to_lists()
    fork_while_a_thread(
        works=lambda: tokenizer.encode_batch(texts, n_threads=2),
        is_right=lambda: tokenizer.encode_batch(texts, n_threads=2).to_lists() == expected,
        n_children=100,
    )


def test_fifty_forks_while_a_thread_works_on_piece_counts():
    """Those that are still to be put into order among them."""
    text = " ".join(f"{i * 7919 % 50_000:x}" for i in range(20_000))
    shared = [libtok.count_pieces(iter([text]), pattern="gpt2")]
    expected = libtok.count_pieces(iter([text]), pattern="gpt2")
    pieces = list(expected.items())

    def use():
        shared[0] = counts = libtok.count_pieces(iter([text]), pattern="gpt2")
        list(counts.items())
        counts.most_common(3)
        return counts + counts

    def is_right():
        counts = shared[0]
        return (
            counts.n_unique == len(pieces)
            and list(counts.items()) == pieces
            and counts.most_common(3) == expected.most_common(3)
            and (counts + counts).total == 2 * expected.total
        )

    fork_while_a_thread(works=use, is_right=is_right, n_children=50)


def test_piece_counts_are_put_into_order_beside_other_threads():
    """All of which see the same."""
    text = " ".join(f"{i * 7919 % 999_983:x}" for i in range(400_000))
    expected = list(libtok.count_pieces(iter([text]), pattern="gpt2").items())
    counts = libtok.count_pieces(iter([text]), pattern="gpt2")
    begin = threading.Barrier(5)
    seen = []

    def look():
        begin.wait()
        seen.append(list(counts.items()))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    begin.wait()
    assert counts.n_unique == len(expected) and counts.n_documents == 1
    for thread in threads:
        thread.join()
    assert all(items == expected for items in seen) and len(seen) == 4


def test_memory_does_not_grow_with_the_text():
    """Ten million pieces, all different."""
    tokenizer = TOKENIZERS["o200k_base"]
    rng = np.random.default_rng(7)

    def count_some():
        words = rng.integers(ord("a"), ord("z") + 1, (250_000, 9), dtype=np.uint8)
        words[:, 0] = ord(" ")
        return tokenizer.count_batch([words.tobytes()])[0]

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

    for _ in range(4):
        count_some()
    before = peak()
    for _ in range(36):
        count_some()
    assert peak() - before < 24 << 20


@pytest.mark.parametrize("call", ["encode(text[:10_000])", "encode(text)", "encode_batch([text] * 8)", "decode(ids)"])
def test_the_interpreter_ends_while_a_daemon_thread_works(call):
    program = f"""
import threading, time, libtok
tokenizer = libtok.load("gpt2")
text = "some words, " * 1_500_000
ids = tokenizer.encode(text[:1_000_000])
begun = threading.Event()
def work():
    while True:
        begun.set()
        tokenizer.{call}
threading.Thread(target=work, daemon=True).start()
begun.wait()
time.sleep(0.02)
"""
    for _ in range(10):
        ended = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("leaving", ["raise KeyError", "return"])
def test_a_child_forked_by_a_progress_callback_leaves_its_call(tmp_path, leaving):
    program = f"""
import os, signal, sys, libtok
from libtok import _libtok
child = None
def report(*_):
    global child
    if child is None:
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            {leaving}
try:
    _libtok.count_files(
        libtok.load("gpt2")._core, [sys.argv[1]], split="lines", special="text", template=False, utf8="bytes",
        n_threads=1, n_memory_bytes=0, report=report)
except (KeyError, RuntimeError):
    assert child == 0
    sys.exit(7)
assert child and os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""
    path = tmp_path / "texts.txt"
    path.write_bytes(b"some words that are counted\n" * 2_000_000)
    ended = subprocess.run([sys.executable, "-c", program, path], capture_output=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr


def test_objects_without_a_value_cannot_be_made():
    classes = [kind for kind in vars(_libtok).values() if isinstance(kind, type) and not issubclass(kind, Exception)]
    assert libtok.StreamDecoder in classes and len(classes) >= 6
    for kind in classes:
        for new in (kind.__new__, object.__new__):
            with pytest.raises(TypeError):
                new(kind)
        with pytest.raises(TypeError):
            type("Derived", (kind,), {})
    with pytest.raises(TypeError):
        libtok.StreamDecoder()
