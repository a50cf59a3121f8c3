"""Normalizers against Hugging Face: text and origins on mixtures of marks and bases, text on every code point."""

import pytest

import real_texts
import sanitized
from normalizer_peer import CONFIGS, CONTEXTS, Probe, code_point_texts, differing, differing_origins, mixtures


@pytest.fixture(scope="module")
def probe():
    probe = Probe()
    yield probe
    probe.close()


@pytest.mark.parametrize("name", CONFIGS)
def test_origins_on_mixtures(probe, name):
    documents = sanitized.some(mixtures(1500, seed=1), 3)
    assert differing_origins(name, documents, *probe(name, documents, origins=True)) is None


@pytest.mark.parametrize("name", CONFIGS)
def test_sample_text(probe, name):
    documents = real_texts.sample_lines()
    assert differing_origins(name, documents, *probe(name, documents, origins=True)) is None


@pytest.mark.parametrize("name", ["nfc", "nfd", "nfkc", "nfkd", "nmt", "lowercase", "strip_accents", "bert"])
def test_every_code_point(probe, name):
    documents = sanitized.some(code_point_texts(CONTEXTS[3]), 8)
    assert differing(name, documents, probe(name, documents)) is None
