"""The tokenizer itself: what a call does with its arguments."""

from __future__ import annotations

import copy
import logging
import os
import pathlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union

import libtok
from libtok.hf import _chat, _files, _tensors
from libtok.hf._added_token import AddedToken, Token, as_added_token, is_token
from libtok.hf._backend import Backend
from libtok.hf._batch_encoding import BatchEncoding
from libtok.hf._encoding import Encoding
from libtok.hf._inputs import text_inputs
from libtok.hf._options import UNLIMITED, Lengths, PaddingStrategy, lengths_of
from libtok.hf._padding import Padding
from libtok.hf._plain import PlainBatch, Rows, plain_room
from libtok.hf._special_tokens import NAMES, SpecialTokens
from libtok.hf._truncation import Truncation, truncation_of

_logger = logging.getLogger(__name__)
# In this order, pairs of what is replaced in decoded text that is to be cleaned up.
_CLEAN_UPS = (
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"),
    (" 've", "'ve"), (" 're", "'re"),
)  # fmt: skip

_FIELDS: dict[str, Callable[[Encoding], Any]] = {
    "input_ids": lambda row: row.ids,
    "token_type_ids": lambda row: row.type_ids,
    "attention_mask": lambda row: row.attention_mask,
    "special_tokens_mask": lambda row: row.special_tokens_mask,
    "offset_mapping": lambda row: row.offsets,
    "length": len,
}


def _checked_side(name: str, side: str) -> str:
    if side not in ("left", "right"):
        raise ValueError(f"{name} is 'left' or 'right', not {side!r}")
    return side


class FastTokenizer(SpecialTokens):
    """transformers' PreTrainedTokenizerFast over libtok. See libtok.hf.

    tokenizer_file: a tokenizer.json, or a file of any other format that libtok loads. tokenizer_object: a libtok.Tokenizer, or
    a Tokenizer of the package `tokenizers`. Others: the roles of special tokens (`pad_token="[PAD]"`), extra_special_tokens,
    model_max_length, padding_side, truncation_side, model_input_names, chat_template, clean_up_tokenization_spaces,
    split_special_tokens, add_bos_token, add_eos_token, and what a tokenizer_config.json may hold beside these, which is kept.

    Special tokens that the vocabulary does not have are added to it. Raises libtok.TokError (a ValueError) for a file that
    cannot be read, ValueError without one.
    """

    def __init__(
        self,
        *,
        tokenizer_file: Union[str, os.PathLike[str], None] = None,
        tokenizer_object: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        added_tokens_decoder: Mapping[int, Any] = kwargs.pop("added_tokens_decoder", {})
        if tokenizer_object is not None:
            tokenizer = _tokenizer_of(tokenizer_object)
        elif tokenizer_file is not None:
            tokenizer = libtok.load(tokenizer_file)
            kwargs = {**_files.settings_of_file(os.fspath(tokenizer_file)), **kwargs}
        else:
            raise ValueError("a tokenizer is made of a tokenizer_file or a tokenizer_object")
        self._backend = Backend(tokenizer)
        for name in kwargs:
            if callable(getattr(type(self), name, None)):
                raise AttributeError(f"{name} is a method of the tokenizer")
        if "extra_special_tokens" not in kwargs and "additional_special_tokens" in kwargs:
            kwargs["extra_special_tokens"] = kwargs.pop("additional_special_tokens")
        self.init_kwargs: dict[str, Any] = copy.deepcopy(kwargs)
        self._set_options(kwargs)
        self._set_special_tokens(kwargs)
        self._add_missing(added_tokens_decoder)
        self._add_bos_token = bool(kwargs.get("add_bos_token", False))
        self._add_eos_token = bool(kwargs.get("add_eos_token", False))
        is_asked = "add_bos_token" in kwargs or "add_eos_token" in kwargs
        if is_asked or (self._backend.template.is_absent and (self._add_bos_token or self._add_eos_token)):
            self._update_template()

    def _set_options(self, kwargs: Mapping[str, Any]) -> None:
        max_length = kwargs.get("model_max_length", kwargs.get("max_len"))
        self.name_or_path: str = kwargs.get("name_or_path", "")
        self.model_max_length: int = UNLIMITED if max_length is None else max_length
        self.padding_side = _checked_side("padding_side", kwargs.get("padding_side", "right"))
        self.truncation_side = _checked_side("truncation_side", kwargs.get("truncation_side", "right"))
        self.model_input_names: list[str] = list(kwargs.get("model_input_names", ["input_ids", "attention_mask"]))
        self.clean_up_tokenization_spaces: bool = kwargs.get("clean_up_tokenization_spaces", False)
        self.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output: bool = kwargs.get(
            "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output", False
        )
        self.split_special_tokens: bool = kwargs.get("split_special_tokens", False)
        self.add_prefix_space: bool = kwargs.get("add_prefix_space", False)
        self.verbose: bool = kwargs.get("verbose", False)
        self.pad_token_type_id = 0
        templates = kwargs.get("chat_template")
        if isinstance(templates, (list, tuple)):  # as old configuration files hold them
            templates = {template["name"]: template["template"] for template in templates}
        self.chat_template: _files.Templates = templates
        self._has_warned_of_length = False

    def _set_special_tokens(self, kwargs: Mapping[str, Any]) -> None:
        for name, value in kwargs.items():
            if value is None:
                continue
            if name in NAMES:
                if not is_token(value):
                    raise TypeError(f"special token {name} is a str or an AddedToken, not a {type(value).__name__}")
                self._set_role(name, value)
            elif name == "extra_special_tokens":
                if isinstance(value, Mapping):
                    self._add_own_roles(value)
                elif isinstance(value, (list, tuple)):
                    self._extra = list(value)
                else:
                    raise TypeError("extra_special_tokens are a list or tuple of tokens, or a dict of roles and tokens")
            elif name == "model_specific_special_tokens":
                self._add_own_roles(value)
            elif name.endswith("_token") and is_token(value):
                self._add_own_roles({name: value})

    def _add_missing(self, added_tokens_decoder: Mapping[int, Any]) -> None:
        listed = [as_added_token(token) for _, token in sorted(added_tokens_decoder.items())]
        known = {*self._backend.spelling.added_ids, *(token.content for token in listed)}
        missing = []
        for token in (*filter(None, self._roles.values()), *self._extra):
            if str(token) not in known:
                known.add(str(token))
                missing.append(as_added_token(token, special=True))
        for token in (*listed, *missing):
            token.special = token.special or token.content in self.special_tokens_map.values()
        self._backend, _ = self._backend.with_added_tokens([*listed, *missing])

    # ---- files

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: Union[str, os.PathLike[str]], **kwargs: Any
    ) -> FastTokenizer:
        """The tokenizer of a model's directory: tokenizer.json (or any vocabulary that libtok loads), tokenizer_config.json,
        special_tokens_map.json, chat_template.jinja. kwargs come before what they say.

        Raises libtok.NotFoundError (a FileNotFoundError, so an OSError) if it is no directory: nothing is downloaded.
        """
        for name in ("cache_dir", "force_download", "local_files_only", "token", "revision", "trust_remote_code", "use_fast"):
            kwargs.pop(name, None)
        path = pathlib.Path(pretrained_model_name_or_path, kwargs.pop("subfolder", ""))
        if path.is_file():
            return cls(tokenizer_file=path, name_or_path=str(path), **kwargs)
        return cls(**_files.arguments_of_folder(path, kwargs))

    def save_pretrained(
        self, save_directory: Union[str, os.PathLike[str]], *, filename_prefix: Optional[str] = None, **kwargs: Any
    ) -> tuple[str, ...]:
        """Writes tokenizer.json, tokenizer_config.json and chat templates, each whole or not at all. Returns their paths."""
        config = {
            name: getattr(self, name, value)
            for name, value in self.init_kwargs.items()
            if name not in ("name_or_path", "added_tokens_decoder", "model_specific_special_tokens")
        }
        for name in ("add_bos_token", "add_eos_token", "chat_template"):  # in the template, in a file of its own
            config.pop(name, None)
        config.update(self.special_tokens_map, model_max_length=self.model_max_length)
        config.setdefault("tokenizer_class", "PreTrainedTokenizerFast")
        config.pop("extra_special_tokens", None)
        if self._extra:
            config["extra_special_tokens"] = self.extra_special_tokens
        return _files.write_folder(
            pathlib.Path(save_directory), filename_prefix, self._backend.tokenizer.to_json(), config, self.chat_template
        )

    def fingerprint(self) -> str:
        """A hash of all that decides results: equal for equal tokenizers only, on every machine, before and after calls."""
        import hashlib
        import json

        state = {name: value for name, value in self.__getstate__().items() if name not in ("_tokenizer", "init_kwargs")}
        for name in ("name_or_path", "verbose", "_has_warned_of_length"):
            state.pop(name)
        state["_roles"] = {name: repr(token) for name, token in state["_roles"].items()}
        parts = [self._backend.tokenizer.fingerprint(), libtok._libtok.post_processor(self._backend.core), state]
        text = json.dumps(parts, sort_keys=True, default=repr)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "_backend"}
        return {**state, "_tokenizer": self._backend.tokenizer}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        self._backend = Backend(state.pop("_tokenizer"))
        self.__dict__.update(state)

    def __repr__(self) -> str:
        return (
            f"<libtok.hf.FastTokenizer {self.name_or_path!r}, {len(self)} tokens, special_tokens={self.special_tokens_map}, "
            f"model_max_length={self.model_max_length}, padding_side={self.padding_side!r}>"
        )

    # ---- encoding

    def __call__(
        self,
        text: Any = None,
        text_pair: Any = None,
        text_target: Any = None,
        text_pair_target: Any = None,
        add_special_tokens: bool = True,
        padding: Union[bool, str] = False,
        truncation: Union[bool, str, None] = None,
        max_length: Optional[int] = None,
        stride: int = 0,
        is_split_into_words: bool = False,
        pad_to_multiple_of: Optional[int] = None,
        padding_side: Optional[str] = None,
        return_tensors: Optional[str] = None,
        return_token_type_ids: Optional[bool] = None,
        return_attention_mask: Optional[bool] = None,
        return_overflowing_tokens: bool = False,
        return_special_tokens_mask: bool = False,
        return_offsets_mapping: bool = False,
        return_length: bool = False,
        verbose: bool = True,
        tokenizer_kwargs: Optional[Mapping[str, Any]] = None,
        **kwargs: Any,
    ) -> BatchEncoding:
        """Encodes a text, a pair of texts, or a batch of either.

        text: a str; a list of str, a batch; with is_split_into_words, a list of words, or a batch of these. Two texts of a row
            are text and text_pair, or tuples in text.
        text_target: what `labels` are the ids of. max_target_length (a keyword): for it in place of max_length.
        padding: True or "longest", to the longest row; "max_length"; False. Of padding_side, to a multiple.
        truncation: True or "longest_first", "only_first", "only_second"; False. stride: ids that rows of overflow share.
        return_*: what the result holds beside input_ids; None: what model_input_names names. return_overflowing_tokens: what
            is cut off as further rows, with overflow_to_sample_mapping.
        split_special_tokens (a keyword): special tokens in texts are text.

        Raises ValueError for texts that are none, for strategies that there are not or that cannot be followed, and to pad
        without a padding token; TypeError for what is no text in a batch and for lone surrogates.
        """
        if text is None and text_target is None:
            raise ValueError("there is neither text nor text_target")
        options: dict[str, Any] = {
            "add_special_tokens": add_special_tokens,
            "padding": padding,
            "truncation": truncation,
            "max_length": max_length,
            "stride": stride,
            "is_split_into_words": is_split_into_words,
            "pad_to_multiple_of": pad_to_multiple_of,
            "padding_side": padding_side,
            "return_tensors": return_tensors,
            "return_token_type_ids": return_token_type_ids,
            "return_attention_mask": return_attention_mask,
            "return_overflowing_tokens": return_overflowing_tokens,
            "return_special_tokens_mask": return_special_tokens_mask,
            "return_offsets_mapping": return_offsets_mapping,
            "return_length": return_length,
            "verbose": verbose,
        }
        max_target_length = kwargs.pop("max_target_length", None)
        options.update(tokenizer_kwargs or {})
        options.update(kwargs)
        batch = None if text is None else self._encoded(text, text_pair, **options)
        if text_target is None:
            assert batch is not None
            return batch
        if max_target_length is not None:
            options["max_length"] = max_target_length
        targets = self._encoded(text_target, text_pair_target, **options)
        if batch is None:
            return targets
        batch["labels"] = targets["input_ids"]
        return batch

    def encode(self, text: Any, text_pair: Any = None, **options: Any) -> Any:
        """The input_ids of a call: of a text a list of ids.

        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).encode("Hello world")
        [15496, 995]
        """
        return self._encoded(text, text_pair, **options)["input_ids"]

    def tokenize(self, text: str, pair: Optional[str] = None, add_special_tokens: bool = False, **options: Any) -> list[str]:
        """The tokens of a text, as the vocabulary spells them.

        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).tokenize("Hello world")
        ['Hello', 'Ġworld']
        """
        return self._encoded(text, pair, add_special_tokens=add_special_tokens, **options).tokens()

    def _lengths(
        self,
        padding: Union[bool, str],
        truncation: Union[bool, str, None],
        max_length: Optional[int],
        pad_to_multiple_of: Optional[int],
        verbose: bool,
    ) -> Lengths:
        return lengths_of(
            padding, truncation, max_length, pad_to_multiple_of, self.model_max_length, self.pad_token_id is not None, verbose
        )

    def _padding(self, side: Optional[str], multiple: Optional[int]) -> Padding:
        side = _checked_side("padding_side", self.padding_side if side is None else side)
        pad_id = self.pad_token_id
        assert pad_id is not None  # _lengths has seen to it
        return Padding(pad_id, self.pad_token or "", self.pad_token_type_id, side == "left", multiple)

    def _encoded(
        self,
        text: Any,
        text_pair: Any = None,
        add_special_tokens: bool = True,
        padding: Union[bool, str] = False,
        truncation: Union[bool, str, None] = None,
        max_length: Optional[int] = None,
        stride: int = 0,
        is_split_into_words: bool = False,
        pad_to_multiple_of: Optional[int] = None,
        padding_side: Optional[str] = None,
        return_tensors: Optional[str] = None,
        return_token_type_ids: Optional[bool] = None,
        return_attention_mask: Optional[bool] = None,
        return_overflowing_tokens: bool = False,
        return_special_tokens_mask: bool = False,
        return_offsets_mapping: bool = False,
        return_length: bool = False,
        verbose: bool = True,
        split_special_tokens: Optional[bool] = None,
        **ignored: Any,  # as transformers does
    ) -> BatchEncoding:
        if ignored.get("sanitize_control_tokens"):
            raise NotImplementedError("sanitize_control_tokens; libtok's own `special=\"text\"` reads special tokens as text")
        lengths = self._lengths(padding, truncation, max_length, pad_to_multiple_of, verbose)
        backend = self._backend  # one and the same, whatever other threads do to the tokenizer meanwhile
        inputs = text_inputs(text, text_pair, is_split_into_words)
        split_special = self.split_special_tokens if split_special_tokens is None else split_special_tokens
        encoded = backend.encoded(inputs, is_split_into_words, split_special, return_offsets_mapping)
        truncation_asked = self._truncation(backend, lengths, stride, add_special_tokens)
        padder: Optional[Padding] = None
        if lengths.padding is not PaddingStrategy.DO_NOT_PAD:
            padder = self._padding(padding_side, pad_to_multiple_of)
        length = lengths.max_length if lengths.padding is PaddingStrategy.MAX_LENGTH else None

        def make_rows() -> list[Encoding]:
            rows = backend.rows(encoded, inputs, is_split_into_words, add_special_tokens, truncation_asked)
            return rows if padder is None else padder.pad_rows(rows, length)

        wanted = {
            "token_type_ids": return_token_type_ids,
            "attention_mask": return_attention_mask,
            "special_tokens_mask": return_special_tokens_mask,
            "offset_mapping": return_offsets_mapping,
            "length": return_length,
        }
        by_default = self.model_input_names
        names = ["input_ids", *(n for n, asked in wanted.items() if (n in by_default if asked is None else asked))]
        frame = backend.template.frame(add_special_tokens)
        is_plain, room = plain_room(truncation_asked, frame.n_added if frame is not None else 0)
        rows: Sequence[Encoding]
        data: dict[str, Any]
        asks_more = is_split_into_words or return_overflowing_tokens
        if frame is not None and is_plain and not asks_more and inputs.are_single and not (return_offsets_mapping and frame.trims):
            rows = Rows(make_rows, len(inputs.items))
            plain = PlainBatch(encoded, frame, room, self.truncation_side == "left", padder, length)
            data = plain.data(names, as_arrays=return_tensors is not None)
        else:
            rows = make_rows()
            samples = list(range(len(rows)))
            if return_overflowing_tokens:
                all_rows = [[row, *row.overflowing] for row in rows]
                samples = [sample for sample, of_sample in enumerate(all_rows) for _ in of_sample]
                rows = [row for of_sample in all_rows for row in of_sample]
            data = {name: [_FIELDS[name](row) for row in rows] for name in names}
            if return_overflowing_tokens:
                data["overflow_to_sample_mapping"] = samples
        if lengths.max_length is None and verbose:
            self._warn_of_length(data["input_ids"])
        if not inputs.is_batched and return_tensors is None and not return_overflowing_tokens:
            data = {name: value[0] if isinstance(value[0], list) else value for name, value in data.items()}
        return BatchEncoding(data, rows, return_tensors)

    def _truncation(
        self, backend: Backend, lengths: Lengths, stride: int, adds_template: bool
    ) -> Optional[Truncation]:
        truncation = truncation_of(lengths.truncation, lengths.max_length, stride, self.truncation_side)
        if truncation is not None:
            truncation.check(backend.template.n_added(is_pair=False))
        return truncation

    def _warn_of_length(self, rows: Sequence[Any]) -> None:
        if self._has_warned_of_length or self.model_max_length in (0, UNLIMITED):
            return
        longest = max(map(len, rows), default=0)
        if longest > self.model_max_length:
            self._has_warned_of_length = True
            _logger.warning("a row of %d ids is longer than the model's %d", longest, self.model_max_length)

    def num_special_tokens_to_add(self, pair: bool = False) -> int:
        """Ids that the template adds to a text, or to a pair of them."""
        return self._backend.template.n_added(pair)

    @property
    def max_len_single_sentence(self) -> int:
        """Ids of a text that the model has room for."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=False)

    @property
    def max_len_sentences_pair(self) -> int:
        """Ids of two texts together that the model has room for."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=True)

    def get_special_tokens_mask(
        self,
        token_ids_0: Sequence[int],
        token_ids_1: Optional[Sequence[int]] = None,
        already_has_special_tokens: bool = False,
    ) -> list[int]:
        """1 for special tokens among ids. Raises NotImplementedError but for already_has_special_tokens, as transformers."""
        if not already_has_special_tokens:
            raise NotImplementedError("only of ids that have their special tokens (already_has_special_tokens=True)")
        if token_ids_1 is not None:
            raise ValueError("ids that have their special tokens are one sequence")
        special = set(self.all_special_ids)
        return [int(int(token_id) in special) for token_id in token_ids_0]

    def pad(
        self,
        encoded_inputs: Any,
        padding: Union[bool, str] = True,
        max_length: Optional[int] = None,
        pad_to_multiple_of: Optional[int] = None,
        padding_side: Optional[str] = None,
        return_attention_mask: Optional[bool] = None,
        return_tensors: Optional[str] = None,
        verbose: bool = True,
    ) -> BatchEncoding:
        """Rows that were encoded before, made equally long: a dict of lists, or a list of such dicts, as a collator has them.

        Arrays and tensors come back as what they were, unless return_tensors says otherwise. Raises ValueError if there are no
        ids among them, AssertionError for values of different batch sizes.
        """
        if isinstance(encoded_inputs, (list, tuple)) and encoded_inputs and isinstance(encoded_inputs[0], Mapping):
            encoded_inputs = {name: [row[name] for row in encoded_inputs] for name in encoded_inputs[0].keys()}
        main = self.model_input_names[0]
        if main not in encoded_inputs:
            raise ValueError(f"there is no {main} to pad, only {list(encoded_inputs)}")
        ids = encoded_inputs[main]
        wants_mask = "attention_mask" in self.model_input_names if return_attention_mask is None else return_attention_mask
        if ids is None or len(ids) == 0:
            if return_attention_mask:
                encoded_inputs["attention_mask"] = []
            return encoded_inputs if isinstance(encoded_inputs, BatchEncoding) else BatchEncoding(encoded_inputs)
        first = next((row[0] for row in ids if isinstance(row, (list, tuple)) and len(row) > 0), ids[0])
        if not isinstance(first, (int, list, tuple)):
            if not _tensors.is_tensor(first):
                raise ValueError(f"ids are int, or arrays or tensors of them, not {type(first).__name__}")
            if return_tensors is None:
                return_tensors = "np" if type(first).__module__ == "numpy" else "pt"
        inputs: dict[str, Any] = {name: _tensors.plain(value) for name, value in encoded_inputs.items()}
        lengths = self._lengths(padding, None, max_length, None, verbose)
        strategy, limit = lengths.padding, lengths.max_length
        if strategy is PaddingStrategy.DO_NOT_PAD:
            padder = Padding(0, "", 0, False, pad_to_multiple_of)
        else:
            padder = self._padding(padding_side, pad_to_multiple_of)
        if not isinstance(inputs[main][0], (list, tuple)):
            return BatchEncoding(padder.pad_lists(inputs, main, strategy, limit, wants_mask), tensor_type=return_tensors)
        n_rows = len(inputs[main])
        assert all(len(value) == n_rows for value in inputs.values()), "values have different batch sizes"
        if strategy is PaddingStrategy.LONGEST:
            strategy, limit = PaddingStrategy.MAX_LENGTH, max(map(len, inputs[main]))
        rows = [
            padder.pad_lists({name: value[i] for name, value in inputs.items()}, main, strategy, limit, wants_mask)
            for i in range(n_rows)
        ]
        return BatchEncoding({name: [row[name] for row in rows] for name in rows[0]}, tensor_type=return_tensors)

    # ---- decoding

    def decode(
        self,
        token_ids: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: Optional[bool] = None,
        **ignored: Any,
    ) -> Any:
        """The text of an id or of ids; of a batch of ids, the texts. Ids that are none are left out.

        Raises OverflowError for ids below 0, TypeError for what is no id.
        """
        ids = _tensors.plain(token_ids)
        if isinstance(ids, Mapping):
            ids = ids["input_ids"]
        if isinstance(ids, (list, tuple)) and ids and isinstance(ids[0], (list, tuple)):
            return [self._decoded(row, skip_special_tokens, clean_up_tokenization_spaces) for row in ids]
        return self._decoded([ids] if isinstance(ids, int) else ids, skip_special_tokens, clean_up_tokenization_spaces)

    def batch_decode(
        self,
        sequences: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: Optional[bool] = None,
        **ignored: Any,
    ) -> list[str]:
        """As decode; always a list."""
        texts = self.decode(sequences, skip_special_tokens, clean_up_tokenization_spaces)
        return [texts] if isinstance(texts, str) else texts

    def _decoded(self, ids: Sequence[int], skip_special: bool, clean_up: Optional[bool]) -> str:
        backend = self._backend
        text = backend.tokenizer.decode(list(ids), skip_special=skip_special, unknown="skip")
        if self.clean_up_tokenization_spaces if clean_up is None else clean_up:
            harms = backend.spelling.model_kind == "BPE"  # whose texts have the blanks that they were written with
            if not harms or self.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output:
                return self.clean_up_tokenization(text)
        return text

    def clean_up_tokenization(self, text: str) -> str:
        """Without the blanks that English does not have before its signs.

        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).clean_up_tokenization("I do n't .")
        "I don't."
        """
        for before, after in _CLEAN_UPS:
            text = text.replace(before, after)
        return text

    # ---- the vocabulary

    def _id_of_token(self, token: str) -> Optional[int]:
        found = self._backend.spelling.id(token)
        unknown = self._roles["unk_token"]
        if found is not None or unknown is None:
            return found
        return self._backend.spelling.id(str(unknown))

    def _token_of_id(self, token_id: int) -> Optional[str]:
        return self._backend.spelling.token(int(token_id))

    def convert_tokens_to_ids(self, tokens: Union[str, Sequence[str]]) -> Any:
        """The id of a token, or of each; of what is none that of unk_token, or None without one."""
        return self._id_of_token(tokens) if isinstance(tokens, str) else [self._id_of_token(token) for token in tokens]

    def convert_ids_to_tokens(self, ids: Union[int, Sequence[int]], skip_special_tokens: bool = False) -> Any:
        """The token of an id, or of each; None for what is no id."""
        if isinstance(ids, int):
            return self._token_of_id(ids)
        skipped = set(self.all_special_ids) if skip_special_tokens else set()
        return [self._token_of_id(token_id) for token_id in ids if int(token_id) not in skipped]

    def convert_tokens_to_string(self, tokens: Sequence[str]) -> str:
        """The text of tokens. Raises ValueError for one that the vocabulary does not have."""
        backend = self._backend
        ids = [backend.spelling.id(token) for token in tokens]
        if None in ids:
            raise ValueError(f"not in the vocabulary: {tokens[ids.index(None)]!r}")
        return backend.tokenizer.decode([token_id for token_id in ids if token_id is not None])

    def get_vocab(self) -> dict[str, int]:
        """All tokens, added ones too, and their ids."""
        return self._backend.spelling.vocabulary()

    @property
    def vocab(self) -> dict[str, int]:
        """Another name of get_vocab()."""
        return self.get_vocab()

    @property
    def vocab_size(self) -> int:
        """Tokens of the model: len() counts added ones too."""
        return self._backend.spelling.model_size

    def __len__(self) -> int:
        return self._backend.spelling.size

    def __bool__(self) -> bool:
        return True

    @property
    def added_tokens_decoder(self) -> dict[int, AddedToken]:
        """Added tokens by id."""
        return {token_id: copy.copy(token) for token_id, token in sorted(self._backend.spelling.added.items())}

    @property
    def added_tokens_encoder(self) -> dict[str, int]:
        """Ids of added tokens by content."""
        return {token.content: token_id for token_id, token in self.added_tokens_decoder.items()}

    def get_added_vocab(self) -> dict[str, int]:
        """The same as added_tokens_encoder."""
        return self.added_tokens_encoder

    def add_tokens(self, new_tokens: Union[Token, Sequence[Token]], special_tokens: bool = False) -> int:
        """Adds tokens to the vocabulary: those that it does not have get ids at its end. Returns how many are new, or were there
        otherwise (lstrip, special, ...).

        The tokenizer is compiled anew, which takes as long as loading it: add many at once.
        """
        tokens = list(new_tokens) if isinstance(new_tokens, (list, tuple)) else [new_tokens] if new_tokens else []
        added = [as_added_token(token, special=special_tokens) for token in tokens]
        for token in added:
            token.special = token.special or special_tokens
        self._backend, n_new = self._backend.with_added_tokens(added)
        return n_new

    def add_special_tokens(
        self, special_tokens_dict: Mapping[str, Any], replace_extra_special_tokens: bool = True
    ) -> int:
        """Gives roles to tokens ({"pad_token": "[PAD]", "extra_special_tokens": [...]}) and adds those that the vocabulary does
        not have. Returns how many are new. Raises ValueError for a role that there is not."""
        given = dict(special_tokens_dict)
        if "additional_special_tokens" in given and not given.get("extra_special_tokens"):
            given["extra_special_tokens"] = given.pop("additional_special_tokens")
        tokens: list[Token] = []
        for name, value in given.items():
            if name == "extra_special_tokens":
                tokens += self._add_extra(value, replace_extra_special_tokens)
            elif name in self._roles:
                if not is_token(value):
                    raise ValueError(f"{name} is a str or an AddedToken, not a {type(value).__name__}")
                token = AddedToken(value, special=True) if isinstance(value, str) else as_added_token(value)
                self._set_role(name, token)
                tokens.append(token)
            else:
                raise ValueError(f"{name} is no role of a special token; these are: {', '.join(self._roles)}")
        return self.add_tokens(tokens, special_tokens=True)

    def _add_extra(self, value: Any, replaces: bool) -> list[Token]:
        if not isinstance(value, (list, tuple)) or not all(map(is_token, value)):
            raise ValueError("extra_special_tokens are a list of str or AddedToken")
        known = () if replaces else self.extra_special_tokens
        tokens: list[Token] = [as_added_token(token, special=True) for token in value if str(token) not in known]
        self._extra = tokens if replaces and tokens else [*self._extra, *tokens]
        return tokens

    # ---- the template

    @property
    def add_bos_token(self) -> bool:
        """Whether each text begins with bos_token. Setting it, or add_eos_token, replaces the tokenizer's whole template."""
        return self._add_bos_token

    @add_bos_token.setter
    def add_bos_token(self, value: bool) -> None:
        self._add_bos_token = value
        self._update_template()

    @property
    def add_eos_token(self) -> bool:
        """Whether each text ends with eos_token."""
        return self._add_eos_token

    @add_eos_token.setter
    def add_eos_token(self, value: bool) -> None:
        self._add_eos_token = value
        self._update_template()

    def _update_template(self) -> None:
        def token(name: str, is_added: bool) -> Optional[tuple[str, int]]:
            content = getattr(self, name)
            token_id = getattr(self, f"{name}_id")
            return (content, token_id) if is_added and content is not None else None

        bos, eos = token("bos_token", self._add_bos_token), token("eos_token", self._add_eos_token)
        self._add_bos_token, self._add_eos_token = bos is not None, eos is not None
        self._backend = self._backend.with_bos_and_eos(bos, eos)

    @property
    def is_fast(self) -> bool:
        """True, as of every tokenizer with offsets."""
        return True

    @property
    def backend_tokenizer(self) -> libtok.Tokenizer:
        """What encodes."""
        return self._backend.tokenizer

    # ---- chats

    def get_chat_template(self, chat_template: Optional[str] = None, tools: Optional[Sequence[Any]] = None) -> str:
        """The template that apply_chat_template takes: the one given, or of that name, or the tokenizer's own.

        Raises ValueError if there is none.
        """
        return _chat.chosen_template(self.chat_template, chat_template, tools is not None)

    def apply_chat_template(
        self,
        conversation: Any,
        tools: Optional[Sequence[Any]] = None,
        documents: Optional[Sequence[Mapping[str, Any]]] = None,
        chat_template: Optional[str] = None,
        add_generation_prompt: bool = False,
        continue_final_message: Union[bool, str] = False,
        tokenize: bool = True,
        padding: Union[bool, str] = False,
        truncation: Union[bool, str] = False,
        max_length: Optional[int] = None,
        return_tensors: Optional[str] = None,
        return_dict: bool = True,
        return_assistant_tokens_mask: bool = False,
        tokenizer_kwargs: Optional[Mapping[str, Any]] = None,
        **kwargs: Any,
    ) -> Any:
        """A conversation, a list of {"role": ..., "content": ...}, or a batch of them, through the chat template: encoded; its
        input_ids alone with return_dict=False; as text with tokenize=False.

        tools: JSON schemas of functions. documents: dicts. add_generation_prompt: an assistant's message is begun.
        continue_final_message: the last message is left open (a str: which of its fields). return_assistant_tokens_mask: with
        assistant_masks, 1 for what the template says that the assistant generates. kwargs: further variables of the template.

        Raises ImportError without jinja2, ValueError for what makes no sense together, jinja2.TemplateError from the template.
        """
        if kwargs.pop("sanitize_control_tokens", False):
            raise NotImplementedError("sanitize_control_tokens")
        if return_assistant_tokens_mask and not (return_dict and tokenize):
            raise ValueError("return_assistant_tokens_mask needs return_dict and tokenize")
        template = self.get_chat_template(chat_template, tools)
        if isinstance(conversation, (list, tuple)) and len(conversation) == 0:
            raise ValueError("a conversation has at least one message")
        if continue_final_message and (add_generation_prompt or return_assistant_tokens_mask):
            raise ValueError("continue_final_message goes with neither add_generation_prompt nor return_assistant_tokens_mask")
        if return_assistant_tokens_mask and not _chat.is_tracked(template):
            _logger.warning("the chat template has no {%% generation %%}: assistant_masks are 0")
        is_batched = isinstance(conversation, (list, tuple)) and (
            isinstance(conversation[0], (list, tuple)) or hasattr(conversation[0], "messages")
        )
        variables = {
            "tools": _chat.tool_schemas(tools),
            "documents": _chat.documents(documents),
            "add_generation_prompt": add_generation_prompt,
            **self.special_tokens_map,
            **kwargs,
        }
        rendered = [
            _chat.render(
                one,
                template,
                continue_final_message=continue_final_message,
                tracks_generation=return_assistant_tokens_mask,
                variables=_chat.plain(variables),
            )
            for one in (conversation if is_batched else [conversation])
        ]
        texts = [chat.text for chat in rendered]
        if not tokenize:
            return texts if is_batched else texts[0]
        batch = self(
            texts if is_batched else texts[0],
            padding=padding,
            truncation=truncation,
            max_length=max_length,
            add_special_tokens=False,
            return_tensors=return_tensors,
            tokenizer_kwargs=tokenizer_kwargs,
        )
        if not return_dict:
            return batch["input_ids"]
        if return_assistant_tokens_mask:
            rows = batch.encodings or ()
            masks = [_chat.assistant_mask(row, chat.generated) for row, chat in zip(rows, rendered)]
            batch["assistant_masks"] = masks if is_batched or return_tensors else masks[0]
            batch.convert_to_tensors(return_tensors)
        return batch


def _tokenizer_of(given: Any) -> libtok.Tokenizer:
    if isinstance(given, libtok.Tokenizer):
        return given
    if callable(getattr(given, "to_str", None)):
        return libtok.Tokenizer(libtok._libtok.tokenizer_from_json(given.to_str(), "tokenizer"))
    raise TypeError(f"tokenizer_object is a libtok.Tokenizer or a tokenizers.Tokenizer, not a {type(given).__name__}")
