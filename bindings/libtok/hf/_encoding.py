"""One row: ids, and where each comes from."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any, Optional, TypeVar

from libtok.hf._sources import PaddingPart, Part, Span

_Value = TypeVar("_Value")
_FIELDS = ("ids", "type_ids", "tokens", "offsets", "attention_mask", "special_tokens_mask", "word_ids", "sequence_ids")


class Encoding:
    """A row as transformers' BatchEncoding holds them: the properties and methods of tokenizers.Encoding.

    Every property is a new list, as long as the row, worked out when it is asked for.
    """

    __slots__ = ("_parts", "_fields", "_overflow", "_make_overflow")

    def __init__(
        self, parts: Sequence[Part], make_overflow: Optional[Callable[[], list[Encoding]]] = None
    ) -> None:
        self._parts = parts
        self._fields: Optional[dict[str, list[Any]]] = None  # of one that was pickled, which has no parts
        self._overflow: Optional[list[Encoding]] = None if make_overflow else []
        self._make_overflow = make_overflow

    def _field(self, name: str, of_part: Callable[[Part], list[_Value]]) -> list[_Value]:
        if self._fields is not None:
            return list(self._fields[name])
        return list(itertools.chain.from_iterable(map(of_part, self._parts)))

    @property
    def ids(self) -> list[int]:
        """Ids of the row."""
        return self._field("ids", lambda part: part.ids)

    @property
    def type_ids(self) -> list[int]:
        """What the template says each id is part of."""
        return self._field("type_ids", lambda part: [part.type_id] * len(part.ids))

    @property
    def tokens(self) -> list[str]:
        """As a tokenizer.json spells them."""
        return self._field("tokens", lambda part: part.tokens())

    @property
    def offsets(self) -> list[Span]:
        """(begin, end) in code points of the text; (0, 0) for what the template and padding add."""
        return self._field("offsets", lambda part: part.spans())

    @property
    def attention_mask(self) -> list[int]:
        """0 for padding."""
        return self._field("attention_mask", lambda part: [part.attention] * len(part.ids))

    @property
    def special_tokens_mask(self) -> list[int]:
        """1 for what the template and padding add."""
        return self._field("special_tokens_mask", lambda part: [part.is_special] * len(part.ids))

    @property
    def word_ids(self) -> list[Optional[int]]:
        """Index of the piece that the splitter, or the caller, cut the text into; None for what the template and padding add."""
        return self._field("word_ids", lambda part: part.words())

    @property
    def words(self) -> list[Optional[int]]:
        """Another name of word_ids."""
        return self.word_ids

    @property
    def sequence_ids(self) -> list[Optional[int]]:
        """0 or 1, the text; None for what the template and padding add."""
        return self._field("sequence_ids", lambda part: [part.sequence] * len(part.ids))

    @property
    def overflowing(self) -> list[Encoding]:
        """What truncation cut off, in rows like this one."""
        if self._overflow is None:
            self._overflow = self._make_overflow() if self._make_overflow is not None else []
            self._make_overflow = None
        return self._overflow

    @property
    def n_sequences(self) -> int:
        """Texts in the row: 1 or 2."""
        return max(len({sequence for sequence in self.sequence_ids if sequence is not None}), 1) if (
            self._fields is not None
        ) else max(len({part.sequence for part in self._parts if part.sequence is not None}), 1)

    def padded(self, length: int, left: bool, pad_id: int, pad_token: str, type_id: int) -> Encoding:
        """This row and `length` - len(self) ids of padding, if that is any; so is what overflows from it."""
        missing = length - len(self)
        parts = self._parts
        if missing > 0:
            padding = PaddingPart(missing, pad_id, pad_token, type_id)
            parts = [padding, *parts] if left else [*parts, padding]
        elif not self._overflow and self._make_overflow is None:
            return self
        return Encoding(
            parts, lambda: [row.padded(length, left, pad_id, pad_token, type_id) for row in self.overflowing]
        )

    def __len__(self) -> int:
        return len(self._fields["ids"]) if self._fields is not None else sum(len(part.ids) for part in self._parts)

    def __repr__(self) -> str:
        return f"<libtok.hf.Encoding, {len(self)} ids>"

    def __reduce__(self) -> tuple[object, ...]:
        # Without the tokenizer and the other rows of the call, which the parts refer to.
        return _restore, ({name: getattr(self, name) for name in _FIELDS}, self.overflowing)

    # ---- between characters, tokens and words

    def token_to_sequence(self, token_index: int) -> Optional[int]:
        """The text that a token is of. None beside the row and for what the template and padding add."""
        sequences = self.sequence_ids
        return sequences[token_index] if 0 <= token_index < len(sequences) else None

    def token_to_chars(self, token_index: int) -> Optional[Span]:
        """Where in its text a token is."""
        return self.offsets[token_index] if self.token_to_sequence(token_index) is not None else None

    def token_to_word(self, token_index: int) -> Optional[int]:
        """The word that a token is of."""
        return self.word_ids[token_index] if self.token_to_sequence(token_index) is not None else None

    def word_to_tokens(self, word_index: int, sequence_index: int = 0) -> Optional[Span]:
        """Tokens of a word: the first, and one beyond the last."""
        begin, end = self._range_of(sequence_index)
        words = self.word_ids
        found = []
        for at in range(begin, end):
            word = words[at]
            if word is not None and word > word_index:
                break
            if word == word_index:
                found.append(at)
        return (found[0], found[-1] + 1) if found else None

    def word_to_chars(self, word_index: int, sequence_index: int = 0) -> Optional[Span]:
        """Where in its text a word is."""
        tokens = self.word_to_tokens(word_index, sequence_index)
        if tokens is None:
            return None
        offsets = self.offsets
        return offsets[tokens[0]][0], offsets[tokens[1] - 1][1]

    def char_to_token(self, char_pos: int, sequence_index: int = 0) -> Optional[int]:
        """The first token that covers a character."""
        begin, end = self._range_of(sequence_index)
        spans = self.offsets
        return next((at for at in range(begin, end) if spans[at][0] <= char_pos < spans[at][1]), None)

    def char_to_word(self, char_pos: int, sequence_index: int = 0) -> Optional[int]:
        """The word of the first token that covers a character."""
        token_index = self.char_to_token(char_pos, sequence_index)
        return None if token_index is None else self.token_to_word(token_index)

    def _range_of(self, sequence: int) -> Span:
        """The whole row for a text that there is not, as tokenizers has it."""
        places = [at for at, of in enumerate(self.sequence_ids) if of == sequence]
        if places:
            return places[0], places[-1] + 1
        has_it = any(part.sequence == sequence for part in self._parts)
        return (0, 0) if has_it else (0, len(self))


def _restore(fields: dict[str, list[Any]], overflow: list[Encoding]) -> Encoding:
    encoding = Encoding(())
    encoding._fields = fields
    encoding._overflow = overflow
    return encoding
