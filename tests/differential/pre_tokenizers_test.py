"""Pre-tokenizers side by side with Hugging Face tokenizers: pieces and offsets of every step, option and pattern.

The probe runs the general path and, where there is one, the splitter of the fast path; both must equal the peer.
"""

import json

import pytest

import real_texts
import sanitized
import split_patterns
import texts
import weird_texts
from probe import Probe

tokenizers = pytest.importorskip("tokenizers")

BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def regex(pattern, *options):
    return split({"Regex": pattern}, *options)


def metaspace(scheme="always", cut=True, replacement="\u2581"):
    return {"type": "Metaspace", "replacement": replacement, "prepend_scheme": scheme, "split": cut}


def byte_level(prefix=False, use_regex=True):
    return {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": use_regex}


WORD = {"type": "Whitespace"}
WHITESPACE_SPLIT = {"type": "WhitespaceSplit"}
BERT = {"type": "BertPreTokenizer"}
SCRIPTS = {"type": "UnicodeScripts"}

CHAINS = {
    "whitespace": [WORD],
    "whitespace_split": [WHITESPACE_SPLIT],
    "bert": [BERT],
    "scripts": [SCRIPTS],
    "digits": [{"type": "Digits", "individual_digits": False}],
    "digits_each": [{"type": "Digits", "individual_digits": True}],
    "delimiter": [{"type": "CharDelimiterSplit", "delimiter": " "}],
    "delimiter_wide": [{"type": "CharDelimiterSplit", "delimiter": "\u3002"}],
    "fixed_1": [{"type": "FixedLength", "length": 1}],
    "fixed_3": [{"type": "FixedLength", "length": 3}],
    "metaspace_unsplit": [metaspace(cut=False)],
    "metaspace_space": [metaspace(replacement=" ")],
    "byte_level_plain": [byte_level(False, False)],
    "byte_level_prefix": [byte_level(True, False)],
    "byte_level_words": [byte_level(False, True)],
    "byte_level_prefixed_words": [byte_level(True, True)],
    "byte_level_twice": [byte_level(True, True), byte_level(True, True)],
    "byte_level_then_digits": [byte_level(True, True), {"type": "Digits", "individual_digits": True}],
    "split_then_prefix": [regex(r"\d"), byte_level(True, True)],
    "split_then_metaspace": [split({"String": "e"}, "Removed"), metaspace("first")],
    "scripts_then_metaspace": [SCRIPTS, metaspace("first")],
    "metaspace_twice": [metaspace("first"), metaspace("always", True, "_")],
    "metaspace_then_first": [metaspace(cut=False), regex(r"\u2581", "Removed"), metaspace("first")],
    "scripts_then_punctuation": [SCRIPTS, {"type": "Punctuation", "behavior": "Contiguous"}],
    "albert_like": [WHITESPACE_SPLIT, metaspace()],
    "falcon_like": [
        {"type": "Punctuation", "behavior": "Contiguous"},
        byte_level(False, True),
        {"type": "Digits", "individual_digits": False},
        regex(r"[0-9][0-9][0-9]"),
    ],
    "starcoder_like": [{"type": "Digits", "individual_digits": True}, byte_level(False, True)],
    "deepseek_v3": [
        regex(split_patterns.REAL["deepseek_v3_digits"]),
        regex(split_patterns.REAL["deepseek_v3_cjk"]),
        regex(split_patterns.REAL["deepseek_v3"]),
        byte_level(False, False),
    ],
    "deepseek_llm": [
        regex(split_patterns.REAL["deepseek_llm_newlines"]),
        regex(split_patterns.REAL["deepseek_llm_letters"]),
        regex(split_patterns.REAL["deepseek_llm_punctuation"]),
        regex(split_patterns.REAL["deepseek_llm_spaces"]),
        regex(split_patterns.REAL["deepseek_llm_cjk"]),
        {"type": "Digits", "individual_digits": True},
        byte_level(False, False),
    ],
    "anchors_see_pieces": [regex(r" ", "MergedWithNext"), regex(r"^\s|\w$|\b\d"), regex(r"(?<=\w)\w")],
}
for _scheme in ("always", "first", "never"):
    CHAINS[f"metaspace_{_scheme}"] = [metaspace(_scheme)]
for _behavior in BEHAVIORS:
    CHAINS[f"punctuation_{_behavior}"] = [{"type": "Punctuation", "behavior": _behavior}]
    for _invert in (False, True):
        _suffix = _behavior + ("_inverted" if _invert else "")
        CHAINS[f"string_{_suffix}"] = [split({"String": " a"}, _behavior, _invert)]
        CHAINS[f"regex_{_suffix}"] = [regex(r"\s+|\d", _behavior, _invert)]
        CHAINS[f"nullable_{_suffix}"] = [regex(r"\d*", _behavior, _invert)]
        CHAINS[f"empty_string_{_suffix}"] = [split({"String": ""}, _behavior, _invert)]
for _name, _pattern in {**split_patterns.REAL, **split_patterns.SYNTAX}.items():
    CHAINS[f"pattern_{_name}"] = [regex(_pattern)]


@pytest.fixture(scope="module")
def probe():
    return Probe("pre_tokenizer")


def peer(chain):
    document = {"model": {"type": "WordLevel", "vocab": {}, "unk_token": ""},
                "pre_tokenizer": {"type": "Sequence", "pretokenizers": chain}}
    return tokenizers.Tokenizer.from_str(json.dumps(document)).pre_tokenizer


def byte_offsets(text):
    ends = [0]
    for character in text:
        ends.append(ends[-1] + len(character.encode()))
    return ends


def peer_pieces(pre_tokenizer, text):
    ends = byte_offsets(text)
    return [[piece, ends[begin], ends[end]] for piece, (begin, end) in pre_tokenizer.pre_tokenize_str(text)]


def check(probe, chain, documents):
    pre_tokenizer = peer(chain)
    for text in documents:
        expected = peer_pieces(pre_tokenizer, text)
        answer = probe.ask({"steps": chain, "text": text})
        assert answer.get("pieces") == expected, (text, answer)
        if "tiled" in answer:
            assert answer["tiled"] == [end for _, _, end in expected], text


# Characters in which tokenizers' classes differ, in every pair and between letters, spaces and digits.
ALPHABET = ["a", "B", "1", " ", "\n", "\r", "\t", "'", "!", "_", "-", "$", "\u00b2", "\u00bd", "\u00e9", "\u0301", "\u00df",
            "\u017f", "\u212a", "\u0660", "\u2160", "\u24b6", "\u2019", "\u2028", "\u0085", "\u00a0", "\u3000", "\u200d",
            "\u30fc", "\u304b", "\u4e16", "\ud55c", "\u0e01", "\u2581", "\u0378", "\ue000", "\uffff", "\U0001f600", "\U0010ffff"]


def documents():
    pairs = [x + y for x in ALPHABET for y in ALPHABET]
    packed = ["".join(pairs), " ".join(pairs), "a".join(pairs), "\n".join(pairs)]
    return sanitized.some(weird_texts.weird(), 4) + real_texts.sample_lines() + packed + ALPHABET


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_pieces_and_offsets_equal(probe, name):
    check(probe, CHAINS[name], documents())


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_human_rights_in_all_languages(probe, name):
    paragraphs = real_texts.udhr()
    if paragraphs is None:
        pytest.skip("no corpora folder")
    check(probe, CHAINS[name], ["\n".join(texts.thin(paragraphs, 40, seed=len(name)))])


# What the peer's engine can do and libtok does not: refused by name, never approximated.
REFUSED = [r"(a)\1", r"(?<n>a)\k<n>", r"\Ga", r"a\K", r"\X", r"\y", r"(?~ab)", r"(?x) a", r"a**", r"(?<=a+)b", r"(?i)stra\u00dfe",
           r"(?i)[\p{L}]", r"\cA", r"\101", r"(?(1)a|b)", r"\g<1>(a)", r"[a-\w]", r"[\d-z]", r"\p{Klingon}", r"a{2,1}", r"\xe4\xb8\xad"]


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_is_not_understood_is_refused(probe, pattern):
    answer = probe.ask({"pattern": pattern, "text": "a"})
    assert answer.get("error", "").startswith(("TOK-E022", "TOK-E024")), answer


MALFORMED = [r"(a", r"a)", r"[a", r"*a", r"a{1001}", "\\", r"[[:foo:]]", r"\x{110000}", r"(?=a)*", r"\p{L", r"(?#", r"[b-a]"]


@pytest.mark.parametrize("pattern", MALFORMED)
def test_malformed_patterns_are_refused(probe, pattern):
    assert probe.ask({"pattern": pattern, "text": "a"}).get("error", "").startswith(("TOK-E022", "TOK-E024"))
