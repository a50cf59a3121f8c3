"""Message catalogues (GNU .mo files) to their translations.

Texts of programs: each translation is a paragraph; what was left as in the original (which holds its context, if it has
one) or empty is dropped, and so are the marks of keyboard shortcuts ("_Open", "&Open", "開く(_O)") and tags of markup. A
damaged file is left out, not read in part. The format: gettext's manual, "The Format of GNU MO Files".
"""

import re
import struct

_MAGIC = 0x950412DE
_SHORTCUT = re.compile(r"\s?\([&_]\w\)|[&_](?=\w)")
_TAG = re.compile(r"<[^<>]*>")


def _strings(content: bytes, order: str, n: int, table: int) -> list[bytes] | None:
    """The strings of one of the two tables; None if some lie outside of the file."""
    rows = content[table : table + 8 * n]
    if len(rows) != 8 * n:
        return None
    places = list(struct.iter_unpack(order + "II", rows))
    # Strings that share their bytes could together be far longer than the file.
    if any(begin + size > len(content) for size, begin in places) or sum(size for size, _ in places) > len(content):
        return None
    return [content[begin : begin + size] for size, begin in places]


def _plain(message: str) -> str:
    message = _TAG.sub("", message)
    return _SHORTCUT.sub("", message) if len(_SHORTCUT.findall(message)) == 1 else message


def translations(content: bytes) -> str | None:
    """The translations, one a line or more, in the catalogue's order; None if it is none, is damaged or not in UTF-8."""
    if len(content) < 20:
        return None
    order = "<" if struct.unpack("<I", content[:4])[0] == _MAGIC else ">"
    magic, _, n, originals, translated = struct.unpack(order + "5I", content[:20])
    if magic != _MAGIC:
        return None
    before, after = _strings(content, order, n, originals), _strings(content, order, n, translated)
    if before is None or after is None:
        return None
    messages = []
    for original, translation in zip(before, after):
        if original and translation not in (b"", original):  # the header's original is empty
            messages += translation.split(b"\0")  # plural forms
    try:
        return "\n".join(_plain(message.decode("utf-8")) for message in messages)
    except UnicodeDecodeError:
        return None
