"""Every generated tokenizer.json against Hugging Face tokenizers: ids, offsets, templates, specials, decoding."""

import functools
import json

import pytest

pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import make_configs
import offsets
import peers
import texts

NAMES = sorted(make_configs.CONFIGS)


@functools.cache
def common_documents():
    documents = texts.weird() + texts.fuzz(11, 160) + texts.sample_lines()
    udhr = texts.udhr()
    return documents + (texts.thin(udhr, 30, seed=3) if udhr else [])


def documents_for(peer, seed=1):
    return common_documents() + texts.special_soup(peer.added_contents(), seed, 60)


def our_ids(tok, path, document, **options):
    return tok.encode(path, [document], **options).document(0)


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_offsets(tok, generated, name):
    path = generated("config", name)
    peer = peers.HuggingFace(path, trim_offsets=False)
    documents, theirs = peers.usable(documents := documents_for(peer), peer.encode_with_offsets(documents))
    assert len(documents) > 500
    ours = tok.encode_with_offsets(path, documents, "chars")
    peers.assert_same_ids(documents, peers.tok_cli.Ragged.from_lists([ids for ids, _ in ours]), [ids for ids, _, _ in theirs],
                          lambda d: our_ids(tok, path, d) != peer.encode([d])[0])
    lines, count = offsets.differences(documents, ours, theirs, peer.tokenizer.id_to_token)
    assert not count, f"offsets differ in {count} of {len(documents)} documents\n" + "\n".join(lines)

    config = json.loads(path.read_text(encoding="utf-8"))
    trims, add_prefix_space = offsets.trims_offsets(config)
    if trims:
        trimming = peers.HuggingFace(path).encode_with_offsets(documents)
        ours = [(ids, offsets.trimmed(spans, tokens, add_prefix_space)) for (ids, spans), (_, _, tokens) in zip(ours, trimming)]
        lines, count = offsets.differences(documents, ours, trimming, peer.tokenizer.id_to_token)
        assert not count, f"trimmed offsets differ in {count} of {len(documents)} documents\n" + "\n".join(lines)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("family_", "post_"))])
def test_template(tok, generated, name):
    path = generated("config", name)
    peer = peers.HuggingFace(path)
    documents, theirs = peers.usable(documents := documents_for(peer, 2)[::5], peer.encode(documents, template=True))
    peers.assert_same_ids(documents, tok.encode(path, documents, "--template"), theirs)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("family_", "added_"))])
def test_special_tokens_as_text(tok, generated, name):
    path = generated("config", name)
    peer = peers.HuggingFace(path)
    peer.tokenizer.encode_special_tokens = True
    documents, theirs = peers.usable(documents := texts.special_soup(peer.added_contents(), 7, 150) + texts.weird()[::9], peer.encode(documents))
    peers.assert_same_ids(documents, tok.encode(path, documents, special="text"), theirs, lambda d: our_ids(tok, path, d, special="text") != peer.encode([d])[0])


def decodable(peer, documents, seed):
    """Id lists worth decoding: of real text with its template, then random ids, each id alone."""
    import random
    rng = random.Random(seed)
    lists = [ids for ids in peer.encode(documents, template=True) if ids is not None]
    known = peer.all_ids()
    lists += [[rng.choice(known) for _ in range(rng.randint(0, 12))] for _ in range(250)]
    return lists + [[one] for one in known[::max(1, len(known) // 700)]]


@pytest.mark.parametrize("skip_special", [False, True], ids=["keep", "skip"])
@pytest.mark.parametrize("name", NAMES)
def test_decode(tok, generated, name, skip_special):
    path = generated("config", name)
    peer = peers.HuggingFace(path)
    lists = decodable(peer, documents_for(peer)[:: 7 if skip_special else 4], 5)
    lists, theirs = peers.usable(lists, peer.decode(lists, skip_special))
    peers.assert_same_texts(lists, tok.decode(path, lists, *(["--skip-special"] if skip_special else [])), theirs)


@pytest.mark.parametrize("name", ["normalizer_nfkd", "normalizer_precompiled_nmt_nfkc", "family_llama", "family_roberta", "family_bert_uncased", "bpe_byte_fallback"])
def test_offset_units_agree(tok, generated, name):
    path = generated("config", name)
    documents = common_documents()[::3]
    in_chars = tok.encode_with_offsets(path, documents, "chars")
    for unit, starts_of in (("bytes", offsets.byte_starts), ("utf16", offsets.utf16_starts)):
        for text, (ids, spans), (other_ids, other) in zip(documents, in_chars, tok.encode_with_offsets(path, documents, unit)):
            assert other_ids == ids
            assert other == offsets.converted(spans, starts_of(text)), (unit, text)


@pytest.mark.parametrize("name", sorted(make_configs.STRANGE))
def test_strange_files_are_followed_or_refused(tok, generated, name):
    """Never silently other ids: the same as the peer's, or one error with a code."""
    path = generated("strange", name)
    documents = texts.weird()[::4] + ["<x> <y> the ships", "unknowable ⁂ text"]
    try:
        theirs = peers.HuggingFace(path).encode(documents)
    except Exception:
        theirs = [None] * len(documents)
    done = tok.run("encode", "-t", path, "--special", "all", stdin=b"the")
    if done.returncode != 0:
        assert done.returncode in (1, 4), done.stderr
        assert done.stderr.startswith(b"error: TOK-E"), done.stderr
        return
    for document, expected in zip(documents, theirs):
        single = tok.run("encode", "-t", path, "--special", "all", stdin=document.encode())
        if expected is None:
            assert single.returncode == 1 and single.stderr.startswith(b"error: TOK-E"), (document, single)
        else:
            assert single.returncode == 0, (document, single.stderr)
            assert [int(i) for i in single.stdout.split()] == expected, document
