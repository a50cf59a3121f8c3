"""tok measure mixture: what it prints, where it reads samples from, and its errors."""

import json
import os
import pathlib
import random
import subprocess

import pytest

HERE = pathlib.Path(__file__).resolve().parent
TOK = os.environ.get("TOK_BINARY", str(HERE.parents[1] / "build" / "dev" / "cli" / "tok"))


def run(*arguments, cwd, stdin=b""):
    result = subprocess.run([TOK, *map(str, arguments)], cwd=cwd, input=stdin, capture_output=True, timeout=300)
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def text(letters, seed, n_words=4000):
    draw = random.Random(seed)
    return " ".join("".join(draw.choice(letters) for _ in range(draw.randint(1, 6))) for _ in range(n_words)) + "\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A tokenizer of three parts a.txt and one part b.txt, with other text of both kinds."""
    path = tmp_path_factory.mktemp("mixture")
    for name, letters in [("a", "abcdeea"), ("b", "vwxyzzz")]:
        for i in range(3):
            (path / f"{name}{i}.txt").write_text(text(letters, f"{name}{i}"))
        (path / f"{name}.txt").write_text(text(letters, name))
    (path / "empty.txt").write_bytes(b"")
    size = (path / "b.txt").stat().st_size
    code, _, error = run("train", "bpe", "-n", "400", "-o", "t.json", "a0.txt", "a1.txt", "a2.txt", "b0.txt", cwd=path)
    assert code == 0, error
    assert size > 0
    return path


def mixture(folder, *arguments):
    code, out, error = run("measure", "mixture", "-t", "t.json", *arguments, cwd=folder)
    assert code == 0, error
    return out


def test_shares_are_near_the_mixture(folder):
    report = json.loads(mixture(folder, "--samples", "a=a.txt", "--samples", "b=b.txt", "--json"))
    assert report["schema"] == 1
    assert sum(report["shares"].values()) == pytest.approx(1)
    assert report["shares"]["a"] == pytest.approx(0.75, abs=0.05)
    assert report["merges"] == 144 and report["share_of"] == "bytes"
    assert set(report["sensitivity"]) == {"a", "b"}


def test_globs_counts_and_repeated_names_are_the_same_text(folder):
    glob = mixture(folder, "--samples", "a=a[12].txt", "--samples", "b=b.txt", "--json")
    assert glob == mixture(folder, "--samples", "a=a1.txt", "--samples", "b=b.txt", "--samples", "a=a2.txt", "--json", "-T", "1")
    for name, paths in [("a", ["a1.txt", "a2.txt"]), ("b", ["b.txt"])]:
        assert run("pieces", "count", "-o", f"{name}.pieces", *paths, cwd=folder)[0] == 0
    assert glob == mixture(folder, "--samples", "a=a.pieces", "--samples", "b=b.pieces", "--json", "--memory", "64M")


def test_table_and_csv(folder):
    both = ["--samples", "a=a.txt", "--samples", "b=b.txt"]
    assert mixture(folder, *both).splitlines()[0].split() == ["category", "share", "%", "sensitivity", "sample", "bytes"]
    lines = mixture(folder, *both, "--csv", "--weigh", "pairs", "--merges", "50").splitlines()
    assert lines[0] == "name,share,sensitivity,bytes,pairs"
    assert [line.split(",")[0] for line in lines[1:]] == ["a", "b"]


@pytest.mark.parametrize(
    "arguments, code, error",
    [
        (["--samples", "a.txt", "--samples", "b=b.txt"], 2, "TOK-E040 --samples a.txt: is not NAME=PATH"),
        (["--samples", "a=a.txt"], 2, "TOK-E040 --samples a=a.txt: is the only category"),
        (["--samples", "a=a.txt", "--samples", "a=b.txt"], 2, "TOK-E040 --samples a=a.txt: is the only category"),
        (["--samples", "a=a.txt", "--samples", "b=no.txt"], 3, "TOK-E001 --samples b: no.txt: no such file"),
        (["--samples", "a=a.txt", "--samples", "b=empty.txt"], 2, "TOK-E040 sample 'b': has no text"),
        (["--samples", "a=a.txt", "--samples", "b=b.txt", "--weigh", "words"], 2, "TOK-E040 --weigh"),
        (["--samples", "a=a.txt", "--samples", "b=b.txt", "--merges", "0"], 2, "TOK-E040"),
        (["--samples", "a=a.txt", "--samples", "b=b.txt", "-o", "b.txt"], 2, "TOK-E040"),
    ],
)
def test_errors_name_the_thing(folder, arguments, code, error):
    got, out, message = run("measure", "mixture", "-t", "t.json", *arguments, cwd=folder)
    assert (got, out) == (code, "")
    assert error in message


def test_no_merges_and_nothing_written(folder):
    assert run("train", "unigram", "-n", "300", "-o", "u.json", "a0.txt", cwd=folder)[0] == 0
    code, out, error = run("measure", "mixture", "-t", "u.json", "--samples", "a=a.txt", "--samples", "b=b.txt", "-o",
                           "report.json", "--json", cwd=folder)
    assert (code, out) == (1, "") and "is not BPE" in error
    assert not (folder / "report.json").exists()
