"""How far long work is: for a callable, or as a bar."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Union

from libtok._libtok import InterruptedByCaller

_BETWEEN_CALLS = 0.1  # seconds
_BETWEEN_LINES = 5.0


@dataclass(frozen=True)
class Progress:
    """What a `progress` callable is given, at most ten times a second and once at the end, in the thread that called."""

    phase: str
    """What is being done: "encode", "count", ..."""
    done: int
    total: int
    """0: nobody knows."""
    unit: str
    """What done and total count: "B" of the input files, "row", ..."""


# False or None: tell nobody. True: a bar of tqdm on standard error if that is installed, else a line now and then. A callable:
# called with a Progress; if it returns False, or raises, the work ends (InterruptedByCaller, or what it raised).
OnProgress = Union[bool, None, Callable[[Progress], Any]]


class Reporter:
    """Tells one phase of some work."""

    def __init__(self, progress: OnProgress, phase: str, unit: str, total: int = 0) -> None:
        self._phase, self._unit, self._total = phase, unit, total
        self._told = time.monotonic()
        self._between = _BETWEEN_CALLS
        self._bar: Any = None
        self._tell = self._open_bar() if progress is True else self._call(progress) if callable(progress) else None

    def tell(self, done: int, total: int | None = None) -> None:
        """Raises what the callable raises."""
        if total is not None:
            self._total = total
        now = time.monotonic()
        is_last = 0 < self._total <= done
        if self._tell is None or (now - self._told < self._between and not is_last):
            return
        self._told = now
        self._tell(Progress(self._phase, done, self._total, self._unit))

    def close(self) -> None:
        """Ends a bar."""
        if self._bar is not None:
            self._bar.close()

    @staticmethod
    def _call(progress: Callable[[Progress], Any]) -> Callable[[Progress], None]:
        def tell(state: Progress) -> None:
            if progress(state) is False:
                error = InterruptedByCaller(f"TOK-E061 {state.phase}: the progress callable asked to stop")
                error.code = "TOK-E061"
                raise error

        return tell

    def _open_bar(self) -> Callable[[Progress], None]:
        try:
            from tqdm.auto import tqdm
        except ImportError:
            self._between = _BETWEEN_LINES
            return _print_line
        bar = self._bar = tqdm(desc=self._phase, unit=self._unit, unit_scale=True, total=self._total or None)

        def tell(state: Progress) -> None:
            bar.total = state.total or None
            bar.update(state.done - bar.n)

        return tell


def _print_line(state: Progress) -> None:
    of_total = f" of {state.total} ({100 * state.done // state.total} %)" if state.total else ""
    print(f"{state.phase}: {state.done}{of_total} {state.unit}", file=sys.stderr)
