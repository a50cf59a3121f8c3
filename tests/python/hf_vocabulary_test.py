"""libtok.hf.FastTokenizer beside transformers: the vocabulary, special and added tokens, decoding, files, pad()."""

import json
import pickle
import random

import pytest

import hf_cases
from hf_cases import TEXTS, everything, plain, same, transformers

import numpy as np

from libtok.hf import AddedToken, BatchEncoding, FastTokenizer

ROLES = ("bos", "eos", "unk", "sep", "pad", "cls", "mask")


@pytest.fixture(params=list(hf_cases.MAKERS))
def pair(request, tmp_path_factory):
    return hf_cases.Pair(hf_cases.folder_of(request.param, tmp_path_factory))


def vocabulary(tokenizer):
    return {
        "vocab": tokenizer.get_vocab(), "sizes": (tokenizer.vocab_size, len(tokenizer), bool(tokenizer)),
        "added": {str(key): value for key, value in tokenizer.added_tokens_decoder.items()},
        "encoder": (tokenizer.added_tokens_encoder, tokenizer.get_added_vocab()),
        "roles": [(getattr(tokenizer, f"{role}_token"), getattr(tokenizer, f"{role}_token_id")) for role in ROLES],
        "special": (tokenizer.all_special_tokens, tokenizer.all_special_ids, tokenizer.special_tokens_map),
        "extra": (tokenizer.extra_special_tokens, tokenizer.extra_special_tokens_ids),
        "template": [tokenizer.num_special_tokens_to_add(pair) for pair in (False, True)],
        "lengths": (tokenizer.model_max_length, tokenizer.max_len_single_sentence, tokenizer.max_len_sentences_pair),
        "sides": (tokenizer.padding_side, tokenizer.truncation_side, tokenizer.pad_token_type_id, tokenizer.model_input_names),
    }  # fmt: skip


def test_vocabulary(pair):
    same(pair, vocabulary)
    for tokens in ("Ġworld", "▁the", "hello", "<s>", "no such token", ["a", "b", "[MASK]", "nor this"], []):
        same(pair, lambda t, x=tokens: t.convert_tokens_to_ids(x))
    for ids in (0, 5, 10**6, [0, 1, 2, 300], [10**6, 3], np.array([4, 5])):
        for skip in (False, True):
            same(pair, lambda t, x=ids, s=skip: t.convert_ids_to_tokens(x, skip_special_tokens=s))
    same(pair, lambda t: t.no_such_attribute)
    same(pair, lambda t: t.is_fast)
    same(pair, lambda t: t.get_special_tokens_mask([0, 1, 2, 300], already_has_special_tokens=True))
    same(pair, lambda t: t.get_special_tokens_mask([0, 1, 2]))


def test_decoding(pair):
    source = random.Random(3)
    rows = [pair.theirs(text)["input_ids"] for text in TEXTS] + [[source.randrange(len(pair.theirs)) for _ in range(30)] for _ in range(30)]
    for row in rows:
        for options in ({}, {"skip_special_tokens": True}, {"clean_up_tokenization_spaces": True}, {"clean_up_tokenization_spaces": False}):
            same(pair, lambda t, r=row, o=options: t.decode(r, **o), row)
        same(pair, lambda t, r=row: t.decode(np.array(r, dtype=np.int64)))
        same(pair, lambda t, r=row: t.convert_tokens_to_string(t.convert_ids_to_tokens(r)))
    for odd in (5, [], [[]], [10**6, 5], [-1], ["a"], np.int64(5), {"input_ids": rows[3]}):
        same(pair, lambda t, x=odd: t.decode(x), odd)
    same(pair, lambda t: t.decode(rows))
    same(pair, lambda t: t.batch_decode(rows, skip_special_tokens=True))
    same(pair, lambda t: t.batch_decode(rows[3]))
    same(pair, lambda t: t.batch_decode([]))


def test_roles_may_be_set(pair):
    for use in (
        lambda t: setattr(t, "pad_token", "[PAD]"), lambda t: setattr(t, "pad_token_id", 3), lambda t: setattr(t, "sep_token", None),
        lambda t: setattr(t, "bos_token", 5), lambda t: setattr(t, "extra_special_tokens", ["a", "b"]),
        lambda t: setattr(t, "extra_special_tokens", "a"), lambda t: setattr(t, "extra_special_tokens", None),
        lambda t: setattr(t, "model_max_length", 7), lambda t: setattr(t, "padding_side", "left"),
        lambda t: setattr(t, "truncation_side", "left"),
    ):  # fmt: skip
        same(pair, use)
        same(pair, vocabulary)
        if pair.theirs.pad_token_id is not None:  # else transformers compares None with 0
            same(pair, lambda t: everything(t(["a b c d e f g h", "a"], truncation=True, padding=True)))


@pytest.mark.parametrize("special", [False, True])
def test_added_tokens(pair, special):
    theirs = {
        AddedToken: lambda token: transformers.AddedToken(
            token.content, single_word=token.single_word, lstrip=token.lstrip, rstrip=token.rstrip, normalized=token.normalized,
            special=token.special,
        )
    }  # fmt: skip
    texts = ["a newtok b Striptok c", "xnewtokx  <e1> <e2>", "another one, Hello", "hello world <|new|>"]
    for tokens in (
        "newtok", ["newtok", "newtok", ""], [AddedToken("Striptok", lstrip=True, rstrip=True)], [AddedToken("another", single_word=True)],
        ["hello", "another2"], [AddedToken("<|new|>", special=True)], [AddedToken("<|new|>", special=True, lstrip=True)], [],
    ):  # fmt: skip
        given = [[theirs[AddedToken](t) if isinstance(t, AddedToken) else t for t in tokens], tokens] if isinstance(tokens, list) else [tokens] * 2
        same(pair, lambda t, g=given: t.add_tokens(g[t is pair.mine], special_tokens=special), tokens)
        same(pair, vocabulary)
        for text in texts:
            same(pair, lambda t, x=text: [t(x)["input_ids"], t(x, return_offsets_mapping=True)["offset_mapping"], t(x).word_ids()], text)
            same(pair, lambda t, x=text: t.decode(t(x)["input_ids"], skip_special_tokens=True))
    for roles in ({"pad_token": "<p>"}, {"extra_special_tokens": ["<e1>", "<e2>"]}, {"additional_special_tokens": ["<e3>"]}, {"no": "a"}, {}):
        same(pair, lambda t, r=roles: t.add_special_tokens(r))
        same(pair, vocabulary)
    same(pair, lambda t: t.add_special_tokens({"extra_special_tokens": ["<e1>", "<e4>"]}, replace_extra_special_tokens=False))
    same(pair, vocabulary)
    # Of tokens found in normalized text, tokenizers spells the normalized text.
    same(pair, lambda t: [{**row, "tokens": None} for row in everything(t(texts[:2], padding=True))["rows"]])


def test_bos_and_eos_may_be_added(tmp_path_factory):
    for name in ("gpt2", "llama", "roberta"):
        folder = hf_cases.folder_of(name, tmp_path_factory)
        for options in ({"add_bos_token": True}, {"add_eos_token": True, "add_bos_token": True}, {"add_bos_token": False}):
            pair = hf_cases.Pair(folder, **options)
            same(pair, lambda t: [everything(t("a b", "c")), everything(t("a b")), vocabulary(t)["template"]])
        for flag in ("add_eos_token", "add_bos_token"):
            for value in (True, False):
                same(pair, lambda t, f=flag, v=value: setattr(t, f, v))
                same(pair, lambda t: [everything(t("a b", "c")), t.add_bos_token, t.add_eos_token])


def test_pad(pair):
    rows = [{"input_ids": [5, 6, 7], "attention_mask": [1, 1, 1], "labels": [1, 2, 3]}, {"input_ids": [8], "attention_mask": [1], "labels": [4]}]
    lists = {"input_ids": [[5, 6, 7], [], [8]], "token_type_ids": [[0, 0, 1], [], [1]], "special_tokens_mask": [[1, 0, 0], [], [0]]}
    arrays = {"input_ids": [np.array([5, 6, 7]), np.array([8])]}
    for options in (
        {}, {"padding": "max_length", "max_length": 6}, {"pad_to_multiple_of": 4}, {"padding_side": "left"}, {"padding": False},
        {"return_attention_mask": False}, {"padding": "max_length", "max_length": 5, "pad_to_multiple_of": 4},
    ):  # fmt: skip
        for given in (
            rows, lists, arrays, {"input_ids": [5, 6]}, {"input_ids": np.array([[5, 6], [7, 8]])}, {"input_ids": []},
            {"attention_mask": [1]}, {"input_ids": [[5, 6]], "x": [1, 2]}, {"input_ids": ["a"]},
        ):  # fmt: skip
            copied = pickle.dumps(given)
            same(pair, lambda t, g=copied, o=options: dict(t.pad(pickle.loads(g), **o)), (given, options))
    same(pair, lambda t: dict(t.pad([t("a"), t("a b c d")], return_tensors="np")))
    same(pair, lambda t: dict(t.pad(t(["a", "a b c d"]), return_tensors="np")))
    assert isinstance(pair.mine.pad(rows), BatchEncoding)


# ---- files


def saved_as(tokenizer, folder):
    """What each library reads of what a tokenizer wrote."""
    tokenizer.save_pretrained(folder)
    return FastTokenizer.from_pretrained(folder), transformers.AutoTokenizer.from_pretrained(folder)


def test_saved_directories_are_read_by_both(pair, tmp_path):
    for tokenizer in pair:
        tokenizer.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}"
        tokenizer.add_special_tokens({"pad_token": "<newpad>", "extra_special_tokens": ["<e9>"]})
        tokenizer.padding_side = "left"
    expected = plain(vocabulary(pair.theirs))
    for number, tokenizer in enumerate(pair):
        for loaded in saved_as(tokenizer, tmp_path / str(number)):
            found = plain(vocabulary(loaded))
            found["sides"][1] = expected["sides"][1]
            if number == 1:  # padding_side is saved only if it was given at first, by transformers
                found["sides"][0] = expected["sides"][0]
            if pair.theirs.init_kwargs.get("padding_side") is None:
                found["sides"][0] = expected["sides"][0]
            assert found == expected
            assert loaded.chat_template == pair.theirs.chat_template
            same((loaded, pair.theirs), lambda t: t(["a <e9> b", "c"])["input_ids"])
    assert not [path for path in (tmp_path / "0").iterdir() if path.name.startswith(".")]


def test_templates_and_old_files(tmp_path_factory):
    gpt2 = hf_cases.folder_of("gpt2", tmp_path_factory)
    folder = tmp_path_factory.mktemp("old")
    (folder / "tokenizer.json").write_text((gpt2 / "tokenizer.json").read_text())
    (folder / "special_tokens_map.json").write_text(
        json.dumps({"pad_token": {"content": "<old>", "lstrip": True}, "eos_token": "<|endoftext|>", "additional_special_tokens": ["<x>"]})
    )
    (folder / "chat_template.jinja").write_text("default {{ messages }}")
    (folder / "additional_chat_templates").mkdir()
    (folder / "additional_chat_templates" / "tool_use.jinja").write_text("tools {{ messages }}")
    pair = hf_cases.Pair(folder)
    same(pair, vocabulary)
    same(pair, lambda t: t.chat_template)
    same(pair, lambda t: t.get_chat_template(tools=[]))
    for loaded in saved_as(pair.mine, tmp_path_factory.mktemp("saved")):
        assert loaded.chat_template == pair.theirs.chat_template
    (folder / "tokenizer_config.json").write_text(
        json.dumps({"added_tokens_decoder": {"50256": {"content": "<|endoftext|>", "special": True}, "50257": {"content": "<y>", "special": False}},
                    "image_token": "<img>", "chat_template": [{"name": "default", "template": "x"}]})
    )  # fmt: skip
    pair = hf_cases.Pair(folder)
    same(pair, vocabulary)
    same(pair, lambda t: [t.image_token, t.image_token_id, t.chat_template, t("a <img><y>")["input_ids"]])
    same(pair, lambda t: setattr(t, "image_token", "<y>"))
    same(pair, lambda t: t.image_token_id)


def test_truncation_and_padding_of_the_file(tmp_path_factory):
    content = json.loads((hf_cases.folder_of("bert", tmp_path_factory) / "tokenizer.json").read_text())
    content["truncation"] = {"direction": "Left", "max_length": 7, "strategy": "LongestFirst", "stride": 0}
    content["padding"] = {
        "strategy": {"Fixed": 9}, "direction": "Left", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
    }  # fmt: skip
    folder = hf_cases.write(tmp_path_factory.mktemp("settings"), json.dumps(content, sort_keys=True), {})
    for pair in (hf_cases.Pair(folder), hf_cases.Pair(folder, padding_side="right")):
        same(pair, lambda t: [t.pad_token, t.padding_side, t.truncation_side, t.init_kwargs["max_length"], t.init_kwargs["stride"]])
        same(pair, lambda t: everything(t(["a b c d e f g h", "a"], padding=True, truncation=True, max_length=6)))


def test_what_cannot_be_loaded(tmp_path):
    for call in (
        lambda cls: cls.from_pretrained(tmp_path / "none"), lambda cls: cls(), lambda cls: cls(tokenizer_file=tmp_path / "none.json"),
        lambda cls: cls.from_pretrained(tmp_path),
    ):  # fmt: skip
        with pytest.raises((OSError, ValueError)):
            call(FastTokenizer)
    with pytest.raises(FileNotFoundError, match="download"):
        FastTokenizer.from_pretrained("openai-community/gpt2")
    with pytest.raises(TypeError):
        FastTokenizer(tokenizer_object=5)


def test_keyword_arguments_are_checked(tmp_path_factory):
    folder = hf_cases.folder_of("bert", tmp_path_factory)
    for options in (
        {"padding_side": "up"}, {"truncation_side": "up"}, {"pad_token": 5}, {"extra_special_tokens": 5}, {"decode": 1},
        {"extra_special_tokens": {"image_token": "[IMG]"}}, {"extra_special_tokens": ["[E]"]}, {"model_input_names": ["input_ids"]},
        {"max_len": 9}, {"split_special_tokens": True},
    ):  # fmt: skip
        mine, theirs = (
            hf_cases.outcome(lambda c=cls, o=options: vocabulary(c.from_pretrained(folder, **o)))
            for cls in (FastTokenizer, transformers.PreTrainedTokenizerFast)
        )
        assert mine == theirs, options
