"""What a call of the tokenizer returns."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Sequence
from typing import Any, NamedTuple, Optional, Union

from libtok.hf import _tensors
from libtok.hf._encoding import Encoding


class CharSpan(NamedTuple):
    """Characters of a text: begin and end."""

    start: int
    end: int


class TokenSpan(NamedTuple):
    """Tokens of a row: begin and end."""

    start: int
    end: int


class BatchEncoding(UserDict):  # type: ignore[type-arg]  # no UserDict[str, Any] before Python 3.9's last
    """A mapping of names (`input_ids`, `attention_mask`, ...) to lists, arrays or tensors, also as attributes; and, of what a
    call of the tokenizer returned, the rows (`encodings`), which know the way between characters, words and tokens.

    Methods that take a place take it as (place) of the only row, or as (row, place). Raises ValueError for them if the rows
    are not known, and from convert_to_tensors for rows of different lengths.
    """

    def __init__(
        self,
        data: Optional[dict[str, Any]] = None,
        encoding: Union[Encoding, Sequence[Encoding], None] = None,
        tensor_type: Optional[str] = None,
        prepend_batch_axis: bool = False,
        n_sequences: Optional[int] = None,
    ) -> None:
        super().__init__(data)
        self._encodings = [encoding] if isinstance(encoding, Encoding) else encoding
        self._n_sequences = n_sequences
        self.convert_to_tensors(tensor_type, prepend_batch_axis)

    @property
    def n_sequences(self) -> Optional[int]:
        """Texts in a row: 1 or 2; None if the rows are not known."""
        if self._n_sequences is None and self._encodings:
            self._n_sequences = self._encodings[0].n_sequences
        return self._n_sequences

    @property
    def is_fast(self) -> bool:
        """Whether the rows are known."""
        return self._encodings is not None

    @property
    def encodings(self) -> Optional[Sequence[Encoding]]:
        """The rows."""
        return self._encodings

    def __getitem__(self, item: Any) -> Any:
        """The value of a name; the row, or rows, of an index or slice; of a slice where rows are not known, each value's."""
        if isinstance(item, str):
            return self.data[item]
        if self._encodings is not None:
            return self._encodings[item]
        if isinstance(item, slice):
            return {key: value[item] for key, value in self.data.items()}
        raise KeyError("a BatchEncoding without its tokenizer's encodings has names and slices, but no rows by index")

    def __getattr__(self, item: str) -> Any:
        try:
            return self.__dict__["data"][item]
        except KeyError:
            raise AttributeError(f"a BatchEncoding has no {item!r}") from None

    def __getstate__(self) -> dict[str, Any]:
        return {"data": self.data, "encodings": self._encodings, "n_sequences": self._n_sequences}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.data = state["data"]
        self._encodings = state["encodings"]
        self._n_sequences = state["n_sequences"]

    # ---- rows

    def _row(self, index: int) -> Encoding:
        if not self._encodings:
            raise ValueError("this BatchEncoding does not know the rows that it was made of")
        return self._encodings[index]

    def _row_and_place(self, row_or_place: int, place: Optional[int]) -> tuple[Encoding, int]:
        return (self._row(0), row_or_place) if place is None else (self._row(row_or_place), place)

    def _row_and_token(self, row_or_token: int, token: Optional[int]) -> tuple[Encoding, int]:
        row, at = self._row_and_place(row_or_token, token)
        return row, at + len(row) if at < 0 else at

    def tokens(self, batch_index: int = 0) -> list[str]:
        """Of a row."""
        return self._row(batch_index).tokens

    def sequence_ids(self, batch_index: int = 0) -> list[Optional[int]]:
        """Of a row: 0 or 1, the text of each token; None for special tokens that were added."""
        return self._row(batch_index).sequence_ids

    def word_ids(self, batch_index: int = 0) -> list[Optional[int]]:
        """Of a row: the word of each token; None for special tokens that were added."""
        return self._row(batch_index).word_ids

    def token_to_sequence(self, batch_or_token_index: int, token_index: Optional[int] = None) -> Optional[int]:
        """The text of a token."""
        row, token = self._row_and_token(batch_or_token_index, token_index)
        return row.token_to_sequence(token)

    def token_to_word(self, batch_or_token_index: int, token_index: Optional[int] = None) -> Optional[int]:
        """The word of a token."""
        row, token = self._row_and_token(batch_or_token_index, token_index)
        return row.token_to_word(token)

    def token_to_chars(self, batch_or_token_index: int, token_index: Optional[int] = None) -> Optional[CharSpan]:
        """The characters of a token."""
        row, token = self._row_and_token(batch_or_token_index, token_index)
        span = row.token_to_chars(token)
        return None if span is None else CharSpan(*span)

    def word_to_tokens(
        self, batch_or_word_index: int, word_index: Optional[int] = None, sequence_index: int = 0
    ) -> Optional[TokenSpan]:
        """The tokens of a word."""
        row, word = self._row_and_place(batch_or_word_index, word_index)
        span = row.word_to_tokens(word, sequence_index)
        return None if span is None else TokenSpan(*span)

    def word_to_chars(
        self, batch_or_word_index: int, word_index: Optional[int] = None, sequence_index: int = 0
    ) -> CharSpan:
        """The characters of a word. Raises TypeError for a word that there is not."""
        row, word = self._row_and_place(batch_or_word_index, word_index)
        span = row.word_to_chars(word, sequence_index)
        if span is None:
            raise TypeError(f"there is no word {word} in text {sequence_index}")
        return CharSpan(*span)

    def char_to_token(
        self, batch_or_char_index: int, char_index: Optional[int] = None, sequence_index: int = 0
    ) -> Optional[int]:
        """The token of a character; None for white space that belongs to none."""
        row, char = self._row_and_place(batch_or_char_index, char_index)
        return row.char_to_token(char, sequence_index)

    def char_to_word(
        self, batch_or_char_index: int, char_index: Optional[int] = None, sequence_index: int = 0
    ) -> Optional[int]:
        """The word of a character."""
        row, char = self._row_and_place(batch_or_char_index, char_index)
        return row.char_to_word(char, sequence_index)

    # ---- tensors

    def convert_to_tensors(
        self, tensor_type: Optional[str] = None, prepend_batch_axis: bool = False
    ) -> BatchEncoding:
        """Values become "np" arrays or "pt" tensors, in place; None: nothing happens. prepend_batch_axis: with an axis of 1 in
        front.

        Raises ValueError for "pt" of rows of different lengths; for "np" those are an array of arrays.
        """
        if tensor_type is None:
            return self
        convert = _tensors.converter(tensor_type)
        for key, value in self.data.items():
            try:
                self.data[key] = convert([value] if prepend_batch_axis else value)
            except (ValueError, TypeError) as error:
                raise ValueError(
                    f"{key} makes no tensor: its rows have different lengths (pass padding=True, truncation=True) or are no "
                    "numbers"
                ) from error
        return self

    def to(self, device: Any, *, non_blocking: bool = False) -> BatchEncoding:
        """Moves torch's tensors to a device, in place. Raises ImportError without torch."""
        try:
            import torch  # type: ignore[import-not-found, unused-ignore] # noqa: F401
        except ImportError as error:
            raise ImportError("BatchEncoding.to() needs PyTorch, which is not installed") from error
        self.data = {
            key: value.to(device=device, non_blocking=non_blocking) if callable(getattr(value, "to", None)) else value
            for key, value in self.data.items()
        }
        return self
