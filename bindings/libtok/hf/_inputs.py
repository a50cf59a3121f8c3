"""The texts among the arguments of a call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class TextInputs(NamedTuple):
    """items: one a row, of one text or two; each is a str, or a list of words."""

    items: list[tuple[Any, ...]]
    is_batched: bool

    @property
    def are_single(self) -> bool:
        """Whether no row has two texts."""
        return all(len(item) == 1 for item in self.items)


def _is_text(value: Any, depth: int = 3) -> bool:
    """A str or lists of them; of each list the first element tells."""
    if isinstance(value, str):
        return True
    if not isinstance(value, (list, tuple)) or depth == 0:
        return False
    return len(value) == 0 or _is_text(value[0], depth - 1)


def _check_text(value: Any, is_split: bool) -> None:
    if is_split:
        if not isinstance(value, (list, tuple)) or not all(isinstance(word, str) for word in value):
            raise TypeError("with is_split_into_words, a text is a list or tuple of str")
    elif not isinstance(value, str):
        raise TypeError(f"a text is a str, not a {type(value).__name__}")


def _row_of(value: Any, is_split: bool) -> tuple[Any, ...]:
    """A text, or a list or tuple of two."""
    is_pair = isinstance(value, (list, tuple)) and (
        not is_split or (len(value) > 0 and not isinstance(value[0], str))
    )
    row = tuple(value) if is_pair else (value,)
    if is_pair and len(row) != 2:
        raise TypeError(f"a row has one text or a pair of them, not {len(row)}")
    for text in row:
        _check_text(text, is_split)
    return row


def text_inputs(text: Any, text_pair: Any, is_split: bool) -> TextInputs:
    """Raises what transformers does: ValueError for what is no text, and for batches of different sizes; TypeError for a str
    beside a batch, and inside batches."""
    for value in (text, text_pair):
        if value is not None and not _is_text(value) or (value is None and value is text):
            raise ValueError(
                "text is a str, a list of str (a batch, or with is_split_into_words one text), or a list of lists of str "
                f"(a batch of split texts), not {type(value).__name__}"
            )
    is_list = isinstance(text, (list, tuple))
    is_batched = is_list and len(text) > 0 and isinstance(text[0], (list, tuple)) if is_split else is_list
    if not is_batched:
        return TextInputs([_row_of((text, text_pair) if text_pair else text, is_split)], False)
    if isinstance(text_pair, str):
        raise TypeError("beside a batch, text_pair is a list or tuple as long as text")
    rows: Sequence[Any] = text
    if text_pair is not None:
        if len(text) != len(text_pair):
            raise ValueError(f"text has {len(text)} rows, text_pair {len(text_pair)}")
        rows = list(zip(text, text_pair))
    if not rows:
        raise IndexError("an empty batch has no row to tell what it holds")
    if not is_split and all(type(row) is str for row in rows):
        return TextInputs([(row,) for row in rows], True)
    return TextInputs([_row_of(row, is_split) for row in rows], True)
