"""The tokens of one text, to be looked at."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from libtok.display._boxes import Box, lay_out
from libtok.display._html import BoxWriter
from libtok.display._style import RULES, TURNS, style_sheet
from libtok.display._text import plain

if TYPE_CHECKING:
    from libtok._encoding import Encoding
    from libtok._tokenizer import Tokenizer


def name_of(tokenizer: Tokenizer) -> str:
    """What a reader may call it."""
    return tokenizer.name or f"unnamed {tokenizer.fingerprint()[:8]}"


def n_bytes_of(text: str | bytes) -> int:
    """Of UTF-8."""
    return len(text.encode()) if isinstance(text, str) and not text.isascii() else len(text)


def counted(n: int, what: str) -> str:
    """
    >>> counted(1, "token"), counted(2000, "token")
    ('1 token', '2,000 tokens')
    """
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def measures_of(encoding: Encoding) -> list[str]:
    """Its length in tokens and bytes, and bytes by tokens."""
    n_bytes = n_bytes_of(encoding.text)
    measures = [counted(len(encoding), "token"), counted(n_bytes, "byte")]
    return [*measures, f"{n_bytes / len(encoding):.2f} bytes/token"] if len(encoding) else measures


class Tokens:
    """An encoding in colours for notebooks; for terminals, by `str`, with lines between its tokens.

    encoding: `Encoding`. limit: how many tokens are shown, about: of a character either all or none.
    """

    def __init__(self, encoding: Encoding, *, limit: int = 1000) -> None:
        self.encoding = encoding
        self.limit = limit

    def __repr__(self) -> str:
        return f"<libtok.display.Tokens of {self.encoding!r}>"

    def __str__(self) -> str:
        layout = lay_out(self.encoding, self.limit)
        writer = BoxWriter(self.encoding, layout)
        shown = ""
        for box in layout.boxes:
            if shown and not shown.endswith("\n"):
                shown += "│"
            content = plain(writer.runs(box), newline="↵\n")
            n_tokens = f"×{len(box.tokens)}" if len(box.tokens) > 1 else ""
            shown += f"⟨{content}⟩" if box.kind in ("special", "inserted") else content + n_tokens
        lines = [f"{name_of(self.encoding.tokenizer)}: {', '.join(measures_of(self.encoding))}", shown.rstrip("\n")]
        return "\n".join([*lines, *self._left_out(layout.n_tokens)])

    def _repr_html_(self) -> str:
        root, style = style_sheet(RULES)
        layout = lay_out(self.encoding, self.limit)
        writer = BoxWriter(self.encoding, layout)
        parts = []
        turn = 0
        for box in layout.boxes:
            parts.append("<wbr>" if writer.stands_off(box) else "")
            parts.append(writer.write(box, f"t{turn}"))
            parts.append("<br>" if writer.ends_line(box) else "")
            turn = (turn + 1) % len(TURNS["light"])
        head = "".join(f"<span>{measure}</span>" for measure in measures_of(self.encoding))
        notes = [*self._left_out(layout.n_tokens), *_legend(layout.boxes)]
        return (
            f'{style}<div class="{root}"><div class="head"><b>{escape(name_of(self.encoding.tokenizer))}</b>{head}</div>'
            f'<div class="text flow" role="list" aria-label="tokens" dir="auto">{"".join(parts)}</div>'
            + "".join(f'<div class="note">{note}</div>' for note in notes)
            + "</div>"
        )

    def _left_out(self, n_shown: int) -> list[str]:
        n_left_out = len(self.encoding) - n_shown
        return [f"… {counted(n_left_out, 'more token')} not shown"] if n_left_out else []


def _legend(boxes: list[Box]) -> list[str]:
    """Says what the rarer marks mean, where there are such."""
    if any(len(box.tokens) > 1 for box in boxes):
        return ["A bar in n parts: n tokens share the characters above it."]
    return []
