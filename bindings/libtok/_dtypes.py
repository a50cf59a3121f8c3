"""The integer types that ids come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray


def as_dtype(ids: NDArray[Any], dtype: DTypeLike | None, vocab_size: int) -> NDArray[Any]:
    """Ids of uint32 as uint16, uint32, int32 or int64; those of 32 bits without a copy.

    Raises ValueError for another type, and for one too narrow for the vocabulary, whatever the ids are.
    """
    if dtype is None:
        return ids
    import numpy as np

    wanted = np.dtype(dtype)
    if wanted not in (np.uint16, np.uint32, np.int32, np.int64):
        raise ValueError(f"ids are uint16, uint32, int32 or int64, not {wanted}")
    if vocab_size - 1 > np.iinfo(wanted).max:
        raise ValueError(f"ids of a vocabulary of {vocab_size} do not fit into {wanted}")
    return ids.view(wanted) if wanted.itemsize == ids.itemsize else ids.astype(wanted)
