"""Translations out of a compiled message catalogue (.mo, GNU gettext)."""

import struct

_MAGIC = 0x950412DE


def catalogue_to_text(content: bytes) -> str | None:
    """The translated messages that differ from their originals, a paragraph each; None for anything else than a UTF-8
    catalogue."""
    if len(content) < 20:
        return None
    order = next((o for o in "<>" if struct.unpack_from(f"{o}I", content)[0] == _MAGIC), None)
    if order is None:
        return None
    try:
        count, originals, translations = struct.unpack_from(f"{order}3I", content, 8)
        pairs = [(_message(content, order, originals, i), _message(content, order, translations, i)) for i in range(count)]
    except (struct.error, UnicodeDecodeError):
        return None
    # The original of the header is empty; a context stands before U+0004, plural forms are separated by NUL.
    messages = [text for original, text in pairs if original and text and original.rpartition("\x04")[2] != text]
    return "\n".join(messages).replace("\0", "\n")


def _message(content: bytes, order: str, table: int, index: int) -> str:
    length, begin = struct.unpack_from(f"{order}2I", content, table + 8 * index)
    return content[begin : begin + length].decode("utf-8")
