"""Pages of sections: one file that needs no other."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from libtok._libtok import __version__
from libtok.report._charts import runtime
from libtok.report._elements import json_script
from libtok.report._section import Section
from libtok.report._style import style_sheet

_BESIDE = Path(__file__).parent


def page(title: str, sections: Sequence[Section]) -> str:
    """The whole page. Raises ImportError without vl-convert."""
    scripts = [_in_page(runtime()), _in_page(_own_script(sections))]
    hashes = " ".join(f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts)
    # No script but these two, and nothing from anywhere: should something escape the escaping, it does nothing.
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    links = "".join(f'<a href="#section-{n}">{escape(section.title)}</a>' for n, section in enumerate(sections))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<meta name="generator" content="libtok {escape(__version__)}"><title>{escape(title)}</title>'
        f"<style>{style_sheet()}</style></head>\n<body><main><h1>{escape(title)}</h1>"
        f"{f'<nav>{links}</nav>' if len(sections) > 1 else ''}\n"
        + "\n".join(_section(n, section, len(sections) > 1) for n, section in enumerate(sections))
        + f'\n<footer>Made by libtok {escape(__version__)}.</footer></main><div id="tip" aria-hidden="true" hidden></div>\n'
        + "".join(f"<script>{script}</script>\n" for script in scripts)
        + "</body></html>\n"
    )


def _section(n: int, section: Section, with_title: bool) -> str:
    data = "" if section.data is None else json_script(section.data, "data")
    title = f"<h2>{escape(section.title)}</h2>" if with_title else ""
    return f'<section id="section-{n}" data-script="{section.script or ""}">{title}{data}{section.body}</section>'


def _own_script(sections: Sequence[Section]) -> str:
    names = ["page", *sorted({section.script for section in sections if section.script})]
    parts = [(_BESIDE / f"{name}.js").read_text(encoding="utf-8") for name in names]
    return "(()=>{\n'use strict';\n" + "\n".join(parts) + "\nstart();\n})();"


def _in_page(script: str) -> str:
    """A script in which nothing ends the element that it is in, and which means the same in strings and regular expressions."""
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", script, flags=re.IGNORECASE)
