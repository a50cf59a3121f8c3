"""What libtok shows of tokens, without a browser: the HTML's structure, escapes, bounds and colours; text for terminals."""

import itertools
import json
import re
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser

import numpy as np
import pytest
from colours import EYES, contrast, lab

import libtok
import libtok.display as display
from libtok import _characters
from libtok.display import _boxes, _text
from libtok.display import _style as style

TEXTS = [
    "", " ", "Hello world", "naïve 中文 🤗!", "def f(x):\n\treturn x\n\n\n    y\r\n", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 👍🏽", "ภาษาไทยไม่มีช่องว่าง", "नमस्ते दुनिया",
    "السلام عليكم (GPT-4) 2024", "<script>alert('x')</script> \"q\" & &amp; </style></div>", "a\u202eb\u2066c\u200fd",
    "nul\0 esc\x1b[31m del\x7f nel\x85 nbsp\xa0 zwsp\u200b bom\ufeff sep\u2028\u2029 idsp\u3000", "x" * 2000,
]  # fmt: skip


class Elements(HTMLParser):
    """Elements as (tag, attributes, text within), in order; whether tags are balanced."""

    VOID = {"br", "wbr"}

    def __init__(self, html):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        assert len({name for name, _ in attrs}) == len(attrs)
        element = [tag, dict(attrs), ""]
        self.elements.append(element)
        if tag not in self.VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for element in self._open:
            element[2] += data

    def of(self, name):
        """Attributes and texts of elements of a class."""
        return [(a, text) for _, a, text in self.elements if name in a.get("class", "").split()]


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.fixture(scope="module")
def o200k():
    return libtok.load("o200k_base")


@pytest.fixture(scope="module")
def wordpiece(tmp_path_factory):
    """BERT's pipeline over a few words: lower case, no text for spaces, [CLS] and [SEP] added, [UNK]."""
    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "hello", "world", "##s", "!", "a", '"><b>&']
    special = [
        {"id": i, "content": vocab[i], "special": True, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
        for i in range(4)
    ]
    spec = {
        "version": "1.0",
        "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {name: {"id": name, "ids": [i], "tokens": [name]} for name, i in (("[CLS]", 2), ("[SEP]", 3))},
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
            "vocab": {token: i for i, token in enumerate(vocab)},
        },
    }  # fmt: skip
    path = tmp_path_factory.mktemp("wordpiece") / "words.json"
    path.write_text(json.dumps(spec))
    return libtok.load(path)


def boxes(html):
    """Attributes and texts of the boxes of tokens."""
    return Elements(html).of("b")


# ---- Encoding


def test_an_encoding_is_two_arrays(gpt2):
    encoding = gpt2.encode_with_spans("Hello world")
    assert isinstance(encoding, libtok.Encoding)
    ids, spans = encoding
    assert ids is encoding.ids and spans is encoding.spans and len(encoding) == 2
    assert ids.tolist() == [15496, 995] and spans.tolist() == [[0, 5], [5, 11]]
    assert encoding.tokenizer is gpt2 and encoding.text == "Hello world" and encoding.unit == "bytes"
    assert repr(encoding) == "<libtok.Encoding, 2 ids: 15496 'Hello', 995 ' world'>"
    assert len(repr(gpt2.encode_with_spans("a b " * 10000))) < 300
    assert repr(gpt2.encode_with_spans("")) == "<libtok.Encoding, 0 ids>"


@pytest.mark.parametrize("unit", ["bytes", "chars", "utf16"])
def test_tokens(gpt2, wordpiece, unit):
    for text in TEXTS:
        encoding = gpt2.encode_with_spans(text, unit=unit)
        assert encoding.tokens == [gpt2.token_bytes(i) for i in encoding.ids.tolist()]
    encoding = wordpiece.encode_with_spans("HÉllo 🤗 worlds", template=True, unit=unit)
    assert encoding.tokens == [b"", "HÉllo".encode(), "🤗".encode(), b"world", b"s", b""]
    encoding = wordpiece.encode_with_spans("HÉllo 🤗 worlds".encode(), unit=unit)
    assert encoding.tokens == ["HÉllo".encode(), "🤗".encode(), b"world", b"s"]


def test_encodings_are_made_without_what_shows_them():
    script = """
import sys, libtok
encoding = libtok.load("gpt2").encode_with_spans("a")
assert not [name for name in sys.modules if name.startswith(("libtok.display", "libtok._display", "libtok._characters"))]
assert "libtok-" in encoding._repr_html_()
"""
    subprocess.run([sys.executable, "-c", script], check=True)


# ---- characters


def test_characters_lie_where_spans_say(gpt2):
    """Of every unit, of text and bytes, valid or not: the characters of a span are those that encode to its bytes."""
    invalid = [b"a\xff\xfe\xe4\xb8 \xc3(\xf0\x9f\x98", b"\xed\xa0\x80 \xf0\x9f\x98\x80\x80", b"\xff" * 50]
    cases = [(text, "error") for text in TEXTS] + [(text.encode(), "error") for text in TEXTS]
    cases += [(data, utf8) for data in invalid for utf8 in ("replace", "bytes")]
    for (text, utf8), unit in itertools.product(cases, ("bytes", "chars", "utf16")):
        spans = gpt2.encode_with_spans(text, unit=unit, utf8=utf8, special="text").spans
        whole = _characters.read_document(text, 1 << 40, unit, utf8)
        data = text.encode() if isinstance(text, str) else text
        assert b"".join(c.encode() if isinstance(c, str) else c for c in whole.characters) == data
        assert whole.starts[-1] == int(spans.max(initial=0))
        if unit != "bytes":
            assert set(spans.ravel().tolist()) <= set(whole.starts)
        for end in (1, 7, 30):
            part = _characters.read_document(text, end, unit, utf8)
            n = len(part.characters)
            assert part.characters == whole.characters[:n] and part.starts == whole.starts[: n + 1]
            assert part.starts[-1] >= min(end, whole.starts[-1])


# ---- tokens in HTML


@pytest.mark.parametrize("text", TEXTS)
def test_every_token_is_in_one_box(gpt2, o200k, text):
    for tokenizer, unit in itertools.product((gpt2, o200k), ("bytes", "chars", "utf16")):
        encoding = tokenizer.encode_with_spans(text, unit=unit)
        shown = boxes(encoding._repr_html_())
        ids = [int(i) for a, _ in shown for i in re.findall(r"^id (\d+)", a["title"], re.MULTILINE)]
        assert ids == encoding.ids.tolist()
        spans = [[int(x), int(y)] for a, _ in shown for x, y in re.findall(rf"^id \d+, {unit} (\d+)–(\d+)", a["title"], re.MULTILINE)]
        assert spans == encoding.spans.tolist()
        for a, _ in shown:
            assert a["role"] == "listitem" and "id " in a["aria-label"]


@pytest.mark.parametrize("text", TEXTS)
def test_nothing_invisible_or_active_gets_into_the_page(gpt2, o200k, text):
    for html in (gpt2.encode_with_spans(text)._repr_html_(), display.compare(gpt2, o200k, text)._repr_html_()):
        elements = Elements(html)
        assert {tag for tag, *_ in elements.elements} <= {"style", "div", "span", "bdi", "b", "i", "br", "wbr", "table", "tr", "th", "td"}
        for tag, attributes, _ in elements.elements:
            assert set(attributes) <= {"class", "role", "title", "aria-label", "dir", "style", "scope"}, tag
            assert re.fullmatch(r"--tok-n:\d+", attributes.get("style", "--tok-n:1"))
        assert "http" not in html and "url(" not in html and "@import" not in html
        inside = html[html.index("</style>") :].replace("\n", "")
        assert not [c for c in inside if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Co") or c in "\xa0\u3000"]


def shown_of(tokenizer, text, **options):
    return [text for _, text in boxes(display.tokens(tokenizer, text, **options)._repr_html_())]


def test_whitespace_and_what_has_no_look(o200k):
    assert "".join(shown_of(o200k, "a b\tc\n")) == "a·b→c↵"
    assert "".join(shown_of(o200k, "\xa0\u200b\u200d\ufeff\0\x1b\x7f\u3000\u202e\u2003\ufe0f")) == "NBSPZWSPZWJBOM␀␛␡IDSPRLOU+2003VS16"
    assert shown_of(o200k, b"a\xff\xe4\xb8 b", utf8="bytes")[1].startswith("\\xff")
    html = o200k.encode_with_spans("a\n\n\nb\n")._repr_html_()
    assert html.count("<br>") == 4
    assert "<br></span>" not in html  # a box that went on in the next line would begin it
    assert 'aria-label="3 newlines; ' in html


def test_every_character_is_seen():
    """All that Unicode has as Default_Ignorable_Code_Point, as White_Space or as a control is shown as something else."""
    unseen = [
        *range(0x20), 0x7F, *range(0x80, 0xA1), 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x1680, 0x17B4, 0x17B5, *range(0x180B, 0x1810),
        *range(0x2000, 0x2010), *range(0x2028, 0x2030), *range(0x205F, 0x2065), *range(0x2066, 0x2070), 0x2800, 0x3000, 0x3164,
        *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), 0xE0001, *range(0xE0020, 0xE0080),
        *range(0xE0100, 0xE01F0),
    ]  # fmt: skip
    shown = {}
    for code in unseen:
        (run,) = _text.runs_of([chr(code)])
        assert run.shown != chr(code) and run.shown.strip() and run.kind in ("mark", "tag")
        shown.setdefault(run.shown, []).append(code)
    assert not [codes for codes in shown.values() if len(codes) > 1]


def test_combining_marks_have_a_base(gpt2):
    assert "◌" in "".join(shown_of(gpt2, "न" + "े"))
    assert "◌" not in "".join(shown_of(gpt2, "é"))


def test_parts_of_characters_share_a_box(gpt2):
    (_, hello), (attributes, shown) = boxes(gpt2.encode_with_spans("a🤗")._repr_html_())
    assert (hello, shown) == ("a", "🤗") and "parts" in attributes["class"] and attributes["style"] == "--tok-n:3"
    assert attributes["title"] == (
        "id 8582, bytes 1–3, token b'\\xf0\\x9f'\nid 97, bytes 3–4, token b'\\xa4'\nid 245, bytes 4–5, token b'\\x97'"
    )
    html = gpt2.encode_with_spans("a🤗")._repr_html_()
    assert "A bar in n parts" in html and "A bar" not in gpt2.encode_with_spans("a")._repr_html_()


def test_special_inserted_and_left_out(wordpiece, gpt2):
    html = wordpiece.encode_with_spans("Hello  xyz worlds ", template=True)._repr_html_()
    kinds = [(a["class"].split()[1], text) for a, text in boxes(html)]
    assert kinds == [
        ("inserted", "[CLS]"), ("t1", "Hello"), ("gap", "··"), ("special", "xyz"), ("gap", "·"), ("t2", "world"), ("t0", "s"),
        ("inserted", "[SEP]"), ("gap", "·"),
    ]  # fmt: skip
    titles = {text: a["title"] for a, text in boxes(html)}
    assert titles["[CLS]"] == "id 2, inserted" and titles["Hello"] == "id 4, bytes 0–5, token ' hello'"
    assert [a["class"] for a, text in boxes(display.tokens(gpt2, "a<|endoftext|>b")._repr_html_())] == ["b t0", "b special", "b t2"]
    assert [a["class"] for a, _ in boxes(gpt2.encode_with_spans("<|endoftext|>", special="text")._repr_html_())][0] == "b t0"


def test_spellings_are_escaped(wordpiece):
    """Of a token that is not what the text has."""
    ((attributes, text),) = boxes(wordpiece.encode_with_spans('"><B>&')._repr_html_())
    assert text == '"><B>&' and attributes["title"] == "id 9, bytes 0–6, token ' \"><b>&'"


def test_header(gpt2, o200k):
    def head(html):
        elements = Elements(html[html.index('<div class="head">') : html.index('<div class="text')]).elements
        return [text for tag, _, text in elements if tag != "div"]

    encoding = gpt2.encode_with_spans("naïve" * 300)
    n = len(encoding)
    assert head(encoding._repr_html_()) == ["gpt2", f"{n} tokens", "1,800 bytes", f"{1800 / n:.2f} bytes/token"]
    assert head(o200k.encode_with_spans("")._repr_html_()) == ["o200k_base", "0 tokens", "0 bytes"]
    assert head(o200k.encode_with_spans("a")._repr_html_())[1:3] == ["1 token", "1 byte"]


def test_names_are_escaped(gpt2, tmp_path):
    path = tmp_path / "<b onclick=x>&.json"
    gpt2.save(path)
    tokenizer = libtok.load(path)
    for html in (tokenizer.encode_with_spans("a")._repr_html_(), display.compare(tokenizer, gpt2, "a")._repr_html_()):
        assert "<b onclick" not in html and "&lt;b onclick=x&gt;&amp;" in html


def test_output_is_bounded(gpt2, wordpiece):
    text = "some words, " * 50000
    html = gpt2.encode_with_spans(text)._repr_html_()
    assert len(html) < 250_000 and len(boxes(html)) == 1000
    n_ids = gpt2.count(text)
    assert f"… {n_ids - 1000:,} more tokens not shown" in html
    few = display.tokens(gpt2, text, limit=10)
    assert len(boxes(few._repr_html_())) == 10 and f"{n_ids - 10:,} more tokens" in str(few)
    assert "not shown" not in display.tokens(gpt2, "a b c", limit=3)._repr_html_()
    assert "1 more token not shown" in display.tokens(gpt2, "a b c", limit=2)._repr_html_()
    # One token of much text.
    encoding = wordpiece.encode_with_spans("x" * 3_000_000)
    assert len(encoding._repr_html_()) < 10_000 and "…" in encoding._repr_html_()
    assert len(_boxes.lay_out(encoding, 10).document.characters) <= 100_000
    html = display.compare(gpt2, wordpiece, text, limit=100)._repr_html_()
    assert len(html) < 100_000 and html.count("more tokens of") == 2
    for limit in (0, -5):
        with pytest.raises(ValueError, match="limit"):
            display.tokens(gpt2, "a b", limit=limit)._repr_html_()


@pytest.mark.parametrize("limit", range(1, 12))
def test_no_character_is_cut(gpt2, limit):
    """Whatever the limit: a character is shown with all its tokens, or not at all."""
    text = "a🤗中🤗 文b🤗"
    shown = display.tokens(gpt2, text, limit=limit)
    ids = [int(i) for a, _ in boxes(shown._repr_html_()) for i in re.findall(r"^id (\d+)", a["title"], re.MULTILINE)]
    assert ids == gpt2.encode(text).tolist()[: len(ids)] and (len(ids) <= limit or limit < 3)
    assert text.startswith(gpt2.decode(ids, errors="strict"))
    assert f"… {len(gpt2.encode(text)) - len(ids)} more" in str(shown)


class Fallback:
    """A tokenizer by bytes whose spans are SentencePiece's: of a character's tokens, the last one has all of it."""

    name = "fallback"
    special_tokens = {"<s>": 256}

    def token_bytes(self, token_id):
        return b"<s>" if token_id == 256 else bytes([token_id])

    def encode(self, text):
        ids, spans, at = [256], [[0, 0]], 0
        for character in text:
            data = character.encode()
            ids += data
            spans += [[at, at]] * (len(data) - 1) + [[at, at + len(data)]]
            at += len(data)
        return libtok.Encoding(self, text, np.array(ids, np.uint32), np.array(spans, np.uint64).reshape(-1, 2))


def test_tokens_without_text_go_with_their_character():
    encoding = Fallback().encode("a🤗")
    shown = [(a["class"], text, a["title"].count("id ")) for a, text in boxes(encoding._repr_html_())]
    assert shown == [("b inserted", "<s>", 1), ("b t1", "a", 1), ("b t2 parts", "🤗", 4)]
    texts = [[text for _, text in boxes(display.Tokens(encoding, limit=limit)._repr_html_())] for limit in range(1, 7)]
    assert texts == [["<s>"]] * 4 + [["<s>", "a"], ["<s>", "a", "🤗"]]


# ---- comparisons


def compare_rows(html):
    """Of each block, of each row, (class, text) of its boxes."""
    blocks = []
    for tag, attributes, text in Elements(html).elements:
        names = attributes.get("class", "").split()
        if names == ["block"]:
            blocks.append([])
        elif names == ["row"]:
            blocks[-1].append([])
        elif names[:1] == ["b"]:
            blocks[-1][-1].append((names[1], text))
    return blocks


@pytest.mark.parametrize("text", TEXTS)
def test_blocks_are_the_same_text(gpt2, o200k, text):
    comparison = display.compare(gpt2, o200k, text)
    blocks = compare_rows(comparison._repr_html_())
    for block in blocks:
        texts = ["".join(shown for _, shown in row).replace("◌", "") for row in block]
        assert texts[0].replace("\u200d", "") == texts[1].replace("\u200d", "")
        assert all(row for row in block)
        # Cut wherever both do: no boundary within a block is both's.
        inner = [set(itertools.accumulate(len(shown.replace("◌", "").replace("\u200d", "")) for _, shown in row[:-1])) for row in block]
        assert not inner[0] & inner[1]
        is_same = [{names for names, _ in row} == {"same"} for row in block]
        assert all(is_same) if len(block[0]) == len(block[1]) == 1 else not any(is_same)
    n_boxes = [len(boxes(one._repr_html_())) for one in map(display.Tokens, comparison.encodings)]
    assert [sum(len(block[row]) for block in blocks) for row in (0, 1)] == n_boxes


def test_comparison(gpt2, o200k):
    comparison = display.compare(gpt2, o200k, "a tokenizer 🤗")
    assert compare_rows(comparison._repr_html_()) == [
        [[("same", "a")], [("same", "a")]],
        [[("t0", "·token"), ("t0", "izer")], [("t1", "·tokenizer")]],
        [[("same", "·🤗")], [("same", "·🤗")]],
    ]
    assert comparison.ratios == [1, 4 / 6] and [len(one) for one in comparison.encodings] == [6, 4]
    assert str(comparison).splitlines()[-2:] == [
        "gpt2        a│·token╎izer│·🤗×3",
        "o200k_base  a│·tokenizer │·🤗×2",
    ]
    assert "gpt2: 6 tokens" in repr(comparison)


def test_letters_keep_their_shape_in_a_comparison(gpt2, o200k):
    """Each box is by itself: a joiner stands for the letter that this one is joined to. Alef joins none that follow it."""
    row = compare_rows(display.compare(gpt2, o200k, "السلام")._repr_html_())[0][0]
    assert [text for _, text in row] == ["ال\u200d", "\u200dس\u200d", "\u200dل\u200d", "\u200dا", "م"]


def test_comparison_of_many(gpt2, o200k, wordpiece):
    comparison = display.compare(gpt2, o200k, wordpiece, text="Hello  worlds", template=True)
    blocks = compare_rows(comparison._repr_html_())
    assert blocks[0] == [[], [], [("inserted", "[CLS]")]] and blocks[-1] == [[], [], [("inserted", "[SEP]")]]
    assert blocks[1] == [[("same", "Hello")]] * 3
    assert display.compare(gpt2, text="a").ratios == [1]
    assert display.compare(gpt2, o200k, "").ratios == [1, 1] and display.compare(gpt2, wordpiece, "", template=True).ratios == [1, float("inf")]
    for bad in [(), ("a",), (gpt2, o200k), (gpt2, 5)]:
        with pytest.raises(TypeError):
            display.compare(*bad)
    with pytest.raises(TypeError):
        display.compare(text="a")


# ---- terminals


@pytest.mark.parametrize("text", TEXTS)
def test_terminals_get_nothing_that_controls_them(gpt2, o200k, text):
    for shown in (str(display.tokens(gpt2, text)), str(display.compare(gpt2, o200k, text))):
        assert not [c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c != "\n"]
        assert all(len(line) <= 110 for line in shown.splitlines() if "╎" in line and "x" * 50 not in line)


def test_lines_of_a_terminal_are_aligned(gpt2, o200k):
    text = "def tokenizer(text):\n    return 中文分词 naïve ↵ tokenization" * 3
    lines = str(display.compare(gpt2, o200k, text)).split("\n\n")[1:]
    assert len(lines) > 3
    for pair in lines:
        first, second = (line[12:] for line in pair.splitlines())
        columns = [[sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line[:i]) for i, c in enumerate(line) if c == "│"] for line in (first, second)]
        assert columns[0] == columns[1]
    assert str(display.tokens(gpt2, "a\nb ↵")).splitlines()[1:] == ["a│↵", "b│·↵×2"]  # one is a newline, one is not


# ---- colours


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_is_legible(mode):
    for background in (*style.TURNS[mode], style.NEUTRAL[mode]):
        assert contrast(style.TEXT[mode], background) >= 4.5
        assert contrast(style.MARK[mode], background) >= 4.5
    assert contrast(*style.SPECIAL[mode]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_neighbours_differ_to_all_eyes(mode, eyes):
    """A difference of 2 is just seen; of 10, at a glance."""
    turns = style.TURNS[mode]
    for first, second in zip(turns, (*turns[1:], turns[0])):
        assert np.linalg.norm(lab(first, eyes) - lab(second, eyes)) > 15


def test_styles_stay_within_the_output(gpt2, o200k):
    for html in (gpt2.encode_with_spans("a")._repr_html_(), display.compare(gpt2, o200k, "a")._repr_html_()):
        sheet = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
        root = re.search(r'<div class="(libtok-[0-9a-f]{8})"', html).group(1)
        rules = re.sub(r"@media[^{]*\{(.*?\})\}", r"\1", sheet)
        for selectors in re.findall(r"([^{}]+)\{", rules):
            for selector in re.split(r",(?![^(]*\))", selectors):
                assert f".{root}" in selector.split(), selector
    names = {re.search(r"libtok-[0-9a-f]{8}", one).group() for one in (
        gpt2.encode_with_spans("a")._repr_html_(), display.compare(gpt2, o200k, "a")._repr_html_())}  # fmt: skip
    assert len(names) == 2
