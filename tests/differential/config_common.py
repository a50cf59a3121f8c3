"""What the generated configurations share: their registry and builders of tokenizer.json parts."""

import base64

import bases

CONFIGS = {}


def config(name):
    def register(function):
        assert name not in CONFIGS, name
        CONFIGS[name] = function
        return function

    return register


def tokenizer(model, normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None, added=()):
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": list(added),
        "normalizer": normalizer,
        "pre_tokenizer": pre_tokenizer,
        "post_processor": post_processor,
        "decoder": decoder,
        "model": model,
    }


def added(token_id, content, **flags):
    token = {
        "id": token_id,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": False,
    }
    return {**token, **flags}


def added_list(model, *tokens):
    """Added tokens with the ids that tokenizers gives them: the model's own id, else the next free ones in order."""
    result, free = [], bases.size_of(model)
    known = (
        model["vocab"]
        if isinstance(model["vocab"], dict)
        else {piece: i for i, (piece, _) in enumerate(model["vocab"])}
    )
    for token in tokens:
        content, flags = token if isinstance(token, tuple) else (token, {})
        if content in known:
            result.append(added(known[content], content, **flags))
        else:
            result.append(added(free, content, **flags))
            free += 1
    return sorted(result, key=lambda t: t["id"])


def sequence(kind, *steps):
    field = {
        "normalizer": "normalizers",
        "pre_tokenizer": "pretokenizers",
        "decoder": "decoders",
        "post_processor": "processors",
    }[kind]
    return {"type": "Sequence", field: list(steps)}


def regex(text):
    return {"Regex": text}


def string(text):
    return {"String": text}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def byte_level(add_prefix_space=False, use_regex=True, trim_offsets=True):
    return {
        "type": "ByteLevel",
        "add_prefix_space": add_prefix_space,
        "trim_offsets": trim_offsets,
        "use_regex": use_regex,
    }


def metaspace(replacement="\u2581", prepend_scheme="always", split=True):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": prepend_scheme, "split": split}


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


BYTE_LEVEL_DECODER = byte_level(add_prefix_space=True)
RAW_BYTES = byte_level(use_regex=False)
SPECIAL = {"special": True}
CHARSMAP_JSON = {"type": "Precompiled"}


def precompiled(rule="nmt_nfkc"):
    return {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(bases.charsmap(rule)).decode()}


def bert_normalizer(clean=True, han=True, strip=None, lower=True):
    return {
        "type": "BertNormalizer",
        "clean_text": clean,
        "handle_chinese_chars": han,
        "strip_accents": strip,
        "lowercase": lower,
    }


WHITESPACE = {"type": "Whitespace"}


def bpe(model, **changes):
    return {**model, **changes}


def template_piece(name, type_id=0, kind="SpecialToken"):
    return {kind: {"id": name, "type_id": type_id}}


def template(single, pair, specials):
    return {
        "type": "TemplateProcessing",
        "single": single,
        "pair": pair,
        "special_tokens": {
            name: {"id": name, "ids": list(ids), "tokens": list(tokens)}
            for name, (ids, tokens) in specials.items()
        },
    }


SEQUENCE_A = template_piece("A", kind="Sequence")
SEQUENCE_B = template_piece("B", 1, kind="Sequence")
