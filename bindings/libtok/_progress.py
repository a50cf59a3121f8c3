"""How far a long call is, told to a callable, a bar or a log."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Literal, Union

from libtok._arguments import coded
from libtok._libtok import InterruptedByCaller

if TYPE_CHECKING:
    OnProgress = Union[Callable[["Progress"], object], Literal[True, False], None]
    OnTrainingProgress = Union[Callable[["TrainingProgress"], object], Literal[True, False], None]

_BETWEEN_CALLS = 0.1  # seconds
_BETWEEN_LINES = 5.0
_BYTE_PHASES = ("count", "encode", "read")  # of training, whose `done` are bytes


@dataclass(frozen=True)
class Progress:
    """What a callable given as `progress` is told.

    phase: what is being done: "encode", "count", ...
    done, total: of the phase. total is None where nobody knows it.
    unit: what these count: "B" of the files as they lie on the disk, "row", "" ...
    seconds: since the call began.
    """

    phase: str
    done: int
    total: int | None
    unit: str
    seconds: float

    def __str__(self) -> str:
        of = "" if self.total is None else f" of {self._amount(self.total)}"
        return f"{self.phase}: {self._amount(self.done)}{of}"

    def _amount(self, number: int) -> str:
        return f"{number / 1e6:.1f} MB" if self.unit == "B" else f"{number} {self.unit}".rstrip()


@dataclass(frozen=True)
class TrainingProgress(Progress):
    """What a callable given as `progress` to a training is told.

    phase: "count", "encode" or "read" (text is read), "merge", "subwords" or "superwords" (merges are made), "seeds" or "prune"
        (unigram), "learn" (lib).
    done, total: of the phase: bytes of the files as they lie on the disk, or of the documents; tokens; tokens pruned; steps.
    n_tokens, vocab_size: the vocabulary so far, and as it is to be; 0 before there is one.
    last_count: how often the pair of the last merge occurs; 0 before the first.
    n_bytes_read: so far.
    """

    n_tokens: int
    vocab_size: int
    last_count: int
    n_bytes_read: int

    def __str__(self) -> str:
        last = f", the last of {self.last_count} occurrences" if self.last_count else ""
        return super().__str__() + last


class Reporter:
    """Whom a long call tells how far it is; a context that ends the bar.

    Python code runs at most ten times a second, in the thread of the call, and once in the end.
    """

    def __init__(self, what: str, progress: OnProgress | OnTrainingProgress) -> None:
        self._what = what
        self._show: Callable[[Any], object] | None = None
        self._close: Callable[[], None] | None = None
        self._begin = time.monotonic()
        self._last_call = -_BETWEEN_CALLS
        self._untold: Progress | None = None
        self.seconds: dict[str, float] = {}
        if progress is True:
            bar = _bar_of(what)
            self._show, self._close = bar.show, bar.close
        elif callable(progress):
            self._show = progress
        elif progress is not None and progress is not False:
            raise TypeError(f"progress is a callable, True or None, not {type(progress).__name__}")

    def tell(self, done: int, total: int, unit: str, is_over: bool = False) -> None:
        """How far work of one phase is; total 0: nobody knows. is_over: whether to go on is no question any more."""
        state = Progress(self._what, done, total or None, unit, time.monotonic() - self._begin)
        if is_over:
            self._untold = state  # to be passed on in the end
        else:
            self._tell(state)

    @property
    def tell_training(self) -> Callable[..., None] | None:
        """For the library's trainers; None where nobody wants to know."""
        return None if self._show is None else self._tell_training

    def _tell_training(
        self, phase: str, done: int, total: int, n_tokens: int, vocab_size: int, last_count: int, n_bytes_read: int
    ) -> None:
        unit = "B" if phase in _BYTE_PHASES else ""
        seconds = time.monotonic() - self._begin
        self._tell(
            TrainingProgress(phase, done, total or None, unit, seconds, n_tokens, vocab_size, last_count, n_bytes_read)
        )

    def _tell(self, state: Progress) -> None:
        self._untold = state
        if time.monotonic() - self._last_call < _BETWEEN_CALLS:
            return
        goes_on = self._pass_on()
        self._last_call = time.monotonic()
        if not goes_on:
            raise coded(InterruptedByCaller, "TOK-E061", f"{self._what}: stopped by its progress callback")

    def _pass_on(self) -> bool:
        told, self._untold = self._untold, None
        return told is None or self._show is None or self._show(told) is not False

    def __enter__(self) -> Reporter:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._pass_on()  # the work is done: whether to go on is no question
        finally:
            if self._close is not None:
                self._close()


def _bar_of(what: str) -> Any:
    try:
        from tqdm.auto import tqdm  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return _Lines()
    return _Bar(tqdm, what)


class _Bar:
    """A bar of tqdm for each phase."""

    def __init__(self, tqdm: Any, what: str) -> None:
        self._tqdm = tqdm
        self._what = what
        self._phase = ""
        self._bar: Any = None

    def show(self, now: Progress) -> None:
        if now.phase != self._phase:
            self.close()
            self._phase = now.phase
            interval = 0.1 if sys.stderr.isatty() else _BETWEEN_LINES
            self._bar = self._tqdm(
                desc=f"{self._what}: {now.phase}" if now.phase != self._what else now.phase,
                total=now.total,
                unit=now.unit,
                unit_scale=now.unit == "B",
                mininterval=interval,
                maxinterval=max(interval, 10),
            )
        self._bar.total = now.total
        if isinstance(now, TrainingProgress) and now.last_count:
            self._bar.set_postfix_str(f"last count {now.last_count}", refresh=False)
        self._bar.update(now.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
        self._bar = None


class _Lines:
    """A line on standard error now and then."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def show(self, now: Progress) -> None:
        if time.monotonic() - self._last >= _BETWEEN_LINES:
            print(now, file=sys.stderr, flush=True)
            self._last = time.monotonic()

    def close(self) -> None:
        pass
