"""Several tokenizers' boxes of one text, aligned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from libtok.display._boxes import Box

if TYPE_CHECKING:
    Block = list[list[Box]]  # of each tokenizer, the boxes of the same text


class Alignment(NamedTuple):
    """Text cut where all tokenizers cut it, and how many tokens of each that holds."""

    blocks: list[Block]
    n_tokens: list[int]


def align(layouts: Sequence[list[Box]]) -> Alignment:
    """Blocks of boxes of the same text, as far as the last common boundary. Inserted tokens have blocks of their own.

    >>> a = [Box("text", 0, 2, (0,)), Box("text", 2, 3, (1,))]
    >>> b = [Box("text", 0, 1, (0,)), Box("text", 1, 2, (1,)), Box("text", 2, 3, (2,))]
    >>> [[len(row) for row in block] for block in align([a, b]).blocks]
    [[1, 2], [1, 1]]
    """
    boundaries = [{0, *(edge for box in boxes for edge in (box.begin, box.end))} for boxes in layouts]
    common = sorted(set.intersection(*boundaries))
    blocks = []
    nexts = [0] * len(layouts)
    for end in common:
        for is_inserted_too in (False, True):  # at the end; those before it are in the block
            block = []
            for row, boxes in enumerate(layouts):
                first = nexts[row]
                while nexts[row] < len(boxes) and _is_within(boxes[nexts[row]], end, is_inserted_too):
                    nexts[row] += 1
                block.append(boxes[first : nexts[row]])
            if any(block):
                blocks.append(block)
    return Alignment(blocks, [sum(len(box.tokens) for box in boxes[:n]) for boxes, n in zip(layouts, nexts)])


def _is_within(box: Box, end: int, is_inserted_too: bool) -> bool:
    return box.end < end or (box.end == end and (is_inserted_too or box.kind != "inserted"))


def ranges_of(boxes: list[Box]) -> list[tuple[str, int, int]]:
    """What two tokenizers' boxes have in common, if anything."""
    return [(box.kind, box.begin, box.end) for box in boxes]
