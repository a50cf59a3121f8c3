"""Tokenizer files to damage: a small good one of each format, with any part of it changed, and the codes of refusals."""

import base64
import copy
import json

BAD_FORMAT, VOCABULARY, UNSUPPORTED, MERGES, PATTERN, UNKNOWN, LIMIT = 20, 21, 22, 23, 24, 25, 30
NOT_FOUND, UNREADABLE = 1, 2


def good():
    """A small, complete BPE file."""
    vocab = {c: i for i, c in enumerate("abcdefgh")}
    merges = [["a", "b"], ["ab", "c"], ["d", "e"]]
    for left, right in merges:
        vocab[left + right] = len(vocab)
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocab,
            "merges": merges,
        },
    }


def unigram(**changes):
    model = {
        "type": "Unigram",
        "unk_id": 0,
        "vocab": [["<unk>", 0.0], ["a", -1.0], ["b", -2.0], ["ab", -1.5]],
        "byte_fallback": False,
    }
    return changed(model={**model, **changes})


def changed(**fields):
    return {**good(), **fields}


def model(**fields):
    value = good()
    value["model"].update(fields)
    return value


def without(*path):
    value = copy.deepcopy(good())
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return value


def added(**fields):
    token = {
        "id": 11,
        "content": "<x>",
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
    token.update(fields)
    return changed(added_tokens=[{k: v for k, v in token.items() if v is not ...}])


def charsmap(data):
    return changed(
        normalizer={
            "type": "Precompiled",
            "precompiled_charsmap": base64.b64encode(data).decode() if isinstance(data, bytes) else data,
        }
    )


def split(pattern):
    return changed(
        pre_tokenizer={
            "type": "Split",
            "pattern": {"Regex": pattern},
            "behavior": "Isolated",
            "invert": False,
        }
    )


def text(value):
    return json.dumps(value).encode()


WHOLE = text(good())
FILE = {BAD_FORMAT, UNKNOWN}
JSON = {BAD_FORMAT}


def tekken(**changes):
    value = {
        "config": {
            "pattern": r"\w+|\W+",
            "num_vocab_tokens": 256,
            "default_vocab_size": 276,
            "default_num_special_tokens": 20,
            "version": "v7",
        },
        "vocab": [
            {"rank": i, "token_bytes": base64.b64encode(bytes([i])).decode(), "token_str": None}
            for i in range(256)
        ],
        "special_tokens": [{"rank": 0, "token_str": "<unk>", "is_control": True}],
    }
    for key, change in changes.items():
        if key in value["config"]:
            value["config"][key] = change
        else:
            value[key] = change
    return text(value)
