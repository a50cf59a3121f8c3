"""`tok measure premium`: the contract of its JSON on real parallel text, and token counts equal to the peers'."""

import csv
import io
import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(os.environ.get("TOK_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "differential")]

numpy = pytest.importorskip("numpy")

import premium_reports  # noqa: E402
import real_texts  # noqa: E402
import tok_cli  # noqa: E402
from premium_reports import premium  # noqa: E402

TIKTOKEN_NAMES = ["gpt2", "cl100k_base", "o200k_base"]


@pytest.fixture(scope="module", name="tok")
def fixture_tok():
    return tok_cli.Tok()


@pytest.fixture(scope="module", name="udhr")
def fixture_udhr():
    found = premium_reports.declaration()
    if found is None:
        pytest.skip("no udhr.jsonl.zst: set TOK_CORPORA")
    return found


@pytest.mark.parametrize("name", TIKTOKEN_NAMES)
def test_tokens_equal_tiktoken(tok, udhr, name):
    pytest.importorskip("tiktoken")
    peers = pytest.importorskip("peers")
    path, texts = udhr
    encoding = peers.tiktoken_encoding(name, peers.bundled_ranks(tok, name))
    expected = {
        code: sum(len(encoding.encode_ordinary(text)) for text in items.values()) for code, items in texts.items()
    }
    report = json.loads(premium(tok, "-t", name, "--parallel", path, "--reference", "eng", "--json"))
    premium_reports.check_report(report, texts, expected)


def test_what_is_known_of_the_declaration(tok, udhr):
    path, _ = udhr
    names = [argument for name in TIKTOKEN_NAMES for argument in ("-t", name)]
    report = json.loads(premium(tok, *names, "--parallel", path, "--reference", "eng", "--complete", "--json"))
    medians = [tokenizer["median"] for tokenizer in report["tokenizers"]]
    assert medians == sorted(medians, reverse=True)
    worst = sorted(report["tokenizers"][0]["languages"], key=lambda row: -row["premium"])[:20]
    assert {"mya", "shn", "dzo", "bod"} <= {row["language"] for row in worst}
    assert {row["script"] for row in worst} >= {"Myanmar", "Tibetan"}


def test_rows_of_documentation(tok):
    folder = real_texts.corpora_folder()
    paths = sorted(folder.glob("pydocs.en-*.jsonl.zst")) if folder else []
    if len(paths) < 2:
        pytest.skip("no pydocs.*.jsonl.zst: set TOK_CORPORA")
    arguments = [argument for path in paths for argument in ("--parallel", path)]
    report = json.loads(premium(tok, "-t", "gpt2", *arguments, "--reference", "en", "--bootstrap", "20", "--json"))
    rows = {row["language"]: row for row in report["tokenizers"][0]["languages"]}
    assert set(rows) == {"en", *(path.name.split(".")[1].removeprefix("en-") for path in paths)}
    for path in paths:
        language = path.name.split(".")[1].removeprefix("en-")
        texts = [json.loads(line)[language] for line in real_texts.zstd_text(path).splitlines()]
        assert rows[language]["items"] <= len(texts) and not rows[language]["complete"]
        assert rows[language]["bytes"] == sum(len(text.encode()) for text in texts if text.strip())
        assert rows[language]["premium_low"] <= rows[language]["premium"] <= rows[language]["premium_high"]


@pytest.fixture(name="lines")
def fixture_lines(tmp_path):
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "en.txt").write_text("one\ntwo\nthree\n", encoding="utf-8")
    (folder / "de.txt").write_text("eins\nzwei\ndrei\n", encoding="utf-8")
    (folder / "uk.txt").write_text("один\n\nтри\n", encoding="utf-8")
    return folder


def test_forms_of_one_report(tok, lines, tmp_path):
    base = ["-t", "gpt2", "--parallel", lines, "--reference", "en"]
    report = json.loads(premium(tok, *base, "--json"))
    rows = {row["language"]: row for row in report["tokenizers"][0]["languages"]}
    assert [rows["uk"][key] for key in ("items", "complete", "script")] == [2, False, "Cyrillic"]
    table = list(csv.DictReader(io.StringIO(premium(tok, *base, "--csv"))))
    assert [row["language"] for row in table] == ["de", "en", "uk"]
    assert float(table[2]["premium"]) == pytest.approx(rows["uk"]["premium"], abs=1e-6)
    assert int(table[2]["tokens"]) == rows["uk"]["tokens"]
    text = premium(tok, *base, "--top", "1")
    assert "uk " in text and "and 1 more" in text and "* not all items" in text
    target = tmp_path / "report.json"
    assert premium(tok, *base, "--json", "-o", target) == ""
    assert json.loads(target.read_text(encoding="utf-8")) == report
    assert premium(tok, *base, "--json", "-T", "1") == premium(tok, *base, "--json", "-T", "4")


def test_options_reach_the_encoder(tok, lines):
    base = ["-t", ROOT / "tests" / "cli" / "data" / "tiny.json", "--parallel", lines, "--reference", "en"]
    complete = json.loads(premium(tok, *base, "--complete", "--json"))
    assert [row["language"] for row in complete["tokenizers"][0]["languages"]] == ["de", "en"]
    chosen = json.loads(premium(tok, *base, "--languages", "uk", "--json"))
    assert [row["language"] for row in chosen["tokenizers"][0]["languages"]] == ["en", "uk"]
    (lines / "de.txt").write_bytes(b"ei\xffns\nzwei\ndrei\n")
    assert "de.txt:1: byte 2 of the text" in premium(tok, *base, code=1)
    premium(tok, *base, "--utf8", "replace")
    (lines / "de.txt").write_text("<|endoftext|>\nzwei\ndrei\n", encoding="utf-8")
    premium(tok, "-t", "gpt2", *base[2:])
    assert "de.txt:1" in premium(tok, "-t", "gpt2", *base[2:], "--special", "error", code=1)


@pytest.mark.parametrize(
    "arguments, code, message",
    [
        (["--reference", "eng"], 2, "'eng' is no language of the text; did you mean en? There are: de, en, uk"),
        (["--reference", "en", "--languages", "dee"], 2, "did you mean de?"),
        (["--reference", "en", "--fields", "a,b"], 2, "--fields"),
        (["--reference", "en", "--json", "--csv"], 2, "choose one"),
        (["--reference", "en", "--bootstrap", "-1"], 2, "whole number"),
        (["--reference", "en", "--parallel", "absent"], 3, "TOK-E001"),
        ([], 2, "--reference"),
    ],
)
def test_usage(tok, lines, arguments, code, message):
    assert message in premium(tok, "-t", "gpt2", "--parallel", lines, *arguments, code=code)


def test_output_is_no_input(tok, lines):
    file = lines / "en.txt"
    arguments = ["--parallel", f"en={file}", "--reference", "en", "-o", file]
    assert "TOK-E040" in premium(tok, "-t", "gpt2", *arguments, code=2)
    assert file.read_text(encoding="utf-8").startswith("one")


def test_unequal_lines(tok, lines):
    (lines / "uk.txt").write_text("один\n", encoding="utf-8")
    message = premium(tok, "-t", "gpt2", "--parallel", lines, "--reference", "en", code=1)
    assert "uk.txt: has 1 lines, but" in message and "de.txt has 3" in message


def test_real_catalogues(tok, tmp_path):
    """What msgfmt compiles gives the same numbers as its source, in either byte order."""
    if subprocess.run(["which", "msgfmt"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no msgfmt (package gettext)")
    source = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n!=1;\\n"\n\n'
        'msgctxt "m"\nmsgid "Open"\nmsgstr "Öffnen"\n\nmsgid "%d file"\nmsgid_plural "%d files"\n'
        'msgstr[0] "%d Datei"\nmsgstr[1] "%d Dateien"\n'
    )
    reports = []
    for form in ["po", "little", "big"]:
        folder = tmp_path / form
        folder.mkdir()
        (tmp_path / "x.po").write_text(source, encoding="utf-8")
        if form == "po":
            (folder / "de.po").write_text(source, encoding="utf-8")
        else:
            subprocess.run(["msgfmt", f"--endianness={form}", "-o", folder / "de.mo", tmp_path / "x.po"], check=True)
        reports.append(premium(tok, "-t", "gpt2", "--parallel", folder, "--reference", "en", "--bootstrap", "0", "--json"))
    assert reports[0] == reports[1] == reports[2]
    assert json.loads(reports[0])["items"] == 3
