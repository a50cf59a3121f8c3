"""What a measurement found, and its tables."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from libtok._whole_files import write_whole

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd  # type: ignore[import-untyped, import-not-found, unused-ignore]
    from numpy.typing import NDArray

    from libtok.report import Report

Rows = list[dict[str, Any]]
Tables = Mapping[str, Callable[[dict[str, Any]], Rows]]


class Measurement(Mapping[str, Any]):
    """A mapping: the JSON that `tok measure` writes. In a notebook it shows itself as a report (libtok.report).

    `tables`: the names of its tables, the main one first; `columns` and `to_pandas` give them.
    """

    __slots__ = ("_json", "_tables")

    def __init__(self, text: str, tables: Tables) -> None:
        self._json: dict[str, Any] = json.loads(text)
        self._tables = tables

    def __getitem__(self, key: str) -> Any:
        return self._json[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._json)

    def __len__(self) -> int:
        return len(self._json)

    @property
    def tables(self) -> list[str]:
        return list(self._tables)

    def rows(self, table: str | None = None) -> Rows:
        """A dict a row. Raises KeyError for a table that is not there."""
        name = next(iter(self._tables)) if table is None else table
        if name not in self._tables:
            raise KeyError(f"no table {name!r}; there are {', '.join(self._tables)}")
        return self._tables[name](self._json)

    def columns(self, table: str | None = None) -> dict[str, NDArray[Any]]:
        """A table (the main one, unless named) as numpy arrays of shape (rows,), by column: numbers as float64 or int64, NaN where
        there is none; anything else as objects."""
        rows = self.rows(table)
        names = list(dict.fromkeys(name for row in rows for name in row))
        return {name: _array([row.get(name) for row in rows]) for name in names}

    def to_pandas(self, table: str | None = None) -> pd.DataFrame:
        """The same as a pandas.DataFrame. Raises ImportError without pandas."""
        try:
            import pandas
        except ImportError as error:
            raise ImportError("data frames need pandas: pip install pandas; or take columns()") from error
        return pandas.DataFrame(self.columns(table))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the JSON, for libtok.report and other programs: whole or not at all."""
        write_whole(path, json.dumps(self._json, ensure_ascii=False))

    def report(self) -> Report:
        """A page with plots. Raises ImportError without what the extra `report` brings."""
        from libtok import report

        return report.Report(self._json)

    def _repr_html_(self) -> str | None:
        try:
            return self.report()._repr_html_()
        except ImportError:
            return None

    def __repr__(self) -> str:
        return f"<libtok.measure.Measurement {', '.join(f'{name}: {len(self.rows(name))} rows' for name in self._tables)}>"


def _array(values: list[Any]) -> NDArray[Any]:
    import numpy as np

    if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
        return np.array(values, np.int64)
    if all(value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)) for value in values):
        return np.array([np.nan if value is None else value for value in values], np.float64)
    array: NDArray[np.object_] = np.empty(len(values), object)
    array[:] = values
    return array
