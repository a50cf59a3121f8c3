#!/usr/bin/env python3
"""Generates tokenizer files that between them use every feature of Hugging Face `tokenizers`, SentencePiece and
tekken/tiktoken files: each alone, then in the combinations that published tokenizers use.

    make_configs.py OUT_DIR [NAME ...]

CONFIGS maps a name to a function that returns the tokenizer.json as a dictionary; SENTENCEPIECE maps a name to
training options; TEKKEN to (pattern, specials). Everything is deterministic.
"""

import json
import pathlib
import sys

import bases
import config_added_tokens
import config_ends
import config_families
import config_models
import config_normalizers
import config_pre_tokenizers  # noqa: F401  (importing a part registers its configurations)
from config_common import CONFIGS
from config_other_formats import SENTENCEPIECE, TEKKEN, rank_vocabulary, tekken_json  # noqa: F401
from config_strange import REFUSED, STRANGE  # noqa: F401


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def make(kind, name, folder):
    """Writes one configuration and returns its path."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sentencepiece":
        path = folder / f"sentencepiece_{name}.model"
        options = dict(SENTENCEPIECE[name])
        path.write_bytes(bases.sentencepiece_model(name, options.pop("kind"), options.pop("size"), **options))
        return path
    if kind == "tekken":
        return write(folder / f"tekken_{name}.json", tekken_json(TEKKEN[name]))
    registry = {"config": CONFIGS, "strange": STRANGE}[kind]
    return write(folder / f"{kind}_{name}.json", registry[name]())


def everything():
    return (
        [("config", n) for n in CONFIGS]
        + [("strange", n) for n in STRANGE]
        + [("sentencepiece", n) for n in SENTENCEPIECE]
        + [("tekken", n) for n in TEKKEN]
    )


if __name__ == "__main__":
    wanted = set(sys.argv[2:])
    for kind_, name_ in everything():
        if not wanted or name_ in wanted:
            print(make(kind_, name_, sys.argv[1]))
