"""What the arguments `padding`, `truncation` and `max_length` of a call ask for together."""

from __future__ import annotations

import enum
import warnings
from typing import NamedTuple, Optional, TypeVar, Union

UNLIMITED = int(1e30)  # the model_max_length of a model without one
_LARGE = int(1e20)  # lengths above are none


class PaddingStrategy(str, enum.Enum):
    """How rows are made equally long."""

    LONGEST = "longest"
    MAX_LENGTH = "max_length"
    DO_NOT_PAD = "do_not_pad"


class TruncationStrategy(str, enum.Enum):
    """Which text of a pair is cut."""

    ONLY_FIRST = "only_first"
    ONLY_SECOND = "only_second"
    LONGEST_FIRST = "longest_first"
    DO_NOT_TRUNCATE = "do_not_truncate"


_Strategy = TypeVar("_Strategy", PaddingStrategy, TruncationStrategy)


class Lengths(NamedTuple):
    """What is done about the length of rows."""

    padding: PaddingStrategy
    truncation: TruncationStrategy
    max_length: Optional[int]


def checked_side(name: str, side: str) -> str:
    """The side of an option of that name. Raises ValueError for what is none."""
    if side not in ("left", "right"):
        raise ValueError(f"{name} is 'left' or 'right', not {side!r}")
    return side


def _strategy(kind: type[_Strategy], value: object, true: _Strategy, false: _Strategy) -> _Strategy:
    if value is True:
        return true
    if value is False or value is None:
        return false
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(repr(strategy.value) for strategy in kind)
        raise ValueError(f"{value!r} is not a valid {kind.__name__}; there are {known}") from None


def lengths_of(
    padding: Union[bool, str],
    truncation: Union[bool, str, None],
    max_length: Optional[int],
    pad_to_multiple_of: Optional[int],
    model_max_length: int,
    has_pad_token: bool,
    verbose: bool = True,
) -> Lengths:
    """Raises ValueError for an unknown strategy, for padding without a padding token, and for a length that is no multiple.

    >>> lengths_of(True, True, 8, None, 512, True)[2]
    8
    """
    if max_length is not None and padding is False and truncation is None:
        truncation = "longest_first"  # a max_length alone truncates
    pads = _strategy(PaddingStrategy, padding, PaddingStrategy.LONGEST, PaddingStrategy.DO_NOT_PAD)
    if padding is None:
        pads = PaddingStrategy(padding)  # only False is none; raises
    cuts = _strategy(
        TruncationStrategy, truncation, TruncationStrategy.LONGEST_FIRST, TruncationStrategy.DO_NOT_TRUNCATE
    )
    if verbose and padding is True and max_length is not None and cuts is TruncationStrategy.DO_NOT_TRUNCATE:
        warnings.warn(
            "`max_length` is ignored when `padding`=`True` and there is no truncation strategy. To pad to max length, use "
            "`padding='max_length'`.",
            stacklevel=5,
        )
    if max_length is None:
        is_limited = model_max_length <= _LARGE
        if pads is PaddingStrategy.MAX_LENGTH:
            if is_limited:
                max_length = model_max_length
            else:
                pads = PaddingStrategy.DO_NOT_PAD
        if cuts is not TruncationStrategy.DO_NOT_TRUNCATE:
            if is_limited:
                max_length = model_max_length
            else:
                cuts = TruncationStrategy.DO_NOT_TRUNCATE
    if pads is not PaddingStrategy.DO_NOT_PAD:
        if not has_pad_token:
            raise ValueError(
                "asked to pad, but the tokenizer has no padding token: set one (tokenizer.pad_token = tokenizer.eos_token) or "
                "add one (tokenizer.add_special_tokens({'pad_token': '[PAD]'}))"
            )
        if (
            cuts is not TruncationStrategy.DO_NOT_TRUNCATE
            and pad_to_multiple_of is not None
            and max_length is not None
            and max_length % pad_to_multiple_of != 0
        ):
            raise ValueError(
                f"truncation to a length of {max_length}, which is not a multiple of pad_to_multiple_of ({pad_to_multiple_of})"
            )
    return Lengths(pads, cuts, max_length)
