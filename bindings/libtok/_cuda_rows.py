"""Where ids of a batch go: arithmetic on offsets, the same for arrays of the host and of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Splice(NamedTuple):
    """Rows put in the places of empty ones.

    The new ids are ids[cuts[0]:cuts[1]], others[before[0]:before[1]], ids[cuts[1]:cuts[2]], ..., ids[cuts[k]:cuts[k + 1]].
    """

    cuts: NDArray[np.int64]
    """Shape (k + 2,)."""
    before: NDArray[np.int64]
    """Shape (k + 1,): the offsets of the k rows that are put in."""
    offsets: NDArray[np.int64]
    """Shape (n_rows + 1,), of all rows."""


def splice(offsets: NDArray[np.int64], rows: NDArray[np.int64], lengths: NDArray[Any]) -> Splice:
    """How `rows`, which increase and are empty in `offsets`, get as many ids each as `lengths` says.

    >>> import numpy as np
    >>> splice(np.array([0, 2, 2, 5]), np.array([1]), np.array([4])).offsets.tolist()
    [0, 2, 6, 9]
    """
    import numpy as np

    before = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    cuts = np.concatenate([[0], offsets[rows], offsets[-1:]])
    rows_before = np.searchsorted(rows, np.arange(len(offsets)))
    return Splice(cuts, before, offsets + before[rows_before])


def rectangle(offsets: Any, columns: Any, left: bool) -> tuple[Any, Any]:
    """For each place of a rectangle of len(columns) columns, a row to a row, the number of its id (0 for none), and whether it has
    one. Longer rows are cut at their end; left: what has no id comes first.

    offsets: shape (n_rows + 1,); columns: 0, 1, ...; both integers of numpy or of torch, as are the results.

    >>> import numpy as np
    >>> places, mask = rectangle(np.array([0, 2, 5]), np.arange(3), left=True)
    >>> places.tolist(), mask.tolist()
    ([[0, 0, 1], [2, 3, 4]], [[False, True, True], [True, True, True]])
    """
    kept = (offsets[1:] - offsets[:-1]).clip(max=len(columns))[:, None]
    within = columns[None, :] - ((len(columns) - kept) if left else 0)
    mask = (within >= 0) & (within < kept)
    return (offsets[:-1, None] + within) * mask, mask
