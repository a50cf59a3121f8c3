"""Any measurement: its numbers as a list, its lists of objects as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from libtok.report import _elements as elements
from libtok.report._elements import Column, Value
from libtok.report._section import Section

_MAX_ROWS = 2000
_MAX_DEPTH = 4
_MAX_CHARACTERS = 200  # of what is not shown as a table


def section(measurement: Mapping[str, Any]) -> Section:
    """Of whatever has no section of its own."""
    names = [key for key in measurement if key != "schema"]
    title = f"Measurement: {', '.join(names[:3])}" if names else "Measurement"
    return Section(title, fields({name: measurement[name] for name in names}))


def fields(value: Mapping[str, Any], depth: int = 0) -> str:
    """HTML of an object: plain values as one table, then objects and lists, each under its name."""
    plain = {key: one for key, one in value.items() if _is_plain(one)}
    parts = [_table(["Field", "Value"], [[str(key), _value(one)] for key, one in plain.items()])] if plain else []
    for key, one in value.items():
        if not _is_plain(one) and one:
            parts.append(elements.heading(str(key)) + _nested(one, depth + 1))
    return "".join(parts)


def _nested(value: Any, depth: int) -> str:
    if isinstance(value, Mapping):
        if all(map(_is_plain, value.values())):
            return _table(["Name", "Value"], [[str(key), _value(one)] for key, one in value.items()])
        if all(isinstance(one, Mapping) for one in value.values()):
            return _objects([{"name": key, **one} for key, one in value.items()], depth)
        return fields(value, depth) if depth < _MAX_DEPTH else elements.note(_cut(value))
    if all(isinstance(one, Mapping) for one in value):
        return _objects(value, depth)
    return _table(["Value"], [[_value(one)] for one in value])


def _objects(rows: Sequence[Mapping[str, Any]], depth: int) -> str:
    """A table of what all have that is plain; the rest of each beneath it."""
    columns = list(dict.fromkeys(key for row in rows for key, one in row.items() if _is_plain(one)))
    shown = _table([str(key) for key in columns], [[_value(row.get(key)) for key in columns] for row in rows]) if columns else ""
    for row in rows if depth < _MAX_DEPTH else ():
        inner = {key: one for key, one in row.items() if not _is_plain(one) and one}
        if inner:
            shown += elements.folded(_summary(row, columns), fields(inner, depth + 1))
    return shown


def _table(columns: Sequence[str], rows: Sequence[Sequence[Value]]) -> str:
    left_out = len(rows) - _MAX_ROWS
    return elements.table([Column(name, 4) for name in columns], [({}, row) for row in rows[:_MAX_ROWS]], caption=", ".join(columns)) + (
        elements.note(f"… {left_out:,} more rows not shown") if left_out > 0 else ""
    )


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _value(value: Any) -> Value:
    return value if _is_plain(value) else _cut(value)


def _summary(row: Mapping[str, Any], columns: Sequence[str]) -> str:
    return ", ".join(f"{key}: {elements.shown(_value(row.get(key)))}" for key in columns[:3]) or "more"


def _cut(value: Any) -> str:
    content = str(value)
    return content if len(content) <= _MAX_CHARACTERS else content[:_MAX_CHARACTERS] + "…"
