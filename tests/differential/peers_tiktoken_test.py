"""Bundled encodings against tiktoken: ids, specials policies, decoding."""

import functools
import hashlib
import random
import re

import pytest

tiktoken = pytest.importorskip("tiktoken")
pytest.importorskip("tokenizers")

import peers
import real_texts
import sanitized
import texts
import weird_texts

NAMES = sanitized.some(sorted(peers.BUNDLED), 2)


@functools.cache
def _encoding(tok, name):
    return peers.tiktoken_encoding(peers.BUNDLED[name][1], peers.bundled_ranks(tok, name))


@pytest.fixture(params=NAMES)
def pair(request, tok):
    return request.param, _encoding(tok, request.param)


def compare(tok, name, peer, documents, special="text"):
    theirs = (
        [peer.encode_ordinary(d) for d in documents]
        if special == "text"
        else [peer.encode(d, allowed_special="all") for d in documents]
    )
    peers.assert_same_ids(documents, tok.encode(name, documents, special=special), theirs)


def test_bundled_ranks_are_the_published_files(tok):
    """tiktoken names the sha256 of the files that it downloads."""
    import inspect
    import tiktoken_ext.openai_public as openai_public

    for name, published in (
        ("p50k_base", "p50k_base"),
        ("cl100k_base", "cl100k_base"),
        ("o200k_base", "o200k_base"),
        ("gpt2", "r50k_base"),
    ):
        expected = re.search(
            r'expected_hash="([0-9a-f]{64})"',
            inspect.getsource(openai_public.ENCODING_CONSTRUCTORS[published]),
        ).group(1)
        assert hashlib.sha256(peers.bundled_ranks(tok, name)).hexdigest() == expected, name


def test_weird_and_fuzzed_text(tok, pair):
    name, peer = pair
    compare(
        tok,
        name,
        peer,
        weird_texts.weird() + real_texts.sample_lines() + texts.fuzz(21, 4000) + texts.fuzz(22, 20, 4000),
    )


def test_block_offsets_and_cache_keys(tok, pair):
    name, peer = pair
    documents = texts.key_collisions() + texts.shifted()
    compare(tok, name, peer, documents)
    compare(tok, name, peer, documents[::-1])


def test_files_of_awkward_sizes(tok, pair, tmp_path):
    """Files that end exactly at a block or a page: nothing is read beyond the end."""
    name, peer = pair
    text = "".join(c for c in "\n".join(real_texts.sample_lines()) if ord(c) < 128)
    paths, expected = [], []
    for size in (1, 2, 7, 8, 15, 16, 31, 32, 63, 64, 65, 127, 128, 4095, 4096, 4097, 8192):
        content = (text * (size // len(text) + 1))[:size]
        paths.append(tmp_path / f"{size:05}.txt")
        paths[-1].write_text(content, encoding="utf-8", newline="")
        expected.append(peer.encode_ordinary(content))
    done = tok.must("encode", "-t", name, *paths)
    assert [[int(i) for i in line.split()] for line in done.stdout.splitlines()] == expected


def test_json_spellings(tok, pair, tmp_path):
    """Escaped and plain JSON, any field order and nesting, CRLF line ends: the same documents."""
    import json

    name, peer = pair
    documents = weird_texts.weird() + texts.fuzz(44, 200)
    path = tmp_path / "in.jsonl"
    lines = [
        json.dumps(
            {"id": i, "extra": {"text": "no"}, "data": {"text": d}, "text": 5}, ensure_ascii=bool(i % 2)
        )
        for i, d in enumerate(documents)
    ]
    path.write_bytes("\r\n".join(lines).encode())
    done = tok.must("encode", "-t", name, "--split", "jsonl:data.text", "--special", "text", path)
    assert [[int(i) for i in line.split()] for line in done.stdout.decode().split("\n")[:-1]] == [
        peer.encode_ordinary(d) for d in documents
    ]


def test_code_points(tok, pair):
    name, peer = pair
    step = 5 if name == "o200k_base" and not sanitized.SANITIZED else 29
    for context in texts.CONTEXTS:
        compare(
            tok,
            name,
            peer,
            texts.code_points(0, 0x10000, context, step) + texts.code_points(0x10000, 0x110000, context, 211),
        )


def test_real_text(tok, pair):
    udhr, docs, prose = real_texts.udhr(), real_texts.pydocs(), real_texts.prose()
    if udhr is None or docs is None or prose is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    name, peer = pair
    compare(tok, name, peer, texts.thin(udhr, 500, 1) + texts.thin(docs, 500, 2) + texts.thin(prose, 20, 3))


def test_specials_all(tok, pair):
    name, peer = pair
    compare(
        tok,
        name,
        peer,
        texts.special_soup(sorted(peer.special_tokens_set)[:40], 3)
        + texts.special_soup(texts.SPECIAL_TEXTS, 4),
        special="all",
    )


def test_specials_as_text(tok, pair):
    name, peer = pair
    compare(tok, name, peer, texts.special_soup(sorted(peer.special_tokens_set)[:40], 5))


def test_specials_error_is_the_default(tok, pair):
    """tiktoken's default (disallowed_special="all") raises exactly where tok's default fails."""
    name, peer = pair
    for document in texts.special_soup(sorted(peer.special_tokens_set)[:2], 6, 10)[::7] + ["plain text"]:
        done = tok.run("encode", "-t", name, stdin=document.encode())
        try:
            expected = peer.encode(document)
        except ValueError:
            assert done.returncode == 1 and b"TOK-E011" in done.stderr and not done.stdout, document
        else:
            assert done.returncode == 0 and [int(i) for i in done.stdout.split()] == expected, document


def test_specials_listed(tok, pair):
    name, peer = pair
    allowed = {"<|endoftext|>"}
    for document in texts.special_soup(sorted(peer.special_tokens_set)[:3], 8, 10)[::8]:
        done = tok.run("encode", "-t", name, "--special", ",".join(sorted(allowed)), stdin=document.encode())
        try:
            expected = peer.encode(document, allowed_special=allowed)
        except ValueError:
            assert done.returncode == 1 and b"TOK-E011" in done.stderr and not done.stdout, document
        else:
            assert done.returncode == 0 and [int(i) for i in done.stdout.split()] == expected, document


def test_decode(tok, pair):
    name, peer = pair
    rng = random.Random(9)
    known = [i for i in range(peer.n_vocab) if _is_token(peer, i)]
    lists = (
        [[rng.choice(known) for _ in range(rng.randint(0, 14))] for _ in range(3000)]
        + [[i] for i in known[::23]]
        + [[i] for i in known[:256]]
    )
    lists += [peer.encode(d, disallowed_special=()) for d in weird_texts.weird()]
    peers.assert_same_texts(lists, tok.decode(name, lists), [peer.decode(one) for one in lists])


def _is_token(peer, token_id):
    try:
        peer.decode_single_token_bytes(token_id)
        return True
    except KeyError:
        return False


def test_decode_writes_the_exact_bytes(tok, pair):
    name, peer = pair
    rng = random.Random(10)
    ids = [rng.randrange(256, 50000) for _ in range(5000)]
    done = tok.must("decode", "-t", name, "--in", "u32", stdin=b"".join(i.to_bytes(4, "little") for i in ids))
    assert done.stdout == peer.decode_bytes(ids)


def test_unknown_ids_fail(tok, pair):
    name, peer = pair
    beyond = peer.max_token_value + 1
    done = tok.run("decode", "-t", name, stdin=f"1 {beyond} 2\n".encode())
    assert done.returncode == 1 and b"TOK-E012" in done.stderr


def test_threads_and_batches_change_nothing(tok, pair):
    name, peer = pair
    documents = texts.fuzz(31, 400) + real_texts.sample_lines() * 5 + ["", "", "x" * 5000]
    theirs = [peer.encode_ordinary(d) for d in documents]
    for threads in (1, 2, 8):
        peers.assert_same_ids(documents, tok.encode(name, documents, special="text", threads=threads), theirs)
    whole = "\n".join(real_texts.sample_lines() * 60)
    expected = peer.encode_ordinary(whole)
    for threads in (1, 2, 8):
        done = tok.must("encode", "-t", name, "-T", threads, "--special", "text", stdin=whole.encode())
        assert [int(i) for i in done.stdout.split()] == expected, threads


def test_lines_and_separators(tok, pair):
    name, peer = pair
    content = "one\r\n\n two  \nthree\n\nlast"
    done = tok.must("encode", "-t", name, "--split", "lines", stdin=content.encode())
    assert [[int(i) for i in line.split()] for line in done.stdout.decode().split("\n")[:-1]] == [
        peer.encode(d) for d in content.split("\n")
    ]
    done = tok.must("encode", "-t", name, "--split", "lines", stdin=(content + "\n").encode())
    assert len(done.stdout.splitlines()) == 6
    done = tok.must("encode", "-t", name, "--split", "sep:<>", stdin="a<><>b c".encode())
    assert [[int(i) for i in line.split()] for line in done.stdout.decode().split("\n")[:-1]] == [
        peer.encode(d) for d in ("a", "", "b c")
    ]
