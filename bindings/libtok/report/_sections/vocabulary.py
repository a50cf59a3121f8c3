"""What is in a vocabulary:

{"vocabulary": {"tokenizer": "gpt2", "size": 50257,
                "categories": [{"category": "Latin", "count": 41000,
                                "tokens": [{"id": 464, "token": "The", "count": 12}, ...]}, ...]}}

"token" is its text; bytes that are no UTF-8 may be written as \\xNN. "tokens" may be missing or hold some alone; further numbers of a token
become columns. "count" of a category is how many tokens are in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libtok.display._text import plain, runs_of
from libtok.report import _elements as elements
from libtok.report._charts import TIP, by_name, chart
from libtok.report._elements import Column
from libtok.report._measurement import entries, number, text
from libtok.report._section import Section

if TYPE_CHECKING:
    from libtok.report._elements import Row

KEYS = ("vocabulary",)

_MAX_TOKENS = 1000  # of a category that are listed


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError where an object, a list or a number is something else."""
    vocabulary = measurement["vocabulary"]
    if not isinstance(vocabulary, Mapping):
        raise ValueError('"vocabulary" of a measurement is an object')
    name, size = text(vocabulary, "tokenizer"), number(vocabulary, "size")
    categories = sorted(entries(vocabulary, "categories"), key=lambda one: -(_count(one)))
    total = size or sum(map(_count, categories)) or 1
    rows = [
        {
            "name": text(one, "category", "unnamed"),
            "count": _count(one),
            "shown": elements.shown(_count(one)),
            "tip": f"{text(one, 'category', 'unnamed')}: {_count(one):,} tokens, {100 * _count(one) / total:.1f} %",
        }
        for one in categories
    ]
    facts = [("ids", elements.shown(size), ""), ("categories", elements.shown(len(rows)), "")]
    body = (
        elements.cards([elements.card(name or "Vocabulary", 0, facts)])
        + chart(_bars(rows), label="Tokens by category, the most first")
        + "".join(map(_listed, categories))
    )
    return Section(f"Vocabulary of {name}" if name else "Vocabulary", body)


def _count(category: Mapping[str, Any]) -> float | int:
    given = number(category, "count")
    return len(entries(category, "tokens")) if given is None else given


def _listed(category: Mapping[str, Any]) -> str:
    tokens = entries(category, "tokens")
    if not tokens:
        return ""
    extras = list(dict.fromkeys(key for one in tokens for key in one if key not in ("id", "token")))
    listed: list[Row] = [
        ({}, [number(one, "id"), _visible(text(one, "token")), *(_plain(one.get(key)) for key in extras)])
        for one in tokens[:_MAX_TOKENS]
    ]
    name = text(category, "category", "unnamed")
    shown = elements.table([Column("Id"), Column("Token"), *(Column(key) for key in extras)], listed, caption=f"Tokens: {name}")
    left_out = max(_count(category), len(tokens)) - len(listed)
    more = elements.note(f"… {left_out:,} more not shown") if left_out > 0 else ""
    return elements.folded(f"{name} ({_count(category):,})", shown + more)


def _visible(token: str) -> str:
    """With whitespace and controls as `libtok.display` shows them."""
    return plain(runs_of(token))


def _plain(value: Any) -> elements.Value:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _bars(rows: list[dict[str, Any]]) -> dict[str, Any]:
    y = by_name("name")
    x = {"field": "count", "type": "quantitative", "title": "tokens", "axis": {"format": "~s", "tickCount": 6}, "scale": {"zero": True}}
    return {
        "data": {"values": rows},
        "height": {"step": 24},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"x": x, "y": y, "tooltip": TIP}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "aria": False}, "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }
