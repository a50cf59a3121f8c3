"""How often each piece of a corpus occurs: what training starts from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from libtok import _libtok
from libtok._arguments import memory_bytes
from libtok._corpus import check_paths, documents_or_paths, rules_of, split_of
from libtok._extras import pyarrow
from libtok._progress import Reporter

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
    from numpy.typing import NDArray

    from libtok._corpus import Documents, Paths, Utf8
    from libtok._progress import OnTrainingProgress

_ORIGIN = b"libtok.piece_counts"  # key of a table's metadata


def count_pieces(
    source: Paths | Documents,
    *,
    text: bool = False,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: str | Iterable[str] | None = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> PieceCounts:
    """Counts the pieces of a corpus: `tok pieces count`.

    source: a path (str or PathLike; .gz and .zst too) or a list of paths; or any other iterable of documents, str or bytes, which
        is consumed as it is counted. A str is always a path, and a list of str one of paths: of documents, give iter(list).
    text: pieces of text, for unigram and wordpiece, instead of bytes, for bpe and what is built on it.
    pattern: what cuts text into pieces, by name ("gpt2", "cl100k", "o200k", "llama3", "qwen", "deepseek", "none"; of text also
        "metaspace", "bert", "whitespace", "whitespace-split") or as a regular expression; None: "o200k", of text "metaspace".
    digits: cuts numbers first: into digits ("1"), threes ("3"), or threes from the right ("r2l3").
    normalizer: rewrites text first: "nfc", "nfd", "nfkc", "nfkd", "lowercase", "strip-accents", "bert", "bert-cased"; or several, in order.
    split: what one document of a file is: "file", "lines", "lines-lf", "fasta", "jsonl:FIELD" or "sep:STR"; None: "file", of text
        "lines". Not for an iterable, whose items are the documents.
    utf8: what invalid bytes are: "error", "replace" (U+FFFD) or "bytes".
    n_threads: 0: all that this process may use.
    memory: bytes, or a str like "2G": what does not fit goes to temporary files. None: no limit.
    progress: see train_bpe.

    Raises TokError and its subclasses; TypeError for documents that are no str or bytes.

    >>> counts = count_pieces(iter(["a rose is a rose", "is a rose"]), pattern="gpt2")
    >>> counts.most_common(2)
    [(b' rose', 3), (b' a', 2)]
    """
    rules = rules_of(
        pattern, digits, normalizer, is_text=text, default_pattern="metaspace" if text else "o200k"
    )
    with Reporter("count", progress) as report:
        return count(
            source, rules, split_of(source, split, "lines" if text else "file"), utf8, n_threads, memory, report
        )


def count(
    source: Paths | Documents,
    rules: _libtok.PieceRules,
    split: str,
    utf8: Utf8,
    n_threads: int,
    memory: int | str | None,
    report: Reporter,
) -> PieceCounts:
    """count_pieces by rules that are known."""
    paths, documents = documents_or_paths(source)
    if paths is None:
        core = _libtok.count_pieces_of_documents(
            documents, rules, utf8=utf8, n_threads=n_threads, n_memory_bytes=memory_bytes(memory), report=report.tell_training
        )
    else:
        check_paths(paths)
        core = _libtok.count_pieces_of_files(
            paths,
            rules,
            split=split,
            utf8=utf8,
            n_threads=n_threads,
            n_memory_bytes=memory_bytes(memory),
            report=report.tell_training,
        )
    return PieceCounts(core)


class PieceCounts:
    """Different pieces, each with how often it occurs. Made by count_pieces, load, from_arrow or from_parquet.

    Immutable; in byte order. Counts of parts of a corpus add up to those of the whole: `a + b`, or merge_piece_counts. Pickles by
    content. Equal to another of the same pieces and counts that were cut by the same rules out of as many documents.
    """

    __slots__ = ("_core",)

    def __init__(self, core: _libtok.PieceCounts) -> None:
        self._core = core

    # ---- what is counted

    @property
    def n_unique(self) -> int:
        """Different pieces."""
        return self._core.n_unique

    @property
    def total(self) -> int:
        """The sum of all counts."""
        return self._core.total

    @property
    def n_documents(self) -> int:
        """Documents that were counted; 0 if nobody knows."""
        return self._core.n_documents

    @property
    def n_bytes(self) -> int:
        """Of these documents."""
        return self._core.n_bytes

    @property
    def split(self) -> str:
        """What one document was: "file", "lines", ..., or "documents" where an iterable gave them."""
        return self._core.sequence_unit.decode("utf-8", "backslashreplace")

    @property
    def pattern(self) -> str | None:
        """The name of the pattern that cut them, if it is one that has a name and numbers were not cut before."""
        return self._core.rules.pattern

    @property
    def is_text(self) -> bool:
        """Pieces are text, not bytes."""
        return self._core.rules.is_text

    @property
    def rules(self) -> dict[str, Any]:
        """How they were cut, as Hugging Face's tokenizer.json says it: its "normalizer" and "pre_tokenizer"."""
        pipeline = json.loads(self._core.rules.json)
        return {name: pipeline[name] for name in ("normalizer", "pre_tokenizer")}

    def __len__(self) -> int:
        return self.n_unique

    def __iter__(self) -> Iterator[bytes]:
        return (piece for piece, _ in self.items())

    def items(self) -> Iterator[tuple[bytes, int]]:
        """Pieces with their counts.

        >>> list(count_pieces(iter(["a b a"]), pattern="gpt2").items())
        [(b' a', 1), (b' b', 1), (b'a', 1)]
        """
        blob, offsets, counts = self.arrays()
        pieces = blob.data
        begin = 0
        for i in range(len(counts)):
            end = int(offsets[i + 1])
            yield pieces[begin:end].tobytes(), int(counts[i])
            begin = end

    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint64]]:
        """(blob, offsets, counts): piece i is blob[offsets[i]:offsets[i + 1]] and occurs counts[i] times.

        Shapes (n_bytes,), (n_unique + 1,), (n_unique,). blob and counts are the counts' own memory, not to be written to.
        """
        return self._core.arrays()

    def most_common(self, n: int) -> list[tuple[bytes, int]]:
        """The n most frequent pieces; of equals, those first in byte order."""
        return self._core.most_common(n)

    # ---- adding up

    def __add__(self, other: object) -> PieceCounts:
        """Raises TokError unless both were cut by the same rules out of the same kind of documents."""
        if not isinstance(other, PieceCounts):
            return NotImplemented
        return merge_piece_counts([self, other])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PieceCounts):
            return NotImplemented
        return self._core is other._core or self._core.equals(other._core)

    __hash__ = None  # type: ignore[assignment]

    # ---- files

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a .pieces file, as `tok pieces count -o` does: whole or not at all, the same bytes for the same counts."""
        if not os.fspath(path).endswith(".pieces"):
            raise ValueError(f"{os.fspath(path)}: the name of a file of counts ends in .pieces")
        self._core.save(os.fspath(path))

    @staticmethod
    def load(path: str | os.PathLike[str]) -> PieceCounts:
        """Reads a .pieces file. Raises NotFoundError, FileError, or TokError for what is none."""
        return PieceCounts(_libtok.PieceCounts.load(os.fspath(path)))

    # ---- Arrow

    def to_arrow(self) -> pa.Table:
        """A pyarrow.Table of two columns, piece (large_binary) and count (uint64). Its metadata has the rules, so that from_arrow
        gives these counts again. Without a copy of the pieces.

        Raises ImportError without pyarrow.
        """
        pa = pyarrow()
        blob, offsets, counts = self.arrays()
        pieces = pa.LargeBinaryArray.from_buffers(
            pa.large_binary(), len(counts), [None, pa.py_buffer(offsets), pa.py_buffer(blob)]
        )
        schema = pa.schema([("piece", pa.large_binary()), ("count", pa.uint64())], {_ORIGIN: self._core.origin()})
        return pa.Table.from_arrays([pieces, pa.array(counts)], schema=schema)

    @staticmethod
    def from_arrow(table: pa.Table) -> PieceCounts:
        """Counts out of a table that to_arrow made, or of some of its rows: those of a piece that is there twice are added up.

        Raises ValueError for a table of other columns, without the metadata, or with pieces that are empty or null.
        """
        pa = pyarrow()
        origin = (table.schema.metadata or {}).get(_ORIGIN)
        if origin is None:
            raise ValueError(
                "the table does not say how its pieces were cut: metadata b'libtok.piece_counts' is missing; keep that of to_arrow "
                "(Table.replace_schema_metadata)"
            )
        for name in ("piece", "count"):
            if name not in table.column_names:
                raise ValueError(f"the table has no column {name!r}, only {', '.join(table.column_names) or 'none'}")
            if table.column(name).null_count > 0:
                raise ValueError(f"column {name!r} has nulls")
        pieces = _one_chunk(table.column("piece").cast(pa.large_binary()))
        counts = _one_chunk(table.column("count").cast(pa.uint64()))
        offsets, blob = _binary_arrays(pieces)
        return PieceCounts(
            _libtok.PieceCounts.from_arrays(origin, blob, offsets, counts.to_numpy(zero_copy_only=False))
        )

    def to_parquet(self, path: str | os.PathLike[str], **options: Any) -> None:
        """Writes to_arrow() with pyarrow.parquet.write_table, which gets the options."""
        pq = pyarrow().parquet

        pq.write_table(self.to_arrow(), os.fspath(path), **options)

    @staticmethod
    def from_parquet(path: str | os.PathLike[str]) -> PieceCounts:
        """Reads what to_parquet wrote."""
        pq = pyarrow().parquet

        return PieceCounts.from_arrow(pq.read_table(os.fspath(path)))

    # ---- Python

    def __reduce__(self) -> tuple[object, ...]:
        blob, offsets, counts = self.arrays()
        return _restore, (self._core.origin(), blob.tobytes(), offsets.tobytes(), counts.tobytes())

    def __repr__(self) -> str:
        how = self.pattern or "other rules"
        return f"<libtok.PieceCounts {self.n_unique} pieces, {self.total} in all, {how}, {self.n_documents} documents>"


def merge_piece_counts(parts: Iterable[PieceCounts], *, memory: int | str | None = None) -> PieceCounts:
    """The sums of parts of a corpus, in any order; `tok pieces merge`.

    Raises TokError, naming what differs, unless all were cut by the same rules out of the same kind of documents.

    >>> a, b = (count_pieces(iter([text]), pattern="gpt2") for text in ("x y", "z y"))
    >>> merge_piece_counts([a, b]).most_common(1)
    [(b' y', 2)]
    """
    cores = []
    for part in parts:
        if not isinstance(part, PieceCounts):
            raise TypeError(f"parts are PieceCounts, not {type(part).__name__}")
        cores.append(part._core)
    if not cores:
        raise ValueError("there are no counts to merge")
    return PieceCounts(_libtok.merge_piece_counts(cores, n_memory_bytes=memory_bytes(memory)))


def _restore(origin: bytes, blob: bytes, offsets: bytes, counts: bytes) -> PieceCounts:
    import numpy as np

    return PieceCounts(
        _libtok.PieceCounts.from_arrays(
            origin, np.frombuffer(blob, np.uint8), np.frombuffer(offsets, np.int64), np.frombuffer(counts, np.uint64)
        )
    )


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    chunks = column.combine_chunks()
    return chunks.chunk(0) if hasattr(chunks, "chunk") and chunks.num_chunks else chunks


def _binary_arrays(pieces: pa.LargeBinaryArray) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Offsets into the bytes, which may begin anywhere."""
    import numpy as np

    _, offsets, blob = pieces.buffers()
    if len(pieces) == 0:
        return np.zeros(1, np.int64), np.zeros(0, np.uint8)
    of_rows = np.frombuffer(offsets, np.int64)[pieces.offset : pieces.offset + len(pieces) + 1]
    return of_rows, np.frombuffer(blob, np.uint8) if blob is not None else np.zeros(0, np.uint8)
