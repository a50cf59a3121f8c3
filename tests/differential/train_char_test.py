"""tok train char: Hugging Face's BPE with a limit of length, and what KL3M's programs add to it."""

import json

import pytest
import training_texts
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())
SPECIAL = ["<|start|>", "<|end|>"]


def text_of(language):
    text = training_texts.text_of(language, 300_000)
    if text is None:
        pytest.skip(f"no text in {language}: set TOK_CORPORA")
    return text


def huggingface(text, size, max_length, pre_tokenizer, alphabet, model=None):
    tokenizer = Tokenizer(model or models.BPE())
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizers.NFKC(), pre_tokenizer
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, max_token_length=max_length + 1, special_tokens=SPECIAL,
                                  initial_alphabet=alphabet)
    tokenizer.train_from_iterator([text], trainer)
    return tokenizer


def whitespace_padding(size, wanted):
    """What KL3M's programs add to reach a power of two: 2, 3, ... spaces and line feeds in turn."""
    padding = [c * length for length in range(2, 2 + wanted) for c in " \n"][: wanted - size]
    assert len(padding) == wanted - size
    return padding


def added(tokenizer_json):
    return [(token["id"], token["content"], token["special"], token["normalized"]) for token in json.loads(tokenizer_json)["added_tokens"]]


@pytest.mark.parametrize("language", ["code", "english", "turkish", "chinese"])
@pytest.mark.parametrize("max_length", [2, 3, 4])
def test_bytes(tok, tmp_path, language, max_length):
    text = text_of(language)
    path, output = tmp_path / "text", tmp_path / "char.json"
    path.write_bytes(text.encode())
    specials = [part for token in SPECIAL for part in ("--special", token)]
    tok.must("train", "char", "-n", "2035", "--max-length", max_length, *specials, "--pad-to-power-of-2", "-o", output, path)
    theirs = huggingface(text, 2035, max_length, pre_tokenizers.ByteLevel(add_prefix_space=False), BYTES)
    size = theirs.get_vocab_size()
    padding = whitespace_padding(size, 1 << (size - 1).bit_length())
    ours = json.loads(output.read_text(encoding="utf-8"))
    model = json.loads(theirs.to_str())["model"]
    assert ours["model"]["vocab"] == model["vocab"] and [list(m) for m in ours["model"]["merges"]] == [list(m) for m in model["merges"]]
    assert max(map(len, set(model["vocab"]) - set(SPECIAL))) == max_length
    theirs.add_tokens([AddedToken(token, normalized=True) for token in padding])
    assert added(output.read_text(encoding="utf-8")) == added(theirs.to_str())
    sample = text[:20_000] + "\n\n\n    x  \n"
    loaded = Tokenizer.from_file(str(output))
    assert loaded.encode(sample).ids == theirs.encode(sample).ids == tok.encode(output, [sample]).lists()[0]


def test_padding_is_that_of_the_published_4k_tokenizer():
    # kl3m-004-char-4k-cased: 4083 trained tokens, then these.
    published = ["  ", "\n\n", "   ", "\n\n\n", "    ", "\n\n\n\n", "     ", "\n\n\n\n\n", "      ", "\n\n\n\n\n\n", "       ", "\n\n\n\n\n\n\n",
                 "        "]
    assert whitespace_padding(4083, 4096) == published


@pytest.mark.parametrize("language", ["code", "chinese"])
def test_characters(tok, tmp_path, language):
    text = text_of(language)
    path, output = tmp_path / "text", tmp_path / "char.json"
    path.write_bytes(text.encode())
    specials = [part for token in SPECIAL for part in ("--special", token)]
    n_characters = len(set(normalizers.NFKC().normalize_str(text)))
    size = n_characters + 800
    tok.must("train", "char", "--unit", "chars", "--pattern", r"\s+|\w+", "-n", size, "--unk", SPECIAL[1], *specials, "-o", output, path)
    theirs = huggingface(text, size, 3, pre_tokenizers.Split(Regex(r"\s+|\w+"), "isolated"), [], models.BPE(unk_token=SPECIAL[1]))
    assert json.loads(output.read_text())["model"]["vocab"] == json.loads(theirs.to_str())["model"]["vocab"]
    sample = text[:5000] + "\u2603\U0001f40c"
    assert tok.encode(output, [sample]).lists()[0] == theirs.encode(sample).ids
    assert tok.decode(output, [theirs.encode(text[:500]).ids]) == [normalizers.NFKC().normalize_str(text[:500])]


@pytest.mark.parametrize("kind", ["bpe", "char"])
def test_whole_tokens(tok, tmp_path, kind):
    text = text_of("code")
    path, tokens, output = tmp_path / "text", tmp_path / "tokens", tmp_path / "whole.json"
    path.write_bytes(text.encode())
    whole = ["the", "return", "->second", "\t\t", "std::vector<", "  \n", "\u4e16x", "quux1776", "e"]
    tokens.write_text("the\nreturn\r\n->second\n\\t\\t\n\nstd::vector<\n  \\n\n\u4e16x\nquux1776\ne\n", encoding="utf-8")
    tok.must("train", kind, "-n", "1000", "--tokens", tokens, "--special", "<s>", "-o", output, path)
    loaded = Tokenizer.from_file(str(output))
    assert loaded.get_vocab_size() == 1000
    sample = "".join(f"{a}{b} {a} x" for a in whole for b in whole)
    ids = loaded.encode(sample).ids
    assert ids == tok.encode(output, [sample]).lists()[0]
    assert loaded.decode(ids) == sample
    for token in whole:
        assert len(loaded.encode(token).ids) == 1, token
        assert loaded.encode(f"zz{token}zz").tokens.count(token) == 1
    # Merges are those of a training without them, as many as there is room for.
    plain = tmp_path / "plain.json"
    tok.must("train", kind, "-n", "1000", "--special", "<s>", "-o", plain, path)
    merges = [json.loads(p.read_text())["model"]["merges"] for p in (output, plain)]
    assert merges[0] == merges[1][: len(merges[0])] and len(merges[0]) > 700
