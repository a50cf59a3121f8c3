"""Boxes as HTML: escaped, with a title to hover over and a label to be read aloud."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from libtok._characters import quoted
from libtok.display._boxes import Box, Layout
from libtok.display._text import Run, are_joined, direction_of, runs_of

if TYPE_CHECKING:
    from libtok._encoding import Encoding

_MAX_CHARACTERS = 300  # of a box that are shown
_JOINER = "&zwj;"


class BoxWriter:
    """Writes the boxes of one encoding.

    isolated: whether boxes are laid out one by one, each for itself. Else they are a text whose letters join, and which the
    Unicode bidirectional algorithm orders, across the boxes. Characters that control that algorithm never get into the page.
    """

    def __init__(self, encoding: Encoding, layout: Layout, *, isolated: bool = False) -> None:
        self._ids = encoding.ids
        self._spans = encoding.spans
        self._unit = encoding.unit
        self._tokenizer = encoding.tokenizer
        self._special = {token_id: name for name, token_id in encoding.tokenizer.special_tokens.items()}
        self._characters = layout.document.characters
        self._isolated = isolated

    def write(self, box: Box, colour: str) -> str:
        """A box. colour: the class that ordinary tokens have."""
        facts = [self._fact(token, box) for token in box.tokens] or ["in no token"]
        classes = f"b {colour if box.kind == 'text' else box.kind}"
        parts = ""
        if len(facts) > 1:
            classes += " parts"
            parts = f' style="--tok-n:{len(facts)}"'
        element = "bdi" if self._isolated or box.kind in ("special", "inserted") else "span"
        return (
            f'<{element} role="listitem" class="{classes}"{parts} title="{escape(chr(10).join(facts))}" '
            f'aria-label="{escape(self._spoken(box))}; {escape("; ".join(facts))}">{self._content(box)}</{element}>'
        )

    def direction(self, boxes: Sequence[Box]) -> Literal["ltr", "rtl"] | None:
        """Of the text of boxes side by side."""
        return direction_of(self._characters[boxes[0].begin : boxes[-1].end]) if boxes else None

    def ends_line(self, box: Box) -> bool:
        """Whether the box ends in a newline."""
        return box.begin < box.end and self._characters[box.end - 1] == "\n"

    def stands_off(self, box: Box) -> bool:
        """Whether a line may end before the box, and what it begins with is drawn by itself.

        So are spaces, shown as marks, and symbols: emoji of several characters would be drawn as one, across boxes. Not so are
        letters, which join, and digits and punctuation, which are not to leave their word.
        """
        if box.kind != "text":
            return True
        first = self._characters[box.begin]
        return isinstance(first, bytes) or unicodedata.category(first)[0] not in "LNP"

    def has_newline(self, box: Box) -> bool:
        """Whether there is a newline in the box."""
        return "\n" in self._characters[box.begin : box.end]

    def runs(self, box: Box) -> list[Run]:
        """What is shown in a box."""
        if box.kind == "inserted":
            return runs_of(self.spelling(box.tokens[0]))
        runs = runs_of(self._characters[box.begin : min(box.end, box.begin + _MAX_CHARACTERS)])
        return runs if box.end - box.begin <= _MAX_CHARACTERS else [*runs, Run("text", "…")]

    def spelling(self, token: int) -> str:
        """Of a token that the text does not spell out."""
        token_id = int(self._ids[token])
        return self._special.get(token_id) or self._tokenizer.token_bytes(token_id).decode("utf-8", "backslashreplace")

    def _fact(self, token: int, box: Box) -> str:
        """Id and span; and the token's bytes, where they are not what the box shows."""
        token_id = int(self._ids[token])
        if box.kind == "inserted":
            return f"id {token_id}, inserted"
        begin, end = self._spans[token].tolist()
        fact = f"id {token_id}, {self._unit} {begin}–{end}"
        if box.kind == "special":
            return fact
        content = self._tokenizer.token_bytes(token_id)
        shown = b"".join(c.encode() if isinstance(c, str) else c for c in self._characters[box.begin : box.end])
        # Where a decoder puts spaces between words, tokens have one that no text has.
        return fact if content.lstrip(b" ") == shown.lstrip(b" ") else f"{fact}, token {quoted(content)}"

    def _spoken(self, box: Box) -> str:
        words = []
        for word, same in groupby(run.spoken() for run in self.runs(box)):
            n = len(list(same))
            words.append(word if n == 1 else f"{n} {word}s")
        return " ".join(words)

    def _content(self, box: Box) -> str:
        """Line breaks follow newlines, but for the last one: that is outside the box, which would go on in the next line."""
        runs = self.runs(box)
        shown = "".join(map(_run, runs[:-1])) + (_run(runs[-1]).replace("<br>", "") if runs else "")
        return f"{self._joiner(box.begin)}{shown}{self._joiner(box.end)}" if self._isolated and box.kind == "text" else shown

    def _joiner(self, position: int) -> str:
        """Letters of the Arabic script lose their shape at the edge of an isolated box; this keeps it where a box cuts a word."""
        beside = self._characters[max(position - 1, 0) : position + 1]
        return _JOINER if len(beside) == 2 and are_joined(*beside) else ""


def _run(run: Run) -> str:
    shown = escape(run.shown)
    if run.kind == "text":
        return shown
    if run.kind == "mark":
        return {"→": '<i class="tab">→</i>', "↵": "<i>↵</i><br>"}.get(shown, f"<i>{shown}</i>")
    # Letters that are not of the text have no part in its direction.
    look = "code" if run.kind == "bytes" else "tag" if len(run.shown) > 1 else "picture"
    return f'<bdi class="{look}">{shown}</bdi>'
