"""Every normalizer configuration on every code point in every context, on many mixtures, and on the UDHR corpus."""

import pytest

import real_texts
from normalizer_peer import CONFIGS, CONTEXTS, Probe, code_point_texts, differing, differing_origins, mixtures


@pytest.fixture(scope="module")
def probe():
    probe = Probe()
    yield probe
    probe.close()


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("context", CONTEXTS)
def test_every_code_point(probe, name, context):
    documents = code_point_texts(context)
    assert differing(name, documents, probe(name, documents)) is None


@pytest.mark.parametrize("name", CONFIGS)
def test_origins_on_mixtures(probe, name):
    documents = mixtures(40000, seed=2)
    assert differing_origins(name, documents, *probe(name, documents, origins=True)) is None


@pytest.mark.parametrize("name", CONFIGS)
def test_udhr(probe, name):
    documents = real_texts.udhr()
    if documents is None:
        pytest.skip("no corpora (TOK_CORPORA)")
    assert differing(name, documents, probe(name, documents)) is None
    sample = documents[::37]
    assert differing_origins(name, sample, *probe(name, sample, origins=True)) is None
