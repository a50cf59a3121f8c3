"""tok train bpe --continue: published tokenizers with more tokens. Their ids and merges stay, and Hugging Face loads what
comes out and gives the same ids.

That the new merges are the right ones is tests/unit/train/continued_bpe_test.cc's; here, that one long training is the same
as a short one continued.
"""

import json

import peers
import pytest
import training_texts
from tokenizers import Tokenizer

N_NEW = 700


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """In a language that the bases know little of."""
    found = training_texts.text_of("thai", 200_000) or training_texts.text_of("code", 600_000)
    path = tmp_path_factory.mktemp("text") / "text"
    path.write_text(found, encoding="utf-8")
    return path


def base_file(tok, name, folder):
    """The base as a tokenizer.json, and what --continue is given."""
    path = folder / "base.json"
    if name in ("gpt2", "cl100k_base", "o200k_base"):
        tok.must("convert", name, path)
        return path, name
    content = peers.shared_file(f"{name}.tokenizer.json")
    if content is None:
        pytest.skip("no published tokenizer.json files (TOK_SHARED_VOCAB)")
    path.write_bytes(content)
    return path, path


def merge_pairs(model):
    return [tuple(merge.split(" ")) if isinstance(merge, str) else tuple(merge) for merge in model["merges"]]


def check_continued(tok, tmp_path, text, name):
    path, given = base_file(tok, name, tmp_path)
    again = tmp_path / "again.json"  # as our writer spells what it does not change
    tok.must("convert", path, again)
    rewritten = json.loads(again.read_text(encoding="utf-8"))
    base = json.loads(path.read_text(encoding="utf-8"))
    old = Tokenizer.from_file(str(path))
    n_old = 1 + max(old.get_vocab().values())
    size, output = n_old + N_NEW, tmp_path / "more.json"
    tok.must("train", "bpe", "--continue", given, "-n", size, "--split", "lines-lf", "-o", output, text)
    more = json.loads(output.read_text(encoding="utf-8"))
    assert merge_pairs(more["model"])[: -N_NEW] == merge_pairs(base["model"])
    for part in ("added_tokens", "normalizer", "pre_tokenizer", "decoder", "post_processor"):
        assert more[part] == rewritten[part], part

    new = Tokenizer.from_file(str(output))
    assert old.get_vocab().items() <= new.get_vocab().items()
    added = set(new.get_vocab().values()) - set(old.get_vocab().values())
    assert added == set(range(n_old, size))
    documents = [text.read_text(encoding="utf-8")[:30_000], *training_texts.text_of("code", 30_000).splitlines()[:300]]
    expected = [encoding.ids for encoding in new.encode_batch(documents, add_special_tokens=False)]
    assert tok.encode(output, documents).lists() == expected
    assert sum(len(ids) for ids in expected[:1]) < len(old.encode(documents[0]).ids)  # it learned something


@pytest.mark.parametrize("name", ["gpt2", "o200k_base", "llama3"])
def test_published_tokenizers(tok, tmp_path, text, name):
    check_continued(tok, tmp_path, text, name)


def test_other_formats(tok, tmp_path, text):
    """Ranks in and out: what cannot be read as ranks is refused by the writer, not here."""
    outputs = [tmp_path / f"more.{suffix}" for suffix in ("json", "tok", "tiktoken")]
    for output in outputs:
        tok.must("train", "bpe", "--continue", "gpt2", "-n", 50300, "-o", output, text)
    again = tmp_path / "again.json"
    tok.must("convert", outputs[2], again, "--pattern", "gpt2", "--special", "<|endoftext|>=50256")
    documents = [text.read_text(encoding="utf-8")[:30_000]]
    expected = tok.encode(outputs[0], documents).lists()
    assert max(expected[0]) > 50256
    assert tok.encode(outputs[1], documents).lists() == expected
    assert tok.encode(again, documents).lists() == expected


@pytest.mark.parametrize("pattern", ["gpt2", "o200k", "none"])
def test_one_long_training_is_a_short_one_continued(tok, tmp_path, text, pattern):
    """Through files, by their bytes."""
    common = ["--split", "lines-lf", text]
    cut = ["--pattern", pattern, "--special", "<|end|>"]
    tok.must("train", "bpe", "-n", 5000, "-o", tmp_path / "once.json", *cut, *common)
    tok.must("train", "bpe", "-n", 3000, "-o", tmp_path / "short.json", *cut, *common)
    tok.must("train", "bpe", "-n", 5000, "-o", tmp_path / "long.json", "--continue", tmp_path / "short.json", *common)
    assert (tmp_path / "long.json").read_bytes() == (tmp_path / "once.json").read_bytes()


@pytest.mark.parametrize("name", ["llama2", "gemma3"])
def test_sentencepiece_vocabularies_are_refused(tok, tmp_path, text, name):
    path, _ = base_file(tok, name, tmp_path)
    run = tok.run("train", "bpe", "--continue", path, "-n", 300_000, "-o", tmp_path / "x.json", text)
    assert run.returncode == 2 and b"TOK-E022" in run.stderr
