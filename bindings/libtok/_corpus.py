"""Where text comes from and what cuts it: arguments that counting and training share, checked."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Union, cast

from libtok import _libtok
from libtok._arguments import check_choice, check_type, coded, refuse_choice

if TYPE_CHECKING:
    Paths = Union[str, os.PathLike[str], Sequence[Union[str, os.PathLike[str]]]]
    Documents = Iterable[Union[str, bytes]]
    Utf8 = Literal["error", "replace", "bytes"]

# Sixteen bytes drawn once. The first comes once and is no UTF-8, so that no end of a document can be taken for its begin.
_SEPARATOR = bytes.fromhex("ff8a5c1be0472d93b6c80e74a1d9f356")
_ROWS = 1 << 16  # of an Arrow column, at a time


# ---- sources


def documents_or_paths(source: Paths | Documents) -> tuple[list[str] | None, Documents]:
    """(paths, nothing), or (None, documents). Raises TypeError for what is neither."""
    if isinstance(source, (str, os.PathLike)):
        return [os.fspath(source)], ()
    if isinstance(source, (list, tuple)) and source and all(isinstance(item, (str, os.PathLike)) for item in source):
        return [os.fspath(item) for item in source], ()
    if isinstance(source, (list, tuple)) and not source:
        raise ValueError("source is an empty list: there is nothing to read")
    if hasattr(source, "columns") or hasattr(source, "column_names"):
        raise TypeError("source is a table; give the column that holds the text, as table['text']")
    if isinstance(source, (bytes, bytearray, Mapping)) or not isinstance(source, Iterable):
        raise TypeError(
            f"source is a path, a list of paths, an iterable of documents or PieceCounts, not {type(source).__name__}"
        )
    if hasattr(source, "to_pylist") and hasattr(source, "slice"):  # pyarrow's, whose items are no str
        return None, _rows(source)
    return None, cast("Documents", source)


def _rows(column: Any) -> Iterator[str | bytes]:
    for begin in range(0, len(column), _ROWS):
        yield from column.slice(begin, _ROWS).to_pylist()


def check_paths(paths: list[str]) -> None:
    """That files are there and hold text. Raises NotFoundError, or ValueError for counts."""
    for path in paths:
        if path.endswith(".pieces"):
            raise ValueError(f"{path}: has counts, not text; give libtok.PieceCounts.load({path!r})")
        if path == "-" or os.path.exists(path):
            continue
        raise coded(
            _libtok.NotFoundError,
            "TOK-E001",
            f"{path}: does not exist; a str is a path, and a list of str is one of paths: documents come from any other "
            "iterable, as iter(documents); patterns of names are not expanded (glob.glob does that)",
        )


def split_of(source: Paths | Documents, split: str | None, default: str) -> str:
    """What a document is. Raises ValueError for `split` where the source says it itself."""
    if split is None:
        return default
    if documents_or_paths(source)[0] is None:
        raise ValueError("split is of files: the items of an iterable are its documents; leave it out")
    return split


@contextlib.contextmanager
def as_files(source: Paths | Documents, split: str, utf8: Utf8) -> Iterator[tuple[list[str], str]]:
    """Files that may be read more than once, and how they are split: of an iterable, a nameless temporary one ($TMPDIR, else
    /var/tmp), gone in the end."""
    paths, documents = documents_or_paths(source)
    if paths is not None:
        check_paths(paths)
        yield paths, split
        return
    with tempfile.TemporaryFile(dir=os.environ.get("TMPDIR") or "/var/tmp") as file:
        for index, document in enumerate(documents):
            file.write(_checked_bytes(document, index, utf8))
            file.write(_SEPARATOR)
        file.flush()
        escaped = "".join(f"\\x{byte:02x}" for byte in _SEPARATOR)
        yield [f"/proc/self/fd/{file.fileno()}"], f"sep:{escaped}"


def _checked_bytes(document: object, index: int, utf8: Utf8) -> bytes:
    if isinstance(document, str):
        content = document.encode("utf-8", "surrogatepass")
    elif isinstance(document, bytes):
        content = document
    else:
        raise TypeError(f"document {index} is of type {type(document).__name__}, not str or bytes")
    if _SEPARATOR in content:
        raise ValueError(f"document {index} has {_SEPARATOR!r}, by which libtok separates documents; give them as a file")
    if utf8 == "error":
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as bad:
            raise coded(
                _libtok.TokError,
                "TOK-E010",
                f"document {index}: byte {bad.start}: invalid UTF-8; repair the text, or give utf8='replace' or 'bytes'",
            ) from None
    return content


# ---- rules


def rules_of(
    pattern: str | None,
    digits: str | None,
    normalizer: str | Iterable[str] | None,
    *,
    is_text: bool,
    default_pattern: str,
    default_normalizers: Sequence[str] = (),
) -> _libtok.PieceRules:
    """What cuts text, made of names. Raises ValueError for those of nothing, TokError for what is no pattern."""
    if pattern is not None:
        _check_pattern(pattern, is_text)
    wanted = default_pattern if pattern is None else pattern
    rules = _libtok.PieceRules.text(wanted) if is_text else _libtok.PieceRules.byte_level(wanted)
    if digits is not None:
        check_choice("digits", digits, _libtok.digit_cut_names())
        rules.cut_digits(digits)
    rules.set_normalizers(default_normalizers if normalizer is None else normalizer_names(normalizer))
    return rules


def normalizer_names(normalizer: str | Iterable[str]) -> list[str]:
    """Each checked."""
    names = [normalizer] if isinstance(normalizer, str) else list(normalizer)
    for name in names:
        check_choice("normalizer", name, _libtok.normalizer_names())
    return names


def _check_pattern(pattern: str, is_text: bool) -> None:
    """A word is a name: whoever mistypes one does not mean the word itself."""
    check_type("pattern", pattern, str)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", pattern) or pattern in _libtok.pattern_names(is_text):
        return
    if pattern in _libtok.pattern_names(True):
        raise ValueError(f"pattern {pattern!r} cuts text, and tokens are bytes here")
    refuse_choice("pattern", pattern, _libtok.pattern_names(is_text), f" (as a regular expression: '(?:{pattern})')")
