"""Piece counts: the same from files, iterables, parts, Arrow, Parquet and pickles, and as `tok pieces` has them."""

import os
import pickle
import subprocess
import threading
from collections import Counter

import pytest

import numpy as np
import libtok

TOK = os.environ.get("TOK_BINARY")
TEXT = "the cat sat on the mat; naïve 中文 🤗 12345 12345\n the\tend\r\n" * 30 + "x" * 300
LINES = [line + "\n" for line in TEXT.split("\n")[:-1]] + [TEXT.split("\n")[-1]]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("counts") / "text.txt"
    path.write_bytes(TEXT.encode())
    return path


@pytest.fixture(scope="module")
def counts(path):
    return libtok.count_pieces(path, pattern="gpt2", split="lines-lf")


def test_what_is_counted(counts):
    regex = pytest.importorskip("regex")
    pattern = regex.compile(r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
    expected = Counter(piece.encode() for line in LINES for piece in pattern.findall(line))
    assert dict(counts.items()) == expected
    assert counts.n_unique == len(counts) == len(expected) and counts.total == expected.total()
    assert counts.n_documents == len(LINES) and counts.n_bytes == len(TEXT.encode())
    assert list(counts) == sorted(expected)
    assert counts.most_common(3) == sorted(expected.items(), key=lambda item: (-item[1], item[0]))[:3]
    assert len(counts.most_common(10**6)) == len(expected) and counts.most_common(0) == []


def test_what_cut_them(counts):
    assert counts.pattern == "gpt2" and counts.split == "lines-lf" and not counts.is_text
    assert counts.rules["pre_tokenizer"]["type"] == "ByteLevel" and counts.rules["normalizer"] is None
    assert "gpt2" in repr(counts)
    for pattern in ("cl100k", "o200k", "llama3", "qwen", "deepseek", "none"):
        assert libtok.count_pieces(iter([]), pattern=pattern).pattern == pattern
    of_text = libtok.count_pieces(iter(["Naïve Cat"]), text=True, pattern="bert", normalizer="bert")
    assert of_text.is_text and of_text.pattern == "bert" and of_text.rules["normalizer"]["type"] == "BertNormalizer"
    assert dict(of_text.items()) == {b"naive": 1, b"cat": 1}
    assert libtok.count_pieces(iter(["a b"]), text=True).pattern == "metaspace"
    own = libtok.count_pieces(iter(["a1 b"]), pattern=r"\w", digits="1", normalizer=["nfkc", "lowercase"])
    assert own.pattern is None and own.split == "documents"
    assert {step["type"] for step in own.rules["normalizer"]["normalizers"]} == {"NFKC", "Lowercase"}


def test_arrays(counts):
    blob, offsets, numbers = counts.arrays()
    assert blob.dtype == np.uint8 and offsets.dtype == np.int64 and numbers.dtype == np.uint64
    assert offsets[0] == 0 and offsets[-1] == len(blob) and len(offsets) == len(numbers) + 1
    pieces = [blob[begin:end].tobytes() for begin, end in zip(offsets, offsets[1:])]
    assert dict(zip(pieces, numbers.tolist())) == dict(counts.items())
    with pytest.raises(ValueError):
        blob[0] = 0
    assert blob.tobytes() == b"".join(pieces)


def test_arrays_outlive_their_counts():
    blob, _, numbers = libtok.count_pieces(iter(["some words"] * 3), pattern="gpt2").arrays()
    for _ in range(3):  # takes the memory that was given back, if any was
        libtok.count_pieces(iter(["other text"] * 3), pattern="gpt2")
    assert blob.tobytes() == b" wordssome" and numbers.tolist() == [3, 3]


def test_every_way_gives_the_same(path, counts, tmp_path):
    expected = libtok.train_bpe(counts, vocab_size=300).fingerprint()
    assert libtok.train_bpe(path, vocab_size=300, pattern="gpt2", split="lines-lf").fingerprint() == expected
    of_items = libtok.count_pieces(iter(LINES), pattern="gpt2")
    halves = [libtok.count_pieces(iter(half), pattern="gpt2") for half in (LINES[:9], LINES[9:])]
    assert of_items == halves[0] + halves[1] == libtok.merge_piece_counts(reversed(halves), memory="32M")
    assert dict(of_items.items()) == dict(counts.items()) and of_items != counts  # other documents, for all that is known
    counts.save(tmp_path / "a.pieces")
    ways = [
        libtok.PieceCounts.load(tmp_path / "a.pieces"),
        pickle.loads(pickle.dumps(counts)),
        libtok.count_pieces(path, pattern="gpt2", split="lines-lf", n_threads=3, memory="40M"),
    ]
    assert all(way == counts for way in ways)
    for way in [*ways, of_items, halves[0] + halves[1]]:
        assert libtok.train_bpe(way, vocab_size=300).fingerprint() == expected
    for i, way in enumerate(ways):
        way.save(tmp_path / f"{i}.pieces")
        assert (tmp_path / f"{i}.pieces").read_bytes() == (tmp_path / "a.pieces").read_bytes()


@pytest.mark.skipif(not TOK, reason="the tool is not built (TOK_BINARY)")
def test_same_as_the_tool(path, tmp_path):
    def tool(*arguments):
        subprocess.run([TOK, "pieces", *map(str, arguments)], check=True, capture_output=True)

    for more, keywords in (
        ([], {}),
        (["--pattern", "gpt2", "--split", "lines", "--digits", "3"], {"pattern": "gpt2", "split": "lines", "digits": "3"}),
        (["--text"], {"text": True}),
        (["--text", "--pattern", "bert", "--normalizer", "bert"], {"text": True, "pattern": "bert", "normalizer": "bert"}),
    ):
        tool("count", "-o", tmp_path / "theirs.pieces", *more, path)
        mine = libtok.count_pieces(path, **keywords)
        mine.save(tmp_path / "mine.pieces")
        assert (tmp_path / "mine.pieces").read_bytes() == (tmp_path / "theirs.pieces").read_bytes()
        assert libtok.PieceCounts.load(tmp_path / "theirs.pieces") == mine


def test_order_is_never_seen(path):
    first = libtok.count_pieces(path)
    for _ in range(3):
        again = libtok.count_pieces(iter([TEXT]), n_threads=2)
        assert list(again.items()) == list(first.items()) == sorted(first.items())


def test_threads_may_look_at_the_same_counts():
    counts = libtok.count_pieces(f"word{i}" for i in range(100_000))
    found = []
    threads = [threading.Thread(target=lambda: found.append(counts.most_common(1))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[(b"0", 19999)]] * 8 or len(set(map(str, found))) == 1


# ---- Arrow


def test_arrow(counts):
    pa = pytest.importorskip("pyarrow")
    table = counts.to_arrow()
    assert table.schema.field("piece").type == pa.large_binary() and table.schema.field("count").type == pa.uint64()
    assert dict(zip(table["piece"].to_pylist(), table["count"].to_pylist())) == dict(counts.items())
    table.validate(full=True)
    assert libtok.PieceCounts.from_arrow(table) == counts
    # In another order, in chunks, of other types, some twice: the same counts; of some rows, theirs.
    twice = pa.concat_tables([table.slice(20), table.slice(0, 20)])
    assert libtok.PieceCounts.from_arrow(twice) == counts
    assert libtok.PieceCounts.from_arrow(table.set_column(0, "piece", table["piece"].cast(pa.binary()))) == counts
    assert libtok.PieceCounts.from_arrow(table.set_column(1, "count", table["count"].cast(pa.int64()))) == counts
    double = libtok.PieceCounts.from_arrow(pa.concat_tables([table, table]))
    assert dict(double.items()) == {piece: 2 * count for piece, count in counts.items()}
    some = libtok.PieceCounts.from_arrow(table.slice(5, 7))
    assert list(some.items()) == list(counts.items())[5:12]
    assert libtok.PieceCounts.from_arrow(table.slice(0, 0)).n_unique == 0
    nothing = libtok.count_pieces(iter([]), pattern="gpt2")
    assert libtok.PieceCounts.from_arrow(nothing.to_arrow()) == nothing
    del counts
    assert len(table["piece"].to_pylist()) == len(table)


def test_arrow_of_other_tables(counts):
    pa = pytest.importorskip("pyarrow")
    table = counts.to_arrow()

    def with_rows(pieces, numbers, names=("piece", "count")):
        rows = pa.table([pa.array(pieces, pa.large_binary()), pa.array(numbers, pa.int64())], names=names)
        return rows.replace_schema_metadata(table.schema.metadata)

    for bad, message in (
        (table.replace_schema_metadata(None), "does not say how its pieces were cut"),
        (table.replace_schema_metadata({"libtok.piece_counts": "x"}), "TOK-E020"),
        (table.drop_columns(["count"]), "no column 'count'"),
        (with_rows([b"a", None], [1, 2]), "has nulls"),
        (with_rows([b"a", b""], [1, 2]), "piece 1: is empty"),
        (with_rows([b"a", b"b"], [1, 0]), "piece 1: has a count of 0"),
        (with_rows([b"a", b"b"], [1, -1]), "-1"),
        (with_rows([b"a" * 9, b"b" * 9], [2**60, 2**60]), "TOK-E030"),
    ):
        with pytest.raises((ValueError, MemoryError), match=message):
            libtok.PieceCounts.from_arrow(bad)


def test_parquet(counts, tmp_path):
    pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    counts.to_parquet(tmp_path / "a.parquet", compression="zstd")
    assert libtok.PieceCounts.from_parquet(tmp_path / "a.parquet") == counts
    assert pq.read_table(tmp_path / "a.parquet").column_names == ["piece", "count"]
    half = pq.read_table(tmp_path / "a.parquet").slice(3)
    pq.write_table(half, tmp_path / "half.parquet", row_group_size=7)
    assert list(libtok.PieceCounts.from_parquet(tmp_path / "half.parquet").items()) == list(counts.items())[3:]


def test_without_pyarrow(counts, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    for call in (counts.to_arrow, lambda: counts.to_parquet("x"), lambda: libtok.PieceCounts.from_parquet("x")):
        with pytest.raises(ImportError, match="pip install pyarrow"):
            call()


# ---- errors


def test_errors(counts, tmp_path):
    of_lines = libtok.count_pieces(iter(["a"]), pattern="gpt2")
    other = libtok.count_pieces(iter(["a"]), pattern="o200k")
    with pytest.raises(libtok.TokError, match="TOK-E040 .*pattern"):
        of_lines + other
    with pytest.raises(libtok.TokError, match="TOK-E040 .*kind of document"):
        of_lines + counts
    with pytest.raises(TypeError):
        counts + 5
    with pytest.raises(TypeError, match="parts are PieceCounts"):
        libtok.merge_piece_counts(["a"])
    with pytest.raises(ValueError, match="no counts"):
        libtok.merge_piece_counts([])
    with pytest.raises(ValueError, match="ends in .pieces"):
        counts.save(tmp_path / "a.txt")
    with pytest.raises(FileNotFoundError):
        libtok.PieceCounts.load(tmp_path / "none.pieces")
    (tmp_path / "bad.pieces").write_bytes(b"no such thing")
    with pytest.raises(libtok.TokError, match="TOK-E020"):
        libtok.PieceCounts.load(tmp_path / "bad.pieces")
    with pytest.raises(TypeError):
        hash(counts)
    assert counts != 5


@pytest.mark.parametrize("option", [{"pattern": "gpt2"}, {"split": "lines"}, {"utf8": "replace"}, {"digits": "1"}, {"normalizer": ()}])
def test_what_counts_say_themselves_is_not_said_again(counts, option):
    for call in (lambda: libtok.train_bpe(counts, vocab_size=300, **option), lambda: libtok.train_char(counts, vocab_size=300, **option)):
        with pytest.raises(ValueError, match=f"{next(iter(option))} means nothing to counts"):
            call()


def test_counts_of_another_kind(counts):
    of_text = libtok.count_pieces(iter(["a b c"]), text=True)
    with pytest.raises(libtok.TokError, match="TOK-E022"):
        libtok.train_unigram(counts, vocab_size=300)
    with pytest.raises(libtok.TokError, match="TOK-E022"):
        libtok.train_wordpiece(counts, vocab_size=300)
    with pytest.raises(libtok.TokError):
        libtok.train_picky(of_text, vocab_size=300)
    for call in (libtok.train_superbpe, libtok.train_dna, libtok.train_lib):
        with pytest.raises(TypeError, match="PieceCounts"):
            call(counts, vocab_size=300)
    with pytest.raises(ValueError, match="unit 'chars' is not that of the counts"):
        libtok.train_char(counts, vocab_size=300, unit="chars")
    assert libtok.train_char(of_text, vocab_size=300).vocab_size < 256
    assert libtok.train_unigram(of_text, vocab_size=30).vocab_size == 5
