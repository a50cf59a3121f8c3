"""What is in a vocabulary, as tok measure vocab has it:

{"tokenizer", "vocabulary": {"ids", "tokens", <class>: count, ...},
 "statistics": {"bytes": {"lengths": [[length, tokens], ...]}, "scripts": {name: tokens}, ...},
 "tokens": [{"id", "token", "class", "bytes", "becomes", ...}, ...], ...}

Of it "vocabulary" is needed. Tokens are listed by class; what more a token has becomes columns. "bytes" of a token, in hexadecimal, are
there where it is no whole text.
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

_MAX_TOKENS = 1000  # of a class that are listed
_NOT_CLASSES = ("ids", "tokens", "only_in_context")  # numbers beside those of classes


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError where an object, a list or a number is something else."""
    vocabulary, statistics = _object(measurement, "vocabulary"), _object(measurement, "statistics")
    name, size = text(measurement, "tokenizer"), number(vocabulary, "ids")
    classes = {key: number(vocabulary, key) or 0 for key in vocabulary if key not in _NOT_CLASSES}
    facts = [("ids", elements.shown(size), ""), ("never come back", elements.shown(_lost(classes)), "")]
    body = elements.cards([elements.card(name or "Vocabulary", 0, facts)])
    body += chart(_bars(_rows(classes), "tokens"), label="Tokens by what becomes of them, encoded again")
    scripts = _object(statistics, "scripts")
    if scripts:
        body += chart(_bars(_rows({key: number(scripts, key) or 0 for key in scripts}), "tokens"), label="Tokens by script")
    lengths = _object(statistics, "bytes").get("lengths") or []
    if lengths:
        body += chart(_histogram(lengths), label="Tokens by their length in bytes")
    tokens = entries(measurement, "tokens")
    for kind in dict.fromkeys(text(one, "class", "unnamed") for one in tokens):
        body += _listed(kind, [one for one in tokens if text(one, "class", "unnamed") == kind], classes.get(kind))
    return Section(f"Vocabulary of {name}" if name else "Vocabulary", body)


def _object(parent: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = parent.get(key)
    if found is not None and not isinstance(found, Mapping):
        raise ValueError(f'"{key}" of a measurement is an object')
    return found or {}


def _lost(classes: Mapping[str, float]) -> float:
    return sum(count for name, count in classes.items() if name.startswith("unreachable") or name == "undecodable")


def _rows(counts: Mapping[str, float]) -> list[dict[str, Any]]:
    total = sum(counts.values()) or 1
    return [
        {
            "name": name.replace("_", " "),
            "count": count,
            "shown": elements.shown(count),
            "tip": f"{name.replace('_', ' ')}: {count:,} tokens, {100 * count / total:.1f} %",
        }
        for name, count in sorted(counts.items(), key=lambda item: -item[1])
        if count
    ]


def _histogram(lengths: Any) -> dict[str, Any]:
    if not isinstance(lengths, list) or not all(isinstance(one, list) and len(one) == 2 for one in lengths):
        raise ValueError('"lengths" of a measurement is a list of pairs')
    rows = [{"length": length, "count": count, "tip": f"{count:,} tokens of {length} bytes"} for length, count in lengths]
    return {
        "data": {"values": rows},
        "mark": {"type": "bar", "cornerRadiusEnd": 1},
        "encoding": {
            "x": {"field": "length", "type": "quantitative", "title": "bytes", "scale": {"type": "log", "base": 2}},
            "y": {"field": "count", "type": "quantitative", "title": "tokens", "axis": {"format": "~s", "tickCount": 5}},
            "tooltip": TIP,
        },
    }


def _listed(kind: str, tokens: list[Mapping[str, Any]], count: float | None) -> str:
    extras = list(dict.fromkeys(key for one in tokens for key in one if key not in ("id", "token", "class") and one[key] != []))
    listed: list[Row] = [
        ({}, [number(one, "id"), _visible(text(one, "token")), *(_plain(one.get(key)) for key in extras)])
        for one in tokens[:_MAX_TOKENS]
    ]
    name = kind.replace("_", " ")
    shown = elements.table([Column("Id"), Column("Token"), *(Column(key) for key in extras)], listed, caption=f"Tokens: {name}")
    n_tokens = max(int(count or 0), len(tokens))
    left_out = n_tokens - len(listed)
    more = elements.note(f"… {left_out:,} more not shown") if left_out > 0 else ""
    return elements.folded(f"{name} ({n_tokens:,})", shown + more)


def _visible(token: str) -> str:
    """With whitespace and controls as `libtok.display` shows them."""
    return plain(runs_of(token))


def _plain(value: Any) -> elements.Value:
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _bars(rows: list[dict[str, Any]], title: str) -> dict[str, Any]:
    y = by_name("name")
    x = {"field": "count", "type": "quantitative", "title": title, "axis": {"format": "~s", "tickCount": 6}, "scale": {"zero": True}}
    return {
        "data": {"values": rows},
        "height": {"step": 24},
        "layer": [
            {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"x": x, "y": y, "tooltip": TIP}},
            {"mark": {"type": "text", "align": "left", "dx": 5, "aria": False}, "encoding": {"x": x, "y": y, "text": {"field": "shown"}}},
        ],
    }
