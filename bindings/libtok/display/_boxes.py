"""What a reader sees of an encoding: boxes side by side, each the text of a token, or of several that share a character."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Literal, NamedTuple

from libtok._characters import Document, read_document

if TYPE_CHECKING:
    from libtok._encoding import Encoding

_MAX_UNITS = 100_000  # of a text: more is not read, however few its tokens are


class Box(NamedTuple):
    """Characters [begin, end) and the tokens that they became, by index: none of a "gap", which is text in no token.

    "inserted" tokens stand for no text: a template's, or what a normalizer put in.
    """

    kind: Literal["text", "special", "inserted", "gap"]
    begin: int
    end: int
    tokens: tuple[int, ...]


class Layout(NamedTuple):
    """The boxes of an encoding's first tokens, how many tokens they hold, and the text beneath."""

    document: Document
    boxes: list[Box]
    n_tokens: int


def is_part_of_character(token: bytes) -> bool:
    """Whether a token's bytes begin or end within a character."""
    try:
        token.decode()
    except UnicodeDecodeError:
        return True
    return False


def lay_out(encoding: Encoding, limit: int) -> Layout:
    """The boxes of about the first `limit` tokens: a character is never shown without all the tokens that it is in.

    Raises ValueError for a limit below 1.
    """
    if limit < 1:
        raise ValueError(f"limit is 1 or more, not {limit}")
    n_ids = len(encoding)
    spans = list(takewhile(lambda span: span[0] < _MAX_UNITS, encoding.spans[: limit + 1].tolist()))
    is_cut = n_ids > min(limit, len(spans))
    end = max((end for _, end in spans), default=0)
    document = read_document(encoding.text, min(end if is_cut else _MAX_UNITS, _MAX_UNITS), encoding.unit, encoding.utf8)
    boxes = _Boxes(encoding, document).of(spans, is_cut)
    if is_cut and len(boxes) > 1:
        boxes.pop()  # of a token beyond the limit, or whose character may go on in one
    elif not is_cut and _end_of(boxes) < len(document.characters):
        boxes.append(Box("gap", _end_of(boxes), len(document.characters), ()))
    return Layout(document, boxes, sum(len(box.tokens) for box in boxes))


def _end_of(boxes: list[Box]) -> int:
    return max((box.end for box in boxes), default=0)


class _Boxes:
    def __init__(self, encoding: Encoding, document: Document) -> None:
        self._ids = encoding.ids
        self._tokenizer = encoding.tokenizer
        self._special = set(encoding.tokenizer.special_tokens.values())
        self._document = document
        self._boxes: list[Box] = []
        self._waiting: list[int] = []  # tokens without text of their own, of the character that comes next
        self._cursor = 0

    def of(self, spans: list[list[int]], is_cut: bool) -> list[Box]:
        for token, (begin, end) in enumerate(spans):
            token_id = int(self._ids[token])
            is_special = token_id in self._special
            if begin < end:
                self._add(token, begin, end, is_special)
            elif not is_special and is_part_of_character(self._tokenizer.token_bytes(token_id)):
                self._waiting.append(token)
            else:
                self._insert(token)
        for token in [] if is_cut else self._waiting:
            self._insert(token)
        return self._boxes

    def _add(self, token: int, begin: int, end: int, is_special: bool) -> None:
        # Characters that a span covers in part are wholly in the box.
        first, last = self._document.covered(begin, end)
        tokens = (*self._waiting, token)
        self._waiting = []
        if first < self._cursor and self._boxes and self._boxes[-1].kind == "text" and not is_special:
            shared = self._boxes.pop()
            first, last, tokens = shared.begin, max(shared.end, last), (*shared.tokens, *tokens)
        elif first > self._cursor:
            self._boxes.append(Box("gap", self._cursor, first, ()))
        self._boxes.append(Box("special" if is_special else "text", first, last, tokens))
        self._cursor = max(self._cursor, last)

    def _insert(self, token: int) -> None:
        self._boxes.append(Box("inserted", self._cursor, self._cursor, (token,)))
