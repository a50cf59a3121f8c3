#!/usr/bin/env python3
"""Writes the speed tables of README.md and docs/gpu.md from the committed results of bench/: scripts/make_readme_tables.py [--check]

Everything between `<!-- speed -->` and `<!-- /speed -->` is replaced, and so for `python` and `gpu`; with
--check nothing is written and the exit code is 1 if the file would change. Sources: encode_peers.json, adversarial.json,
python_peers.json and gpu.json (bench/cuda) of bench/results, with machine, commit and versions inside.

A row that the tables need and the results lack, results of a --quick run, and results of several commits or machines are
errors: exit code 2 and a message that names what is missing. A file that is not there is said, and has no table.
"""

import argparse
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "bench"))

import encode_peers_plan as plan  # noqa: E402
import python_peers  # noqa: E402
from markdown_table import table  # noqa: E402

RESULTS = ROOT / "bench" / "results"
WORST_FAMILIES = 8


class Unfit(Exception):
    """Why the committed results cannot be published."""


def load(name: str) -> dict | None:
    path = RESULTS / f"{name}.json"
    if not path.exists():
        print(f"make_readme_tables: {path.name} is not there: README gets no table of it", file=sys.stderr)
        return None
    return json.loads(path.read_text(encoding="utf-8"))


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
        self.engines = [*self.variants, *plan.PEERS]
        self._records: dict[tuple, dict[str, dict]] = {}
        for record in report["records"]:
            key = (record["encoding"], record["text"], record["threads"] > 1, record["mode"])
            self._records.setdefault(key, {})[record["engine"]] = record

    def of(self, encoding: str, text: str, mode: str, threaded: bool = False) -> dict[str, dict]:
        records = self._records.get((encoding, text, threaded, mode))
        if records is None:
            threads = " --threads all" if threaded else ""
            raise Unfit(f"encode_peers.json lacks --encodings {encoding} --texts {text} --modes {mode}{threads}")
        for engine in (*self.variants, *plan.peers(encoding, text)):
            if engine not in records:
                raise Unfit(f"encode_peers.json lacks {engine} for {encoding}, {text}, {mode}")
        for variant in self.variants:
            if "error" in records[variant]:
                raise Unfit(f"{variant} failed with {encoding}, {text}, {mode}: {records[variant]['error']}")
        return records

    def heads(self) -> list[str]:
        return ["text", "MB of text", *self.engines, f"{self.variants[0]} / best"]

    def cells(self, records: dict[str, dict]) -> list[str]:
        """All cells of a row but the first, under heads()."""
        return [self.megabytes(records), *(cell(records.get(engine)) for engine in self.engines), self.ratio(records)]

    def megabytes(self, records: dict[str, dict]) -> str:
        return f"{records[self.variants[0]]['bytes'] / 1e6:.1f}"

    def ratio(self, records: dict[str, dict]) -> str:
        ratio = records[self.variants[0]].get("ratio_to_best_peer")
        return "-" if ratio is None else f"{ratio:.2f}x"


def cell(record: dict | None) -> str:
    if record is None:  # the plan leaves this engine out of the row
        return ""
    if "error" in record:
        return "ids differ" if record["error"].startswith("ids differ") else "fails"
    return f"{record['bytes_per_s'] / 1e6:.1f}"


def main_table(speeds: Speeds, mode: str, texts: tuple[str, ...]) -> str:
    rows = []
    for text in texts:
        records = speeds.of(plan.MAIN, text, mode)
        rows.append([text.replace("_", " "), *speeds.cells(records)])
    return table(speeds.heads(), rows)


def vocabulary_table(speeds: Speeds) -> str:
    heads = ["vocabulary"] + [f"{text}, {mode}" for text in plan.VOCABULARY_TEXTS for mode in ("first", "warm")]
    rows = []
    for encoding in plan.VOCABULARIES:
        cells = []
        for text in plan.VOCABULARY_TEXTS:
            for mode in ("first_pass", "warm"):
                records = speeds.of(encoding, text, mode)
                cells.append(f"{cell(records[speeds.variants[0]])} ({speeds.ratio(records)})")
        rows.append([encoding, *cells])
    return table(heads, rows)


def threads_table(speeds: Speeds) -> str:
    rows = []
    for text, mode in plan.THREADED:
        records = speeds.of(plan.MAIN, text, mode, threaded=True)
        threads = next(iter(records.values()))["threads"]
        rows.append([f"{text.replace('_', ' ')}, {mode.replace('_', ' ')}, {threads} threads", *speeds.cells(records)])
    return table(speeds.heads(), rows)


def requests_table(speeds: Speeds) -> str:
    first, warm = speeds.of(plan.MAIN, "requests_1kb", "first_pass"), speeds.of(plan.MAIN, "requests_1kb", "warm")
    english = speeds.of(plan.MAIN, "english", "first_pass")
    rows = []
    for engine in speeds.engines:
        records = [first[engine], warm[engine], english[engine]]
        if any("error" in record for record in records):
            rows.append([engine, *["fails"] * 4])
            continue
        request = records[1]["bytes"] / records[1]["documents"] / records[1]["bytes_per_s"]
        rows.append([engine, f"{records[0]['load_s'] * 1e3:.1f} ms", f"{records[0]['first_call_s'] * 1e6:.0f} us",
                     f"{request * 1e6:.1f} us", f"{records[2]['peak_rss_beyond_documents_bytes'] / 1e6:.0f} MB"])  # fmt: skip
    size = speeds.megabytes(english)
    return table(["engine", "load", "first 1 KB call", "1 KB call, warm", f"memory for {size} MB English"], rows)


def peers_section(report: dict) -> str:
    speeds = Speeds(report)
    run = speeds.run
    versions = ", ".join(f"{peer} {run['versions'][peer]}" for peer in plan.PEERS if run["versions"].get(peer))
    machine = f"{run['machine']['cpu']}, {run['machine']['cores']} cores, commit {run['commit']}; {versions}"
    variants = "; ".join(f"{label} loads {source}" for label, source in run["libtok"].items())
    return (
        f"MB of UTF-8 a second, ids verified equal before any time, all engines in one run, medians of "
        f"{run['rounds']} or more interleaved passes ({machine}). {variants}. The last column is libtok against the faster "
        f"of gigatoken and fastokens. {plan.MAIN}, one thread on one processor, first pass of a fresh process:\n\n"
        + main_table(speeds, "first_pass", plan.FIRST_PASS_TEXTS)
        + f"\n{plan.MAIN}, one thread, text seen before:\n\n"
        + main_table(speeds, "warm", plan.WARM_TEXTS)
        + f"\n{plan.MAIN}, all threads:\n\n"
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


def python_section(report: dict) -> str:
    machine = report["machine"]
    engines = {record["engine"] for record in report["records"]}
    peers = ", ".join(f"{peer} {report['versions'][peer]}" for peer in python_peers.PEERS if peer in engines)
    documents = next(record for record in report["records"] if record["text"] == "documents")
    return (
        f"MB of UTF-8 a second from Python with {report['encoding']}, {documents['bytes'] / 1e6:.0f} MB of documents and 100,000 "
        f"short strings, ids verified equal before any time, all in one run, medians of {report['rounds']} interleaved passes "
        f"({machine['cpu']}, {machine['cores']} cores, commit {report['commit']}; {peers}). Each by its own fastest call; "
        '"tiktoken lists" is its `encode_ordinary_batch`, "libtok.tiktoken" the same call of ours:\n\n'
        + python_peers.speed_table(report)
        + "\nOne call for one short text:\n\n"
        + python_peers.call_table(report)
    )


def replaced(readme: str, block: str, text: str) -> str:
    pattern = re.compile(rf"(?<=<!-- {block} -->\n).*?(?=<!-- /{block} -->)", re.DOTALL)
    return pattern.sub(lambda _: f"\n{text}\n" if text else "", readme)


def gpu_row(row: dict) -> list[str]:
    host = [f"{row[key]:.1f}" if key in row else "" for key in ("host_to_host_gb_per_s", "host_to_host_pageable_gb_per_s")]
    speeds = [f"{row[key]:.1f}" for key in ("warm_gb_per_s", "half_known_gb_per_s", "vocabulary_gb_per_s")]
    return [row["text"], f"{row['bytes'] / 1e6:.0f} MB", *speeds, *host, f"{row['cpu_gb_per_s']:.2f}"]


def gpu_table(report: dict) -> str:
    wrong = [row["text"] for row in report["rows"] if row["different"] != 0]
    if wrong:
        raise Unfit(f"ids on the GPU differ from the CPU's: {', '.join(wrong)}")
    heads = ["text", "size", "all learned", "half learned", "vocabulary", "host to host", "pageable",
             f"CPU, {report['cpu_threads']} threads"]
    both = sorted(row["copy_both_gb_per_s"] for row in report["rows"] if "copy_both_gb_per_s" in row)
    bus = f"the bus copies {both[0]:.0f} to {both[-1]:.0f} GB/s each way at once"
    head = f"{report['gpu']}, {report['tokenizer']}, medians of {report['runs']} runs; {bus}:\n\n"
    return head + table(heads, [gpu_row(row) for row in report["rows"]])


def gpu_stages_table(report: dict) -> str:
    stages = sorted({stage for row in report["rows"] for stage in row["stages_ms"]})
    totals = {row["text"]: sum(row["stages_ms"].values()) for row in report["rows"]}
    shown = [s for s in stages if any(row["stages_ms"][s] > 0.01 * totals[row["text"]] for row in report["rows"])]
    rows = [
        [row["text"], f"{totals[row['text']]:.2f} ms", *(f"{row['stages_ms'][s] / totals[row['text']]:.0%}" for s in shown)]
        for row in report["rows"]
    ]
    return table(["share of time, when the tables know the text", "all", *shown], rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether they are up to date")
    check = parser.parse_args().check
    try:
        documents = {
            "README.md": {
                "speed": [(peers_section, load("encode_peers")), (adversarial_table, load("adversarial"))],
                "python": [(python_section, load("python_peers"))],
                "gpu": [(gpu_table, load("gpu"))],
            },
            "docs/gpu.md": {"gpu": [(gpu_table, load("gpu")), (gpu_stages_table, load("gpu"))]},
        }
        made = {
            name: {
                block: "\n".join(make(report) for make, report in sources if report is not None)
                for block, sources in blocks.items()
            }
            for name, blocks in documents.items()
        }
    except Unfit as reason:
        print(f"make_readme_tables: {reason}", file=sys.stderr)
        return 2
    is_old = False
    for name, blocks in made.items():
        path = ROOT / name
        before = after = path.read_text(encoding="utf-8")
        for block, text in blocks.items():
            after = replaced(after, block, text)
        is_old = is_old or after != before
        if not check:
            path.write_text(after, encoding="utf-8")
    return int(check and is_old)


if __name__ == "__main__":
    sys.exit(main())
