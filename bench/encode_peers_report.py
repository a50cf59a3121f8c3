"""Records of encode_peers.py: made from a row's entries, kept in one JSON file, merged, printed. The schema is in the
docstring of encode_peers.py."""

import json
import os
import pathlib
import platform
import statistics
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

import encode_peers_plan as plan
from encode_peers_contestants import Entry

SCHEMA = 2
ROW = ("encoding", "text", "threads", "mode")


def row_of(record: dict) -> tuple:
    return tuple(record[field] for field in ROW)


def records_of(common: dict, entries: list[Entry], libtok_labels: list[str]) -> list[dict]:
    """One record an engine, its fastest entry; `common` holds the fields that all of them share, bytes among them."""
    fastest: dict[str, dict] = {}
    for entry in entries:
        record = {**common, "engine": entry.engine, "calls": entry.calls, **measured(entry, common["bytes"])}
        other = fastest.setdefault(entry.engine, record)
        if record.get("bytes_per_s", 0) > other.get("bytes_per_s", 0):
            fastest[entry.engine] = record
    records = list(fastest.values())
    timed = [record for record in records if "error" not in record]
    for speed, ratio, name in (
        ("bytes_per_s", "ratio_to_best_peer", "best_peer"),
        ("bytes_per_cpu_s", "cpu_ratio_to_best_peer", "best_cpu_peer"),
    ):
        speeds = {record["engine"]: record[speed] for record in timed if record["engine"] in plan.FASTEST_PEERS}
        best = max(speeds, key=speeds.get, default=None)
        for record in timed:
            if best and record["engine"] in libtok_labels:
                record.update({name: best, ratio: round(record[speed] / speeds[best], 3)})
    return records


def measured(entry: Entry, n_bytes: int) -> dict:
    if entry.error:
        return {"error": entry.error}
    median = statistics.median
    seconds = [answer["seconds"] for answer in entry.passes]
    before = max(load["rss_before_bytes"] for load in entry.loads)
    first_calls = [answer["first_call_s"] for answer in entry.passes if answer["first_call_s"] is not None]
    return {
        "bytes_per_s": round(n_bytes / median(seconds)),
        "bytes_per_cpu_s": round(n_bytes / median(answer["cpu_s"] for answer in entry.passes)),
        "seconds": seconds,
        "cpu_s": [answer["cpu_s"] for answer in entry.passes],
        "ids": entry.ids,
        "load_s": median(load["load_s"] for load in entry.loads),
        "first_call_s": median(first_calls) if first_calls else None,
        "peak_rss_beyond_documents_bytes": max(answer["peak_rss_bytes"] for answer in entry.passes) - before,
    }


class Report:
    """The output file: rewritten, atomically, whenever a row is done."""

    def __init__(self, path: pathlib.Path, run: dict, resume: bool):
        self._path, self._run = path, run
        old = read(path) if resume and path.exists() else {"runs": [], "records": []}
        self._runs, self._records = old["runs"], old["records"]
        self._done = {row_of(record) for record in self._records if self._runs[record["run"]] == run}

    def has(self, row: tuple) -> bool:
        return row in self._done

    def add(self, records: list[dict]) -> None:
        if self._run not in self._runs:
            self._runs.append(self._run)
        number = self._runs.index(self._run)
        replaced = {row_of(record) for record in records}
        self._records = [record for record in self._records if row_of(record) not in replaced]
        self._records += [{"run": number, **record} for record in records]
        write(self._path, self._runs, self._records)


def read(path: pathlib.Path) -> dict:
    report = json.loads(path.read_text(encoding="utf-8"))
    if report.get("schema") != SCHEMA or report.get("benchmark") != "encode_peers":
        raise ValueError(f"{path} is not a schema {SCHEMA} report of encode_peers")
    return report


def write(path: pathlib.Path, runs: list[dict], records: list[dict]) -> None:
    """One line a record, so that a difference of two reports can be read."""
    lines = ",\n".join(json.dumps(record) for record in records)
    heads = ",\n".join(json.dumps(run) for run in runs)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    partial.write_text(
        f'{{"schema": {SCHEMA}, "benchmark": "encode_peers", "runs": [\n{heads}\n], "records": [\n{lines}\n]}}\n',
        encoding="utf-8",
    )
    partial.replace(path)


def merge(paths: list[pathlib.Path], output: pathlib.Path) -> None:
    """All rows of all files; of a row that several files have, the last file's."""
    runs: list[dict] = []
    rows: dict[tuple, list[dict]] = {}
    for path in paths:
        report = read(path)
        of_file: dict[tuple, list[dict]] = {}
        for record in report["records"]:
            run = report["runs"][record["run"]]
            if run not in runs:
                runs.append(run)
            of_file.setdefault(row_of(record), []).append({**record, "run": runs.index(run)})
        rows.update(of_file)
    write(output, runs, [record for records in rows.values() for record in records])


def as_text(report: dict) -> str:
    """MB/s of every engine, a row a line, for a terminal; libtok's ratios by time and by processor time."""
    rows: dict[tuple, dict[str, dict]] = {}
    for record in report["records"]:
        rows.setdefault(row_of(record), {})[record["engine"]] = record
    engines = list(dict.fromkeys(record["engine"] for record in report["records"]))
    lines = [f"{'vocabulary':12} {'text':13} {'MB':>6} {'thr':>3} {'mode':10} {'load':>5} {'ratio':>6} {'cpu':>6} "
             + " ".join(f"{engine:>11}" for engine in engines)]  # fmt: skip
    for (encoding, text, threads, mode), records in rows.items():
        first = next(iter(records.values()))
        ratio, cpu = (
            next((f"{r[field]:.2f}x" for r in records.values() if field in r), "-")
            for field in ("ratio_to_best_peer", "cpu_ratio_to_best_peer")
        )
        lines.append(
            f"{encoding:12} {text:13} {first.get('bytes', 0) / 1e6:6.1f} {threads:3} {mode:10} "
            f"{first.get('load_average', [0])[-1]:5.1f} {ratio:>6} {cpu:>6} "
            + " ".join(f"{cell(records.get(engine)):>11}" for engine in engines)
        )
    return "\n".join(lines) + "\n"


def cell(record: dict | None) -> str:
    if record is None:
        return "-"
    if "error" in record:
        return "differs" if record["error"].startswith("ids differ") else "failed"
    return f"{record['bytes_per_s'] / 1e6:.1f}"


def machine() -> dict:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {"cpu": cpu, "cores": os.cpu_count(), "kernel": platform.release(), "python": platform.python_version()}


def versions(packages: Iterable[str] = plan.PEERS) -> dict:
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def commit() -> str | None:
    root = pathlib.Path(__file__).resolve().parents[1]
    done = subprocess.run(
        ["git", "-C", root, "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or None


def build_flags(build: pathlib.Path) -> dict:
    wanted = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_FLAGS", "CMAKE_CXX_FLAGS_RELEASE")
    cache = (build / "CMakeCache.txt").read_text().splitlines()
    return {line.split(":")[0]: line.split("=", 1)[1] for line in cache if line.split(":")[0] in wanted}
