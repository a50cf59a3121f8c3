"""Documents made by rule that tokenizers disagree about: special tokens among text, seeded mixtures of character classes,
code points in context, pieces at every offset.

Everything here is a list of documents (str). The same call gives the same documents on every machine.
"""

import random


def thin(docs, count, seed=0):
    """`count` documents chosen evenly at random, in order."""
    if len(docs) <= count:
        return list(docs)
    chosen = sorted(random.Random(seed).sample(range(len(docs)), count))
    return [docs[i] for i in chosen]


SPECIAL_TEXTS = [
    "<|endoftext|>",
    "<|endofprompt|>",
    "<|fim_prefix|>",
    "<|fim_middle|>",
    "<|fim_suffix|>",
    "<|start|>",
    "<|end|>",
    "<|message|>",
    "<|return|>",
    "<|call|>",
    "<|im_start|>",
    "<|im_end|>",
    "<s>",
    "</s>",
    "<unk>",
    "<pad>",
    "<mask>",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "[PAD]",
    "[UNK]",
    "<bos>",
    "<eos>",
    "<start_of_turn>",
    "<|begin_of_text|>",
    "<|eot_id|>",
    "<think>",
    "</think>",
    "<tool_call>",
    "<｜begin▁of▁sentence｜>",
    "<｜User｜>",
    "<extra_id_0>",
    "<|startoftranscript|>",
    "<|en|>",
    "\u2581",
    "  ",
    "\t\t",
    "\n\n",
    "<0x0A>",
]


def special_soup(contents, seed=0, count=120):
    """Documents in which the given token spellings stand alone, touch each other, words, white space, and are cut."""
    rng = random.Random(seed)
    contents = [c for c in contents if c]
    fillers = [
        "",
        "",
        " ",
        "  ",
        "\n",
        "\t",
        "a",
        "word",
        " word ",
        "É",
        "1",
        "!",
        "_",
        "-",
        "漢",
        "\u0301",
        "\u00a0",
        "<",
        "|",
        "\u200b",
    ]
    docs = []
    for content in contents[:60]:
        docs += [
            content,
            f" {content}",
            f"{content} ",
            f" {content} ",
            f"x{content}",
            f"{content}x",
            f"x{content}y",
            f"x {content} y",
            f"x  {content}  y",
            f"{content}{content}",
            f"{content} {content}",
            f"\n{content}\n",
            f"_{content}_",
            f"é{content}é",
            content[:-1],
            content[1:],
            content.upper(),
            content.lower(),
        ]
    for _ in range(count):
        parts = []
        for _ in range(rng.randint(1, 9)):
            content = rng.choice(contents) if contents else ""
            if rng.random() < 0.15:
                content = content[: rng.randint(0, len(content))]
            parts += [rng.choice(fillers), content, rng.choice(fillers)]
        docs.append("".join(parts))
    return docs


CLASSES = {
    "lower": "abcdefghijklmnopqrstuvwxyzßéñø",
    "upper": "ABCDEFGHIJKLMNOPQRSTUVWXYZÉÑØİ",
    "title": "ǅǈǋᾈ",
    "modifier": "ʰʲˠᵃ々ー",
    "mark": "\u0300\u0301\u0308\u0327\u093c\u094d\u20dd\u0483\u3099",
    "spacing_mark": "\u093e\u0903\u0b83\u1031",
    "digit": "0123456789",
    "number": "²½ⅧⅫ٣४３𝟗〇①",
    "space": "      \t\u00a0\u3000\u2003\u200a\u1680",
    "newline": "\n\n\n\r\r\u2028\u2029\x85\x0b\x0c",
    "apostrophe": "'''\u2019",
    "contraction": "stmdSTMDlvreLVRE\u017f\u212a",
    "punctuation": '!"#%&()*,-./:;?@[]\\_{}«»—…。、।',
    "symbol": "$+<=>^`|~€©°±×☃",
    "han": "中文漢字学校日本語𠮷",
    "kana": "あいうアイウがガﾊﾟ",
    "hangul": "한국어가\u1100\u1161",
    "cyrillic": "абвгАБВГёЁій",
    "greek": "αβγσςΑΒΓΣ",
    "arabic": "ابتثلا\u064e\u0652",
    "hebrew": "אבגש\u05c1",
    "indic": "कखगतमिনমவண",
    "thai": "กขคำ\u0e31\u0e49",
    "emoji": "👍😀🏽🇩🇪❤\ufe0f\u200d",
    "format": "\u200b\u200c\u200d\u2060\ufeff\u00ad",
    "control": "\0\x01\x1b\x7f\x1c\x1f",
    "odd": "\ufffd\u0378\ue000\U0010ffff\uffff\U000e0041",
    "markers": "\u2581ĠĊ#</w>|",
}


def fuzz(seed, count, max_length=60):
    """Seeded mixtures: each document draws from a few classes, in runs of random length."""
    rng = random.Random(seed)
    names = sorted(CLASSES)
    docs = []
    for _ in range(count):
        chosen = rng.sample(names, rng.randint(1, 6))
        text, length = [], rng.randint(1, max_length)
        while len(text) < length:
            pool = CLASSES[rng.choice(chosen)]
            text += [rng.choice(pool) for _ in range(rng.choice((1, 1, 1, 2, 3, 8)))]
        docs.append("".join(text))
    return docs


def is_scalar(code_point):
    return not 0xD800 <= code_point <= 0xDFFF


CONTEXTS = {
    "alone": lambda c: c,
    "between_letters": lambda c: f"a{c}b",
    "after_space": lambda c: f" {c}",
    "doubled": lambda c: c + c,
}


def code_points(begin, end, context, step=1):
    """One document per code point."""
    make = CONTEXTS[context]
    return [make(chr(c)) for c in range(begin, end, step) if is_scalar(c)]


def packed(characters, per_document=48):
    """Every character in all contexts, many to a document: for tokenizers whose peer is slow."""
    return [
        "".join(f"a{c}b {c} {c}{c}\n1{c}{c}A" for c in characters[i : i + per_document])
        for i in range(0, len(characters), per_document)
    ]


def packed_code_points(begin, end, step=1, per_document=48):
    return packed([chr(c) for c in range(begin, end, step) if is_scalar(c)], per_document)


# Long blocks whose code points are alike to every tokenizer: Han, Hangul syllables, Tangut, what is private or unassigned.
UNIFORM = [
    (0x3400, 0xA000),
    (0xAC00, 0xD7A4),
    (0xE000, 0xF900),
    (0x17000, 0x18B00),
    (0x20000, 0xE0000),
    (0xE0200, 0x110000),
]


def varied_characters(step=61):
    """Every code point outside of the uniform blocks, every `step`-th and the ends of those."""
    chosen, at = [], 0
    for begin, end in UNIFORM:
        chosen += [*range(at, begin), *range(begin, end - 1, step), end - 1]
        at = end
    return [chr(c) for c in chosen if is_scalar(c)]


SNIPPETS = [
    "'s",
    "'\u017f",
    "'LL x",
    "  a",
    "\n\n a",
    " \r\n",
    "\r\n\r\n",
    "\t\t.",
    "\u00a0\u00a0x",
    "\u3000",
    "123",
    "1234567",
    "½٣",
    "é",
    "漢字",
    "👍🏽",
    "\u0301",
    "a\u0301B",
    "Ab",
    "aB",
    "ǅz",
    "ʰA",
    "!!\n",
    "!/\r",
    " !",
    "  !",
    "\0",
    "\ufeff",
    "<|endoftext|>",
    "\u2028 ",
    "한글a",
    "ſ",
    "İ'd",
    "_",
    "'",
    "''",
    " '",
    "…\n\n",
    "\u200d",
    "\U000e0001",
]


def shifted(span=72):
    """Each snippet at every offset to the 64-byte blocks of a vectorised scanner, behind letters, spaces and Han."""
    docs = []
    for snippet in SNIPPETS:
        for filler in ("x", " ", "漢"):
            docs += [filler * n + snippet + tail for n in range(span) for tail in ("", "z")]
    return docs


def key_collisions():
    """Pieces that a cache with padded, truncated or hashed keys may take for one another: every length around the usual
    limits, equal prefixes, equal suffixes, and trailing NULs."""
    docs = []
    for length in [*range(1, 70), 127, 128, 129, 255, 256, 257, 511, 513, 1023, 1025]:
        word = "".join("abcdefghijklmnopqrstuvwxyz"[(i * 7 + length) % 26] for i in range(length))
        docs += [
            word,
            word[:-1] + "q",
            "q" + word[1:],
            word + " " + word[:-1],
            word.upper(),
            "é" * length,
            "漢" * length,
            "!" * length,
            "!" * length + "\0",
            "\0" * length,
            "\n" * length + "x",
        ]
    docs += (
        ["!" + "\0" * n for n in range(20)]
        + ["\0" * n + "!" for n in range(20)]
        + ["\x01" + "\0" * n for n in range(20)]
    )
    return docs
