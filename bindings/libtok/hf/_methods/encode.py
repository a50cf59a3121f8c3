"""Texts to ids: what a call does with its arguments."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional, Union

from libtok.hf._backend import Backend
from libtok.hf._batch_encoding import BatchEncoding
from libtok.hf._encoding import Encoding
from libtok.hf._inputs import text_inputs
from libtok.hf._methods.pad import PadMethods
from libtok.hf._options import UNLIMITED, Lengths, PaddingStrategy
from libtok.hf._padding import Padding
from libtok.hf._plain import PlainBatch, Rows, plain_room
from libtok.hf._truncation import Truncation, truncation_of

_logger = logging.getLogger(__name__)

_FIELDS: dict[str, Callable[[Encoding], Any]] = {
    "input_ids": lambda row: row.ids,
    "token_type_ids": lambda row: row.type_ids,
    "attention_mask": lambda row: row.attention_mask,
    "special_tokens_mask": lambda row: row.special_tokens_mask,
    "offset_mapping": lambda row: row.offsets,
    "length": len,
}


class EncodeMethods(PadMethods):
    """Calls, encode and tokenize. Rows are padded as pad() does it."""

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

        >>> import libtok
        >>> from libtok.hf import FastTokenizer
        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).encode("Hello world")
        [15496, 995]
        """
        return self._encoded(text, text_pair, **options)["input_ids"]

    def tokenize(self, text: str, pair: Optional[str] = None, add_special_tokens: bool = False, **options: Any) -> list[str]:
        """The tokens of a text, as the vocabulary spells them.

        >>> import libtok
        >>> from libtok.hf import FastTokenizer
        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).tokenize("Hello world")
        ['Hello', 'Ġworld']
        """
        return self._encoded(text, pair, add_special_tokens=add_special_tokens, **options).tokens()

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
