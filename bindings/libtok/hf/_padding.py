"""Rows made equally long: those that the tokenizer makes, and those that a data collator hands back to it."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from libtok.hf._encoding import Encoding
from libtok.hf._options import PaddingStrategy


def rounded_up(length: int, multiple: Optional[int]) -> int:
    """To a multiple; None or 0: of nothing.

    >>> rounded_up(9, 8), rounded_up(9, None)
    (16, 9)
    """
    return -(-length // multiple) * multiple if multiple else length


class Padding(NamedTuple):
    """left: comes before the row."""

    pad_id: int
    pad_token: str
    type_id: int
    left: bool
    multiple: Optional[int]

    def pad_rows(self, rows: list[Encoding], length: Optional[int]) -> list[Encoding]:
        """To a length; None: to the longest row's."""
        target = max(map(len, rows), default=0) if length is None else length
        target = rounded_up(target, self.multiple)
        return [row.padded(target, self.left, self.pad_id, self.pad_token, self.type_id) for row in rows]

    def pad_lists(
        self,
        inputs: dict[str, Any],
        main_name: str,
        strategy: PaddingStrategy,
        max_length: Optional[int],
        wants_mask: bool,
    ) -> dict[str, Any]:
        """The lists of one row: ids (`main_name`), masks and type ids; others stay as they are."""
        n_ids = len(inputs[main_name])
        length = n_ids if strategy is PaddingStrategy.LONGEST else max_length
        if wants_mask and "attention_mask" not in inputs:
            inputs["attention_mask"] = [1] * n_ids
        if length is None or strategy is PaddingStrategy.DO_NOT_PAD:
            return inputs
        missing = rounded_up(length, self.multiple) - n_ids
        fillers = {"token_type_ids": self.type_id, "special_tokens_mask": 1, main_name: self.pad_id}
        if wants_mask:
            fillers["attention_mask"] = 0
        for name in fillers.keys() & inputs.keys():
            filler = [fillers[name]] * missing
            inputs[name] = filler + inputs[name] if self.left else inputs[name] + filler
        return inputs
