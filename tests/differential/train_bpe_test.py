"""tok train bpe against Hugging Face's BpeTrainer: the same merges in the same order, the same ids.

Small generated texts with many ties go through a probe (hundreds of configurations), real text through the tool.
"""

import collections
import json
import random
import re

import probe
import pytest
import training_texts
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())


def huggingface(texts, trainer_options, pre_tokenizer=None, normalizer=None, affixes=None):
    tokenizer = Tokenizer(models.BPE(**(affixes or {})))
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    trainer = trainers.BpeTrainer(show_progress=False, **(affixes or {}), **trainer_options)
    tokenizer.train_from_iterator(texts, trainer)
    return json.loads(tokenizer.to_str())


def assert_same_model(ours, theirs):
    ours, theirs = ours["model"], theirs["model"]
    assert [list(merge) for merge in ours["merges"]] == [list(merge) for merge in theirs["merges"]]
    assert ours["vocab"] == theirs["vocab"]


@pytest.fixture(scope="module")
def trainer():
    process = probe.Probe("bpe_trainer")
    yield process
    process.close()


def random_words(generator, alphabet):
    n_words, longest, most = generator.randint(1, 40), generator.randint(1, 16), generator.choice([1, 3, 20])
    words = collections.Counter()
    for _ in range(n_words):
        word = ""
        while len(word) < longest and (not word or generator.random() < 0.85):
            word += generator.choice(alphabet) * generator.choice([1, 1, 1, 2, 3])
        words[word] += generator.randint(1, most)
    return words


def sequences(words):
    """Each word as often as it occurs, as a sequence of its own: without a pre-tokenizer it is one piece."""
    return [word for word, count in words.items() for _ in range(count)]


@pytest.mark.parametrize("first_seed", range(0, 400, 50))
def test_random_words_with_many_ties(trainer, first_seed):
    for seed in range(first_seed, first_seed + 50):
        generator = random.Random(seed)
        alphabet = "abcdefgh ~é"[: generator.randint(1, 11)]
        words = random_words(generator, alphabet)
        options = {"vocab_size": generator.randint(2, 80), "min_frequency": generator.choice([0, 0, 1, 2, 4])}
        if generator.random() < 0.3:
            options["max_token_length"] = generator.randint(1, 6)
        if generator.random() < 0.3:
            options["special_tokens"] = generator.sample(["<s>", "[é]", "</s>", "zz"], generator.randint(1, 3))
        if generator.random() < 0.3:
            options["initial_alphabet"] = generator.sample(list("xyzab"), 3)
        ours = trainer.ask({"pieces": list(words.items()), "bytes": False, "n_threads": 1 + seed % 2, **options})
        assert_same_model(ours, huggingface(sequences(words), options))


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes(trainer, seed):
    """Ties follow the order of the GPT-2 byte alphabet, in which the space comes behind all letters."""
    generator = random.Random(seed)
    words = random_words(generator, ["a", "b", " ", "\n", "é", "中", "\x7f", "\xad", "~"])
    options = {"vocab_size": generator.randint(2, 400), "special_tokens": ["<|end|>"]}
    whole = seed % 2 == 0
    ours = trainer.ask({"pieces": list(words.items()), "whole_byte_alphabet": whole, **options})
    options["initial_alphabet"] = BYTES if whole else []
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    assert_same_model(ours, huggingface(sequences(words), options, byte_level))


@pytest.mark.parametrize("seed", range(60))
def test_special_tokens_that_text_spells_out(trainer, seed):
    """A merge may make a special token: the token is used, and the vocabulary does not grow."""
    generator = random.Random(seed)
    words = random_words(generator, "ab<s>")
    options = {"vocab_size": generator.randint(8, 60), "special_tokens": ["ab", "<s>", "aa", "a"][seed % 2 :]}
    ours = trainer.ask({"pieces": list(words.items()), "bytes": False, **options})
    assert_same_model(ours, huggingface(sequences(words), options))


def test_colliding_merges_are_noticed(trainer):
    request = {"pieces": [["abab", 5]], "bytes": False, "vocab_size": 9}
    assert not trainer.ask(request)["has_collisions"]
    assert trainer.ask({**request, "special_tokens": ["ab"]})["has_collisions"]


def has_ties(words, affixes, n_merges):
    """Whether two pairs are ever the best at the same time: then Hugging Face's answer hangs on the order of a hash map."""
    prefix, suffix = affixes.get("continuing_subword_prefix", ""), affixes.get("end_of_word_suffix", "")
    pieces = [([*word], count) for word, count in words.items()]
    for symbols, _ in pieces:
        symbols[1:] = [prefix + symbol for symbol in symbols[1:]]
        symbols[-1] += suffix
    for _ in range(n_merges):
        counts = collections.Counter()
        for symbols, count in pieces:
            for pair in zip(symbols, symbols[1:], strict=False):
                counts[pair] += count
        best = counts.most_common(2)
        if len(best) < 2 or best[0][1] == best[1][1]:
            return bool(best)
        left, right = best[0][0]
        for symbols, _ in pieces:
            i = 0
            while i + 1 < len(symbols):
                if (symbols[i], symbols[i + 1]) == (left, right):
                    symbols[i : i + 2] = [left + right.removeprefix(prefix)]
                i += 1
    return False


@pytest.mark.parametrize(
    "affixes", [{"continuing_subword_prefix": "##"}, {"end_of_word_suffix": "</w>"}], ids=["prefix", "suffix"]
)
def test_affixes(trainer, affixes):
    """Hugging Face numbers affixed symbols in the order of a hash map, so only words without ties are compared."""
    n_merges, n_compared = 8, 0
    for seed in range(60):
        generator = random.Random(seed)
        words = {"".join(generator.choices("abcdef", k=7)): generator.randint(1, 3000) for _ in range(12)}
        if has_ties(words, affixes, n_merges):
            continue
        n_compared += 1
        ours = trainer.ask({"pieces": list(words.items()), "bytes": False, "vocab_size": 100, **affixes})
        theirs = huggingface(sequences(words), {"vocab_size": 100}, affixes=affixes)
        merges = [list(merge) for merge in ours["model"]["merges"]]
        assert merges[:n_merges] == theirs["model"]["merges"][:n_merges]
        assert set(ours["model"]["vocab"]) >= {symbol for merge in merges for symbol in merge}
    assert n_compared >= 10


# ---- Real text, through the tool ----------------------------------------------------------------------------------

O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|"
    r"\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_level(*regexes, use_regex=False):
    steps = [pre_tokenizers.Split(Regex(regex), "isolated") for regex in regexes]
    return pre_tokenizers.Sequence([*steps, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=use_regex)])


# name: options of tok train, pre-tokenizer, normalizer, options of BpeTrainer
CONFIGURATIONS = {
    "gpt2": (["--pattern", "gpt2", "-n", "3000"], byte_level(use_regex=True), None, {"vocab_size": 3000}),
    "o200k": (["-n", "4000"], byte_level(O200K), None, {"vocab_size": 4000}),
    "llama3_seen": (
        ["--pattern", "llama3", "-n", "2500", "--alphabet", "seen", "--special", "<|begin|>", "--special", "<|end|>"],
        byte_level(LLAMA3),
        None,
        {"vocab_size": 2500, "special_tokens": ["<|begin|>", "<|end|>"], "initial_alphabet": []},
    ),
    "own_regex_min_frequency": (
        ["--pattern", r"\w+|[^\w\s]+|\s+", "-n", "20000", "--min-frequency", "25"],
        byte_level(r"\w+|[^\w\s]+|\s+"),
        None,
        {"vocab_size": 20000, "min_frequency": 25},
    ),
    "max_token_length": (
        ["--pattern", "gpt2", "-n", "2000", "--max-token-length", "6"],
        byte_level(use_regex=True),
        None,
        {"vocab_size": 2000, "max_token_length": 6},
    ),
    "digits_nfkc": (
        ["--pattern", "llama3", "--digits", "1", "--normalizer", "nfkc", "-n", "2000"],
        byte_level(r"\p{N}", LLAMA3),
        normalizers.NFKC(),
        {"vocab_size": 2000},
    ),
    "limited_alphabet": (
        ["--pattern", "gpt2", "-n", "1500", "--alphabet", "seen"],
        byte_level(use_regex=True),
        None,
        {"vocab_size": 1500, "initial_alphabet": []},
    ),
    "lines_are_pieces": (["--pattern", "none", "-n", "1200"], byte_level(), None, {"vocab_size": 1200}),
}


def limit_without_ties(text):
    """About 60 bytes, all more frequent than the others: of equals Hugging Face drops any."""
    counts = [count for _, count in collections.Counter(text.encode()).most_common()]
    return next(n for n in range(60, 0, -1) if n < len(counts) and counts[n - 1] > counts[n])


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("language", training_texts.LANGUAGES)
def test_real_text(tok, tmp_path, name, language):
    arguments, pre_tokenizer, normalizer, options = CONFIGURATIONS[name]
    n_bytes = 60_000 if name == "lines_are_pieces" else 400_000
    text = training_texts.text_of(language, n_bytes)
    if text is None:
        pytest.skip(f"no text in {language}: set TOK_CORPORA")
    if name == "limited_alphabet":
        limit = limit_without_ties(text)
        arguments, options = [*arguments, "--limit-alphabet", limit], {**options, "limit_alphabet": limit}
    path, output = tmp_path / "text", tmp_path / "tokenizer.json"
    path.write_bytes(text.encode())
    tok.must("train", "bpe", *arguments, "--split", "lines-lf", "-o", output, path)
    options = {"initial_alphabet": BYTES, **options}
    theirs = huggingface(re.findall(r"[^\n]*\n|[^\n]+", text), options, pre_tokenizer, normalizer)
    ours = json.loads(output.read_text())
    assert_same_model(ours, theirs)
    # What it wrote is a tokenizer: Hugging Face gives the ids that its own trained one gives.
    sample = text[: 20_000 if name != "lines_are_pieces" else 2000]
    assert Tokenizer.from_file(str(output)).encode(sample).ids == Tokenizer.from_str(json.dumps(theirs)).encode(sample).ids


@pytest.mark.parametrize("name", ["o200k", "digits_nfkc"])
def test_counted_pieces_are_the_text(tok, tmp_path, name):
    """Counting in parts, merging and training from the counts writes what training from the text writes."""
    arguments = CONFIGURATIONS[name][0]
    cutting = [a for option, value in zip(arguments[::2], arguments[1::2], strict=True) if option != "-n" for a in (option, value)]
    texts = [text for language in training_texts.LANGUAGES if (text := training_texts.text_of(language, 200_000))]
    if not texts:
        pytest.skip("no text: set TOK_CORPORA")
    parts, counts = [], []
    for i, text in enumerate(texts):
        parts.append(tmp_path / f"text{i}")
        parts[i].write_bytes(text.encode())
        counts.append(tmp_path / f"{i}.pieces")
        tok.must("pieces", "count", *cutting, "--split", "lines-lf", "-o", counts[i], parts[i])
    merged, as_text = tmp_path / "all.pieces", tmp_path / "all.tsv"
    tok.must("pieces", "merge", "-o", merged, *reversed(counts))
    tok.must("pieces", "merge", "-o", as_text, *counts)
    wanted, got = tmp_path / "wanted.json", tmp_path / "got.json"
    tok.must("train", "bpe", *arguments, "--split", "lines-lf", "-o", wanted, *parts)
    tok.must("train", "bpe", "-n", arguments[arguments.index("-n") + 1], "--counts", merged, "-o", got)
    assert got.read_bytes() == wanted.read_bytes()
    # Counts as text say nothing of their rules, which then stand on the command line.
    tok.must("train", "bpe", *arguments, "--counts", as_text, "-o", got)
    assert got.read_bytes() == wanted.read_bytes()
