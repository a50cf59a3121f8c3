"""One vocabulary under several schemes:

{"tokenizer", "bytes", "documents", "words",
 "schemes": [{"scheme", "tokens", "bytes_per_token", "same_words", "boundary_f1", ...}, ...]}

Of each "scheme" is needed. "same_words" is the share, from 0 to 1, of words that it segments as the tokenizer's own scheme does, and
"boundary_f1" how far its boundaries are the same. All numbers are in the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libtok.report import _elements as elements
from libtok.report._charts import TIP, by_name, chart, colour
from libtok.report._measurement import entries, number, text
from libtok.report._section import Section
from libtok.report._sections.other import fields

KEYS = ("schemes",)


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError for schemes that are no list of objects and for texts in place of numbers."""
    rows = [_row(one) for one in entries(measurement, "schemes")]
    body = chart(_bars(rows, "bytes_per_token", "bytes for a token", "", 0), label="Bytes for a token by scheme")
    if any(row["same_words"] is not None for row in rows):
        title = "words segmented as by the tokenizer's own scheme"
        body += chart(_bars(rows, "same_words", title, ".0%", 3), label="Agreement with the tokenizer's own scheme")
    of = text(measurement, "tokenizer")
    rest = {key: value for key, value in measurement.items() if key not in ("schema", "tokenizer")}
    return Section(f"Schemes of {of}" if of else "Schemes", body + fields(rest))


def _row(scheme: Mapping[str, Any]) -> dict[str, Any]:
    name, ratio, same = text(scheme, "scheme", "unnamed"), number(scheme, "bytes_per_token"), number(scheme, "same_words")
    shown = elements.shown(None if same is None else 100 * same, 1, " %")
    tip = f"{name}\n{elements.shown(ratio)} bytes for a token\n{shown} of words the same"
    return {"name": name, "bytes_per_token": ratio, "same_words": same, "tip": tip}


def _bars(rows: list[dict[str, Any]], field: str, title: str, form: str, turn: int) -> dict[str, Any]:
    return {
        "data": {"values": [row for row in rows if row[field] is not None]},
        "height": {"step": 26},
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "color": colour(turn)},
        "encoding": {
            "x": {"field": field, "type": "quantitative", "title": title, "axis": {"format": form, "tickCount": 6}, "scale": {"zero": True}},
            "y": by_name("name"),
            "tooltip": TIP,
        },
    }
