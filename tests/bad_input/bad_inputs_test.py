"""Bad documents, ids, options and outputs: one clear error, nothing half-written."""

import gzip
import json
import os
import signal
import struct
import subprocess
import time

import pytest

import bounded

NOT_FOUND, UNREADABLE, WRITE, UTF8, SPECIAL, ID, INPUT, LIMIT = 1, 2, 3, 10, 11, 12, 14, 30
BAD_FORMAT, UNKNOWN = 20, 25


def refuse(tok, codes, exits, *arguments, **keywords):
    bounded.assert_refused(bounded.run(tok, *arguments, **keywords), codes, exits)


@pytest.mark.parametrize(
    "document",
    [
        b"\xff",
        b"abc\xc3",
        b"\xed\xa0\x80",
        b"a\xf4\x90\x80\x80",
        b"\xc0\x80",
        b"x" * 100_000 + b"\x80",
        b"\xe2\x82",
    ],
    ids=lambda d: d[-4:].hex(),
)
def test_invalid_utf8(tok, document):
    refuse(tok, {UTF8}, {1}, "encode", "-t", "gpt2", stdin=document)
    refuse(tok, {UTF8}, {1}, "count", "-t", "gpt2", stdin=document)
    for policy in ("replace", "bytes"):
        assert bounded.run(tok, "encode", "-t", "gpt2", "--utf8", policy, stdin=document).returncode == 0


@pytest.mark.parametrize(
    "document", ["<|endoftext|>", "a<|endoftext|>b", "x" * 50_000 + "<|endoftext|>", "<|endofprompt|>"]
)
def test_special_in_text(tok, document):
    refuse(tok, {SPECIAL}, {1}, "encode", "-t", "o200k_base", stdin=document.encode())


JSONL = {
    "not_json": b'{"text": "a"}\nnonsense\n',
    "truncated": b'{"text": "a"}\n{"text": "b',
    "missing_field": b'{"text": "a"}\n{"other": "b"}\n',
    "not_a_string": b'{"text": 5}\n',
    "null": b'{"text": null}\n',
    "array": b'["text"]\n',
    "deep": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n",
    "lone_surrogate": b'{"text": "\\ud800"}\n',
    "control_character": b'{"text": "a\x01"}\n',
    "nul": b'{"text": "a"}\n\0\n',
    "two_values": b'{"text": "a"} {"text": "b"}\n',
    "invalid_utf8": b'{"text": "\xff"}\n',
}


@pytest.mark.parametrize("name", sorted(JSONL))
def test_bad_json_lines(tok, tmp_path, name):
    path = tmp_path / "in.jsonl"
    path.write_bytes(JSONL[name])
    out = tmp_path / "out.u32"
    refuse(
        tok,
        {INPUT, UTF8, LIMIT},
        {1, 4},
        "encode",
        "-t",
        "gpt2",
        "--split",
        "jsonl:text",
        "--out",
        "u32",
        "-o",
        out,
        path,
    )
    assert [p.name for p in tmp_path.iterdir()] == ["in.jsonl"], "an output was left behind"


def test_bad_files(tok, tmp_path):
    refuse(tok, {NOT_FOUND}, {3}, "encode", "-t", "gpt2", tmp_path / "absent.txt")
    refuse(tok, {NOT_FOUND, UNREADABLE}, {1, 3}, "encode", "-t", "gpt2", tmp_path)
    whole = gzip.compress(os.urandom(50_000).hex().encode())
    for name, content in (
        ("cut.gz", whole[: len(whole) // 2]),
        ("bad.gz", whole[:200] + b"\xff" * 50 + whole[250:]),
        ("cut.zst", bytes.fromhex("28b52ffd") + b"\x04\x00\x01"),
        ("bad.zst", bytes.fromhex("28b52ffd") + b"\xff" * 60),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        done = bounded.run(tok, "encode", "-t", "gpt2", "-o", tmp_path / "out", path)
        bounded.assert_refused(done, {UNREADABLE, INPUT}, {1})
        assert not (tmp_path / "out").exists()


DECODE = {
    "word": (["--in", "ids"], b"12 abc 5\n", {INPUT}),
    "negative": (["--in", "ids"], b"12 -5\n", {INPUT, ID}),
    "fraction": (["--in", "ids"], b"1.5\n", {INPUT}),
    "hex": (["--in", "ids"], b"0x10\n", {INPUT}),
    "beyond_vocabulary": (["--in", "ids"], b"1 2 50257\n", {ID}),
    "beyond_32_bits": (["--in", "ids"], b"4294967296\n", {INPUT, ID}),
    "beyond_64_bits": (["--in", "ids"], b"99999999999999999999999\n", {INPUT, ID}),
    "nul": (["--in", "ids"], b"1 \0 2\n", {INPUT}),
    "jsonl_garbage": (["--in", "jsonl"], b"{\n", {INPUT}),
    "jsonl_no_ids": (["--in", "jsonl"], b'{"doc": 0}\n', {INPUT}),
    "jsonl_text_ids": (["--in", "jsonl"], b'{"ids": ["a"]}\n', {INPUT}),
    "jsonl_negative": (["--in", "jsonl"], b'{"ids": [-1]}\n', {INPUT, ID}),
    "u32_odd": (["--in", "u32"], b"\0\0\0\0\0", {INPUT}),
    "u16_odd": (["--in", "u16"], b"\0\0\0", {INPUT}),
    "u32_unknown": (["--in", "u32"], b"\xff\xff\xff\xff", {INPUT, ID}),
    "npy_empty": (["--in", "npy"], b"", {INPUT}),
    "npy_magic_only": (["--in", "npy"], b"\x93NUMPY\x01\x00", {INPUT}),
    "npy_header_beyond": (
        ["--in", "npy"],
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 60000) + b"{'descr'",
        {INPUT},
    ),
    "npy_float": (
        ["--in", "npy"],
        b"\x93NUMPY\x01\x00"
        + struct.pack("<H", 70)
        + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }".ljust(69)
        + b"\n"
        + bytes(8),
        {INPUT},
    ),
    "npy_shape_beyond": (
        ["--in", "npy"],
        b"\x93NUMPY\x01\x00"
        + struct.pack("<H", 80)
        + b"{'descr': '<u4', 'fortran_order': False, 'shape': (99999999999,), }".ljust(79)
        + b"\n"
        + bytes(8),
        {INPUT},
    ),
}


@pytest.mark.parametrize("name", sorted(DECODE))
def test_bad_ids(tok, name):
    options, content, codes = DECODE[name]
    refuse(tok, codes, {1}, "decode", "-t", "gpt2", *options, stdin=content)


USAGES = {
    "no_verb": [],
    "unknown_verb": ["frobnicate"],
    "unknown_option": ["encode", "-t", "gpt2", "--frobnicate"],
    "no_tokenizer": ["encode"],
    "split_unknown": ["encode", "-t", "gpt2", "--split", "paragraphs"],
    "split_empty_separator": ["encode", "-t", "gpt2", "--split", "sep:"],
    "split_empty_field": ["encode", "-t", "gpt2", "--split", "jsonl:"],
    "out_unknown": ["encode", "-t", "gpt2", "--out", "xml"],
    "offsets_unknown": ["encode", "-t", "gpt2", "--out", "jsonl", "--offsets", "words"],
    "offsets_without_jsonl": ["encode", "-t", "gpt2", "--offsets", "bytes"],
    "utf8_unknown": ["encode", "-t", "gpt2", "--utf8", "maybe"],
    "threads_text": ["encode", "-t", "gpt2", "-T", "many"],
    "threads_negative": ["encode", "-t", "gpt2", "-T", "-2"],
    "threads_huge": ["encode", "-t", "gpt2", "-T", "99999999999"],
    "special_not_a_token": ["encode", "-t", "gpt2", "--special", "<|not_there|>"],
    "u16_too_small": ["encode", "-t", "o200k_base", "--out", "u16"],
    "decode_in_unknown": ["decode", "-t", "gpt2", "--in", "words"],
    "convert_unknown_suffix": ["convert", "gpt2", "/tmp/x.unknown"],
    "convert_one_argument": ["convert", "gpt2"],
    "memory_text": ["encode", "-t", "gpt2", "--memory", "lots"],
}


@pytest.mark.parametrize("name", sorted(USAGES))
def test_usage(tok, name):
    """Exit code 2 and a message on standard error, nothing on standard output."""
    done = bounded.run(tok, *USAGES[name], stdin=b"text")
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert done.stderr.strip() and not done.stdout


def test_output_on_a_full_disk(tok, tmp_path):
    with open("/dev/full", "wb") as full:
        done = bounded.run(tok, "encode", "-t", "gpt2", stdin=b"some text", stdout=full)
    assert done.returncode == 1 and b"error: TOK-E003" in done.stderr
    refuse(tok, {WRITE}, {1}, "encode", "-t", "gpt2", "-o", tmp_path / "absent" / "out.ids", stdin=b"text")
    (tmp_path / "folder").mkdir()
    refuse(tok, {WRITE}, {1}, "encode", "-t", "gpt2", "-o", tmp_path / "folder", stdin=b"text")


def test_a_failing_run_keeps_the_old_output(tok, tmp_path):
    out, bad = tmp_path / "out.ids", tmp_path / "in.jsonl"
    out.write_bytes(b"old content")
    bad.write_bytes(b'{"text": "fine"}\n' * 2000 + b"broken\n")
    refuse(tok, {INPUT}, {1}, "encode", "-t", "gpt2", "--split", "jsonl:text", "-o", out, bad)
    assert out.read_bytes() == b"old content"
    image = tmp_path / "out.tok"
    image.write_bytes(b"old image")
    refuse(tok, {NOT_FOUND}, {3}, "convert", tmp_path / "absent.json", image)
    refuse(tok, {BAD_FORMAT, UNKNOWN}, {1}, "convert", bad, image)
    assert image.read_bytes() == b"old image"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.ids", "out.tok"]


def test_the_error_names_file_and_line(tok, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"text": "a"}\n{"text": "b"}\n{"text": 7}\n')
    done = bounded.run(tok, "encode", "-t", "gpt2", "--split", "jsonl:text", path)
    assert b"in.jsonl:3" in done.stderr, done.stderr


def test_a_reader_that_goes_away(tok, tmp_path):
    """`tok encode ... | head` ends promptly and without a crash."""
    path = tmp_path / "big.txt"
    path.write_bytes(b"the ships arrive in the evening\n" * 200_000)
    done = subprocess.run(
        f"'{tok.binary}' encode -t gpt2 --split lines '{path}' | head -c 20",
        shell=True,
        capture_output=True,
        timeout=bounded.SECONDS,
        check=False,
    )
    assert len(done.stdout) == 20
    assert b"Sanitizer" not in done.stderr and b"terminate" not in done.stderr, done.stderr


@pytest.mark.skipif(os.environ.get("TOK_SANITIZE") == "thread", reason="ThreadSanitizer keeps signals until a read ends")
def test_interrupt(tok, tmp_path):
    """Ctrl-C ends with 130 and leaves no output."""
    out = tmp_path / "out.ids"
    process = subprocess.Popen(
        [tok.binary, "encode", "-t", "gpt2", "--split", "lines", "-o", out, "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdin.write(b"a line of text\n" * 1000)
    process.stdin.flush()
    deadline = time.monotonic() + bounded.SECONDS
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:  # the temporary file
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=bounded.SECONDS) == 130
    assert not list(tmp_path.iterdir())


def test_huge_line_of_json(tok, tmp_path):
    """A document of 30 MB on one line is a document like any other."""
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps({"text": "ships and sails. " * 1_800_000}), encoding="utf-8")
    done = bounded.run(tok, "count", "-t", "gpt2", "--split", "jsonl:text", "--json", path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"][0]["tokens"] > 5_000_000
