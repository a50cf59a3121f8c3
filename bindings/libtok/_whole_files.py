"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile


def write_whole(path: str | os.PathLike[str], text: str) -> None:
    """Writes UTF-8; what is at `path` is replaced once all of it is there. Raises OSError where it cannot be written."""
    target = os.path.abspath(os.fspath(path))
    descriptor, unfinished = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".tok-")
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            _let_others_read(file.fileno())
        os.replace(unfinished, target)
    except BaseException:
        os.unlink(unfinished)
        raise


def _let_others_read(descriptor: int) -> None:
    """As `open` makes files; mkstemp's are for their owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    os.fchmod(descriptor, 0o666 & ~mask)
