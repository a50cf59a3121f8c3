"""What a text was encoded to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from libtok._tokenizer import Tokenizer, Unit, Utf8

_N_SHOWN = 8  # tokens, by repr


class Encoding:
    """Ids and where in the text each comes from. Made by `Tokenizer.encode_with_spans`; a notebook shows it in colours.

    ids: shape (n,), uint32. spans: shape (n, 2), uint64: begin and end in `text`, counted in `unit`s; [0, 0] for tokens that a
    template adds. tokenizer, text, utf8: what made it.

    Unpacks as `ids, spans`; `len` is the number of ids.

    >>> import libtok
    >>> libtok.load("gpt2").encode_with_spans("Hello world")
    <libtok.Encoding, 2 ids: 15496 'Hello', 995 ' world'>
    """

    __slots__ = ("ids", "spans", "text", "tokenizer", "unit", "utf8")

    def __init__(
        self,
        tokenizer: Tokenizer,
        text: str | bytes,
        ids: NDArray[np.uint32],
        spans: NDArray[np.uint64],
        *,
        unit: Unit = "bytes",
        utf8: Utf8 = "error",
    ) -> None:
        self.tokenizer = tokenizer
        self.text = text
        self.ids = ids
        self.spans = spans
        self.unit: Unit = unit
        self.utf8: Utf8 = utf8

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Any]:
        yield self.ids
        yield self.spans

    @property
    def tokens(self) -> list[bytes]:
        r"""The bytes of each token, if end to end they are what `ids` decode to; else the bytes of each span of the text.

        The latter where the decoder puts spaces between tokens or takes some away, as those of WordPiece and SentencePiece do. A
        template's tokens are then empty, and so are all but one of those within a character, unless each has the whole of it.

        >>> import libtok
        >>> libtok.load("gpt2").encode_with_spans("a🤗").tokens
        [b'a', b'\xf0\x9f', b'\xa4', b'\x97']
        """
        tokens = list(map(self.tokenizer.token_bytes, self.ids.tolist()))
        if b"".join(tokens) == self.tokenizer.decode_bytes(self.ids):
            return tokens
        return list(self._texts_of_spans())

    def _texts_of_spans(self) -> Iterator[bytes]:
        if self.unit == "bytes":
            data = self.text.encode() if isinstance(self.text, str) else self.text
            for begin, end in self.spans.tolist():
                yield data[begin:end]
            return
        from libtok._characters import read_document

        document = read_document(self.text, int(self.spans.max(initial=0)), self.unit, self.utf8)
        for begin, end in self.spans.tolist():
            first, last = document.covered(begin, end) if begin < end else (0, 0)
            yield b"".join(c.encode() if isinstance(c, str) else c for c in document.characters[first:last])

    def __repr__(self) -> str:
        from libtok._characters import quoted

        shown = [f"{i} {quoted(self.tokenizer.token_bytes(i))}" for i in self.ids[:_N_SHOWN].tolist()]
        if len(self) > _N_SHOWN:
            shown.append("...")
        return f"<libtok.Encoding, {len(self)} ids{': ' if shown else ''}{', '.join(shown)}>"

    def _repr_html_(self) -> str:
        from libtok.display import Tokens

        return Tokens(self)._repr_html_()
