"""What a tokenizer was trained on: {"shares": {NAME: x}}, of 1 in sum.

May have "sensitivity": {NAME: how firmly the merges hold the share, 0: not at all}, "samples": {NAME: {...}}, "share_of", "misfit"
and other numbers, which are listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libtok.report import _elements as elements
from libtok.report._charts import TIP, by_name, chart
from libtok.report._elements import Column
from libtok.report._measurement import number
from libtok.report._section import Section
from libtok.report._sections.other import fields

KEYS = ("shares",)


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError for shares that are no numbers."""
    shares = _numbers(measurement, "shares")
    sensitivity = _numbers(measurement, "sensitivity")
    ordered = sorted(shares, key=lambda name: -(shares[name] or 0))
    rows = [
        {
            "name": name,
            "share": shares[name] or 0,
            "shown": elements.shown(100 * (shares[name] or 0), 1, " %"),
            "tip": f"{name}: {elements.shown(100 * (shares[name] or 0), 2, ' %')}\nsensitivity {_digits(sensitivity.get(name))}",
        }
        for name in ordered
    ]
    table = elements.table(
        [Column("Category"), Column("Share", 2, " %"), Column("Sensitivity", 4)],
        [({}, [name, 100 * (shares[name] or 0), sensitivity.get(name)]) for name in ordered],
        caption="Shares",
    )
    rest = {key: value for key, value in measurement.items() if key not in ("schema", "shares", "sensitivity")}
    body = (
        chart(_bars(rows), label="Share of each category, the largest first", caption=_CAPTION)
        + elements.note(
            "Sensitivity: by how much the misfit grows when the share moves by one thousandth. Near 0 the merges do not hold the share: "
            "read it as unknown, not as measured."
        )
        + table
        + fields(rest)
    )
    return Section("Training mixture", body)


_CAPTION = "Inferred from the order of the merges."


def _numbers(measurement: Mapping[str, Any], key: str) -> dict[str, float | int | None]:
    found = measurement.get(key) or {}
    if not isinstance(found, Mapping):
        raise ValueError(f'"{key}" of a mixture is an object of numbers by name')
    return {str(name): number(found, name) for name in found}


def _digits(value: float | int | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    y = by_name("name")
    x = {"field": "share", "type": "quantitative", "title": "share", "axis": {"format": ".0%", "tickCount": 6}, "scale": {"zero": True}}
    return {
        "data": {"values": rows},
        "height": {"step": 26},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"x": x, "y": y, "tooltip": TIP}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "aria": False}, "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }
