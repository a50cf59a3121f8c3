"""What was measured, as a page: charts and tables of the JSON that `tok measure ... --json` writes.

    import libtok.report

    libtok.report.write("premium.html", "premium.json")     # a file, to be mailed or published
    libtok.report.Report("premium.json", "mixture.json")    # in a notebook

or `python -m libtok.report premium.json -o premium.html`.

A page is one file of some 0.9 MB and what is measured: it loads nothing from elsewhere (its Content-Security-Policy forbids it),
follows the reader's light or dark mode, and prints. Its charts are Vega's, by way of vl-convert, which writing a page needs.

What a measurement is of is told by its keys; `_sections` has a module for each kind that says which ones it shows. Others are shown
as tables. All text of measurements is shown as text, whatever it is.
"""

from __future__ import annotations

from libtok.report._measurement import Source
from libtok.report._report import Report, html, write

__all__ = ["Report", "Source", "html", "write"]
