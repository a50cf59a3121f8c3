"""The usual batch, one text a row and nothing said about what overflows, without an object a row: ids of the core as they
come, cut, put between the template's and padded, as lists or at once as a rectangle."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, TypeVar, Union, overload

from libtok.hf._encoding import Encoding
from libtok.hf._options import TruncationStrategy
from libtok.hf._padding import Padding, rounded_up
from libtok.hf._sources import EncodedTexts, Span
from libtok.hf._template import Frame
from libtok.hf._truncation import Truncation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


_Value = TypeVar("_Value")
_NOWHERE = (0, 0)  # in no text


class Rows(Sequence[Encoding]):
    """Rows that are made when the first one is asked for."""

    def __init__(self, make: Callable[[], list[Encoding]], n_rows: int) -> None:
        self._make = make
        self._n_rows = n_rows

    @functools.cached_property
    def _rows(self) -> list[Encoding]:
        return self._make()

    @overload
    def __getitem__(self, index: int) -> Encoding: ...
    @overload
    def __getitem__(self, index: slice) -> list[Encoding]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Encoding, list[Encoding]]:
        return self._rows[index]

    def __len__(self) -> int:
        return self._n_rows

    def __iter__(self) -> Iterator[Encoding]:
        return iter(self._rows)

    def __reduce__(self) -> tuple[object, ...]:
        return list, (self._rows,)


class PlainBatch(NamedTuple):
    """padding: None for none. length: to pad to; None: the longest row's. room: ids of a text that a row has room for."""

    encoded: EncodedTexts
    frame: Frame
    room: Optional[int]
    from_left: bool
    padding: Optional[Padding]
    length: Optional[int]

    def data(self, names: Sequence[str], as_arrays: bool) -> dict[str, Any]:
        """The values that are named, of those that a call may return; as arrays if rows turn out equally long."""
        import numpy as np

        lengths = np.diff(self.encoded.offsets).astype(np.int64)
        kept = lengths if self.room is None else np.minimum(lengths, self.room)
        n_ids = kept + self.frame.n_added
        target: Optional[int] = None
        if self.padding is not None:
            target = rounded_up(int(n_ids.max()) if self.length is None else self.length, self.padding.multiple)
        totals = n_ids if target is None else np.maximum(n_ids, target)
        if as_arrays and (totals == totals[0]).all():
            values = self._arrays(lengths, kept, int(totals[0]), names)
        else:
            values = self._lists(kept.tolist(), totals.tolist(), names)
        if "length" in names:
            values["length"] = totals.tolist()
        return {name: values[name] for name in names}

    def _lists(self, kept: list[int], totals: list[int], names: Sequence[str]) -> dict[str, Any]:
        before, after = self.frame.before, self.frame.after
        texts: Sequence[list[int]] = self.encoded.ids
        if self.room is not None:
            texts = [
                text if n == len(text) else text[len(text) - n :] if self.from_left else text[:n] for text, n in zip(texts, kept)
            ]
        rows = [[*before, *text, *after] for text in texts] if before or after else [list(text) for text in texts]
        lengths = list(map(len, rows))
        pad_id, pad_type = (0, 0) if self.padding is None else (self.padding.pad_id, self.padding.type_id)
        values: dict[str, Any] = {"input_ids": self._padded(rows, totals, pad_id)}
        if "attention_mask" in names:
            values["attention_mask"] = self._padded([[1] * n for n in lengths], totals, 0)
        if "token_type_ids" in names:
            types = [[*self.frame.types_before, *[self.frame.type_id] * n, *self.frame.types_after] for n in kept]
            values["token_type_ids"] = self._padded(types, totals, pad_type)
        if "special_tokens_mask" in names:
            special = [[*[1] * len(before), *[0] * n, *[1] * len(after)] for n in kept]
            values["special_tokens_mask"] = self._padded(special, totals, 1)
        if "offset_mapping" in names:
            values["offset_mapping"] = self._padded(self._spans(kept), totals, _NOWHERE)
        return values

    def _spans(self, kept: list[int]) -> list[list[Span]]:
        assert self.encoded.flat_spans is not None
        spans = list(zip(*self.encoded.flat_spans.T.tolist()))
        before, after = [_NOWHERE] * len(self.frame.before), [_NOWHERE] * len(self.frame.after)
        ends = self.encoded.offsets.tolist()
        rows = []
        for begin, end, n in zip(ends, ends[1:], kept):
            text = spans[end - n : end] if self.from_left else spans[begin : begin + n]
            rows.append([*before, *text, *after] if before or after else text)
        return rows

    def _padded(self, rows: list[list[_Value]], totals: list[int], filler: _Value) -> list[list[_Value]]:
        if self.padding is None:
            return rows
        if self.padding.left:
            return [[filler] * (total - len(row)) + row for row, total in zip(rows, totals)]
        return [row + [filler] * (total - len(row)) for row, total in zip(rows, totals)]

    def _arrays(
        self, lengths: NDArray[np.int64], kept: NDArray[np.int64], total: int, names: Sequence[str]
    ) -> dict[str, Any]:
        import numpy as np

        frame = self.frame
        columns = np.arange(total)
        is_left = self.padding is not None and self.padding.left
        begins = (total - kept - frame.n_added if is_left else np.zeros_like(kept))[:, None]
        text_begins = begins + len(frame.before)
        text_ends = text_begins + kept[:, None]
        ends = text_ends + len(frame.after)
        of_text = (columns >= text_begins) & (columns < text_ends)
        of_row = (columns >= begins) & (columns < ends)

        def rectangle(text: Any, before: Sequence[int], after: Sequence[int], filler: int) -> NDArray[np.int64]:
            values = np.full(of_row.shape, filler, dtype=np.int64)
            values[of_text] = text
            for at, parts in ((begins, before), (text_ends, after)):
                if parts:
                    np.put_along_axis(values, at + np.arange(len(parts)), np.array(parts)[None, :], axis=1)
            return values

        ids, spans = self.encoded.flat_ids, self.encoded.flat_spans
        if self.room is not None:
            within = np.arange(len(ids)) - np.repeat(self.encoded.offsets[:-1].astype(np.int64), lengths)
            cut = np.repeat(lengths - kept, lengths)
            is_kept = within >= cut if self.from_left else within < np.repeat(kept, lengths)
            ids = ids[is_kept]
            spans = None if spans is None else spans[is_kept]
        pad_id, pad_type = (0, 0) if self.padding is None else (self.padding.pad_id, self.padding.type_id)
        values = {"input_ids": rectangle(ids, frame.before, frame.after, pad_id)}
        if "attention_mask" in names:
            values["attention_mask"] = of_row.astype(np.int64)
        if "token_type_ids" in names:
            values["token_type_ids"] = rectangle(frame.type_id, frame.types_before, frame.types_after, pad_type)
        if "special_tokens_mask" in names:
            values["special_tokens_mask"] = (~of_text).astype(np.int64)
        if "offset_mapping" in names and spans is not None:
            values["offset_mapping"] = np.zeros((*of_text.shape, 2), dtype=np.int64)
            values["offset_mapping"][of_text] = spans
        return values


def plain_room(truncation: Optional[Truncation], n_added: int) -> tuple[bool, Optional[int]]:
    """Whether truncation leaves of every text what is alone decided by its length, and how much; None: all."""
    if truncation is None or truncation.max_length < n_added:
        return True, None
    is_plain = truncation.stride == 0 and truncation.strategy is not TruncationStrategy.ONLY_SECOND
    return is_plain, truncation.max_length - n_added
