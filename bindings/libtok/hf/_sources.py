"""Encoded texts, and what is worked out about them only when it is asked for."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Optional

from libtok import _libtok
from libtok.hf._spelling import Spelling, blank_ends

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Span = tuple[int, int]


class EncodedTexts:
    """Texts of one call. Their spans and words cost encoding once more, unless with_details says that all are wanted."""

    def __init__(
        self, core: _libtok.Tokenizer, spelling: Spelling, texts: list[str], split_special: bool, with_details: bool
    ) -> None:
        self.core = core
        self.spelling = spelling
        self.texts = texts
        self._split_special = split_special
        self._details: dict[int, tuple[list[Span], list[int]]] = {}
        self.flat_spans: Optional[NDArray[np.uint64]] = None  # shape (n_ids, 2)
        if with_details:
            self.flat_ids, spans, self._flat_words, self.offsets = self._encode_with_details(texts)
            self.flat_spans = spans.reshape(-1, 2)
        else:
            self.flat_ids, self.offsets = core.encode_batch(texts, special="text" if split_special else "all")

    @functools.cached_property
    def ids(self) -> list[list[int]]:
        """Of each text: flat_ids[offsets[i]:offsets[i + 1]]. Not the caller's: to be copied."""
        flat, ends = self.flat_ids.tolist(), self.offsets.tolist()
        return [flat[begin:end] for begin, end in zip(ends, ends[1:])]

    def _encode_with_details(
        self, texts: list[str]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]:
        return _libtok.encode_batch_with_words(self.core, texts, split_special=self._split_special)

    def details(self, index: int) -> tuple[list[Span], list[int]]:
        """Spans in code points, and words. Not the caller's: to be copied."""
        found = self._details.get(index)
        if found is None:
            if self.flat_spans is None:
                _, flat, words, _ = self._encode_with_details(self.texts[index : index + 1])
                spans = flat.reshape(-1, 2)
            else:
                begin, end = self.offsets[index : index + 2].tolist()
                spans, words = self.flat_spans[begin:end], self._flat_words[begin:end]
            found = self._details[index] = (list(zip(*spans.T.tolist())), words.tolist())
        return found


class Source:
    """One text, or the words of one that its caller has split: texts[begin:end] of `encoded`."""

    __slots__ = ("encoded", "begin", "end", "is_split", "ids")

    def __init__(self, encoded: EncodedTexts, begin: int, end: int, is_split: bool) -> None:
        self.encoded = encoded
        self.begin = begin
        self.end = end
        self.is_split = is_split
        self.ids: list[int] = (
            encoded.ids[begin] if end == begin + 1 else [i for row in encoded.ids[begin:end] for i in row]
        )

    def spans(self) -> list[Span]:
        """In code points of the text, or of the word. Not the caller's: to be copied."""
        if self.end == self.begin + 1:
            return self.encoded.details(self.begin)[0]
        return [span for index in range(self.begin, self.end) for span in self.encoded.details(index)[0]]

    def words(self) -> list[int]:
        """Index of the word of each id."""
        if not self.is_split:
            return self.encoded.details(self.begin)[1]
        rows = self.encoded.ids[self.begin : self.end]
        return [word for word, row in enumerate(rows) for _ in row]

    def tokens(self) -> list[str]:
        """The spelling of each id."""
        return [
            self._token_of_text(token_id, index, position) if self._depends_on_text(token_id) else self._token(token_id)
            for index in range(self.begin, self.end)
            for position, token_id in enumerate(self.encoded.ids[index])
        ]

    def trimmed_spans(self, keeps_prefix_space: bool, window: Span) -> list[Span]:
        """Of a window of ids, without the white space at either end of a token, by the rules of Hugging Face's ByteLevel.

        keeps_prefix_space: a single blank at the begin of a text, or of a window, may be none of the text's own.
        """
        begin, end = window
        trimmed = []
        for at, (span, blanks) in enumerate(zip(self.spans()[begin:end], self._blank_ends()[begin:end])):
            first, last = span
            leading, trailing = blanks
            if leading > 0:
                if keeps_prefix_space and leading == 1 and (at == 0 or first == 0):
                    leading = 0
                first = min(first + leading, last)
            if trailing > 0 and last >= trailing:
                last = max(last - trailing, first)
            trimmed.append((first, last))
        return trimmed

    def _blank_ends(self) -> list[Span]:
        spelling = self.encoded.spelling
        return [
            blank_ends(self._token_of_text(token_id, index, position))
            if self._depends_on_text(token_id)
            else spelling.blank_ends(token_id)
            for index in range(self.begin, self.end)
            for position, token_id in enumerate(self.encoded.ids[index])
        ]

    def _token(self, token_id: int) -> str:
        return self.encoded.spelling.token(token_id) or ""

    def _depends_on_text(self, token_id: int) -> bool:
        """An added token is spelled as it was found, with the white space that it took; what Unigram does not know, as it
        stands."""
        spelling = self.encoded.spelling
        return token_id in spelling.added or token_id == spelling.unigram_unk_id

    def _token_of_text(self, token_id: int, index: int, position: int) -> str:
        begin, end = self.encoded.details(index)[0][position]
        found = self.encoded.texts[index][begin:end]
        added = self.encoded.spelling.added.get(token_id)
        if token_id == self.encoded.spelling.unigram_unk_id and (added is None or added.content != found):
            return found
        # The model itself may make a token that is an added one too, of a text that is normalized into it.
        if added is not None and found.strip().casefold() == added.content.strip().casefold():
            return found
        return self._token(token_id)


class Part:
    """A stretch of a row: `n` ids of type `type_id`, of text `sequence` (None: of no text)."""

    __slots__ = ("type_id",)

    sequence: Optional[int] = None
    attention = 1
    is_special = 1
    type_id: int

    @property
    def ids(self) -> list[int]:
        """Not the caller's: to be copied."""
        raise NotImplementedError

    def tokens(self) -> list[str]:
        """The spelling of each id."""
        raise NotImplementedError

    def spans(self) -> list[Span]:
        """Of each id in its text; (0, 0) if it is of none."""
        return [(0, 0)] * len(self.ids)

    def words(self) -> list[Optional[int]]:
        """Of each id in its text."""
        return [None] * len(self.ids)


class TextPart(Part):
    """A window of the ids of a text. keeps_prefix_space: None if spans are not trimmed."""

    __slots__ = ("source", "sequence", "window", "keeps_prefix_space")

    is_special = 0

    def __init__(
        self, source: Source, sequence: int, window: Span, type_id: int, keeps_prefix_space: Optional[bool]
    ) -> None:
        self.source = source
        self.sequence = sequence
        self.window = window
        self.type_id = type_id
        self.keeps_prefix_space = keeps_prefix_space

    @property
    def ids(self) -> list[int]:
        begin, end = self.window
        return self.source.ids[begin:end]

    def tokens(self) -> list[str]:
        begin, end = self.window
        return self.source.tokens()[begin:end]

    def spans(self) -> list[Span]:
        begin, end = self.window
        if self.keeps_prefix_space is None:
            return self.source.spans()[begin:end]
        return self.source.trimmed_spans(self.keeps_prefix_space, self.window)

    def words(self) -> list[Optional[int]]:
        begin, end = self.window
        return [*self.source.words()[begin:end]]


class TemplatePart(Part):
    """Ids that a template adds."""

    __slots__ = ("_ids", "_spelling")

    def __init__(self, ids: list[int], type_id: int, spelling: Spelling) -> None:
        self._ids = ids
        self._spelling = spelling
        self.type_id = type_id

    @property
    def ids(self) -> list[int]:
        return self._ids

    def tokens(self) -> list[str]:
        return [self._spelling.token(token_id) or "" for token_id in self._ids]


class PaddingPart(Part):
    """n ids that only make a row longer."""

    __slots__ = ("_n", "_pad_id", "_pad_token")

    attention = 0

    def __init__(self, n: int, pad_id: int, pad_token: str, type_id: int) -> None:
        self._n = n
        self._pad_id = pad_id
        self._pad_token = pad_token
        self.type_id = type_id

    @property
    def ids(self) -> list[int]:
        return [self._pad_id] * self._n

    def tokens(self) -> list[str]:
        return [self._pad_token] * self._n
