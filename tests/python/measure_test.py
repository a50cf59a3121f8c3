"""libtok.measure: the tool's JSON, as columns."""

import importlib.util
import json
import os
import pickle
import subprocess

import numpy as np
import pytest

import libtok
from libtok import measure

TOK = os.environ.get("TOK_BINARY")
TEXTS = ["undesirable tokenizations of newer things", "", "Straßenbahnhaltestelle 東京都 x1234567"]


@pytest.fixture(scope="module")
def parallel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parallel")
    for language, lines in {
        "en": ["The ships sail.", "Every person has rights.", "Nobody is alone."],
        "de": ["Die Schiffe fahren.", "Jeder Mensch hat Rechte.", "Niemand ist allein."],
        "uk": ["Кораблі пливуть.", "Кожна людина має права.", "Ніхто не самотній."],
    }.items():
        (folder / f"{language}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def tool(*arguments):
    if TOK is None:
        pytest.skip("TOK_BINARY does not say where the tool is")
    return json.loads(subprocess.run([TOK, *map(str, arguments), "--json"], check=True, capture_output=True).stdout)


def test_premium_is_the_tools(parallel):
    found = measure.premium(["gpt2", "o200k_base"], parallel, reference="en")
    assert dict(found) == tool("measure", "premium", "-t", "gpt2", "-t", "o200k_base", "--parallel", parallel, "--reference", "en")
    columns = found.columns()
    assert columns["tokens"].dtype == np.int64 and columns["premium"].dtype == np.float64
    assert columns["language"].tolist() == ["de", "en", "uk"] * 2
    gpt2 = libtok.load("gpt2")
    lines = {code: (parallel / f"{code}.txt").read_text(encoding="utf-8").splitlines() for code in ("en", "uk")}
    totals = {code: sum(gpt2.count(line) for line in texts) for code, texts in lines.items()}
    assert columns["premium"][2] == pytest.approx(totals["uk"] / totals["en"])
    assert found.tables == ["languages", "tokenizers", "scripts"]
    assert found.columns("tokenizers")["tokenizer"].tolist() == ["gpt2", "o200k_base"]
    with pytest.raises(KeyError, match="languages"):
        found.columns("nothing")


def test_tokenizers_may_be_named(parallel):
    found = measure.premium({"mine": libtok.load("gpt2")}, parallel, reference="en", languages=["uk"])
    assert set(found.columns()["tokenizer"]) == {"mine"}
    with pytest.raises(libtok.TokError, match="xx"):
        measure.premium("gpt2", parallel, reference="xx")
    with pytest.raises(ValueError, match="none"):
        measure.premium([], parallel, reference="en")


def test_schemes_and_with_scheme():
    found = measure.schemes("gpt2", TEXTS)
    rows = {row["scheme"]: row for row in found.rows()}
    own = libtok.load("gpt2")
    for name in ("longest-prefix", "fewest-tokens", "longest-suffix"):
        other = own.with_scheme(name)
        assert rows[name]["tokens"] == sum(other.count(text) for text in TEXTS)
        assert [other.decode(other.encode(text)) for text in TEXTS] == TEXTS
    assert own.scheme == "own" and own.with_scheme("dropout:0.5").scheme == "dropout:0.5"
    assert own.with_scheme("longest-prefix") != own
    again = pickle.loads(pickle.dumps(own.with_scheme("dropout", seed=4)))
    assert again == own.with_scheme("dropout", seed=4) != own.with_scheme("dropout", seed=5)
    with pytest.raises(libtok.TokError, match="longest-prefix"):
        own.with_scheme("longest")


def test_compare_and_vocabulary():
    found = measure.compare({"a": "gpt2", "b": "o200k_base"}, TEXTS)
    columns = found.columns()
    assert columns["tokenizer"].tolist() == ["a", "b"]
    assert columns["tokens"].tolist() == [sum(libtok.load(t).count(x) for x in TEXTS) for t in ("gpt2", "o200k_base")]
    vocabulary = measure.vocabulary("gpt2")
    assert vocabulary["vocabulary"]["ids"] == 50257
    counts = vocabulary.columns("counts")
    assert dict(zip(counts["class"], counts["tokens"]))["tokens"] == 50257


def test_mixture_and_study(parallel):
    languages = {
        "en": libtok.count_pieces(iter(["the ships sail and the people have rights " * 50]), pattern="gpt2"),
        "uk": libtok.count_pieces(iter(["кораблі пливуть а люди мають права " * 50]), pattern="gpt2"),
    }
    trained = libtok.train_bpe(libtok.merge_piece_counts(languages.values()), vocab_size=300)
    shares = measure.mixture(trained, languages).columns()
    assert shares["name"].tolist() == ["en", "uk"] and shares["share"].tolist() == pytest.approx([0.37, 0.63], abs=0.1)
    found = measure.study(languages, parallel, sizes=[260, 270, 280, 290], targets=3)
    assert found.columns()["count"].shape == (8,)
    assert found.columns("choices")["target"].shape == (6,)
    with pytest.raises(TypeError, match="dict"):
        measure.mixture(trained, ["en.txt"])


def test_study_of_superwords(parallel):
    paths = {code: parallel / f"{code}.txt" for code in ("de", "en", "uk")}
    sizes = [286, 290, 294]
    found = measure.study(paths, parallel, sizes=sizes, targets=3, superwords=True)
    named = [f"--lang={code}={path}" for code, path in paths.items()]
    assert dict(found) == tool(
        "measure", "study", *named, "--parallel", parallel, "--sizes", "286,290,294", "--targets", 3, "--superwords"
    )
    assert found.columns("superwords")["size"].tolist() == sizes * 3
    with pytest.raises(ValueError, match="'uk'"):
        measure.study({**paths, "uk": iter(["кораблі"])}, parallel, sizes=sizes, superwords=True)


def test_groups_and_tasks():
    code = ["def parse_header(line):", "", "x = readLine()"]
    gpt2 = libtok.load("gpt2")
    groups = measure.identifier_groups(gpt2, code)
    assert [len(row) for row in groups] == [gpt2.count(text) for text in code]
    assert groups.to_lists() == [[0, 1, 1, 1, 2, 3, 4], [], [0, 1, 2, 2, 3]]
    tasks = measure.char_bench(["gpt2", "o200k_base"], ["words which sound their names, undesirable tokenizations"])
    assert {task["task"] for task in tasks} == {
        "count_unique_characters",
        "character_frequency",
        "first_occurrence",
        "last_occurrence",
    }
    for task in tasks:
        assert [lengths["tokenizer"] for lengths in task["tokens"]] == ["gpt2", "o200k_base"]
        assert all(sum(lengths["lengths"]) == len(task["word"]) for lengths in task["tokens"])
    # Of 4 to 10 letters, of each length as many for each task.
    words = {task["word"] for task in tasks}
    assert len(words) == 4 and words < {"words", "which", "sound", "their", "names"}


def test_markov():
    found = measure.markov([(0.2, 0.2, 1)], sizes=[2, 16], n_symbols=20000)
    columns = found.columns()
    assert columns["loss"].shape == (10,)
    assert columns["loss"][0] == pytest.approx(columns["character_entropy"][0], abs=0.01)


def test_notebooks_and_data_frames(parallel):
    found = measure.premium("gpt2", parallel, reference="en")
    assert "languages: 3 rows" in repr(found)
    if importlib.util.find_spec("vl_convert"):
        assert "gpt2" in found._repr_html_()
    else:
        assert found._repr_html_() is None
    pandas = pytest.importorskip("pandas")
    assert list(found.to_pandas().language) == ["de", "en", "uk"]
    assert isinstance(found.to_pandas(), pandas.DataFrame)


def test_saved_measurements_are_what_reports_read(parallel, tmp_path):
    found = measure.schemes("gpt2", TEXTS, schemes=["longest-prefix"])
    found.save(tmp_path / "schemes.json")
    assert json.loads((tmp_path / "schemes.json").read_text(encoding="utf-8")) == dict(found)
