"""What a kind of measurement gives a page."""

from __future__ import annotations

from typing import Any, NamedTuple


class Section(NamedTuple):
    """A part of a page.

    title: plain text. body: HTML, in which all text of the measurement is escaped. script: the function of a .js file beside
    `_page` that brings the body to life, and is given the section's element and `data`, which JSON can hold.
    """

    title: str
    body: str
    script: str | None = None
    data: Any = None
