"""Encoding on a GPU: text of the host or of the GPU to ids in the GPU's memory, which go on to torch, cupy and others without a copy.

    from libtok import cuda

    encoder = cuda.Encoder("o200k_base")
    rows = encoder.encode_batch(["Hello world", "naïve"])       # or a tensor of bytes on the GPU, with offsets
    ids, offsets = rows.to_torch()                              # or to_padded(pad_id), to_nested(), to_host()

Ids are those of Tokenizer.encode_batch. Importing this raises ImportError in builds of libtok without CUDA. docs/gpu.md says what the
GPU encodes, and how fast.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Union

from libtok import _libtok
from libtok._arguments import check_choice, coded, whole_number
from libtok._cuda_inputs import prepared
from libtok._cuda_ragged import CudaRagged, settled
from libtok._cuda_rows import splice
from libtok._cuda_streams import stream_number
from libtok._tokenizer import Tokenizer, load

if not hasattr(_libtok, "DeviceEncoder"):
    raise ImportError(
        "this build of libtok has no CUDA; build it with -DTOK_BUILD_CUDA=ON "
        "(pip install . -C cmake.define.TOK_BUILD_CUDA=ON), which needs nvcc"
    )
from libtok._libtok import DeviceArray

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import DTypeLike, NDArray

    from libtok._tokenizer import Special

    OnError = Literal["host", "raise", "mask"]

__all__ = ["CudaRagged", "DeviceArray", "Encoder"]


class Encoder:
    """Encodes texts on one GPU.

    tokenizer: a Tokenizer, or what libtok.load takes: byte-level BPE with the patterns of GPT-2, cl100k, Llama 3, Qwen or o200k.
    device: a number, "cuda:1" or a torch.device; None: CUDA's current device.
    special: what special tokens in text are, as for Tokenizer.encode.

    Raises TokError (TOK-E022) for other tokenizers and where there is no such GPU, LimitError if its memory does not suffice.
    Takes about 100 MiB of the GPU's memory for tables, and keeps what batches needed: some 27 bytes a byte of the largest batch;
    release_memory gives that back. Threads may share one. It does not go through pickle or fork.
    """

    __slots__ = ("_core", "_special", "_tokenizer")

    def __init__(
        self, tokenizer: Union[Tokenizer, str], device: Any = None, special: Special = "error"
    ) -> None:
        self._tokenizer = tokenizer if isinstance(tokenizer, Tokenizer) else load(tokenizer)
        self._special = special if isinstance(special, str) else frozenset(special)
        self._core = _libtok.DeviceEncoder.create(self._tokenizer._core, self._special, _device_number(device))

    def encode_batch(
        self,
        texts: Any,
        offsets: Any = None,
        *,
        dtype: DTypeLike = "int32",
        stream: Any = None,
        on_error: OnError = "host",
    ) -> CudaRagged:
        """The ids of many texts, in the GPU's memory.

        texts: of the host, what Tokenizer.encode_batch takes: they are copied there. With `offsets`, the bytes of all texts side by
            side, UTF-8, shape (n_bytes,), uint8: of the host (numpy, bytes), or of the GPU, read where they are: whatever has
            __dlpack__ or __cuda_array_interface__ (torch, cupy, jax, ...).
        offsets: shape (n_texts + 1,): text i is texts[offsets[i]:offsets[i + 1]]. Of the host, or of the GPU, int64.
        dtype: of the ids: "int32", which torch works with best, "uint32", or "uint16" for a vocabulary of at most 65,536.
        stream: what the work is put on: a stream of torch, cupy, or whatever has __cuda_stream__, or a handle. None: torch's
            current stream if texts or offsets are its tensors, else the legacy default stream. It lives as long as the result.
        on_error: what becomes of texts that the GPU does not encode, which CudaRagged.statuses names.
            "host": the CPU encodes them, and their ids are put in place: the result is that of Tokenizer.encode_batch, as is the
            error (SpecialTokenError, or TokError for text that is no UTF-8).
            "raise": the first raises; TokError (TOK-E022) if it is text that only the CPU encodes.
            "mask": they are empty.

        "host" and "raise" wait for the GPU to read how many ids there are, and copy them to memory of their size. "mask" only puts
        work on the stream; texts of the GPU must not change until it is done. Texts of the host are copied through 32 MiB of pinned
        memory: the call waits while there is more.
        """
        check_choice("on_error", on_error, ("host", "raise", "mask"))
        name = self._id_type(dtype)
        rows = self._put_on_stream(texts, offsets, stream, name, learns=False)
        if on_error == "mask":
            return CudaRagged(rows, is_complete=False)
        return CudaRagged(self._completed(rows, name, on_error), is_complete=True)

    def learn(self, texts: Any, offsets: Any = None, *, stream: Any = None) -> None:
        """Remembers the words of texts, so that text like them is encoded faster: some 100 MB of it do. Ids do not change.

        texts, offsets, stream: as of encode_batch. Waits for all work of the GPU, and encoding in other threads waits for it.
        """
        settled(self._put_on_stream(texts, offsets, stream, "int32", learns=True))

    def release_memory(self) -> None:
        """Gives back to the GPU what batches needed and no result has. Waits for the GPU."""
        self._core.release_memory()

    @property
    def tokenizer(self) -> Tokenizer:
        """Whose ids these are."""
        return self._tokenizer

    @property
    def device(self) -> int:
        """The GPU's number."""
        return self._core.device

    def __repr__(self) -> str:
        return f"<libtok.cuda.Encoder {self._tokenizer.name!r} on device {self.device}>"

    def _put_on_stream(self, texts: Any, offsets: Any, stream: Any, dtype: str, *, learns: bool) -> _libtok.DeviceRows:
        number = stream_number(stream, (texts, offsets))
        texts, offsets = prepared(texts, offsets)
        return self._core.encode(texts, offsets, number, dtype, learns)

    def _id_type(self, dtype: DTypeLike) -> str:
        """Its name. Raises ValueError for one that ids do not come in, or do not fit into."""
        import numpy as np

        wanted = np.dtype(dtype)
        if wanted not in (np.int32, np.uint32, np.uint16):
            raise ValueError(f"ids on a GPU are int32, uint32 or uint16, not {wanted}; torch converts others there")
        size = self._tokenizer.vocab_size
        if size - 1 > np.iinfo(wanted).max:
            raise ValueError(f"ids of a vocabulary of {size} do not fit into {wanted}")
        return wanted.name

    def _completed(self, rows: _libtok.DeviceRows, dtype: str, on_error: str) -> _libtok.DeviceRows:
        """The ids in memory of their size, with those of the documents that the CPU encodes."""
        import numpy as np

        n_ids, n_not_ok = settled(rows)
        if n_not_ok == 0:
            return rows.splice(np.array([0, n_ids]), np.array([0]), np.empty(0, dtype), None)
        documents = np.flatnonzero(rows.statuses.to_host())
        if on_error == "raise":
            self._encode_on_host(rows.texts(documents[:1]), documents)
            _refuse(documents[0])
        others = self._encode_on_host(rows.texts(documents), documents)
        how = splice(rows.offsets.to_host(), documents, others.lengths())
        return rows.splice(how.cuts, how.before, others.ids.astype(dtype, copy=False), how.offsets)

    def _encode_on_host(self, texts: list[bytes], documents: NDArray[np.int64]) -> Any:
        """Rows of some documents of a batch, by their numbers in it; so does the error name them."""
        try:
            return self._tokenizer.encode_batch(texts, special=self._special)
        except _libtok.TokError as error:
            found = re.fullmatch(r"\S+ document (\d+)(.*)", str(error), re.DOTALL)
            if found is None:
                raise
            raise coded(type(error), error.code, f"document {documents[int(found[1])]}{found[2]}") from None


def _refuse(document: int) -> NoReturn:
    raise coded(
        _libtok.TokError,
        "TOK-E022",
        f"document {document}: the GPU does not encode this text; encode with on_error='host'",
    )


def _device_number(device: Any) -> int | None:
    """Of a number, "cuda", "cuda:1" or a torch.device. Raises TypeError or ValueError for others."""
    if device is None:
        return None
    if hasattr(device, "__index__"):
        return whole_number("device", device, 0, 2**31 - 1)
    found = re.fullmatch(r"cuda(?::(\d+))?", str(device))
    if found is None:
        raise ValueError(f"device is a number or 'cuda:N', not {device!r}")
    return None if found[1] is None else int(found[1])
