"""Compares libtok's spans with Hugging Face offsets.

libtok reports whole characters of the original document. The peer reports bytes internally and converts to characters
in Python, where a token that is only part of a character (byte fallback) comes out empty or one character wide: both
are that character after widening.
"""

import bisect


def byte_starts(text):
    """Byte offset of each character, and the total."""
    starts, at = [], 0
    for character in text:
        starts.append(at)
        at += len(character.encode("utf-8"))
    starts.append(at)
    return starts


def utf16_starts(text):
    starts, at = [], 0
    for character in text:
        starts.append(at)
        at += 2 if ord(character) > 0xFFFF else 1
    starts.append(at)
    return starts


def converted(offsets, starts):
    """Character offsets in another unit."""
    return [(starts[begin], starts[end]) for begin, end in offsets]


def widened(byte_offsets, starts):
    """Character offsets of the whole characters around byte offsets; an empty span stays empty."""
    result = []
    for begin, end in byte_offsets:
        first = bisect.bisect_right(starts, begin) - 1
        result.append((first, first if begin == end else bisect.bisect_left(starts, end)))
    return result


def same(ours, theirs, token):
    """Whether one token's spans agree; `token` is its spelling in the peer's vocabulary."""
    if ours == theirs:
        return True
    partial = token.startswith("<0x") and token.endswith(">")
    return partial and theirs[0] == theirs[1] and ours == (theirs[0], theirs[0] + 1)


def differences(documents, ours, theirs, token_of):
    """Lines that describe up to six tokens whose offsets differ, and the number of documents concerned."""
    lines, count = [], 0
    for text, (our_ids, our_offsets), (_, their_offsets, _) in zip(documents, ours, theirs):
        bad = [
            (i, a, b)
            for i, (a, b) in enumerate(zip(our_offsets, their_offsets))
            if not same(a, b, token_of(our_ids[i]))
        ]
        if bad or len(our_offsets) != len(their_offsets):
            count += 1
            if len(lines) < 6:
                i, a, b = bad[0] if bad else (min(len(our_offsets), len(their_offsets)), None, None)
                token = token_of(our_ids[i]) if i < len(our_ids) else None
                lines.append(f"  {text[:120]!r} token {i} {token!r}: tok {a}, peer {b}")
    return lines, count


def check_that_they_spell_their_tokens(documents, ours, token_of):
    """Spans lie in the text, and begin and end with the characters their tokens are spelled with (between them may be
    others that the peer drops)."""
    compared = 0
    for text, (ids, spans) in zip(documents, ours):
        for token_id, (begin, end) in zip(ids, spans):
            assert 0 <= begin <= end <= len(text), (text, token_id, begin, end)
            token = token_of(token_id)
            if token.isascii() and token.isalnum():
                assert (text[begin], text[end - 1]) == (token[0], token[-1]), (text, token, begin, end)
                compared += 1
    assert compared > 500


def trims_offsets(config):
    """(whether a post-processor trims, its add_prefix_space) of a tokenizer.json."""
    found = []

    def visit(step):
        if step is None:
            return
        for inner in step.get("processors", ()):
            visit(inner)
        if step.get("type") in ("ByteLevel", "RobertaProcessing") and step.get("trim_offsets"):
            found.append(step.get("add_prefix_space", True))

    visit(config["post_processor"])
    return (bool(found), found[0] if found else False)


def trimmed(offsets, tokens, add_prefix_space):
    """The peer's trimming of white space (spelled as the byte alphabet's space, or plainly) applied to our spans.

    `tokens` are the peer's spellings in this text: of an added token, what it matched with the white space it took.
    """
    result = []
    for i, ((begin, end), token) in enumerate(zip(offsets, tokens)):
        leading = len(token) - len(token.lstrip("Ġ" + WHITE_SPACE))
        trailing = len(token) - len(token.rstrip("Ġ" + WHITE_SPACE))
        if leading and not ((i == 0 or begin == 0) and add_prefix_space and leading == 1):
            begin = min(begin + leading, end)
        if trailing and end >= trailing:
            end = max(end - trailing, begin)
        result.append((begin, end))
    return result


WHITE_SPACE = "\t\n\x0b\x0c\r \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
