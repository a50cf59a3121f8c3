"""Texts for a GPU: which of them are there already, and those of the host as it is handed them."""

from __future__ import annotations

from typing import Any

_CUDA, _CUDA_MANAGED = 2, 13  # DLPack's numbers


def on_device(array: Any) -> bool:
    """Whether an array lies in a CUDA device's memory, by its own word."""
    if hasattr(array, "__dlpack_device__") and not hasattr(array, "__arrow_c_array__"):  # pyarrow's raises for text
        return int(array.__dlpack_device__()[0]) in (_CUDA, _CUDA_MANAGED)
    return hasattr(array, "__cuda_array_interface__")


def prepared(texts: Any, offsets: Any) -> tuple[Any, Any]:
    """Texts and offsets as the extension takes them: arrays of a device as they are, others as numpy's uint8 and int64.

    Raises TypeError and ValueError for what is neither; of offsets that are on a device, the device finds out.
    """
    import numpy as np

    from libtok._tokenizer import _texts

    if offsets is None:
        if on_device(texts) or (isinstance(texts, np.ndarray) and texts.dtype == np.uint8):
            raise TypeError("texts side by side in an array need offsets: where each begins, and where the last ends")
        return _texts(texts), None
    if on_device(texts):
        return texts, offsets if on_device(offsets) else host_offsets(offsets, None)
    if on_device(offsets):
        raise TypeError("offsets are on a device, but the texts are not")
    if isinstance(texts, str):
        raise TypeError("texts with offsets are an array of uint8 or bytes, not str: offsets count bytes")
    is_buffer = isinstance(texts, (bytes, bytearray, memoryview))
    array = np.frombuffer(texts, np.uint8) if is_buffer else np.asarray(texts)
    if array.dtype != np.uint8 or array.ndim != 1:
        raise TypeError(f"texts with offsets are an array of uint8 of one dimension, not {array.dtype} of {array.ndim}")
    return np.ascontiguousarray(array), host_offsets(offsets, len(array))


def host_offsets(offsets: Any, n_bytes: int | None) -> Any:
    """As int64. Raises ValueError unless they never decrease and lie in [0, n_bytes]; None: whatever the end is."""
    import numpy as np

    array = np.asarray(offsets)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise TypeError(f"offsets are integers of one dimension, not {array.dtype} of {array.ndim}")
    if not len(array):
        raise ValueError("offsets are one more than the texts: of none, [0]")
    array = np.ascontiguousarray(array, np.int64)
    if array[0] < 0 or (n_bytes is not None and array[-1] > n_bytes) or (array[1:] < array[:-1]).any():
        raise ValueError("offsets never decrease, and lie inside the text")
    return array
