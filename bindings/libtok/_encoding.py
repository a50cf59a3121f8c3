"""What a text was encoded to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from libtok._characters import quoted, read_document

if TYPE_CHECKING:
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
        """The bytes of each token, if they make up what `ids` decode to, end to end; else the bytes of each span of the text.

        The latter where the decoder looks at neighbours, as those of WordPiece and SentencePiece do. Without text of their own are
        then the tokens of a template, and of those within a character all but one, or each has the whole of it.

        >>> import libtok
        >>> libtok.load("gpt2").encode_with_spans("a中").tokens
        [b'a', b'\\xe4\\xb8', b'\\xad']
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
        document = read_document(self.text, int(self.spans.max(initial=0)), self.unit, self.utf8)
        for begin, end in self.spans.tolist():
            first, last = document.covered(begin, end) if begin < end else (0, 0)
            yield b"".join(c.encode() if isinstance(c, str) else c for c in document.characters[first:last])

    def __repr__(self) -> str:
        shown = [
            f"{token_id} {quoted(self.tokenizer.token_bytes(token_id))}"
            for token_id in islice(self.ids.tolist(), _N_SHOWN)
        ]
        return f"<libtok.Encoding, {len(self)} ids: {', '.join(shown)}{', ...' * (len(self) > _N_SHOWN)}>"

    def _repr_html_(self) -> str:
        from libtok.display import Tokens

        return Tokens(self)._repr_html_()
