"""The colours and the style sheet of what notebooks show.

Colours: of Paul Tol's schemes "pale" and "dark" (Colour Schemes, SRON technical note, 2021), made as backgrounds of text that
colour-blind readers tell apart; but dark blue is that of his "high-contrast", as a page may be as dark as the one of "dark".
"""

from __future__ import annotations

import zlib

TEXT = {"light": "#000000", "dark": "#ffffff"}
MARK = {"light": "#4d4d4d", "dark": "#e8e8e8"}  # whitespace and what has no look: quieter than text
TURNS = {"light": ("#bbccee", "#eeeebb", "#ffcccc"), "dark": ("#004488", "#666633", "#663333")}
NEUTRAL = {"light": "#e8e8e8", "dark": "#3c3c3c"}
EDGE = {"light": "#77778866", "dark": "#ffffff66"}
SPECIAL = {"light": ("#ffffff", "#222255"), "dark": ("#000000", "#bbccee")}  # text, background

# Where the page itself says what it is: JupyterLab, VS Code, Colab, Sphinx themes. Else the reader's system does.
_DARK_PAGES = (
    'body[data-jp-theme-light="false"]',
    "body.vscode-dark",
    "body.vscode-high-contrast:not(.vscode-high-contrast-light)",
    'html[theme="dark"]',
    'html[data-theme="dark"]',
)
_LIGHT_PAGES = (
    'body[data-jp-theme-light="true"]',
    "body.vscode-light",
    "body.vscode-high-contrast-light",
    'html[theme="light"]',
    'html[data-theme="light"]',
)


def _variables(mode: str) -> str:
    colours = {
        "text": TEXT[mode],
        "mark": MARK[mode],
        "neutral": NEUTRAL[mode],
        "edge": EDGE[mode],
        "special": SPECIAL[mode][0],
        "special-back": SPECIAL[mode][1],
        **{f"turn{turn}": colour for turn, colour in enumerate(TURNS[mode])},
    }
    return ";".join(f"--tok-{name}:{colour}" for name, colour in colours.items())


# "@" stands for the root's class. Nothing is styled outside it.
RULES = """
@{font-size:13px;line-height:1.5;max-width:100%;overflow-wrap:anywhere}
@ .head{font-family:system-ui,sans-serif;margin:0 0 6px}
@ .head b{font-weight:600;margin-inline-end:.9em}
@ .head span{margin-inline-end:.9em;opacity:.8;font-variant-numeric:tabular-nums}
@ .note{font-family:system-ui,sans-serif;font-size:12px;opacity:.8;margin:6px 0 0}
@ .text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;line-height:1.75;margin:0}
@ .flow{unicode-bidi:plaintext}
@ .b{color:var(--tok-text);padding:1px 0;border-radius:3px;box-decoration-break:clone;-webkit-box-decoration-break:clone}
@ bdi{unicode-bidi:isolate}
@ .t0{background:var(--tok-turn0)}
@ .t1{background:var(--tok-turn1)}
@ .t2{background:var(--tok-turn2)}
@ .same{background:var(--tok-neutral)}
@ .special{background:var(--tok-special-back);color:var(--tok-special);font-weight:600;padding:1px 4px}
@ .inserted{background:none;color:inherit;box-shadow:inset 0 0 0 1px currentColor;padding:1px 4px}
@ .gap{color:inherit;opacity:.7}
@ .parts{background-image:linear-gradient(to right,var(--tok-mark) calc(100% - 2px),transparent 0);background-size:calc(100%/var(--tok-n)) 2px;background-repeat:repeat-x;background-position:0 100%;padding-bottom:3px}
@ i,@ .code,@ .tag,@ .picture{font-style:normal;color:var(--tok-mark)}
@ .special i,@ .inserted i,@ .gap i,@ .gap bdi{color:inherit}
@ .tab{display:inline-block;min-width:4ch;text-align:start}
@ .picture{font-size:17px;line-height:0;vertical-align:-1px}
@ .tag{font-size:9px;border:1px solid currentColor;border-radius:2px;padding:0 2px;margin:0 1px;vertical-align:1px;white-space:nowrap}
"""
COMPARISON_RULES = """
@ table.head{border-collapse:collapse;border:0;margin:0 0 8px;font-size:13px;table-layout:auto;width:auto}
@ table.head tr{background:none}
@ table.head th,@ table.head td{border:0;padding:1px 1.2em 1px 0;text-align:start;background:none;font-variant-numeric:tabular-nums;white-space:nowrap}
@ table.head td{text-align:end}
@ table.head th{font-weight:600}
@ .swatch{display:inline-block;width:10px;height:10px;border-radius:3px;margin-inline-end:6px;box-shadow:0 0 0 1px rgba(128,128,128,.5)}
@ .block{display:inline-flex;flex-direction:column;gap:2px;max-width:100%;vertical-align:top;margin:0 0 7px;margin-inline-end:2px}
@ .row{display:flex;flex-wrap:wrap;gap:2px;min-height:1.75em}
@ .row .b{flex:1 1 auto;min-width:0;text-align:center}
@ .row .parts{padding-bottom:1px}
@ .only{box-shadow:inset 0 0 0 1px var(--tok-edge)}
@ .row br{display:none}
"""


def style_sheet(rules: str) -> tuple[str, str]:
    """The name of a class, and a <style> element for what is within an element of it.

    The name has a hash of the rules: pages may hold outputs of several kinds, and of several versions of libtok.
    """
    template = (
        "@{" + _variables("light") + "}"
        "@media (prefers-color-scheme:dark){@{" + _variables("dark") + "}}"
        + ",".join(f"{page} @" for page in _DARK_PAGES) + "{" + _variables("dark") + "}"
        + ",".join(f"{page} @" for page in _LIGHT_PAGES) + "{" + _variables("light") + "}"
        + rules.replace("\n", "")
    )  # fmt: skip
    name = f"libtok-{zlib.crc32(template.encode()):08x}"
    rooted = template.replace("@media", "\0").replace("@", f".{name}").replace("\0", "@media")
    return name, f"<style>{rooted}</style>"
