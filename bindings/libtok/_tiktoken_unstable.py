"""What the ids of a text's end may become when the text goes on: tiktoken's encode_with_unstable."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING

from libtok import _libtok

if TYPE_CHECKING:
    from libtok.tiktoken import Encoding

_BLANKS = b" \n\t"


def stable_and_completions(encoding: Encoding, text: str, allowed: frozenset[str]) -> tuple[list[int], list[list[int]]]:
    """Of a text whose special tokens that are none of `allowed` are ordinary text."""
    ids = encoding.encode(text, allowed_special=allowed, disallowed_special=())
    n_unstable = _ids_of_last_piece(encoding, text, allowed)
    if n_unstable == 0:
        return ids, []
    while n_unstable < len(ids) and _is_blank(encoding, ids[-n_unstable]) and _is_blank(encoding, ids[-n_unstable - 1]):
        n_unstable += 1
    stable, end = ids[:-n_unstable], encoding.decode_bytes(ids[-n_unstable:])
    return stable, [list(way) for way in sorted(_completions(encoding, end))]


def _ids_of_last_piece(encoding: Encoding, text: str, allowed: frozenset[str]) -> int:
    """0 where the text is empty or ends with a special token."""
    begin = max((text.rfind(token) + len(token) for token in allowed if token in text), default=0)
    if begin == len(text):
        return 0
    _, _, words, _ = _libtok.encode_batch_with_words(encoding._tokenizer._core, [text[begin:]], split_special=True)
    numbers: list[int] = words.tolist()
    return numbers.count(numbers[-1])


def _is_blank(encoding: Encoding, token: int) -> bool:
    return not encoding.decode_single_token_bytes(token).strip(_BLANKS)


def _completions(encoding: Encoding, end: bytes) -> set[tuple[int, ...]]:
    """Every row of ids that begins with `end` and whose last id reaches beyond it, or ends with it."""
    tokens = encoding.token_byte_values()
    ranks = encoding._mergeable_ranks
    ways: set[tuple[int, ...]] = {(ranks[token],) for token in _beginning_with(tokens, end)}
    for cut in range(1, len(end)):
        for token in _beginning_with(tokens, end[cut:]):
            ways.add(_until_covered(encoding, _encoded(encoding, end[:cut] + token), len(end)))
    if len(end) > 1:
        n_last = _bytes_of_last_character(end)
        if n_last and end[-n_last:].decode().isspace():
            ways.add((*_merged(ranks, end[:-n_last]), *_merged(ranks, end[-n_last:])))
    return ways


def _beginning_with(tokens: list[bytes], beginning: bytes) -> list[bytes]:
    first = last = bisect.bisect_left(tokens, beginning)
    while last < len(tokens) and tokens[last].startswith(beginning):
        last += 1
    return tokens[first:last]


def _encoded(encoding: Encoding, content: bytes) -> list[int]:
    try:
        return encoding.encode_ordinary(content.decode())
    except UnicodeDecodeError:
        return _merged(encoding._mergeable_ranks, content)


def _until_covered(encoding: Encoding, ids: list[int], n_bytes: int) -> tuple[int, ...]:
    way = []
    for token in ids:
        way.append(token)
        n_bytes -= len(encoding.decode_single_token_bytes(token))
        if n_bytes <= 0:
            break
    return tuple(way)


def _bytes_of_last_character(content: bytes) -> int:
    """0 where the end is none."""
    for n_bytes in range(1, min(4, len(content)) + 1):
        try:
            content[-n_bytes:].decode()
        except UnicodeDecodeError:
            continue
        return n_bytes
    return 0


def _merged(ranks: dict[bytes, int], content: bytes) -> list[int]:
    """Byte pairs of one piece, the lowest rank first: short pieces only, quadratic."""
    if content in ranks:
        return [ranks[content]]
    parts = [content[i : i + 1] for i in range(len(content))]
    while True:
        pairs = [(ranks[a + b], i) for i, (a, b) in enumerate(zip(parts, parts[1:])) if a + b in ranks]
        if not pairs:
            return [ranks[part] for part in parts]
        _, i = min(pairs)
        parts[i : i + 2] = [parts[i] + parts[i + 1]]
