"""Tables of text to tables of ids: of pyarrow, and files of Parquet of any size."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from libtok._extras import pyarrow
from libtok._files import paths_of

if TYPE_CHECKING:
    from libtok._files import Paths
    from libtok._progress import OnProgress
    from libtok._tokenizer import Special, Utf8

# Of text that is encoded at once and becomes a row group: enough for many threads, little beside a row group that is read.
_BYTES_AT_ONCE = 32 << 20
_ROWS_AT_ONCE = 4096
_MAX_SHORT_LIST = 2**31 - 1


class TableMethods:
    """The methods of Tokenizer that need pyarrow."""

    __slots__ = ()
    if TYPE_CHECKING:
        encode_batch: Any

    def encode_table(
        self,
        table: Any,
        column: str,
        *,
        into: str = "input_ids",
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        dtype: str = "int32",
        n_threads: int = 0,
    ) -> Any:
        """A pyarrow.Table with one column more, `into`: lists of the ids of `column`.

        Made for datasets: `dataset.with_format("arrow").map(lambda table: tokenizer.encode_table(table, "text"), batched=True)`.

        Raises KeyError if there is no such column, ValueError if `into` is there already or a text is null, ImportError without
        pyarrow.
        """
        pa = pyarrow()
        if not isinstance(table, (pa.Table, pa.RecordBatch)):
            raise TypeError(
                f"the table is pyarrow's, not {type(table).__name__}; of datasets, use with_format('arrow'), of pandas, "
                "pyarrow.Table.from_pandas"
            )
        _check_columns("the table", table.column_names, [column])
        if into in table.column_names:
            raise ValueError(f"the table has a column {into!r} already; give another name as into=")
        rows = self.encode_batch(
            table.column(column), special=special, template=template, utf8=utf8, dtype=dtype, n_threads=n_threads
        )
        ids = pa.array(rows)
        if len(rows.ids) <= _MAX_SHORT_LIST:  # a plain list, which more readers know than a large one
            ids = ids.cast(pa.list_(ids.type.value_field))
        return table.append_column(pa.field(into, ids.type, nullable=False), ids)

    def encode_parquet(
        self,
        inputs: Paths,
        output: str | os.PathLike[str],
        column: str,
        *,
        into: str = "input_ids",
        keep: Iterable[str] | None = None,
        special: Special = "error",
        template: bool = False,
        utf8: Utf8 = "error",
        dtype: str = "int32",
        n_threads: int = 0,
        progress: OnProgress = None,
    ) -> int:
        """Files of Parquet to one with a column of ids more, a part at a time; gives the number of rows.

        keep: columns to be in the output beside the ids; None: all. The other options: see encode_table.

        Memory: about a row group of the inputs, and 32 MB of text with its ids. The output appears whole or not at all; one that is
        there is replaced. Raises what encode_table raises; texts are counted from 0 over all inputs.
        """
        from libtok._progress import Reporter

        pq = pyarrow().parquet
        paths, target = paths_of(inputs), os.fspath(output)
        if isinstance(keep, str):
            raise TypeError("keep is a list of columns, not one of them")
        if not os.path.isdir(os.path.dirname(target) or "."):
            raise FileNotFoundError(f"{os.path.dirname(target)}: no such directory, {target} cannot be written")
        if any(os.path.exists(target) and os.path.samefile(path, target) for path in paths):
            raise ValueError(f"{target}: is an input too")
        parts = _Parts(paths, column, keep)
        unfinished = f"{target}.{os.getpid()}.unfinished"
        n_rows = 0
        try:
            with Reporter("encode", progress) as reporter, _Writer(pq, unfinished) as writer:
                for part in parts:
                    encoded = self.encode_table(
                        part, column, into=into, special=special, template=template, utf8=utf8, dtype=dtype, n_threads=n_threads
                    )
                    writer.write(encoded if parts.keeps_text else encoded.drop_columns([column]))
                    n_rows += len(part)
                    reporter.tell(n_rows, parts.n_rows, "row", is_over=n_rows == parts.n_rows)
            os.replace(unfinished, target)
        finally:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
        return n_rows


def _check_columns(place: str, there: list[str], wanted: Iterable[str]) -> None:
    for name in wanted:
        if name not in there:
            raise KeyError(f"{place}: no column is called {name!r}; there are {', '.join(map(repr, there))}")


class _Parts:
    """Tables of about so many bytes of text, out of files in order; at least one, which says what the columns are."""

    def __init__(self, paths: list[str], column: str, keep: Iterable[str] | None) -> None:
        self._pa = pyarrow()
        self._paths, self._column = paths, column
        kept = None if keep is None else list(keep)
        self.keeps_text = kept is None or column in kept
        self._names = None if kept is None else list(dict.fromkeys([column, *kept]))
        self.n_rows = 0
        for path in paths:
            with self._open(path) as file:
                _check_columns(path, file.schema_arrow.names, self._names or [column])
                self.n_rows += file.metadata.num_rows

    def _open(self, path: str) -> Any:
        try:
            return self._pa.parquet.ParquetFile(path)
        except self._pa.ArrowInvalid as error:
            raise ValueError(f"{path}: {error}") from None

    def __iter__(self) -> Iterator[Any]:
        batches: list[Any] = []
        n_bytes = n_parts = 0
        schema = None
        for path in self._paths:
            with self._open(path) as file:
                schema = schema or file.schema_arrow
                for batch in file.iter_batches(_ROWS_AT_ONCE, columns=self._names):
                    batches.append(batch)
                    n_bytes += batch.column(self._column).nbytes
                    if n_bytes >= _BYTES_AT_ONCE:
                        yield self._pa.Table.from_batches(batches)
                        batches, n_bytes, n_parts = [], 0, n_parts + 1
        if batches:
            yield self._pa.Table.from_batches(batches)
        elif n_parts == 0 and schema is not None:
            empty = schema.empty_table()
            yield empty if self._names is None else empty.select(self._names)


class _Writer:
    """A file of Parquet, opened once its columns are known."""

    def __init__(self, pq: Any, path: str) -> None:
        self._pq, self._path = pq, path
        self._writer: Any = None

    def __enter__(self) -> _Writer:
        return self

    def write(self, table: Any) -> None:
        if self._writer is None:
            self._writer = self._pq.ParquetWriter(self._path, table.schema, compression="zstd")
        self._writer.write_table(table)

    def __exit__(self, *_: object) -> None:
        if self._writer is not None:
            self._writer.close()
