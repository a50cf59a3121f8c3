"""Reports: of one measurement or several, as text, as a file, and in notebooks."""

from __future__ import annotations

import os
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from libtok._whole_files import write_whole
from libtok.report._measurement import Source, read
from libtok.report._page import page
from libtok.report._sections import section_of

if TYPE_CHECKING:
    from libtok.report._section import Section


def html(*measurements: Source, title: str | None = None) -> str:
    """A whole page, a section for each measurement, in their order.

    measurements: each what `tok measure ... --json` writes: parsed, its path, or its text (a str that begins with "{").
    title: of the page; else that of the only section.

    The same measurements give the same page, byte for byte. Raises TypeError without a measurement, FileNotFoundError, ValueError for
    what is no measurement, and ImportError, with what to install, without vl-convert.
    """
    sections = _sections(measurements)
    if title is None:
        title = sections[0].title if len(sections) == 1 else "Measurements of tokenizers"
    return page(title, sections)


def write(path: str | os.PathLike[str], *measurements: Source, title: str | None = None) -> None:
    """Writes the page of `html`, whole or not at all: what is at `path` is replaced once the page is there.

    Raises OSError where it cannot be written, and what `html` does.
    """
    write_whole(path, html(*measurements, title=title))


class Report:
    """A report in a notebook: shown in a frame of its own, which keeps its styles and scripts apart from the notebook's.

    measurements, title: as of `html`, which is what `str` gives. height: of the frame, in pixels.

    Raises what `html` does, but for the ImportError, which comes when it is shown.
    """

    def __init__(self, *measurements: Source, title: str | None = None, height: int = 900) -> None:
        self.measurements = [read(one) for one in measurements]
        self.sections = _sections(self.measurements)
        self.title = title
        self.height = height

    def __repr__(self) -> str:
        return f"<libtok.report.Report of {', '.join(section.title for section in self.sections)}>"

    def __str__(self) -> str:
        return html(*self.measurements, title=self.title)

    def write(self, path: str | os.PathLike[str]) -> None:
        """As `write` of the module."""
        write(path, *self.measurements, title=self.title)

    def _repr_html_(self) -> str:
        return (
            f'<iframe title="{escape(self.title or "Report")}" sandbox="allow-scripts allow-downloads" '
            f'style="width:100%;height:{int(self.height)}px;border:0" srcdoc="{escape(str(self))}"></iframe>'
        )


def _sections(measurements: Sequence[Source]) -> list[Section]:
    if not measurements:
        raise TypeError("a report is of one measurement or more")
    return [section_of(read(one)) for one in measurements]
