"""Bundled encodings against tiktoken on every code point in every context and on the corpora, which o200k_base meets complete."""

import pytest

pytest.importorskip("tiktoken")
pytest.importorskip("tokenizers")

import families
import peers
import real_texts
import texts
import weird_texts


# o200k_harmony has the pattern and ranks of o200k_base; its special tokens are for the fast tier.
NAMES = sorted(set(peers.BUNDLED) - {"o200k_harmony"})
PATTERNS = ["gpt2", "cl100k_base", "o200k_base"]  # one encoding for each


@pytest.fixture(scope="module", params=NAMES)
def pair(request, tok):
    return request.param, peers.tiktoken_encoding(
        peers.BUNDLED[request.param][1], peers.bundled_ranks(tok, request.param)
    )


def compare(tok, pair, documents, chunk=60_000, threads=2):
    name, peer = pair
    for begin in range(0, len(documents), chunk):
        some = documents[begin : begin + chunk]
        peers.assert_same_ids(
            some,
            tok.encode(name, some, special="text", threads=threads),
            peer.encode_ordinary_batch(some, num_threads=2),
        )


def test_every_code_point(tok, pair):
    """Alone in a document, and in every context."""
    compare(tok, pair, texts.code_points(0, 0x110000, "alone"))
    compare(tok, pair, texts.packed_code_points(0, 0x110000), chunk=4000)


@pytest.mark.parametrize("corpus", ["udhr", "pydocs", "prose"])
def test_corpus(tok, pair, corpus):
    documents = getattr(real_texts, corpus)()
    if documents is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    if pair[0] != "o200k_base":
        documents = texts.thin(documents, len(documents) // 6, seed=pair[0])
    compare(tok, pair, documents)


def test_fuzz(tok, pair):
    compare(tok, pair, texts.fuzz(99, 150_000) + texts.fuzz(98, 300, 10_000))


@pytest.mark.parametrize("pair", PATTERNS, indirect=True)
@pytest.mark.parametrize("family", sorted(families.FAMILIES))
def test_one_document_cut_by_threads(tok, pair, family, tmp_path):
    """A few megabytes with hardly a place to cut: the ids of any number of threads are those of one."""
    name, _ = pair
    path = tmp_path / "in.txt"
    path.write_bytes(b"Some words first. " + families.FAMILIES[family](3_000_000) + b" and some after.\n")
    outputs = []
    for threads in (1, 2, 8):
        out = tmp_path / f"{threads}.u32"
        tok.must("encode", "-t", name, "-T", threads, "--special", "text", "--out", "u32", "-o", out, path)
        outputs.append(out.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]


def test_one_long_document_of_everything(tok, pair, tmp_path):
    name, peer = pair
    document = "".join(texts.fuzz(95, 30_000) + weird_texts.weird() + real_texts.sample_lines() * 20)
    path = tmp_path / "in.txt"
    path.write_text(document, encoding="utf-8", newline="")
    expected = peer.encode_ordinary(document)
    for threads in (1, 3, 8):
        done = tok.must("encode", "-t", name, "-T", threads, "--special", "text", path)
        assert [int(i) for i in done.stdout.split()] == expected, threads
