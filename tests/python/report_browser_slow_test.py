"""What a browser makes of reports: charts drawn, filters, sorting, downloads, both modes, wide and narrow, and no hostile name run.

Chromium, headless, runs pages with one script more, which does what a reader would and writes down what came of it.
"""

import base64
import csv
import hashlib
import html
import io
import json
import re
import shutil
import subprocess

import pytest

pytest.importorskip("vl_convert", reason="reports need vl-convert, which is not installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if BROWSER is None:
    pytest.skip("no chromium to look at pages with", allow_module_level=True)

import libtok.report as report
from libtok.report._style import PAGE, SERIES

N_LANGUAGES = 400
HOSTILE = "</script><img src=x onerror=\"window.harmed=1\"><svg onload='window.harmed=1'>"
N_FIRST = 40  # bars before all are asked for

# `steps` is the test's own: what it returns is what the test gets.
PROBE = """
(async () => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number).slice(0, 3);
  const settled = () => new Promise(resolve => setTimeout(resolve, 50));
  const updated = () => new Promise(resolve => setTimeout(resolve, 300));  // what is typed is waited for
  const until = async check => { while (!check()) await settled(); };
  const bars = () => [...document.querySelectorAll("[data-chart=bars] .mark-rect path")];
  const labels = () => [...document.querySelectorAll("[data-chart=bars] .role-axis-label text")].map(e => e.textContent);
  const fill = e => rgb(getComputedStyle(e).fill);
  const type = async (element, value) => {
    element.value = value;
    element.dispatchEvent(new Event("input", {bubbles: true}));
    await updated();
  };
  await until(() => document.documentElement.dataset.drawn);
  const found = {
    drawn: document.documentElement.dataset.drawn,
    harmed: "harmed" in window,
    loaded: performance.getEntriesByType("resource").map(e => e.name),
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    overflow: document.documentElement.scrollWidth - innerWidth,
    back: rgb(getComputedStyle(document.documentElement).backgroundColor),
  };
  try { found.steps = await (async () => { STEPS })(); } catch (error) { found.error = String(error); }
  found.harmedAfter = "harmed" in window;
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify(found);
  document.body.append(result);
})();
"""


def premium(names=("one", "two"), code=lambda n: f"x{n:03}", **more):
    def premium_of(turn, n):
        return round(1 + (n * (turn + 3) % N_LANGUAGES) / 20, 3)

    return {
        "reference": "eng",
        "tokenizers": [
            {
                "tokenizer": name, "median": 5.0, "p95": 9.0, "max": 20.0, "max_language": code(1), "gini": 0.3,
                "languages": [{"language": "eng", "tokens": 100, "bytes": 400, "premium": 1.0, "byte_premium": 1.0, "script": "Latin"}] + [
                    {"language": code(n), "tokens": 100 * n, "bytes": 400 * n + 1, "premium": premium_of(turn, n), "byte_premium": 1 + n / 200,
                     "script": f"Script{n % 30}", "family": "a, \"b\"", "premium_low": 0.9 * premium_of(turn, n),
                     "premium_high": 1.1 * premium_of(turn, n), **more}
                    for n in range(N_LANGUAGES)
                ],
            }
            for turn, name in enumerate(names)
        ],
    }  # fmt: skip


def look(folder, page, steps="return null;", *, dark=False, width=1200):
    """What the probe found: its script is let in by its hash, as the page's policy asks for."""
    script = PROBE.replace("STEPS", steps)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head, tail = page.rsplit("</body>", 1)  # the drawing library has one of its own
    head = head.replace("script-src ", f"script-src 'sha256-{allowed}' ", 1)
    page = f"{head}<script>{script}</script></body>{tail}"
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},900", "--virtual-time-budget=60000",
        f"--user-data-dir={folder / 'profile'}", f"--blink-settings=preferredColorScheme={0 if dark else 1}", "--dump-dom", path.as_uri(),
    ]  # fmt: skip
    dom = subprocess.run(command, capture_output=True, timeout=240, cwd=folder, check=True).stdout.decode()
    found = json.loads(html.unescape(re.search(r'<pre id="result">(.*?)</pre>', dom, re.DOTALL).group(1)))
    assert found["drawn"] == "all" and "error" not in found and found["loaded"] == [] and found["dark"] == dark
    assert not found["harmed"] and not found["harmedAfter"]
    return found


@pytest.fixture(scope="module")
def page():
    return report.html(premium())


def channels(colour):
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 500])
def test_charts_follow_mode_and_width(page, tmp_path, mode, width):
    steps = """return {bars: bars().length, fill: fill(bars()[0]), svgs: document.querySelectorAll("svg.marks").length,
        wide: Math.max(...[...document.querySelectorAll("svg.marks")].map(e => e.getBoundingClientRect().right)), inner: innerWidth,
        texts: [...document.querySelectorAll(".role-axis-label text, .role-axis-title text")].map(fill)};"""
    found = look(tmp_path, page, steps, dark=mode == "dark", width=width)
    assert found["overflow"] <= 0 and found["back"] == channels(PAGE[mode])
    seen = found["steps"]
    assert seen["bars"] == N_FIRST and seen["svgs"] == 4 and seen["fill"] == channels(SERIES[mode][0])
    assert seen["wide"] <= seen["inner"] and len(seen["texts"]) > N_FIRST
    is_light = [sum(ink) > 384 for ink in seen["texts"]]
    assert set(is_light) == {mode == "dark"}


def test_worst_first_and_all_when_asked(page, tmp_path):
    steps = """const first = labels(), text = document.querySelector(".more").textContent;
        document.querySelector(".more").click(); await settled();
        return {first, text, all: bars().length};"""
    seen = look(tmp_path, page, steps)["steps"]
    languages = premium()["tokenizers"][0]["languages"][1:]
    expected = sorted(languages, key=lambda one: -one["premium"])
    found = [label for label in seen["first"] if label.startswith("x")]
    premiums = {one["language"]: one["premium"] for one in languages}
    assert [premiums[label] for label in found] == [one["premium"] for one in expected[:N_FIRST]]
    assert seen["text"] == f"Show all {N_LANGUAGES}" and seen["all"] == N_LANGUAGES


def test_filters(page, tmp_path):
    steps = """const rows = () => [...document.querySelectorAll(".all tbody tr")].filter(row => !row.hidden).length;
        const seen = [];
        const note = () => seen.push([bars().length, rows(), document.querySelector(".found").textContent]);
        await type(document.querySelector(".find"), "X00"); note();
        await type(document.querySelector(".find"), "nothing like it"); note();
        await type(document.querySelector(".find"), ""); note();
        await type(document.querySelector("select.script"), "Script3"); note();
        document.querySelectorAll(".choice input")[1].click(); await updated();
        seen.push(fill(bars()[0]));
        return seen;"""
    seen = look(tmp_path, page, steps)["steps"]
    n_of_script = sum(n % 30 == 3 for n in range(N_LANGUAGES))
    assert seen == [
        [10, 10, f"10 of {N_LANGUAGES} languages"],
        [0, 0, f"0 of {N_LANGUAGES} languages"],
        [N_FIRST, N_LANGUAGES + 1, f"{N_LANGUAGES} of {N_LANGUAGES} languages"],
        [n_of_script, n_of_script, f"{n_of_script} of {N_LANGUAGES} languages"],
        channels(SERIES["light"][1]),
    ]


def test_tables_sort(page, tmp_path):
    steps = """const table = document.querySelector(".all table"), heads = [...table.tHead.rows[0].cells];
        const column = heads.findIndex(head => head.textContent.startsWith("one")), seen = [];
        for (let i = 0; i < 2; ++i) {
          heads[column].querySelector("button").click();
          seen.push([heads[column].ariaSort, [...table.tBodies[0].rows].map(row => parseFloat(row.cells[column].textContent))]);
        }
        return seen;"""
    (falling, high), (rising, low) = look(tmp_path, page, steps)["steps"]
    assert falling == "descending" and high == sorted(high, reverse=True) and len(high) == N_LANGUAGES + 1
    assert rising == "ascending" and low == sorted(low)


def test_download(page, tmp_path):
    steps = """let blob = null;
        URL.createObjectURL = one => { blob = one; return "#"; };
        document.querySelector(".csv").click();
        return blob.text();"""
    rows = list(csv.DictReader(io.StringIO(look(tmp_path, page, steps)["steps"], newline="")))
    given = [(one["tokenizer"], language) for one in premium()["tokenizers"] for language in one["languages"]]
    assert len(rows) == len(given)
    for row, (tokenizer, language) in zip(rows, given):
        assert row["tokenizer"] == tokenizer
        for field, value in language.items():
            assert row[field] == value if isinstance(value, str) else float(row[field]) == pytest.approx(value, rel=1e-5), field


def test_hovering_shows_text(page, tmp_path):
    steps = """const tip = document.getElementById("tip"), before = tip.hidden, bar = bars()[0], {left, top} = bar.getBoundingClientRect();
        for (const kind of ["mouseover", "mousemove", "pointermove", "pointerover"])
          bar.dispatchEvent(new PointerEvent(kind, {bubbles: true, clientX: left + 3, clientY: top + 3}));
        await settled();
        return {before, after: tip.hidden, text: tip.textContent, children: tip.children.length};"""
    seen = look(tmp_path, page, steps)["steps"]
    assert seen["before"] and not seen["after"] and seen["children"] == 0
    assert "one: 20.95×" in seen["text"] and "95 % interval" in seen["text"]


def test_hostile_names(tmp_path):
    """They are shown, in charts, tables, choices and on hover, with the policy out of the way that would stop them."""
    measurements = [
        premium((HOSTILE, HOSTILE), code=lambda n: f"{HOSTILE}{n}", name=HOSTILE),
        {"shares": {HOSTILE: 1.0}},
        {"schemes": [{"scheme": HOSTILE, "bytes_per_token": 1.0, HOSTILE: HOSTILE}]},
        {"curves": [{"language": HOSTILE, "points": [{"size": 10, "count": 10}]}]},
        {"tokenizer": HOSTILE, "vocabulary": {"ids": 1, HOSTILE: 1}, "tokens": [{"id": 1, "token": HOSTILE, "class": HOSTILE}]},
        {HOSTILE: [{HOSTILE: HOSTILE}]},
    ]
    steps = """const bar = bars()[0], {left, top} = bar.getBoundingClientRect();
        for (const kind of ["mouseover", "mousemove", "pointermove", "pointerover"])
          bar.dispatchEvent(new PointerEvent(kind, {bubbles: true, clientX: left + 3, clientY: top + 3}));
        await type(document.querySelector(".find"), "<img");
        return {bars: bars().length, tip: document.getElementById("tip").textContent, images: document.images.length};"""
    page, n = re.subn("<meta http-equiv[^>]*>", "", report.html(*measurements, title=HOSTILE))
    assert n == 1
    seen = look(tmp_path, page, steps)["steps"]
    assert seen["bars"] == N_FIRST and seen["images"] == 0 and "<img src=x" in seen["tip"]


def test_the_policy_stops_what_would_get_through(tmp_path, page):
    """Were a name not escaped, it still would do nothing."""
    page = page.replace("<h1>", "<img src='data:,' onerror='window.harmed=1'><script>window.harmed=1</script><h1>", 1)
    found = look(tmp_path, page, "return document.images.length;")
    assert found["steps"] == 1


def test_other_kinds_are_drawn(tmp_path):
    points = [{"size": 1000 * n, "count": 9000 // n} for n in (1, 2, 4)]
    page = report.html(
        {"shares": {"en": 0.75, "fr": 0.25}},
        {"schemes": [{"scheme": "merges", "bytes_per_token": 4.0, "same_words": 1.0}]},
        {"curves": [{"language": "deu", "points": points, "law": {"a": 9e6, "b": 1.0}}]},
        {"vocabulary": {"ids": 3, "ok": 3}},
        {"anything": [1, 2]},
    )
    steps = "return [...document.querySelectorAll('svg.marks')].map(e => e.querySelectorAll('.mark-rect path, .mark-symbol path').length);"
    found = look(tmp_path, page, steps)
    assert len(found["steps"]) == 5 and min(found["steps"]) >= 1 and found["overflow"] <= 0
