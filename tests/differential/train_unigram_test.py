"""The Unigram trainer side by side with Hugging Face's, on real text in many scripts and on generated pieces."""

import random

import pytest

import real_texts
from probe import Probe
from unigram_peer import Tokenizer, assert_same, compare, count_pieces, peer_vocabulary
from tokenizers import pre_tokenizers

METASPACE, WHITESPACE = pre_tokenizers.Metaspace(), pre_tokenizers.Whitespace()


@pytest.fixture(scope="module")
def probe():
    probe = Probe("unigram_trainer")
    yield probe
    probe.close()


def sample_lines():
    # One line has a piece with two spellings that are exactly as likely, between which rounding decides on both sides.
    return [line for line in real_texts.sample_lines() if "\u5411\u3044\u3066\u3044\u3066\u3001" not in line]


def with_room(pieces, n):
    """A vocabulary size with room for n tokens beside the characters."""
    return len(set("".join(piece for piece, _ in pieces))) + n


@pytest.mark.parametrize("pre_tokenizer", [METASPACE, WHITESPACE])
@pytest.mark.parametrize("n", [1, 100, 400, 900, 100000])
def test_sample(probe, pre_tokenizer, n):
    pieces = count_pieces(sample_lines(), pre_tokenizer)
    compare(probe, pieces, vocab_size=with_room(pieces, n) + 1, unk_token="<unk>")


@pytest.mark.parametrize("begin", range(0, 15000, 3000))
def test_many_languages(probe, begin):
    docs = real_texts.udhr()
    if docs is None:
        pytest.skip("the UDHR corpus is not there")
    compare(probe, count_pieces(docs[begin : begin + 300], METASPACE), vocab_size=1000, unk_token="<unk>")


@pytest.mark.parametrize("begin", range(0, 500000, 100000))
def test_documentation(probe, begin):
    docs = real_texts.pydocs()
    if docs is None:
        pytest.skip("the parallel Python documentation is not there")
    compare(probe, count_pieces(docs[begin : begin + 1000], METASPACE), vocab_size=1500, unk_token="<unk>")


def test_prose_and_options(probe):
    docs = real_texts.prose()
    if docs is None:
        pytest.skip("the prose corpus is not there")
    pieces = count_pieces(docs[:100], WHITESPACE)
    for options in [
        {},
        {"vocab_size": 500},
        {"vocab_size": 500, "shrinking_factor": 0.5},
        {"vocab_size": 700, "n_sub_iterations": 1},
        {"vocab_size": 700, "n_sub_iterations": 3, "max_piece_length": 4},
        {"vocab_size": 700, "seed_size": 2000, "unk_token": "[UNK]"},
        {"vocab_size": 700, "max_piece_length": 1},
        {"vocab_size": 700, "special_tokens": ["<s>", "</s>", "<mask>"], "unk_token": "</s>"},
        {"vocab_size": 700, "special_tokens": ["<s>"], "unk_token": "<unk>", "initial_alphabet": [0xE9, 0x4E16, 0x1F600, 0x61]},
    ]:
        compare(probe, pieces, **options)


def generated_pieces(rng):
    """Random walks over a few strings of a few alphabets, which repeat as words do, with counts that fall as words' do."""
    letters = rng.choice(["abc", "abcdefghij", "aé世😀", "the quick", "0123456789.-"])
    parts = ["".join(rng.choice(letters) for _ in range(rng.randint(1, 5))) for _ in range(rng.randint(3, 40))]
    pieces = {"".join(rng.choice(parts) for _ in range(rng.randint(1, 6))) for _ in range(rng.randint(50, 600))}
    return [(piece, 1 + int(200 * rng.random() ** 6)) for piece in sorted(pieces)]


def test_generated_pieces(probe):
    rng = random.Random(73)
    for _ in range(60):
        pieces = generated_pieces(rng)
        vocab_size = with_room(pieces, rng.choice([20, 60, 200]))
        compare(probe, pieces, vocab_size=vocab_size, unk_token="<unk>", max_piece_length=rng.choice([3, 8, 16]))


def test_trained_tokenizer_is_the_peers(probe):
    lines = real_texts.sample_lines()
    reply = compare(probe, count_pieces(lines, METASPACE), vocab_size=1600, special_tokens=["<unk>", "<s>"], unk_token="<unk>",
                    metaspace=True)
    tokenizer = Tokenizer.from_str(reply["tokenizer"])
    assert tokenizer.token_to_id("<unk>") == 0 and tokenizer.token_to_id("<s>") == 1
    for line in lines:
        encoding = tokenizer.encode(line)
        assert 0 not in encoding.ids
        assert tokenizer.decode(encoding.ids) == line.strip(" ") or "  " in line or "\u2581" in line
    assert tokenizer.encode("<s>").ids == [1]


def test_the_comparison_can_fail():
    pieces = count_pieces(real_texts.sample_lines(), METASPACE)
    peer = peer_vocabulary(pieces, vocab_size=1600, unk_token="<unk>")
    assert assert_same(peer, peer) == 0
    token, score = peer[20]
    for wrong in [
        peer[:-1],
        [*peer[:20], (token + "x", score), *peer[21:]],
        [*peer[:20], (token, score * (1 + 1e-7)), *peer[21:]],
        [*peer[:20], *peer[25:30], *peer[20:25], *peer[30:]],
    ]:
        with pytest.raises(AssertionError):
            assert_same(wrong, peer)
