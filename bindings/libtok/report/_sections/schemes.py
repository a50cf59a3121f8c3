"""One vocabulary under several schemes:

{"schemes": [{"scheme": "merges", "tokens": n, "bytes": n, "bytes_per_token": x, "agreement": 0.97}, ...]}

Of each "scheme" is needed, and "bytes_per_token" or what it follows from. "agreement": the share of pieces that it segments as
the first one does, from 0 to 1. Other numbers of it become columns of the table. "tokenizer" names whose vocabulary it is.
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
    schemes = entries(measurement, "schemes")
    rows = []
    for one in schemes:
        name, ratio, agreement = text(one, "scheme", "unnamed"), _bytes_per_token(one), number(one, "agreement")
        facts = [name, f"{elements.shown(ratio)} bytes/token", f"agreement {elements.shown(None if agreement is None else 100 * agreement, 1, ' %')}"]
        rows.append({"name": name, "ratio": ratio, "agreement": agreement, "tip": "\n".join(facts)})
    parts = [chart(_bars(rows, "ratio", "bytes for a token", "", 0), label="Bytes for a token by scheme", caption="More is shorter text in tokens.")]
    if any(row["agreement"] is not None for row in rows):
        caption = f"Pieces that are segmented as by {rows[0]['name']}."
        parts.append(chart(_bars(rows, "agreement", "agreement", ".0%", 3), label="Agreement with the first scheme", caption=caption))
    of = text(measurement, "tokenizer")
    body = "".join(parts) + fields({key: value for key, value in measurement.items() if key not in ("schema", "tokenizer")})
    return Section(f"Schemes of {of}" if of else "Schemes", body)


def _bytes_per_token(scheme: Mapping[str, Any]) -> float | None:
    given, n_bytes, n_tokens = (number(scheme, key) for key in ("bytes_per_token", "bytes", "tokens"))
    return given if given is not None else n_bytes / n_tokens if n_bytes and n_tokens else None


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
