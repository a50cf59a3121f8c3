"""datasets.map over several processes, forked and spawned; and the fingerprint that its cache goes by."""

import os
import subprocess
import sys
import textwrap

import datasets.fingerprint
import pytest

import libtok

SCRIPT = """
import sys

import datasets
import multiprocess

import libtok

tokenizer = libtok.load("gpt2")
texts = ["Hello world", "", "naïve 中文"] * 40


def to_lists(batch):
    return {"input_ids": tokenizer.encode_batch(batch["text"]).to_lists()}


def to_table(table):
    return tokenizer.encode_table(table, "text")


if __name__ == "__main__":
    multiprocess.set_start_method(sys.argv[1])
    tokenizer.encode_batch(["a few words, " * 100000] * 4)  # threads have worked before
    expected = tokenizer.encode_batch(texts).to_lists()
    dataset = datasets.Dataset.from_dict({"text": texts})
    for mapped in (
        dataset.map(to_lists, batched=True, num_proc=2),
        dataset.with_format("arrow").map(to_table, batched=True, batch_size=7, num_proc=2).with_format(None),
    ):
        assert list(mapped["input_ids"]) == expected
        assert list(mapped["text"]) == texts
    print("equal")
"""


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_map(tmp_path, method):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(SCRIPT))
    environment = {**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, str(script), method], capture_output=True, text=True, timeout=120, env=environment
    )
    assert done.stdout.endswith("equal\n"), done.stderr


def test_hash_is_of_the_content():
    """Not of what was called, nor of the object."""
    tokenizer = libtok.load("gpt2")
    before = datasets.fingerprint.Hasher.hash(tokenizer)
    tokenizer.encode_batch(["some text"] * 100)
    assert datasets.fingerprint.Hasher.hash(tokenizer) == before == datasets.fingerprint.Hasher.hash(libtok.load("gpt2"))
    assert datasets.fingerprint.Hasher.hash(libtok.load("r50k_base")) != before
