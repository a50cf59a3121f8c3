"""How the characters of a text are shown, those that have no look of their own above all."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from libtok._characters import Character

# Characters that look like nothing, or like another one, by the abbreviations of the Unicode charts.
_TAGS = {
    0x85: "NEL", 0xA0: "NBSP", 0xAD: "SHY", 0x34F: "CGJ", 0x61C: "ALM", 0x115F: "HCF", 0x1160: "HJF", 0x17B4: "KIVAQ",
    0x17B5: "KIVAA", 0x180B: "FVS1", 0x180C: "FVS2", 0x180D: "FVS3", 0x180E: "MVS", 0x180F: "FVS4", 0x2007: "FSP", 0x200B: "ZWSP", 0x200C: "ZWNJ", 0x200D: "ZWJ", 0x200E: "LRM", 0x200F: "RLM", 0x2028: "LSEP",
    0x2029: "PSEP", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF", 0x202D: "LRO", 0x202E: "RLO", 0x202F: "NNBSP",
    0x2060: "WJ", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI", 0x2800: "U+2800", 0x3000: "IDSP",
    0x3164: "HF", 0xFEFF: "BOM", 0xFFA0: "HWHF",
}  # fmt: skip
_WHITESPACE = {" ": "·", "\t": "→", "\n": "↵"}
_SPOKEN = {"·": "space", "→": "tab", "↵": "newline"}
_DOTTED_CIRCLE = "◌"  # what a combining mark is shown on where its base is in another token


class Run(NamedTuple):
    """What is shown in one manner: "text" as it is, "mark" for whitespace, "tag" and "bytes" for what has no look."""

    kind: Literal["text", "mark", "tag", "bytes"]
    shown: str

    def spoken(self) -> str:
        """For a screen reader."""
        return _SPOKEN[self.shown] if self.kind == "mark" else self.shown


def runs_of(characters: Iterable[Character]) -> list[Run]:
    """How characters are shown: every one of them visibly, none able to reorder or hide what is beside it.

    >>> [run.shown for run in runs_of("a b\\n\\u202e")]
    ['a', '·', 'b', '↵', 'RLO']
    """
    runs: list[Run] = []
    for character in characters:
        run = _run_of(character, follows_text=bool(runs) and runs[-1].kind == "text")
        if run.kind == "text" and runs and runs[-1].kind == "text":
            runs[-1] = Run("text", runs[-1].shown + run.shown)
        else:
            runs.append(run)
    return runs


def _run_of(character: Character, follows_text: bool) -> Run:
    if isinstance(character, bytes):
        return Run("bytes", escaped(character))
    if character in _WHITESPACE:
        return Run("mark", _WHITESPACE[character])
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return Run("tag", chr(0x2421 if code == 0x7F else 0x2400 + code))
    if code in _TAGS:
        return Run("tag", _TAGS[code])
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return Run("tag", f"VS{code - 0xFE00 + 1 if code <= 0xFE0F else code - 0xE0100 + 17}")
    category = unicodedata.category(character)
    if category in ("Cc", "Cf", "Co", "Zs"):
        return Run("tag", f"U+{code:04X}")
    return Run("text", character if follows_text or category[0] != "M" else _DOTTED_CIRCLE + character)


def escaped(data: bytes) -> str:
    r"""Bytes, two digits each.

    >>> escaped(b"\xe4\x0a")
    '\\xe4\\x0a'
    """
    return "".join(f"\\x{byte:02x}" for byte in data)


def direction_of(characters: Iterable[Character]) -> Literal["ltr", "rtl"] | None:
    """That of the first character that has one (rule P2 of the Unicode bidirectional algorithm).

    >>> direction_of("1, שלום")
    'rtl'
    """
    for character in characters:
        strong = unicodedata.bidirectional(character) if isinstance(character, str) else ""
        if strong in ("L", "R", "AL"):
            return "ltr" if strong == "L" else "rtl"
    return None


def are_joined(first: Character, second: Character) -> bool:
    """Whether two letters of the Arabic script are written as one, when neither is alone.

    >>> are_joined("ب", "ا"), are_joined("ا", "ب")
    (True, False)
    """
    forms = _cursive_forms()
    return "<initial>" in forms.get(first, ()) and "<final>" in forms.get(second, ())


@lru_cache(maxsize=1)
def _cursive_forms() -> dict[Character, set[str]]:
    """The forms that letters have, which Unicode encodes as characters of their own (Arabic Presentation Forms)."""
    forms: dict[Character, set[str]] = {}
    for code in range(0xFB50, 0xFEFD):
        form, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if len(letters) == 1:
            forms.setdefault(chr(int(letters[0], 16)), set()).add(form)
    return forms


def plain(runs: Iterable[Run], *, newline: str = "↵") -> str:
    """For a terminal. newline: how one is shown."""
    return "".join(
        newline if run == _NEWLINE else f"[{run.shown}]" if run.kind == "tag" and len(run.shown) > 1 else run.shown
        for run in runs
    )


_NEWLINE = Run("mark", "↵")
