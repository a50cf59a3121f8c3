#!/usr/bin/env python3
"""Writes the speed tables of README.md from the committed results of bench/: scripts/make_readme_tables.py [--check]

Everything between `<!-- speed -->` and `<!-- /speed -->` is replaced; with --check nothing is written and the exit code
is 1 if the file would change. Sources: bench/results/encode_peers.json and bench/results/adversarial.json, each made by
the script of that name, with machine, commit and versions inside.

A row that the tables need and the results lack, results of a --quick run, and results of several commits or machines are
errors: exit code 2 and a message that names what is missing.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
WORST_FAMILIES = 8
PEERS = ("gigatoken", "fastokens", "tiktoken", "tokenizers", "tuetoken", "quicktok-v1", "tokie")
MAIN = "o200k_base"
TEXTS = ("english", "web", "code", "chinese", "japanese", "korean", "russian", "ukrainian", "turkish", "hindi", "thai",
         "udhr", "requests_1kb", "adversarial", "one_piece")  # fmt: skip
FIRST_PASS_TEXTS = (*TEXTS, "mixed")
VOCABULARIES = ("gpt2", "cl100k_base", "o200k_base", "llama3", "qwen3", "deepseek_v3", "gemma3", "llama2")
VOCABULARY_TEXTS = ("english", "code", "chinese", "udhr")
THREADED_ROWS = (("mixed", "first_pass"), ("english", "first_pass"), ("english", "warm"), ("one_document", "warm"))
_BLOCK = re.compile(r"(?<=<!-- speed -->\n).*?(?=<!-- /speed -->)", re.DOTALL)


class Unfit(Exception):
    """Why the committed results cannot be published."""


def load(name: str) -> dict:
    path = RESULTS / f"{name}.json"
    if not path.exists():
        raise Unfit(f"{path} is not there")
    return json.loads(path.read_text(encoding="utf-8"))


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def table(heads: list[str], rows: list[list[str]]) -> str:
    return row(heads) + row(["---", *["---:"] * (len(heads) - 1)]) + "".join(map(row, rows))


class Speeds:
    """The records of encode_peers.json by row and engine."""

    def __init__(self, report: dict):
        runs = report["runs"]
        self.run = runs[0]
        if any(run["quick"] for run in runs):
            raise Unfit("encode_peers.json has rows of a --quick run")
        for field in ("commit", "machine", "versions", "libtok"):
            if any(run[field] != self.run[field] for run in runs):
                raise Unfit(f"encode_peers.json has runs of more than one {field}")
        self.variants = list(self.run["libtok"])
        self._records: dict[tuple, dict[str, dict]] = {}
        for record in report["records"]:
            key = (record["encoding"], record["text"], record["threads"] > 1, record["mode"])
            self._records.setdefault(key, {})[record["engine"]] = record

    def of(self, encoding: str, text: str, mode: str, threaded: bool = False) -> dict[str, dict]:
        records = self._records.get((encoding, text, threaded, mode))
        if records is None:
            threads = " --threads all" if threaded else ""
            raise Unfit(f"encode_peers.json lacks --encodings {encoding} --texts {text} --modes {mode}{threads}")
        for variant in self.variants:
            if "error" in records.get(variant, {"error": "it has no record"}):
                raise Unfit(f"{variant} has no time for {encoding}, {text}, {mode}: {records.get(variant)}")
        return records

    def size(self, encoding: str, text: str, mode: str, threaded: bool = False) -> str:
        return f"{self.of(encoding, text, mode, threaded)[self.variants[0]]['bytes'] / 1e6:.1f}"

    def ratio(self, records: dict[str, dict]) -> str:
        ratio = records[self.variants[0]].get("ratio_to_best_peer")
        return "-" if ratio is None else f"{ratio:.1f}x"


def cell(record: dict | None) -> str:
    if record is None:
        return "-"
    if "error" in record:
        return "ids differ" if record["error"].startswith("ids differ") else "fails"
    return f"{record['bytes_per_s'] / 1e6:.1f}"


def main_table(speeds: Speeds, mode: str, texts: tuple[str, ...]) -> str:
    rows = []
    for text in texts:
        records = speeds.of(MAIN, text, mode)
        missing = [engine for engine in PEERS if engine not in records]
        if missing:
            raise Unfit(f"encode_peers.json lacks {', '.join(missing)} for {MAIN}, {text}, {mode}")
        cells = [cell(records[engine]) for engine in (*speeds.variants, *PEERS)]
        rows.append([text.replace("_", " "), speeds.size(MAIN, text, mode), *cells, speeds.ratio(records)])
    return table(["text", "MB of text", *speeds.variants, *PEERS, "libtok / best"], rows)


def vocabulary_table(speeds: Speeds) -> str:
    heads = ["vocabulary"] + [f"{text}, {mode}" for text in VOCABULARY_TEXTS for mode in ("first", "warm")]
    rows = []
    for encoding in VOCABULARIES:
        cells = []
        for text in VOCABULARY_TEXTS:
            for mode in ("first_pass", "warm"):
                records = speeds.of(encoding, text, mode)
                cells.append(f"{cell(records[speeds.variants[0]])} ({speeds.ratio(records)})")
        rows.append([encoding, *cells])
    return table(heads, rows)


def threads_table(speeds: Speeds) -> str:
    rows = []
    for text, mode in THREADED_ROWS:
        records = speeds.of(MAIN, text, mode, threaded=True)
        threads = next(iter(records.values()))["threads"]
        engines = [cell(records.get(engine)) for engine in (*speeds.variants, *PEERS)]
        name = f"{text.replace('_', ' ')}, {mode.replace('_', ' ')}, {threads} threads"
        rows.append([name, speeds.size(MAIN, text, mode, True), *engines, speeds.ratio(records)])
    return table(["text", "MB of text", *speeds.variants, *PEERS, "libtok / best"], rows)


def requests_table(speeds: Speeds) -> str:
    first, warm = speeds.of(MAIN, "requests_1kb", "first_pass"), speeds.of(MAIN, "requests_1kb", "warm")
    english = speeds.of(MAIN, "english", "first_pass")
    rows = []
    for engine in (*speeds.variants, *PEERS):
        records = [first[engine], warm[engine], english[engine]]
        if any("error" in record for record in records):
            rows.append([engine, *["fails"] * 4])
            continue
        request = records[1]["bytes"] / records[1]["documents"] / records[1]["bytes_per_s"]
        rows.append([engine, f"{records[0]['load_s'] * 1e3:.1f} ms", f"{records[0]['first_call_s'] * 1e6:.0f} us",
                     f"{request * 1e6:.1f} us", f"{records[2]['peak_rss_beyond_documents_bytes'] / 1e6:.0f} MB"])  # fmt: skip
    size = speeds.size(MAIN, "english", "first_pass")
    return table(["engine", "load", "first 1 KB call", "1 KB call, warm", f"memory for {size} MB English"], rows)


def peers_section(report: dict) -> str:
    speeds = Speeds(report)
    run = speeds.run
    versions = ", ".join(f"{peer} {run['versions'][peer]}" for peer in PEERS if run["versions"][peer])
    machine = f"{run['machine']['cpu']}, {run['machine']['cores']} cores, commit {run['commit']}; {versions}"
    variants = "; ".join(f"{label} loads {source}" for label, source in run["libtok"].items())
    return (
        f"MB of UTF-8 a second, ids verified equal before any time, all engines in one run, medians of "
        f"{run['rounds']} or more interleaved passes ({machine}). {variants}. The last column is libtok against the faster "
        f"of gigatoken and fastokens. {MAIN}, one thread, first pass of a fresh process:\n\n"
        + main_table(speeds, "first_pass", FIRST_PASS_TEXTS)
        + f"\n{MAIN}, one thread, text seen before:\n\n"
        + main_table(speeds, "warm", TEXTS)
        + f"\n{MAIN}, all threads:\n\n"
        + threads_table(speeds)
        + "\nStarting, short requests and memory (loading included, the text not):\n\n"
        + requests_table(speeds)
        + "\nlibtok with every vocabulary, one thread; in brackets against the faster of gigatoken and fastokens:\n\n"
        + vocabulary_table(speeds)
    )


def adversarial_table(report: dict) -> str:
    tokenizers = list(dict.fromkeys(r["tokenizer"] for r in report["results"]))
    times: dict[str, dict[str, float]] = {}
    for result in report["results"]:
        times.setdefault(result["family"], {})[result["tokenizer"]] = result["seconds"]
    slowest = sorted(times, key=lambda family: -max(times[family].values()))[:WORST_FAMILIES]
    rows = [[family.replace("_", " "), *(f"{times[family][t]:.2f}" if t in times[family] else "-" for t in tokenizers)]
            for family in slowest]  # fmt: skip
    memory = max(result["peak_rss_bytes"] for result in report["results"])
    return (f"Our own worst cases, the {len(rows)} slowest of {len(times)}: seconds for {report['bytes'] / 1e6:.0f} MB of "
            f"text built to be slow ({report['machine']['cpu']}, one thread, commit {report['commit']}; at most "
            f"{memory / 1e6:.0f} MB of memory):\n\n" + table(["text", *tokenizers], rows))  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether README.md is up to date")
    check = parser.parse_args().check
    try:
        made = [peers_section(load("encode_peers")), adversarial_table(load("adversarial"))]
    except Unfit as reason:
        print(f"make_readme_tables: {reason}", file=sys.stderr)
        return 2
    readme = ROOT / "README.md"
    before = readme.read_text(encoding="utf-8")
    after = _BLOCK.sub(lambda _: "\n" + "\n".join(made) + "\n", before)
    if check:
        return int(after != before)
    readme.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
