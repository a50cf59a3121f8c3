#!/usr/bin/env python3
"""Trains BPE with libtok and its peers on the same text: wall time, CPU time, peak memory.

Each training is a process of its own; the rounds are interleaved. What libtok and tokenizers make is compared first: the
same merges. Peers that count in other ways (their tie rules, their pieces) are timed all the same.

    python3 -m venv venv && venv/bin/pip install -r bench/train_requirements.txt
    venv/bin/python bench/train_peers.py --tok build/release/cli/tok --rounds 3 -o results.json english.txt:30000 ...
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"  # gpt2


def lines(path: str):
    with open(path, encoding="utf-8", newline="") as file:
        yield from file


def train_tokenizers(path: str, size: int, output: str) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train([path], trainers.BpeTrainer(vocab_size=size, initial_alphabet=alphabet, show_progress=False))
    tokenizer.save(output)


def train_gigabpe(path: str, size: int, output: str) -> None:
    import gigabpe

    gigabpe.train_tokenizer([path], size, output)


def train_rustbpe(path: str, size: int, _output: str) -> None:
    import rustbpe

    rustbpe.Tokenizer().train_from_iterator(lines(path), size, pattern=PATTERN)


def train_bpeasy(path: str, size: int, _output: str) -> None:
    import bpeasy

    bpeasy.train_bpe(lines(path), PATTERN, 128, size)


def train_sentencepiece(path: str, size: int, output: str) -> None:
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        input=path, model_prefix=output, vocab_size=size, model_type="bpe", num_threads=os.cpu_count(),
        max_sentence_length=1 << 20, minloglevel=2,
    )


PEERS = {
    "tokenizers": train_tokenizers,
    "gigabpe": train_gigabpe,
    "rustbpe": train_rustbpe,
    "bpeasy": train_bpeasy,
    "sentencepiece": train_sentencepiece,
}


def command_of(name: str, tok: str, path: str, size: int, output: str) -> list[str]:
    if name == "libtok":
        return [tok, "train", "bpe", "-n", str(size), "--pattern", "gpt2", "--split", "lines-lf", "-o", output, path]
    return [sys.executable, __file__, "--peer", name, path, str(size), output]


def measure(command: list[str]) -> dict:
    """Of one process: seconds and bytes. A peer's own start is part of it, as it is for its users."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        return {"error": error.decode(errors="replace").strip().splitlines()[-1:]}
    return {
        "wall_s": time.monotonic() - begin,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_rss_bytes": usage.ru_maxrss * 1024,
    }


def merges_of(path: str) -> list:
    merges = json.loads(Path(path).read_text(encoding="utf-8"))["model"]["merges"]
    return [merge.split(" ") if isinstance(merge, str) else merge for merge in merges]


def compare(text: str, size: int, arguments: argparse.Namespace, folder: Path) -> dict:
    outputs = {name: str(folder / f"{name}.json") for name in arguments.contestants}
    rounds: dict[str, list[dict]] = {name: [] for name in arguments.contestants}
    for _ in range(arguments.rounds):
        for name in arguments.contestants:
            rounds[name].append(measure(command_of(name, arguments.tok, text, size, outputs[name])))
            print(f"{Path(text).name} {size} {name}: {rounds[name][-1]}", file=sys.stderr)
    row = {"text": Path(text).name, "bytes": os.path.getsize(text), "vocab_size": size, "results": {}}
    for name, results in rounds.items():
        good = [result for result in results if "error" not in result]
        row["results"][name] = (
            {key: statistics.median(result[key] for result in good) for key in good[0]} if good else results[0]
        )
    if {"libtok", "tokenizers"} <= outputs.keys():
        row["merges_equal_tokenizers"] = merges_of(outputs["libtok"]) == merges_of(outputs["tokenizers"])
    return row


def print_table(rows: list[dict]) -> None:
    print(f"{'text':20} {'MB':>7} {'tokens':>7}  {'trainer':14} {'wall s':>8} {'CPU s':>8} {'memory MB':>10} {'x wall':>7}")
    for row in rows:
        own = row["results"]["libtok"]
        for name, result in row["results"].items():
            head = f"{row['text']:20} {row['bytes'] / 1e6:>7.1f} {row['vocab_size']:>7}  {name:14}"
            if "error" in result:
                print(f"{head} {result['error']}")
                continue
            print(f"{head} {result['wall_s']:>8.2f} {result['cpu_s']:>8.2f} {result['peak_rss_bytes'] / 1e6:>10.0f} "
                  f"{result['wall_s'] / own['wall_s']:>7.1f}")


def main() -> int:
    if len(sys.argv) > 1 and sys.argv[1] == "--peer":
        _, _, name, path, size, output = sys.argv
        PEERS[name](path, int(size), output)
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contestants", nargs="+", default=["libtok", *PEERS], choices=["libtok", *PEERS])
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("texts", nargs="+", metavar="FILE:SIZE")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for text in arguments.texts:
            path, _, size = text.rpartition(":")
            rows.append(compare(path, int(size), arguments, Path(folder)))
    print_table(rows)
    if arguments.output:
        commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
        machine = {"machine": platform.machine(), "cpus": os.cpu_count(), "commit": commit.stdout.strip()}
        arguments.output.write_text(json.dumps({**machine, "rounds": arguments.rounds, "rows": rows}, indent=1) + "\n")
    return 0 if all(row.get("merges_equal_tokenizers", True) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
