"""libtok.hf.BatchEncoding beside transformers': mapping, rows, ways between words, tokens and characters; and the documented uses."""

import pickle

import pytest

import hf_cases
from hf_cases import everything, same

import numpy as np


@pytest.fixture(scope="module", params=list(hf_cases.MAKERS))
def pair(request, tmp_path_factory):
    return hf_cases.Pair(hf_cases.folder_of(request.param, tmp_path_factory))


FIRST, SECOND = "  Hello wörld, it's 中文 🤗", "Paris is the capital"


def test_ways_between_words_tokens_and_characters(pair):
    for arguments, options in (
        ((FIRST,), {}), ((FIRST, SECOND), {}), (([FIRST, SECOND],), {"padding": True}), (([FIRST], [SECOND]), {"padding": "max_length", "max_length": 60}),
        ((FIRST.split(),), {"is_split_into_words": True}), ((FIRST, SECOND), {"truncation": True, "max_length": 9}),
    ):  # fmt: skip
        batches = [tokenizer(*arguments, **options) for tokenizer in pair]
        for name in ("token_to_sequence", "token_to_word", "token_to_chars", "word_to_tokens", "char_to_token", "char_to_word", "word_to_chars"):
            for place in range(0, 70, 1 if "token" in name else 2):
                same(batches, lambda b, n=name, p=place: getattr(b, n)(p), (name, place))
                same(batches, lambda b, n=name, p=place: getattr(b, n)(0, p), (name, place))
                if not name.startswith("token"):
                    same(batches, lambda b, n=name, p=place: getattr(b, n)(p, sequence_index=1), (name, place))
                    for sequence in (1, 2):  # of a text that there is not, the whole row
                        same(batches, lambda b, n=name, p=place, s=sequence: getattr(b.encodings[0], n)(p, s), (name, place, sequence))


def test_mapping(pair):
    for arguments in ((FIRST,), ([FIRST, SECOND],)):
        for use in (
            lambda b: dict(b), lambda b: b["input_ids"], lambda b: b.input_ids, lambda b: b.nothing, lambda b: b["nothing"],
            lambda b: list(b), lambda b: len(b), lambda b: b[0].ids, lambda b: b[5], lambda b: [row.tokens for row in b[0:1]],
            lambda b: "input_ids" in b, lambda b: b.is_fast, lambda b: b.n_sequences, lambda b: b.tokens(), lambda b: b.tokens(1),
            lambda b: b.word_ids(), lambda b: b.sequence_ids(), lambda b: list(b.items()), lambda b: b.update(x=1) or dict(b),
            lambda b: b.pop("attention_mask"), lambda b: b.to("cpu"), lambda b: b.convert_to_tensors("tf"), lambda b: str(b),
            lambda b: dict(b.convert_to_tensors("np")), lambda b: dict(b.convert_to_tensors("np", prepend_batch_axis=True)),
        ):  # fmt: skip
            same(pair, lambda t, u=use, a=arguments: u(t(*a)))


def test_without_rows():
    import libtok.hf

    kinds = (libtok.hf.BatchEncoding, hf_cases.transformers.BatchEncoding)
    for use in (
        lambda c: c({"a": [[1], [2]]})[0:1], lambda c: c({"a": [1]})[0], lambda c: c({"a": [1]}).tokens(), lambda c: c({"a": [1]}).is_fast,
        lambda c: c({"a": [1]}).n_sequences, lambda c: c({"a": [1]}, n_sequences=2).n_sequences, lambda c: c().encodings, lambda c: dict(c()),
        lambda c: dict(c({"a": [1, 2]}, tensor_type="np")), lambda c: c({"a": [1]}).word_to_tokens(1), lambda c: dict(c({"a": []}, tensor_type="np")),
    ):  # fmt: skip
        same(kinds, use)


def test_pickle(pair):
    for arguments, options in ((([FIRST, SECOND],), {}), ((FIRST, SECOND), {"truncation": True, "max_length": 8}), ((FIRST,), {"return_tensors": "np"})):
        batch = pair.mine(*arguments, **options)
        pickled = pickle.dumps(batch)
        assert len(pickled) < 20000  # no tokenizer in it
        restored = pickle.loads(pickled)
        assert hf_cases.plain(everything(restored)) == hf_cases.plain(everything(batch))
        assert restored.char_to_token(3) == batch.char_to_token(3) and restored.word_to_tokens(1) == batch.word_to_tokens(1)
        assert len(restored.encodings) == len(batch.encodings)


def test_results_are_the_callers(pair):
    """Whoever changes a list changes nothing else."""
    batch = pair.mine([FIRST, SECOND], padding=True)
    expected = [row.ids for row in batch.encodings]
    batch["input_ids"][0].append(5)
    batch.encodings[0].ids.append(6)
    batch["attention_mask"][0].append(7)
    assert [row.ids for row in batch.encodings] == expected
    assert pair.mine([FIRST, SECOND], padding=True)["input_ids"] == expected


# ---- as transformers' documentation uses them


def labels_of_tokens(tokenizer, words, labels):
    """Token classification: a word's label on its first token, -100 on all others."""
    batch = tokenizer(words, truncation=True, is_split_into_words=True)
    rows = []
    for row, label in enumerate(labels):
        ids, previous = [], None
        for word in batch.word_ids(batch_index=row):
            ids.append(-100 if word is None or word == previous else label[word])
            previous = word
        rows.append(ids)
    batch["labels"] = rows
    return dict(batch)


def test_labels_of_words(pair):
    words = [["EU", "rejects", "German", "call", "to", "boycott", "British", "lamb", "."], ["Peter", "Blackburn"], ["BRUSSELS", "1996-08-22"]]
    same(pair, lambda t: labels_of_tokens(t, words, [[3, 0, 7, 0, 0, 0, 7, 0, 0], [1, 2], [5, 0]]))


def answers(tokenizer, questions, contexts, found):
    """Question answering: where in each window of the context the answer is, by stride, offsets and sequence ids."""
    batch = tokenizer(
        questions, contexts, max_length=24, truncation="only_second", stride=6, return_overflowing_tokens=True,
        return_offsets_mapping=True, padding="max_length",
    )  # fmt: skip
    samples, places = batch.pop("overflow_to_sample_mapping"), []
    for row, offsets in enumerate(batch["offset_mapping"]):
        start_char, text = found[samples[row]]
        end_char = start_char + len(text)
        sequence = batch.sequence_ids(row)
        begin = sequence.index(1)
        end = len(sequence) - 1 - sequence[::-1].index(1)
        if offsets[begin][0] > start_char or offsets[end][1] < end_char:
            places.append((0, 0))
            continue
        first = max(i for i in range(begin, end + 1) if offsets[i][0] <= start_char)
        last = min(i for i in range(begin, end + 1) if offsets[i][1] >= end_char)
        places.append((first, last))
    return {"places": places, "samples": samples, **batch}


def test_answers_in_windows(pair):
    contexts = ["The quick brown fox jumps. " * 4 + "Paris is the capital of France. " + "Hello world! " * 8, "It's short."]
    found = [(contexts[0].index("Paris"), "Paris"), (5, "short")]
    same(pair, lambda t: answers(t, ["What is the capital?", "How?"], contexts, found))
