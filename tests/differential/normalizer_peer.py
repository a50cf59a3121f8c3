"""Holds libtok's normalizers (through the normalizer probe) against those of Hugging Face tokenizers."""

import functools
import json
import os
import random
import subprocess
import unicodedata

import pytest

tokenizers = pytest.importorskip("tokenizers", reason="the peer `tokenizers` is not installed (scripts/setup)")

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
# In each a code point stands between others that it may compose with, be ordered among, or be stripped beside.
CONTEXTS = ["{}\n", "a{}b", "{0}{0} ", "e{}\u0301 ", "{}\u0323\u0327,", "o\u0302{}\u0316\u1161"]

REGEX, STRING = (lambda p: {"Regex": p}), (lambda p: {"String": p})
BERT = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}


def step(kind, **members):
    return {"type": kind, **members}


def sequence(*steps):
    return step("Sequence", normalizers=list(steps))


def replace(pattern, content):
    return step("Replace", pattern=pattern, content=content)


CONFIGS = {
    "nfc": step("NFC"), "nfd": step("NFD"), "nfkc": step("NFKC"), "nfkd": step("NFKD"),
    "nmt": step("Nmt"), "lowercase": step("Lowercase"), "strip_accents": step("StripAccents"),
    "strip": step("Strip", strip_left=True, strip_right=True),
    "strip_left": step("Strip", strip_left=True, strip_right=False),
    "strip_right": step("Strip", strip_left=False, strip_right=True),
    "bert": BERT,
    "bert_cased": {**BERT, "lowercase": False},
    "bert_cased_stripped": {**BERT, "lowercase": False, "strip_accents": True},
    "bert_accents_kept": {**BERT, "strip_accents": False},
    "bert_unclean": {**BERT, "clean_text": False},
    "bert_no_chinese": {**BERT, "handle_chinese_chars": False},
    "bert_nothing": {**BERT, "clean_text": False, "handle_chinese_chars": False, "lowercase": False},
    "replace_string": replace(STRING("a"), "\u00e9\u2581"),
    "replace_long_string": replace(STRING("ab"), "xyz"),
    "replace_space": replace(STRING(" "), "\u2581"),
    "replace_by_nothing": replace(STRING("e"), ""),
    "replace_regex": replace(REGEX(r"\s+"), " "),
    "replace_regex_marks": replace(REGEX(r"\p{M}+"), ""),
    "replace_regex_words": replace(REGEX(r"\w+|$1"), "$1\\0"),
    "prepend": step("Prepend", prepend="\u2581"),
    "prepend_long": step("Prepend", prepend="ab\u00e9"),
    "prepend_nothing": step("Prepend", prepend=""),
    "byte_level": step("ByteLevel"),
    "nfd_strip_accents_lowercase": sequence(step("NFD"), step("Lowercase"), step("StripAccents")),
    "nfkd_accents_nfc": sequence(step("NFKD"), step("StripAccents"), step("NFC")),
    "llama": sequence(step("Prepend", prepend="\u2581"), replace(STRING(" "), "\u2581")),
    "albert": sequence(replace(STRING("``"), '"'), replace(STRING("''"), '"'), step("NFKD"), step("StripAccents"),
                       step("Lowercase")),
    "everything": sequence(step("Nmt"), step("NFKC"), replace(REGEX(" {2,}"), " "), step("Strip", strip_left=True, strip_right=True),
                           step("Lowercase"), step("Prepend", prepend="\u2581"), step("ByteLevel")),
    "twice": sequence(step("NFKC"), step("NFD"), step("NFKC"), BERT),
}


@functools.cache
def peer(name):
    """The peer's normalizer, made from the same JSON as ours."""
    shell = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": CONFIGS[name],
             "pre_tokenizer": None, "post_processor": None, "decoder": None,
             "model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}
    return tokenizers.Tokenizer.from_str(json.dumps(shell)).normalizer


EVERY_CHARACTER = tokenizers.Regex("(?m:.)")


def peer_origins(name, text):
    """(normalized, [begin, end, ...] in bytes per character)."""
    pieces = tokenizers.PreTokenizedString(text)
    pieces.normalize(lambda n: peer(name).normalize(n))
    pieces.split(lambda _, n: n.split(EVERY_CHARACTER, "isolated"))
    splits = pieces.get_splits(offset_referential="original", offset_type="byte")
    return "".join(s for s, _, _ in splits), [x for _, offsets, _ in splits for x in offsets]


class Probe:
    def __init__(self):
        path = os.environ.get("TOK_NORMALIZER_PROBE")
        if not path:
            pytest.skip("TOK_NORMALIZER_PROBE is not set; run through ctest")
        self._process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, name, texts, origins=False):
        request = {"normalizer": CONFIGS[name], "texts": texts, "origins": origins}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return (answer["normalized"], answer["origins"]) if origins else answer["normalized"]

    def close(self):
        self._process.stdin.close()
        self._process.wait()


def code_point_texts(context, chunk=4096):
    """All code points in one context, `chunk` to a text."""
    return ["".join(context.format(chr(c)) for c in SCALARS[i:i + chunk]) for i in range(0, len(SCALARS), chunk)]


@functools.cache
def interesting_characters():
    """What normalizers do something to, some of each: marks of every class, what decomposes, cases, spaces, controls."""
    random_ = random.Random(7)
    groups = {}
    for c in SCALARS:
        text = chr(c)
        kind = (unicodedata.category(text), unicodedata.combining(text), unicodedata.decomposition(text).split(" ")[0][:1],
                unicodedata.normalize("NFC", text) == text)
        groups.setdefault(kind, []).append(text)
    return [text for group in groups.values() for text in random_.sample(group, min(len(group), 12))]


def mixtures(n, seed):
    """Short texts of base letters, marks and everything else that normalizers know, packed densely."""
    random_ = random.Random(seed)
    # What composes with what stands before it, and the marks that get reordered, come up often.
    marks = [chr(c) for c in SCALARS if unicodedata.combining(chr(c))]
    composing = sorted({unicodedata.normalize("NFD", chr(c))[-1] for c in SCALARS if c < 0x3100 and
                        unicodedata.normalize("NFD", chr(c)) != chr(c)})
    jamo = [chr(c) for c in (0x1100, 0x1112, 0x1161, 0x1175, 0x11A8, 0x11C2, 0xAC00, 0xAC01, 0xD788)]
    latin = list("aeioucnAEIOUCN ") + list("éèêëñçÅǗộ\u1e9b\u0344\u0385ĳﬁ")
    pools = [marks, composing, jamo, latin, latin, interesting_characters()]
    return ["".join(random_.choice(random_.choice(pools)) for _ in range(random_.randrange(1, 14))) for _ in range(n)]


def differing(name, texts, ours):
    """The first text that the peer normalizes differently, as a message; None if all agree."""
    for text, mine in zip(texts, ours, strict=True):
        theirs = peer(name).normalize_str(text)
        if mine != theirs:
            at = next((i for i, (a, b) in enumerate(zip(mine, theirs)) if a != b), min(len(mine), len(theirs)))
            return f"{name}: {ascii(text[:60])}... ours {ascii(mine[at - 3:at + 9])}, theirs {ascii(theirs[at - 3:at + 9])}"
    return None


def differing_origins(name, texts, ours, origins):
    for text, mine, spans in zip(texts, ours, origins, strict=True):
        theirs, their_spans = peer_origins(name, text)
        if (mine, spans) != (theirs, their_spans):
            return f"{name}: {ascii(text)}\n ours   {ascii(mine)} {spans}\n theirs {ascii(theirs)} {their_spans}"
    return None
