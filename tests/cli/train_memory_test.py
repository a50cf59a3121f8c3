"""tok train and tok pieces count within --memory: the same bytes as without, no more memory than that, nothing left behind."""

import gzip
import hashlib
import os
import pathlib
import random
import resource
import shutil
import signal
import string
import subprocess
import sys
import time

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[0] / "support"))
import peak_memory  # noqa: E402

TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))
MIB = 1 << 20
SANITIZED = bool(os.environ.get("TOK_SANITIZE"))
TRAIN = {"bpe": ["bpe", "-n", 1500, "--split", "lines"], "superbpe": ["superbpe", "-n", 1500, "--transition", 1200]}
LEAST = {"bpe": {1: 10, 2: 11, 8: 19, 16: 29}, "superbpe": {1: 10, 2: 12, 8: 19, 16: 29}}  # MiB by threads


def run(*arguments, code=0, **options):
    done = subprocess.run([TOK, *map(str, arguments)], capture_output=True, check=False, timeout=300, **options)
    assert done.returncode == code, done.stderr.decode()
    return done.stderr.decode()


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def words(count, seed):
    """Lines of random words: nearly all of them different."""
    source = random.Random(seed)
    letters = [source.choices(string.ascii_lowercase, k=source.randint(3, 9)) for _ in range(count)]
    return "".join("".join(word) + ("\n" if i % 12 == 11 else " ") for i, word in enumerate(letters)) + "\n"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Three files: this repository's code, words that are too many for the least budget, and both again in another order."""
    folder = tmp_path_factory.mktemp("corpus")
    code = "".join(path.read_text() for path in sorted((HERE.parents[1] / "libtok" / "src").glob("*/*.cc")))
    rare = words(60_000, 1)
    for name, text in {"code": code, "rare": rare, "both": words(20_000, 2) + code[: len(code) // 3]}.items():
        (folder / name).write_text(text if text.endswith("\n") else text + "\n")
    return [folder / name for name in ("code", "rare", "both")]


@pytest.fixture(scope="module")
def expected(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("expected")
    for kind, options in TRAIN.items():
        run("train", *options, "-T", 1, "-o", folder / f"{kind}.json", *corpus)
    return {kind: digest(folder / f"{kind}.json") for kind in TRAIN}


@pytest.mark.parametrize("kind", TRAIN)
@pytest.mark.parametrize("threads", [1] if SANITIZED else [1, 2, 8, 16])
def test_any_budget_and_threads(kind, threads, corpus, expected, tmp_path):
    for budget in ([], ["--memory", f"{LEAST[kind][threads]}M"], ["--memory", "1G"]):
        run("train", *TRAIN[kind], "-T", threads, *budget, "-o", tmp_path / "t.json", *corpus)
        assert digest(tmp_path / "t.json") == expected[kind], budget


@pytest.mark.parametrize("kind", TRAIN)
def test_order_and_shards_do_not_matter(kind, corpus, expected, tmp_path):
    whole = b"".join(path.read_bytes() for path in corpus)
    cut = whole.index(b"\n", len(whole) // 5) + 1
    (tmp_path / "a").write_bytes(whole[:cut])
    (tmp_path / "b.gz").write_bytes(gzip.compress(whole[cut:], 1))
    output = tmp_path / "t.json"
    for inputs in (corpus[::-1], [tmp_path / "b.gz", tmp_path / "a"]):
        run("train", *TRAIN[kind], "-T", 2, "--memory", "16M", "-o", output, *inputs)
        assert digest(output) == expected[kind]


def test_merged_counts(corpus, expected, tmp_path):
    parts = [tmp_path / f"{path.name}.pieces" for path in corpus]
    for path, part, memory in zip(corpus, parts, ("10M", "64M", "1G"), strict=True):
        run("pieces", "count", "--split", "lines", "-T", 1, "--memory", memory, "-o", part, path)
    run("pieces", "merge", "-o", tmp_path / "all.pieces", *parts)
    run("pieces", "count", "--split", "lines", "-o", tmp_path / "once.pieces", *corpus)
    assert digest(tmp_path / "all.pieces") == digest(tmp_path / "once.pieces")
    run("pieces", "merge", "--memory", "10M", "-o", tmp_path / "within.pieces", *parts)
    assert digest(tmp_path / "within.pieces") == digest(tmp_path / "once.pieces")
    run("pieces", "merge", "-o", tmp_path / "all.tsv", *parts)
    for budget in ([], ["--memory", "11M"]):
        for counts in ("all.pieces", "all.tsv"):
            run("train", "bpe", "-n", 1500, *budget, "-T", 2, "--counts", tmp_path / counts, "-o", tmp_path / "t.json")
            assert digest(tmp_path / "t.json") == expected["bpe"]


def test_counts_above_32_bits(tmp_path):
    """6e9 of one pair against 5e9 of another: 32 bits would turn them round."""
    (tmp_path / "c.tsv").write_text("3000000000\tab\n3000000000\tcab\n5000000000\txy\n4294967297\tuv\n")
    run("train", "bpe", "-n", 259, "--memory", "16M", "-T", 1, "--counts", tmp_path / "c.tsv", "-o", tmp_path / "t.tiktoken")
    lines = (tmp_path / "t.tiktoken").read_text().split("\n")
    assert [line.split()[0] for line in lines[256:259]] == ["YWI=", "eHk=", "dXY="]  # ab, xy, uv


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", TRAIN)
def test_standard_input(kind, packed, corpus, expected, tmp_path):
    """SuperBPE reads it twice."""
    text = b"".join(path.read_bytes() for path in corpus)
    content = gzip.compress(text, 1) if packed else text
    for budget in ([], ["--memory", "16M"]):
        run("train", *TRAIN[kind], "-T", 2, *budget, "-o", tmp_path / "t.json", "-", input=content)
        assert digest(tmp_path / "t.json") == expected[kind]


def test_errors_on_standard_input_name_it(tmp_path):
    message = run("train", "superbpe", "-n", 300, "-o", tmp_path / "t.json", "-", input=b"good\nbad \xff\n", code=1)
    assert message.startswith("error: TOK-E010 <stdin>:2: byte 9"), message


def test_a_document_longer_than_the_budget(corpus, tmp_path):
    """A file, a packed file and a pipe that are one document each."""
    text = b"".join(path.read_bytes() for path in corpus)
    (tmp_path / "text").write_bytes(text)
    (tmp_path / "text.gz").write_bytes(gzip.compress(text, 1))
    run("pieces", "count", "-T", 2, "-o", tmp_path / "expected", tmp_path / "text")
    for source in ("text", "text.gz", "-"):
        run("pieces", "count", "-T", 2, "--memory", "11M", "-o", tmp_path / "counts", source, cwd=tmp_path, input=text)
        assert digest(tmp_path / "counts") == digest(tmp_path / "expected"), source


@pytest.mark.skipif(SANITIZED, reason="sanitizers keep freed memory")
@pytest.mark.parametrize("kind", TRAIN)
def test_memory_stays_within_the_budget(kind, tmp_path):
    (tmp_path / "text").write_text(words(400_000, 3))
    command = [TOK, "train", *TRAIN[kind], "-T", 2, "-o", tmp_path / "t.json", tmp_path / "text"]
    assert peak_memory.peak_anonymous_bytes(*command) > 30 * MIB
    for budget in (LEAST[kind][2], 20):
        assert peak_memory.peak_anonymous_bytes(*command, "--memory", f"{budget}M") <= 1.1 * budget * MIB


def lines_of_counts(count, seed):
    return "".join(f"{1 + i % 7}\t{word}\n" for i, word in enumerate(words(count, seed).split()))


@pytest.mark.skipif(SANITIZED, reason="sanitizers keep freed memory")
def test_counts_as_text_stay_within_the_budget(tmp_path):
    """A small packed file, and all parts of a merge together."""
    for i in range(3):
        (tmp_path / f"{i}.tsv.gz").write_bytes(gzip.compress(lines_of_counts(300_000, 5 + i).encode(), 1))
    budget = ["--memory", "12M"]
    first = tmp_path / "0.tsv.gz"
    train = [TOK, "train", "bpe", "-n", 300, "-T", 1, "--counts", first, "-o", tmp_path / "t.json"]
    merge = [TOK, "pieces", "merge", "-o", tmp_path / "m.pieces", *(tmp_path / f"{i}.tsv.gz" for i in range(3))]
    for command, output in ((train, "t.json"), (merge, "m.pieces")):
        assert peak_memory.peak_anonymous_bytes(*command) > 20 * MIB
        expected = digest(tmp_path / output)
        assert peak_memory.peak_anonymous_bytes(*command, *budget) <= 1.1 * 12 * MIB
        assert digest(tmp_path / output) == expected


@pytest.mark.skipif(SANITIZED, reason="sanitizers keep freed memory")
def test_long_pieces_of_continued_training(tmp_path):
    """Pieces of 200 kB: fewer threads merge them, and where there is no room for one that is an error."""
    text = words(400_000, 6)
    (tmp_path / "text").write_text("".join(text[i : i + 200_000].replace("\n", " ") + "\n" for i in range(0, len(text), 200_000)))
    run("train", "bpe", "-n", 300, "--pattern", "none", "--split", "lines", "-o", tmp_path / "base.json", tmp_path / "text")
    command = ["train", "bpe", "-n", 320, "--continue", tmp_path / "base.json", "--split", "lines", "-T", 4, "-o", tmp_path / "t.json", tmp_path / "text"]
    run(*command)
    expected = digest(tmp_path / "t.json")
    assert peak_memory.peak_anonymous_bytes(TOK, *command, "--memory", "26M") <= 1.1 * 26 * MIB
    assert digest(tmp_path / "t.json") == expected
    message = run(*command, "--memory", "16M", code=4)
    assert message.startswith("error: TOK-E030 training text: has a piece of "), message
    assert "raise --memory, or choose a pattern that cuts text into words" in message


@pytest.mark.parametrize("kind", TRAIN)
def test_the_least_budget_is_named(kind, corpus, tmp_path):
    for threads, least in LEAST[kind].items():
        message = run("train", *TRAIN[kind], "-T", threads, "--memory", f"{least - 1}M", "-o", tmp_path / "t.json", *corpus, code=4)
        assert message.endswith(f"; --memory {least}M is the least\n"), message
    assert not (tmp_path / "t.json").exists()


@pytest.mark.parametrize("kind", TRAIN)
def test_temporary_files_that_cannot_be_had(kind, corpus, tmp_path):
    command = ["train", *TRAIN[kind], "-T", 1, "--memory", "10M", "-o", tmp_path / "t.json", *corpus]
    (tmp_path / "t.json").write_text("as it was")
    message = run(*command, env={**os.environ, "TMPDIR": str(tmp_path / "no")}, code=1)
    assert f"TOK-E003 {tmp_path / 'no'}: " in message
    assert "TMPDIR" in message
    limit = (256 * 1024, resource.getrlimit(resource.RLIMIT_FSIZE)[1])
    message = run(*command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit), code=1)
    assert "TOK-E003" in message
    assert "ulimit -f" in message
    assert (tmp_path / "t.json").read_text() == "as it was"


def test_temporary_files_that_parity_cannot_have(tmp_path):
    """Its merges of all languages together keep to the budget too."""
    (tmp_path / "text").write_text(words(400_000, 3))
    run("pieces", "count", "-o", tmp_path / "all.pieces", tmp_path / "text")
    command = ["train", "parity", "-n", 300, "-T", 1, "--memory", "16M", "--lang", f"x={tmp_path / 'all.pieces'}", "-o", tmp_path / "t.json"]
    message = run(*command, env={**os.environ, "TMPDIR": str(tmp_path / "no")}, code=1)
    assert f"TOK-E003 {tmp_path / 'no'}: " in message
    assert not (tmp_path / "t.json").exists()
    run(*command)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_when_it_is_ended(number, tmp_path):
    (tmp_path / "text").write_text(words(300_000, 4))
    folder = tmp_path / "temporary"
    folder.mkdir()
    command = [TOK, "train", "superbpe", "-n", "20000", "-T", "1", "--memory", "32M", "-o", tmp_path / "t.json", tmp_path / "text"]
    process = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(folder)}, stderr=subprocess.DEVNULL)
    maps = pathlib.Path(f"/proc/{process.pid}/maps")
    while process.poll() is None and str(folder) not in maps.read_text():
        time.sleep(0.001)
    assert process.poll() is None, "no file was made"
    assert not list(folder.iterdir())
    process.send_signal(number)
    assert process.wait() != 0
    assert not list(folder.iterdir())
    assert not (tmp_path / "t.json").exists()


def test_dry_run_says_what_it_will_take(corpus, tmp_path):
    shutil.copy(corpus[0], tmp_path / "text")
    (tmp_path / "text").write_bytes((tmp_path / "text").read_bytes() * 40)
    done = subprocess.run([TOK, "train", "bpe", "-n", "1500", "--memory", "16M", "--dry-run", tmp_path / "text"], capture_output=True, check=True)
    assert b"memory: up to about 16.8 MB, and temporary files" in done.stdout
