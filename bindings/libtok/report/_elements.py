"""Elements of pages: what is given to them as text is escaped, in attributes too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple, Union

Value = Union[str, int, float, bool, None]


class Column(NamedTuple):
    """Of a table. digits: after the point, of numbers below 1000 that are not integers. unit: behind each number."""

    name: str
    digits: int = 2
    unit: str = ""
    title: str = ""


class Shaded(NamedTuple):
    """A number in a table, the more coloured the nearer `shade` is to 1."""

    value: float | int | None
    shade: float


if TYPE_CHECKING:
    Row = tuple[Mapping[str, str], Sequence[Value | Shaded]]  # data attributes, a value for each column


def json_script(data: Any, name: str) -> str:
    """Data for scripts. No "<" of it is one in the page, so nothing of it ends the element or begins another."""
    content = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        content = content.replace(character, f"\\u{ord(character):04x}")
    return f'<script type="application/json" class="{name}">{content}</script>'


def shown(value: Value, digits: int = 2, unit: str = "") -> str:
    """
    >>> shown(1234567), shown(2.71828, unit="×"), shown(None), shown(True)
    ('1,234,567', '2.72×', '–', 'yes')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}{unit}"
    return f"{value:,.{digits if abs(value) < 1000 else 0}f}{unit}"


def card(title: str, swatch: int | None, facts: Sequence[tuple[str, str, str]], note: str = "") -> str:
    """A few numbers that stand out. facts: (what, number, remark). swatch: turn in the palette."""
    mark = "" if swatch is None else f'<i class="swatch c{swatch}"></i>'
    rows = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{escape(value)}{f' <small>{escape(remark)}</small>' if remark else ''}</dd></div>"
        for what, value, remark in facts
    )
    return f'<article class="card"><h3>{mark}{escape(title)}</h3><dl>{rows}</dl>{f"<p>{escape(note)}</p>" if note else ""}</article>'


def cards(parts: Iterable[str]) -> str:
    """Side by side, as many as fit."""
    return f'<div class="cards">{"".join(parts)}</div>'


def note(content: str) -> str:
    """A paragraph that explains."""
    return f'<p class="note">{escape(content)}</p>'


def heading(content: str) -> str:
    """Of a part of a section."""
    return f"<h3>{escape(content)}</h3>"


def folded(summary: str, body: str) -> str:
    """What opens when it is asked for. body: HTML."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def table(columns: Sequence[Column], rows: Iterable[Row], *, caption: str) -> str:
    """A table that its readers can sort. caption: said, not shown."""
    head = "".join(
        f'<th scope="col"{_attribute("title", one.title) if one.title else ""}>{escape(one.name)}</th>' for one in columns
    )
    body = "".join(
        f"<tr{''.join(_attribute(f'data-{name}', value) for name, value in attributes.items())}>"
        f"{''.join(_cell(column, value) for column, value in zip(columns, values))}</tr>"
        for attributes, values in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="sortable">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'


def _cell(column: Column, value: Value | Shaded) -> str:
    style = ""
    if isinstance(value, Shaded):
        style = f' class="shaded" style="--part:{min(max(value.shade, 0), 1):.2f}"' if value.value is not None else ""
        value = value.value
    content = escape(shown(value, column.digits, column.unit))
    if isinstance(value, str):
        return f"<td>{content}</td>"
    # What a script sorts by: numbers as they are, beneath how they are shown.
    number = "" if value is None else f' data-n="{float(value):.6g}"'
    return f'<td{number}{style or " class=n"}>{content}</td>'
