"""libtok.cuda: the ids of Tokenizer.encode_batch, in a GPU's memory, and what becomes of them there.

Where there is no GPU, the tests of its errors and of what is arithmetic remain. With TOK_FAKE_GPU, the extension linked to tests/fake_gpu,
the binding itself runs there too: its device is the host, and its streams work as late as they may. What needs torch skips without it.
"""

import importlib.util
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

FAKE = os.environ.get("TOK_FAKE_GPU")
if FAKE:  # in the place of the extension, before anything imports that
    spec = importlib.util.spec_from_file_location("libtok._libtok", FAKE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["libtok._libtok"] = module
    spec.loader.exec_module(module)

import libtok  # noqa: E402
from libtok import _cuda_inputs, _cuda_rows, _cuda_streams, _libtok  # noqa: E402

try:
    import torch
except ImportError:
    torch = None

HAS_CUDA = hasattr(_libtok, "DeviceEncoder")
built = pytest.mark.skipif(not HAS_CUDA, reason="a build without CUDA")

TEXTS = ["", "a", "Hello world", "naïve 中文 🤗", "x" * 3000, "nul \0 inside", "", "the " * 500, "you'd 1234567", ""]
# What some device leaves to the CPU: the fake, by a word; a GPU, by what its rules do not cover.
HARD = ["unencodable", "", "y'all'd've'd've", "fine", "an unencodable text", "last"]


def is_there():
    if not HAS_CUDA:
        return False
    from libtok import cuda

    try:
        cuda.Encoder("gpt2")
    except libtok.TokError:
        return False
    return True


gpu = pytest.mark.skipif(not is_there(), reason="no GPU here")
with_torch = pytest.mark.skipif(FAKE is not None or torch is None, reason="no torch that shares the GPU")


@pytest.fixture(scope="module", params=["gpt2", "o200k_base"])
def encoder(request):
    from libtok import cuda

    return cuda.Encoder(request.param)


@pytest.fixture(scope="module")
def gpt2():
    from libtok import cuda

    return cuda.Encoder("gpt2")


class Array:
    """Memory of the device: the fake's, which is numpy's, or torch's."""

    def __init__(self, array, stream=None):
        self.array = np.array(array) if FAKE else torch.tensor(array, device="cuda")
        self.stream = stream

    def __getitem__(self, part):
        cut = Array.__new__(Array)
        cut.array, cut.stream = self.array[part], self.stream
        return cut

    @property
    def __cuda_array_interface__(self):
        found = dict(self.array.__array_interface__ if FAKE else self.array.__cuda_array_interface__)
        return {**found, "version": 3, "stream": self.stream}


class DlpackArray(Array):
    """The same by DLPack alone."""

    __cuda_array_interface__ = property()

    def __dlpack_device__(self):
        return (2, 0)

    def __dlpack__(self, *, stream):
        assert stream == 1 or stream > 2
        return self.array.__dlpack__() if FAKE else self.array.__dlpack__(stream=stream)


def side_by_side(texts):
    encoded = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(text) for text in encoded], dtype=np.int64)])
    return np.frombuffer(b"".join(encoded), np.uint8), offsets


def expect_same(rows, encoder, texts, **options):
    wanted = encoder.tokenizer.encode_batch(texts, **options)
    found = rows.to_host()
    assert found.to_lists() == wanted.to_lists()
    assert found.offsets.dtype == np.uint64 and len(rows) == len(texts) and rows.n_ids == len(wanted.ids)


# ---- everywhere


def test_a_build_without_cuda_says_what_to_do():
    code = (
        "import libtok._libtok as core\n"
        "vars(core).pop('DeviceEncoder', None)\n"
        "try: import libtok.cuda\n"
        "except ImportError as error: print(error)\n"
    )
    environment = {key: value for key, value in os.environ.items() if key != "TOK_FAKE_GPU"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=60)
    assert "-DTOK_BUILD_CUDA=ON" in done.stdout, done.stderr


@built
@pytest.mark.skipif(is_there(), reason="there is a GPU")
def test_no_gpu():
    from libtok import cuda

    for device in (None, 0, "cuda:1"):
        with pytest.raises(libtok.TokError, match="TOK-E022 a GPU: .*encode on the CPU"):
            cuda.Encoder("gpt2", device)


@built
def test_devices():
    from libtok import cuda

    for wrong, kind in ((-1, ValueError), ("cpu", ValueError), (True, TypeError), (1.5, ValueError)):
        with pytest.raises(kind, match="device"):
            cuda.Encoder("gpt2", wrong)
    with pytest.raises(ValueError, match="special"):
        cuda.Encoder("gpt2", special="none")


def test_splice():
    random = np.random.default_rng(1)
    for n_rows in (1, 2, 7, 40):
        for _ in range(50):
            lengths = random.integers(0, 4, n_rows)
            rows = np.flatnonzero(random.integers(0, 2, n_rows))
            lengths[rows] = 0
            offsets = np.concatenate([[0], np.cumsum(lengths)])
            ids = random.integers(0, 9, offsets[-1])
            others = [random.integers(10, 19, n) for n in random.integers(0, 4, len(rows))]
            how = _cuda_rows.splice(offsets, rows, np.array([len(row) for row in others], int))
            flat = np.concatenate([[], *others])
            parts = [ids[: how.cuts[1]]]
            for i in range(len(rows)):
                parts += [flat[how.before[i] : how.before[i + 1]], ids[how.cuts[i + 1] : how.cuts[i + 2]]]
            expected = [ids[begin:end] for begin, end in zip(offsets, offsets[1:])]
            for row, other in zip(rows, others):
                expected[row] = other
            assert np.concatenate(parts).tolist() == np.concatenate(expected).tolist()
            found = libtok.Ragged(np.concatenate(parts), how.offsets.astype(np.uint64))
            assert [row.tolist() for row in found] == [row.tolist() for row in expected]


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize("length", [0, 1, 3, 9])
def test_rectangle(left, length):
    offsets = np.array([0, 0, 2, 7, 8, 8])
    rows = libtok.Ragged(np.arange(10, 18), offsets.astype(np.uint64))
    wanted, wanted_mask = rows.padded(0, length=length, left=left)
    places, mask = _cuda_rows.rectangle(offsets, np.arange(length), left)
    assert mask.tolist() == wanted_mask.tolist()
    assert np.where(mask, rows.ids[places], 0).tolist() == wanted.tolist()
    assert (places[~mask] == 0).all()


def test_streams():
    class Stream:
        def __init__(self, **names):
            vars(self).update(names)

    class Protocol:
        def __cuda_stream__(self):
            return (0, 77)

    given = [
        (None, 1), (0, 1), (1, 1), (4096, 4096), (Stream(cuda_stream=0), 1), (Stream(cuda_stream=5), 5),
        (Stream(ptr=6), 6), (Protocol(), 77), (Stream(__cuda_stream__=(0, 8)), 8),
    ]  # fmt: skip
    assert [_cuda_streams.stream_number(stream) for stream, _ in given] == [number for _, number in given]
    for wrong, kind in ((2, ValueError), (-1, ValueError), ("0", TypeError), (True, TypeError), (object(), TypeError)):
        with pytest.raises(kind, match="stream"):
            _cuda_streams.stream_number(wrong)


def test_texts_of_the_host():
    for texts in (b"abc", bytearray(b"abc"), memoryview(b"abc"), np.frombuffer(b"abc", np.uint8), np.frombuffer(b"a.b.c", np.uint8)[::2]):
        found, offsets = _cuda_inputs.prepared(texts, [0, 1, 3])
        assert found.dtype == np.uint8 and len(found) == 3 and found.flags.c_contiguous
        assert offsets.dtype == np.int64 and offsets.tolist() == [0, 1, 3]
    for wrong, kind, message in (
        ([0, 4], ValueError, "inside"), ([-1, 3], ValueError, "inside"), ([0, 2, 1], ValueError, "decrease"),
        ([], TypeError, "integers"), (np.zeros(0, int), ValueError, "one more"), ([[0, 3]], TypeError, "dimension"),
        ([0.0, 3.0], TypeError, "integers"),
    ):  # fmt: skip
        with pytest.raises(kind, match=message):
            _cuda_inputs.prepared(b"abc", wrong)
    for wrong in ("abc", np.zeros(3, np.int8), np.zeros((3, 1), np.uint8), ["a", "b"]):
        with pytest.raises(TypeError, match="texts with offsets"):
            _cuda_inputs.prepared(wrong, [0, 3])
    with pytest.raises(TypeError, match="need offsets"):
        _cuda_inputs.prepared(np.zeros(3, np.uint8), None)
    with pytest.raises(TypeError, match="mapping"):
        _cuda_inputs.prepared({"text": []}, None)

    class OnDevice:
        def __dlpack_device__(self):
            return (2, 0)

    assert _cuda_inputs.on_device(OnDevice()) and not _cuda_inputs.on_device(np.zeros(1))
    with pytest.raises(TypeError, match="but the texts are not"):
        _cuda_inputs.prepared(b"abc", OnDevice())
    with pytest.raises(TypeError, match="need offsets"):
        _cuda_inputs.prepared(OnDevice(), None)


# ---- with a GPU


@gpu
def test_lists_and_columns(encoder):
    expect_same(encoder.encode_batch(TEXTS), encoder, TEXTS)
    expect_same(encoder.encode_batch(text.encode() for text in TEXTS), encoder, TEXTS)
    expect_same(encoder.encode_batch(np.array(TEXTS, dtype=object)), encoder, TEXTS)
    pa = pytest.importorskip("pyarrow")
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        expect_same(encoder.encode_batch(pa.array(TEXTS, kind)[2:]), encoder, TEXTS[2:])
    expect_same(encoder.encode_batch(pa.chunked_array([TEXTS[:3], TEXTS[3:]])), encoder, TEXTS)


@gpu
@pytest.mark.parametrize("on_error", ["host", "raise", "mask"])
def test_nothing(encoder, on_error):
    for texts in ([], [""], [""] * 70):
        expect_same(encoder.encode_batch(texts, on_error=on_error), encoder, texts)
        flat, offsets = side_by_side(texts)
        expect_same(encoder.encode_batch(flat, offsets, on_error=on_error), encoder, texts)
        expect_same(encoder.encode_batch(Array(flat), Array(offsets), on_error=on_error), encoder, texts)


@gpu
@pytest.mark.parametrize("on_error", ["host", "mask"])
@pytest.mark.parametrize("kind", [Array, DlpackArray])
def test_arrays_of_the_device(encoder, kind, on_error):
    flat, offsets = side_by_side(TEXTS)
    for before in (0, 1, 2, 3, 5, 17, 31):
        shifted = np.concatenate([np.full(before, ord("x"), np.uint8), flat])
        texts = kind(shifted)
        for place in (kind(offsets + before), offsets + before, torch and not FAKE and torch.tensor(offsets + before)):
            if place is not None and place is not False:
                expect_same(encoder.encode_batch(texts, place, on_error=on_error), encoder, TEXTS)
        expect_same(encoder.encode_batch(texts[before:], kind(offsets), on_error=on_error), encoder, TEXTS)
    expect_same(encoder.encode_batch(flat, offsets), encoder, TEXTS)
    expect_same(encoder.encode_batch(flat.tobytes(), offsets), encoder, TEXTS)


@gpu
def test_arrays_that_do_not_do(gpt2):
    flat, offsets = side_by_side(TEXTS)
    for texts, places, kind, message in (
        (Array(flat.astype(np.int16)), Array(offsets), TypeError, "texts are uint8, not int16"),
        (DlpackArray(flat.astype(np.int16)), Array(offsets), TypeError, "texts are uint8, not int16"),
        (DlpackArray(flat.astype(np.float32)), Array(offsets), TypeError, "texts are uint8"),
        (Array(flat), Array(offsets.astype(np.int32)), TypeError, "offsets are int64, not int32"),
        (Array(flat)[::2], Array(offsets), ValueError, "without gaps"),
        (DlpackArray(flat)[::2], Array(offsets), ValueError, "without gaps"),
        (Array(flat.reshape(1, -1)), Array(offsets), ValueError, "one dimension"),
        (DlpackArray(flat), Array(offsets.reshape(1, -1)), ValueError, "one dimension"),
        (Array(flat), Array(np.zeros(0, np.int64)), ValueError, "one more"),
    ):
        with pytest.raises(kind, match=message):
            gpt2.encode_batch(texts, places)

    class Elsewhere(DlpackArray):
        def __dlpack_device__(self):
            return (2, 7)

    with pytest.raises(ValueError, match="on device 7"):
        gpt2.encode_batch(Elsewhere(flat), offsets)


@gpu
def test_offsets_that_the_device_refuses(gpt2):
    for wrong in ([0, 3, 2, 4], [0, 99], [-1, 2]):
        places = Array(np.array(wrong, np.int64))
        for on_error in ("host", "raise"):
            with pytest.raises(ValueError, match="offsets never decrease"):
                gpt2.encode_batch(Array(np.frombuffer(b"abcd", np.uint8)), places, on_error=on_error)
        masked = gpt2.encode_batch(Array(np.frombuffer(b"abcd", np.uint8)), places, on_error="mask")
        with pytest.raises(ValueError, match="offsets never decrease"):
            masked.to_host()


@gpu
def test_types_of_ids(gpt2):
    from libtok import cuda

    for dtype in ("int32", "uint32", "uint16", np.uint16):
        for on_error in ("host", "mask"):
            rows = gpt2.encode_batch(TEXTS + HARD, dtype=dtype, on_error=on_error)
            assert rows.ids.dtype == np.dtype(dtype).name == rows.to_host().ids.dtype
            if on_error == "host":
                expect_same(rows, gpt2, TEXTS + HARD)
    for wrong in ("int64", "float32", "uint8"):
        with pytest.raises(ValueError, match="torch converts"):
            gpt2.encode_batch(["a"], dtype=wrong)
    with pytest.raises(ValueError, match="do not fit"):
        cuda.Encoder("cl100k_base").encode_batch(["a"], dtype="uint16")


@gpu
def test_what_the_gpu_leaves_to_the_cpu(encoder):
    for texts in (HARD, HARD[::-1], HARD * 100, TEXTS + HARD, ["unencodable"], HARD[:1] + [""]):
        rows = encoder.encode_batch(texts)
        expect_same(rows, encoder, texts)
        masked = encoder.encode_batch(texts, on_error="mask")
        statuses = masked.statuses.to_host()
        assert statuses.tolist() == rows.statuses.to_host().tolist()
        wanted = [[] if status else row.tolist() for row, status in zip(encoder.tokenizer.encode_batch(texts), statuses)]
        assert masked.to_host().to_lists() == wanted
        flat, offsets = side_by_side(texts)
        expect_same(encoder.encode_batch(Array(flat), Array(offsets)), encoder, texts)
        if statuses.any():
            with pytest.raises(libtok.TokError, match=f"TOK-E022 document {np.flatnonzero(statuses)[0]}: .*on_error='host'"):
                encoder.encode_batch(texts, on_error="raise")
    if FAKE:
        assert encoder.encode_batch(HARD).statuses.to_host().tolist() == [1, 0, 0, 0, 1, 0]


@gpu
@pytest.mark.parametrize("on_error", ["host", "raise"])
def test_errors_are_those_of_the_tokenizer(encoder, on_error):
    for bad in ([b"fine", b"", b"bad \xff", b"\xc3"], ["a <|endoftext|>"], ["unencodable", b"\x80"][on_error == "raise" :]):
        with pytest.raises(libtok.TokError) as wanted:
            encoder.tokenizer.encode_batch(bad)
        with pytest.raises(libtok.TokError) as found:
            encoder.encode_batch(bad, on_error=on_error)
        assert str(found.value) == str(wanted.value)
        assert type(found.value) is type(wanted.value) and found.value.code == wanted.value.code
    assert encoder.encode_batch([b"ok", b"\xff", "<|endoftext|>"], on_error="mask").statuses.to_host().tolist() == [0, 2, 3]
    with pytest.raises(TypeError, match="text 1"):
        encoder.encode_batch(["a", 1])
    with pytest.raises(ValueError, match="on_error"):
        encoder.encode_batch(["a"], on_error="ignore")


@gpu
def test_special_tokens():
    from libtok import cuda

    texts = ["a<|endoftext|>b", "<|endoftext|>", "unencodable <|endoftext|>", "plain"]
    for special in ("text", "all", {"<|endoftext|>"}):
        encoder = cuda.Encoder("gpt2", special=special)
        expect_same(encoder.encode_batch(texts), encoder, texts, special=special)


@gpu
def test_learning_changes_no_ids(encoder):
    texts = [f"uncommonword{i} anotherone" for i in range(300)]
    encoder.learn(texts)
    encoder.learn(*map(Array, side_by_side(texts)))
    expect_same(encoder.encode_batch(texts + TEXTS), encoder, texts + TEXTS)
    with pytest.raises(ValueError, match="offsets"):
        encoder.learn(Array(np.zeros(3, np.uint8)), Array(np.array([0, 9], np.int64)))


@gpu
def test_more_text_than_fits_into_pinned_memory(gpt2):
    texts = ["some words and more of them, " * 1000 + str(i) for i in range(1500)]  # 43 MB
    rows = [gpt2.encode_batch(texts, on_error="mask") for _ in range(2)]
    wanted = gpt2.tokenizer.encode_batch(texts)
    for row in rows:
        assert (row.to_host().ids == wanted.ids).all() and (row.to_host().offsets == wanted.offsets).all()
    gpt2.release_memory()


@gpu
def test_threads_share_an_encoder(encoder):
    errors = []

    def work(number):
        try:
            texts = [f"{text} {number}" for text in TEXTS + HARD]
            for turn in range(10):
                expect_same(encoder.encode_batch(texts, on_error="host"), encoder, texts)
                if turn == 5 and number == 0:
                    encoder.learn(texts)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


@gpu
def test_arrays_as_others_see_them(gpt2):
    rows = gpt2.encode_batch(TEXTS, dtype="uint16")
    assert rows.offsets.shape == (len(TEXTS) + 1,) and len(rows.ids) == rows.n_ids
    interface = rows.ids.__cuda_array_interface__
    assert interface["typestr"] == "<u2" and interface["shape"] == (rows.n_ids,) and interface["version"] == 3
    assert interface["stream"] == 1 and interface["data"][0] and interface["strides"] is None
    assert rows.statuses.__cuda_array_interface__["typestr"] == "|u1"
    assert rows.ids.__dlpack_device__() == (2, rows.ids.device)
    for stream in (None, -1, 1, 2):
        rows.ids.__dlpack__(stream=stream)  # never taken up
    with pytest.raises(ValueError, match="stream"):
        rows.ids.__dlpack__(stream=0)
    for options in ({"dl_device": (1, 0)}, {"copy": True}):
        with pytest.raises(BufferError):
            rows.ids.__dlpack__(**options)
    with pytest.raises((BufferError, RuntimeError)):
        np.from_dlpack(rows.ids)
    with pytest.raises(IndexError):
        rows.ids.first(rows.n_ids + 1)
    assert "CudaRagged 10 rows" in repr(rows) and "uint16" in repr(rows.ids) and "gpt2" in repr(gpt2)


@gpu
@pytest.mark.parametrize("kind", ["dlpack", "interface"])
def test_results_are_arrays_of_a_device_too(gpt2, kind):
    """What one call leaves on a stream, another reads on its own: statuses are bytes, and offsets offsets."""

    class Seen:
        def __init__(self, array):
            names = ["__dlpack__", "__dlpack_device__"] if kind == "dlpack" else ["__cuda_array_interface__"]
            for name in names:
                setattr(type(self), name, property(lambda self, name=name: getattr(array, name)))

    class Texts(Seen): ...

    class Offsets(Seen): ...

    stream = 128 if FAKE else torch.cuda.Stream() if torch else 1
    letters = "abcdefgh"
    made = gpt2.encode_batch(list(letters), on_error="mask")  # each letter an id, each status 0
    rows = gpt2.encode_batch(Texts(made.statuses), Offsets(made.offsets), stream=stream, on_error="mask")
    assert rows.to_host().to_lists() == gpt2.tokenizer.encode_batch(["\0"] * len(letters)).to_lists()


@gpu
@pytest.mark.skipif(not FAKE, reason="streams that are not there")
def test_streams_wait_for_each_other(gpt2):
    flat, offsets = side_by_side(TEXTS)
    rows = gpt2.encode_batch(Array(flat, stream=64), Array(offsets, stream=64), stream=128, on_error="mask")
    assert rows.ids.stream == 128
    rows.ids.__dlpack__(stream=256)
    rows.ids.record_stream(256)
    expect_same(rows, gpt2, TEXTS)
    del rows
    expect_same(gpt2.encode_batch(TEXTS, stream=128), gpt2, TEXTS)


# ---- with torch


@gpu
@with_torch
def test_torch_tensors(encoder):
    flat, offsets = side_by_side(TEXTS + HARD)
    texts, places = torch.tensor(flat, device="cuda"), torch.tensor(offsets, device="cuda")
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    for given in (None, stream, stream.cuda_stream, 0):
        for on_error in ("host", "mask"):
            if on_error == "host":
                expect_same(encoder.encode_batch(texts, places, stream=given), encoder, TEXTS + HARD)
            rows = encoder.encode_batch(texts[: offsets[9]], places[:10], stream=given, on_error="mask")
            expect_same(rows, encoder, TEXTS[:9])
    with torch.cuda.stream(stream):
        rows = encoder.encode_batch(texts, places)
        assert rows.ids.stream == stream.cuda_stream
        expect_same(rows, encoder, TEXTS + HARD)


@gpu
@with_torch
@pytest.mark.parametrize("dtype", ["int32", "uint32", "uint16"])
@pytest.mark.parametrize("on_error", ["host", "mask"])
def test_to_torch(gpt2, dtype, on_error):
    wanted = gpt2.tokenizer.encode_batch(TEXTS, dtype=dtype)
    rows = gpt2.encode_batch(TEXTS, dtype=dtype, on_error=on_error)
    ids, offsets = rows.to_torch()
    assert ids.is_cuda and ids.dtype == getattr(torch, dtype) and offsets.dtype == torch.int64
    assert ids.data_ptr() == rows.ids.__cuda_array_interface__["data"][0]
    del rows
    assert ids.cpu().numpy().tolist() == wanted.ids.tolist()
    assert offsets.tolist() == wanted.offsets.tolist()
    assert torch.from_dlpack(gpt2.encode_batch(TEXTS).ids).tolist() == wanted.ids.tolist()


@gpu
@with_torch
def test_tensors_outlive_streams_of_work(gpt2):
    """Many results, read on another stream than that which the next ones are made on."""
    side = torch.cuda.Stream()
    sums = []
    with torch.cuda.stream(side):
        for i in range(50):
            ids, _ = gpt2.encode_batch([f"{i} "] * 5000, stream=1).to_torch()
            sums.append((ids.to(torch.int64) * 3).sum())
            del ids
    for i, found in enumerate(sums):
        assert int(found) == int(gpt2.tokenizer.encode_batch([f"{i} "] * 5000).ids.astype(np.int64).sum() * 3)


@gpu
@with_torch
@pytest.mark.parametrize("dtype", ["int32", "uint32", "uint16"])
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("length", [None, 0, 1, 5, 4000])
def test_to_padded(gpt2, dtype, side, length):
    for texts in (TEXTS, ["", ""], []):
        wanted, wanted_mask = gpt2.tokenizer.encode_batch(texts).padded(50256, length=length, left=side == "left")
        found, mask = gpt2.encode_batch(texts, dtype=dtype).to_padded(50256, length=length, side=side)
        assert found.is_cuda and mask.is_cuda and found.dtype == getattr(torch, dtype) and found.shape == wanted.shape
        assert found.cpu().numpy().tolist() == wanted.tolist() and mask.tolist() == wanted_mask.tolist()
    rows = gpt2.encode_batch(TEXTS, dtype=dtype)
    for wrong in (2**40, -1 if dtype != "int32" else -(2**40)):
        with pytest.raises(ValueError, match="pad_id"):
            rows.to_padded(wrong)
    with pytest.raises(ValueError, match="side"):
        rows.to_padded(0, side="middle")


@gpu
@with_torch
def test_to_nested(gpt2):
    nested = gpt2.encode_batch(TEXTS + HARD).to_nested()
    assert nested.is_nested and nested.layout == torch.jagged and nested.is_cuda
    wanted = gpt2.tokenizer.encode_batch(TEXTS + HARD).to_lists()
    assert [row.tolist() for row in nested.unbind()] == wanted


@gpu
@with_torch
def test_cupy(gpt2):
    cupy = pytest.importorskip("cupy")
    flat, offsets = side_by_side(TEXTS)
    with cupy.cuda.Stream(non_blocking=True) as stream:
        texts, places = cupy.asarray(flat), cupy.asarray(offsets)
        rows = gpt2.encode_batch(texts, places, stream=stream)
        wanted = gpt2.tokenizer.encode_batch(TEXTS).ids.tolist()
        assert cupy.from_dlpack(rows.ids).tolist() == cupy.asarray(rows.ids).tolist() == wanted
        del rows
        stream.synchronize()
