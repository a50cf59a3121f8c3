"""Reports: what a page holds, that it needs nothing else, and that no text of a measurement becomes more than text."""

import base64
import hashlib
import itertools
import json
import os
import re
import stat
import subprocess
import sys
from html.parser import HTMLParser

import numpy as np
import pytest
from colours import EYES, contrast, lab

pytest.importorskip("vl_convert", reason="reports need vl-convert, which is not installed")

import libtok.report as report
import libtok.report._page
from libtok.display._style import MARK, TEXT
from libtok.report.__main__ import main
from libtok.report._style import CARD, N_COLOURS, PAGE, SERIES, SHADE

# Most of a page is the library that draws, which most tests do not look at.
RUNTIME = libtok.report._page.runtime


@pytest.fixture(autouse=True)
def without_runtime(monkeypatch):
    monkeypatch.setattr(libtok.report._page, "runtime", lambda: "")


HOSTILE = "</script><img src=x onerror=\"window.harmed=1\"><!-- <script>window.harmed=1</script> '\"&{{7*7}}\u2028"


def language(code, tokens, reference=100, **more):
    return {"language": code, "tokens": tokens, "bytes": 4 * tokens, "premium": tokens / reference, **more}


def premium(*names, languages=None, **more):
    if languages is None:
        languages = [
            language("eng", 100, script="Latin", family="Indo-European", byte_premium=1.0),
            language("deu", 150, script="Latin", family="Indo-European", byte_premium=1.1, premium_low=1.4, premium_high=1.6),
            language("mya", 900, script="Myanmar", family="Sino-Tibetan", byte_premium=3.5, premium_low=None, premium_high=None),
        ]
    summary = {"median": 5.25, "p95": 8.6, "max": 9.0, "max_language": "mya", "gini": 0.357, "n_languages": 2}
    groups = {"scripts": [{"script": "Latin", **summary}], "families": [{"family": "Sino-Tibetan", **summary}]}
    return {
        "schema": 1, "reference": "eng", "items": 3,
        "tokenizers": [{"tokenizer": name, "languages": languages, **summary, **groups} for name in names], **more,
    }  # fmt: skip


def vocabulary(*tokens):
    return {
        "schema": 1, "tokenizer": "v", "vocabulary": {"ids": 500, "tokens": 500, "ok": 496, "undecodable": len(tokens), "only_in_context": 0},
        "statistics": {"bytes": {"mean": 2.5, "lengths": [[1, 256], [2, 200], [4, 44]]}, "scripts": {"Latin": 400, "Han": 100}},
        "tokens": [{"id": n, "token": token, "class": "undecodable", "becomes": [n]} for n, token in enumerate(tokens)],
    }  # fmt: skip


MEASUREMENTS = {
    "premium": premium("gpt2", "o200k_base"),
    "mixture": {"schema": 1, "shares": {"en": 0.75, "fr": 0.25}, "sensitivity": {"en": 3.5, "fr": 0.0}, "misfit": 12.5},
    "schemes": {"tokenizer": "gpt2", "schemes": [{"scheme": "merges", "tokens": 10, "bytes_per_token": 4.2, "same_words": 1.0}, {"scheme": "longest", "bytes_per_token": 4.0}]},
    "study": {
        "curves": [
            {"language": "deu", "bytes": 9, "points": [{"size": 1000, "tokens": 1000, "count": 900}, {"size": 4000, "tokens": 4000, "count": 600}],
             "law": {"a": 5000.0, "b": 0.25, "c": 10.0, "rmse": 1.5}},
            {"points": [{"size": 1000, "count": 800}]},
        ],
        "common_size": 4000, "reduction": 7.25, "best": 0,
        "targets": [{"target": 700.0, "variance": 2.0, "at_limits": 0, "choices": [{"language": "deu", "size": 2900, "count": 701}]}],
    },
    "vocabulary": vocabulary("a", " b", "\n", "\\xff"),
    "other": {"schema": 1, "comparison": [{"file": "a", "n": 1}, {"file": "b", "n": 2, "inner": [1, 2]}], "total": {"n": 3}},
}  # fmt: skip


class Page(HTMLParser):
    """Elements as (tag, attributes), text outside scripts and styles, and the content of scripts by class."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.text, self.scripts, self._inside = [], "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in ("script", "style"):
            self._inside.append((tag, dict(attributes)))
            self.scripts += [[dict(attributes).get("class"), ""]] if tag == "script" else []

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            self.text += data
        elif self._inside[-1][0] == "script":
            self.scripts[-1][1] += data

    def of(self, name):
        return [json.loads(content) for kind, content in self.scripts if kind == name]

    def shape(self):
        """What is left without texts and values."""
        return [(tag, sorted(attributes)) for tag, attributes in self.elements]


# ---- what pages hold


@pytest.mark.parametrize("kind", MEASUREMENTS)
def test_each_kind_is_a_page(kind):
    page = Page(report.html(MEASUREMENTS[kind]))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("html") == tags.count("main") == tags.count("section") == tags.count("h1") == 1
    assert (tags.count("figure") > 0) == (kind != "other") and "table" in tags
    assert len(page.of("spec")) == tags.count("figure")


def test_premium_says_its_numbers():
    page = Page(report.html(MEASUREMENTS["premium"]))
    for shown in ("5.25×", "8.60×", "9.00×", "0.36", "2 languages beside eng", "Sino-Tibetan", "1.50×"):
        assert shown in page.text, shown
    (data,) = page.of("data")
    assert data["reference"] == "eng" and data["languages"]["language"] == ["eng", "deu", "mya"]
    assert [one["name"] for one in data["tokenizers"]] == ["gpt2", "o200k_base"]
    assert data["tokenizers"][0]["premium"] == [1, 1.5, 9] and data["tokenizers"][0]["premium_low"] == [None, 1.4, None]
    figures = [attributes["data-chart"] for tag, attributes in page.elements if tag == "figure"]
    assert figures == ["bars", "spread", "scripts", "against"]


def test_premium_by_the_contract_alone():
    """What the command line promises, nothing beside it; and languages that not all tokenizers have."""
    measurement = {"schema": 1, "reference": "eng", "tokenizers": [
        {"tokenizer": "a", "languages": [language("eng", 100), language("deu", 150)], "median": 1.5, "p95": 1.5, "max": 1.5, "gini": 0},
        {"tokenizer": "a", "languages": [language("fra", 120, interval=[1.1, 1.3])]}]}  # fmt: skip
    page = Page(report.html(measurement))
    (data,) = page.of("data")
    assert [one["name"] for one in data["tokenizers"]] == ["a", "a (2)"]
    assert data["tokenizers"][1]["premium"] == [None, None, 1.2] and data["tokenizers"][1]["premium_high"] == [None, None, 1.3]
    assert [attributes["data-chart"] for tag, attributes in page.elements if tag == "figure"] == ["bars", "spread"]
    assert "No language was measured" in report.html({"reference": "eng", "tokenizers": []})


def test_numbers_that_are_none():
    text = '{"reference":"eng","tokenizers":[{"tokenizer":"a","languages":[{"language":"deu","premium":NaN},{"language":"fra","premium":Infinity}],"max":NaN}]}'
    (data,) = Page(report.html(text)).of("data")
    assert data["tokenizers"][0]["premium"] == [None, None]


def test_mixture():
    page = Page(report.html(MEASUREMENTS["mixture"]))
    assert "75.00 %" in page.text and "12.5" in page.text and "3.5" in page.text
    (spec,) = page.of("spec")
    assert [row["name"] for row in spec["data"][0]["values"]] == ["en", "fr"]


def test_study_draws_the_laws_that_it_is_given():
    page = Page(report.html(MEASUREMENTS["study"]))
    spec, sizes = page.of("spec")
    assert "7.2×" in page.text and [row["size"] for row in sizes["data"][0]["values"]] == [2900]
    rows = [row for data in spec["data"] for row in data.get("values", ())]
    drawn = {row["size"]: row["count"] for row in rows if row["curve"] == 0 and "tip" not in row}
    assert len(drawn) > 30 and drawn[1000] == pytest.approx(5000 * 1000**-0.25 + 10)


def test_files_of_tokenizers_go_by_their_names():
    page = Page(report.html(premium("gpt2", "vocab/llama3.tokenizer.json.zst")))
    assert "llama3" in page.text and "vocab/" not in page.text
    page = Page(report.html(premium("a/tokenizer.json", "b/tokenizer.json")))
    assert "a/tokenizer.json" in page.text and "b/tokenizer.json" in page.text


def test_vocabulary_shows_what_cannot_be_seen():
    page = Page(report.html(MEASUREMENTS["vocabulary"]))
    assert "·b" in page.text and "↵" in page.text and "undecodable (4)" in page.text and "Han: 100 tokens" in str(page.of("spec"))


def test_other_measurements_are_tables():
    page = Page(report.html(MEASUREMENTS["other"]))
    assert "comparison" in page.text and "file" in page.text and "schema" not in page.text


def test_several_are_sections_with_links():
    page = Page(report.html(*MEASUREMENTS.values(), title="All"))
    assert [attributes["id"] for tag, attributes in page.elements if tag == "section"] == [f"section-{n}" for n in range(6)]
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == [f"#section-{n}" for n in range(6)]
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_same_bytes():
    pages = {report.html(premium("a", "b")) for _ in range(2)}
    assert len(pages) == 1


# ---- nothing but text


def hostile(kind):
    if kind == "premium":
        return premium(HOSTILE, languages=[language(HOSTILE, 100, script=HOSTILE, family=HOSTILE, name=HOSTILE), language("deu", 150, byte_premium=1.0)],
                       reference=HOSTILE)  # fmt: skip
    if kind == "vocabulary":
        return {"tokenizer": HOSTILE, "vocabulary": {"ids": 2, HOSTILE: 2}, "statistics": {"scripts": {HOSTILE: 2}},
                "tokens": [{"id": 1, "token": HOSTILE, "class": HOSTILE, HOSTILE: HOSTILE}]}  # fmt: skip
    return {
        "mixture": {"shares": {HOSTILE: 1.0}, HOSTILE: HOSTILE},
        "schemes": {"tokenizer": HOSTILE, "schemes": [{"scheme": HOSTILE, "bytes_per_token": 1, "same_words": 1, HOSTILE: HOSTILE}]},
        "study": {"curves": [{"language": HOSTILE, "points": [{"size": 10, "count": 10}]}], "targets": [{"choices": [{"language": HOSTILE}]}], "best": 0},
        "other": {HOSTILE: [{HOSTILE: HOSTILE}], "nested": {HOSTILE: {HOSTILE: [HOSTILE]}}},
    }[kind]


def harmless(value):
    """The same measurement with a word in place of the hostile text."""
    return json.loads(json.dumps(value, ensure_ascii=False).replace(json.dumps(HOSTILE, ensure_ascii=False)[1:-1], "word"))


@pytest.mark.parametrize("kind", MEASUREMENTS)
def test_hostile_names_are_text(kind):
    html = report.html(hostile(kind), title=HOSTILE)
    page = Page(html)
    assert page.shape() == Page(report.html(harmless(hostile(kind)), title="word")).shape()
    assert not [1 for tag, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "<img src=x" not in html and "<script>window" not in html
    assert page.text.count("window.harmed") > 0


@pytest.mark.parametrize("kind", MEASUREMENTS)
def test_names_are_in_the_data_of_charts_alone(kind):
    """Not in expressions, names of fields and of data sets, which are programs of a kind."""
    for spec in Page(report.html(hostile(kind))).of("spec"):
        for data in spec["data"]:
            data.pop("values", None)
        assert "harmed" not in json.dumps(spec)


def test_scripts_are_those_that_the_policy_names(monkeypatch):
    monkeypatch.setattr(libtok.report._page, "runtime", RUNTIME)
    page = Page(report.html(*MEASUREMENTS.values()))
    policy = next(attributes["content"] for tag, attributes in page.elements if attributes.get("http-equiv") == "Content-Security-Policy")
    scripts = [content for kind, content in page.scripts if kind is None]
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts]
    assert len(hashes) == 2 and len(scripts[0]) > 500_000
    directives = dict(one.strip().split(" ", 1) for one in policy.split(";"))
    assert directives["default-src"] == "'none'" and directives["script-src"].split() == hashes


def test_nothing_is_loaded():
    page = Page(report.html(*MEASUREMENTS.values()))
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base")
        assert not {"src", "srcset", "action", "background", "data"} & set(attributes), tag
        assert attributes.get("href", "#").startswith("#")
    style = re.search(r"<style>(.*?)</style>", report.html({}), re.DOTALL).group(1)
    assert "url(" not in style and "@import" not in style


# ---- sources, files, errors


def test_sources(tmp_path):
    path = tmp_path / "premium.json"
    path.write_text(json.dumps(MEASUREMENTS["premium"]), encoding="utf-8")
    pages = {report.html(one) for one in (MEASUREMENTS["premium"], path, str(path), path.read_text(encoding="utf-8"))}
    assert len(pages) == 1


def test_errors(tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("tok: no such file", encoding="utf-8")
    with pytest.raises(ValueError, match="bad.json: not the JSON of a measurement.*--json"):
        report.html(bad)
    bad.write_text("[1]", encoding="utf-8")
    with pytest.raises(ValueError, match="not an object"):
        report.html(bad)
    with pytest.raises(FileNotFoundError):
        report.html(tmp_path / "none.json")
    for wrong in ((), (5,), (None,), ([],)):
        with pytest.raises(TypeError):
            report.html(*wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reference": "eng", "tokenizers": {"a": 1}}, {"reference": "eng", "tokenizers": [5]},
        {"reference": "eng", "tokenizers": [{"languages": [{"premium": 1}]}]},
        {"reference": "eng", "tokenizers": [{"languages": [{"language": "deu", "premium": "1.5"}]}]},
        {"shares": [1]}, {"shares": {"en": "all"}}, {"schemes": {"a": 1}}, {"curves": 5}, {"curves": [{"points": [1]}]}, {"vocabulary": []},
    ],
)  # fmt: skip
def test_what_is_not_as_it_is_documented(wrong):
    with pytest.raises(ValueError):
        report.html(wrong)


def test_files_are_whole_or_not_there(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    report.write(path, MEASUREMENTS["mixture"])
    first = path.read_text(encoding="utf-8")
    assert first == report.html(MEASUREMENTS["mixture"])
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    with pytest.raises(ValueError):
        report.write(path, {"shares": 5})

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="disk full"):
        report.write(path, MEASUREMENTS["premium"])
    assert path.read_text(encoding="utf-8") == first and os.listdir(tmp_path) == ["page.html"]


def test_command(tmp_path, monkeypatch, capsysbinary):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_text(json.dumps(MEASUREMENTS["mixture"]), encoding="utf-8")
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    assert main(["a.json", "-o", "a.html", "--title", "T"]) == 0
    assert "<title>T</title>" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert main(["a.json"]) == 0 and capsysbinary.readouterr().out.startswith(b"<!doctype html>")
    for arguments, code in ((["none.json"], 3), (["bad.json", "-o", "b.html"], 1), (["a.json", "-o", "none/b.html"], 3)):
        assert main(arguments) == code and capsysbinary.readouterr().err.startswith(b"libtok.report: ")
    assert not (tmp_path / "b.html").exists()
    with pytest.raises(SystemExit) as usage:
        main([])
    assert usage.value.code == 2
    done = subprocess.run([sys.executable, "-m", "libtok.report", "none.json"], capture_output=True, cwd=tmp_path)
    assert done.returncode == 3 and b"Traceback" not in done.stderr


def test_notebooks_show_a_frame():
    one = report.Report(MEASUREMENTS["mixture"], height=500)
    ((tag, attributes),) = Page(one._repr_html_()).elements
    assert tag == "iframe" and attributes["srcdoc"] == str(one) == report.html(MEASUREMENTS["mixture"])
    assert "allow-same-origin" not in attributes["sandbox"] and "Training mixture" in repr(one)


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ImportError, match="pip install vl-convert-python"):
        report.html(MEASUREMENTS["mixture"])


def test_importing_libtok_leaves_reports_out():
    code = "import sys, libtok; print('libtok.report' in sys.modules); import libtok.report; print('vl_convert' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout.split() == [b"False"] * 2


# ---- colours


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_contrast(mode):
    assert len(SERIES[mode]) == N_COLOURS
    for colour in SERIES[mode]:
        assert contrast(colour, PAGE[mode]) >= 3
    for background in (PAGE[mode], CARD[mode]):
        assert contrast(TEXT[mode], background) >= 7 and contrast(MARK[mode], background) >= 4.5
    assert contrast(TEXT[mode], SHADE[mode]) >= 4.5


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_series_differ_to_all_eyes(mode, eyes):
    """A difference of 2 is just seen; of 10, at a glance."""
    for first, second in itertools.combinations(SERIES[mode], 2):
        assert np.linalg.norm(lab(first, eyes) - lab(second, eyes)) > 15, (first, second)
