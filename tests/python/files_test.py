"""Files and tables: as the same texts by themselves; whole or not at all; progress and interrupts."""

import contextlib
import gzip
import json
import os
import signal
import threading

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import libtok
from libtok import _libtok

LINES = ["Hello world", "", "naïve 中文 🤗", "the end"] * 50


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.fixture
def text_file(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("".join(f"{line}\n" for line in LINES))
    return path


def test_encode_files(gpt2, text_file, tmp_path):
    expected = gpt2.encode_batch(LINES)
    out = tmp_path / "ids.txt"
    done = gpt2.encode_files(text_file, out, split="lines")
    assert done == (len(LINES), len("".join(LINES).encode()), len(expected.ids), 0) and done.n_documents == len(LINES)
    assert [list(map(int, line.split())) for line in out.read_text().splitlines()] == expected.to_lists()
    gpt2.encode_files([text_file], str(tmp_path / "ids.npy"), split="lines", format="npy", n_threads=2)
    assert np.load(tmp_path / "ids.npy").tolist() == expected.ids.tolist()
    packed = tmp_path / "lines.gz"
    packed.write_bytes(gzip.compress(text_file.read_bytes()))
    gpt2.encode_files(packed, out, split="lines", format="jsonl", offsets="chars")
    first = json.loads(out.read_text().splitlines()[2])
    assert first["ids"] == expected[2].tolist() and first["offsets"][0] == [0, 2]
    gpt2.encode_files(text_file, tmp_path / "part.u16", split="lines", format="u16", n_shards=3)
    parts = [np.fromfile(tmp_path / f"part.u16.0000{i}-of-00003", dtype=np.uint16) for i in range(3)]
    assert np.concatenate(parts).tolist() == expected.ids.tolist()
    assert gpt2.encode_files(text_file, tmp_path / "part.u16", split="lines", format="u16", n_shards=3, resume=True)[3] == 3


def test_count_files(gpt2, text_file, tmp_path):
    (tmp_path / "empty").touch()
    full, empty = gpt2.count_files([text_file, tmp_path / "empty"], split="lines")
    text = "".join(LINES)
    assert full == (len(LINES), len(text.encode()), len(text), sum(len(line.split()) for line in LINES), gpt2.count_batch(LINES).sum())
    assert empty == (0, 0, 0, 0, 0) and empty.n_tokens == 0


def test_errors_name_the_place_and_leave_nothing(gpt2, text_file, tmp_path):
    with text_file.open("ab") as file:
        file.write(b"\xff\n")
    with pytest.raises(libtok.TokError, match=f"lines.txt:{len(LINES) + 1}.*TOK-E010|TOK-E010.*lines.txt:{len(LINES) + 1}"):
        gpt2.encode_files(text_file, tmp_path / "out", split="lines")
    for bad, kind in (({"split": "words"}, ValueError), ({"format": "xml"}, ValueError), ({"offsets": "bits"}, ValueError)):
        with pytest.raises(kind):
            gpt2.encode_files(text_file, tmp_path / "out", **bad)
    with pytest.raises(FileNotFoundError, match="none.txt"):
        gpt2.encode_files(tmp_path / "none.txt", tmp_path / "out")
    with pytest.raises(libtok.TokError):
        gpt2.encode_files(text_file, text_file)
    assert sorted(os.listdir(tmp_path)) == ["lines.txt"]


@pytest.fixture(scope="module")
def large_file(tmp_path_factory):
    """Some seconds' work."""
    path = tmp_path_factory.mktemp("large") / "large.txt"
    rng = np.random.default_rng(1)
    words = ["".join(map(chr, rng.integers(97, 123, 12))) for _ in range(200_000)]
    block = " ".join(words).encode()
    with path.open("wb") as file:
        for i in range(30):
            file.write(block[i:] + b"\n")
    return path


def test_progress(gpt2, large_file):
    seen = []
    gpt2.count_files(large_file, split="lines", progress=seen.append)
    size = large_file.stat().st_size
    assert (seen[-1].phase, seen[-1].done, seen[-1].total, seen[-1].unit) == ("count", size, size, "B")
    assert [state.done for state in seen] == sorted(state.done for state in seen) and len(seen) > 1


def test_progress_may_end_it(gpt2, large_file, tmp_path):
    with pytest.raises(libtok.InterruptedByCaller, match="TOK-E061"):
        gpt2.encode_files(large_file, tmp_path / "out", split="lines", progress=lambda _: False)
    with pytest.raises(ZeroDivisionError):
        gpt2.count_files(large_file, split="lines", progress=lambda _: 1 / 0)
    assert os.listdir(tmp_path) == []


def test_bar(gpt2, text_file, capsys):
    gpt2.count_files(text_file, progress=True)
    assert "count" in capsys.readouterr().err


@contextlib.contextmanager
def second_interrupt_raises():
    """An interrupt every now and then. Those that wait for a call to end come to one."""
    n_seen = 0
    is_over = threading.Event()

    def handle(*_):
        nonlocal n_seen
        n_seen += 1
        if n_seen == 2:
            raise KeyboardInterrupt

    def send():
        while not is_over.wait(0.05):
            os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, handle)
    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield
    finally:
        is_over.set()
        sender.join()
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("job", ["encode_files", "count_files", "encode_batch", "count_batch", "encode", "count"])
def test_interrupts_are_handled_within_calls(gpt2, large_file, tmp_path, job):
    if job.endswith("files"):
        arguments = ([large_file] * 16, tmp_path / "out")[: 2 if job == "encode_files" else 1]
        options = {"split": "lines"}
    else:
        text = large_file.read_text() * 4
        arguments, options = (text if job in ("encode", "count") else text.splitlines() * 4,), {}
    with second_interrupt_raises(), pytest.raises(KeyboardInterrupt):
        getattr(gpt2, job)(*arguments, **options)
    assert os.listdir(tmp_path) == []
    assert gpt2.encode("Hello world").tolist() == [15496, 995]


def test_interrupts_are_handled_while_offsets_are_found(gpt2, large_file):
    texts = large_file.read_text().splitlines()
    with second_interrupt_raises(), pytest.raises(KeyboardInterrupt):
        _libtok.encode_batch_with_words(gpt2._core, texts, split_special=False)


# ---- tables


def test_tables(gpt2):
    table = pa.table({"text": pa.chunked_array([LINES[:3], LINES[3:]]), "n": range(len(LINES))})
    encoded = gpt2.encode_table(table, "text")
    assert encoded.column_names == ["text", "n", "input_ids"]
    assert encoded["input_ids"].to_pylist() == gpt2.encode_batch(LINES).to_lists()
    assert encoded.schema.field("input_ids").type.value_type == pa.int32()
    assert gpt2.encode_table(table, "text", into="ids", dtype="uint16").schema.field("ids").type.value_type == pa.uint16()
    with pytest.raises(KeyError, match="'words'.*'text', 'n'"):
        gpt2.encode_table(table, "words")
    with pytest.raises(ValueError, match="into"):
        gpt2.encode_table(encoded, "text")
    with pytest.raises(TypeError):
        gpt2.encode_table(table, "n")


def test_parquet(gpt2, tmp_path, monkeypatch):
    monkeypatch.setattr("libtok._tables._BYTES_AT_ONCE", 1000)
    monkeypatch.setattr("libtok._tables._ROWS_AT_ONCE", 7)
    pq.write_table(pa.table({"text": LINES, "n": range(len(LINES))}), tmp_path / "a.parquet", row_group_size=30)
    pq.write_table(pa.table({"text": ["last"], "n": [-1]}), tmp_path / "b.parquet")
    out, inputs = tmp_path / "out.parquet", [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    seen = []
    assert gpt2.encode_parquet(inputs, out, "text", progress=seen.append) == len(LINES) + 1
    table = pq.read_table(out)
    assert table["input_ids"].to_pylist() == gpt2.encode_batch([*LINES, "last"]).to_lists()
    assert table["text"].to_pylist() == [*LINES, "last"] and table["n"].to_pylist()[-1] == -1
    assert (seen[-1].done, seen[-1].total, seen[-1].unit) == (len(LINES) + 1, len(LINES) + 1, "row")
    assert pq.ParquetFile(out).num_row_groups >= 3
    gpt2.encode_parquet(inputs[1], out, "text", keep=["n"], into="ids")
    assert pq.read_table(out).to_pylist() == [{"n": -1, "ids": gpt2.encode("last").tolist()}]
    gpt2.encode_parquet(inputs[1], out, "text", keep=[])
    assert pq.read_table(out).column_names == ["input_ids"]
    pq.write_table(pa.table({"text": pa.array([], pa.string())}), tmp_path / "empty.parquet")
    assert gpt2.encode_parquet(tmp_path / "empty.parquet", out, "text") == 0
    assert pq.read_table(out).num_rows == 0 and "input_ids" in pq.read_table(out).column_names


def test_parquet_errors_leave_what_was_there(gpt2, tmp_path):
    pq.write_table(pa.table({"text": ["a", None], "other": [1, 2]}), tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    out.write_text("kept")
    for column, kind in (("none", KeyError), ("other", TypeError), ("text", ValueError)):
        with pytest.raises(kind):
            gpt2.encode_parquet(tmp_path / "in.parquet", out, column)
    with pytest.raises(KeyError, match="in.parquet"):
        gpt2.encode_parquet(tmp_path / "in.parquet", out, "text", keep=["none"])
    with pytest.raises(ValueError, match="input too"):
        gpt2.encode_parquet(tmp_path / "in.parquet", tmp_path / "in.parquet", "text")
    with pytest.raises(FileNotFoundError):
        gpt2.encode_parquet(tmp_path / "nowhere.parquet", out, "text")
    assert out.read_text() == "kept" and sorted(os.listdir(tmp_path)) == ["in.parquet", "out.parquet"]
