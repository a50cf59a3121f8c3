"""Small vocabularies trained on tests/data/multiscript.txt, shared by the generated configurations.

Each is trained once per process, by the peers' own trainers with one thread, so that the same sample gives the same
vocabulary.
"""

import collections
import functools
import io
import json
import math
import os
import unicodedata

os.environ.setdefault("RAYON_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import sentencepiece as spm
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

import real_texts

GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
CLIP = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def _train(model, trainer, normalizer=None, pre_tokenizer=None):
    tokenizer = Tokenizer(model)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre_tokenizer is not None:
        tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(real_texts.sample_lines(), trainer)
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


def _affixed_bpe(words, prefix, suffix, size, first_tokens):
    """A plain BPE trainer for words with a continuation prefix and an end suffix (the peer's own gives ids in hash
    order when there are affixes). Ties go to the smaller pair."""
    spelled = [
        [(prefix if i else "") + c + (suffix if i == len(word) - 1 else "") for i, c in enumerate(word)]
        for word in sorted(words)
    ]
    weights = [words[word] for word in sorted(words)]
    tokens = list(first_tokens) + sorted({symbol for word in spelled for symbol in word} - set(first_tokens))
    merges, pairs, places = [], collections.Counter(), collections.defaultdict(set)

    def count(index, sign):
        for pair in zip(spelled[index], spelled[index][1:]):
            pairs[pair] += sign * weights[index]
            places[pair].add(index)

    for index in range(len(spelled)):
        count(index, 1)
    while len(tokens) < size:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] < 2:
            break
        merged = best[0] + best[1].removeprefix(prefix)
        merges.append(list(best))
        if merged not in tokens:
            tokens.append(merged)
        for index in places.pop(best):
            count(index, -1)
            word, at = spelled[index], 0
            while at + 1 < len(word):
                if (word[at], word[at + 1]) == best:
                    word[at : at + 2] = [merged]
                at += 1
            count(index, 1)
        del pairs[best]
    return tokens, merges


def sample_words(lowercase=False, pre_tokenizer=None):
    pre_tokenizer = pre_tokenizer or pre_tokenizers.Whitespace()
    lines = [line.lower() if lowercase else line for line in real_texts.sample_lines()]
    return collections.Counter(word for line in lines for word, _ in pre_tokenizer.pre_tokenize_str(line))


def _bpe_model(tokens, merges, **options):
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
    }
    model |= {"fuse_unk": False, "byte_fallback": False, "ignore_merges": False, **options}
    return {**model, "vocab": {token: i for i, token in enumerate(tokens)}, "merges": merges}


@functools.cache
def char_bpe(prefix="", suffix="", lowercase=False, size=1800):
    tokens, merges = _affixed_bpe(sample_words(lowercase), prefix, suffix, size, ["<unk>"])
    return _bpe_model(
        tokens,
        merges,
        unk_token="<unk>",
        continuing_subword_prefix=prefix or None,
        end_of_word_suffix=suffix or None,
    )


@functools.cache
def clip_bpe(size=1800):
    """Byte alphabet with </w> on the last byte of a word."""
    alphabet = byte_alphabet()
    split = pre_tokenizers.Split(Regex(CLIP), "removed", invert=True)
    to_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    words = sample_words(lowercase=True, pre_tokenizer=pre_tokenizers.Sequence([split, to_bytes]))
    tokens, merges = _affixed_bpe(words, "", "</w>", size, alphabet + [c + "</w>" for c in alphabet])
    return _bpe_model(tokens, merges, end_of_word_suffix="</w>")


def common_characters(text, count):
    """The most frequent characters, ties by code point (the trainer's own limit breaks ties by hash order)."""
    counted = collections.Counter(text)
    return sorted(counted, key=lambda c: (-counted[c], c))[:count]


@functools.cache
def metaspace_bpe(byte_fallback=True, size=2000):
    """Llama-like: whole sentences with U+2581, byte tokens."""
    byte_tokens = [f"<0x{b:02X}>" for b in range(256)] if byte_fallback else []
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<unk>", "<s>", "</s>"] + byte_tokens,
        show_progress=False,
        max_token_length=16,
        initial_alphabet=common_characters(spaced_sample(), 300),
        limit_alphabet=300,
    )
    return _train(
        models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=byte_fallback),
        trainer,
        normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")]),
    )


def spaced_sample():
    return "".join("\u2581" + line.replace(" ", "\u2581") for line in real_texts.sample_lines())


@functools.cache
def unigram(byte_fallback=False):
    """Pieces of the model above with the logarithms of their shares in the sample (the unigram trainer's own result
    depends on hash order)."""
    sample = unicodedata.normalize("NFKC", spaced_sample())
    pieces = [p for p in metaspace_bpe(byte_fallback=False)["vocab"] if p not in ("<unk>", "<s>", "</s>")]
    pieces = sorted(set(pieces) | set(sample))
    counts = [sample.count(p) + 0.5 for p in pieces]
    scored = [[p, math.log(c / sum(counts))] for p, c in zip(pieces, counts)]
    specials = [["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0]]
    byte_tokens = [[f"<0x{b:02X}>", 0.0] for b in range(256)] if byte_fallback else []
    return {
        "type": "Unigram",
        "unk_id": 3,
        "vocab": specials + byte_tokens + scored,
        "byte_fallback": byte_fallback,
    }


@functools.cache
def wordpiece(lowercase=True, size=1600):
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    words = collections.Counter()
    for line in real_texts.sample_lines():
        words.update(
            word
            for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizer.normalize_str(line))
        )
    tokens, _ = _affixed_bpe(words, "##", "", size, specials)
    return {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {token: i for i, token in enumerate(tokens)},
    }


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
    lines = [line for line in real_texts.sample_lines() if line.strip()] * 2
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
