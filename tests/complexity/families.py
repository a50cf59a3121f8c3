"""Texts built to make tokenizers slow, each as a function of its length in bytes."""

import random


def repeated(unit):
    unit = unit if isinstance(unit, bytes) else unit.encode()
    return lambda n: (unit * (n // len(unit) + 1))[: n // len(unit) * len(unit)]


def random_units(units, seed):
    units = [u if isinstance(u, bytes) else u.encode() for u in units]

    def make(n):
        rng, out, size = random.Random(seed), [], 0
        while size < n:
            out.append(rng.choice(units))
            size += len(out[-1])
        return b"".join(out)

    return make


def surrounded(unit):
    """A run that looks like the start of a match until its very last character."""
    inner = repeated(unit)
    return lambda n: b"x" + inner(n - 2) + b"x"


def colliding_pieces(n):
    """Long pieces with one hash: behind the first 16 bytes HashBytes has the state b"KxbxGnwA", which as the next 8
    bytes makes a product zero, whatever the 8 bytes between are."""
    rng, letters, out = random.Random(2), b"abcdefghijklmnopqrstuvwxyz", []
    for _ in range(n // 34):
        out.append(b"MUoIHQWciBaDdfBl" + bytes(rng.choices(letters, k=8)) + b"KxbxGnwAa")
    return b"\n".join(out)


FAMILIES = {
    "colliding_pieces": colliding_pieces,
    "one_letter": repeated("a"),
    "one_capital": repeated("A"),
    "alternating_case": repeated("aA"),
    "pair": repeated("ab"),
    "triple": repeated("abc"),
    "spaces": repeated(" "),
    "spaces_then_letter": surrounded(" "),
    "tabs": repeated("\t"),
    "newlines": repeated("\n"),
    "carriage_returns": repeated("\r\n"),
    "space_newline": repeated(" \n"),
    "newlines_then_letter": surrounded("\n"),
    "no_break_spaces": repeated("\u00a0"),
    "digits": repeated("7"),
    "counting": repeated("1234567890"),
    "caret": repeated("^"),
    "punctuation": repeated("!?"),
    "slashes": repeated("/"),
    "apostrophes": repeated("'"),
    "contractions": repeated("'s"),
    "letters_apostrophe": repeated("a'"),
    "special_prefix": repeated("<|"),
    "special_almost": repeated("<|endoftext|"),
    "han_same": repeated("的"),
    "han_random": random_units([chr(0x4E00 + 37 * i % 20000) for i in range(3000)], 1),
    "hangul": repeated("가"),
    "thai": repeated("ก็"),
    "combining": repeated("\u0301"),
    "combining_classes": repeated("\u0301\u0323\u0316"),
    "letter_with_marks": repeated("a\u0301\u0323"),
    "emoji_joined": repeated("👩\u200d"),
    "underscores": repeated("\u2581"),
    "base64": random_units("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 2),
    "dna": random_units("ACGT", 3),
    "hexadecimal": random_units("0123456789abcdef", 4),
    "random_letters": random_units("abcdefghijklmnopqrstuvwxyz", 5),
    "replacement_characters": repeated("\ufffd"),
    "nul": repeated("\0"),
    "markup": repeated("<a>"),
}

# Not UTF-8: only under --utf8 bytes.
INVALID = {
    "byte_ff": repeated(b"\xff"),
    "byte_80": repeated(b"\x80"),
    "truncated_sequences": repeated(b"\xe2\x82"),
    "random_bytes": lambda n: random.Random(6).randbytes(n),
}
