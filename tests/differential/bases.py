"""Small vocabularies trained on tests/data/multiscript.txt, shared by the generated configurations.

Each is trained once per process, by the peers' own trainers with one thread, so that the same sample gives the same
vocabulary.
"""

import functools
import io
import json
import os

os.environ.setdefault("RAYON_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import sentencepiece as spm
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

import texts

GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
CLIP = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def _train(model, trainer, normalizer=None, pre_tokenizer=None):
    tokenizer = Tokenizer(model)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(texts.sample_lines(), trainer)
    return json.loads(tokenizer.to_str())["model"]


def byte_alphabet():
    return sorted(pre_tokenizers.ByteLevel.alphabet())


@functools.cache
def byte_level_bpe(size=2400):
    return _train(
        models.BPE(),
        trainers.BpeTrainer(vocab_size=size, initial_alphabet=byte_alphabet(), show_progress=False),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False),
    )


@functools.cache
def byte_level_bpe_unsplit(size=2400):
    """Merges that cross words, digits and line ends: every difference in splitting shows in the ids."""
    return _train(
        models.BPE(),
        trainers.BpeTrainer(vocab_size=size, initial_alphabet=byte_alphabet(), show_progress=False),
        pre_tokenizer=pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    )


@functools.cache
def char_bpe(prefix="", suffix="", lowercase=False, size=1800):
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<unk>"],
        show_progress=False,
        **({"continuing_subword_prefix": prefix} if prefix else {}),
        **({"end_of_word_suffix": suffix} if suffix else {}),
    )
    model = models.BPE(
        unk_token="<unk>",
        **({"continuing_subword_prefix": prefix} if prefix else {}),
        **({"end_of_word_suffix": suffix} if suffix else {}),
    )
    return _train(model, trainer, normalizers.Lowercase() if lowercase else None, pre_tokenizers.Whitespace())


@functools.cache
def clip_bpe(size=1800):
    alphabet = byte_alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    model = _train(
        models.BPE(end_of_word_suffix="</w>"),
        trainer,
        normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()]),
        pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(Regex(CLIP), "removed", invert=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        ),
    )
    return with_tokens(model, [c + "</w>" for c in alphabet])


@functools.cache
def metaspace_bpe(byte_fallback=True, size=2000):
    """Llama-like: whole sentences with U+2581, byte tokens."""
    byte_tokens = [f"<0x{b:02X}>" for b in range(256)] if byte_fallback else []
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<unk>", "<s>", "</s>"] + byte_tokens,
        show_progress=False,
        max_token_length=16,
        limit_alphabet=300,
    )
    model = _train(
        models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=byte_fallback),
        trainer,
        normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]),
    )
    return model


@functools.cache
def unigram(byte_fallback=False, size=1200):
    trainer = trainers.UnigramTrainer(
        vocab_size=size,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        unk_token="<unk>",
        show_progress=False,
    )
    model = _train(models.Unigram(), trainer, normalizers.NFKC(), pre_tokenizers.Metaspace())
    model["unk_id"] = 3
    if byte_fallback:
        model["byte_fallback"] = True
        model["vocab"] = model["vocab"][:4] + [[f"<0x{b:02X}>", 0.0] for b in range(256)] + model["vocab"][4:]
    return model


@functools.cache
def wordpiece(lowercase=True, size=1600):
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], show_progress=False
    )
    return _train(
        models.WordPiece(unk_token="[UNK]"),
        trainer,
        normalizers.BertNormalizer(lowercase=lowercase),
        pre_tokenizers.BertPreTokenizer(),
    )


@functools.cache
def wordlevel(size=900):
    trainer = trainers.WordLevelTrainer(
        vocab_size=size, special_tokens=["<unk>", "<pad>"], show_progress=False
    )
    return _train(models.WordLevel(unk_token="<unk>"), trainer, pre_tokenizer=pre_tokenizers.Whitespace())


def with_tokens(model, tokens):
    """A copy of a model whose vocabulary also has `tokens`, with the next free ids."""
    vocab = dict(model["vocab"])
    for token in tokens:
        if token not in vocab:
            vocab[token] = max(vocab.values()) + 1
    return {**model, "vocab": vocab}


def size_of(model):
    vocab = model["vocab"]
    return max(vocab.values()) + 1 if isinstance(vocab, dict) else len(vocab)


@functools.cache
def sentencepiece_model(name, kind, size, **options):
    """Serialized ModelProto trained by the reference trainer."""
    out = io.BytesIO()
    lines = [line for line in texts.sample_lines() if line.strip()] * 2
    spm.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=out,
        model_type=kind,
        vocab_size=size,
        num_threads=1,
        minloglevel=2,
        hard_vocab_limit=False,
        **{k: list(v) if isinstance(v, tuple) else v for k, v in options.items()},
    )
    return out.getvalue()


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def message_fields(data):
    """(field number, value) of a protobuf message; length-delimited values are bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 2:
            size, at = _varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        elif kind == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
        else:
            size = {1: 8, 5: 4}[kind]
            yield key >> 3, data[at : at + size]
            at += size


@functools.cache
def charsmap(rule="nmt_nfkc"):
    """The precompiled character map of a SentencePiece normalization rule, as the trainer stores it."""
    model = sentencepiece_model(
        f"charsmap-{rule}", "bpe", 1400, normalization_rule_name=rule, character_coverage=0.98
    )
    normalizer_spec = next(value for number, value in message_fields(model) if number == 3)
    return next(value for number, value in message_fields(normalizer_spec) if number == 2)
