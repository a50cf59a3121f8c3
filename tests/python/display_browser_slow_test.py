"""What a browser makes of libtok's HTML: colours, contrast, direction, line breaks, overflow, and the page around it unharmed.

Chromium, headless, lays pages out and measures them; skipped where there is none. Scripts are the test's own: outputs have none.
"""

import json
import re
import shutil
import struct
import subprocess
import zlib

import numpy as np
import pytest

import libtok
import libtok.display as display
from libtok.display import _style as style

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if BROWSER is None:
    pytest.skip("no chromium to look at pages with", allow_module_level=True)

# Of each output: its boxes' rectangles and colours, and whether anything sticks out of it.
MEASURE = """
<script>
const rgb = text => text.match(/[\\d.]+/g).map(Number);
function backdrop(element) {
  for (; element; element = element.parentElement) {
    const colour = rgb(getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
  }
  return [255, 255, 255];
}
function box(element) {
  const {left, right, top, bottom} = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return {text: element.textContent, kind: element.className, left, right, top, bottom, back: backdrop(element),
          inks: [element, ...element.querySelectorAll("i, bdi")].map(e => rgb(getComputedStyle(e).color).slice(0, 3)),
          backs: [element, ...element.querySelectorAll("i, bdi")].map(backdrop)};
}
function look(output) {
  const frame = output.getBoundingClientRect();
  const all = [...output.querySelectorAll("*")].filter(e => e.getClientRects().length);
  return {
    boxes: [...output.querySelectorAll(".b")].map(box),
    blocks: [...output.querySelectorAll(".block")].map(b => [...b.querySelectorAll(".row")].map(box)),
    overflow: Math.max(0, ...all.map(e => Math.max(e.getBoundingClientRect().right - frame.right, frame.left - e.getBoundingClientRect().left))),
    scripts: output.querySelectorAll("script").length,
  };
}
const probe = element => Object.fromEntries([...getComputedStyle(element)].map(name => [name, getComputedStyle(element)[name]]));
const found = {
  is_dark: matchMedia("(prefers-color-scheme: dark)").matches,
  harmed: typeof harmed !== "undefined",
  outputs: [...document.querySelectorAll(".output")].map(look),
  probes: [...document.querySelectorAll(".probe, .probe *")].map(probe),
};
const result = document.createElement("pre");
result.id = "result";
result.textContent = JSON.stringify(found);
document.body.append(result);
</script>
"""
PROBES = (
    '<div class="probe"><b class="b t0 head">b</b><i>i</i><bdi class="tag special">bdi</bdi><table class="head"><tr><th>th</th>'
    "<td>td</td></tr></table><span class='text row block same only parts gap'>s</span></div>"
)


def run_browser(folder, page, *flags):
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=900,900", f"--user-data-dir={folder / 'profile'}"]
    return subprocess.run([*command, *flags, path.as_uri()], capture_output=True, timeout=120, cwd=folder, check=True).stdout.decode()


def page_of(shown, *, body="", css="", width=800):
    outputs = "".join(f'<div class="output" style="width:{width}px;margin:10px">{one._repr_html_()}</div>' for one in shown)
    return f'<!doctype html><html><meta charset="utf-8"><style>{css}</style><body {body}>{PROBES}{outputs}'


def measure(folder, page, *, dark=False):
    dom = run_browser(folder, page + MEASURE, "--dump-dom", f"--blink-settings=preferredColorScheme={0 if dark else 1}")
    text = re.search(r'<pre id="result">(.*?)</pre>', dom, re.DOTALL).group(1)
    found = json.loads(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert found["is_dark"] == dark and not found["harmed"]
    return found


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def contrast(first, second):
    """Of WCAG 2, of colours of three channels up to 255."""

    def luminance(colour):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in colour)]
        return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))

    low, high = sorted(map(luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def gpt2():
    return libtok.load("gpt2")


@pytest.fixture(scope="module")
def o200k():
    return libtok.load("o200k_base")


@pytest.fixture(scope="module")
def shown(gpt2, o200k):
    """By name, what the tests look at."""
    return {
        "words": display.tokens(o200k, "one two three four"),
        "code": display.tokens(gpt2, "if x:\n    return\n\n\ty"),
        "arabic": display.tokens(o200k, "السلام عليكم ورحمة الله 2024"),
        "cut word": display.tokens(gpt2, "السلام"),
        "emoji": display.tokens(gpt2, "👍🏽🇩🇪"),
        "hebrew in English": display.tokens(o200k, "say שלום עולם twice"),
        "a line of each": display.tokens(o200k, "left\nשלום\nright"),
        "override": display.tokens(o200k, "one \u202etwo three\u202c four"),
        "markup": display.tokens(o200k, "</style></div><script>var harmed = 1</script><img src=x onerror='harmed=1'>\" onclick=\"harmed=1"),
        "invalid": display.tokens(o200k, b"ok \xff\xe4\xb8 \xc3(", utf8="bytes"),
        "special": display.tokens(o200k, "<|endoftext|>a\0b\xa0c<|endoftext|>"),
        "parts": display.tokens(gpt2, "a 🤗 中文"),
        "long": display.tokens(o200k, "x" * 3000 + " words" * 500 + "\n" + "中文" * 300, limit=400),
        "comparison": display.compare(gpt2, o200k, "def f(tokenizer):\n    return naïve 中文 🤗 " * 3 + "a" * 900),
        "comparison of lines": display.compare(gpt2, o200k, "a.\n\n\nb(\n\n    c"),
        "comparison in Arabic": display.compare(gpt2, o200k, "السلام عليكم"),
    }


@pytest.fixture(scope="module", params=["light", "dark"])
def looks(request, shown, tmp_path_factory):
    """(mode, outputs by name) in a reader's two modes."""
    dark = request.param == "dark"
    css = "body{background:#111;color:#ddd}" if dark else ""
    found = measure(tmp_path_factory.mktemp("looks"), page_of(shown.values(), css=css), dark=dark)
    return request.param, dict(zip(shown, found["outputs"]))


def test_colours_take_turns(looks):
    mode, outputs = looks
    expected = [channels(style.TURNS[mode][turn % 3]) for turn in range(4)]
    assert [box["back"] for box in outputs["words"]["boxes"]] == expected


def test_everything_is_legible(looks):
    _, outputs = looks
    n = 0
    for output in outputs.values():
        for box in output["boxes"]:
            for ink, back in zip(box["inks"], box["backs"]):
                assert contrast(ink, back) >= 4.5, box
                n += 1
    assert n > 500


def test_nothing_sticks_out(looks):
    _, outputs = looks
    for name, output in outputs.items():
        assert output["overflow"] <= 1 and output["scripts"] == 0, name


def test_lines_end_at_newlines(looks):
    _, outputs = looks
    boxes = outputs["code"]["boxes"]
    tops = [round(box["top"]) for box in boxes]
    for before, after in zip(range(len(boxes)), range(1, len(boxes))):
        assert (tops[after] > tops[before]) == ("↵" in boxes[before]["text"])
    first, second, fourth = sorted(set(tops))  # the third has but the end of "↵↵"
    assert (fourth - second) > 1.8 * (second - first)
    assert len({round(box["left"]) for box, top in zip(boxes, [None, *tops]) if top != round(box["top"])}) == 1


def test_directions(looks):
    _, outputs = looks
    lefts = {name: [round(box["left"]) for box in output["boxes"]] for name, output in outputs.items()}
    rights = {name: [round(box["right"]) for box in output["boxes"]] for name, output in outputs.items()}
    assert max(rights["arabic"]) > 800  # begins at the right
    texts = [box["text"] for box in outputs["arabic"]["boxes"]]
    words = [left for left, text in zip(lefts["arabic"], texts) if not text[-1].isdigit() and text != "·"]
    assert words == sorted(words, reverse=True)
    digits = [left for left, text in zip(lefts["arabic"], texts) if text.isdigit()]
    assert len(digits) == 2 and digits == sorted(digits)  # "202", "4"
    # A Hebrew phrase within English is read from the right, what follows is at its right.
    texts = [box["text"] for box in outputs["hebrew in English"]["boxes"]]
    at = dict(zip(texts, zip(lefts["hebrew in English"], rights["hebrew in English"])))
    ends = [at[text][1] for text in texts if any("\u0590" < c < "\u0600" for c in text)]
    assert len(ends) >= 2 and ends == sorted(ends, reverse=True)
    assert at["say"][1] < min(ends) and max(ends) <= at["·twice"][0]


def test_each_line_has_its_direction(looks):
    _, outputs = looks
    edges = {box["text"]: (box["left"], box["right"]) for box in outputs["a line of each"]["boxes"]}
    assert edges["left"][0] < 20 and edges["right"][0] < 20
    assert max(right for text, (_, right) in edges.items() if text[0] > "\u0590" and text != "↵") > 800


def test_controls_of_direction_control_nothing(looks):
    _, outputs = looks
    lefts = [box["left"] for box in outputs["override"]["boxes"]]
    assert lefts == sorted(lefts) and "RLO" in "".join(box["text"] for box in outputs["override"]["boxes"])


def test_letters_join_across_boxes(looks, gpt2, tmp_path):
    """A word in boxes is as wide as without them: its letters have the shapes that they have in a word."""
    mode, outputs = looks
    boxes = outputs["cut word"]["boxes"]
    assert len(boxes) > 2
    width = max(box["right"] for box in boxes) - min(box["left"] for box in boxes)
    font = re.search(r"font-family:(ui-monospace[^;}]*)", style.RULES).group(1)
    whole = f"<div class='output'><span class='b' style='font-size:13px;font-family:{font}'>السلام</span></div>"
    found = measure(tmp_path, f'<!doctype html><meta charset="utf-8"><body>{whole}', dark=mode == "dark")
    box = found["outputs"][0]["boxes"][0]
    assert abs((box["right"] - box["left"]) - width) < 1.5


def test_emoji_do_not_join_across_boxes(looks):
    """Each is seen: of a sequence drawn as one, some boxes would be empty."""
    _, outputs = looks
    boxes = outputs["emoji"]["boxes"]
    assert [box["text"] for box in boxes] == ["👍", "🏽", "🇩", "🇪"]
    widths = [box["right"] - box["left"] for box in boxes]
    assert min(widths) > 0.6 * max(widths)


def test_rows_of_a_comparison_are_in_line(looks):
    _, outputs = looks
    for name in ("comparison", "comparison in Arabic"):
        blocks = outputs[name]["blocks"]
        assert len(blocks) >= 2
        for rows in blocks:
            first = rows[0]
            for row in rows[1:]:
                assert abs(row["left"] - first["left"]) <= 1 and abs(row["right"] - first["right"]) <= 1
                assert row["top"] >= first["bottom"]
        short = [rows for rows in blocks if rows[0]["bottom"] - rows[0]["top"] < 40]
        tops = {}
        for rows in short:
            tops.setdefault(round(rows[0]["top"]), set()).add(round(rows[1]["top"]))
        assert all(max(seconds) - min(seconds) <= 1 for seconds in tops.values())
    lefts = [rows[0]["left"] for rows in outputs["comparison in Arabic"]["blocks"]]
    assert lefts == sorted(lefts, reverse=True)


def test_rows_of_a_comparison_are_one_line(looks):
    """Newlines end lines of blocks, not of tokens in them."""
    _, outputs = looks
    boxes = outputs["comparison of lines"]["boxes"]
    assert any("↵↵" in box["text"] for box in boxes) and max(box["bottom"] - box["top"] for box in boxes) < 30
    assert len({round(rows[0]["top"]) for rows in outputs["comparison of lines"]["blocks"]}) == 3


# A page that says what it is has the last word, whatever the reader's system is.
@pytest.mark.parametrize(
    "page, mode",
    [
        ('data-jp-theme-light="true"', "light"), ('data-jp-theme-light="false"', "dark"), ('class="vscode-light"', "light"),
        ('class="vscode-dark"', "dark"), ('class="vscode-high-contrast"', "dark"),
        ('class="vscode-high-contrast vscode-high-contrast-light"', "light"),
    ],
)  # fmt: skip
def test_pages_with_themes(shown, tmp_path, page, mode):
    found = measure(tmp_path, page_of([shown["words"], shown["comparison"]], body=page), dark=mode == "light")
    assert found["outputs"][0]["boxes"][0]["back"] == channels(style.TURNS[mode][0])
    assert {tuple(box["back"]) for box in found["outputs"][1]["boxes"] if "same" in box["kind"]} == {tuple(channels(style.NEUTRAL[mode]))}


def test_the_page_is_unharmed(shown, tmp_path):
    with_output = measure(tmp_path, page_of(shown.values()))
    without = measure(tmp_path, page_of([]))
    assert with_output["probes"] == without["probes"] and len(without["probes"]) >= 8


def test_outputs_do_not_disturb_each_other(shown, tmp_path):
    one, other = shown["parts"], shown["comparison"]
    alone = [measure(tmp_path, page_of([shown]))["outputs"][0] for shown in (one, other)]
    together = measure(tmp_path, page_of([one, other, one]))["outputs"]
    for first, second in zip((*alone, alone[0]), together):
        assert [(b["left"], b["inks"], b["back"]) for b in first["boxes"]] == [(b["left"], b["inks"], b["back"]) for b in second["boxes"]]


def test_narrow_pages(shown, tmp_path):
    for output in measure(tmp_path, page_of(shown.values(), width=200))["outputs"]:
        assert all(box["right"] <= 219 for box in output["boxes"])


def read_png(data):
    """Pixels, shape (height, width, 3)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        (n,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        if kind == b"IHDR":
            width, height, depth, colours = struct.unpack(">IIBB", data[at + 8 : at + 18])
        elif kind == b"IDAT":
            packed += data[at + 8 : at + 8 + n]
        at += n + 12
    n_channels = {2: 3, 6: 4}[colours]
    assert depth == 8
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * n_channels)
    pixels = np.zeros((height, width, n_channels), np.uint8)
    above = np.zeros((width, n_channels), np.int32)
    for y, row in enumerate(rows):
        line = row[1:].reshape(width, n_channels).astype(np.int32)
        if row[0] == 1:
            line = np.cumsum(line, axis=0)
        elif row[0] == 2:
            line = line + above
        elif row[0] in (3, 4):
            left, corner = np.zeros(n_channels, np.int32), np.zeros(n_channels, np.int32)
            for x in range(width):
                up = above[x]
                if row[0] == 3:
                    guess = (left + up) // 2
                else:
                    distance = np.abs(np.stack([up - corner, left - corner, left + up - 2 * corner]))
                    guess = np.choose(np.argmin(distance, axis=0), [left, up, corner])
                left, corner = (line[x] + guess) & 255, up
                line[x] = left
        above = line & 255
        pixels[y] = above
    return pixels[:, :, :3]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pixels(shown, tmp_path, mode):
    """What is painted: the colours of the tokens, in the order that tokens take turns."""
    flags = (f"--screenshot={tmp_path / 'page.png'}", f"--blink-settings=preferredColorScheme={0 if mode == 'dark' else 1}")
    run_browser(tmp_path, page_of([shown["words"]]).replace(PROBES, ""), *flags)
    pixels = read_png((tmp_path / "page.png").read_bytes()).astype(int)
    places = []
    for colour in style.TURNS[mode]:
        is_it = (pixels == channels(colour)).all(axis=2)
        assert is_it.sum() > 100
        places.append(np.nonzero(is_it.any(axis=0))[0].min())
    assert places == sorted(places)
