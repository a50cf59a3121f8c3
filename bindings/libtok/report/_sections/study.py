"""How token counts fall as vocabularies grow:

{"curves": [{"language": "deu", "tokenizer": "bpe",
             "points": [{"vocab_size": 1000, "tokens": 52000}, ...],
             "fit": {"scale": a, "exponent": b, "floor": c}}, ...]}

Of each curve "points" is needed; curves of one "tokenizer" (a kind of training) have one line pattern, of one "language" one
colour. "fit", which may be missing, is the power law tokens = a * vocab_size^-b + c ("floor" may be missing: 0). It is drawn as it is
given; nothing is fitted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libtok.report import _elements as elements
from libtok.report._charts import COLOUR, TIP, chart
from libtok.report._elements import Column
from libtok.report._measurement import entries, number, text
from libtok.report._section import Section
from libtok.report._style import N_COLOURS

if TYPE_CHECKING:
    from libtok.report._elements import Row

KEYS = ("curves",)

_N_STEPS = 60  # of a drawn fit


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError for curves and points that are no lists of objects and for texts in place of numbers."""
    points: list[dict[str, Any]] = []
    fits: list[dict[str, Any]] = []
    rows: list[Row] = []
    languages: dict[str, int] = {}
    for turn, curve in enumerate(entries(measurement, "curves")):
        language, tokenizer = text(curve, "language", "all"), text(curve, "tokenizer")
        is_first = language not in languages
        name = " · ".join(filter(None, (language, tokenizer)))
        colour = f"var(--c{languages.setdefault(language, len(languages)) % N_COLOURS})"
        base = {"curve": turn, "tokenizer": tokenizer or "all", "colour": colour}
        sizes = []
        for one in entries(curve, "points"):
            size, tokens = number(one, "vocab_size"), number(one, "tokens")
            if size and tokens and size > 0 and tokens > 0:
                sizes.append(size)
                points.append({**base, "size": size, "tokens": tokens, "tip": f"{name}\n{size:,} ids: {tokens:,} tokens", "tag": ""})
        if sizes and is_first:
            max((one for one in points if one["curve"] == turn), key=lambda one: one["size"])["tag"] = language
        fit = curve.get("fit")
        if isinstance(fit, Mapping) and sizes:
            fits += [{**base, "size": size, "tokens": tokens} for size, tokens in _law(fit, min(sizes), max(sizes))]
        numbers = [number(fit, key) if isinstance(fit, Mapping) else None for key in ("scale", "exponent", "floor")]
        rows.append(({}, [language, tokenizer, len(sizes), *numbers]))
    columns = [Column("Language"), Column("Tokenizer"), Column("Points"), Column("Scale a", 4), Column("Exponent b", 4), Column("Floor c", 4)]
    caption = "Dots: measured. Lines: the power law a · size⁻ᵇ + c, where it was fitted, else straight from dot to dot."
    body = chart(_lines(points, fits), label="Tokens by size of vocabulary, a line for each curve", caption=caption)
    return Section("Tokens and vocabulary size", body + elements.table(columns, rows, caption="Curves and their fits"))


def _law(fit: Mapping[str, Any], low: float, high: float) -> list[tuple[float, float]]:
    scale, exponent, floor = (number(fit, key) for key in ("scale", "exponent", "floor"))
    if scale is None or exponent is None:
        return []
    sizes = [low * (high / low) ** (step / _N_STEPS) for step in range(_N_STEPS + 1)]
    try:
        laws = [(size, scale * size**-exponent + (floor or 0)) for size in sizes]
    except OverflowError:  # of a fit that is none
        return []
    return [(size, tokens) for size, tokens in laws if tokens > 0]


def _lines(points: list[dict[str, Any]], fits: list[dict[str, Any]]) -> dict[str, Any]:
    fitted = {one["curve"] for one in fits}
    x = {"field": "size", "type": "quantitative", "title": "vocabulary size", "scale": {"type": "log", "nice": False}, "axis": {"format": "~s"}}
    y = {"field": "tokens", "type": "quantitative", "title": "tokens", "scale": {"type": "log", "nice": False, "zero": False, "padding": 16}, "axis": {"format": "~s"}}
    shared = {"x": x, "y": y, "color": COLOUR}
    by_tokenizer = {"field": "tokenizer", "type": "nominal", "sort": None, "legend": {"title": None, "orient": "top"}}
    return {
        "height": 420,
        "layer": [
            {
                "data": {"values": fits + [one for one in points if one["curve"] not in fitted]},
                "mark": {"type": "line", "strokeWidth": 1.5, "aria": False},
                "encoding": {**shared, "detail": {"field": "curve"}, "strokeDash": by_tokenizer},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 42},
                "encoding": {**shared, "shape": {**by_tokenizer, "legend": None}, "tooltip": TIP},
            },
            {
                "data": {"values": points},
                "mark": {"type": "text", "align": "right", "dy": -9, "aria": False, "limit": 200},
                "encoding": {"x": x, "y": y, "text": {"field": "tag"}},
            },
        ],
    }
