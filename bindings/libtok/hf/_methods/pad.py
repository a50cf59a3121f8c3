"""Rows made equally long: how a call is to do it, and pad() for rows that were encoded before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, Union

from libtok.hf import _tensors
from libtok.hf._batch_encoding import BatchEncoding
from libtok.hf._methods.state import State
from libtok.hf._options import Lengths, PaddingStrategy, checked_side, lengths_of
from libtok.hf._padding import Padding


class PadMethods(State):
    """pad, and what encoding has in common with it."""

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
        side = checked_side("padding_side", self.padding_side if side is None else side)
        pad_id = self.pad_token_id
        assert pad_id is not None  # _lengths has seen to it
        return Padding(pad_id, self.pad_token or "", self.pad_token_type_id, side == "left", multiple)

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
