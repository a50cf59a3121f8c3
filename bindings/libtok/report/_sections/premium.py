"""How many more tokens languages take than a reference: {"reference", "tokenizers": [{"tokenizer", "languages": [...]}]}.

Of a language "language" and "premium" are needed, all else may be missing: "tokens", "bytes", "chars", "items", "complete",
"script", "family", "name", "premium_low" and "premium_high" (or "interval": [low, high]), "byte_premium", ... What is over
languages ("median", "p95", "max", "max_language", "gini", "scripts", "families") is shown as it is given.
"""

from __future__ import annotations

import re
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from libtok.report import _elements as elements
from libtok.report._elements import Column, Shaded
from libtok.report._measurement import entries, number, text
from libtok.report._section import Section
from libtok.report._sections import premium_charts

if TYPE_CHECKING:
    from libtok.report._elements import Row

KEYS = ("reference", "tokenizers")

_LANGUAGE_TEXTS = ("language", "name", "script", "family")
_LANGUAGE_NUMBERS = ("items", "bytes", "chars", "byte_premium", "char_premium")
_NUMBERS = ("tokens", "reference_tokens", "premium", "premium_low", "premium_high", "bytes_per_token", "tokens_per_char", "unknown_share")


def section(measurement: Mapping[str, Any]) -> Section:
    """Raises ValueError for lists that are none, texts for numbers and languages without a code."""
    tokenizers = entries(measurement, "tokenizers")
    reference = text(measurement, "reference")
    names = _unique(_short([text(one, "tokenizer", "unnamed") for one in tokenizers]))
    languages = _languages(tokenizers)
    title = f"Token premiums: {', '.join(names)}" if names else "Token premiums"
    if not languages:
        return Section(title, elements.note("No language was measured."))
    data: dict[str, Any] = {
        "reference": reference,
        "languages": _columns(languages, (*_LANGUAGE_TEXTS, *_LANGUAGE_NUMBERS)),
        "tokenizers": [{"name": name, **_numbers(one, languages)} for name, one in zip(names, tokenizers)],
    }
    has = {field for field, column in data["languages"].items() if any(value not in (None, "") for value in column)}
    body = [
        elements.cards(_card(turn, name, one, reference) for turn, (name, one) in enumerate(zip(names, tokenizers))),
        elements.note(
            f"Premium: how many tokens the same content takes for one token of {reference}, by totals over what both have. "
            "Median, 95th percentile, maximum and Gini coefficient (0: all languages pay the same) are over languages without the reference."
        ),
        _tools(has),
        premium_charts.bars(len(tokenizers)),
        premium_charts.spread(),
        premium_charts.by_script() if "script" in has else "",
        premium_charts.against_bytes() if "byte_premium" in has else "",
        f'<div class="pair">{_groups("script", "scripts", names, tokenizers)}{_groups("family", "families", names, tokenizers)}</div>',
        _all(names, languages, data, has),
    ]
    return Section(title, "".join(body), "premium", data)


def _short(names: list[str]) -> list[str]:
    """Files without folder and suffixes, where that leaves them different."""
    bare = [re.sub(r"(?<=.)\..*", "", name.rstrip("/").rpartition("/")[2]) or name for name in names]
    return bare if len(set(bare)) == len(names) else names


def _unique(names: list[str]) -> list[str]:
    """
    >>> _unique(["gpt2", "o200k_base", "gpt2"])
    ['gpt2', 'o200k_base', 'gpt2 (2)']
    """
    return [name if name not in names[:turn] else f"{name} ({names[:turn].count(name) + 1})" for turn, name in enumerate(names)]


def _languages(tokenizers: list[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """By code, what no tokenizer changes: as the first one has it that has the language."""
    found: dict[str, Mapping[str, Any]] = {}
    for tokenizer in tokenizers:
        for one in entries(tokenizer, "languages"):
            if not isinstance(one.get("language"), str):
                raise ValueError('a language of a premium measurement has its code, "language"')
            found.setdefault(one["language"], one)
    return found


def _columns(languages: Mapping[str, Mapping[str, Any]], fields: tuple[str, ...]) -> dict[str, list[Any]]:
    return {
        field: [text(one, field) if field in _LANGUAGE_TEXTS else number(one, field) for one in languages.values()] for field in fields
    }


def _numbers(tokenizer: Mapping[str, Any], languages: Mapping[str, Any]) -> dict[str, list[Any]]:
    """By field, in the order of languages, null where the tokenizer has none."""
    by_code = {one["language"]: one for one in entries(tokenizer, "languages")}
    rows = [_with_interval(by_code.get(code, {})) for code in languages]
    columns = {field: [_rounded(number(row, field)) for row in rows] for field in _NUMBERS}
    return {field: column for field, column in columns.items() if field == "premium" or any(value is not None for value in column)}


def _with_interval(row: Mapping[str, Any]) -> Mapping[str, Any]:
    interval = row.get("interval")
    if isinstance(interval, list) and len(interval) == 2:
        return {**row, "premium_low": interval[0], "premium_high": interval[1]}
    return row


def _rounded(value: float | int | None) -> float | int | None:
    """Six digits: more are noise, and most of a page's size."""
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _card(turn: int, name: str, tokenizer: Mapping[str, Any], reference: str) -> str:
    times = {key: elements.shown(number(tokenizer, key), unit="×") for key in ("median", "p95", "max")}
    worst = text(tokenizer, "max_language")
    n = sum(one["language"] != reference for one in entries(tokenizer, "languages"))
    facts = [
        ("median", times["median"], ""),
        ("95th percentile", times["p95"], ""),
        ("maximum", times["max"], worst),
        ("Gini", elements.shown(number(tokenizer, "gini")), ""),
    ]
    return elements.card(name, turn % premium_charts.N_COLOURS, facts, f"{n} language{'' if n == 1 else 's'} beside {reference}")


def _tools(has: set[str]) -> str:
    """Filters, without their choices, which the script has from the data."""
    what = ", ".join(word for word in ("language", "script", "family") if word in has)
    scripts = '<label>Script <select class="script"><option value="">all</option></select></label>' if "script" in has else ""
    return (
        f'<form class="tools" role="search"><label>Find <input type="search" class="find" placeholder="{what}"></label>{scripts}'
        '<fieldset class="choice"><legend>Tokenizer</legend></fieldset><output class="found"></output></form>'
        "<noscript><p class='note'>Charts need JavaScript, which is off. All numbers are in the tables.</p></noscript>"
    )


def _groups(key: str, list_key: str, names: list[str], tokenizers: list[Mapping[str, Any]]) -> str:
    """Medians by script or family, shaded."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for turn, tokenizer in enumerate(tokenizers):
        for one in entries(tokenizer, list_key):
            by_name.setdefault(text(one, key, "unknown"), [{}] * len(tokenizers))[turn] = one
    if not by_name:
        return ""
    worst = max((number(one, "median") or 0 for rows in by_name.values() for one in rows), default=0)
    columns = [Column(key.capitalize()), Column("Languages"), *(Column(name, unit="×") for name in names)]
    rows: list[Row] = [
        ({}, [name, next((number(one, "n_languages") for one in ones if one), None), *(_shaded(number(one, "median"), worst) for one in ones)])
        for name, ones in sorted(by_name.items(), key=lambda item: -max(number(one, "median") or 0 for one in item[1]))
    ]
    title = f"Median premium by {key}"
    return f"<div>{elements.heading(title)}{elements.table(columns, rows, caption=title)}</div>"


def _all(names: list[str], languages: Mapping[str, Any], data: dict[str, Any], has: set[str]) -> str:
    facts = [(field, name) for field, name in _FACTS if field in has]
    premiums = [one["premium"] for one in data["tokenizers"]]
    worst = max((value for column in premiums for value in column if value), default=0)
    columns = [
        Column("Code"),
        *(Column(name, unit="×" if field == "byte_premium" else "") for field, name in facts),
        *(Column(name, unit="×", title=f"premium of {name}") for name in names),
    ]
    rows: list[Row] = [
        ({"row": str(row)}, [code, *(data["languages"][field][row] for field, _ in facts), *(_shaded(column[row], worst) for column in premiums)])
        for row, code in enumerate(languages)
    ]
    button = '<button type="button" class="csv">Download all numbers (CSV)</button>'
    table = elements.table(columns, rows, caption="All languages")
    return f'{elements.heading("All languages")}<div class="all">{button}{table}</div>'


_FACTS = (("name", "Name"), ("script", "Script"), ("family", "Family"), ("items", "Items"), ("bytes", "Bytes"), ("byte_premium", "Byte premium"))


def _shaded(value: float | int | None, worst: float) -> Shaded:
    """1 is not shaded, the worst of the table fully; by ratios between them."""
    return Shaded(value, math.log(value) / math.log(worst) if value and value > 1 and worst > 1 else 0)
