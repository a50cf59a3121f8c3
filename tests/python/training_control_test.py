"""A training tells how far it is, can be stopped, taken up again, and lets other threads work."""

import functools
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

import pytest

import numpy as np
import libtok

# From Ctrl-C to its exception: of the processor, as others may keep the machine busy; with one thread, so that both are the same.
MOST_SECONDS = 0.4 * (10 if os.environ.get("TOK_SANITIZE") else 1)


@functools.lru_cache(maxsize=None)
def language():
    random = np.random.default_rng(7)
    lengths = random.integers(3, 11, 300_000)
    ends = np.cumsum(lengths)
    letters = random.integers(ord("a"), ord("z") + 1, int(ends[-1])).astype(np.uint8).tobytes().decode()
    return [letters[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist())]


def random_text(n_words, seed=1):
    """Words of which a few are frequent and most are rare."""
    words = language()
    places = (np.random.default_rng(seed).random(n_words) ** 4 * len(words)).astype(int)
    return " ".join(words[i] for i in places.tolist())


@pytest.fixture(scope="module")
def much(tmp_path_factory):
    """A file whose training takes seconds."""
    path = tmp_path_factory.mktemp("much") / "much.txt"
    path.write_text(random_text(1_500_000))
    return path


LONG = {
    "bpe": {"vocab_size": 200_000},
    "superbpe": {"vocab_size": 200_000, "split": "file"},
    "picky": {"vocab_size": 200_000},
    "wordpiece": {"vocab_size": 200_000},
    "unigram": {"vocab_size": 8000},
    "lib": {"vocab_size": 9000, "split": "sep: ", "n_steps": 100_000},
}


def train(kind, source, **options):
    threads = {} if kind == "lib" else {"n_threads": 1}
    return getattr(libtok, f"train_{kind}")(source, **{**LONG[kind], **threads, **options})


# ---- progress


def test_progress(much):
    told = []
    trained = libtok.train_bpe(much, vocab_size=20000, n_threads=1, progress=told.append)
    assert trained.vocab_size == 20000
    assert [now.phase for now in told] == sorted((now.phase for now in told), key=["count", "merge"].index)
    counts = [now for now in told if now.phase == "count"]
    merges = [now for now in told if now.phase == "merge"]
    assert all(now.total == much.stat().st_size and now.done == now.n_bytes_read for now in counts[1:])
    assert told[0].phase == "count" or told[0].seconds >= 0.1
    assert all(now.total == now.vocab_size == 20000 and now.done == now.n_tokens for now in merges[1:])
    assert [now.n_tokens for now in merges] == sorted(now.n_tokens for now in merges)
    assert merges[-1].n_tokens >= 256 and merges[-1].last_count >= trained.training_report.last_count
    times = [now.seconds for now in told]
    assert all(after - before >= 0.09 for before, after in zip(times, times[1:-1]))
    assert "merge: " in str(merges[-1])
    with pytest.raises(AttributeError):
        told[0].done = 5


def test_progress_is_told_once_at_least():
    for source, n_told in ((["some words"] * 9, 1), ([], 1)):
        told = []
        libtok.train_bpe(iter(source), vocab_size=257, progress=told.append)
        assert n_told <= len(told) <= 3 and told[-1].phase == "merge"
    told = []
    libtok.count_pieces(iter(["some words"]), progress=told.append)
    assert told[-1].phase == "count" and told[-1].done == told[-1].n_bytes_read == 10


def test_progress_of_an_iterable():
    told = []
    documents = [random_text(100_000)] * 10
    libtok.train_bpe(iter(documents), vocab_size=300, progress=told.append)
    counts = [now for now in told if now.phase == "count"]
    assert counts and all(now.total is None for now in counts)
    assert max(now.done for now in told if now.phase == "count") <= sum(map(len, documents))


def test_progress_is_told_while_the_iterable_takes_its_time():
    told = []

    def slow():
        for _ in range(10):
            time.sleep(0.1)
            yield "some words"

    libtok.count_pieces(slow(), progress=told.append)
    assert 5 <= len(told) <= 12 and told[-1].n_bytes_read > 50


def test_phases(much, tmp_path):
    some = tmp_path / "some.txt"
    some.write_text(much.read_text()[:1_500_000])
    for kind, phases in (
        ("superbpe", ["count", "subwords", "encode", "superwords"]),
        ("unigram", ["count", "seeds", "prune"]),
        ("lib", ["read", "learn"]),
    ):
        told = []
        options = {"transition": 500, "vocab_size": 600} if kind == "superbpe" else {"n_steps": 60} if kind == "lib" else {}
        train(kind, some, progress=told.append, **options)
        seen = list(dict.fromkeys(now.phase for now in told))
        assert [phase for phase in phases if phase in seen] == seen and seen[-1] == phases[-1], (kind, seen)


def test_a_bar(much, capfd):
    pytest.importorskip("tqdm")
    libtok.train_bpe(much, vocab_size=1500, progress=True)
    shown = capfd.readouterr()
    assert "merge" in shown.err and "1.5" in shown.err.replace("1500", "1.5") and not shown.out
    assert len(shown.err.splitlines()) < 20


def test_lines_without_tqdm(much):
    code = f"""
import sys
sys.modules["tqdm"] = sys.modules["tqdm.auto"] = None
import libtok, libtok._progress
libtok._progress._BETWEEN_LINES = 0
libtok.train_bpe({str(much)!r}, vocab_size=2000, progress=True)
"""
    lines = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stderr.splitlines()
    assert lines and all(line.startswith(("count: ", "merge: ")) for line in lines)


# ---- stopping


@pytest.mark.parametrize("kind", LONG)
def test_false_ends_it(kind, much):
    n_told = 0

    def stop(now):
        nonlocal n_told
        n_told += 1
        return n_told < 6 and None

    with pytest.raises(libtok.InterruptedByCaller, match="TOK-E061") as raised:
        train(kind, much, progress=stop)
    assert raised.value.code == "TOK-E061" and n_told == 6


def test_only_false_ends_it(much):
    for answer in (None, 0, "", True):
        libtok.train_bpe(iter(["some words"] * 99), vocab_size=258, progress=lambda now, answer=answer: answer)


def test_a_no_after_the_end_changes_nothing(monkeypatch):
    monkeypatch.setattr("libtok._progress._BETWEEN_CALLS", 1e6)  # the first call, and the last
    answers = [True, False]
    trained = libtok.train_bpe(iter(["some words"] * 9), vocab_size=258, progress=lambda now: answers.pop(0))
    assert trained.vocab_size == 258 and answers == []


def test_what_the_callback_raises_comes_through(much):
    def fail(now):
        raise KeyError("mine")

    for source in (much, iter([random_text(1000)])):
        with pytest.raises(KeyError, match="mine"):
            libtok.train_bpe(source, vocab_size=60000, progress=fail)


def interrupted_after(seconds, call):
    """Seconds of the processor from the signal to the exception."""
    sent = []

    def send():
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(seconds, send)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            call()
            pytest.fail("it was over before the signal")
        return time.process_time() - sent[0]
    finally:
        timer.join()


@pytest.mark.parametrize("seconds", [0.05, 0.2, 0.7])
@pytest.mark.parametrize("kind", LONG)
def test_ctrl_c_ends_it(kind, seconds, much):
    most = MOST_SECONDS * (3 if kind == "unigram" else 1)  # between two steps
    assert interrupted_after(seconds, lambda: train(kind, much)) < most


def test_ctrl_c_ends_the_counting_of_an_iterable():
    document = random_text(300_000)

    def forever():
        while True:
            yield document

    assert interrupted_after(0.5, lambda: libtok.train_bpe(forever(), vocab_size=300, n_threads=1)) < MOST_SECONDS
    assert interrupted_after(0.5, lambda: libtok.count_pieces(forever(), n_threads=1)) < MOST_SECONDS


# ---- checkpoints


@pytest.mark.parametrize("kind", ["bpe", "superbpe"])
def test_checkpoints(kind, much, tmp_path):
    some = tmp_path / "some.txt"
    some.write_text(much.read_text()[:3_000_000])
    checkpoint = tmp_path / "x.checkpoint.tok"
    options = {"vocab_size": 60000, "checkpoint": checkpoint}
    expected = train(kind, some, **options).fingerprint()
    assert not checkpoint.exists()

    def stop(now):
        return now.n_tokens < 500

    with pytest.raises(libtok.InterruptedByCaller):
        train(kind, some, progress=stop, **options)
    assert checkpoint.exists()
    with pytest.raises(libtok.TokError, match="resume=True"):
        train(kind, some, **options)
    with pytest.raises(libtok.TokError, match="another training"):
        train(kind, some, resume=True, **{**options, "vocab_size": 59999})
    assert libtok.load(checkpoint).vocab_size >= 256
    assert train(kind, some, resume=True, **options).fingerprint() == expected
    assert not checkpoint.exists()
    assert train(kind, some, resume=True, **options).fingerprint() == expected  # nothing to resume


def test_checkpoints_of_documents(tmp_path):
    """The same documents, from an iterable again, are the same training."""
    documents = [random_text(100_000, seed) for seed in (1, 2)]
    checkpoint = tmp_path / "x.checkpoint.tok"
    options = {"vocab_size": 40000, "checkpoint": checkpoint, "n_threads": 1}
    for kind in ("bpe", "superbpe"):
        trainer = getattr(libtok, f"train_{kind}")
        expected = trainer(iter(documents), **options).fingerprint()
        with pytest.raises(libtok.InterruptedByCaller):
            trainer(iter(documents), progress=lambda now: now.n_tokens < 1000, **options)
        assert checkpoint.exists()
        assert trainer(iter(documents), resume=True, **options).fingerprint() == expected


# ---- threads


def test_other_threads_run_meanwhile(much):
    gpt2 = libtok.load("gpt2")
    is_over = threading.Event()
    n_done = []

    def work():
        n = 0
        while not is_over.is_set():
            assert gpt2.encode("Hello world").tolist() == [15496, 995]
            n += 1
        n_done.append(n)

    thread = threading.Thread(target=work)
    thread.start()
    libtok.train_bpe(much, vocab_size=1000, n_threads=1)
    is_over.set()
    thread.join()
    assert n_done[0] > 1000


def test_trainings_side_by_side():
    texts = [random_text(20000, seed) for seed in range(4)]
    expected = [libtok.train_bpe(iter([text]), vocab_size=400).fingerprint() for text in texts]
    found = [None] * len(texts)

    def work(i):
        found[i] = libtok.train_bpe(iter([texts[i]]), vocab_size=400, progress=lambda now: None).fingerprint()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_nothing_is_left_behind(much, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for source in (much, (document for document in [random_text(100_000)] * 40)):
        interrupted_after(0.4, lambda source=source: libtok.train_superbpe(source, vocab_size=60000))
    assert list(pathlib.Path(tmp_path).iterdir()) == []
