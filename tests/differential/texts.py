"""Texts that tokenizers disagree about: a hand-made list, seeded mixtures of character classes, code points in
context, and the real corpora when they are there.

Everything here is a list of documents (str). The same call gives the same documents on every machine.
"""

import functools
import json
import os
import pathlib
import random
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "multiscript.txt"

CONTRACTIONS = ["s", "t", "re", "ve", "m", "ll", "d"]


def sample_lines():
    return SAMPLE.read_text(encoding="utf-8").splitlines()


def corpora_folder():
    """The folder with the large corpora, or None: TOK_CORPORA, else `shared/corpora` beside the checkout."""
    named = os.environ.get("TOK_CORPORA")
    candidates = [pathlib.Path(named)] if named else [p / "shared" / "corpora" for p in ROOT.parents]
    return next((p for p in candidates if p.is_dir()), None)


def shared_vocab_folder():
    named = os.environ.get("TOK_SHARED_VOCAB")
    candidates = [pathlib.Path(named)] if named else [p / "shared" / "vocab" for p in ROOT.parents]
    return next((p for p in candidates if p.is_dir()), None)


@functools.cache
def _zstd_text(path):
    return subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout.decode("utf-8")


@functools.cache
def udhr():
    """Every paragraph of the Universal Declaration of Human Rights in every language, or None."""
    folder = corpora_folder()
    if folder is None or not (folder / "udhr.jsonl.zst").exists():
        return None
    return [json.loads(line)["text"] for line in _zstd_text(folder / "udhr.jsonl.zst").splitlines()]


@functools.cache
def pydocs():
    """Both sides of the parallel Python documentation, or None."""
    folder = corpora_folder()
    if folder is None:
        return None
    docs = []
    for path in sorted(folder.glob("pydocs.*.jsonl.zst")):
        for line in _zstd_text(path).splitlines():
            record = json.loads(line)
            docs += [text for field, text in record.items() if field != "file"]
    return docs or None


@functools.cache
def prose(paragraph_lines=40):
    """English prose in paragraphs of a few kilobytes, or None."""
    folder = corpora_folder()
    if folder is None or not (folder / "en_prose.txt.zst").exists():
        return None
    lines = _zstd_text(folder / "en_prose.txt.zst").splitlines(keepends=True)
    return ["".join(lines[i : i + paragraph_lines]) for i in range(0, len(lines), paragraph_lines)]


def thin(docs, count, seed=0):
    """`count` documents chosen evenly at random, in order."""
    if len(docs) <= count:
        return list(docs)
    chosen = sorted(random.Random(seed).sample(range(len(docs)), count))
    return [docs[i] for i in chosen]


def weird():
    docs = [
        "",
        " ",
        "  ",
        "\n",
        "\r",
        "\r\n",
        "\t",
        "\0",
        "\ufeff",
        "a",
        "é",
        "e\u0301",
        "\u0301",
        "한",
        "한",
        "漢",
        "𝒳",
        "👍",
    ]
    for contraction in CONTRACTIONS:
        for spelled in {
            contraction,
            contraction.upper(),
            contraction.title(),
            contraction[0] + contraction[1:].upper(),
        }:
            docs += [
                f"'{spelled}",
                f"we'{spelled}",
                f"WE'{spelled}",
                f"we '{spelled}x",
                f"''{spelled}",
                f"1'{spelled}",
                f"é'{spelled} ",
                f"we\u2019{spelled}",
                f"we'{spelled}'{spelled}",
                f" '{spelled}\n",
            ]
    docs += [
        "it'\u017f",
        "IT'\u017f ok",
        "'\u017f",
        "x'\u017fx",
        "'\u017f't",
        "\u212a'll",
        "we'\u013al",
        "İ'd",
        "ı'D",
        "'ſT",
    ]
    docs += [
        "a  b",
        "a   b",
        "a \tb",
        "a\t b",
        " a",
        "  a",
        "   a  ",
        "a ",
        "a  ",
        "a   ",
        "a \n",
        "a\n ",
        "a \n b",
        "a\n\nb",
        "a\n\n\nb",
        "a\r\nb",
        "a\r\n\r\nb",
        "a\r\rb",
        "a \r\n \r\n b",
        "a\n \nb",
        "a \n \n ",
        "\n\n ",
        " \n\n",
        "\n \n",
        "  \n  \n  x",
        "x\n\n  y",
        "a\u00a0b",
        "a\u00a0\u00a0b",
        "\u00a0a",
        "a \u00a0b",
        "a\u3000b",
        "\u3000\u3000a",
        "a\u2003b",
        "a\u200bb",
        "a\u2028b",
        "a\u2029\u2029b",
        "a\u0085b",
        "a\u0085\n",
        "a\x0bb",
        "a\x0cb",
        "a\x1cb",
        "a\x1db\x1ec\x1fd",
        "\u180ea",
        "a\u202fb",
        "a\u205fb",
        "\ufeffa",
        "a\ufeffb",
        "a\ufeff",
        "\ufeff\ufeff",
        "a\0b",
        "\0\0\0",
        " \0 ",
        "\0a\0",
        "\x7f",
        "\x01\x02",
        "\u0080\u009f",
        "\ufffd",
        "a\ufffdb",
        "\ufffe",
        "\uffff",
        "\U0010ffff",
        "\U000e0001",
        "\ue000x",
        "\u0378",
        "a\u0378b",
        "1",
        "12",
        "123",
        "1234",
        "12345",
        "123456",
        "1234567",
        "a1b22c333d4444",
        "1.5",
        "1,234,567.89",
        "0x1F",
        "1e-10",
        "²³¹",
        "½¼",
        "ⅧⅨ",
        "٣٤٥٦",
        "१२३४५",
        "１２３４",
        "𝟎𝟏𝟐𝟑𝟒",
        "一二三四",
        "1２٣४",
        "①②③④",
        "1\u03012",
        "12\u200d34",
        "3rd 4TH",
        "2x2=4",
        "HTTPServer",
        "camelCaseString",
        "XMLHttpRequest2",
        "snake_case_name",
        "SCREAMING_CASE",
        "iPhone",
        "McDonald's",
        "ǅungla ǅ ǈ ǋ",
        "ŒUVRE œuvre",
        "ʰʲʷ aʰb ʰA",
        "ªº 1º 2ª",
        "ßẞ STRASSE",
        "İIıi",
        "ΣΊΣΥΦΟΣ σς",
        "ΑΣ. ΑΣ Α\u0301Σ ΣΑ",
        "ﬁﬂﬀ",
        "Åström ÅÄÖ",
        "ǆ ǅ Ǆ",
        "ᾳ ᾼ ΑΙ",
        "ŉ ǰ ΐ",
        "ꙁ Ꙁ",
        "ა Ა",
        "Ꭰ ꭰ",
        "!!!",
        "...",
        "?!?!",
        "-- -> => ::",
        "/* c */ // d",
        "a/b/c",
        "a//b\n",
        "://\n//",
        "#!/bin/sh\n",
        "$$$ €€ ¥",
        "@user #tag",
        "a'b''c'''d",
        "\"q\" 'q'",
        "«q» „q“ ‚q‘",
        "—–-‐‑",
        "…",
        "‰",
        "†‡",
        "¿¡",
        "。、「」",
        "،؟",
        "।॥",
        "!\n",
        " !\n\n",
        "! \n",
        "!\r\n",
        "/\n/\r\n",
        ";\n\n\t}",
        "a;\r\n",
        "^^^^",
        "~~~~ ````",
        "<<>>",
        "\u0301\u0302\u0303",
        "a\u0301\u0302\u0303b",
        " \u0301a",
        "\n\u0301a",
        "e\u0301\u0327",
        "e\u0327\u0301",
        "q\u0307\u0323",
        "q\u0323\u0307",
        "\u0344",
        "\u0958\u0931\u093c",
        "\u1e9b\u0323",
        "\ufb2c",
        "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
        "a" + "\u0301" * 40 + "b",
        "\u0344\u0301",
        "\U000e0001\u0344\u0301",
        "\U00013430\u0344\u0301",
        "\U00011103\U00011133\u0958\u0301",
        "\u1100\u1161\u11a8",
        "\uac00\u11a8",
        "각가나",
        "\u3131\u314f",
        "が が",
        "パ ハ\u309a",
        "👨‍👩‍👧‍👦",
        "👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "👍🏽👍",
        "🇩🇪🇯🇵",
        "❤️ ❤",
        "1️⃣2️⃣",
        "☃︎☃️",
        "a👍b 👍 c",
        "👍\n",
        " 👍",
        "👩🏽‍🚀x",
        "🧑‍🤝‍🧑",
        "שלום עולם",
        "שָׁלוֹם",
        "\u200fשלום\u200e abc",
        "مرحبا بالعالم",
        "مَرْحَبًا",
        "abc \u202eمرحبا\u202c def",
        "\u2067x\u2069",
        "لا ﻻ",
        "ﷺ",
        "کتاب‌ها",
        "नमस्ते दुनिया",
        "क्षत्रिय",
        "ক্ষ",
        "ภาษาไทย กำ",
        "ພາສາລາວ ຳ",
        "ខ្ញុំ",
        "မြန်မာ",
        "བོད་ཡིག",
        "தமிழ்",
        "ಕನ್ನಡ",
        "සිංහල",
        "አማርኛ",
        "ᏣᎳᎩ",
        "ᚠᚢᚦ",
        "𐌰𐌱",
        "𞤀𞤣",
        "꠵ ꯑ",
        "𑜀𑜁",
        "中文测试",
        "中文 test 混合",
        "中文，标点。",
        "日本語テスト",
        "ﾊﾝｶｸｶﾅ",
        "ー々〆ヶ",
        "カ゛ガ",
        "한국어 테스트",
        "漢字ひらがなカタカナ",
        "𠮷野家 𠀀𪜀",
        "㍿㌔㎏",
        "丽 丽",
        "⼀⺀",
        "〇〡",
        "\u2581",
        "\u2581\u2581a",
        "a\u2581b",
        " \u2581 ",
        "Ġ",
        "Ġa Ċ",
        "ĊĊ",
        "</w>",
        "a</w>b",
        "##",
        "##a b##",
        "<0x41>",
        "<0x0A>\n",
        "<unk>",
        "<s>",
        "</s>",
        "[UNK] [CLS][SEP]",
        "<pad>",
        "|",
        "a|b",
        "<|endoftext",
        "|endoftext|>",
        "<|endoftext |>",
        "<|ENDOFTEXT|>",
        "<|",
        "<|<|<|",
        "<|end<|endoftext",
        "< |endoftext|>",
        "<|im_start|",
        "<|fim_",
        "[MASK",
        "<mask",
        "<extra_id_",
        "a\u200db",
        "a\u200cb",
        "\u200d",
        "\u2060x",
        "\ufe0f",
        "\U000e0100x",
        "a\u034fb",
        "\u00ad soft\u00adhyphen",
        "\u061c\u180b",
        "x" * 300,
        " " * 300,
        "\n" * 50,
        "\t" * 33,
        "1" * 100,
        "!" * 100,
        "漢" * 100,
        "é" * 100,
        "ab" * 200,
        " a" * 200,
        "a " * 200,
        "\r\n" * 60,
        " \n" * 60,
        "'s" * 60,
        "👍" * 40,
        "\u0301" * 100,
        "^" * 100,
        "The quick brown fox jumps over the lazy dog.",
        "    def f(x):\n        return x  # ok\n\n\n    class A:\n\tpass\n",
        "\tif (x) {\r\n\t\ty();\r\n\t}\r\n",
        "https://example.org/a/b?c=d&e=%20#f",
        "foo@example.org",
        "C:\\Temp\\x",
        '{"a": [1, 2.5, null]}',
        "<a href='x'>y</a>",
        '$x = "\\n";',
        "\\u0041 \\x41",
        "SGVsbG8gV29ybGQhIQ==",
    ]
    return docs


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


def packed_code_points(begin, end, step=1, per_document=48):
    """Every code point in all contexts, many to a document: for tokenizers whose peer is slow."""
    chosen = [chr(c) for c in range(begin, end, step) if is_scalar(c)]
    return [
        "".join(f"a{c}b {c} {c}{c}\n1{c}{c}A" for c in chosen[i : i + per_document])
        for i in range(0, len(chosen), per_document)
    ]


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
