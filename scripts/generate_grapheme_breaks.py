#!/usr/bin/env python3
"""Writes libtok/src/unicode/generated/grapheme_breaks.inc: grapheme cluster properties as Hugging Face `tokenizers` has them.

Where clusters end shows in its Precompiled normalizer: a rule for the first character of a cluster below 6 bytes
replaces the whole cluster. So the properties of every code point are measured, not read from a Unicode version that
would have to be guessed. What cannot show there (clusters of 6 bytes or more) is left out.

usage: generate_grapheme_breaks.py OUT.inc     (needs `tokenizers`; takes a few seconds)
"""

import pathlib
import sys

import tokenizers
from tokenizers import normalizers

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "differential"))
from charsmap_builder import build_charsmap  # noqa: E402

ALL = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
ACUTE = "\u0301"  # joins what stands before it, two bytes
DIALYTIKA = "\u0344"  # likewise
JOINER = "\u200d"
KA, VIRAMA, TA = "\u0915", "\u094d", "\u0924"  # a conjunct
BATCH = 4000


def rewriter(characters):
    """A normalizer that turns each of the characters, with the rest of its small cluster, into Z."""
    charsmap = build_charsmap({c.encode(): b"Z" for c in characters})
    return normalizers.Precompiled(charsmap).normalize_str


def joins_previous():
    normalize = rewriter("a")
    return [c for c in ALL if normalize("a" + chr(c)) == "Z"]


def by_batches(code_points, keep):
    result = []
    for i in range(0, len(code_points), BATCH):
        batch = code_points[i : i + BATCH]
        normalize = rewriter([chr(c) for c in batch])
        result += [c for c in batch if keep(normalize, chr(c))]
    return result


def measure():
    joining = joins_previous()
    others = sorted(set(ALL) - set(joining) - {0x2D})
    prepend = by_batches(others, lambda normalize, c: normalize(c + "-") == "Z")
    # Two marks of 2 bytes each are a small cluster of their own behind a control character only.
    dialytika = rewriter([DIALYTIKA])
    control = [c for c in others if dialytika(chr(c) + DIALYTIKA + ACUTE).endswith("Z")]
    copyright_sign = rewriter("\u00a9")
    pictographic = [c for c in ALL if copyright_sign("\u00a9" + JOINER + chr(c)) != "Z" + chr(c)]
    # A conjunct's last consonant is below 6 bytes with its accent, unless it is part of the cluster before it.
    ta = rewriter([TA])
    consonant = [c for c in others if ta(chr(c) + VIRAMA + TA + ACUTE).endswith("Z" + ACUTE)]
    linker = [c for c in joining if ta(KA + chr(c) + TA + ACUTE).endswith("Z" + ACUTE)]
    within = [c for c in joining if ta(KA + VIRAMA + chr(c) + TA + ACUTE).endswith("Z" + ACUTE)]
    return {
        "JoinsPrevious": joining,
        "Prepend": prepend,
        "Control": control,
        "Pictographic": [c for c in pictographic if c not in set(joining)],
        "ConjunctConsonant": consonant,
        "ConjunctLinker": linker,
        "ConjunctExtend": within,
    }


def ranges(code_points):
    result = []
    for c in sorted(code_points):
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def main():
    out = pathlib.Path(sys.argv[1])
    lines = [
        f"// Written by scripts/generate_grapheme_breaks.py from tokenizers {tokenizers.__version__}. Do not edit.",
    ]
    for name, code_points in measure().items():
        lines.append(f"constexpr CodePointRange k{name}[] = {{")
        row = "   "
        for first, last in ranges(code_points):
            item = f" {{0x{first:X}, 0x{last:X}}},"
            if len(row) + len(item) > 110:
                lines.append(row)
                row = "   "
            row += item
        lines += [row, "};"]
    out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
