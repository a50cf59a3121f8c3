"""Published tokenizer.json files against Hugging Face tokenizers (samples; the slow tier is complete).

Loading these files takes most of the time: all of them meet the first test here, two the others.
"""

import functools

import pytest

pytest.importorskip("tokenizers")

import offsets
import peers
import real_texts
import sanitized
import texts
import weird_texts
from peers_generated_test import decodable

NAMES = ["deepseek_v3", "gemma3", "gptoss", "llama2", "llama3", "qwen3"]
FEW = ["llama2", "qwen3"]  # of each family: bytes for unknown characters, and byte level; the smaller files
few = pytest.mark.parametrize("pair", FEW, indirect=True)


@functools.cache
def _peer(path):
    return peers.HuggingFace(path, trim_offsets=False)


@pytest.fixture(scope="module", params=FEW if sanitized.SANITIZED else NAMES)
def pair(request, tmp_path_factory):
    content = peers.shared_file(f"{request.param}.tokenizer.json")
    if content is None:
        pytest.skip("no published tokenizer.json files (TOK_SHARED_VOCAB)")
    path = tmp_path_factory.mktemp(request.param) / "tokenizer.json"
    path.write_bytes(content)
    return path, _peer(path)


def compare(tok, pair, documents, special="all"):
    path, peer = pair
    documents, theirs = peers.usable(documents, peer.encode(documents))
    peers.assert_same_ids(documents, tok.encode(path, documents, special=special), theirs)


def test_ids_and_offsets(tok, pair):
    path, peer = pair
    documents = (
        weird_texts.weird()
        + real_texts.sample_lines()
        + texts.fuzz(41, 300)
        + texts.special_soup(peer.added_contents()[:40], 1, 200)
    )
    documents, theirs = peers.usable(documents, peer.encode_with_offsets(documents))
    ours = tok.encode_with_offsets(path, documents, "chars")
    peers.assert_same_ids(
        documents, peers.tok_cli.Ragged.from_lists([ids for ids, _ in ours]), [ids for ids, _, _ in theirs]
    )
    lines, count = offsets.differences(documents, ours, theirs, peer.tokenizer.id_to_token)
    assert not count, f"offsets differ in {count} of {len(documents)} documents\n" + "\n".join(lines)


def check_real_text_and_code_points(tok, pair):
    documents = texts.packed_code_points(0, 0x3100, step=3) + texts.packed_code_points(
        0x3100, 0x110000, step=397
    )
    if real_texts.udhr() and real_texts.pydocs():
        documents += texts.thin(real_texts.udhr(), 500, 4) + texts.thin(real_texts.pydocs(), 300, 5)
    compare(tok, pair, documents)


def check_template_and_special_text(tok, pair):
    path, peer = pair
    documents = texts.special_soup(peer.added_contents()[:25], 2, 100)
    peers.assert_same_ids(
        documents, tok.encode(path, documents, "--template"), peer.encode(documents, template=True)
    )
    peer.tokenizer.encode_special_tokens = True
    try:
        compare(tok, pair, documents, special="text")
    finally:
        peer.tokenizer.encode_special_tokens = False


def check_decode(tok, pair, skip_special):
    path, peer = pair
    lists = decodable(peer, weird_texts.weird()[::2] + texts.special_soup(peer.added_contents()[:10], 3, 20), 6)
    lists, theirs = peers.usable(lists, peer.decode(lists, skip_special))
    peers.assert_same_texts(
        lists, tok.decode(path, lists, *(["--skip-special"] if skip_special else [])), theirs
    )


@few
def test_real_text_and_code_points(tok, pair):
    check_real_text_and_code_points(tok, pair)


@few
def test_template_and_special_text(tok, pair):
    check_template_and_special_text(tok, pair)


@few
@pytest.mark.parametrize("skip_special", [False, True], ids=["keep", "skip"])
def test_decode(tok, pair, skip_special):
    check_decode(tok, pair, skip_special)
