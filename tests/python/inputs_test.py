"""Texts out of numpy and Arrow, ids into numpy, Arrow and DLPack; batches counted and decoded."""

import contextlib
import ctypes
import gc
import threading

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import libtok

TEXTS = ["", "a", "Hello world", "naïve 中文 🤗", "x" * 300, "nul \0 inside", "twelve bytes", "thirteen byte"]


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.fixture(scope="module")
def expected(gpt2):
    return [gpt2.encode(text).tolist() for text in TEXTS]


@pytest.mark.parametrize(
    "array",
    [
        np.array(TEXTS), np.array(TEXTS).astype(">U400"), np.array(TEXTS, dtype=object), np.array(TEXTS)[::-1][::-1],
        np.array([text.encode() for text in TEXTS]), np.array(TEXTS, dtype=np.dtypes.StringDType()),
    ],
    ids=["str", "other byte order", "object", "strides", "bytes", "StringDType"],
)  # fmt: skip
def test_numpy_arrays(gpt2, expected, array):
    assert gpt2.encode_batch(array).to_lists() == expected
    assert gpt2.encode_batch(array[2:4]).to_lists() == expected[2:4]
    with pytest.raises(TypeError):
        gpt2.encode_batch(array.reshape(2, -1))


def arrow_columns():
    types = [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view()]
    values = [TEXTS if "string" in str(kind) else [text.encode() for text in TEXTS] for kind in types]
    return [pa.array(column, kind) for column, kind in zip(values, types)]


def test_arrow_columns(gpt2, expected):
    for column in arrow_columns():
        assert gpt2.encode_batch(column).to_lists() == expected, column.type
        assert gpt2.encode_batch(column[2:5]).to_lists() == expected[2:5], column.type
        assert gpt2.count_batch(column[1:]).tolist() == [len(ids) for ids in expected[1:]]
        chunked = pa.chunked_array([column[:3], column[3:3], column[3:]])
        assert gpt2.encode_batch(chunked).to_lists() == expected, column.type
        empty = pa.chunked_array([], type=column.type)
        assert gpt2.encode_batch(empty).to_lists() == gpt2.encode_batch(column[:0]).to_lists() == []
    for bad, message in (
        (pa.array([1, 2]), "format l"), (pa.table({"text": TEXTS}), "give the column"),
        (pa.array(TEXTS).dictionary_encode(), "dictionary"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=message):
            gpt2.encode_batch(bad)
    with pytest.raises(ValueError, match="text 2 is null"):
        gpt2.encode_batch(pa.chunked_array([["a", "b"], [None, "c"]]))
    assert gpt2.encode_batch(pa.array(["a", None, "b"])[2:]).to_lists() == [[65]]
    with pytest.raises(libtok.TokError, match="document 1"):
        gpt2.encode_batch(pa.array([b"a", b"\xff"]))


def test_arrow_memory_is_let_go(gpt2):
    gc.collect()
    before = pa.total_allocated_bytes()
    for column in arrow_columns():
        gpt2.encode_batch(column)
        with pytest.raises(TypeError):
            gpt2.encode_batch(column.dictionary_encode())
    del column
    gc.collect()
    assert pa.total_allocated_bytes() == before


def test_pandas(gpt2, expected):
    assert gpt2.encode_batch(pd.Series(TEXTS)).to_lists() == expected
    assert gpt2.encode_batch(pd.Series(TEXTS, dtype=object)).to_lists() == expected


@pytest.mark.parametrize("dtype", ["uint16", "uint32", "int32", "int64", np.int64, None])
def test_types_of_ids(gpt2, expected, dtype):
    kind = np.dtype(dtype if dtype is not None else "uint32")
    rows = gpt2.encode_batch(TEXTS, dtype=dtype)
    assert rows.ids.dtype == kind and rows.to_lists() == expected
    assert gpt2.decode_batch(rows) == TEXTS
    ids = gpt2.encode(TEXTS[3], dtype=dtype)
    assert ids.dtype == kind and ids.tolist() == expected[3] and gpt2.decode(ids) == TEXTS[3]


def test_types_that_do_not_do(gpt2):
    for wrong in ("int16", "float32", "uint8"):
        with pytest.raises(ValueError, match="int64"):
            gpt2.encode("a", dtype=wrong)
    with pytest.raises(ValueError, match="do not fit"):
        libtok.load("cl100k_base").encode_batch(["a"], dtype="uint16")


@pytest.mark.parametrize("dtype", ["uint16", "uint32", "int32", "int64"])
def test_rows_go_to_arrow_without_a_copy(gpt2, expected, dtype):
    rows = gpt2.encode_batch(TEXTS, dtype=dtype)
    column = pa.array(rows)
    column.validate(full=True)
    assert column.type == pa.large_list(pa.field("item", pa.from_numpy_dtype(dtype), nullable=False))
    assert column.to_pylist() == expected
    assert column.values.buffers()[1].address == rows.ids.ctypes.data
    part = pa.array(rows[2:5])
    del rows, column
    gc.collect()
    assert part.to_pylist() == expected[2:5]  # which keeps the memory
    part.validate(full=True)
    assert pa.array(gpt2.encode_batch([])).to_pylist() == []
    schema, array = gpt2.encode_batch(TEXTS).__arrow_c_array__()  # never taken up
    del schema, array


def test_rows_go_to_dlpack_without_a_copy(gpt2):
    rows = gpt2.encode_batch(TEXTS, dtype="int64")
    other = np.from_dlpack(rows.ids)
    assert other.ctypes.data == rows.ids.ctypes.data and other.tolist() == rows.ids.tolist()


def test_counts_are_those_of_ids(gpt2, expected):
    counts = gpt2.count_batch(TEXTS, n_threads=2)
    assert counts.dtype == np.uint64 and counts.tolist() == [len(ids) for ids in expected]
    assert gpt2.count_batch([]).tolist() == []
    with pytest.raises(libtok.SpecialTokenError, match="document 1"):
        gpt2.count_batch(["a", "<|endoftext|>"])
    assert gpt2.count_batch(["a", "<|endoftext|>"], special="all").tolist() == [1, 1]


def test_batches_are_decoded(gpt2, expected):
    rows = gpt2.encode_batch(TEXTS)
    assert gpt2.decode_batch(rows) == gpt2.decode_batch(expected) == gpt2.decode_batch(map(np.array, expected[1:2] * 0 + expected)) == TEXTS
    assert gpt2.decode_batch(rows[3:5]) == TEXTS[3:5] and gpt2.decode_batch([]) == []
    split = gpt2.encode("🤗")[:1]
    assert gpt2.decode_batch([split]) == ["\ufffd"]
    with pytest.raises(UnicodeDecodeError):
        gpt2.decode_batch(libtok.Ragged(split, np.array([0, 1], dtype=np.uint64)), errors="strict")
    with pytest.raises(libtok.UnknownIdError, match="row 1"):
        gpt2.decode_batch(libtok.Ragged(np.array([64, 60000], dtype=np.uint32), np.array([0, 1, 2], dtype=np.uint64)))
    for offsets in ([], [0, 3], [1, 0], [0, 2, 1]):
        with pytest.raises(ValueError, match="offsets"):
            gpt2.decode_batch(libtok.Ragged(np.array([64, 65], dtype=np.uint32), np.array(offsets, dtype=np.uint64)))


@pytest.mark.parametrize("text", TEXTS)
def test_prefixes(gpt2, text):
    whole = gpt2.encode(text).tolist()
    for max_ids in range(len(whole) + 2):
        prefix = gpt2.encode_prefix(text, max_ids)
        assert prefix.ids.tolist() == whole[:max_ids]
        assert prefix.complete == (len(whole) <= max_ids)
        assert text.encode()[: prefix.n_bytes].decode() == text[: len(text.encode()[: prefix.n_bytes].decode())]


@pytest.mark.parametrize("unit", ["bytes", "chars", "utf16"])
def test_units_of_spans(gpt2, unit):
    text = "a 🤗 naïve 中文 " * 3
    sequence = {"bytes": text.encode(), "chars": text, "utf16": text.encode("utf-16-le")}[unit]
    step = 2 if unit == "utf16" else 1
    ids, spans = gpt2.encode_with_spans(text, unit=unit)
    covered = set()
    for token_id, (begin, end) in zip(ids.tolist(), spans.tolist()):
        part = sequence[begin * step : end * step]
        part = part.decode("utf-16-le").encode() if unit == "utf16" else part if unit == "bytes" else part.encode()
        assert gpt2.token_bytes(token_id) in part
        covered.update(range(begin, end))
    assert covered == set(range(len(sequence) // step))
    with pytest.raises(ValueError, match="utf16"):
        gpt2.encode_with_spans(text, unit="graphemes")


IDS, ENDS = np.array([64, 65, 66], dtype=np.uint32), np.array([0, 1, 3], dtype=np.uint64)


@pytest.mark.parametrize("ids", [IDS.astype("u1"), IDS.astype("f8"), IDS.astype(object), IDS.astype(">u4"), IDS.astype("u8"),
                                 IDS[::2], IDS[::-1], IDS.reshape(1, -1), IDS.tolist(), None])  # fmt: skip
def test_rows_of_other_ids_are_refused(gpt2, ids):
    for take in (gpt2.decode_batch, libtok.Ragged.__arrow_c_array__):
        with pytest.raises((TypeError, ValueError), match="^ids"):
            take(libtok.Ragged(ids, ENDS[:2]))


@pytest.mark.parametrize("offsets", [ENDS.astype("i4"), ENDS.astype("i8"), ENDS.astype(">u8"), ENDS.astype(object), ENDS[::2], [0, 1],
                                     ENDS[:0], ENDS[1:], ENDS[::-1].copy(), ENDS + 1, ENDS * 2, ENDS.reshape(1, -1)])  # fmt: skip
def test_rows_of_other_offsets_are_refused(gpt2, offsets):
    for take in (gpt2.decode_batch, libtok.Ragged.__arrow_c_array__):
        with pytest.raises((TypeError, ValueError), match="offsets"):
            take(libtok.Ragged(IDS, offsets))


def unaligned(ids):
    return np.frombuffer(b"\0" + ids.tobytes(), dtype=np.uint8)[1:].view(ids.dtype)


@pytest.mark.parametrize("kind", ["u1", "i2", ">i2", ">u4", "<u4", ">i8", "u8", ">u8"])
def test_ids_of_any_memory_are_decoded(gpt2, kind):
    ids = np.array([64, 65, 66], dtype=kind)
    for same in (ids, unaligned(ids), ids[::-1].copy()[::-1]):
        assert gpt2.decode(same) == "abc"


@pytest.mark.parametrize("number", [-1, 2**32, 2**63, 2**64 - 1, 2**64, 2**70, -(2**70)])
def test_numbers_that_are_no_ids_are_named(gpt2, number):
    arrays = [np.array([64, number])] if -(2**63) <= number < 2**63 else [np.array([number])]
    for ids in ([number], *arrays):
        with pytest.raises(OverflowError, match=f"^{number} is no id"):
            gpt2.decode(ids)


def test_rows_may_change_while_they_are_decoded(gpt2):
    """Whatever comes of it, nothing is read that is not there."""
    ids = np.zeros(200_000, dtype=np.uint32)
    rows = libtok.Ragged(ids, np.arange(len(ids) + 1, dtype=np.uint64))
    is_over = threading.Event()

    def change():
        while not is_over.is_set():
            ids[:] = 2**32 - 1
            rows.offsets[1:] = 2**60
            ids[:], rows.offsets[:] = 1, np.arange(len(ids) + 1)

    other = threading.Thread(target=change)
    other.start()
    try:
        for _ in range(10):
            with contextlib.suppress(ValueError, libtok.UnknownIdError):
                gpt2.decode_batch(rows)
    finally:
        is_over.set()
        other.join()


def view_column(views, texts=b"thirteen byte"):
    """A column of string views (length, prefix, buffer, begin), which pyarrow takes unchecked."""
    packed = np.array(views, dtype=np.int32).tobytes()
    return pa.Array.from_buffers(pa.string_view(), len(views), [None, pa.py_buffer(packed), pa.py_buffer(texts)])


def test_arrow_views_outside_their_buffers_are_refused(gpt2):
    assert gpt2.encode_batch(view_column([(13, 0, 0, 0)])).to_lists() == [gpt2.encode("thirteen byte").tolist()]
    for view in ((-1, 0, 0, 0), (13, 0, 1, 0), (13, 0, -1, 0), (13, 0, 0, 1), (13, 0, 0, -1), (2**31 - 1, 0, 0, 2**31 - 1)):
        with pytest.raises(ValueError, match="Arrow column"):
            gpt2.encode_batch(view_column([(13, 0, 0, 0), view]))


class ArrowArray(ctypes.Structure):
    _fields_ = [(name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers")]


@pytest.mark.parametrize("field, value", [("n_buffers", 2), ("n_buffers", 0), ("length", -1), ("offset", -1)])
def test_arrow_arrays_without_their_buffers_are_refused(gpt2, field, value):
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]

    class Column:
        def __init__(self, column):
            self.column = column

        def __arrow_c_array__(self, requested_schema=None):
            schema, array = self.column.__arrow_c_array__()
            setattr(ArrowArray.from_address(pointer(array, b"arrow_array")), field, value)
            return schema, array

    for column in arrow_columns():
        with pytest.raises(ValueError, match="Arrow column"):
            gpt2.encode_batch(Column(column))


def test_arrow_streams_without_chunks_have_a_type(gpt2):
    with pytest.raises(TypeError, match="format l"):
        gpt2.encode_batch(pa.chunked_array([], type=pa.int64()))
