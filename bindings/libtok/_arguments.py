"""Arguments, checked; and errors of the library that Python code finds."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import NoReturn, TypeVar

from libtok import _libtok

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_MAX_THREADS = 2**16
Error = TypeVar("Error", bound=_libtok.TokError)


def coded(kind: type[Error], code: str, message: str) -> Error:
    """An error as the library makes them: its code in front of the message, and as an attribute."""
    error = kind(f"{code} {message}")
    error.code = code
    return error


def memory_bytes(memory: int | str | None) -> int:
    """A budget in bytes; 0: none. Raises TypeError or ValueError for what is no amount of memory."""
    if memory is None:
        return 0
    if isinstance(memory, str):
        found = re.fullmatch(r"(\d+)([KMGT]?)(?:i?B)?", memory.strip(), re.IGNORECASE)
        if found is None:
            raise ValueError(f"memory {memory!r} is no amount of memory; give a number of bytes, or a str like '2G'")
        memory = int(found[1]) << _UNITS[found[2].upper()]
    return whole_number("memory", memory, 1, 2**63)


def whole_number(name: str, value: object, least: int, most: int) -> int:
    """Raises TypeError for what is no whole number, ValueError for one that is out of range."""
    try:
        number = value.__index__()  # type: ignore[attr-defined]
    except AttributeError:
        raise TypeError(f"{name} is a whole number, not {type(value).__name__}") from None
    if isinstance(value, bool):
        raise TypeError(f"{name} is a whole number, not bool")
    if not least <= number <= most:
        raise ValueError(f"{name} is {least} to {most}, not {number}")
    return int(number)


def threads(n_threads: object) -> int:
    """How many; 0: all that this process may use."""
    return whole_number("n_threads", n_threads, 0, _MAX_THREADS)


def check_type(name: str, value: object, wanted: type) -> None:
    """Raises TypeError."""
    if not isinstance(value, wanted):
        raise TypeError(f"{name} is {wanted.__name__}, not {type(value).__name__}")


def check_choice(name: str, value: object, known: Sequence[str]) -> None:
    """Raises ValueError, naming what there is."""
    check_type(name, value, str)
    if value not in known:
        refuse_choice(name, str(value), known)


def refuse_choice(name: str, value: str, known: Sequence[str], beside: str = "") -> NoReturn:
    """Raises ValueError."""
    close = difflib.get_close_matches(value, known, n=1)
    remedy = f"did you mean {close[0]!r}?" if close else f"use one of: {', '.join(known)}"
    raise ValueError(f"{name} {value!r} is the name of none; {remedy}{beside}")
