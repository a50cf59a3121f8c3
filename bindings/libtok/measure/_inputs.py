"""Arguments that measurements share."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Union

from libtok import _libtok
from libtok._corpus import documents_or_paths
from libtok._piece_counts import PieceCounts, count
from libtok._progress import Reporter
from libtok._tokenizer import Tokenizer, load

if TYPE_CHECKING:
    from libtok._corpus import Documents, Paths, Utf8

    Path = Union[str, os.PathLike[str]]
    OneTokenizer = Union[Tokenizer, str, os.PathLike[str]]
    # One, several, or several by the names that tables give them.
    Tokenizers = Union[OneTokenizer, Sequence[OneTokenizer], Mapping[str, OneTokenizer]]
    # A path, several, or files by their language.
    Parallel = Union[Path, Sequence[Path], Mapping[str, Path]]
    Corpora = Mapping[str, Union[PieceCounts, Paths, Documents]]


def one_tokenizer(given: OneTokenizer) -> tuple[str, _libtok.Tokenizer]:
    """(name, tokenizer). Raises as `load` does."""
    if isinstance(given, Tokenizer):
        return given.name, given._core
    return os.fspath(given), load(given)._core


def named_tokenizers(given: Tokenizers) -> list[tuple[str, _libtok.Tokenizer]]:
    """Raises ValueError for none."""
    if isinstance(given, Mapping):
        named = [(name, one_tokenizer(tokenizer)[1]) for name, tokenizer in given.items()]
    elif isinstance(given, (Tokenizer, str, os.PathLike)):
        named = [one_tokenizer(given)]
    else:
        named = [one_tokenizer(tokenizer) for tokenizer in given]
    if not named:
        raise ValueError("tokenizers are none")
    return named


def parallel_sources(given: Parallel) -> list[tuple[str, str]]:
    """(language, path), "" where the path says."""
    if isinstance(given, Mapping):
        return [(language, os.fspath(path)) for language, path in given.items()]
    paths = [given] if isinstance(given, (str, os.PathLike)) else given
    return [("", os.fspath(path)) for path in paths]


def documents_of(texts: str | bytes | Iterable[str | bytes]) -> Iterable[str | bytes]:
    """One text is one document. Raises TypeError for a path."""
    if isinstance(texts, os.PathLike):
        raise TypeError(f"texts are documents, not paths; read the file: open({os.fspath(texts)!r}).read()")
    return [texts] if isinstance(texts, (str, bytes)) else texts


def files_of(corpora: Corpora, what: str) -> list[list[str]]:
    """The paths of each. Raises ValueError for a corpus that is no files."""
    found = []
    for name, corpus in corpora.items():
        paths = None if isinstance(corpus, PieceCounts) else documents_or_paths(corpus)[0]
        if paths is None:
            raise ValueError(f"{what} are counted in files; give paths for {name!r}")
        found.append(paths)
    return found


def counted(
    corpora: Corpora, rules: _libtok.PieceRules, what: str, split: str, utf8: Utf8, n_threads: int
) -> list[tuple[str, _libtok.PieceCounts]]:
    """Corpora by their names, counted by `rules` unless they are counts. Raises as count_pieces does."""
    if not isinstance(corpora, Mapping):
        raise TypeError(f"{what} is a dict of corpora by name, not {type(corpora).__name__}")
    found = []
    for name, corpus in corpora.items():
        if not isinstance(corpus, PieceCounts):
            with Reporter("count", None) as report:
                corpus = count(corpus, rules, split, utf8, n_threads, None, report)
        found.append((name, corpus._core))
    return found
