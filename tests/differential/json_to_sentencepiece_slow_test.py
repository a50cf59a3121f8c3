"""Published tokenizer.json files as SentencePiece models: the ids of both peers on every line of the UDHR."""

import pytest

tokenizers = pytest.importorskip("tokenizers")
spm = pytest.importorskip("sentencepiece")

import peers  # noqa: E402
import real_texts  # noqa: E402
from json_to_sentencepiece_test import assert_ids_are_hugging_faces, convert, outside_of_json  # noqa: E402


@pytest.mark.parametrize("name", ["llama2", "gemma3"])
def test_every_line_of_the_udhr(tok, tmp_path, name):
    content = peers.shared_file(f"{name}.tokenizer.json")
    if content is None or real_texts.udhr() is None:
        pytest.skip(f"no {name}.tokenizer.json or no corpora here")
    source, model = tmp_path / f"{name}.json", tmp_path / f"{name}.model"
    source.write_bytes(content)
    warnings = convert(tok, source, model)
    lines = list(dict.fromkeys(line for document in real_texts.udhr() for line in document.splitlines() if line))
    lines += ["\n".join(lines[i : i + 60]) for i in range(0, len(lines), 600)]
    processor = spm.SentencePieceProcessor(model_file=str(model))
    assert_ids_are_hugging_faces(source, model, outside_of_json(warnings, processor, lines))
