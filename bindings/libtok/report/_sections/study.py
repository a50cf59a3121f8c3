"""Tokenizers of one language each, at every vocabulary size:

{"curves": [{"language", "bytes", "points": [{"size", "tokens", "count"}, ...], "law": {"a", "b", "c", "rmse"}}, ...],
 "common_size", "common_variance", "reduction",
 "targets": [{"target", "variance", "rmse", "at_limits", "choices": [{"language", "size", "count"}, ...]}, ...], "best"}

"count" is how many tokens the parallel text has, "tokens" how many the vocabulary has. Of each curve "points" is needed. "law" is
count = a size^-b + c: drawn as it is given, nothing is fitted here. "best" is the place of a target in the list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libtok.report import _elements as elements
from libtok.report._charts import COLOUR, TIP, by_name, chart, colour
from libtok.report._elements import Column
from libtok.report._measurement import entries, number, text
from libtok.report._section import Section

if TYPE_CHECKING:
    from libtok.report._elements import Row

KEYS = ("curves",)

_N_STEPS = 60  # of a drawn law
_MAX_TAGS = 12  # lines with their language beside them; more would cover each other


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError for curves, points and targets that are no lists of objects and for texts in place of numbers."""
    curves = entries(measurement, "curves")
    points, laws = [], []
    rows: list[Row] = []
    for turn, curve in enumerate(curves):
        language, law = text(curve, "language", "unnamed"), curve.get("law")
        if not isinstance(law, Mapping):
            law = {}
        measured = _points(curve, {"curve": turn, "colour": colour(turn)}, language)
        if measured and len(curves) <= _MAX_TAGS:
            max(measured, key=lambda one: float(one["size"]))["tag"] = language
        points += measured
        laws += [{"curve": turn, "colour": colour(turn), "size": size, "count": count} for size, count in _law(law, measured)]
        rows.append(({}, [language, number(curve, "bytes"), len(measured), *(number(law, key) for key in ("a", "b", "c", "rmse"))]))
    columns = [Column("Language"), Column("Bytes"), Column("Points"), *(Column(name, 4) for name in ("a", "b", "c", "RMSE"))]
    caption = "Dots: measured. Lines: the power law a · size⁻ᵇ + c, where there is one, else straight from dot to dot."
    body = (
        _headline(measurement)
        + chart(_lines(points, laws), label="Tokens of the parallel text by size of vocabulary, a line for each language", caption=caption)
        + elements.table(columns, rows, caption="Power laws")
        + _best(measurement)
    )
    return Section("Tokens and vocabulary size", body)


def _points(curve: Mapping[str, Any], base: dict[str, Any], language: str) -> list[dict[str, Any]]:
    found = []
    for one in entries(curve, "points"):
        size, count = number(one, "size"), number(one, "count")
        if size and count and size > 0 and count > 0:
            tip = f"{language}\nvocabulary of {size:,}: {count:,} tokens"
            found.append({**base, "size": size, "count": count, "tip": tip, "tag": ""})
    return found


def _law(law: Mapping[str, Any], measured: list[dict[str, Any]]) -> list[tuple[float, float]]:
    a, b, c = (number(law, key) for key in ("a", "b", "c"))
    if a is None or b is None or not measured:
        return []
    low, high = (bound(float(one["size"]) for one in measured) for bound in (min, max))
    sizes = [low * (high / low) ** (step / _N_STEPS) for step in range(_N_STEPS + 1)]
    try:
        counts = [(size, float(a * size**-b + (c or 0))) for size in sizes]
    except OverflowError:  # of a law that is none
        return []
    return [(size, count) for size, count in counts if 0 < count < float("inf")]


def _headline(measurement: Mapping[str, Any]) -> str:
    reduction, common, best = number(measurement, "reduction"), number(measurement, "common_size"), _best_target(measurement)
    if reduction is None:
        return ""
    facts = [
        ("less variance", elements.shown(reduction, 1, "×"), ""),
        ("common size", elements.shown(common), ""),
        ("tokens for each", elements.shown(number(best, "target"), 0), ""),
        ("at a limit", elements.shown(number(best, "at_limits")), "languages"),
    ]
    note = "Of counts over languages, by a size for each language instead of the common size."
    return elements.cards([elements.card("A size for each language", None, facts, note)])


def _best_target(measurement: Mapping[str, Any]) -> Mapping[str, Any]:
    targets, best = entries(measurement, "targets"), number(measurement, "best")
    return targets[best] if isinstance(best, int) and 0 <= best < len(targets) else {}


def _best(measurement: Mapping[str, Any]) -> str:
    """The sizes that make counts the most alike."""
    choices = sorted(entries(_best_target(measurement), "choices"), key=lambda one: -(number(one, "size") or 0))
    if not choices:
        return ""
    rows = []
    for one in choices:
        name, size, count = text(one, "language", "unnamed"), number(one, "size") or 0, number(one, "count")
        rows.append({"name": name, "size": size, "tip": f"{name}\nvocabulary of {size:,}: {elements.shown(count)} tokens"})
    x = {"field": "size", "type": "quantitative", "title": "vocabulary size", "axis": {"format": "~s"}, "scale": {"zero": True}}
    spec = {
        "data": {"values": rows},
        "height": {"step": 22},
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {"x": x, "y": by_name("name"), "tooltip": TIP},
    }
    title = "Sizes that make counts the most alike"
    return elements.heading(title) + chart(spec, label=title)


def _lines(points: list[dict[str, Any]], laws: list[dict[str, Any]]) -> dict[str, Any]:
    with_law = {one["curve"] for one in laws}
    log = {"type": "log", "nice": False, "zero": False}
    x = {"field": "size", "type": "quantitative", "title": "vocabulary size", "scale": log, "axis": {"format": "~s"}}
    y = {"field": "count", "type": "quantitative", "title": "tokens", "scale": {**log, "padding": 16}, "axis": {"format": "~s"}}
    return {
        "height": 420,
        "layer": [
            {
                "data": {"values": laws + [one for one in points if one["curve"] not in with_law]},
                "mark": {"type": "line", "strokeWidth": 1.5, "aria": False},
                "encoding": {"x": x, "y": y, "color": COLOUR, "detail": {"field": "curve"}},
            },
            {
                "data": {"values": points},
                "mark": {"type": "point", "filled": True, "size": 42},
                "encoding": {"x": x, "y": y, "color": COLOUR, "tooltip": TIP},
            },
            {
                "data": {"values": points},
                "mark": {"type": "text", "align": "right", "dy": -9, "aria": False, "limit": 200},
                "encoding": {"x": x, "y": y, "text": {"field": "tag"}},
            },
        ],
    }
