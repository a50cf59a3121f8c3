"""Training from Python gives what `tok train` gives, and what Hugging Face gives where the library is equal to it."""

import copy
import gzip
import json
import multiprocessing
import os
import pathlib
import pickle
import subprocess
import sys

import pytest

import numpy as np
import libtok

SOURCE = pathlib.Path(__file__).parents[2]
TOK = os.environ.get("TOK_BINARY")
needs_tok = pytest.mark.skipif(not TOK, reason="the tool is not built (TOK_BINARY)")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder with text.txt, and the same for other kinds."""
    folder = tmp_path_factory.mktemp("corpus")
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((SOURCE / "docs").glob("*.md")))
    text += "naïve 中文 🤗 12345678 ½\r\n" * 20
    (folder / "text.txt").write_bytes(text.encode())
    (folder / "other.txt").write_bytes(text[::-1].encode())
    (folder / "text.txt.gz").write_bytes(gzip.compress(text.encode()))
    lines = text.split("\n")
    (folder / "text.jsonl").write_text("".join(json.dumps({"a": {"b": line}}) + "\n" for line in lines if line))
    random = np.random.default_rng(1)
    genes = ["".join(random.choice(list("ACGTacgtN"), 900)) for _ in range(20)]
    (folder / "genes.fa").write_text("".join(f">gene {i}\n{gene}\n" for i, gene in enumerate(genes)))
    return folder


def lines_of(path, keep=False):
    lines = path.read_bytes().decode().split("\n")
    if lines and not lines[-1]:
        lines.pop()
        return [line + "\n" for line in lines] if keep else lines
    return [line + "\n" for line in lines[:-1]] + lines[-1:] if keep else lines


def tool(*arguments):
    subprocess.run([TOK, *map(str, arguments)], check=True, capture_output=True)


# Function, its options, and the tool's.
KINDS = {
    "bpe": (
        {"vocab_size": 600, "special_tokens": ["<|end|>", "<|pad|>"], "pattern": "gpt2", "min_frequency": 60},
        ["-n", 600, "--special", "<|end|>", "--special", "<|pad|>", "--pattern", "gpt2", "--min-frequency", 60],
    ),
    "bpe defaults": ({"vocab_size": 500}, ["-n", 500]),
    "bpe many": (
        {
            "vocab_size": 500, "digits": "r2l3", "normalizer": ["nfkc", "lowercase"], "split": "lines-lf",
            "max_token_length": 6, "alphabet": "seen", "limit_alphabet": 80, "whole_tokens": ["tok train", b"\n\n"],
            "pad_to_power_of_two": True, "n_threads": 2, "memory": "64M",
        },
        [
            "-n", 500, "--digits", "r2l3", "--normalizer", "nfkc", "--normalizer", "lowercase", "--split", "lines-lf",
            "--max-token-length", 6, "--alphabet", "seen", "--limit-alphabet", 80, "--tokens", "tokens.txt",
            "--pad-to-power-of-2", "-T", 2, "--memory", "64M",
        ],
    ),
    "bpe regex": ({"vocab_size": 400, "pattern": r"\w+| \w+|\s"}, ["-n", 400, "--pattern", r"\w+| \w+|\s"]),
    "superbpe": ({"vocab_size": 600}, ["-n", 600]),
    "superbpe early": (
        {"vocab_size": 600, "transition": 400, "max_words": 3, "special_tokens": ["<s>"], "normalizer": "nfc"},
        ["-n", 600, "--transition", 400, "--max-words", 3, "--special", "<s>", "--normalizer", "nfc"],
    ),
    "picky": ({"vocab_size": 500, "threshold": 0.7}, ["-n", 500, "--threshold", 0.7]),
    "unigram": (
        {"vocab_size": 400, "special_tokens": ["<s>"], "n_sub_iterations": 1, "shrinking_factor": 0.6, "seed_size": 9999},
        ["-n", 400, "--special", "<s>", "--sub-iterations", 1, "--shrinking-factor", 0.6, "--seed-size", 9999],
    ),
    "unigram defaults": ({"vocab_size": 400}, ["-n", 400]),
    "wordpiece": (
        {"vocab_size": 500, "special_tokens": ["[PAD]", "[UNK]", "[CLS]"], "limit_alphabet": 60},
        ["-n", 500, "--special", "[PAD]", "--special", "[UNK]", "--special", "[CLS]", "--limit-alphabet", 60],
    ),
    "wordpiece cased": (
        {"vocab_size": 500, "normalizer": "bert-cased", "continuing_subword_prefix": "@@", "max_input_chars_per_word": 20},
        ["-n", 500, "--normalizer", "bert-cased", "--prefix", "@@", "--max-word-length", 20],
    ),
    "char": ({"vocab_size": 500, "pad_to_power_of_two": True}, ["-n", 500, "--pad-to-power-of-2"]),
    "char chars": (
        {"vocab_size": 400, "unit": "chars", "max_length": 4, "unk_token": "<u>"},
        ["-n", 400, "--unit", "chars", "--max-length", 4, "--unk", "<u>"],
    ),
    "dna": (
        {"vocab_size": 100, "ambiguous": "remove", "both_strands": True},
        ["-n", 100, "--ambiguous", "remove", "--both-strands"],
    ),
    "dna masked": ({"vocab_size": 60, "soft_mask": "cut", "unk_token": "N"}, ["-n", 60, "--soft-mask", "cut", "--unk", "N"]),
    "lib": (
        {"vocab_size": 600, "n_steps": 20, "sentences_per_step": 50, "seed": 3, "unit": "bytes", "max_length": 9},
        ["-n", 600, "--steps", 20, "--sentences-per-step", 50, "--seed", 3, "--unit", "bytes", "--max-length", 9],
    ),
    "lib other": (
        {"vocab_size": 900, "n_steps": 20, "in_rate": 0.5, "out_rate": 0.01, "life": 3, "update_rate": 0.2,
         "order": "sequential", "inspect_context": False},
        ["-n", 900, "--steps", 20, "--in-rate", 0.5, "--out-rate", 0.01, "--life", 3, "--update-rate", 0.2,
         "--order", "sequential", "--no-context"],
    ),
}  # fmt: skip


def train(kind, source, **options):
    return getattr(libtok, f"train_{kind.split()[0]}")(source, **options)


def path_for(kind, corpus):
    return corpus / ("genes.fa" if kind.startswith("dna") else "text.txt")


@needs_tok
@pytest.mark.parametrize("kind", KINDS)
def test_same_as_the_tool(kind, corpus, tmp_path):
    keywords, options = KINDS[kind]
    (tmp_path / "tokens.txt").write_text("tok train\n\\n\\n\n")
    options = [tmp_path / option if option == "tokens.txt" else option for option in options]
    path = path_for(kind, corpus)
    suffixes = [".tok"] if kind == "picky" else [".tok", ".json"]
    trained = train(kind, path, **keywords)
    for suffix in suffixes:
        tool("train", kind.split()[0], *options, "-o", tmp_path / f"theirs{suffix}", path)
        trained.save(tmp_path / f"mine{suffix}")
        theirs = libtok.load(tmp_path / f"theirs{suffix}")
        assert libtok.load(tmp_path / f"mine{suffix}").fingerprint() == theirs.fingerprint()
    if ".json" in suffixes:
        assert (tmp_path / "mine.json").read_bytes() == (tmp_path / "theirs.json").read_bytes()
    assert trained.fingerprint() == libtok.load(tmp_path / "theirs.tok").fingerprint()
    text = path.read_bytes()[:5000].decode("utf-8", "ignore")
    assert trained.encode(text, special="all").tolist() == theirs.encode(text, special="all").tolist()


@needs_tok
def test_parity_same_as_the_tool(corpus, tmp_path):
    a, b = corpus / "text.txt", corpus / "other.txt"
    trained = [
        libtok.train_parity({"a": a, "b": [b, a]}, vocab_size=400, ratio={"b": 1.5}, n_global_merges=20, window=50, alpha=3),
        libtok.train_parity(
            {"a": iter([a.read_bytes()]), "b": iter([b.read_bytes(), a.read_bytes()])}, vocab_size=400, dev={"a": b, "b": [a]}
        ),
    ]
    options = [
        ["--lang", f"b={a}", "--ratio", "b=1.5", "--hybrid", 20, "--window", 50, "--alpha", 3],
        ["--lang", f"b={a}", "--dev", f"a={b}", "--dev", f"b={a}"],
    ]
    for mine, more in zip(trained, options):
        tool("train", "parity", "-n", 400, "-o", tmp_path / "t.tok", "--lang", f"a={a}", "--lang", f"b={b}", *more)
        assert mine.fingerprint() == libtok.load(tmp_path / "t.tok").fingerprint()
    assert [language["name"] for language in trained[0].training_report.facts["languages"]] == ["a", "b"]


@needs_tok
def test_continued_same_as_the_tool(corpus, tmp_path):
    base = libtok.load("gpt2")
    mine = libtok.train_bpe(corpus / "other.txt", vocab_size=50400, continue_from=base, special_tokens=["<new>"])
    tool("train", "bpe", "-n", 50400, "--continue", "gpt2", "--special", "<new>", "-o", tmp_path / "t.tok", corpus / "other.txt")
    assert mine.fingerprint() == libtok.load(tmp_path / "t.tok").fingerprint()
    assert mine.encode("Hello world").tolist() == base.encode("Hello world").tolist()
    assert mine.vocab_size == 50400 and mine.find_token("<new>") >= base.vocab_size


def test_same_as_hugging_face(corpus):
    tokenizers = pytest.importorskip("tokenizers")
    theirs = tokenizers.Tokenizer(tokenizers.models.BPE())
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    settings = {"vocab_size": 700, "min_frequency": 2, "special_tokens": ["<|end|>"], "show_progress": False}
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(initial_alphabet=alphabet, **settings)
    theirs.train([str(corpus / "text.txt")], trainer)
    del settings["show_progress"]
    for mine in (
        libtok.train_bpe(corpus / "text.txt", pattern="gpt2", split="lines-lf", **settings),
        libtok.train_bpe(iter(lines_of(corpus / "text.txt", keep=True)), pattern="gpt2", **settings),
    ):
        ours, want = (json.loads(text)["model"] for text in (mine.to_json(), theirs.to_str()))
        assert ours["vocab"] == want["vocab"]
        assert [merge if isinstance(merge, str) else " ".join(merge) for merge in ours["merges"]] == [
            merge if isinstance(merge, str) else " ".join(merge) for merge in want["merges"]
        ]


@pytest.mark.parametrize("kind", ["bpe", "superbpe", "picky", "unigram", "wordpiece", "char", "dna", "lib"])
def test_documents_are_as_good_as_a_file(kind, corpus):
    keywords = dict(KINDS[kind][0])
    path = path_for(kind, corpus)
    split = "lines-lf" if kind == "superbpe" else "lines"
    documents = lines_of(path, keep=kind == "superbpe")
    if kind == "dna":  # with the headers, which are letters too
        split = "lines"
    expected = train(kind, str(path), split=split, **keywords).fingerprint()
    assert train(kind, iter(documents), **keywords).fingerprint() == expected
    assert train(kind, (text.encode() for text in documents), **keywords).fingerprint() == expected
    pa = pytest.importorskip("pyarrow")
    assert train(kind, pa.chunked_array([documents[:100], documents[100:]]), **keywords).fingerprint() == expected
    pd = pytest.importorskip("pandas")
    assert train(kind, pd.Series(documents), **keywords).fingerprint() == expected


def test_sources(corpus):
    def fingerprint(source, **options):
        return libtok.train_bpe(source, vocab_size=400, **options).fingerprint()

    path = corpus / "text.txt"
    expected = fingerprint(path)
    text = path.read_bytes().decode()
    for source in (str(path), [path], (str(path),), corpus / "text.txt.gz", iter([text]), {text}, [text.encode()]):
        assert fingerprint(source) == expected
    assert fingerprint([path, corpus / "other.txt"]) == fingerprint(iter([text, text[::-1]])) != expected
    fields = [json.loads(line)["a"]["b"] for line in (corpus / "text.jsonl").open()]
    assert fingerprint(corpus / "text.jsonl", split="jsonl:a.b") == fingerprint(iter(fields))
    assert fingerprint(path, split="sep:## ") == fingerprint(iter(text.split("## ")))
    invalid = [b"a\xffb " * 5000, text.encode()]
    assert fingerprint(iter(invalid), utf8="replace") == fingerprint(iter(["a\ufffdb " * 5000, text]))
    assert fingerprint(iter(invalid), utf8="bytes") != expected
    assert fingerprint(iter(["\ud800", text]), utf8="bytes") == fingerprint(iter([b"\xed\xa0\x80", text]), utf8="bytes")


def test_empty_text_is_no_error():
    for nothing in (iter([]), iter(["", ""])):
        assert libtok.train_bpe(nothing, vocab_size=300).vocab_size == 256
    with pytest.raises(libtok.TokError, match="no text"):
        libtok.train_unigram(iter([]), vocab_size=300)


def test_any_number_of_threads_and_any_memory(corpus):
    path = corpus / "text.txt"
    for name, options in (("bpe", {}), ("superbpe", {}), ("unigram", {}), ("char", {})):
        expected = train(name, path, vocab_size=400).fingerprint()
        for more in ({"n_threads": 1}, {"n_threads": 3}, {"n_threads": 2, "memory": 64 << 20}, {"n_threads": 1, "memory": "40MiB"}):
            assert train(name, path, vocab_size=400, **options, **more).fingerprint() == expected, (name, more)


def test_reports(corpus):
    path = corpus / "text.txt"
    report = libtok.train_bpe(path, vocab_size=400, special_tokens=["<s>"]).training_report
    assert report.kind == "bpe" and report.n_documents == 1 and report.n_bytes == path.stat().st_size and report.seconds > 0
    (stage,) = report.stages
    assert stage.n_merges == report.n_merges == 400 - 257 and stage.n_alphabet == 256 and stage.name == "merge"
    assert stage.last_count == report.last_count > 0 and 0 < report.n_tied <= report.n_merges
    report = libtok.train_superbpe(path, vocab_size=400).training_report
    assert [stage.name for stage in report.stages] == ["subwords", "superwords"] and report.n_merges == 400 - 256
    assert report.n_bytes == path.stat().st_size
    assert libtok.train_picky(path, vocab_size=500, threshold=0.6).training_report.facts["n_deletions"] > 0
    assert libtok.train_unigram(path, vocab_size=400).training_report.facts["loss"] > 0
    facts = libtok.train_lib(path, vocab_size=600, n_steps=5).training_report.facts
    assert facts["n_steps"] == 5 and facts["n_units"] > 0


def test_trained_tokenizers_are_tokenizers(corpus):
    trained = libtok.train_bpe(corpus / "text.txt", vocab_size=400)
    assert isinstance(trained, libtok.Tokenizer)
    assert trained.decode(trained.encode("naïve 中文")) == "naïve 中文"
    for other in (pickle.loads(pickle.dumps(trained)), copy.copy(trained), copy.deepcopy(trained)):
        assert other == trained and other.encode("of the").tolist() == trained.encode("of the").tolist()


# ---- errors


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: libtok.train_bpe("no such file", vocab_size=300), FileNotFoundError, "TOK-E001 no such file: .*iter\\("),
        (lambda: libtok.train_bpe(["once upon a time"], vocab_size=300), libtok.NotFoundError, "list of str is one of paths"),
        (lambda: libtok.train_bpe("x.pieces", vocab_size=300), ValueError, "PieceCounts.load"),
        (lambda: libtok.train_bpe(5, vocab_size=300), TypeError, "not int"),
        (lambda: libtok.train_bpe(b"text", vocab_size=300), TypeError, "not bytes"),
        (lambda: libtok.train_bpe({"a": "b"}, vocab_size=300), TypeError, "not dict"),
        (lambda: libtok.train_bpe(iter(["a", 5]), vocab_size=300), TypeError, "document 1 is of type int"),
        (lambda: libtok.train_superbpe(iter(["a", None]), vocab_size=300), TypeError, "document 1 is of type NoneType"),
        (lambda: libtok.train_bpe(iter(["a", b"b\xff"]), vocab_size=300), libtok.TokError, "TOK-E010 document 1: byte 1: "),
        (lambda: libtok.train_bpe(iter(["a\ud800"]), vocab_size=300), libtok.TokError, "TOK-E010 document 0: byte 1: "),
        (lambda: libtok.train_superbpe(iter(["a", b"b\xff"]), vocab_size=300), libtok.TokError, "TOK-E010 document 1: byte 1: "),
        (lambda: libtok.train_bpe(iter(["a"]), vocab_size=300, split="lines"), ValueError, "split is of files"),
        (lambda: libtok.train_superbpe(iter(["a"]), vocab_size=300, split="lines"), ValueError, "split is of files"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=0), ValueError, "vocab_size is 1 to"),
        (lambda: libtok.train_bpe(iter([]), vocab_size="300"), TypeError, "vocab_size is a whole number, not str"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300.0), TypeError, "vocab_size is a whole number, not float"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=True), TypeError, "vocab_size is a whole number, not bool"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=100), libtok.TokError, "TOK-E040"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, min_frequency=-1), ValueError, "min_frequency"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, pattern="gtp2"), ValueError, "did you mean 'gpt2'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, pattern="bert"), ValueError, "cuts text"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, pattern="(a"), libtok.TokError, "TOK-E024"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, pattern=5), TypeError, "pattern is str"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, digits="2"), ValueError, "digits '2'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, normalizer="nfq"), ValueError, "normalizer 'nfq'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, utf8="no"), ValueError, "utf8 'no'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, alphabet="some"), ValueError, "alphabet 'some'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, memory="much"), ValueError, "memory 'much'"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, memory="1K"), MemoryError, "TOK-E030"),
        (lambda: libtok.train_bpe(libtok.count_pieces(iter([])), vocab_size=300, memory="1K"), libtok.LimitError, "TOK-E030"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, special_tokens="<s>"), TypeError, "list of str"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, special_tokens=["a", "a"]), ValueError, "given twice"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, special_tokens=[""]), ValueError, "is empty"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, special_tokens=[5]), TypeError, "special token is str"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, progress=5), TypeError, "progress is a callable"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, resume=True), ValueError, "checkpoint="),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, transition=5), TypeError, "transition"),
        (lambda: libtok.train_bpe(iter([]), vocab_size=60000, continue_from="gpt2"), TypeError, "continue_from is Tokenizer"),
        (
            lambda: libtok.train_bpe(iter([]), vocab_size=60000, continue_from=libtok.load("gpt2"), pattern="gpt2"),
            ValueError,
            "pattern does not go with continue_from",
        ),
        (
            lambda: libtok.train_bpe(iter([]), vocab_size=60000, continue_from=libtok.load("gpt2"), whole_tokens=["a"]),
            ValueError,
            "whole_tokens does not go with continue_from",
        ),
        (lambda: libtok.train_bpe(iter([]), vocab_size=300, continue_from=libtok.load("gpt2")), libtok.TokError, "TOK-E040"),
        (lambda: libtok.train_superbpe(iter([]), vocab_size=300, transition=301), libtok.TokError, "transition"),
        (lambda: libtok.train_superbpe(iter([]), vocab_size=300, transition=100), libtok.TokError, "transition"),
        (lambda: libtok.train_picky(iter([]), vocab_size=300, threshold=2), libtok.TokError, "threshold"),
        (lambda: libtok.train_char(iter([]), vocab_size=300, max_length=1), libtok.TokError, "TOK-E040"),
        (lambda: libtok.train_char(iter([]), vocab_size=300, unk_token="u"), ValueError, "unk_token means nothing"),
        (lambda: libtok.train_char(iter([]), vocab_size=300, unit="chars", alphabet="all"), ValueError, "alphabet means nothing"),
        (lambda: libtok.train_dna(iter([]), vocab_size=300, ambiguous="keep"), ValueError, "ambiguous 'keep'"),
        (lambda: libtok.train_unigram(iter([]), vocab_size=300, shrinking_factor=2), libtok.TokError, "TOK-E040"),
        (lambda: libtok.train_lib(iter([]), vocab_size=200), libtok.TokError, "TOK-E040"),
        (lambda: libtok.train_lib(iter([]), vocab_size=300, order="any"), ValueError, "order 'any'"),
        (lambda: libtok.train_parity(iter([]), vocab_size=300), TypeError, "source is Mapping"),
        (lambda: libtok.train_parity({"a": iter([])}, vocab_size=300, alpha=3), ValueError, "alpha means nothing"),
        (lambda: libtok.train_parity({"a": iter([])}, vocab_size=300, dev={"b": "x"}), ValueError, "dev has 'b'"),
        (lambda: libtok.train_parity({"a": iter([]), "b": iter([])}, vocab_size=300, dev={"b": "x"}), ValueError, "dev has no"),
        (lambda: libtok.train_parity({"a": iter([])}, vocab_size=300, ratio={"b": 2}), ValueError, "ratio has 'b'"),
        (lambda: libtok.train_parity({}, vocab_size=300), libtok.TokError, "TOK-E040"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_what_is_wrong_is_said_before_text_is_read():
    def never():
        raise AssertionError("text was read")
        yield

    for wrong in (
        lambda: libtok.train_bpe(never(), vocab_size=100),
        lambda: libtok.train_bpe(never(), vocab_size=300, pattern="(a"),
        lambda: libtok.train_superbpe(never(), vocab_size=300, transition=3),
        lambda: libtok.train_picky(never(), vocab_size=300, threshold=0),
        lambda: libtok.train_unigram(never(), vocab_size=300, n_sub_iterations=0),
        lambda: libtok.train_wordpiece(never(), vocab_size=300, pattern="gtp2"),
        lambda: libtok.train_char(never(), vocab_size=300, max_length=0),
        lambda: libtok.train_dna(never(), vocab_size=300, memory="1K"),
        lambda: libtok.train_parity({"a": never()}, vocab_size=300, window=3, alpha=0),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_what_the_iterable_raises_comes_through():
    def broken():
        yield "a " * 1_000_000
        raise KeyError("mine")

    for kind in ("bpe", "superbpe", "lib", "unigram"):
        with pytest.raises(KeyError, match="mine"):
            train(kind, broken(), vocab_size=300)


# ---- the package


def test_importing_is_cheap():
    code = "import sys, libtok; print([name for name in ('numpy', 'pyarrow', 'tqdm', 'pandas') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"


def _train_in_child(path, queue):
    queue.put(libtok.train_bpe(path, vocab_size=400, n_threads=2).fingerprint())


def test_fork_after_training(corpus):
    path = str(corpus / "text.txt")
    expected = libtok.train_bpe(path, vocab_size=400, n_threads=2)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    for _ in range(3):
        child = context.Process(target=_train_in_child, args=(path, queue))
        child.start()
        assert queue.get(timeout=60) == expected.fingerprint()
        child.join(60)
        assert child.exitcode == 0


def test_documented_examples():
    import doctest

    from libtok import _piece_counts, _train, _train_other

    for module in (_train, _train_other, _piece_counts):
        result = doctest.testmod(module)
        assert result.failed == 0 and result.attempted > 0, module
