"""Rank files with patterns of our choosing (tekken.json) against tiktoken with the same ranks and pattern."""

import pytest

tiktoken = pytest.importorskip("tiktoken")
pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import make_configs
import peers
import real_texts
import texts
import weird_texts

N_SPECIAL = 20


@pytest.mark.parametrize("name", sorted(make_configs.TEKKEN))
def test_ids(tok, generated, name):
    path = generated("tekken", name)
    ranks = {token: rank for rank, token in enumerate(make_configs.rank_vocabulary())}
    peer = tiktoken.Encoding(
        "custom", pat_str=make_configs.TEKKEN[name], mergeable_ranks=ranks, special_tokens={}
    )
    documents = (
        weird_texts.weird()
        + real_texts.sample_lines()
        + texts.fuzz(61, 800)
        + texts.packed_code_points(0, 0x110000, step=307)
    )
    theirs = [[i + N_SPECIAL for i in peer.encode_ordinary(d)] for d in documents]
    peers.assert_same_ids(documents, tok.encode(path, documents, special="text"), theirs)


@pytest.mark.parametrize("name", sorted(make_configs.TEKKEN))
def test_special_tokens_are_never_parsed_from_text(tok, generated, name):
    path = generated("tekken", name)
    document = "<s>[INST] hello [/INST]</s>"
    as_text = tok.encode(path, [document], special="text").document(0)
    assert min(as_text) >= N_SPECIAL
    assert tok.decode(path, [as_text]) == [document]
