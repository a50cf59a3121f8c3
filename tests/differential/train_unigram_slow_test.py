"""The Unigram trainer side by side with Hugging Face's on whole corpora: 500 languages, and English at the usual size."""

import pytest

import real_texts
from probe import Probe
from unigram_peer import compare, count_pieces
from tokenizers import pre_tokenizers


@pytest.mark.parametrize("name, vocab_size", [("udhr", 8000), ("prose", 32000)])
def test_whole_corpus(name, vocab_size):
    docs = getattr(real_texts, name)()
    if docs is None:
        pytest.skip(f"the corpus {name} is not there")
    probe = Probe("unigram_trainer")
    pieces = count_pieces(docs, pre_tokenizers.Metaspace())
    compare(probe, pieces, vocab_size=vocab_size, unk_token="<unk>")
    probe.close()
