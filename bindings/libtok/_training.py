"""What all kinds of training have in common: where pieces come from, what refuses arguments, what a call gives."""

from __future__ import annotations

import os
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable

from libtok import _libtok
from libtok._arguments import check_choice, check_type, coded, memory_bytes, whole_number
from libtok._corpus import documents_or_paths, rules_of, split_of
from libtok._piece_counts import PieceCounts, count
from libtok._progress import Reporter
from libtok._training_report import TrainedTokenizer, trained

if TYPE_CHECKING:
    from libtok._corpus import Utf8
    from libtok._progress import OnTrainingProgress

    Result = tuple[_libtok.Tokenizer, dict[str, Any]]

MAX_U32 = 2**32 - 1
MAX_U64 = 2**64 - 1
_MAX_TOKENS = 2**24 - 1


@dataclass(frozen=True)
class Cutting:
    """How text is read and cut into pieces, as the caller said it; None: as the kind does."""

    pattern: str | None
    digits: str | None
    normalizer: str | Iterable[str] | None
    split: str | None
    utf8: Utf8

    def given(self) -> list[str]:
        """The names of those that were."""
        names = [name for name in ("pattern", "digits", "normalizer", "split") if getattr(self, name) is not None]
        return names + (["utf8"] if self.utf8 != "error" else [])


class Run:
    """One training."""

    def __init__(
        self,
        kind: str,
        source: Any,
        cutting: Cutting,
        n_threads: int,
        memory: int | str | None,
        progress: OnTrainingProgress,
    ) -> None:
        self.kind = kind
        self.source = source
        self.counts = source if isinstance(source, PieceCounts) else None
        self.n_threads = whole_number("n_threads", n_threads, 0, MAX_U32)
        self.n_memory_bytes = memory_bytes(memory)
        self._cutting = cutting
        self._memory = memory
        self._progress = progress
        self._begin = time.monotonic()
        check_choice("utf8", cutting.utf8, ("error", "replace", "bytes"))
        if self.counts is not None:
            self._refuse_cutting()
        elif kind != "parity":
            documents_or_paths(source)  # raises where it is neither

    # ---- arguments

    def _refuse_cutting(self) -> None:
        for name in self._cutting.given():
            raise ValueError(f"{name} means nothing to counts, which say how they were cut; leave it out")

    def refuse_counts(self, why: str) -> None:
        """Raises TypeError for PieceCounts."""
        if self.counts is not None:
            raise TypeError(f"train_{self.kind} {why}: give text, not PieceCounts")

    def refuse_given(self, by: str, *names: str) -> None:
        """Raises ValueError for what is of the cutting, but something else decides it."""
        for name in self._cutting.given():
            if name in names:
                raise ValueError(f"{name} does not go with {by}; leave it out")

    # ---- pieces

    def rules(self, *, is_text: bool, default_pattern: str, default_normalizers: tuple[str, ...] = ()) -> _libtok.PieceRules:
        """Of the counts, or of what the caller said."""
        if self.counts is not None:
            return self.counts._core.rules
        cutting = self._cutting
        return rules_of(
            cutting.pattern,
            cutting.digits,
            cutting.normalizer,
            is_text=is_text,
            default_pattern=default_pattern,
            default_normalizers=default_normalizers,
        )

    def given_rules(self, rules: _libtok.PieceRules) -> _libtok.PieceRules:
        """Of the counts, or these."""
        return rules if self.counts is None else self.counts._core.rules

    def count(self, source: Any, rules: _libtok.PieceRules, default_split: str, report: Reporter) -> PieceCounts:
        """The pieces of a source, which are counted unless they are already."""
        if isinstance(source, PieceCounts):
            self._refuse_cutting()
            return source
        split = split_of(source, self._cutting.split, default_split)
        return count(source, rules, split, self._cutting.utf8, self.n_threads, self._memory, report)

    # ---- results

    def reporter(self) -> Reporter:
        """To be entered while it reports."""
        return Reporter(f"train {self.kind}", self._progress)

    def of_pieces(
        self,
        options: _libtok.BpeOptions | _libtok.UnigramOptions,
        rules: _libtok.PieceRules,
        default_split: str,
        train: Callable[[_libtok.PieceCounts, Callable[..., None] | None], Result],
    ) -> TrainedTokenizer:
        """Counts the source, and trains from that."""
        with self.reporter() as report:
            counts = self.count(self.source, rules, default_split, report)
            return self.done(options, train(counts._core, report.tell_training), counts.n_documents, counts.n_bytes)

    def done(
        self,
        options: _libtok.BpeOptions | _libtok.UnigramOptions | None,
        result: Result,
        n_documents: int = 0,
        n_bytes: int = 0,
    ) -> TrainedTokenizer:
        """What the caller gets. options: that say how large it may be, if any do."""
        if options is not None:
            self.check_size(result[0].vocab_size, options)
            if result[0].vocab_size < options.vocab_size:
                warnings.warn(
                    f"{result[0].vocab_size} tokens of the {options.vocab_size} asked for: the text gives no more",
                    stacklevel=4,
                )
        return trained(self.kind, result, n_documents, n_bytes, time.monotonic() - self._begin)

    def check_size(self, n_tokens: int, options: _libtok.BpeOptions | _libtok.UnigramOptions) -> None:
        """That what is always there is not more than what was asked for. Raises TokError."""
        most = options.vocab_size
        if isinstance(options, _libtok.BpeOptions) and options.pad_to_power_of_two:
            most = 1 << (most - 1).bit_length()
        if n_tokens > most:
            raise coded(
                _libtok.TokError,
                "TOK-E040",
                f"vocab_size {options.vocab_size}: special tokens, alphabet and whole tokens alone are {n_tokens}; choose a "
                "larger size, or alphabet='seen' where bytes are the alphabet",
            )


class Checkpoints:
    """A file that keeps the state of a training; `core` is None where nobody wants one."""

    def __init__(self, path: str | os.PathLike[str] | None, seconds: float, resume: bool) -> None:
        if not seconds > 0:
            raise ValueError(f"checkpoint_seconds is above 0, not {seconds}")
        if path is None and resume:
            raise ValueError("resume goes on from a checkpoint: name its file (checkpoint=...)")
        folder = os.path.dirname(os.path.abspath(path or ""))
        if not os.access(folder, os.W_OK):  # to be said now, not when the first checkpoint is due
            raise coded(_libtok.FileError, "TOK-E003", f"{folder}: no checkpoint can be written there")
        self.core = (
            None
            if path is None
            else _libtok.TrainingCheckpoints(os.fspath(path), seconds=float(seconds), resume=bool(resume))
        )


def special_token_list(special_tokens: Iterable[str]) -> list[str]:
    """Raises TypeError or ValueError for what is none."""
    if isinstance(special_tokens, (str, bytes)):
        raise TypeError("special_tokens is a list of str, not one of them")
    tokens: list[str] = []
    for token in special_tokens:
        check_type("a special token", token, str)
        if not token:
            raise ValueError("a special token is empty")
        if token in tokens:
            raise ValueError(f"special token {token!r} is given twice")
        tokens.append(token)
    return tokens


def vocab_size_of(vocab_size: int) -> int:
    """Raises TypeError or ValueError for what is none."""
    return whole_number("vocab_size", vocab_size, 1, _MAX_TOKENS)


def merge_options(
    run: Run,
    vocab_size: int,
    special_tokens: Iterable[str],
    *,
    min_frequency: int,
    max_token_length: int = 0,
    alphabet: str = "all",
    limit_alphabet: int = 0,
    whole_tokens: Iterable[str | bytes] = (),
    pad_to_power_of_two: bool = False,
    unk_token: str | None = None,
) -> _libtok.BpeOptions:
    """The options of trainings by merges. Raises TypeError or ValueError for values that are none."""
    check_choice("alphabet", alphabet, ("all", "seen"))
    if isinstance(whole_tokens, (str, bytes)):
        raise TypeError("whole_tokens is a list of str or bytes, not one of them")
    if unk_token is not None:
        check_type("unk_token", unk_token, str)
    options = _libtok.BpeOptions()
    options.vocab_size = vocab_size_of(vocab_size)
    options.special_tokens = special_token_list(special_tokens)
    options.min_frequency = whole_number("min_frequency", min_frequency, 0, MAX_U64)
    options.max_token_length = whole_number("max_token_length", max_token_length, 0, MAX_U32)
    options.whole_byte_alphabet = alphabet == "all"
    options.limit_alphabet = whole_number("limit_alphabet", limit_alphabet, 0, MAX_U32)
    options.whole_tokens = list(whole_tokens)
    options.pad_to_power_of_two = bool(pad_to_power_of_two)
    options.unk_token = unk_token
    options.n_threads = run.n_threads
    options.n_memory_bytes = run.n_memory_bytes
    return options
