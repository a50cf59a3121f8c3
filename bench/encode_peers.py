#!/usr/bin/env python3
"""Encoding speed of libtok beside its peers, in one run, ids verified equal first.

    bench/encode_peers.py -o FILE [--build build/release] [--encodings o200k_base,...] [--texts english,...]
                          [--modes first_pass,warm] [--threads 1,all] [--engines gigatoken,...] [--resume] [--quick]
                          [--libtok LABEL=TOKENIZER ...] [--instructions]
    bench/encode_peers.py --plan readme -o FILE [--resume]
    bench/encode_peers.py --merge A.json B.json ... -o FILE
    bench/encode_peers.py --show FILE

A row is (vocabulary, text, threads, mode). In a row every engine encodes the same documents, and turns are taken, so
that whatever else the machine does falls on all of them. Where one thread is asked for, a process has one processor.
  first_pass  every engine once in a fresh process, then all of them again: what a user runs. Texts never repeat.
  warm        one process an engine; one pass each that does not count, then one pass each, round after round.
An engine that crashes, refuses the vocabulary, takes too long or gives other ids has a record that says so, and no time.
Peers get the fastest call they have (encode_peers_worker.py); libtok is called from C++ (encode_runner.cc), and may be
there several times with different tokenizer files (--libtok; {encoding} is replaced, `freeze` makes an image). The slower
peers run with o200k_base only, the slowest on some texts, unless --engines says otherwise. A finished row is written at once: --resume goes on where
a run of the same commit, machine and options was stopped, and --merge joins files. bytes are bytes of UTF-8.

The JSON file: {"schema": 2, "benchmark": "encode_peers", "runs": [...], "records": [...]}.
  run     commit, machine {cpu, cores, kernel, python}, versions {engine: version}, flags, rounds, megabytes, quick
  record  run (index), encoding, text, threads, mode, origin, documents, bytes, load_average [before, after], engine,
          calls ("batch", or "each": one call a document; where both are allowed, the faster), and either `error` or
          bytes_per_s and bytes_per_cpu_s (of the medians), seconds and cpu_s (of every pass; of all threads), ids,
          load_s (median), first_call_s (median of the first document alone; null for batches that go together),
          peak_rss_beyond_documents_bytes (loading included);
          of libtok also best_peer and ratio_to_best_peer (the faster of gigatoken and fastokens in this row), the same
          by processor time (best_cpu_peer, cpu_ratio_to_best_peer: calmer on a busy machine), and with
          --instructions (warm rows of one thread) instructions_per_byte, _per_id and _per_piece, from callgrind.
"""

import argparse
import itertools
import os
import pathlib
import sys
import tempfile

import encode_peers_corpora as corpora
import encode_peers_instructions as instructions
import encode_peers_plan as plan
import encode_peers_report as reports
from encode_peers_contestants import Entry, Match, attempt, libtok_command, peer_command, write_documents
from encode_peers_vocabularies import NoVocabulary, Variant, Vocabulary

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODES = ("first_pass", "warm")
QUICK_ROUNDS, LEAST_ROUNDS = 3, 5


class Benchmark:
    def __init__(self, arguments: argparse.Namespace, report: reports.Report, folder: pathlib.Path):
        self._arguments, self._report, self._folder = arguments, report, folder
        self._runner = arguments.build / "bench" / "tok_encode_runner"
        self._labels = [variant.label for variant in arguments.libtok]

    def run(self) -> None:
        planned = [row for row in self._arguments.rows if not self._report.has(row)]
        for name in dict.fromkeys(text for _, text, *_ in planned):
            rows = [row for row in planned if row[1] == name]
            try:
                text = corpora.load(name, self._arguments.corpora_dir, int(self._arguments.megabytes * 1e6))
            except corpora.NoText as reason:
                for row in rows:
                    self._done(self._all_failed(row, reason))
                continue
            for row in rows:
                self._done(self._records(row, text))

    def _done(self, records: list[dict]) -> None:
        self._report.add(records)
        print(reports.as_text({"records": records}), file=sys.stderr, end="")
        for record in records:
            if "error" in record:
                print(f"  {record['engine']}: {record['error']}", file=sys.stderr)
        sys.stderr.flush()

    def _records(self, row: tuple, text: corpora.Text) -> list[dict]:
        encoding, _, threads, mode = row
        try:
            vocabulary = Vocabulary(
                encoding, self._arguments.build / "cli" / "tok", self._folder, self._arguments.vocab_dir
            )
        except NoVocabulary as reason:
            return self._all_failed(row, reason)
        documents = self._folder / "documents.bin"
        n_bytes = write_documents(documents, text.documents)
        entries = self._entries(row, vocabulary, documents, text.calls)
        before = os.getloadavg()[0]
        match = Match(entries, self._folder, self._arguments.patience)
        (match.first_pass if mode == "first_pass" else match.warm)(self._arguments.rounds)
        common = {
            **dict(zip(reports.ROW, row)),
            "origin": text.origin,
            "documents": len(text.documents),
            "bytes": n_bytes,
            "load_average": [round(before, 2), round(os.getloadavg()[0], 2)],
        }
        records = reports.records_of(common, entries, self._labels)
        if self._arguments.instructions and mode == "warm" and threads == 1:
            pieces = instructions.count_pieces(vocabulary.json, text.documents)
            for entry, record in zip(entries, records[: len(self._labels)]):
                if not entry.error:
                    record.update(instructions.of_a_warm_pass(entry.command, self._folder, record, pieces))
        return records

    def _all_failed(self, row: tuple, reason: Exception) -> list[dict]:
        engines = [*self._labels, *self._peers(row[0], row[1])]
        return [{**dict(zip(reports.ROW, row)), "engine": engine, "error": str(reason)} for engine in engines]

    def _entries(self, row: tuple, vocabulary: Vocabulary, documents: pathlib.Path, calls: str) -> list[Entry]:
        encoding, text, threads, _ = row
        one_cpu = threads == 1
        entries = [Entry(variant.label, calls=calls, one_cpu=one_cpu) for variant in self._arguments.libtok]
        for entry, variant in zip(entries, self._arguments.libtok):
            with attempt(entry):
                path = vocabulary.path_for_variant(variant)
                entry.command = libtok_command(self._runner, path, documents, calls, threads)
        for engine in self._peers(encoding, text):
            # Calls a document each are gigatoken's fastest way in a first pass, its batches when warm.
            both = calls == "batch" and threads == 1 and engine in plan.FASTEST_PEERS
            for way in ("batch", "each") if both else (calls,):
                entries.append(entry := Entry(engine, calls=way, one_cpu=one_cpu))
                with attempt(entry):
                    path = vocabulary.path_for(engine)
                    entry.command = peer_command(engine, path, vocabulary.name, documents, way, threads)
        return entries

    def _peers(self, encoding: str, text: str) -> list[str]:
        """Peers of a row, installed or not: a missing one has a record that says so."""
        if self._arguments.engines is not None:
            return self._arguments.engines
        return list(plan.peers(encoding, text))


def names(allowed: tuple[str, ...] | list[str]):
    """An argparse type: a comma-separated list of `allowed` names."""

    def parse(text: str) -> list[str]:
        chosen = [name for name in text.split(",") if name]
        for name in chosen:
            if name not in allowed:
                raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(allowed)}")
        return chosen

    return parse


def all_threads() -> int:
    return len(os.sched_getaffinity(0))


def thread_counts(text: str) -> list[int]:
    return list(dict.fromkeys(all_threads() if n == "all" else int(n) for n in text.split(",")))


def rows_of(arguments: argparse.Namespace) -> list[tuple]:
    """(vocabulary, text, threads, mode): the plan's, or every combination that makes sense."""
    if arguments.plan:
        wanted = [(e, t, all_threads() if threaded else 1, m) for e, t, threaded, m in plan.readme_rows()]
        return [row for row in wanted if row[0] in arguments.encodings and row[1] in arguments.texts]
    product = itertools.product(arguments.encodings, arguments.texts, arguments.threads, arguments.modes)
    return [
        (encoding, text, threads, mode)
        for encoding, text, threads, mode in product
        if (threads == 1 or text not in corpora.ONE_THREAD) and (mode == "first_pass" or text not in corpora.FIRST_PASS_ONLY)
    ]


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=pathlib.Path, help="the report")
    parser.add_argument("--merge", type=pathlib.Path, nargs="+", metavar="REPORT", help="join reports into --output")
    parser.add_argument("--show", type=pathlib.Path, metavar="REPORT", help="print a report as a table")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--encodings", type=names(plan.VOCABULARIES), default=list(plan.VOCABULARIES))
    parser.add_argument("--texts", "--corpora", type=names(corpora.NAMES), default=corpora.NAMES)
    parser.add_argument("--plan", choices=["readme"], help="the rows of README's tables among --encodings and --texts")
    parser.add_argument("--modes", type=names(MODES), default=list(MODES))
    parser.add_argument("--threads", type=thread_counts, default=[1], help="counts, or all (default 1)")
    parser.add_argument("--engines", type=names(plan.PEERS), help="peers beside libtok")
    parser.add_argument("--libtok", type=Variant.parse, action="append", metavar="LABEL=TOKENIZER")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS)
    parser.add_argument("--megabytes", type=float, default=20, help="at most, of a text (mixed: 150)")
    parser.add_argument("--patience", type=float, default=300, help="seconds that a contestant may take for an answer")
    parser.add_argument("--instructions", action="store_true", help="count libtok's, by callgrind (slow)")
    parser.add_argument("--quick", action="store_true", help="3 rounds: to look at, not to publish")
    parser.add_argument("--resume", action="store_true", help="keep the rows that --output has")
    parser.add_argument("--corpora-dir", type=pathlib.Path, default=os.environ.get("TOK_CORPORA"))
    parser.add_argument("--vocab-dir", type=pathlib.Path, default=os.environ.get("TOK_SHARED_VOCAB"))
    arguments = parser.parse_args()
    if not arguments.output and not arguments.show:
        parser.error("-o: where does the report go?")
    arguments.rows = rows_of(arguments)
    arguments.libtok = arguments.libtok or [Variant("libtok", "freeze")]
    if arguments.quick:
        arguments.rounds = QUICK_ROUNDS
    elif arguments.rounds < LEAST_ROUNDS:
        parser.error(f"--rounds: a median that is published needs {LEAST_ROUNDS}; see --quick")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    if arguments.show:
        print(reports.as_text(reports.read(arguments.show)), end="")
        return
    if arguments.merge:
        reports.merge(arguments.merge, arguments.output)
        return
    run = {
        "commit": reports.commit(),
        "machine": reports.machine(),
        "versions": reports.versions(),
        "flags": reports.build_flags(arguments.build),
        "libtok": {variant.label: variant.source for variant in arguments.libtok},
        "rounds": arguments.rounds,
        "megabytes": arguments.megabytes,
        "quick": arguments.quick,
    }
    with tempfile.TemporaryDirectory() as folder:
        Benchmark(arguments, reports.Report(arguments.output, run, arguments.resume), pathlib.Path(folder)).run()


if __name__ == "__main__":
    main()
