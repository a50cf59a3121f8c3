"""The tokens that several tokenizers make of one text, one under the other."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from libtok.display._align import Alignment, align, ranges_of
from libtok.display._boxes import Box, lay_out
from libtok.display._html import BoxWriter
from libtok.display._style import COMPARISON_RULES, RULES, TURNS, style_sheet
from libtok.display._text import plain
from libtok.display._tokens import counted, measures_of, name_of

if TYPE_CHECKING:
    from libtok.display._align import Block
    from libtok._encoding import Encoding

_N_COLUMNS = 100  # of a terminal
_MAX_LABEL = 20


class Comparison:
    """Tokens of one text by several tokenizers: in colours for notebooks, for terminals by `str`.

    Boundaries that all have are in line; tokens that not all have stand out.

    encodings: of the same text. limit: how many tokens of each are shown, about.
    """

    def __init__(self, encodings: Sequence[Encoding], *, limit: int = 500) -> None:
        self.encodings = list(encodings)
        self.limit = limit

    @property
    def ratios(self) -> list[float]:
        """How many tokens each has for one of the first; of a first one without tokens: infinity, or 1 where both have none."""
        n_first = len(self.encodings[0])
        return [
            len(encoding) / n_first if n_first else float("inf") if len(encoding) else 1.0
            for encoding in self.encodings
        ]

    def __repr__(self) -> str:
        counts = ", ".join(f"{name_of(one.tokenizer)}: {counted(len(one), 'token')}" for one in self.encodings)
        return f"<libtok.display.Comparison, {counts}>"

    def _aligned(self) -> tuple[list[BoxWriter], Alignment]:
        layouts = [lay_out(encoding, self.limit) for encoding in self.encodings]
        writers = [BoxWriter(encoding, layout, isolated=True) for encoding, layout in zip(self.encodings, layouts)]
        return writers, align([layout.boxes for layout in layouts])

    def _names(self) -> list[str]:
        return [name_of(encoding.tokenizer) for encoding in self.encodings]

    # ---- for terminals

    def __str__(self) -> str:
        writers, alignment = self._aligned()
        labels = [name[:_MAX_LABEL] for name in self._names()]
        n_label = max(map(len, labels))
        facts = [
            f"{label:{n_label}}  {', '.join(measures_of(encoding))}, ratio {ratio:.2f}"
            for label, encoding, ratio in zip(labels, self.encodings, self.ratios)
        ]
        lines = []
        for line in self._lines(writers, alignment.blocks, _N_COLUMNS - n_label - 2):
            lines += ["", *(f"{label:{n_label}}  {row}".rstrip() for label, row in zip(labels, line))]
        return "\n".join([*facts, *lines, *self._left_out(alignment.n_tokens)])

    def _lines(self, writers: list[BoxWriter], blocks: list[Block], n_columns: int) -> list[list[str]]:
        """Lines of one row for each tokenizer, blocks in line."""
        lines = [[""] * len(writers)]
        n_filled = 0
        ends = False
        for block in blocks:
            cells = ["╎".join(map(_cell, [writer] * len(row), row)) for writer, row in zip(writers, block)]
            n_wide = max(map(_width, cells))
            if ends or (n_filled and n_filled + n_wide > n_columns):
                lines.append([""] * len(writers))
                n_filled = 0
            for row, cell in enumerate(cells):
                lines[-1][row] += ("│" if n_filled else "") + cell + " " * (n_wide - _width(cell))
            n_filled += n_wide + (n_filled > 0)
            ends = _has_newline(writers, block)
        return lines if blocks else []

    # ---- for notebooks

    def _repr_html_(self) -> str:
        root, style = style_sheet(RULES + COMPARISON_RULES)
        writers, alignment = self._aligned()
        first_row = [box for block in alignment.blocks for box in block[0]]
        direction = writers[0].direction(first_row) or "ltr"
        blocks = "".join(_block(writers, self._names(), block, direction) for block in alignment.blocks)
        notes = ["Grey: tokens that all have. Coloured: tokens that not all have.", *self._left_out(alignment.n_tokens)]
        return (
            f'{style}<div class="{root}">{self._table()}'
            f'<div class="text" dir="{direction}">{blocks}</div>'
            + "".join(f'<div class="note">{escape(note)}</div>' for note in notes)
            + "</div>"
        )

    def _table(self) -> str:
        rows = []
        for row, (encoding, ratio) in enumerate(zip(self.encodings, self.ratios)):
            cells = "".join(f"<td>{fact}</td>" for fact in [*measures_of(encoding), f"ratio {ratio:.2f}"])
            name = escape(name_of(encoding.tokenizer))
            rows.append(f'<tr><th scope="row"><span class="swatch t{row % len(TURNS["light"])}"></span>{name}</th>{cells}</tr>')
        return f'<table class="head">{"".join(rows)}</table>'

    def _left_out(self, n_shown: list[int]) -> list[str]:
        return [
            f"… {counted(len(encoding) - n, 'more token')} of {name} not shown"
            for encoding, n, name in zip(self.encodings, n_shown, self._names())
            if n < len(encoding)
        ]


def _block(writers: list[BoxWriter], names: list[str], block: Block, direction: str) -> str:
    shared = set.intersection(*(set(ranges_of(row)) for row in block))
    rows = []
    for index, (writer, name, row) in enumerate(zip(writers, names, block)):
        turn = f"t{index % len(TURNS['light'])}"
        boxes = (writer.write(box, "same" if ranges_of([box])[0] in shared else f"{turn} only") for box in row)
        rows.append(f'<span class="row" role="list" aria-label="{escape(name)}">{"".join(boxes)}</span>')
    direction = writers[0].direction(block[0]) or direction
    return (
        f'<span class="block" dir="{direction}">{"".join(rows)}</span>'
        + ("<br>" if _has_newline(writers, block) else "")
    )


def _has_newline(writers: list[BoxWriter], block: Block) -> bool:
    return any(map(writers[0].has_newline, block[0]))


def _cell(writer: BoxWriter, box: Box) -> str:
    shown = plain(writer.runs(box))
    if len(box.tokens) > 1:
        shown += f"×{len(box.tokens)}"
    return f"⟨{shown}⟩" if box.kind in ("special", "inserted") else shown


def _width(shown: str) -> int:
    """Columns of a terminal."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in shown
    )
