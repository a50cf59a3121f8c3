"""Which ids of a text, or of two, a row of limited length takes: windows, the first of which is the row, the others overflow."""

from __future__ import annotations

from typing import NamedTuple, Optional

from libtok.hf._options import TruncationStrategy

Window = tuple[int, int]  # begin and end


class Truncation(NamedTuple):
    """strategy: not DO_NOT_TRUNCATE. stride: ids that a window shares with the one before. from_left: what is cut first."""

    strategy: TruncationStrategy
    max_length: int
    stride: int
    from_left: bool

    def check(self, n_added: int) -> None:
        """Raises what transformers does for lengths that make no sense; n_added: ids that a template adds to one text."""
        if self.max_length < 0 or self.stride < 0:
            raise OverflowError("max_length and stride are not negative")
        room = self.max_length - n_added
        if 0 <= room < self.stride:
            raise ValueError(f"stride is {self.stride}, more than the {room} ids of max_length that a template leaves")

    def windows(self, lengths: list[int], n_added: int) -> list[list[Window]]:
        """Of each text. lengths: of one text or two. n_added: ids that the template adds.

        Where the template alone is longer than max_length, nothing is cut, as in tokenizers. Raises ValueError where the texts
        are too short to be cut by the strategy, or the stride is no less than a window.
        """
        room = self.max_length - n_added
        kept = self._kept(lengths, room) if room >= 0 else lengths
        return [_windows(length, keep, self.stride, self.from_left) for length, keep in zip(lengths, kept)]

    def _kept(self, lengths: list[int], room: int) -> list[int]:
        excess = sum(lengths) - room
        if room == 0:
            return [0] * len(lengths)
        if excess <= 0:
            return lengths
        if self.strategy is TruncationStrategy.LONGEST_FIRST:
            return [lengths[0] - excess] if len(lengths) == 1 else list(_longest_first(lengths[0], lengths[1], room))
        target = 0 if self.strategy is TruncationStrategy.ONLY_FIRST else 1
        if target == len(lengths):
            raise ValueError("there is no second text to truncate (truncation='only_second')")
        if lengths[target] <= excess:
            raise ValueError(
                f"the text to truncate has {lengths[target]} ids, too few for a row of max_length={self.max_length}"
            )
        kept = list(lengths)
        kept[target] -= excess
        return kept


def _longest_first(first: int, second: int, room: int) -> tuple[int, int]:
    """The shorter text is cut once both are equally long; an odd id is the longer one's.

    >>> _longest_first(10, 3, 8), _longest_first(10, 9, 7)
    ((5, 3), (4, 3))
    """
    shorter, longer = sorted((first, second))
    longer = shorter if shorter > room else max(shorter, room - shorter)
    if shorter + longer > room:
        shorter = room // 2
        longer = room - shorter
    return (longer, shorter) if first > second else (shorter, longer)


def _windows(length: int, keep: int, stride: int, from_left: bool) -> list[Window]:
    if keep >= length:
        return [(0, length)]
    if keep == 0:
        return [(0, 0), (0, length)]
    if stride >= keep:
        raise ValueError(f"stride is {stride}, no less than the {keep} ids of a window")
    windows: list[Window] = []
    for at in range(0, length, keep - stride):
        begin, end = (max(length - at - keep, 0), length - at) if from_left else (at, min(at + keep, length))
        windows.append((begin, end))
        if (begin == 0) if from_left else (end == length):
            break
    return windows


def whole(lengths: list[int]) -> list[list[Window]]:
    """Nothing is cut."""
    return [[(0, length)] for length in lengths]


def truncation_of(
    strategy: TruncationStrategy, max_length: Optional[int], stride: int, side: str
) -> Optional[Truncation]:
    """None if nothing is to be cut."""
    if strategy is TruncationStrategy.DO_NOT_TRUNCATE or max_length is None:
        return None
    return Truncation(strategy, max_length, stride, side == "left")
