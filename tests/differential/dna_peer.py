"""Hugging Face's BpeTrainer over sequences, and whether a file of ours holds what it trained."""

import json

from tokenizers import Tokenizer, models, trainers


def huggingface(sequences, size):
    tokenizer = Tokenizer(models.BPE(unk_token="[UNK]", fuse_unk=True))
    tokenizer.train_from_iterator(sequences, trainers.BpeTrainer(vocab_size=size, special_tokens=["[UNK]"], show_progress=False))
    return tokenizer


def assert_same_model(ours_path, theirs):
    ours, theirs = json.loads(ours_path.read_text())["model"], json.loads(theirs.to_str())["model"]
    assert ours["vocab"] == theirs["vocab"]
    assert [list(m) for m in ours["merges"]] == [list(m) for m in theirs["merges"]]
