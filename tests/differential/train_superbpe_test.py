"""tok train superbpe: Hugging Face loads what it writes and gives the same ids; stage 1 is its own trainer's."""

import json
import re

import pytest
import training_texts
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

SUBWORDS = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def lines(text):
    return re.findall(r"[^\n]*\n|[^\n]+", text)


@pytest.mark.parametrize("language", training_texts.LANGUAGES)
def test_real_text(tok, tmp_path, language):
    text = training_texts.text_of(language, 600_000)
    if text is None:
        pytest.skip(f"no text in {language}: set TOK_CORPORA")
    size, transition = 2400, 1800
    path, output = tmp_path / "text", tmp_path / "tokenizer.json"
    path.write_bytes(text.encode())
    tok.must("train", "superbpe", "-n", size, "--transition", transition, "-o", output, path)
    ours = json.loads(output.read_text())["model"]
    assert len(ours["vocab"]) == size

    theirs = Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SUBWORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=transition, initial_alphabet=alphabet, show_progress=False)
    theirs.train_from_iterator(lines(text), trainer)
    stage_1 = json.loads(theirs.to_str())["model"]["merges"]
    assert ours["merges"][: len(stage_1)] == stage_1
    superwords = [token for token in ours["vocab"] if "Ġ" in token.lstrip("Ġ")]
    assert superwords or language in ("chinese", "japanese", "thai")
    assert not any(":Ġ" in token or len([word for word in token.split("Ġ") if word]) > 4 for token in superwords)

    documents = [text[:20_000], *lines(text)[:300]]
    loaded = Tokenizer.from_file(str(output))
    expected = [encoding.ids for encoding in loaded.encode_batch(documents)]
    assert tok.encode(output, documents).lists() == expected
    frozen = tmp_path / "frozen.tok"
    tok.must("freeze", output, "-o", frozen)
    assert tok.encode(frozen, documents, threads=2).lists() == expected
