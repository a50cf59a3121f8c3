"""Bible modules of the SWORD project: .bzz files of zlib streams with markup, each a book, unused bytes between them."""

import html
import re
import zlib

_STREAM = b"\x78\x9c"  # how a zlib stream begins
_NOTE = re.compile(r"<(note|title)\b[^>]*(?<!/)>.*?</\1>", re.DOTALL)
_INLINE = re.compile(r"</?(w|q|hi|seg|divineName|transChange|foreign)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_GAP = re.compile(r"[ \t]{2,}")
_MAX_BYTES = 1 << 26


def _books(content: bytes) -> list[bytes]:
    books, total = [], 0
    begin = content.find(_STREAM)
    while begin >= 0 and total < _MAX_BYTES:
        stream = zlib.decompressobj()
        try:
            books.append(stream.decompress(content[begin:], _MAX_BYTES - total))
            total += len(books[-1])
            end = len(content) - len(stream.unused_data)
        except zlib.error:
            end = begin + len(_STREAM)
        begin = content.find(_STREAM, end)
    return books


def scripture(content: bytes) -> str | None:
    """The verses without notes and markup; None if they are not in UTF-8."""
    try:
        text = b"\n".join(_books(content)).decode("utf-8")
    except UnicodeDecodeError:
        return None
    return html.unescape(_GAP.sub(" ", _TAG.sub(" ", _INLINE.sub("", _NOTE.sub(" ", text)))))
