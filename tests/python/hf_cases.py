"""Tokenizers of every kind, each as libtok's FastTokenizer and as transformers' PreTrainedTokenizerFast over one directory."""

import functools
import json
import pathlib
import random
import sys

import pytest

import libtok
import transformers
import tokenizers

from tokenizers import decoders, models, normalizers, pre_tokenizers, processors, trainers

from libtok.hf import FastTokenizer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "differential"))
import real_texts  # noqa: E402

MULTISCRIPT = pathlib.Path(__file__).parents[1].joinpath("data", "multiscript.txt").read_text(encoding="utf-8")
TEXTS = [
    "", " ", "a", "Hello world", "It's 12345.67 -- naïve 中文 🤗\r\n\n  x", "  leading, trailing  ", "e\u0301 Å ﬁ ½ ﷽ ツ゚",
    "👩‍👩‍👧 \u200d \u00a0x\u3000y", "<s> x </s><|endoftext|>[MASK]  [SEP]<mask>\n\n<mask> end", "def f(x):\n    return x\t# ok",
    "مرحبا بالعالم नमस्ते दुनिया สวัสดี", "a" * 300, "The quick brown fox. " * 20, "Paris is the capital of France",
]  # fmt: skip


def _lines():
    return MULTISCRIPT.splitlines() + ["The quick brown fox jumps over the lazy dog, hello world!"] * 5


def _bert():
    tokenizer = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=900, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(_lines(), trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")],
    )
    tokenizer.decoder = decoders.WordPiece()
    config = {name: f"[{name[:-6].upper()}]" for name in ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")}
    names = ["input_ids", "token_type_ids", "attention_mask"]
    return tokenizer, {**config, "model_max_length": 512, "model_input_names": names, "clean_up_tokenization_spaces": True}


def _roberta():
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(
        _lines(), trainers.BpeTrainer(vocab_size=900, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    )
    tokenizer.add_special_tokens([tokenizers.AddedToken("<mask>", lstrip=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    tokenizer.decoder = decoders.ByteLevel()
    roles = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "cls_token": "<s>"}
    mask = {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False}
    return tokenizer, {**roles, "sep_token": "</s>", "mask_token": {**mask, "special": True}, "model_max_length": 64}


def _llama():
    tokenizer = tokenizers.Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.train_from_iterator(
        ["hello world the quick brown fox", "Paris is the capital of France"] * 3,
        trainers.BpeTrainer(
            vocab_size=400, special_tokens=["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))], show_progress=False
        ),
    )
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = content["added_tokens"][:3]
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(content))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "</s>", "padding_side": "left"}


def _unigram():
    tokenizer = tokenizers.Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.train_from_iterator(
        _lines(),
        trainers.UnigramTrainer(vocab_size=2500, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False),
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))]
    )
    tokenizer.decoder = decoders.Metaspace()
    return tokenizer, {"eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>", "extra_special_tokens": ["<x0>", "<x1>"]}


def _gpt2():
    return libtok.load("gpt2"), {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}


MAKERS = {"gpt2": _gpt2, "bert": _bert, "roberta": _roberta, "llama": _llama, "unigram": _unigram}
_FOLDER = real_texts.shared_vocab_folder()
SHARED = sorted(path.name.split(".")[0] for path in _FOLDER.glob("*.tokenizer.json.zst")) if _FOLDER else []


def shared_json(name):
    return real_texts.zstd_text(_FOLDER / f"{name}.tokenizer.json.zst")


class Pair:
    """The same call on both."""

    def __init__(self, folder, **kwargs):
        self.mine = FastTokenizer.from_pretrained(folder, **kwargs)
        self.theirs = transformers.PreTrainedTokenizerFast.from_pretrained(folder, **kwargs)

    def __iter__(self):
        return iter((self.mine, self.theirs))


def write(folder, json_text, config):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.json").write_text(json_text, encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


_folders = {}


def folder_of(name, factory):
    if name not in _folders:
        tokenizer, config = MAKERS[name]()
        text = tokenizer.to_json() if isinstance(tokenizer, libtok.Tokenizer) else tokenizer.to_str()
        _folders[name] = write(factory.mktemp(name), text, config)
    return _folders[name]


# ---- results side by side

PANIC = "pyo3_runtime.PanicException"


def _kind(error):
    """The type of an exception by what a caller may catch; messages are our own."""
    if f"{type(error).__module__}.{type(error).__name__}" == PANIC:
        return "ValueError"  # ours, where tokenizers panics
    for base in (AttributeError, KeyError, IndexError, OverflowError, TypeError, NotImplementedError, OSError, ImportError, ValueError):
        if isinstance(error, base):
            return base.__name__
    return "Exception"


def plain(result):
    """A value that == compares, arrays with their type."""
    if hasattr(result, "dtype"):
        return str(result.dtype), result.shape, plain(result.tolist())
    if isinstance(result, (list, tuple)):
        return [plain(item) for item in result]
    if hasattr(result, "items"):
        return {key: plain(value) for key, value in result.items()}
    if hasattr(result, "content"):
        names = ("content", "single_word", "lstrip", "rstrip", "normalized", "special")
        return {name: getattr(result, name) for name in names}
    return result


def outcome(call):
    try:
        return plain(call())
    except BaseException as error:  # noqa: BLE001  PanicException is none of Exception
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        return f"raises {_kind(error)}"


def first_difference(mine, theirs, place=""):
    if type(mine) is type(theirs) and isinstance(mine, dict) and mine.keys() == theirs.keys():
        keys = list(mine)
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        keys = range(len(mine))
    else:
        return f"{place}: mine {mine!r:.300} theirs {theirs!r:.300}"
    if set(FIELDS) <= set(keys):
        place += f" {mine['tokens']} {mine['offsets']} {theirs['offsets']} "
    return next(first_difference(mine[key], theirs[key], f"{place}[{key!r}]") for key in keys if mine[key] != theirs[key])


def same(pair, use, what=""):
    mine, theirs = (outcome(functools.partial(use, tokenizer)) for tokenizer in pair)
    if theirs == "raises Exception" and mine == "raises ValueError":  # tokenizers' plain Exception; ours is one that has a name
        return
    assert mine == theirs, f"{what}\n{first_difference(mine, theirs)}"


FIELDS = ("ids", "type_ids", "tokens", "offsets", "attention_mask", "special_tokens_mask", "word_ids", "sequence_ids")


def fields(row):
    return {**{name: getattr(row, name) for name in FIELDS}, "n_sequences": row.n_sequences, "length": len(row)}


def everything(batch):
    """All that a BatchEncoding holds. What overflows from rows of overflow is an accident of how tokenizers merges them."""
    rows = [fields(row) for row in batch.encodings]
    if "overflow_to_sample_mapping" not in batch:
        for row, encoding in zip(rows, batch.encodings):
            row["overflowing"] = [fields(over) for over in encoding.overflowing]
    return {"data": dict(batch), "rows": rows, "n_sequences": batch.n_sequences}


def random_options(random: random.Random):
    """Of a call, any of them."""
    options = {}
    choices = {
        "add_special_tokens": [False],
        "padding": [True, "longest", "max_length", False, "do_not_pad"],
        "truncation": [True, "longest_first", "only_first", "only_second", False],
        "max_length": [0, 1, 2, 3, 5, 8, 16, 24, 100],
        "stride": [0, 1, 2, 4],
        "pad_to_multiple_of": [0, 1, 4, 8],
        "padding_side": ["left", "right"],
        "return_tensors": ["np"],
        "return_token_type_ids": [True, False],
        "return_attention_mask": [True, False],
        "return_overflowing_tokens": [True],
        "return_special_tokens_mask": [True],
        "return_offsets_mapping": [True],
        "return_length": [True],
        "split_special_tokens": [True],
    }
    for name, values in choices.items():
        if random.random() < 0.4:
            options[name] = random.choice(values)
    return options
