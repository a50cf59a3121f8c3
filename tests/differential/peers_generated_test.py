"""Every generated tokenizer.json against Hugging Face tokenizers: ids, offsets, templates, specials, decoding.

Each tokenizer meets its own sample of the documents; the slow tier gives all of them to all.
"""

import functools
import json
import random

import pytest

pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import make_configs
import offsets
import peers
import real_texts
import sanitized
import texts
import weird_texts

# The slow tier takes all; here stand some of the many that differ in how they cut words.
WORDS = [name for name in sorted(make_configs.CONFIGS) if name.startswith("words_")]
NAMES = sanitized.some(sorted({*make_configs.CONFIGS} - {*WORDS}) + WORDS[::4], 3)
# Their decoders are those of others.
DECODING = [name for name in NAMES if not name.startswith(("words_", "normalizer_", "bytes_", "post_"))]

# The peer finds offsets by adding up the lengths of the tokens it made: after a character that it drops, moves behind
# later ones, or spells in more bytes than it has, they no longer point to where the tokens came from. libtok's do.
PEER_OFFSETS_DRIFT = {
    "bpe_byte_fallback_partial": "an unknown character is put behind the byte tokens that follow it",
    "bpe_byte_fallback_partial_fused": "an unknown character is put behind the byte tokens that follow it",
    "bpe_byte_fallback_prefix": "the bytes of the continuation prefix count too",
    "bpe_chars_no_unk": "unknown characters are dropped",
    "bpe_missing_bytes": "unknown characters are dropped",
}


@functools.cache
def common_documents():
    documents = weird_texts.weird() + texts.fuzz(11, 160) + real_texts.sample_lines()
    udhr = real_texts.udhr()
    return documents + (texts.thin(udhr, 30, seed=3) if udhr else [])


def documents_for(peer, seed, count=240, soup=60):
    return texts.thin(common_documents(), count, seed) + texts.thin(
        texts.special_soup(peer.added_contents(), seed, 60), soup, seed
    )


def our_ids(tok, path, document, **options):
    return tok.encode(path, [document], **options).document(0)


def check_ids_and_offsets(tok, path, count, soup):
    peer = peers.HuggingFace(path, trim_offsets=False)
    documents = documents_for(peer, path.name, count, soup)
    documents, theirs = peers.usable(documents, peer.encode_with_offsets(documents))
    assert len(documents) > 100
    ours = tok.encode_with_offsets(path, documents, "chars")
    peers.assert_same_ids(
        documents,
        peers.tok_cli.Ragged.from_lists([ids for ids, _ in ours]),
        [ids for ids, _, _ in theirs],
        lambda d: our_ids(tok, path, d) != peer.encode([d])[0],
    )
    if path.stem.removeprefix("config_") in PEER_OFFSETS_DRIFT:
        offsets.check_that_they_spell_their_tokens(documents, ours, peer.tokenizer.id_to_token)
        return
    lines, differing = offsets.differences(documents, ours, theirs, peer.tokenizer.id_to_token)
    assert not differing, f"offsets differ in {differing} of {len(documents)} documents\n" + "\n".join(lines)

    trims, add_prefix_space = offsets.trims_offsets(json.loads(path.read_text(encoding="utf-8")))
    if trims:
        trimming = peers.HuggingFace(path).encode_with_offsets(documents)
        ours = [
            (ids, offsets.trimmed(spans, tokens, add_prefix_space))
            for (ids, spans), (_, _, tokens) in zip(ours, trimming)
        ]
        lines, differing = offsets.differences(documents, ours, trimming, peer.tokenizer.id_to_token)
        assert (
            not differing
        ), f"trimmed offsets differ in {differing} of {len(documents)} documents\n" + "\n".join(lines)


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_offsets(tok, generated, name):
    check_ids_and_offsets(tok, generated("config", name), 240, 60)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("family_", "post_"))])
def test_template(tok, generated, name):
    path = generated("config", name)
    peer = peers.HuggingFace(path)
    documents = documents_for(peer, name, 60, 40)
    documents, theirs = peers.usable(documents, peer.encode(documents, template=True))
    peers.assert_same_ids(documents, tok.encode(path, documents, "--template"), theirs)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("family_", "added_"))])
def test_special_tokens_as_text(tok, generated, name):
    path = generated("config", name)
    peer = peers.HuggingFace(path)
    peer.tokenizer.encode_special_tokens = True
    documents = texts.thin(texts.special_soup(peer.added_contents(), 7, 120), 150, name) + weird_texts.weird()[::19]
    documents, theirs = peers.usable(documents, peer.encode(documents))
    peers.assert_same_ids(
        documents,
        tok.encode(path, documents, special="text"),
        theirs,
        lambda d: our_ids(tok, path, d, special="text") != peer.encode([d])[0],
    )


def decodable(peer, documents, seed, count=120):
    """Id lists worth decoding: of real text with its template, then random ids, each id alone."""
    rng = random.Random(seed)
    lists = [ids for ids in peer.encode(documents, template=True) if ids is not None]
    known = peer.all_ids()
    lists += [[rng.choice(known) for _ in range(rng.randint(0, 12))] for _ in range(count)]
    return lists + [[one] for one in known[:: max(1, len(known) // (2 * count))]]


def check_decode(tok, path, skip_special, count):
    peer = peers.HuggingFace(path)
    lists = decodable(peer, documents_for(peer, path.name, count // 2, count // 4), path.name, count)
    lists, theirs = peers.usable(lists, peer.decode(lists, skip_special))
    peers.assert_same_texts(
        lists, tok.decode(path, lists, *(["--skip-special"] if skip_special else [])), theirs
    )


@pytest.mark.parametrize("name", DECODING)
def test_decode(tok, generated, name):
    check_decode(tok, generated("config", name), False, 120)


@pytest.mark.parametrize("name", [n for n in NAMES if n.startswith(("decoder_", "family_", "added_"))])
def test_decode_without_specials(tok, generated, name):
    check_decode(tok, generated("config", name), True, 60)


@pytest.mark.parametrize(
    "name",
    [
        "normalizer_nfkd",
        "normalizer_precompiled_nmt_nfkc",
        "family_llama",
        "family_roberta",
        "family_bert_uncased",
        "bpe_byte_fallback",
    ],
)
def test_offset_units_agree(tok, generated, name):
    path = generated("config", name)
    documents = texts.thin(common_documents(), 200, name)
    in_chars = tok.encode_with_offsets(path, documents, "chars")
    in_bytes = tok.encode_with_offsets(path, documents, "bytes")
    in_utf16 = tok.encode_with_offsets(path, documents, "utf16")
    for text, (ids, chars), (byte_ids, exact), (utf16_ids, utf16) in zip(
        documents, in_chars, in_bytes, in_utf16
    ):
        assert byte_ids == utf16_ids == ids
        # Bytes are exact; characters and UTF-16 units are the whole characters around them.
        assert offsets.widened(exact, offsets.byte_starts(text)) == chars, text
        assert utf16 == offsets.converted(chars, offsets.utf16_starts(text)), text


def expected_ids(path, documents):
    """What the peer gives for each document, None where it fails. Its normalizer runs alone first where inserting at
    empty matches corrupts the peer's alignments (it then panics, or repeats text)."""
    try:
        peer = peers.HuggingFace(path)
    except Exception:
        return [None] * len(documents)
    if path.stem in ("strange_normalizer_regex_empty_match", "strange_replace_empty_string"):
        normalize = peer.tokenizer.normalizer.normalize_str
        documents = [normalize(d) if d else d for d in documents]
        config = {**json.loads(path.read_text(encoding="utf-8")), "normalizer": None}
        peer.tokenizer = peers.tokenizers.Tokenizer.from_str(json.dumps(config))
    return peer.encode(documents)


@pytest.mark.parametrize("name", sorted(make_configs.STRANGE))
def test_strange_files_are_followed_or_refused(tok, generated, name):
    """Never silently other ids: the same as the peer's, or one error with a code."""
    path = generated("strange", name)
    documents = weird_texts.weird()[::4] + ["<x> <y> the ships", "unknowable ⁂ text"]
    done = tok.run("encode", "-t", path, "--special", "all", stdin=b"the")
    if done.returncode != 0:
        assert done.returncode in (1, 4), done.stderr
        assert done.stderr.startswith(b"error: TOK-E"), done.stderr
        return
    assert name not in make_configs.REFUSED, "this file is beyond what libtok claims to do"
    followed = [(d, e) for d, e in zip(documents, expected_ids(path, documents)) if e is not None]
    peers.assert_same_ids(
        [d for d, _ in followed], tok.encode(path, [d for d, _ in followed]), [e for _, e in followed]
    )
    for document in [d for d in documents if d not in dict(followed)][:5]:
        single = tok.run("encode", "-t", path, "--special", "all", stdin=document.encode())
        assert single.returncode == 1 and single.stderr.startswith(b"error: TOK-E"), (document, single)
