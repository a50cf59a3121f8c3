"""The charts of premiums. Their data sets are filled by premium.js, which filters and sorts them."""

from __future__ import annotations

from typing import Any

from libtok.report._charts import COLOUR, OPACITY, TIP, by_name, chart, colour
from libtok.report._style import N_COLOURS

__all__ = ["N_COLOURS", "against_bytes", "bars", "by_script", "spread"]

_TIMES = {"labelExpr": "datum.label + '×'"}
_AT_ONE = {"data": {"values": [{"one": 1}]}, "mark": {"type": "rule", "strokeDash": [4, 3], "aria": False}}
_LOG = {"type": "log", "base": 2, "nice": False, "zero": False, "padding": 10}


def _log_axis(title: str, **more: Any) -> dict[str, Any]:
    return {"title": title, "values": [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64], **_TIMES, **more}


def bars(n_tokenizers: int) -> str:
    """Of each language a bar: one tokenizer's premium, with its interval, and a dot for each tokenizer's."""
    y = by_name("label")

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": "premium", "scale": {"zero": True}, "axis": {"orient": "top", "tickCount": 10, **_TIMES}}

    bar = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2, "opacity": 0.3},
        "encoding": {"x": x("premium"), "y": y, "color": COLOUR, "tooltip": TIP},
    }
    interval = {
        "mark": {"type": "rule", "color": "var(--text)", "strokeWidth": 1.5, "aria": False},
        "encoding": {"x": x("low"), "x2": {"field": "high"}, "y": y, "tooltip": TIP},
    }
    dots = [
        {
            "mark": {"type": "point", "filled": True, "size": 58, "fill": colour(turn), "stroke": "var(--page)", "strokeWidth": 1.5, "opacity": 1, "aria": False},
            "encoding": {
                "x": x(f"t{turn}"),
                "y": y,
                "tooltip": TIP,
                "opacity": {"condition": {"test": f"isValid(datum.t{turn})", "value": 1}, "value": 0},
            },
        }
        for turn in range(n_tokenizers)
    ]
    rule = {**_AT_ONE, "encoding": {"x": {"field": "one", "type": "quantitative"}}}
    spec = {
        "data": {"name": "bars"},
        "height": {"step": 19},
        "layer": [bar, interval, *dots, rule],
    }
    more = '<button type="button" class="more" hidden></button>'
    return (
        '<h3 class="of-bars">Languages, the highest premium first</h3>'
        + chart(
            spec,
            name="bars",
            label="Premium by language, the highest first, as bars",
            caption="Bars: the chosen tokenizer; the line on a bar is its 95 % interval, where there is one. "
            + ("Dots: all tokenizers. " if n_tokenizers > 1 else "")
            + "Dashed: the reference.",
        )
        + more
    )


def spread() -> str:
    """Of each tokenizer all languages as dots, with quartiles."""
    y = by_name("tokenizer")
    x = {"field": "premium", "type": "quantitative", "scale": _LOG, "axis": _log_axis("premium, doubling from line to line")}
    spec = {
        "data": {"name": "spread"},
        "height": {"step": 84},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 22, "aria": False},
                "encoding": {
                    "x": x,
                    "y": y,
                    "yOffset": {"field": "jitter", "type": "quantitative", "scale": {"domain": [-1.6, 1.6]}},
                    "color": COLOUR,
                    "opacity": OPACITY,
                    "tooltip": TIP,
                },
            },
            {
                "transform": [
                    {
                        "aggregate": [
                            {"op": "q1", "field": "premium", "as": "q1"},
                            {"op": "median", "field": "premium", "as": "median"},
                            {"op": "q3", "field": "premium", "as": "q3"},
                        ],
                        "groupby": ["tokenizer"],
                    }
                ],
                "layer": [
                    {
                        "mark": {"type": "bar", "size": 30, "fill": "transparent", "stroke": "var(--text)", "strokeWidth": 1.5, "aria": False},
                        "encoding": {"x": {**x, "field": "q1"}, "x2": {"field": "q3"}, "y": y},
                    },
                    {
                        "mark": {"type": "tick", "size": 30, "thickness": 3, "color": "var(--text)"},
                        "encoding": {"x": {**x, "field": "median"}, "y": y},
                    },
                ],
            },
            {**_AT_ONE, "encoding": {"x": {"field": "one", "type": "quantitative"}}},
        ],
    }
    return "<h3>All languages of each tokenizer</h3>" + chart(
        spec,
        name="spread",
        label="Distribution of premiums over languages, a row for each tokenizer",
        caption="A dot is a language; boxes hold the middle half of all languages, the thick line is the median.",
    )


def by_script() -> str:
    """Of the chosen tokenizer all languages as dots, a row for each script."""
    y = by_name("script", grid=True)
    x = {"field": "premium", "type": "quantitative", "scale": _LOG, "axis": _log_axis("premium")}
    spec = {
        "data": {"name": "scripts"},
        "height": {"step": 20},
        "layer": [
            {
                "mark": {"type": "point", "filled": True, "size": 34, "aria": False},
                "encoding": {
                    "x": x,
                    "y": y,
                    "yOffset": {"field": "jitter", "type": "quantitative", "scale": {"domain": [-2.2, 2.2]}},
                    "color": COLOUR,
                    "opacity": OPACITY,
                    "tooltip": TIP,
                },
            },
            {
                "mark": {"type": "tick", "size": 16, "thickness": 3, "color": "var(--text)"},
                "encoding": {"x": {**x, "aggregate": "median"}, "y": y},
            },
            {**_AT_ONE, "encoding": {"x": {"field": "one", "type": "quantitative"}}},
        ],
    }
    return "<h3>By script</h3>" + chart(
        spec,
        name="scripts",
        label="Premiums of the chosen tokenizer by script",
        caption="A dot is a language, in brackets is how many there are; the thick line is the script's median.",
    )


def against_bytes() -> str:
    """Of the chosen tokenizer each language's premium by what its bytes already cost."""
    x = {"field": "byte_premium", "type": "quantitative", "scale": _LOG, "axis": _log_axis("byte premium: bytes of UTF-8 for one byte of the reference")}
    y = {"field": "premium", "type": "quantitative", "scale": _LOG, "axis": _log_axis("premium")}
    spec = {
        "data": {"name": "against"},
        "height": 460,
        "layer": [
            {
                "data": {"name": "diagonal"},
                "mark": {"type": "line", "strokeDash": [4, 3], "color": "var(--quiet)", "aria": False},
                "encoding": {"x": {**x, "field": "at"}, "y": {**y, "field": "at"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 44, "stroke": "var(--page)", "strokeWidth": 0.5, "aria": False},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": COLOUR,
                    "opacity": OPACITY,
                    "tooltip": TIP,
                },
            },
            {
                "mark": {"type": "text", "align": "right", "dx": -7, "baseline": "middle", "aria": False, "limit": 140},
                "encoding": {"x": x, "y": y, "text": {"field": "tag"}},
            },
        ],
    }
    return "<h3>What the tokenizer adds to UTF-8</h3>" + chart(
        spec,
        name="against",
        label="Premium of the chosen tokenizer against byte premium, a dot for each language",
        caption="Dashed: as many times the tokens as the bytes. Above it the tokenizer makes a language dearer than its encoding does, below it cheaper.",
    )
