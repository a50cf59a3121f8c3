"""`tok measure premium` counts the tokens of each language as Hugging Face's tokenizers do."""

import json
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(os.environ.get("TOK_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "differential")]

tokenizers = pytest.importorskip("tokenizers")
pytest.importorskip("numpy")

import premium_reports  # noqa: E402
import real_texts  # noqa: E402
import tok_cli  # noqa: E402
from premium_reports import premium  # noqa: E402


@pytest.fixture(scope="module", name="tok")
def fixture_tok():
    return tok_cli.Tok()


@pytest.fixture(scope="module", name="udhr")
def fixture_udhr():
    found = premium_reports.declaration()
    if found is None:
        pytest.skip("no udhr.jsonl.zst: set TOK_CORPORA")
    return found


def vocabulary(name):
    folder = real_texts.shared_vocab_folder()
    path = folder / f"{name}.tokenizer.json.zst" if folder else None
    if path is None or not path.exists():
        pytest.skip(f"no {name}.tokenizer.json.zst: set TOK_SHARED_VOCAB")
    return path


@pytest.mark.parametrize("name", ["llama3", "qwen3", "gemma3"])
def test_tokens_equal_tokenizers(tok, udhr, name):
    path, texts = udhr
    vocab = vocabulary(name)
    peer = tokenizers.Tokenizer.from_str(real_texts.zstd_text(vocab))
    expected = {}
    for code, items in texts.items():
        encodings = peer.encode_batch_fast(list(items.values()), add_special_tokens=False)
        expected[code] = sum(map(len, encodings))
    report = json.loads(premium(tok, "-t", vocab, "--parallel", path, "--reference", "eng", "--json"))
    premium_reports.check_report(report, texts, expected)
