"""`tok convert X.model Y.json`: `tokenizers` and libtok read what was written and give sentencepiece's ids and text.

A model whose conversion warns of nothing must agree on every text; one that warns, on all texts that the warnings are
not about; one that cannot be expressed is refused by name.
"""

import re
import unicodedata

import pytest

tokenizers = pytest.importorskip("tokenizers")
spm = pytest.importorskip("sentencepiece")

import real_texts  # noqa: E402
import weird_texts  # noqa: E402
import tok_cli  # noqa: E402
from sentencepiece_models import MODEL_NAMES, models, odd_texts, training_text  # noqa: E402, F401

REFUSED = {
    "word": "word models",
    "word-suffix": "word models",
    "word-symbols": "word models",
    "unigram-unused": "unused piece",
    "bpe-unused": "unused piece",
    "bpe-bytes-unused": "unused piece",
    "char-unused": "unused piece",
    "word-unused": "unused piece",
    "bpe-plain-spaces": "escape_whitespaces",
    "unigram-identity-raw": "escape_whitespaces",
    "bpe-flat": "equal score",
    "bpe-symbols": "user-defined symbol",
    "unigram-symbols": "user-defined symbol",
}
# The models of the other tests whose symbols no normalizer touches, and BPE with whole scores only.
EXTRA = {
    "bpe-identity-symbols": dict(model_type="bpe", normalization_rule_name="identity", remove_extra_whitespaces=False,
                                 user_defined_symbols=["<sep>", "<mask>", "<ma", "an", "\u2581x", "人人", "\n", "a|b"],
                                 control_symbols=["<ctl>"]),
    "bpe-trimmed-symbols": dict(model_type="bpe", normalization_rule_name="identity",
                                user_defined_symbols=["<sep>", "<mask>", "(.)", "人人"]),
    "bpe-gemma": dict(model_type="bpe", normalization_rule_name="identity", remove_extra_whitespaces=False,
                      add_dummy_prefix=False, byte_fallback=True, vocab_size=1200,
                      user_defined_symbols=["\n", "\n\n", "\u2581\u2581", "\u2581\u2581\u2581", "<start>"]),
    "unigram-identity-symbols": dict(model_type="unigram", normalization_rule_name="identity",
                                     user_defined_symbols=["<sep>", "<mask>"]),
    "bpe-identity-suffix": dict(model_type="bpe", normalization_rule_name="identity", treat_whitespace_as_suffix=True),
    "bpe-raw-suffix": dict(model_type="bpe", normalization_rule_name="identity", treat_whitespace_as_suffix=True,
                           remove_extra_whitespaces=False),
    "bpe-bare": dict(model_type="bpe", normalization_rule_name="identity", add_dummy_prefix=False),
    "char-identity": dict(model_type="char", normalization_rule_name="identity", user_defined_symbols=["<sep>", "an"]),
    "char-identity-bytes": dict(model_type="char", normalization_rule_name="identity", byte_fallback=True),
}


@pytest.fixture(scope="module")
def all_models(models, tmp_path_factory):
    folder = tmp_path_factory.mktemp("extra")
    paths = dict(models)
    for name, options in EXTRA.items():
        settings = dict(vocab_size=700, character_coverage=0.98, hard_vocab_limit=False, num_threads=1, minloglevel=2)
        paths[name] = folder / f"{name}.model"
        with paths[name].open("wb") as out:
            spm.SentencePieceTrainer.train(
                sentence_iterator=iter(training_text()), model_writer=out, **{**settings, **options})
    return paths


def convert(tok, model, written):
    """The warnings of a conversion."""
    return tok.must("convert", model, written).stderr.decode().splitlines()


def documents_of(name):
    documents = [t.decode() for t in odd_texts()] + training_text() + real_texts.sample_lines() + weird_texts.weird()
    return list(dict.fromkeys(documents))


def outside_of(warnings, processor, documents):
    """The documents that no warning is about."""
    names = [processor.id_to_piece(i) for i in range(processor.get_piece_size())
             if processor.is_control(i) or processor.is_unknown(i) or processor.is_byte(i)]
    kept = documents
    for warning in warnings:
        if "character map" in warning:
            kept = [d for d in kept if not any(unicodedata.combining(c) or unicodedata.category(c)[0] in "MC" for c in d)]
            kept = [d for d in kept if not re.search("[\u1100-\u11ff\u3130-\u318f\uff9e\uff9f\U0001f3fb-\U0001f3ff]|\r\n", d)]
        elif "dummy prefix" in warning:
            symbols = {processor.id_to_piece(i) for i in range(processor.get_piece_size())}
            kept = [d for d in kept if d.strip(" ") not in symbols]
        elif "spells them" in warning:
            kept = [d for d in kept if not any(n in d for n in names)]
        elif "user-defined symbols whole" in warning:
            kept = [d for d in kept if "<" not in d]
    return kept


@pytest.mark.parametrize("name", [n for n in [*MODEL_NAMES, *EXTRA] if n not in REFUSED])
def test_ids_and_text_are_sentencepieces(tok, all_models, tmp_path, name):
    written = tmp_path / "tokenizer.json"
    warnings = convert(tok, all_models[name], written)
    processor = spm.SentencePieceProcessor(model_file=str(all_models[name]))
    documents = outside_of(warnings, processor, documents_of(name))
    assert len(documents) > 100
    ids = processor.encode(documents)
    peer = tokenizers.Tokenizer.from_file(str(written))
    peer.encode_special_tokens = True
    theirs = [e.ids for e in peer.encode_batch(documents, add_special_tokens=False)]
    differing = [(d, a, b) for d, a, b in zip(documents, ids, theirs) if a != b]
    assert not differing, f"{len(differing)} of {len(documents)}: {warnings} {differing[:3]}"
    ours = tok.encode(written, documents, special="text")
    assert ours.lists() == ids
    # Hugging Face leaves unknown pieces out, and strips one space where SentencePiece strips all pieces of U+2581.
    known = [one for d, one in zip(documents, ids)
             if processor.unk_id() not in one and not d.lstrip(" ").startswith("\u2581")]
    expected = [processor.decode(one) for one in known]
    assert peer.decode_batch(known) == expected
    assert tok.decode(written, known) == expected


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_said_is_refused_by_name(tok, all_models, tmp_path, name):
    with pytest.raises(tok_cli.TokFailure, match=f"TOK-E026.*{REFUSED[name]}") as failure:
        tok.must("convert", all_models[name], tmp_path / "tokenizer.json")
    assert failure.value.code == 1
    assert not list(tmp_path.iterdir())
