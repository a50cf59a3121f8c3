#!/usr/bin/env python3
"""Encoding from Python: the package libtok beside its peers, in one run, ids verified equal first.

    bench/python_peers.py -o FILE [--package build/python/python] [--megabytes 100] [--rounds 5] [--engines libtok,...]
    bench/python_peers.py --show FILE

Two texts: `documents`, so many megabytes of every language and of code, and `short strings`, 100,000 lines out of them. All
calls are batches, with the documents as Python objects and the ids as the engine's own fastest type (encode_peers_worker.py);
"tiktoken lists" is encode_ordinary_batch, "libtok.tiktoken" the same call of libtok's stand-in. With one thread a process has
one processor. Passes are interleaved; first: in a fresh process, warm: the text was seen before. Then one call for one short
text, in a loop: what calling costs. Peers that are not installed (bench/requirements.txt) have a record that says so. Needs
`cmake --build --preset release` for the vocabularies' files and `--preset python` for the package.

The file: {"benchmark": "python_peers", "commit", "machine", "versions", "rounds", "records": [{"text", "threads", "mode", "engine",
"bytes", "documents", "bytes_per_s" (of the median), "seconds", "cpu_s" (every pass) or "error"}], "short_calls": [{"engine",
"text", "seconds"}]}.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from collections.abc import Iterable

import encode_peers_corpora as corpora
import encode_peers_plan as plan
import encode_peers_report as reports
from encode_peers_contestants import WORKER, Entry, Match, attempt, peer_command, write_documents
from encode_peers_vocabularies import Vocabulary
from markdown_table import table

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENCODING = "o200k_base"
ENGINES = ["libtok", "libtok.tiktoken", "gigatoken", "fastokens", "tiktoken lists", "tiktoken", "tokenizers"]
PEERS = ["gigatoken", "fastokens", "tiktoken", "tokenizers"]
N_SHORT = 100_000
SHORT_TEXT = "Hello, world!"
SHORT_CALLS = """
import sys, timeit
sys.argv = ["", "", "", "", "", "", "1"]
sys.path.insert(0, {folder!r})
import encode_peers_worker as worker
engine = worker.ENGINES[{engine!r}]({path!r}, {encoding!r}, 1)
text = {text!r}.encode() if engine.takes_bytes else {text!r}
timer = timeit.Timer(lambda: engine.each(text))
n, _ = timer.autorange()
print(min(timer.repeat(7, n)) / n)
"""


def texts(n_bytes: int) -> dict[str, list[str]]:
    documents = corpora.load("mixed", None, n_bytes).limited(n_bytes).documents
    lines = [line for document in documents for line in document.splitlines() if line]
    step = max(1, len(lines) // N_SHORT)
    return {"documents": documents, "short strings": lines[::step][:N_SHORT]}


def record_of(entry: Entry, common: dict) -> dict:
    measured = reports.measured(entry, common["bytes"])
    kept = ("error", "bytes_per_s", "bytes_per_cpu_s", "seconds", "cpu_s", "ids")
    return {**common, "engine": entry.engine, **{field: measured[field] for field in kept if field in measured}}


def short_call(engine: str, path: pathlib.Path) -> dict:
    code = SHORT_CALLS.format(folder=str(WORKER.parent), engine=engine, path=str(path), encoding=ENCODING, text=SHORT_TEXT)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    outcome = {"seconds": float(done.stdout)} if done.returncode == 0 else {"error": done.stderr.strip()[-300:]}
    return {"engine": engine, "text": SHORT_TEXT, **outcome}


def run(arguments: argparse.Namespace) -> dict:
    os.environ["PYTHONPATH"] = str(arguments.package.resolve())
    report = {
        "benchmark": "python_peers", "commit": reports.commit(), "machine": reports.machine(), "encoding": ENCODING,
        "versions": reports.versions(), "rounds": arguments.rounds, "records": [], "short_calls": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        vocabulary = Vocabulary(ENCODING, arguments.build / "cli" / "tok", folder, None)
        paths = {engine: vocabulary.path_for(engine.split()[0]) for engine in arguments.engines}
        for text, documents in texts(int(arguments.megabytes * 1e6)).items():
            file = folder / "documents.bin"
            n_bytes = write_documents(file, documents)
            for threads in dict.fromkeys((1, len(os.sched_getaffinity(0)))):
                for mode in ("first", "warm"):
                    entries = [Entry(engine, one_cpu=threads == 1) for engine in arguments.engines]
                    for entry in entries:
                        with attempt(entry):
                            entry.command = peer_command(entry.engine, paths[entry.engine], ENCODING, file, "batch", threads)
                    match = Match(entries, folder, patience=600)
                    (match.first_pass if mode == "first" else match.warm)(arguments.rounds)
                    common = {"text": text, "threads": threads, "mode": mode, "bytes": n_bytes, "documents": len(documents)}
                    report["records"] += [record_of(entry, common) for entry in entries]
                    arguments.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
                    print(speed_table(report), file=sys.stderr)
        report["short_calls"] = [short_call(engine, paths[engine]) for engine in arguments.engines]
    arguments.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return report


def cell(record: dict | None) -> str:
    if record is None:
        return ""
    return "fails" if "error" in record else f"{record['bytes_per_s'] / 1e6:.1f}"


def speed_table(report: dict) -> str:
    """MB/s in Markdown; libtok over tiktoken's lists, and over the faster of gigatoken and fastokens."""
    rows: dict[tuple, dict[str, dict]] = {}
    for record in report["records"]:
        rows.setdefault((record["text"], record["threads"], record["mode"]), {})[record["engine"]] = record
    engines = list(dict.fromkeys(record["engine"] for record in report["records"]))
    lines = []
    for (text, threads, mode), records in rows.items():
        name = f"{text}, {mode}, {threads} thread{'s' if threads > 1 else ''}"
        cells = [cell(records.get(engine)) for engine in engines]
        lines.append([name, *cells, over(records, ["tiktoken lists"]), over(records, plan.FASTEST_PEERS)])
    return table(["text", *engines, "libtok / tiktoken lists", "libtok / best"], lines)


def over(records: dict[str, dict], others: Iterable[str]) -> str:
    """libtok's speed by that of the fastest of `others`."""
    speeds = [records[other]["bytes_per_s"] for other in others if "bytes_per_s" in records.get(other, {})]
    own = records["libtok"].get("bytes_per_s")
    return f"{own / max(speeds):.1f}x" if speeds and own else "-"


def call_table(report: dict) -> str:
    """Microseconds a call in Markdown."""
    calls = report["short_calls"]
    cells = [f"{call['seconds'] * 1e6:.2f}" if "seconds" in call else "fails" for call in calls]
    return table(["us for " + repr(SHORT_TEXT), *(call["engine"] for call in calls)], [["one call", *cells]])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path)
    parser.add_argument("--show", type=pathlib.Path)
    parser.add_argument("--package", type=pathlib.Path, default=ROOT / "build/python/python")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=ENGINES)
    arguments = parser.parse_args()
    if arguments.show:
        report = json.loads(arguments.show.read_text(encoding="utf-8"))
        print(speed_table(report), call_table(report), sep="\n", end="")
    elif arguments.output:
        print(call_table(run(arguments)), end="")
    else:
        parser.error("give -o FILE or --show FILE")


if __name__ == "__main__":
    main()
