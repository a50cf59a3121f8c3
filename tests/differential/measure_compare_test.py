"""tok measure compare against Python: tiktoken's tokens laid beside the words, digits and identifiers of `regex`."""

import collections
import json
import math

import pytest

tiktoken = pytest.importorskip("tiktoken")
regex = pytest.importorskip("regex")

import peers
import real_texts

NAMES = ["gpt2", "o200k_base"]
# Where ICU follows CLDR and not UAX 29 alone: dictionaries for scripts without spaces, Hangul apart from digits, and no
# boundary at "@".
OTHERWISE = regex.compile(r"[@\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
IDENTIFIER = regex.compile(r"[\p{XID_Start}_][\p{XID_Continue}]*")


def documents():
    lines = real_texts.sample_lines() + ["x = get_value(9lives, 1234567) + 2024 * 12345 # don't", "_a __init__ 1000000"]
    return [line for line in lines if not OTHERWISE.search(line)]


def byte_spans(text, pattern):
    def at(i):
        return len(text[:i].encode())

    return [(at(m.start()), at(m.end())) for m in pattern.finditer(text)]


def words(text):
    spans, begin = [], 0
    for part in regex.split(r"\b", text, flags=regex.WORD | regex.V1):
        end = begin + len(part.encode())
        if regex.search(r"[\p{L}\p{N}]", part):
            spans.append((begin, end))
        begin = end
    return spans


def token_spans(encoding, text):
    spans, begin = [], 0
    for token in encoding.encode_ordinary(text):
        end = begin + len(encoding.decode_single_token_bytes(token))
        spans.append((begin, end))
        begin = end
    return spans


def covering(tokens, units):
    return sum(any(b < end and begin < e for begin, end in units) for b, e in tokens)


def expected(encoding, n_vocabulary, docs):
    counts, sums = collections.Counter(), collections.Counter()
    for text in docs:
        counts.update(encoding.encode_ordinary(text))
        tokens, raw = token_spans(encoding, text), text.encode()
        ends = {end for _, end in tokens}
        own_words, identifiers = words(text), byte_spans(text, IDENTIFIER)
        sums["words"] += len(own_words)
        sums["word_tokens"] += covering(tokens, own_words)
        sums["continued"] += sum(any(b < end < e for end in ends) for b, e in own_words)
        sums["identifiers"] += len(identifiers)
        sums["identifier_tokens"] += covering(tokens, identifiers)
        sums["whole"] += sum(covering(tokens, [unit]) == 1 for unit in identifiers)
        for begin, end in byte_spans(text, regex.compile("[0-9]{4,}")):
            sums["runs"] += 1
            cuts = {cut for cut in ends if begin < cut < end}
            sums["from_right"] += cuts == set(range(end - 3, begin, -3))
            sums["from_left"] += cuts == set(range(begin + 3, end, 3))
            sums["aligned"] += cuts >= set(range(end - 3, begin, -3))
        sums["bytes"] += len(raw)
        sums["characters"] += len(text)
    total = sum(counts.values())
    shares = [count / total for count in counts.values()]
    return {
        "tokens": total,
        "bytes_per_token": sums["bytes"] / total,
        "characters_per_token": sums["characters"] / total,
        "fertility": sums["word_tokens"] / sums["words"],
        "continued_words": sums["continued"] / sums["words"],
        "renyi_2.5": math.log(sum(p**2.5 for p in shares)) / -1.5 / math.log(n_vocabulary),
        "renyi_1": -sum(p * math.log(p) for p in shares) / math.log(n_vocabulary),
        "ids_used": len(counts),
        "ids_used_once": sum(count == 1 for count in counts.values()),
        "digits": {"runs": sums["runs"], **{k: sums[k] / sums["runs"] for k in ("from_right", "from_left", "aligned")}},
        "identifiers": {
            "identifiers": sums["identifiers"],
            "tokens_per_identifier": sums["identifier_tokens"] / sums["identifiers"],
            "one_token": sums["whole"] / sums["identifiers"],
        },
    }


def assert_close(ours, theirs, place=""):
    for key, value in theirs.items():
        if isinstance(value, dict):
            assert_close(ours[key], value, f"{place}{key}.")
        else:
            assert ours[key] == pytest.approx(value, rel=1e-12, abs=1e-12), place + key


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    path = tmp_path_factory.mktemp("compare") / "corpus.txt"
    path.write_text("\n".join(documents()) + "\n", encoding="utf-8")
    return path


def test_measures_equal_their_definition(tok, corpus):
    options = [option for name in NAMES for option in ("-t", name)]
    done = tok.must("measure", "compare", *options, "--split", "lines", "--special", "text", "--json", corpus)
    report = json.loads(done.stdout)
    docs = documents()
    assert report["documents"] == len(docs)
    assert report["words"] == sum(len(words(text)) for text in docs)
    for row, name in zip(report["comparison"], NAMES, strict=True):
        encoding = peers.tiktoken_encoding(peers.BUNDLED[name][1], peers.bundled_ranks(tok, name))
        assert_close(row, expected(encoding, row["vocabulary"], docs))


def test_character_tasks_have_the_right_answers(tok, corpus, tmp_path):
    path = tmp_path / "tasks.jsonl"
    tok.must("measure", "compare", "-t", "gpt2", "--charbench", path, "--no-robustness", "--special", "text", corpus)
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    answers = {
        "count_unique_characters": lambda word, _: len(set(word)),
        "character_frequency": lambda word, c: word.count(c),
        "first_occurrence": lambda word, c: word.index(c),
        "last_occurrence": lambda word, c: word.rindex(c),
    }
    assert len(items) > 20 and {item["task"] for item in items} == set(answers)
    assert len({item["word"] for item in items}) == len(items)
    for item in items:
        assert item["answer"] == answers[item["task"]](item["word"], item.get("character")), item
        assert [sum(t["lengths"]) for t in item["tokens"]] == [len(item["word"])], item
