"""`tok convert Y.json X.model`: sentencepiece loads what was written and gives the ids of the tokenizer.json.

A conversion that warns of nothing must agree on every text; one that warns, on all texts that the warnings are not
about; one that cannot be expressed is refused by name.
"""

import json
import unicodedata

import pytest

tokenizers = pytest.importorskip("tokenizers")
spm = pytest.importorskip("sentencepiece")

import peers  # noqa: E402
import real_texts  # noqa: E402
import tok_cli  # noqa: E402
from sentencepiece_models import MODEL_NAMES, models  # noqa: E402, F401
from sentencepiece_to_json_test import EXTRA, REFUSED, all_models, convert, documents_of, outside_of  # noqa: E402, F401

SPACE = "\u2581"


def normalized(text):
    """Roughly as the character maps do it: they make U+FFFD a space."""
    return unicodedata.normalize("NFKC", text.replace("\ufffd", " "))


def outside_of_json(warnings, processor, documents):
    """The documents that no warning of a conversion to .model is about."""
    kept = outside_of(warnings, processor, documents)
    names = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    for warning in warnings:
        if "begins with one" in warning:
            kept = [d for d in kept if d == d.lstrip() and not normalized(d).startswith((" ", SPACE))]
        elif "the end of the normalized text" in warning:
            kept = [d for d in kept if d == d.strip().strip(SPACE) and not normalized(d).endswith(" ")]
        elif "at the begin of the normalized text" in warning:
            kept = [d for d in kept if d == d.lstrip() and not normalized(d).startswith(" ")]
        elif "holds U+2581 itself" in warning:
            kept = [d for d in kept if SPACE not in d]
        elif "drops all white space" in warning:
            kept = [d for d in kept if SPACE not in d and all(c == " " or not c.isspace() for c in normalized(d))]
        elif "part by part" in warning:
            symbols = [n for n in names if n.startswith("<") or n == "an"]
            kept = [d for d in kept if not any(s in d for s in symbols)]
    return kept


def assert_ids_are_hugging_faces(source, model, documents):
    peer = tokenizers.Tokenizer.from_file(str(source))
    theirs = [e.ids for e in peer.encode_batch(documents, add_special_tokens=False)]
    ids = spm.SentencePieceProcessor(model_file=str(model)).encode(documents)
    differing = [(d, a, b) for d, a, b in zip(documents, theirs, ids) if a != b]
    assert not differing, f"{len(differing)} of {len(documents)}: {differing[:3]}"


@pytest.mark.parametrize("name", [n for n in [*MODEL_NAMES, *EXTRA] if n not in REFUSED])
def test_a_model_comes_back_from_its_json(tok, all_models, tmp_path, name):  # noqa: F811
    there, back = tmp_path / "tokenizer.json", tmp_path / "back.model"
    convert(tok, all_models[name], there)
    convert(tok, there, back)
    before = spm.SentencePieceProcessor(model_file=str(all_models[name]))
    after = spm.SentencePieceProcessor(model_file=str(back))
    # The rules are the same ones again, so no text is left out, whatever the warnings on the way said.
    documents = documents_of(name)
    ids = before.encode(documents)
    assert after.encode(documents) == ids
    known = [one for one in ids if before.unk_id() not in one]
    assert after.decode(known) == before.decode(known)
    kinds = [(p.is_control(i), p.is_unknown(i), p.is_byte(i)) for p in (before, after) for i in range(len(p))]
    assert kinds[: len(before)] == kinds[len(before) :]


# What `transformers` makes of a model, by what it changes in the file that libtok makes.
METASPACE = {"type": "Metaspace", "replacement": SPACE, "prepend_scheme": "always", "split": True}
NEVER, FIRST, WHOLE = {"prepend_scheme": "never"}, {"prepend_scheme": "first"}, {"split": False}
STRIP = [{"type": "Strip", "strip_left": False, "strip_right": True}]
COLLAPSE = [{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": SPACE}]
COLLAPSE_TO_SPACE = [{"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]
WORDS = {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, METASPACE]}
FAMILIES = {
    "t5-published": ("unigram-nmt_nfkc", [], WORDS),
    "xlm-roberta-published": ("unigram-nmt_nfkc", COLLAPSE_TO_SPACE, WORDS),
    "bpe-words": ("bpe-nmt_nfkc", [], WORDS),
    "t5": ("unigram-nmt_nfkc", STRIP + COLLAPSE, METASPACE),
    "t5-old": ("unigram-nmt_nfkc", COLLAPSE_TO_SPACE, METASPACE),
    "t5-bytes": ("unigram-bytes", STRIP + COLLAPSE, METASPACE),
    "unigram-identity": ("unigram-identity", STRIP + COLLAPSE, METASPACE | WHOLE),
    "unigram-never": ("unigram-identity", STRIP + COLLAPSE, METASPACE | NEVER),
    "unigram-first": ("unigram-spaces", [], METASPACE | FIRST | WHOLE),
    "llama-first": ("bpe-llama", [], METASPACE | FIRST | WHOLE),
    "llama-never": ("bpe-llama", [], METASPACE | NEVER | WHOLE),
    "bpe-split": ("bpe-identity", STRIP + COLLAPSE, METASPACE),
    "bpe-nfkc": ("bpe-nfkc", STRIP + COLLAPSE, METASPACE | WHOLE),
}


def rewritten(source, normalizers, pre_tokenizer):
    """The file with other steps before its model; its Precompiled stays."""
    config = json.loads(source.read_text())
    given = config["normalizer"]
    steps = given["normalizers"] if given["type"] == "Sequence" else [given]
    steps = [step for step in steps if step["type"] == "Precompiled"] + normalizers
    config["normalizer"] = {"type": "Sequence", "normalizers": steps} if steps else None
    config["pre_tokenizer"] = pre_tokenizer
    strips = bool(normalizers) or pre_tokenizer.get("prepend_scheme") != "never"
    if not config["model"]["byte_fallback"]:
        config["decoder"] = {**METASPACE, "prepend_scheme": "always" if strips else "never"}
    elif not strips:
        config["decoder"]["decoders"] = [d for d in config["decoder"]["decoders"] if d["type"] != "Strip"]
    return config


@pytest.mark.parametrize("family", list(FAMILIES))
def test_files_of_transformers(tok, all_models, tmp_path, family):  # noqa: F811
    name, normalizers, pre_tokenizer = FAMILIES[family]
    source, model = tmp_path / "tokenizer.json", tmp_path / "x.model"
    convert(tok, all_models[name], source)
    source.write_text(json.dumps(rewritten(source, normalizers, pre_tokenizer)))
    warnings = convert(tok, source, model)
    processor = spm.SentencePieceProcessor(model_file=str(model))
    documents = outside_of_json(warnings, processor, documents_of(name))
    assert len(documents) > 100
    assert_ids_are_hugging_faces(source, model, documents)


def with_added(config, content, **flags):
    """The file with one more added token, outside the model's vocabulary."""
    size = len(config["model"]["vocab"])
    token = dict(id=size, content=content, single_word=False, lstrip=False, rstrip=False, normalized=False, special=False)
    config["added_tokens"].append({**token, **flags})
    return config


def test_added_tokens_become_symbols_and_control_pieces(tok, all_models, tmp_path):  # noqa: F811
    source, model = tmp_path / "tokenizer.json", tmp_path / "x.model"
    convert(tok, all_models["bpe-llama"], source)
    config = with_added(json.loads(source.read_text()), "<tool>")
    config["added_tokens"].append({**config["added_tokens"][-1], "id": config["added_tokens"][-1]["id"] + 1,
                                   "content": "<|end|>", "special": True})
    source.write_text(json.dumps(config))
    warnings = convert(tok, source, model)
    assert any("part by part" in w and "<tool>" in w for w in warnings)
    processor = spm.SentencePieceProcessor(model_file=str(model))
    assert processor.encode("a<tool>b", out_type=str)[-2:] == ["<tool>", "b"]
    assert processor.is_control(len(processor) - 1)
    documents = outside_of_json(warnings, processor, documents_of("bpe-llama"))
    assert_ids_are_hugging_faces(source, model, documents)


def changed(**changes):
    def change(config):
        config.update(changes)
        return config
    return change


def in_model(**changes):
    def change(config):
        config["model"].update(changes)
        return config
    return change


def made_special(token):
    """What is merged from it, no score leads to: SentencePiece leaves control pieces alone."""
    return lambda config: with_added(config, token, special=True)


def without_merges_to(token):
    def change(config):
        config["model"]["merges"] = [m for m in config["model"]["merges"] if "".join(m) != token]
        return config
    return change


REFUSED_CHANGES = {
    "the normalizer Lowercase": changed(normalizer={"type": "Lowercase"}),
    "the pre-tokenizer Digits": changed(pre_tokenizer={"type": "Digits", "individual_digits": True}),
    "the pre-tokenizer Split": changed(
        pre_tokenizer={"type": "Split", "pattern": {"Regex": "\\w+"}, "behavior": "Isolated", "invert": False}),
    "a decoder": changed(decoder=None),
    "ignore_merges": in_model(ignore_merges=True),
    "a vocabulary without an unknown token": in_model(unk_token=None),
    "no scores lead there": made_special(f"{SPACE}b"),
    "that no text becomes piece": without_merges_to(f"{SPACE}a"),
    "takes white space beside it": lambda config: with_added(config, "<x>", lstrip=True),
    "found between words only": lambda config: with_added(config, "<x>", single_word=True),
    "the normalizer rewrites": lambda config: with_added(config, "<x>", normalized=True),
}


@pytest.mark.parametrize("feature", list(REFUSED_CHANGES))
def test_what_cannot_be_said_is_refused_by_name(tok, all_models, tmp_path, feature):  # noqa: F811
    source, model = tmp_path / "tokenizer.json", tmp_path / "x.model"
    convert(tok, all_models["bpe-llama"], source)
    source.write_text(json.dumps(REFUSED_CHANGES[feature](json.loads(source.read_text()))))
    with pytest.raises(tok_cli.TokFailure, match=f"TOK-E026.*{feature}") as failure:
        tok.must("convert", source, model)
    assert failure.value.code == 1
    assert not model.exists()


@pytest.mark.parametrize("name", ["llama2", "gemma3"])
def test_published_tokenizers(tok, tmp_path, name):
    content = peers.shared_file(f"{name}.tokenizer.json")
    if content is None:
        pytest.skip(f"no {name}.tokenizer.json here")
    source, model = tmp_path / f"{name}.json", tmp_path / f"{name}.model"
    source.write_bytes(content)
    corpus = tmp_path / "corpus.txt"
    corpus.write_text("\n".join(real_texts.sample_lines()))
    done = tok.must("convert", source, model, "--verify", corpus)
    warnings = done.stderr.decode().splitlines()
    assert any("post-processor" in w for w in warnings)
    processor = spm.SentencePieceProcessor(model_file=str(model))
    lines = [line for document in real_texts.udhr() or [] for line in document.splitlines() if line]
    documents = outside_of_json(warnings, processor, documents_of(name) + lines[::20])
    assert_ids_are_hugging_faces(source, model, documents)
    ids = processor.encode(documents)
    assert tok.decode(model, ids) == [processor.decode(one) for one in ids]
