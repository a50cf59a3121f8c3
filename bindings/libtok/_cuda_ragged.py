"""Ids of many texts in a GPU's memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from libtok import _extras
from libtok._arguments import check_choice, whole_number
from libtok._cuda_rows import rectangle
from libtok._ragged import Ragged

if TYPE_CHECKING:
    from libtok._libtok import DeviceArray, DeviceRows


class CudaRagged:
    """Rows of different lengths on a GPU, end to end: row i is ids[offsets[i]:offsets[i + 1]]. Made by Encoder.encode_batch.

    ids: DeviceArray, shape (n_ids,), of the dtype asked for. With on_error="mask", shape (n_text_bytes,), of which only the first
        offsets[-1] mean anything: how many there are is not known to the host.
    offsets: DeviceArray, shape (n_rows + 1,), int64, beginning with 0.
    statuses: DeviceArray, shape (n_rows,), uint8: 0 if the GPU encoded the row; else why not: 1, rare text that it does not
        cover, 2, text that is no UTF-8, 3, a special token that `special` refuses. With on_error="mask" such rows are empty.

    The arrays are filled in the order of the stream that was encoded on. They go on without a copy, by DLPack
    (torch.from_dlpack(rows.ids)) and __cuda_array_interface__; either makes the reader's stream wait, not the host. Their memory
    goes back behind what is on that stream when the last array or tensor over it is gone: who works on it on another stream says so
    by DeviceArray.record_stream, as the methods here do, or keeps it until that is done. The stream lives as long.
    """

    __slots__ = ("_n_ids", "_pending", "ids", "offsets", "statuses")

    def __init__(self, rows: DeviceRows, *, is_complete: bool) -> None:
        self.ids: DeviceArray = rows.ids
        self.offsets: DeviceArray = rows.offsets
        self.statuses: DeviceArray = rows.statuses
        self._n_ids = len(self.ids) if is_complete else None
        self._pending = None if is_complete else rows  # with the texts, which are read until the work is done

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def n_ids(self) -> int:
        """In all rows. With on_error="mask" the first call waits for the GPU; raises ValueError if the offsets of the texts, which
        were on the GPU, decreased or lay outside the text."""
        if self._pending is not None:
            self._n_ids = settled(self._pending)[0]
            self._pending = None
        assert self._n_ids is not None
        return self._n_ids

    def to_host(self) -> Ragged:
        """A copy in the host's memory. Waits for the GPU."""
        return Ragged(self.ids.first(self.n_ids).to_host(), self.offsets.to_host().view("uint64"))

    def to_torch(self) -> tuple[Any, Any]:
        """Tensors of ids, shape (n_ids,), and offsets, over the same memory. torch's current stream waits for them."""
        torch = _extras.torch()
        ids = self.ids.first(self.n_ids)
        current = torch.cuda.current_stream(ids.device).cuda_stream
        for array in (ids, self.offsets):
            array.record_stream(current)  # torch's streams live as long as the process
        return torch.from_dlpack(ids), torch.from_dlpack(self.offsets)

    def to_nested(self) -> Any:
        """A nested tensor of torch (layout torch.jagged) over the same memory."""
        ids, offsets = self.to_torch()
        return _extras.torch().nested.nested_tensor_from_jagged(ids, offsets)

    def to_padded(
        self, pad_id: int, *, length: int | None = None, side: Literal["right", "left"] = "right"
    ) -> tuple[Any, Any]:
        """A tensor of torch on the GPU, shape (n_rows, length), and a mask of the same shape: where ids are.

        length: of a row; None: the longest one's, for which the host waits. Longer rows are cut at their end. side: of a row's ids
        the padding comes.

        Raises ValueError for a pad_id that does not fit. Takes 18 bytes a place meanwhile.
        """
        check_choice("side", side, ("right", "left"))
        torch = _extras.torch()
        ids, offsets = self.to_torch()
        most = torch.iinfo(ids.dtype)
        pad_id = whole_number("pad_id", pad_id, int(most.min), int(most.max))
        if length is None:
            length = int((offsets[1:] - offsets[:-1]).max()) if len(self) else 0
        columns = torch.arange(whole_number("length", length, 0, 2**48), device=offsets.device)
        places, mask = rectangle(offsets, columns, left=side == "left")
        # torch chooses among signed numbers only: the same bits.
        n_bits = 8 * ids.element_size()
        signed = {16: torch.int16, 32: torch.int32}[n_bits]
        padding = pad_id - (1 << n_bits) if pad_id >> (n_bits - 1) > 0 else pad_id
        padded = torch.full(mask.shape, padding, dtype=signed, device=ids.device)
        if ids.numel():
            padded = torch.where(mask, ids.view(signed)[places], padded)
        return padded.view(ids.dtype), mask

    def __repr__(self) -> str:
        n_ids = "" if self._n_ids is None else f", {self._n_ids} ids"
        return f"<libtok.cuda.CudaRagged {len(self)} rows{n_ids}, {self.ids.dtype} on device {self.ids.device}>"


def settled(rows: DeviceRows) -> tuple[int, int]:
    """How many ids there are, and how many documents have none for a reason. Waits. Raises ValueError for bad offsets."""
    n_ids, n_not_ok, has_bad_offsets = rows.report()
    if has_bad_offsets:
        raise ValueError("offsets never decrease, and lie inside the text")
    return n_ids, n_not_ok
