"""python -m libtok.report premium.json [...] -o page.html

Exit codes, as of tok: 0 written, 1 bad data, 2 usage, 3 not found.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from libtok.report._report import html, write


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code. arguments: else those of the command line."""
    parser = argparse.ArgumentParser(prog="python -m libtok.report", description="One HTML page of what tok measure ... --json wrote.")
    parser.add_argument("measurement", nargs="+", help="a file of JSON")
    parser.add_argument("-o", "--output", help="where the page goes, whole or not at all; default: the standard output")
    parser.add_argument("--title", help="of the page")
    given = parser.parse_args(arguments)
    if given.output is not None and os.path.exists(given.output):
        if any(os.path.exists(one) and os.path.samefile(one, given.output) for one in given.measurement):
            return _failed(ValueError(f"{given.output}: is input and output at once; choose another output"), 2)
    try:
        if given.output is None:
            sys.stdout.buffer.write(html(*given.measurement, title=given.title).encode())
        else:
            write(given.output, *given.measurement, title=given.title)
    except FileNotFoundError as error:
        return _failed(error, 3)
    except (ValueError, OSError, ImportError) as error:
        return _failed(error, 1)
    return 0


def _failed(error: Exception, code: int) -> int:
    print(f"libtok.report: {error}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
