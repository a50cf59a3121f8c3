"""Charts: Vega-Lite specifications, compiled as the page is written and drawn as SVG as it is read.

Colours are the page's CSS variables, so the reader's mode, and print, change them without a script. What may have come from a
measurement stands in a chart's data alone, never among the names of fields, of data sets or in expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from libtok import _extras
from libtok.report._elements import json_script
from libtok.report._style import N_COLOURS

_FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'
_CONFIG = {
    "background": "transparent",
    "font": _FONT,
    "view": {"stroke": "transparent"},
    "axis": {
        "labelColor": "var(--quiet)", "titleColor": "var(--text)", "gridColor": "var(--grid)", "domainColor": "var(--edge)",
        "tickColor": "var(--edge)", "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500, "labelLimit": 230,
        "titlePadding": 8,
    },
    "legend": {"labelColor": "var(--text)", "titleColor": "var(--text)", "labelFontSize": 12, "labelLimit": 240, "symbolStrokeWidth": 2},
    "header": {"labelColor": "var(--text)", "titleColor": "var(--text)"},
    "bar": {"color": "var(--c0)"},
    "rule": {"color": "var(--quiet)"},
    "text": {"color": "var(--text)", "fontSize": 11},
    "range": {"category": [f"var(--c{turn})" for turn in range(N_COLOURS)]},
}  # fmt: skip


# Encodings that charts share. A row has its colour, its opacity and what it says on hover in fields of these names.
COLOUR = {"field": "colour", "type": "nominal", "scale": None}
OPACITY = {"field": "opacity", "type": "quantitative", "scale": None}
TIP = {"field": "tip", "type": "nominal"}


def by_name(field: str, *, grid: bool = False) -> dict[str, Any]:
    """The vertical axis of charts that have a line for each name, in the order of the data."""
    axis = {"ticks": False, "domain": False, "grid": grid, "labelPadding": 6}
    return {"field": field, "type": "nominal", "sort": None, "title": None, "axis": axis}


def colour(turn: int) -> str:
    """Of the palette, which begins again after its last one."""
    return f"var(--c{turn % N_COLOURS})"


def chart(spec: Mapping[str, Any], *, label: str, caption: str = "", name: str = "") -> str:
    """A figure. spec: of Vega-Lite; what its marks say on hover (`TIP`) is lines of plain text.

    label: what the chart shows, for those who do not see it. name: by which a section's script finds it, to give it its data.
    Raises ImportError without vl-convert, ValueError for what is no specification.
    """
    whole = {"config": _CONFIG, "width": "container", "description": label, "autosize": {"type": "fit-x", "contains": "padding"}, **spec}
    compiled = _extras.vl_convert().vegalite_to_vega(whole)
    compiled["padding"] = {"left": 0, "right": 12, "top": 4, "bottom": 4}
    return (
        f'<figure class="chart" data-chart="{escape(name)}">{json_script(compiled, "spec")}<div class="view"></div>'
        f"{f'<figcaption>{escape(caption)}</figcaption>' if caption else ''}</figure>"
    )


@lru_cache(maxsize=1)
def runtime() -> str:
    """The script that draws charts: Vega, Vega-Lite and Vega-Embed, as vl-convert has them, in `libtokVega`."""
    bundle: str = _extras.vl_convert().javascript_bundle("globalThis.libtokVega = vegaEmbed;")
    # Its names are many and short: none of them is the page's.
    return f"(()=>{{{bundle}}})();"
