"""A text as characters, whatever its spans count."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, Union

if TYPE_CHECKING:
    from libtok._tokenizer import Unit

Character = Union[str, bytes]  # bytes: such as are no UTF-8


class Document(NamedTuple):
    """Characters of a text, and where they begin: one more than there are characters, as the last one ends somewhere."""

    characters: list[Character]
    starts: list[int]

    def covered(self, begin: int, end: int) -> tuple[int, int]:
        """The characters, first and one past the last, that [begin, end) of the text has a part of."""
        first = min(bisect_right(self.starts, begin), len(self.characters)) - 1
        return first, max(first, min(bisect_left(self.starts, end), len(self.characters)))


def read_document(text: str | bytes, end: int, unit: Unit, utf8: str) -> Document:
    """The characters of a text that begin before `end`. Cost: of so many only, however long the text.

    end, and the result's starts, count `unit` as `Tokenizer.encode_with_spans` does; utf8: as it was given to that.
    """
    characters: list[Character] = []
    starts = [0]
    # No character is shorter than one unit, nor longer than four bytes.
    for character in text[:end] if isinstance(text, str) else _characters_of(text[: 4 * end], utf8 == "bytes"):
        if starts[-1] >= end:
            break
        characters.append(character)
        starts.append(starts[-1] + _width(character, unit))
    return Document(characters, starts)


def _width(character: Character, unit: Unit) -> int:
    if unit == "bytes":
        return len(character.encode() if isinstance(character, str) else character)
    return 2 if unit == "utf16" and isinstance(character, str) and character > "\uffff" else 1


def _characters_of(data: bytes, each_byte: bool) -> Iterator[Character]:
    """each_byte: an invalid byte is a character; else a maximal invalid part is."""
    for is_escaped, run in groupby(data.decode("utf-8", "surrogateescape"), lambda c: "\udc80" <= c <= "\udcff"):
        if not is_escaped:
            yield from run
            continue
        invalid = "".join(run).encode("utf-8", "surrogateescape")
        begin = 0
        while begin < len(invalid):
            end = begin + (1 if each_byte else _maximal_part(invalid[begin : begin + 4]))
            yield invalid[begin:end]
            begin = end


def _maximal_part(invalid: bytes) -> int:
    try:
        invalid.decode()
    except UnicodeDecodeError as error:
        return error.end
    raise AssertionError("these bytes were found to be invalid")


def quoted(token: bytes) -> str:
    r"""As Python writes it: text where it is such, else bytes.

    >>> print(quoted(b" a"), quoted(b"\xf0"))
    ' a' b'\xf0'
    """
    try:
        return repr(token.decode())
    except UnicodeDecodeError:
        return repr(token)
