"""Lists as arrays of numpy or tensors of torch."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import Any


class TensorType(str, enum.Enum):
    """What return_tensors may be."""

    PYTORCH = "pt"
    NUMPY = "np"


def _is_ragged(value: Any) -> bool:
    import numpy as np

    is_nested = isinstance(value, (list, tuple)) and len(value) > 0 and isinstance(value[0], (list, tuple, np.ndarray))
    return is_nested and len({len(row) for row in value}) > 1


def _as_array(value: Any) -> Any:
    import numpy as np

    if _is_ragged(value):
        ragged = np.empty(len(value), dtype=object)
        ragged[:] = [np.asarray(row) for row in value]
        return ragged
    array = np.asarray(value)
    return array.astype(np.int64) if array.size == 0 else array


def _as_tensor(value: Any) -> Any:
    import torch  # type: ignore[import-not-found, unused-ignore]

    array = _as_array(value)
    if array.dtype == object:
        raise ValueError("rows have different lengths")
    return torch.from_numpy(array)


def converter(tensor_type: str) -> Callable[[Any], Any]:
    """Of lists to what `tensor_type` names; an array of its kind stays as it is.

    Raises ValueError for an unknown type, ImportError if the library is not there.
    """
    kind = TensorType(tensor_type)
    if kind is TensorType.NUMPY:
        return lambda value: value if type(value).__module__ == "numpy" else _as_array(value)
    try:
        import torch
    except ImportError as error:
        raise ImportError("return_tensors='pt' needs PyTorch, which is not installed") from error
    return lambda value: value if isinstance(value, torch.Tensor) else _as_tensor(value)


def is_tensor(value: Any) -> bool:
    """Of numpy or torch."""
    return hasattr(value, "tolist") and hasattr(value, "dtype")


def plain(value: Any) -> Any:
    """Python's own lists and numbers of nested lists, arrays and tensors."""
    if is_tensor(value):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if all(isinstance(item, (int, float)) for item in value):
            return list(value)
        return [plain(item) for item in value]
    return value
