"""Message catalogues (GNU .mo files) to their translations.

Texts of programs: each translation is a paragraph; what was left as in the original is dropped, and so are the marks of
keyboard shortcuts ("_Open", "&Open", "開く(_O)") and tags of markup. The format: gettext's manual, "The Format of GNU MO
Files".
"""

import re
import struct

_MAGIC = 0x950412DE
_SHORTCUT = re.compile(r"\s?\([&_]\w\)|[&_](?=\w)")
_TAG = re.compile(r"<[^<>]*>")


def _strings(content: bytes, order: str, n: int, table: int) -> list[bytes]:
    n = min(n, max(0, len(content) - table) // 8)
    rows = struct.iter_unpack(order + "II", content[table : table + 8 * n])
    return [content[begin : begin + size] for size, begin in rows]


def _plain(message: str) -> str:
    message = _TAG.sub("", message)
    return _SHORTCUT.sub("", message) if len(_SHORTCUT.findall(message)) == 1 else message


def translations(content: bytes) -> str | None:
    """The translations, one a line or more, in the catalogue's order; None if it is none or is not in UTF-8."""
    if len(content) < 20:
        return None
    order = "<" if struct.unpack("<I", content[:4])[0] == _MAGIC else ">"
    magic, _, n, originals, translated = struct.unpack(order + "5I", content[:20])
    if magic != _MAGIC:
        return None
    messages = []
    for original, translation in zip(_strings(content, order, n, originals), _strings(content, order, n, translated)):
        if original and translation != original:
            messages += translation.split(b"\0")
    try:
        return "\n".join(_plain(message.decode("utf-8")) for message in messages)
    except UnicodeDecodeError:
        return None
