"""One libtok.hf.FastTokenizer of many threads and processes; copies of it; what identifies it."""

import copy
import doctest
import importlib
import multiprocessing
import pickle
import pkgutil
import threading

import pytest

import numpy as np
import libtok

import libtok.hf

TEXTS = ["The quick brown fox jumps over the lazy dog. " * 3, "Hello world", "", "naïve 中文 🤗 " * 5] * 4


@pytest.fixture(scope="module")
def tokenizer():
    return libtok.hf.FastTokenizer(tokenizer_object=libtok.load("gpt2"), eos_token="<|endoftext|>", pad_token="<|endoftext|>")


def encoded(tokenizer, n):
    """Every n asks for something else."""
    batch = tokenizer(
        TEXTS, truncation=True, max_length=1 + n, padding="max_length" if n % 2 else True, padding_side=("left", "right")[n % 3 == 0],
        return_overflowing_tokens=n % 4 == 0, return_offsets_mapping=n % 5 == 0, return_tensors="np" if n % 7 == 0 else None,
    )  # fmt: skip
    return [{key: np.asarray(value).tolist() for key, value in batch.items()}, batch.word_ids(3), batch.tokens(0)]


def test_sixteen_threads_with_their_own_truncation(tokenizer):
    expected = [encoded(tokenizer, n) for n in range(16)]
    wrong = []

    def work(n):
        for _ in range(8):
            if encoded(tokenizer, n) != expected[n]:
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_tokens_are_added_while_others_encode():
    tokenizer = libtok.hf.FastTokenizer(tokenizer_object=libtok.load("gpt2"))
    before = tokenizer("a NEW b", return_offsets_mapping=True)
    results, done = [], threading.Event()

    def work():
        while not done.is_set():
            results.append(dict(tokenizer("a NEW b", return_offsets_mapping=True)))

    thread = threading.Thread(target=work)
    thread.start()
    tokenizer.add_tokens("NEW")
    done.set()
    thread.join()
    after = tokenizer("a NEW b", return_offsets_mapping=True)
    assert after != before and all(result in (dict(before), dict(after)) for result in results)


def _work_in_child(tokenizer, n, queue):
    queue.put((encoded(tokenizer, n), tokenizer.fingerprint()))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(tokenizer, method):
    tokenizer(["some words, " * 4000] * 8)  # threads have worked
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    for n in range(3 if method == "fork" else 1):
        child = context.Process(target=_work_in_child, args=(tokenizer, n, queue))
        child.start()
        assert queue.get(timeout=60) == (encoded(tokenizer, n), tokenizer.fingerprint())
        child.join(60)
        assert child.exitcode == 0


def test_copies_and_fingerprints(tokenizer):
    before = tokenizer.fingerprint()
    for copied in (pickle.loads(pickle.dumps(tokenizer)), copy.deepcopy(tokenizer), copy.copy(tokenizer)):
        assert copied.fingerprint() == before and encoded(copied, 5) == encoded(tokenizer, 5)
        assert copied.pad_token_id == tokenizer.pad_token_id and copied.get_vocab() == tokenizer.get_vocab()
    tokenizer(TEXTS, truncation=True, max_length=3, padding=True)
    tokenizer("a " * 3000)
    assert tokenizer.fingerprint() == before
    seen = {before}
    for change in (
        lambda t: setattr(t, "pad_token", "a"), lambda t: setattr(t, "padding_side", "left"), lambda t: t.add_tokens("zzzz"),
        lambda t: setattr(t, "model_max_length", 5), lambda t: setattr(t, "chat_template", "x"), lambda t: setattr(t, "add_eos_token", True),
    ):  # fmt: skip
        changed = copy.copy(tokenizer)
        changed._roles = dict(tokenizer._roles)
        change(changed)
        assert changed.fingerprint() not in seen
        seen.add(changed.fingerprint())
    assert tokenizer.fingerprint() == before


def test_tokenizers_own_objects():
    tokenizers = pytest.importorskip("tokenizers")
    given = tokenizers.Tokenizer.from_str(libtok.load("gpt2").to_json())
    assert libtok.hf.FastTokenizer(tokenizer_object=given)("Hello world")["input_ids"] == [15496, 995]


def test_documented_examples():
    for module in [libtok.hf, *(importlib.import_module(f"libtok.hf.{m.name}") for m in pkgutil.iter_modules(libtok.hf.__path__))]:
        assert doctest.testmod(module).failed == 0, module
    assert doctest.testmod(libtok.hf).attempted > 5
