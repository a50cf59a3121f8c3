#!/usr/bin/env python3
"""How much SuperBPE saves: bytes a token of held-out text against BPE of the same size, over sizes of the vocabulary, points
of transition and sizes of the corpus; and what training takes in time and memory.

Blocks of a text's lines, every hundredth of them, are held out; of the others the first so many bytes train.

    bench/superbpe_curves.py --tok build/release/cli/tok --megabytes 30 100 300 --sizes 50000 200000 \
        --transitions 0.4 0.8 0.9 -o results.json english.txt
    bench/superbpe_curves.py --show results.json
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from encode_peers_report import commit, machine
from markdown_table import table
from train_peers import measure

BLOCK_BYTES = 100_000
HELD_OUT_EVERY = 100


def split(path: Path, n_bytes: list[int], folder: Path) -> tuple[dict[int, Path], Path]:
    """{bytes: training text} and the held-out text."""
    training = {n: folder / f"{n}.txt" for n in n_bytes}
    held_out = folder / "held_out.txt"
    written = 0
    files = {n: target.open("wb") for n, target in training.items()}
    with path.open("rb") as text, held_out.open("wb") as held:
        block = 0
        while lines := text.readlines(BLOCK_BYTES):
            block += 1
            if block % HELD_OUT_EVERY == 0:
                held.writelines(lines)
                continue
            for n, file in files.items():
                if written < n:
                    file.writelines(lines)
            written += sum(map(len, lines))
    for file in files.values():
        file.close()
    if held_out.stat().st_size == 0:
        sys.exit(f"{path}: {written} bytes, of which nothing is held out: more than {BLOCK_BYTES * HELD_OUT_EVERY} are needed")
    if written < max(n_bytes):
        sys.exit(f"{path}: {written} bytes to train from, not {max(n_bytes)}")
    return training, held_out


class Bench:
    def __init__(self, tok: str, held_out: Path, folder: Path) -> None:
        self.tok, self.held_out, self.output = tok, held_out, folder / "tokenizer.json"

    def bytes_per_token(self) -> float:
        command = [self.tok, "count", "-t", self.output, "--json", self.held_out]
        total = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["total"][0]
        return total["bytes"] / total["tokens"]

    def train(self, kind: str, text: Path, size: int, *options: str) -> dict:
        command = [self.tok, "train", kind, "-n", str(size), "--split", "lines-lf", "-o", self.output, *options, text]
        result = measure(list(map(str, command)))
        if "error" in result:
            sys.exit(f"{' '.join(map(str, command))}: {result['error']}")
        return {**result, "bytes_per_token": self.bytes_per_token()}


HEADS = ["corpus MB", "tokens", "transition", "bytes/token", "BPE's", "tokens saved", "train s", "memory MB"]


def print_table(rows: list[dict]) -> None:
    cells = []
    for row in rows:
        for transition, result in row["superbpe"].items():
            plain, mixed = row["bpe"]["bytes_per_token"], result["bytes_per_token"]
            cells.append([
                f"{row['bytes'] / 1e6:.0f}", str(row["vocab_size"]), transition, f"{mixed:.3f}", f"{plain:.3f}",
                f"{1 - plain / mixed:.1%}", f"{result['wall_s']:.1f}", f"{result['peak_rss_bytes'] / 1e6:.0f}",
            ])  # fmt: skip
    print(table(HEADS, cells), end="")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", help="the program `tok`")
    parser.add_argument("--megabytes", type=float, nargs="+", default=[30, 100])
    parser.add_argument("--sizes", type=int, nargs="+", default=[50000])
    parser.add_argument("--transitions", type=float, nargs="+", default=[0.9], help="shares of the size")
    parser.add_argument("--show", type=Path, metavar="REPORT", help="print the table of a report (-o) and stop")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("text", nargs="?", type=Path)
    arguments = parser.parse_args()
    if arguments.show:
        print_table(json.loads(arguments.show.read_text(encoding="utf-8"))["rows"])
        return 0
    if not arguments.tok or not arguments.text:
        parser.error("--tok and a text are needed")
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sizes = [int(megabytes * 1e6) for megabytes in arguments.megabytes]
        training, held_out = split(arguments.text, sizes, folder)
        bench = Bench(arguments.tok, held_out, folder)
        for n_bytes, text in training.items():
            for size in arguments.sizes:
                row = {"bytes": n_bytes, "vocab_size": size, "bpe": bench.train("bpe", text, size), "superbpe": {}}
                for share in arguments.transitions:
                    transition = int(size * share)
                    row["superbpe"][str(transition)] = bench.train("superbpe", text, size, "--transition", str(transition))
                rows.append(row)
                print_table([row])
    if arguments.output:
        run = {"machine": machine(), "commit": commit(), "text": arguments.text.name}
        arguments.output.write_text(json.dumps({**run, "rows": rows}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
