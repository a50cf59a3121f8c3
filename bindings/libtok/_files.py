"""Whole files to files of ids, or to counts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from libtok import _libtok
from libtok._arguments import memory_bytes, threads, whole_number

if TYPE_CHECKING:
    from libtok._progress import OnProgress
    from libtok._tokenizer import Special, Unit, Utf8

    Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
    IdFormat = Literal["ids", "jsonl", "u16", "u32", "npy"]


class EncodedFiles(NamedTuple):
    """What Tokenizer.encode_files has done."""

    n_documents: int
    n_bytes: int
    """Of the documents."""
    n_ids: int
    n_shards_kept: int
    """That an earlier run had finished."""


class FileCounts(NamedTuple):
    """Of all documents of a file."""

    n_documents: int
    n_bytes: int
    n_chars: int
    """Code points."""
    n_words: int
    """Runs of characters that are no white space."""
    n_tokens: int


def paths_of(paths: Paths) -> list[str]:
    """One or many. Raises ValueError for none."""
    found = [os.fspath(path) for path in ([paths] if isinstance(paths, (str, os.PathLike)) else paths)]
    if not found:
        raise ValueError("inputs are an empty list: there is nothing to read")
    return found


class FileMethods:
    """The methods of Tokenizer that read files."""

    __slots__ = ()
    _core: _libtok.Tokenizer

    def encode_files(
        self,
        inputs: Paths,
        output: str | os.PathLike[str],
        *,
        format: IdFormat = "ids",
        split: str = "file",
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        offsets: Unit | None = None,
        n_shards: int = 0,
        resume: bool = False,
        n_threads: int = 0,
        memory: int | str | None = None,
        progress: OnProgress = None,
    ) -> EncodedFiles:
        """The ids of files (.gz and .zst too), written to another as `tok encode` does: whole or not at all. An output that is there
        is replaced.

        format: "ids" (a line a document), "jsonl" ({"doc":0,"ids":[...]}, with where tokens are if `offsets` is a unit), "u16",
            "u32" or "npy"; beside these three, output.idx says where documents begin (docs/cli.md).
        split: what a document is: "file", "lines", "lines-lf" (lines with their LF), "fasta", "jsonl:FIELD" or "sep:STR".
        n_shards, resume: so many files, output.00000-of-0000N ..., and output.manifest.jsonl; a later run writes those that are missing.
        memory: of text, ids and output in flight: bytes, or a str like "2G"; None: 1 GiB, and no limit for one document.

        Raises ValueError for no inputs, TokError with the file and line of the first document that fails. Ctrl-C leaves no file behind.
        """
        from libtok._progress import Reporter

        with Reporter("encode", progress) as reporter:
            return EncodedFiles(
                *_libtok.encode_files(
                    self._core, paths_of(inputs), os.fspath(output), format=format, split=split, special=special,
                    template=template, utf8=utf8, offsets=offsets, n_shards=whole_number("n_shards", n_shards, 0, 99999), resume=resume, n_threads=threads(n_threads),
                    n_memory_bytes=memory_bytes(memory), report=lambda done, total, is_over: reporter.tell(done, total, "B", is_over),
                )
            )  # fmt: skip

    def count_files(
        self,
        inputs: Paths,
        *,
        split: str = "file",
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        n_threads: int = 0,
        memory: int | str | None = None,
        progress: OnProgress = None,
    ) -> list[FileCounts]:
        """Documents, bytes, characters, words and tokens of each file, as `tok count` has them. Options: see encode_files."""
        from libtok._progress import Reporter

        with Reporter("count", progress) as reporter:
            files = _libtok.count_files(
                self._core, paths_of(inputs), split=split, special=special, template=template, utf8=utf8,
                n_threads=threads(n_threads), n_memory_bytes=memory_bytes(memory), report=lambda done, total, is_over: reporter.tell(done, total, "B", is_over),
            )  # fmt: skip
            return [FileCounts(*file) for file in files]
