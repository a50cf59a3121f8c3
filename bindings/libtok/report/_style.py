"""The colours of pages, as CSS variables.

Series: of Paul Tol's schemes (Colour Schemes, SRON technical note, 2021), six for light and six for dark pages, chosen so that each
is at least 3:1 against its page and any two differ to readers who lack one kind of cone, too.
"""

from __future__ import annotations

from pathlib import Path

from libtok.display._style import MARK, NEUTRAL, TEXT

PAGE = {"light": "#ffffff", "dark": "#16181c"}
CARD = {"light": "#f6f7f9", "dark": "#202329"}
GRID = {"light": "#e3e5e9", "dark": "#343941"}
EDGE = {"light": "#85888f", "dark": "#868b95"}
SHADE = {"light": "#f5b59b", "dark": "#8a3b22"}  # behind numbers, the more so the larger they are
SERIES = {
    "light": ("#004488", "#997700", "#ee6677", "#117733", "#882255", "#6699cc"),
    "dark": ("#88ccee", "#eecc66", "#cc6677", "#ccddaa", "#997700", "#0077bb"),
}
N_COLOURS = len(SERIES["light"])


def _variables(mode: str) -> str:
    colours = {
        "page": PAGE[mode],
        "text": TEXT[mode],
        "quiet": MARK[mode],
        "neutral": NEUTRAL[mode],
        "card": CARD[mode],
        "grid": GRID[mode],
        "edge": EDGE[mode],
        "shade": SHADE[mode],
        **{f"c{turn}": colour for turn, colour in enumerate(SERIES[mode])},
    }
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())


def style_sheet() -> str:
    """Of a whole page: dark where the reader's system is, light on paper whatever it is."""
    swatches = "".join(f".swatch.c{turn}{{background:var(--c{turn})}}" for turn in range(N_COLOURS))
    rules = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return (
        f":root{{color-scheme:light dark;{_variables('light')}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables('dark')}}}}}"
        f"{swatches}\n{rules}"
    )
