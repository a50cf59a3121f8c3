"""bench/encode_peers: texts, contestants that misbehave, records, merging, and what make_readme_tables.py refuses.

Nothing here is timed: contestants are stand-ins that answer the protocol of encode_runner.cc with made-up numbers.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "bench"))

import encode_peers_corpora as corpora  # noqa: E402
import encode_peers_plan as plan  # noqa: E402
import encode_peers_report as reports  # noqa: E402
from encode_peers_contestants import Entry, Match, Process, attempt, write_documents  # noqa: E402
from encode_peers_vocabularies import Variant  # noqa: E402

_STANDIN = """
import json, sys, time
behaviour = sys.argv[1]
if behaviour == "hangs":
    time.sleep(600)
print(json.dumps({"load_s": 0.5, "rss_before_bytes": 1000}), flush=True)
for line in sys.stdin:
    if behaviour == "crashes":
        sys.exit("out of order")
    if line.startswith("ids "):
        open(line[4:-1], "wb").write(b"bad!" if behaviour == "differs" else b"good")
        print("{}", flush=True)
    else:
        seconds = {"slow": 4.0}.get(behaviour, 2.0)
        print(json.dumps({"seconds": seconds, "cpu_s": 1.0, "first_call_s": None, "ids": 1, "peak_rss_bytes": 5000}),
              flush=True)
"""


def entry(engine: str, behaviour: str) -> Entry:
    return Entry(engine, [sys.executable, "-c", _STANDIN, behaviour])


def record(engine: str, **fields) -> dict:
    row = {"encoding": "gpt2", "text": "english", "threads": 1, "mode": "warm", "bytes": 8}
    return {"run": 0, **row, "engine": engine, **fields}


def test_texts_are_cut_and_never_repeated():
    text = corpora.Text("t", ["abc", "déf", "ghi"], "here")
    assert text.limited(5).documents == ["abc", "d"]  # é does not fit and is not halved
    assert text.limited(1000).documents == text.documents
    assert corpora.spread([["a", "b"], ["1", "2", "3", "4"]]) == ["1", "a", "2", "3", "b", "4"]
    assert corpora.grouped([("p", "x"), ("p", "y"), ("q", "z")]) == ["x\ny\n", "z\n"]


def test_generated_texts_are_the_same_every_time():
    first, second = corpora.load("adversarial", None, 10**9), corpora.load("adversarial", None, 10**9)
    assert first.documents == second.documents
    assert all(corpora.ADVERSARIAL_BYTES * 0.9 < len(d.encode()) < corpora.ADVERSARIAL_BYTES * 1.2 for d in first.documents)


def test_a_text_without_sources_says_where_they_come_from(monkeypatch, tmp_path):
    monkeypatch.setattr(corpora, "DATA", tmp_path)
    for name in ("english", "mixed", "requests_1kb"):
        with pytest.raises(corpora.NoText, match="corpora/fetch"):
            corpora.load(name, None, 1000)


def test_the_plan_names_texts_and_vocabularies_that_exist():
    for encoding, text, _, mode in plan.readme_rows():
        assert encoding in plan.VOCABULARIES and text in corpora.NAMES and mode in ("first_pass", "warm")


@pytest.mark.parametrize("mode", ["first_pass", "warm"])
def test_contestants_that_misbehave_are_out_with_a_reason(tmp_path, mode):
    behaviours = {"libtok": "answers", "gigatoken": "answers", "a": "crashes", "b": "differs"}
    entries = [entry(engine, behaviour) for engine, behaviour in behaviours.items()]
    getattr(Match(entries, tmp_path, patience=60), mode)(rounds=2)
    assert [len(e.passes) for e in entries[:2]] == [2, 2]
    errors = {e.engine: e.error for e in entries}
    assert errors["libtok"] is None and errors["gigatoken"] is None
    assert "out of order" in errors["a"] and "ids differ" in errors["b"]


def test_a_contestant_that_hangs_is_ended():
    hanging = entry("libtok", "hangs")
    with attempt(hanging), Process(hanging, patience=0.2):
        pass
    assert "no answer" in hanging.error


def test_nobody_is_compared_with_a_libtok_that_fails(tmp_path):
    entries = [entry("libtok", "crashes"), entry("gigatoken", "answers")]
    Match(entries, tmp_path, patience=60).first_pass(rounds=1)
    assert "not compared" in entries[1].error


def test_records_have_the_ratio_to_the_best_peer(tmp_path):
    entries = [entry("libtok", "answers"), entry("gigatoken", "slow"), entry("fastokens", "crashes")]
    Match(entries, tmp_path, patience=60).first_pass(rounds=1)
    own, slow, crashed = reports.records_of({"bytes": 8}, entries, ["libtok"])
    assert own["bytes_per_s"] == 4 and own["best_peer"] == "gigatoken" and own["ratio_to_best_peer"] == 2.0
    assert own["peak_rss_beyond_documents_bytes"] == 4000 and own["cpu_ratio_to_best_peer"] == 1.0
    assert "ratio_to_best_peer" not in slow and "out of order" in crashed["error"]


def test_an_engine_is_recorded_as_its_fastest_way(tmp_path):
    ways = [entry("libtok", "answers"), entry("gigatoken", "slow"), entry("gigatoken", "answers"), entry("gigatoken", "crashes")]
    ways[2].calls = "each"
    Match(ways, tmp_path, patience=60).first_pass(rounds=1)
    own, peer = reports.records_of({"bytes": 8}, ways, ["libtok"])
    assert peer["calls"] == "each" and peer["bytes_per_s"] == 4 and own["ratio_to_best_peer"] == 1.0


def test_reports_resume_and_merge(tmp_path):
    path, other = tmp_path / "a.json", tmp_path / "b.json"
    reports.Report(path, {"commit": "1"}, resume=False).add([record("libtok", bytes_per_s=1)])
    again = reports.Report(path, {"commit": "1"}, resume=True)
    assert again.has(("gpt2", "english", 1, "warm")) and not again.has(("gpt2", "english", 2, "warm"))
    assert not reports.Report(path, {"commit": "2"}, resume=True).has(("gpt2", "english", 1, "warm"))
    reports.Report(other, {"commit": "2"}, resume=False).add([record("libtok", bytes_per_s=2)])
    reports.merge([path, other], path)
    merged = reports.read(path)
    assert [r["bytes_per_s"] for r in merged["records"]] == [2]
    assert merged["runs"][merged["records"][0]["run"]] == {"commit": "2"}
    assert "libtok" in reports.as_text(merged)


def test_documents_file(tmp_path):
    assert write_documents(tmp_path / "d", ["é", "", "ab"]) == 4
    assert (tmp_path / "d").read_bytes() == b"".join(n.to_bytes(8, "little") for n in (3, 2, 2, 4)) + "éab".encode()


def test_variants():
    assert Variant.parse("other=o200k_base") == Variant("other", "o200k_base")
    with pytest.raises(ValueError):
        Variant.parse("o200k_base")


# ---- scripts/make_readme_tables.py --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tables():
    location = importlib.util.spec_from_file_location("make_readme_tables", ROOT / "scripts/make_readme_tables.py")
    module = importlib.util.module_from_spec(location)
    location.loader.exec_module(module)
    return module


def complete_report() -> dict:
    run = {"commit": "c", "machine": {"cpu": "x", "cores": 2}, "versions": {}, "libtok": {"libtok": "freeze"}, "rounds": 5,
           "quick": False}  # fmt: skip
    values = {"bytes": 1000, "documents": 1, "bytes_per_s": 10**6, "load_s": 1, "first_call_s": 1,
              "peak_rss_beyond_documents_bytes": 1}  # fmt: skip
    records = []
    for encoding, text, threaded, mode in plan.readme_rows():
        for engine in ("libtok", *plan.PEERS):
            row = {"encoding": encoding, "text": text, "threads": 2 if threaded else 1, "mode": mode}
            records.append({"run": 0, **row, **values, "engine": engine})
    return json.loads(json.dumps({"runs": [run], "records": records}))


def test_a_complete_report_becomes_tables(tables):
    report = complete_report()
    report["records"][1] = {**report["records"][1], "error": "ids differ from libtok's"}
    section = tables.peers_section(report)
    assert "ids differ" in section and "| one document, warm, 2 threads |" in section


@pytest.mark.parametrize(
    "damage, message",
    [
        (lambda r: r["records"].pop(1), "lacks gigatoken"),
        (lambda r: r.update(records=r["records"][8:]), "lacks --encodings"),
        (lambda r: r["records"][0].update(error="crashed"), "failed"),
        (lambda r: r["runs"][0].update(quick=True), "quick"),
        (lambda r: r["runs"].append({**r["runs"][0], "commit": "d"}), "more than one commit"),
    ],
)
def test_unfit_reports_are_refused(tables, damage, message):
    report = complete_report()
    damage(report)
    with pytest.raises(tables.Unfit, match=message):
        tables.peers_section(report)
