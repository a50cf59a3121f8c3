"""What tok writes, numpy reads; what numpy writes, tok reads."""

import io
import json
import os
import pathlib
import subprocess

import pytest

numpy = pytest.importorskip("numpy")

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
DATA = HERE / "data"
BASE = ["-t", DATA / "tiny.json", "--split", "lines"]


def tok(*arguments, stdin=b""):
    return subprocess.run([TOK, *map(str, arguments)], input=stdin, check=True, capture_output=True).stdout


@pytest.fixture(name="ids")
def fixture_ids():
    lines = tok("encode", *BASE, "--out", "jsonl", DATA / "a.txt", DATA / "b.txt").splitlines()
    return [json.loads(line)["ids"] for line in lines]


@pytest.mark.parametrize("form, dtype", [("u16", "<u2"), ("u32", "<u4")])
def test_raw(tmp_path, ids, form, dtype):
    tok("encode", *BASE, "--out", form, "-o", tmp_path / "x", DATA / "a.txt", DATA / "b.txt")
    flat, ends = numpy.fromfile(tmp_path / "x", dtype=dtype), numpy.fromfile(tmp_path / "x.idx", dtype="<u8")
    assert [part.tolist() for part in numpy.split(flat, ends[:-1].astype(int))] == ids and ends[-1] == len(flat)


def test_npy_file_and_stdout(tmp_path, ids):
    tok("encode", *BASE, "--out", "npy", "-o", tmp_path / "x.npy", DATA / "a.txt", DATA / "b.txt")
    on_disk = numpy.load(tmp_path / "x.npy")
    on_pipe = numpy.load(io.BytesIO(tok("encode", *BASE, "--out", "npy", DATA / "a.txt", DATA / "b.txt")))
    assert on_disk.dtype == numpy.uint32 and on_disk.shape == (sum(map(len, ids)),)
    assert on_disk.tolist() == on_pipe.tolist() == sum(ids, [])
    assert len(numpy.load(tmp_path / "x.npy", mmap_mode="r")) == len(on_disk)


def test_empty_npy():
    assert numpy.load(io.BytesIO(tok("encode", *BASE, "--out", "npy"))).shape == (0,)


@pytest.mark.parametrize("dtype", ["<u2", "<u4", "<i4", "<i8", "<u8"])
def test_decode_reads_numpy(tmp_path, ids, dtype):
    numpy.save(tmp_path / "x.npy", numpy.array(ids[0], dtype=dtype))
    assert tok("decode", "-t", DATA / "tiny.json", "--in", "npy", tmp_path / "x.npy") == b"Hello world"


def test_trim_map(tmp_path):
    small = tmp_path / "small.json"
    tok("trim", *BASE, "-o", small, DATA / "a.txt")
    new_ids = numpy.load(tmp_path / "small.json.map.npy")
    before = numpy.load(io.BytesIO(tok("encode", *BASE, "--out", "npy", DATA / "a.txt")))
    after = numpy.load(io.BytesIO(tok("encode", "-t", small, "--split", "lines", "--out", "npy", DATA / "a.txt")))
    assert new_ids.dtype == numpy.int32 and (new_ids == -1).any()
    assert new_ids[before].tolist() == after.tolist()
    kept = new_ids[new_ids >= 0]
    assert kept.tolist() == list(range(len(kept)))
