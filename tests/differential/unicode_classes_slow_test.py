"""Character classes against the peers, over all code points: what docs/unicode.md says each of them follows."""

import functools
import json
import os
import subprocess

import pytest

tokenizers = pytest.importorskip("tokenizers", reason="the peer `tokenizers` is not installed (scripts/setup)")
tiktoken = pytest.importorskip("tiktoken", reason="the peer `tiktoken` is not installed (scripts/setup)")
from tokenizers import normalizers, pre_tokenizers  # noqa: E402

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
CHUNKS = [SCALARS[i:i + 4096] for i in range(0, len(SCALARS), 4096)]
CATEGORIES = "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cn".split()
POSIX = "alnum alpha blank cntrl digit graph lower print punct space upper word xdigit".split()


@pytest.fixture(scope="module")
def probe():
    path = os.environ.get("TOK_UNICODE_PROBE")
    if not path:
        pytest.skip("TOK_UNICODE_PROBE is not set; run through ctest")
    process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(kind, **request):
        process.stdin.write(json.dumps({"kind": kind, **request}).encode() + b"\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        if kind == "lowercase":
            return {c: lower for c, lower in answer}
        return {c for first, last in answer for c in range(first, last + 1) if not 0xD800 <= c < 0xE000}

    yield ask
    process.stdin.close()
    process.wait()


def oniguruma(pattern):
    """Code points that a regular expression of Hugging Face matches."""
    drop = normalizers.Replace(tokenizers.Regex(pattern), "")
    kept = set().union(*(map(ord, drop.normalize_str("".join(map(chr, chunk)))) for chunk in CHUNKS))
    return set(SCALARS) - kept


def rust(pattern):
    """Code points that a regular expression of tiktoken matches: what is not matched is not encoded."""
    encoding = tiktoken.Encoding("probe", pat_str=pattern, special_tokens={},
                                 mergeable_ranks={bytes([i]): i for i in range(256)})
    return set().union(*(map(ord, encoding.decode(encoding.encode_ordinary("".join(map(chr, chunk))))) for chunk in CHUNKS))


PEERS = {"huggingface": oniguruma, "tiktoken": rust}


def few(difference):
    return [hex(c) for c in sorted(difference)[:10]]


@pytest.mark.parametrize("category", CATEGORIES)
def test_categories(probe, category):
    ours = probe("property", name=category)
    for peer in PEERS.values():
        assert few(ours ^ peer(r"\p{%s}" % category)) == []


@pytest.mark.parametrize("name", ["Alphabetic", "White_Space", "Lowercase", "Uppercase", "Han", "Latin", "Common",
                                  "Inherited", "Hiragana", "Cyrillic", "Emoji", "ID_Start"])
def test_properties(probe, name):
    ours = probe("property", name=name)
    assert few(ours ^ oniguruma(r"\p{%s}" % name)) == []
    assert few(ours ^ rust(r"\p{%s}" % name)) == []


@pytest.mark.parametrize("profile", PEERS)
@pytest.mark.parametrize("letter", "sdwh")
def test_escapes(probe, letter, profile):
    for bracket in (False, True):
        pattern = f"[\\{letter}]" if bracket else f"\\{letter}"
        if letter == "h" and bracket and profile == "tiktoken":
            continue  # fancy-regex knows \h outside brackets only
        ours = probe("escape", name=letter, bracket=bracket, profile=profile)
        assert few(ours ^ PEERS[profile](pattern)) == []


@pytest.mark.parametrize("profile", PEERS)
@pytest.mark.parametrize("name", POSIX)
def test_posix_classes(probe, name, profile):
    assert few(probe("posix", name=name, profile=profile) ^ PEERS[profile](f"[[:{name}:]]")) == []


def isolated_by(splitter):
    return {c for c in SCALARS if len(splitter.pre_tokenize_str(f"a{chr(c)}a")) == 3}


def removed_by(splitter):
    return {c for c in SCALARS if len(splitter.pre_tokenize_str(f"a{chr(c)}a")) == 2}


@functools.cache
def one_by_one(normalizer_name):
    normalizer = {"bert": normalizers.BertNormalizer(True, False, False, False), "accents": normalizers.StripAccents(),
                  "lowercase": normalizers.Lowercase()}[normalizer_name]
    return {c: normalizer.normalize_str(chr(c)) for c in SCALARS}


def test_hugging_face_classes(probe):
    dropped = {name: {c for c, text in one_by_one(name).items() if text == ""} for name in ("bert", "accents")}
    assert few(probe("inline", name="punctuation") ^ isolated_by(pre_tokenizers.Punctuation())) == []
    assert few(probe("inline", name="punctuation") ^ isolated_by(pre_tokenizers.BertPreTokenizer())) == []
    assert few(probe("inline", name="numeric") ^ isolated_by(pre_tokenizers.Digits(individual_digits=True))) == []
    assert few(probe("inline", name="white_space") ^ removed_by(pre_tokenizers.WhitespaceSplit())) == []
    assert few(probe("inline", name="white_space") ^ removed_by(pre_tokenizers.BertPreTokenizer())) == []
    assert few(probe("inline", name="word") ^ {
        c for c in SCALARS if len(pre_tokenizers.Whitespace().pre_tokenize_str(f"a{chr(c)}a")) == 1}) == []
    assert few(probe("inline", name="bert_removed") ^ dropped["bert"]) == []
    assert few(probe("inline", name="combining_mark") ^ dropped["accents"]) == []


def test_lowercase(probe):
    changed = {c: text for c, text in one_by_one("lowercase").items() if text != chr(c)}
    assert probe("lowercase") == changed
