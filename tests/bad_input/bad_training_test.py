"""Bad text, counts, token lists and checkpoints given to training: one clear error and no output, or a valid tokenizer."""

import gzip
import json
import os
import random

import pytest

import bounded

NOT_FOUND, UNREADABLE, WRITE, UTF8, INPUT, FORMAT, UNSUPPORTED, USAGE, LIMIT = 1, 2, 3, 10, 14, 20, 22, 40, 30

SIZE = {"parity": 300}  # bytes and a few merges; others need less
KINDS = {
    "bpe": [],
    "superbpe": [],
    "picky": [],
    "parity": [],
    "unigram": [],
    "wordpiece": [],
    "char": ["--unit", "bytes"],
    "char of text": ["--unit", "chars"],
    "dna": [],
    "lib": ["--steps", "3"],
}
OF_TEXT = ("unigram", "wordpiece", "char of text")  # tokens are characters: they have none for other bytes
READS_TEXT = [kind for kind in KINDS if kind != "dna"]  # whose documents are other bytes than those of the file


def command(kind, folder, size=400):
    name = kind.split()[0]
    output = folder / ("out.tok" if name == "picky" else "out.json")
    given = ["--lang", f"one={folder / 'in'}", "--lang", f"two={folder / 'two'}"] if name == "parity" else [folder / "in"]
    return ["train", name, "-n", size, *KINDS[kind], "-o", output, *given], output


def train(tok, kind, folder, text, *options, size=400):
    (folder / "in").write_bytes(text)
    (folder / "two").write_bytes(b"another language has other words than that one")
    arguments, output = command(kind, folder, size)
    return bounded.run(tok, *arguments, *options), output


@pytest.mark.parametrize("kind", READS_TEXT)
@pytest.mark.parametrize("text", [b"good\nbad \xff", b"bad \xed\xa0\x80\n", b"x" * 70_000 + b"\xe4\xb8"], ids=["byte", "surrogate", "cut"])
def test_invalid_utf8(tok, tmp_path, kind, text):
    done, output = train(tok, kind, tmp_path, text)
    bounded.assert_refused(done, {UTF8}, {1})
    assert not output.exists()
    if kind == "lib":  # has no --utf8
        return
    for policy in ("replace", "bytes"):
        done, output = train(tok, kind, tmp_path, text, "--utf8", policy)
        if policy == "bytes" and kind in OF_TEXT:
            bounded.assert_refused(done, {UTF8}, {1})
            continue
        assert done.returncode == 0, done.stderr
        assert bounded.run(tok, "encode", "-t", output, stdin=b"good").returncode == 0


HOSTILE = {
    "empty": b"",
    "one byte": b"a",
    "one line feed": b"\n",
    "one byte for long": b"a" * 300_000,
    "two bytes for long": b"ab" * 150_000,
    "zeros": bytes(300_000),
    "line feeds": b"\n" * 300_000,
    "blanks": b" " * 300_000,
    "all characters": "".join(map(chr, [*range(0xD800), *range(0xE000, 0x20000)])).encode(),
    "marks": ("a" + "\u0301" * 50_000).encode(),
    "one long word": bytes(random.Random(1).choices(b"abcdefghijklmnop", k=100_000)),
    "spelled special token": b"<unk> [UNK] <|endoftext|> <s>" * 99,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_strange_text(tok, tmp_path, kind, name):
    done, output = train(tok, kind, tmp_path, HOSTILE[name])
    bounded.assert_survived(done)
    assert output.exists() == (done.returncode == 0)
    if output.exists():
        sample = HOSTILE[name][:2000].decode("utf-8", "ignore").encode()
        bounded.assert_survived(bounded.run(tok, "encode", "-t", output, "--special", "text", stdin=sample))


INPUTS = {
    "cut gzip": ("in.gz", gzip.compress(b"hello " * 9000)[:-20], [], {INPUT}, {1}),
    "no JSON": ("in.jsonl", b'{"text": "a"}\nnonsense\n', ["--split", "jsonl:text"], {INPUT}, {1}),
    "no such field": ("in.jsonl", b'{"text": "a"}\n', ["--split", "jsonl:body"], {INPUT}, {1}),
    "deep JSON": ("in.jsonl", b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n", ["--split", "jsonl:text"], {INPUT, LIMIT}, {1, 4}),
    "no FASTA": ("in.fa", b"ACGT\n", ["--split", "fasta"], {INPUT}, {1}),
    "no such split": ("in", b"a", ["--split", "pages"], {USAGE}, {2}),
    "no regular expression": ("in", b"a", ["--pattern", "(a"], {24}, {1, 2}),
    "endless regular expression": ("in", b"a" * 5000 + b"!", ["--pattern", "(a+)+$"], {31}, {4}),
}


@pytest.mark.parametrize("name", INPUTS)
def test_bad_inputs(tok, tmp_path, name):
    file, content, options, codes, exits = INPUTS[name]
    (tmp_path / file).write_bytes(content)
    done = bounded.run(tok, "train", "bpe", "-n", 300, *options, "-o", tmp_path / "out.json", tmp_path / file)
    if name in ("no FASTA", "endless regular expression") and done.returncode == 0:
        return  # read as something, in bounded time
    bounded.assert_refused(done, codes, exits)
    assert not (tmp_path / "out.json").exists()


def test_inputs_and_outputs_that_cannot_be(tok, tmp_path):
    (tmp_path / "in").write_bytes(b"text " * 50)
    train_bpe = ["train", "bpe", "-n", 300, "-o"]
    refuse = lambda codes, exits, *arguments: bounded.assert_refused(bounded.run(tok, *arguments), codes, exits)  # noqa: E731
    refuse({NOT_FOUND}, {3}, *train_bpe, tmp_path / "out.json", tmp_path / "none")
    refuse({UNREADABLE}, {1}, *train_bpe, tmp_path / "out.json", tmp_path)
    refuse({NOT_FOUND, WRITE}, {1, 3}, *train_bpe, tmp_path / "none" / "out.json", tmp_path / "in")
    refuse({USAGE, 25}, {1, 2}, *train_bpe, tmp_path / "out.zip", tmp_path / "in")
    refuse({USAGE}, {2}, *train_bpe, tmp_path / "in.json", tmp_path / "in", "--min-frequency", "many")
    refuse({USAGE}, {2}, "train", "bpe", "-n", 255, "-o", tmp_path / "out.json", tmp_path / "in")
    refuse({USAGE}, {2}, "train", "nothing", "-n", 300, "-o", tmp_path / "out.json", tmp_path / "in")
    assert {path.name for path in tmp_path.iterdir()} == {"in"}


TOKENS = {
    "not UTF-8": (b"good\n\xff\xfe\n", {UTF8, USAGE}),
    "bad escape": (b"good\nba\\q\n", {USAGE}),
    "cut escape": (b"ba\\x4", {USAGE}),
    "twice": (b"a b\na b\n", {USAGE}),
    "of the byte alphabet": ("Ġthe\n".encode(), {USAGE}),
    "too many": b"".join(b"token %d\n" % i for i in range(500)),
}


@pytest.mark.parametrize("name", TOKENS)
def test_bad_token_lists(tok, tmp_path, name):
    content, codes = TOKENS[name] if isinstance(TOKENS[name], tuple) else (TOKENS[name], {USAGE})
    (tmp_path / "tokens").write_bytes(content)
    done, output = train(tok, "bpe", tmp_path, b"the text " * 20, "--tokens", tmp_path / "tokens")
    bounded.assert_refused(done, codes, {1, 2})
    assert not output.exists()


COUNTS = {
    "text": (b"hello\n", "c.pieces", {FORMAT}, {1}),
    "empty": (b"", "c.pieces", {FORMAT}, {1}),
    "no tab": (b"3 the\n", "c.tsv", {INPUT}, {1}),
    "zero": (b"0\tthe\n", "c.tsv", {INPUT}, {1}),
    "negative": (b"-3\tthe\n", "c.tsv", {INPUT}, {1}),
    "above 64 bits": (b"99999999999999999999\tthe\n", "c.tsv", {INPUT, LIMIT}, {1, 4}),
    "sum above 64 bits": (b"9223372036854775807\tthe\n9223372036854775807\tabc\n", "c.tsv", {LIMIT}, {4}),
    "product above 64 bits": (b"1223372036854775807\tthe old one\n", "c.tsv", {LIMIT}, {4}),
    "bad escape": (b"3\tth\\e\n", "c.tsv", {INPUT}, {1}),
    "not there": (None, "c.pieces", {NOT_FOUND}, {3}),
}


@pytest.mark.parametrize("name", COUNTS)
def test_bad_counts(tok, tmp_path, name):
    content, file, codes, exits = COUNTS[name]
    if content is not None:
        (tmp_path / file).write_bytes(content)
    done = bounded.run(tok, "train", "bpe", "-n", 300, "--counts", tmp_path / file, "-o", tmp_path / "out.json")
    bounded.assert_refused(done, codes, exits)
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("kind", ["bpe", "superbpe"])
def test_bad_checkpoints(tok, tmp_path, kind):
    """What is no checkpoint is not overwritten either."""
    (tmp_path / "in").write_bytes(b"text " * 50)
    arguments, output = command(kind, tmp_path)
    checkpoint = tmp_path / "out.json.checkpoint.tok"
    tokenizer = tmp_path / "whole.tok"
    assert bounded.run(tok, "freeze", "gpt2", "-o", tokenizer).returncode == 0
    for content in (b"", b"nonsense", os.urandom(5000), tokenizer.read_bytes(), tokenizer.read_bytes()[:-100]):
        checkpoint.write_bytes(content)
        bounded.assert_refused(bounded.run(tok, *arguments, "--resume"), {FORMAT}, {1})
        assert checkpoint.read_bytes() == content
        assert not output.exists()


def test_bad_bases(tok, tmp_path):
    (tmp_path / "in").write_bytes(b"text " * 50)
    words = {"type": "WordLevel", "vocab": {"a": 0, "[UNK]": 1}, "unk_token": "[UNK]"}
    (tmp_path / "words.json").write_text(json.dumps({"version": "1.0", "added_tokens": [], "model": words}))
    (tmp_path / "broken.json").write_text('{"model": ')
    for base, codes, exits in (("words.json", {UNSUPPORTED, USAGE}, {2}), ("broken.json", {FORMAT}, {1}), ("none.json", {NOT_FOUND}, {3})):
        for options in ([], ["--dry-run"]):
            done = bounded.run(tok, "train", "bpe", "-n", 300, "--continue", base, *options, "-o", "out.json", "in", cwd=tmp_path)
            bounded.assert_refused(done, codes, exits)
    assert not (tmp_path / "out.json").exists()


def test_nothing_that_is_read_is_written_over(tok, tmp_path):
    """Neither by OUT nor by its checkpoint, which is removed in the end."""
    text = b'{"text": "some words, some more"}\n'
    (tmp_path / "text.json").write_bytes(text)
    (tmp_path / "tokens.tok").write_bytes(b"some words\n")
    assert bounded.run(tok, "train", "bpe", "-n", 257, "-o", tmp_path / "base.json", tmp_path / "text.json").returncode == 0
    os.rename(tmp_path / "base.json", tmp_path / "out.json.checkpoint.tok")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    for arguments in (
        ["-o", "text.json", "--split", "jsonl:text", "text.json"],
        ["-o", "./text.json", "--split", "jsonl:text", "*.json"],
        ["-o", "tokens.tok", "--tokens", "tokens.tok", "text.json"],
        ["-o", "out.json", "--continue", "out.json.checkpoint.tok", "text.json"],
        ["-o", "out.json", "out.json.checkpoint.tok"],
    ):
        bounded.assert_refused(bounded.run(tok, "train", "bpe", "-n", 300, *arguments, cwd=tmp_path), {USAGE}, {2})
    done = bounded.run(tok, "train", "unigram", "-n", 20, "-o", "out.json", "text.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr  # has no checkpoints, and leaves those of others
    os.remove(tmp_path / "out.json")
    assert before == {path.name: path.read_bytes() for path in tmp_path.iterdir()}


def test_token_lists_are_read_once(tok, tmp_path):
    (tmp_path / "in").write_bytes(b"the text " * 20)
    os.mkfifo(tmp_path / "pipe")
    if os.fork() == 0:
        (tmp_path / "pipe").write_text("whole token\n")
        os._exit(0)
    done = bounded.run(tok, "train", "bpe", "-n", 260, "--tokens", "pipe", "-o", "out.json", "in", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "whole token" in (tmp_path / "out.json").read_text()
    done = bounded.run(tok, "train", "bpe", "-n", 260, "--tokens", "-", "-o", "no.json", "in", cwd=tmp_path)
    bounded.assert_refused(done, {USAGE}, {2})


EARLY = {
    "bpe size": ["bpe", "-n", 300, "--continue", "gpt2"],
    "bpe pattern": ["bpe", "-n", 300, "--pattern", "(a"],
    "bpe split": ["bpe", "-n", 300, "--split", "pages"],
    "bpe alphabet": ["bpe", "-n", 300, "--limit-alphabet", 300],
    "bpe memory": ["bpe", "-n", 300, "--normalizer", "none", "--memory", "2X"],
    "bpe special tokens": ["bpe", "-n", 300, "--special", " x", "--special", "Ġx"],
    "bpe padding": ["bpe", "-n", 9000, "--pad-to-power-of-2"],
    "bpe counts": ["bpe", "-n", 300, "--counts", "c.pieces"],
    "superbpe transition": ["superbpe", "-n", 300, "--transition", 100],
    "superbpe no transition": ["superbpe", "-n", 300, "--transition", 0],
    "char length": ["char", "-n", 300, "--max-length", 1],
    "char memory": ["char", "-n", 300, "--memory", "1M"],
    "dna memory": ["dna", "-n", 300, "--memory", "1M"],
    "wordpiece memory": ["wordpiece", "-n", 300, "--memory", "1M"],
}


@pytest.mark.parametrize("name", EARLY)
def test_before_text_is_read(tok, tmp_path, name):
    """What can be known to be wrong is said before hours of counting, and by --dry-run."""
    (tmp_path / "in").write_bytes(b"\xff")  # who reads it says so
    for more in ([], ["--dry-run"]):
        done = bounded.run(tok, "train", *EARLY[name], *more, "-o", "out.json", "in", cwd=tmp_path)
        bounded.assert_refused(done, {USAGE, LIMIT, 24}, {1, 2, 4})
