"""Ids of many texts."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Union, overload

from libtok import _libtok
from libtok._arguments import whole_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import DTypeLike, NDArray


class Ragged:
    """Rows of different lengths, end to end: row i is ids[offsets[i]:offsets[i + 1]].

    ids: shape (n_ids,), of the dtype asked for. offsets: shape (n_rows + 1,), uint64, beginning with 0. Both are the encoder's
    memory. They go on without a copy: to torch by torch.from_dlpack(rows.ids), to Arrow by pyarrow.array(rows), polars.Series(rows)
    and whatever else takes __arrow_c_array__: a large list of integers.
    """

    __slots__ = ("ids", "offsets")

    def __init__(self, ids: NDArray[Any], offsets: NDArray[np.uint64]) -> None:
        self.ids = ids
        self.offsets = offsets

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, row: int) -> NDArray[Any]: ...
    @overload
    def __getitem__(self, row: slice) -> Ragged: ...
    def __getitem__(self, row: Union[int, slice]) -> Union[NDArray[Any], Ragged]:
        """A row, without a copy; of a slice without steps, those rows."""
        if isinstance(row, slice):
            begin, end, step = row.indices(len(self))
            if step != 1:
                raise ValueError("rows are sliced without steps")
            offsets = self.offsets[begin : max(begin, end) + 1]
            return Ragged(self.ids[int(offsets[0]) : int(offsets[-1])], offsets - offsets[0])
        try:
            row = operator.index(row)
        except TypeError:
            raise TypeError(f"rows are chosen by a number or a slice, not {type(row).__name__}") from None
        if not -len(self) <= row < len(self):
            raise IndexError(f"row {row} of {len(self)}")
        row %= len(self)
        return self.ids[int(self.offsets[row]) : int(self.offsets[row + 1])]

    def __iter__(self) -> Iterator[NDArray[Any]]:
        ends = self.offsets.tolist()
        for begin, end in zip(ends, ends[1:]):
            yield self.ids[begin:end]

    def lengths(self) -> NDArray[np.uint64]:
        """Ids in each row, shape (n_rows,)."""
        return self.offsets[1:] - self.offsets[:-1]

    def to_lists(self) -> list[list[int]]:
        """Python's own lists and ints."""
        ids = self.ids.tolist()
        ends = self.offsets.tolist()
        return [ids[begin:end] for begin, end in zip(ends, ends[1:])]

    def padded(
        self, pad_id: int, *, length: int | None = None, left: bool = False, dtype: DTypeLike = "int64"
    ) -> tuple[NDArray[np.integer], NDArray[np.bool_]]:
        """A rectangle, shape (n_rows, length), and a mask of the same shape: where ids are.

        length: of a row; None: the longest one's. Longer rows are cut at their end. left: padding comes first.

        Raises ValueError for ids that do not fit into dtype.
        """
        import numpy as np

        if length is not None:
            length = whole_number("length", length, 0, 2**48)
        kind = np.dtype(dtype)
        most = np.iinfo(kind).max if kind.kind in "iu" else 0
        if max(pad_id, int(self.ids.max(initial=0))) > most:
            raise ValueError(f"ids do not fit into {kind}")
        lengths = self.lengths().astype(np.int64)
        if length is None:
            length = int(lengths.max()) if len(self) else 0
        kept = np.minimum(lengths, length)
        columns = np.arange(length)
        mask = columns >= (length - kept)[:, None] if left else columns < kept[:, None]
        rows = np.full(mask.shape, pad_id, dtype=dtype)
        within = np.arange(len(self.ids)) - np.repeat(self.offsets[:-1].astype(np.int64), lengths)
        rows[mask] = self.ids[within < np.repeat(kept, lengths)]
        return rows, mask

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        """Arrow's PyCapsule interface. A requested schema may be passed over, as the interface says: the reader casts."""
        return _libtok.arrow_of_ragged(self.ids, self.offsets)

    def __repr__(self) -> str:
        return f"<libtok.Ragged {len(self)} rows, {len(self.ids)} ids>"
