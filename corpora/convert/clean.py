"""What every corpus document has in common: valid UTF-8, no control characters but tab and LF, one final LF."""

import re

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_TRAILING = re.compile("[ \t]+$", re.MULTILINE)
_GAPS = re.compile("\n{3,}")


def clean(text: str) -> str:
    """`text` with line ends, control characters, trailing blanks and runs of empty lines put right; "" if nothing is left."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\f", "\n"))
    text = _GAPS.sub("\n\n", _TRAILING.sub("", text)).strip("\n")
    return text + "\n" if text else ""


def decode_utf8(content: bytes) -> str | None:
    """None for anything that is not UTF-8: such files are left out rather than guessed at."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
