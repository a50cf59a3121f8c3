"""Streams of CUDA as other libraries have them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

_LEGACY = 1
_PER_THREAD = 2


def stream_number(stream: Any, arrays: Iterable[Any] = ()) -> int:
    """The handle of a stream: of a number (0 and 1: the legacy default stream), or of a stream of torch, cupy or whatever has
    __cuda_stream__. None: torch's current stream if one of the arrays is a tensor of torch on a GPU, else the legacy default stream.

    Raises TypeError for what is no stream, and ValueError for the default stream of each thread: results are released by any.
    """
    number = _of_torch(arrays) if stream is None else _handle(stream)
    if number < 0 or number == _PER_THREAD:
        raise ValueError(f"stream {number} is none that others can wait for; make one, as torch.cuda.Stream()")
    return max(number, _LEGACY)


def _handle(stream: Any) -> int:
    protocol = getattr(stream, "__cuda_stream__", None)
    if protocol is not None:  # a method, or in old versions of the protocol its result: version and handle
        return int((protocol() if callable(protocol) else protocol)[1])
    for name in ("cuda_stream", "ptr"):  # torch, cupy
        if hasattr(stream, name):
            return int(getattr(stream, name))
    if isinstance(stream, bool) or not hasattr(stream, "__index__"):
        raise TypeError(f"stream is a CUDA stream or its handle, not {type(stream).__name__}")
    return int(stream.__index__())


def _of_torch(arrays: Iterable[Any]) -> int:
    torch = sys.modules.get("torch")
    for array in arrays:
        if torch is not None and isinstance(array, torch.Tensor) and array.is_cuda:
            return int(torch.cuda.current_stream(array.device).cuda_stream)
    return _LEGACY
