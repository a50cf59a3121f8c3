"""tok measure vocab against the definition by brute force: tiktoken decodes every id and encodes the text again."""

import json

import pytest

tiktoken = pytest.importorskip("tiktoken")

import peers
import real_texts

REACHED = {"ok", "ok_special", "added"}


def report(tok, name, *options):
    return json.loads(tok.must("measure", "vocab", "-t", name, "--all", "--json", *options).stdout)


@pytest.mark.parametrize("name", sorted(peers.BUNDLED))
def test_classes_are_those_of_a_round_trip(tok, name):
    encoding = peers.tiktoken_encoding(peers.BUNDLED[name][1], peers.bundled_ranks(tok, name))
    ours = report(tok, name)
    specials = {encoding.encode_single_token(s) for s in encoding.special_tokens_set}
    counts = dict.fromkeys(ours["vocabulary"], 0)
    for row in ours["tokens"]:
        counts[row["class"]] += 1
        if row["id"] in specials:
            assert row["class"] == "ok_special", row
            continue
        raw = encoding.decode_single_token_bytes(row["id"])
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            assert row["class"] == ("byte" if len(raw) == 1 else "undecodable"), row
            continue
        theirs = encoding.encode(text, disallowed_special=())
        alone = row["class"] == "ok" and "only_in_context" not in row
        assert alone == (theirs == [row["id"]]), (row, theirs)
        if row["class"] not in REACHED:
            assert row["becomes"] == theirs, (row, theirs)
            assert row["class"] == ("unreachable_single" if len(theirs) == 1 else "unreachable_multi"), row
    for token_class in counts:
        if token_class not in ("ids", "tokens", "only_in_context"):
            assert counts[token_class] == ours["vocabulary"][token_class], token_class
    assert len(ours["tokens"]) == ours["vocabulary"]["tokens"] == len({row["id"] for row in ours["tokens"]})
    assert ours["specials_from_text"] == []


def test_a_token_only_found_in_context_is_found_there(tok):
    """Of o200k_base: each such token has a text that tiktoken gives it for."""
    encoding = peers.tiktoken_encoding("o200k_base", peers.bundled_ranks(tok, "o200k_base"))
    rows = [row for row in report(tok, "o200k_base")["tokens"] if row.get("only_in_context")]
    assert rows
    for row in rows:
        fronts = ("«", "ʒ", "þ", "ѣ", "q", "x", "z", "a")
        backs = ("", "«")
        assert any(row["id"] in encoding.encode_ordinary(f + row["token"] + b) for f in fronts for b in backs), row


@pytest.mark.parametrize("name", ["llama2", "gemma3", "qwen3", "llama3", "deepseek_v3"])
def test_real_vocabularies_are_mostly_reached(tok, name, tmp_path):
    """SentencePiece's dummy prefix must not make its word-internal tokens look unreachable."""
    content = peers.shared_file(f"{name}.tokenizer.json")
    if content is None:
        pytest.skip("no shared vocabularies")
    path = tmp_path / "tokenizer.json"
    path.write_bytes(content)
    ours = report(tok, str(path))
    reached = sum(ours["vocabulary"][c] for c in (*REACHED, "byte", "undecodable"))
    unreached = ours["vocabulary"]["tokens"] - reached
    # What the definition leaves is known to be little; Qwen's normalizer puts some marks out of reach.
    assert unreached < 0.02 * ours["vocabulary"]["tokens"]
    peer = peers.HuggingFace(path)
    listed = [row for row in ours["tokens"] if row["class"].startswith("unreachable")]
    texts = [row["token"] for row in listed]
    for row, ids in zip(listed, peer.encode(texts)):
        assert ids != [row["id"]], row


def test_counts_of_a_corpus(tok, tmp_path):
    lines = real_texts.sample_lines()
    path = tmp_path / "corpus.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    encoding = peers.tiktoken_encoding("gpt2", peers.bundled_ranks(tok, "gpt2"))
    counts = {}
    for ids in encoding.encode_ordinary_batch(lines):
        for token in ids:
            counts[token] = counts.get(token, 0) + 1
    ours = json.loads(tok.must("measure", "vocab", "-t", "gpt2", "--all", "--json", "--split", "lines", "--special", "text", path).stdout)
    assert {row["id"]: row["used"] for row in ours["tokens"] if row["used"]} == counts
