"""A tokenizer: text to ids and back."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Union

from libtok import _libtok
from libtok._arguments import coded, threads, whole_number
from libtok._dtypes import as_dtype
from libtok._encoding import Encoding
from libtok._files import FileMethods
from libtok._ragged import Ragged
from libtok._tables import TableMethods

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import DTypeLike, NDArray

    Special = Union[Literal["error", "text", "all"], set[str], frozenset[str]]
    Utf8 = Literal["error", "replace", "bytes"]
    Unit = Literal["bytes", "chars", "utf16"]
    Ids = Union[NDArray[np.integer], Sequence[int]]
    # A list or other iterable, a numpy array, or whatever speaks Arrow (pyarrow, polars, pandas ...).
    Texts = Union[Iterable[str | bytes], Any]


def load(path_or_name: str | os.PathLike[str]) -> Tokenizer:
    """A tokenizer out of a file of any supported format, a Hugging Face model directory, or a bundled name.

    Nothing is downloaded. Raises NotFoundError (a FileNotFoundError) or TokError (a ValueError) with the place and a remedy.

    >>> load("gpt2").vocab_size
    50257
    """
    path = os.fspath(path_or_name)
    try:
        return Tokenizer(_libtok.Tokenizer.load(path))
    except _libtok.NotFoundError as error:
        if os.path.exists(path) or error.code != "TOK-E001":
            raise
    from libtok._models import what_was_meant

    raise coded(_libtok.NotFoundError, "TOK-E001", f"{path}: no such file and no bundled name; {what_was_meant(path)}")


class Prefix(NamedTuple):
    """What Tokenizer.encode_prefix gives."""

    ids: NDArray[np.uint32]
    """Shape (n,), n at most what was asked for."""
    n_bytes: int
    """Of the text's UTF-8 that the ids cover, cut back to a whole character."""
    complete: bool
    """Whether the text ended before."""


class Tokenizer(FileMethods, TableMethods):
    """Encodes text to ids, decodes ids to text. Made by `load`.

    Immutable: threads and forked processes may share one; calls that work longer than some ten microseconds let other
    threads run. Pickles by content. Equal to another that gives the same ids to every text.

    Options of every call that encodes:
    special: what special tokens (`special_tokens`) in text are. "error": a SpecialTokenError; "text": ordinary text; "all":
        their ids; a set of them: these are, others are an error.
    template: whether to add what the post-processor adds (BOS, [CLS], ...).
    utf8: what invalid bytes of a bytes object are: "error", "replace" (U+FFFD) or "bytes" (byte-level vocabularies only).
    dtype: of the ids: "uint32" (None), "int32", "int64", or "uint16" for a vocabulary of at most 65,536.

    Texts of a batch are a list or other iterable of str and bytes, a numpy array of them, or a column of strings of any library
    that speaks Arrow (pyarrow, polars, pandas, ...), whose memory is read as it is. Ctrl-C ends long calls.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _libtok.Tokenizer) -> None:
        if not isinstance(core, _libtok.Tokenizer):
            raise TypeError(f"a Tokenizer is made by libtok.load, not of {type(core).__name__}")
        self._core = core

    def encode(
        self,
        text: str | bytes,
        *,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        dtype: DTypeLike | None = None,
    ) -> NDArray[Any]:
        """The ids of a text, shape (n,).

        >>> load("gpt2").encode("Hello world").tolist()
        [15496, 995]
        """
        ids = self._core.encode(text, special, template, utf8)
        return ids if dtype is None else as_dtype(ids, dtype, self.vocab_size)

    def encode_prefix(
        self,
        text: str | bytes,
        max_ids: int,
        *,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
    ) -> Prefix:
        """The first `max_ids` ids of a text, without encoding what is far behind them.

        >>> load("gpt2").encode_prefix("Hello world, and so on", 2)
        Prefix(ids=array([15496,   995], dtype=uint32), n_bytes=11, complete=False)
        """
        whole_number("max_ids", max_ids, 0, 2**63)
        return Prefix(*self._core.encode_prefix(text, max_ids, special=special, template=template, utf8=utf8))

    def encode_with_spans(
        self,
        text: str | bytes,
        *,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        unit: Unit = "bytes",
    ) -> Encoding:
        """Ids, shape (n,), and where in the text each token is, shape (n, 2): begin and end. Unpacks as `ids, spans`.

        unit: what spans count: "bytes" of UTF-8; "chars", code points, as Python's strings are indexed; or "utf16" code units, as
            those of JavaScript are. Of tokens within a character, each covers the whole of it, but for "bytes".

        >>> load("gpt2").encode_with_spans("Hello world").spans.tolist()
        [[0, 5], [5, 11]]
        """
        ids, spans = self._core.encode_with_spans(text, special=special, template=template, utf8=utf8, unit=unit)
        return Encoding(self, text, ids, spans, unit=unit, utf8=utf8)

    def encode_batch(
        self,
        texts: Texts,
        *,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        dtype: DTypeLike | None = None,
        n_threads: int = 0,
    ) -> Ragged:
        """The ids of many texts, by several threads (0: all that this process may use).

        >>> load("gpt2").encode_batch(["Hello", "", "Hello world"]).to_lists()
        [[15496], [], [15496, 995]]
        """
        ids, offsets = self._core.encode_batch(
            _texts(texts), special=special, template=template, utf8=utf8, n_threads=threads(n_threads)
        )
        return Ragged(as_dtype(ids, dtype, self.vocab_size), offsets)

    def count(
        self, text: str | bytes, *, special: Special = "error", template: bool = False, utf8: Utf8 = "error"
    ) -> int:
        """How many ids `encode` would give.

        >>> load("gpt2").count("Hello world")
        2
        """
        return self._core.count(text, special, template, utf8)

    def count_batch(
        self,
        texts: Texts,
        *,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        n_threads: int = 0,
    ) -> NDArray[np.uint64]:
        """How many ids each of many texts has, shape (n_texts,); of some texts at a time, ids are in memory.

        >>> load("gpt2").count_batch(["Hello", "", "Hello world"]).tolist()
        [1, 0, 2]
        """
        return self._core.count_batch(
            _texts(texts), special=special, template=template, utf8=utf8, n_threads=threads(n_threads)
        )

    def decode(
        self,
        ids: Ids,
        *,
        skip_special: bool = False,
        unknown: Literal["error", "skip"] = "error",
        errors: str = "replace",
    ) -> str:
        """Text of ids. `errors`: what bytes that are no UTF-8 become, as in bytes.decode.

        Raises UnknownIdError, unless unknown="skip".

        >>> load("gpt2").decode([15496, 995])
        'Hello world'
        """
        return self.decode_bytes(ids, skip_special=skip_special, unknown=unknown).decode("utf-8", errors)

    def decode_batch(
        self,
        rows: Ragged | Iterable[Ids],
        *,
        skip_special: bool = False,
        unknown: Literal["error", "skip"] = "error",
        errors: str = "replace",
    ) -> list[str]:
        """Texts of many rows of ids, as `decode` of each.

        >>> load("gpt2").decode_batch([[15496], [], [15496, 995]])
        ['Hello', '', 'Hello world']
        """
        if isinstance(rows, Ragged):
            return self._core.decode_ragged(
                rows.ids, rows.offsets, skip_special=skip_special, unknown=unknown, errors=errors
            )
        return [self.decode(ids, skip_special=skip_special, unknown=unknown, errors=errors) for ids in rows]

    def decode_bytes(
        self, ids: Ids, *, skip_special: bool = False, unknown: Literal["error", "skip"] = "error"
    ) -> bytes:
        """Bytes of ids, which may end within a character.

        >>> load("gpt2").decode_bytes([15496])
        b'Hello'
        """
        return self._core.decode_bytes(ids, skip_special=skip_special, unknown=unknown)

    def stream_decoder(self, *, skip_special: bool = False) -> _libtok.StreamDecoder:
        """Decodes ids one by one: push(id) gives whole characters as soon as they are complete, finish() the rest."""
        return self._core.stream_decoder(skip_special=skip_special)

    def find_token(self, token: str | bytes) -> int | None:
        """The id of a token by its spelling; None if there is none.

        >>> load("gpt2").find_token(" world")
        995
        """
        return self._core.find_token(token)

    def token_bytes(self, token_id: int) -> bytes:
        """What a token stands for. Raises UnknownIdError.

        >>> load("gpt2").token_bytes(995)
        b' world'
        """
        return self._core.token_bytes(token_id)

    @property
    def special_tokens(self) -> dict[str, int]:
        """Special tokens and their ids."""
        return self._core.special_tokens

    @property
    def vocab_size(self) -> int:
        """One more than the highest id: the rows that a model's tables need."""
        return self._core.vocab_size

    @property
    def name(self) -> str:
        """Of the file or encoding that it was loaded from."""
        return self._core.name

    def fingerprint(self) -> str:
        """A hash of everything that decides ids: equal on every machine, for equal tokenizers only."""
        return self._core.fingerprint()

    def with_scheme(self, name: str, *, seed: int = 0) -> Tokenizer:
        """The same vocabulary with another rule that chooses the tokens of a piece; what cuts text into pieces stays.

        name: "longest-prefix", "longest-suffix", "longest-token", "flota" or "flota:K" (lossy), "fewest-tokens" or
            "fewest-tokens:random", "weighted", "rank", "merges", "dropout" or "dropout:P" (BPE-dropout), "own".
        seed: of what is drawn by lot: with the document it decides.

        Raises TokError for a scheme that the vocabulary cannot be used with.

        >>> own = load("gpt2")
        >>> own.count("undesirable"), own.with_scheme("longest-prefix").count("undesirable")
        (3, 4)
        """
        return Tokenizer(self._core.with_scheme(name, whole_number("seed", seed, 0, 2**64 - 1)))

    @property
    def scheme(self) -> str:
        """What chooses the tokens of a piece: "own", or a name as with_scheme takes it."""
        return self._core.scheme

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a file, whole or not at all, of the kind that its name ends in.

        .tok: libtok's own, which loads in milliseconds; .json: Hugging Face's tokenizer.json; .tiktoken; .model:
        SentencePiece; a directory: vocab.json and merges.txt. Raises TokError where the format cannot express the tokenizer.
        """
        self._core.save(os.fspath(path))

    def to_json(self) -> str:
        """The text of Hugging Face's tokenizer.json. Raises TokError where that cannot express the tokenizer."""
        return self._core.to_json()

    def __repr__(self) -> str:
        return f"<libtok.Tokenizer {self.name!r}, {self.vocab_size} ids, {self.fingerprint()[:12]}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Tokenizer):
            return NotImplemented
        return self._core is other._core or self.fingerprint() == other.fingerprint()

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __reduce__(self) -> tuple[object, ...]:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "tokenizer.tok")
            self.save(path)
            with open(path, "rb") as file:
                return _restore, (file.read(),)

    def __copy__(self) -> Tokenizer:
        return self

    def __deepcopy__(self, memo: object) -> Tokenizer:
        return self


def _texts(texts: Any) -> Any:
    """What a batch may be. Raises TypeError for what gives its keys when it is gone through."""
    if isinstance(texts, Mapping):
        raise TypeError("texts are a list or a column, not a mapping; give the column of it, as batch['text']")
    return texts


def _restore(image: bytes) -> Tokenizer:
    """What __reduce__ saved. The file is gone before this returns: its memory stays mapped."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "tokenizer.tok")
        with open(path, "wb") as file:
            file.write(image)
        return load(path)
