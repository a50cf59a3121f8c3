"""What users get wrong: errors say what is wrong, where, and what to do."""

import json

import numpy as np
import pytest

import libtok


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.mark.parametrize(
    "name, remedy",
    [
        ("GPT2", "did you mean 'gpt2'"), ("cl100k_bse", "did you mean 'cl100k_base'"), ("gpt-4o", "'o200k_base'"),
        ("meta-llama/Llama-3-8B", "nothing is downloaded"), ("gpt-2", "'gpt2'"),
    ],
)  # fmt: skip
def test_loading_by_a_wrong_name(name, remedy):
    with pytest.raises(libtok.NotFoundError, match=remedy) as raised:
        libtok.load(name)
    assert raised.value.code == "TOK-E001" and str(raised.value).count("TOK-E001") == 1


def test_tokenizers_are_made_by_load():
    with pytest.raises(TypeError, match="libtok.load"):
        libtok.Tokenizer("gpt2")


@pytest.mark.parametrize(
    "texts, message",
    [
        ({"text": ["a"]}, "mapping.*batch\\['text'\\]"), (["a", None], "text 1 .*NoneType"), (["a", "b", 3], "text 2 .*int"),
        ([["a"]], "text 0 .*list"), ("a", "list"),
    ],
)  # fmt: skip
def test_what_is_no_batch(gpt2, texts, message):
    for call in (gpt2.encode_batch, gpt2.count_batch):
        with pytest.raises(TypeError, match=message):
            call(texts)


def test_values_of_options(gpt2):
    for wrong, kind in ((None, TypeError), (True, TypeError), ("al", ValueError), ({"<|none|>"}, ValueError)):
        with pytest.raises(kind, match="special"):
            gpt2.encode("a", special=wrong)
    for wrong, kind in ((-1, ValueError), (1.5, TypeError), (None, TypeError), (True, TypeError)):
        with pytest.raises(kind, match="n_threads"):
            gpt2.encode_batch(["a"], n_threads=wrong)
        with pytest.raises(kind, match="max_ids"):
            gpt2.encode_prefix("a", wrong)


def test_rectangles_keep_ids(gpt2):
    rows = libtok.load("cl100k_base").encode_batch(["Hello world", "<|endoftext|>"], special="all")
    for wrong in ("uint8", "int16", "bool", "float32"):
        with pytest.raises(ValueError, match="do not fit"):
            rows.padded(0, dtype=wrong)
    with pytest.raises(ValueError, match="do not fit"):
        gpt2.encode_batch(["a"]).padded(70000, dtype="uint16")
    for wrong, kind in ((-1, ValueError), (1.5, TypeError)):
        with pytest.raises(kind, match="length"):
            rows.padded(0, length=wrong)
    for wrong in ([0, 1], np.array([True, False]), "a", 1.0):
        with pytest.raises(TypeError, match="rows are chosen"):
            rows[wrong]


def test_nothing_to_read(gpt2, tmp_path):
    for call in (
        lambda: gpt2.encode_files([], tmp_path / "out"), lambda: gpt2.count_files([]),
        lambda: gpt2.encode_parquet([], tmp_path / "out", "text"), lambda: libtok.train_bpe([], vocab_size=300),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="nothing to read"):
            call()
    assert list(tmp_path.iterdir()) == []


def test_tables_are_no_corpus():
    pd, pa = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    for table in (pd.DataFrame({"text": ["a"]}), pa.table({"text": ["a"]})):
        with pytest.raises(TypeError, match="column"):
            libtok.train_bpe(table, vocab_size=300)


def test_a_checkpoint_that_cannot_be_written_is_said_at_once(tmp_path):
    with pytest.raises(libtok.FileError, match="no checkpoint"):
        libtok.train_bpe(iter(["a b"]), vocab_size=300, checkpoint=tmp_path / "nowhere" / "file")


def test_progress_that_says_no_when_all_is_done(gpt2, tmp_path):
    (tmp_path / "in").write_text("a text")
    seen = []
    done = gpt2.encode_files(tmp_path / "in", tmp_path / "out", progress=lambda state: bool(seen.append(state)))
    assert done.n_documents == 1 and len(seen) == 1 and (tmp_path / "out").exists()


def test_directories_as_transformers_writes_them(tmp_path, gpt2):
    """Whose model_max_length has more than 64 bits."""
    transformers = pytest.importorskip("transformers")
    (tmp_path / "t.json").write_text(gpt2.to_json())
    transformers.PreTrainedTokenizerFast(tokenizer_file=str(tmp_path / "t.json")).save_pretrained(tmp_path / "saved")
    assert json.loads((tmp_path / "saved" / "tokenizer_config.json").read_text())["model_max_length"] > 2**64
    assert libtok.load(tmp_path / "saved").encode("Hello world").tolist() == [15496, 995]
