"""tok train unigram: Hugging Face's vocabulary, and a tokenizer.json and a .model that give its ids."""

import json

import pytest
import sentencepiece
import training_texts
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from unigram_peer import assert_same

METASPACE = pre_tokenizers.Metaspace()


def lines_of(language):
    text = training_texts.text_of(language, 150_000)
    if text is None:
        pytest.skip(f"no text in {language}: set TOK_CORPORA")
    return text.split("\n")


def huggingface(lines, pre_tokenizer, normalizer=None, **options):
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    # An empty line is an empty piece to it, which it cannot bear; nor, in code, lines of one character.
    trainer = trainers.UnigramTrainer(show_progress=False, **options)
    tokenizer.train_from_iterator([line for line in lines if line], trainer)
    return tokenizer


def vocabulary(tokenizer_json):
    return [tuple(entry) for entry in json.loads(tokenizer_json)["model"]["vocab"]]


# name: options of tok train, Hugging Face's pre-tokenizer, normalizer, options of its trainer
CONFIGURATIONS = {
    "plain": (["-n", "2500"], METASPACE, None, {"vocab_size": 2500, "unk_token": "<unk>"}),
    "options": (
        ["-n", "2000", "--unk", "[U]", "--special", "<s>", "--special", "[U]", "--shrinking-factor", "0.6", "--max-piece-length", "7",
         "--sub-iterations", "3", "--seed-size", "20000", "--normalizer", "nfkc", "--normalizer", "lowercase"],
        METASPACE,
        normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()]),
        {"vocab_size": 2000, "unk_token": "[U]", "special_tokens": ["<s>", "[U]"], "shrinking_factor": 0.6, "max_piece_length": 7,
         "n_sub_iterations": 3, "seed_size": 20000},
    ),
    "digits": (
        ["-n", "2200", "--digits", "1"],
        pre_tokenizers.Sequence([METASPACE, pre_tokenizers.Split(Regex(r"\p{N}"), "isolated")]),
        None,
        {"vocab_size": 2200, "unk_token": "<unk>"},
    ),
    "whitespace": (
        ["-n", "2200", "--pattern", "whitespace"],
        pre_tokenizers.Whitespace(),
        None,
        {"vocab_size": 2200, "unk_token": "<unk>"},
    ),
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("language", ["english", "german", "turkish"])
def test_vocabulary_and_ids(tok, tmp_path, name, language):
    lines = lines_of(language)
    arguments, pre_tokenizer, normalizer, options = CONFIGURATIONS[name]
    path, output = tmp_path / "text", tmp_path / "unigram.json"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    tok.must("train", "unigram", *arguments, "-o", output, path)
    theirs = huggingface(lines, pre_tokenizer, normalizer, **options)
    ours = output.read_text(encoding="utf-8")
    assert_same(vocabulary(ours), vocabulary(theirs.to_str()))
    # The file is the tokenizer that libtok uses.
    sample = [line for line in lines[:400] if "\u2581" not in line]
    loaded = Tokenizer.from_str(ours)
    assert tok.encode(output, sample).lists() == [loaded.encode(line).ids for line in sample]


@pytest.mark.parametrize("language", ["code", "english", "turkish", "japanese", "mixed"])
def test_sentencepiece_reads_the_model(tok, tmp_path, language):
    lines = [" ".join(line.split()) for line in lines_of(language)]
    path, model, image = tmp_path / "text", tmp_path / "unigram.model", tmp_path / "unigram.tok"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    arguments = ["train", "unigram", "-n", "3500", "--special", "<s>", "--special", "</s>"]
    tok.must(*arguments, "-o", model, path)
    tok.must(*arguments, "-o", image, path)
    peer = sentencepiece.SentencePieceProcessor(model_file=str(model))
    assert peer.get_piece_size() == len(peer) == 3500
    assert (peer.unk_id(), peer.bos_id(), peer.eos_id()) == (0, 1, 2)
    sample = [line for line in lines[:1500] if line and not {"\u2581", "<s>", "</s>"} & set(line.split())]
    assert len(sample) > 100
    wanted = peer.encode(sample)
    assert tok.encode(model, sample).lists() == wanted
    # Of equally likely ways to write a line the sums decide, which SentencePiece takes in single precision.
    likelihood = lambda ids: sum(peer.get_score(i) for i in ids)  # noqa: E731
    differ = [(a, b) for a, b in zip(tok.encode(image, sample).lists(), wanted, strict=True) if a != b]
    assert len(differ) <= len(sample) // 100
    assert all(abs(likelihood(a) - likelihood(b)) < 1e-5 * abs(likelihood(a)) for a, b in differ)
    assert [peer.decode(ids) for ids in wanted] == sample


def test_counts_are_the_text(tok, tmp_path):
    lines = lines_of("code")
    path, counts = tmp_path / "text", tmp_path / "text.pieces"
    path.write_text("\n".join(lines), encoding="utf-8", newline="")
    outputs = [tmp_path / "text.json", tmp_path / "counts.json"]
    tok.must("pieces", "count", "--text", "--split", "lines", "-o", counts, path)
    tok.must("train", "unigram", "-n", "2000", "-o", outputs[0], path)
    tok.must("train", "unigram", "-n", "2000", "--counts", counts, "-o", outputs[1])
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
    assert b"metaspace" in tok.must("pieces", "show", counts).stdout
