#!/usr/bin/env python3
"""Writes the speed tables of README.md from the committed results of bench/: scripts/make_readme_tables.py [--check]

Everything between `<!-- speed -->` and `<!-- /speed -->` is replaced; with --check nothing is written and the exit code
is 1 if the file would change. Sources: bench/results/encode_peers.json and bench/results/adversarial.json, each made by
the script of that name, with machine, commit and versions inside.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results"
WORST_FAMILIES = 8
PEERS = ("tiktoken", "tokenizers", "gigatoken", "fastokens")
_BLOCK = re.compile(r"(?<=<!-- speed -->\n).*?(?=<!-- /speed -->)", re.DOTALL)


def load(name: str) -> dict | None:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def table(heads: list[str], rows: list[list[str]]) -> str:
    return row(heads) + row(["---", *["---:"] * (len(heads) - 1)]) + "".join(map(row, rows))


def conditions(report: dict) -> str:
    machine = report["machine"]
    return f"{machine['cpu']}, one thread, commit {report['commit']}"


def speed(values: dict, key: str) -> str:
    return "ids differ" if "ids differ" in values.get("error", "") else f"{values[key] / 1e6:.1f}" if key in values else "-"


def peers_table(report: dict) -> str:
    # A peer that reads none of the vocabularies has no column.
    peers = [p for p in PEERS if any(speed(r["engines"].get(p, {}), "warm_bytes_per_s") != "-" for r in report["results"])]
    rows = []
    for result in report["results"]:
        engines = result["engines"]
        own = [speed(engines["libtok"], "cold_bytes_per_s"), speed(engines["libtok"], "warm_bytes_per_s")]
        rows.append([f"{result['encoding']}, {result['corpus']}", *own,
                     *(speed(engines.get(peer, {}), "warm_bytes_per_s") for peer in peers)])
    versions = ", ".join(f"{peer} {report['versions'][peer]}" for peer in peers)
    return (f"MB of UTF-8 a second, ids verified equal before any time, all engines in one run ({conditions(report)}; "
            f"{versions}; warm = median of {report['rounds']} interleaved passes):\n\n"
            + table(["vocabulary, text", "libtok, first pass", "libtok, warm", *(f"{p}, warm" for p in peers)], rows))


def adversarial_table(report: dict) -> str:
    tokenizers = list(dict.fromkeys(r["tokenizer"] for r in report["results"]))
    times: dict[str, dict[str, float]] = {}
    for result in report["results"]:
        times.setdefault(result["family"], {})[result["tokenizer"]] = result["seconds"]
    slowest = sorted(times, key=lambda family: -max(times[family].values()))[:WORST_FAMILIES]
    rows = [[family.replace("_", " "), *(f"{times[family][t]:.2f}" if t in times[family] else "-" for t in tokenizers)]
            for family in slowest]
    memory = max(result["peak_rss_bytes"] for result in report["results"])
    return (f"Our own worst cases, the {len(rows)} slowest of {len(times)}: seconds for {report['bytes'] / 1e6:.0f} MB of "
            f"text built to be slow ({conditions(report)}; at most {memory / 1e6:.0f} MB of memory):\n\n"
            + table(["text", *tokenizers], rows))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether README.md is up to date")
    check = parser.parse_args().check
    made = [make(report) for make, report in
            [(peers_table, load("encode_peers")), (adversarial_table, load("adversarial"))] if report is not None]
    readme = ROOT / "README.md"
    before = readme.read_text(encoding="utf-8")
    after = _BLOCK.sub(lambda _: "\n" + "\n".join(made) + "\n" if made else "\n", before)
    if check:
        return int(after != before)
    readme.write_text(after, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
