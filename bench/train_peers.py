#!/usr/bin/env python3
"""Trains BPE with libtok and its peers on the same text: wall time, CPU time, peak memory, and each of them over libtok's.

Each training is a process of its own; the rounds are interleaved. What libtok and tokenizers make is compared: the same
merges. Peers that count in other ways (their tie rules, their pieces) are timed all the same: gigatoken takes a file as
one document (its merges are those of `tok train bpe --split file`), sentencepiece and youtokentome train on characters.
A peer that is not installed is a row that says so. bench/english_corpus.py makes a gigabyte of text for it.

    python3 -m venv venv && venv/bin/pip install -r bench/train_requirements.txt
    venv/bin/python bench/train_peers.py --tok build/release/cli/tok --rounds 3 -o results.json english.txt:30000 ...
    venv/bin/python bench/train_peers.py --tok ... --contestants libtok libtok-superbpe gigatoken -- english.txt:30000
    venv/bin/python bench/train_peers.py --show results.json --markdown
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from encode_peers_report import commit, machine, versions
from markdown_table import table

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


def train_gigatoken(path: str, size: int, _output: str) -> None:
    import gigatoken

    # Its pieces are gpt2's; there is no other choice of them.
    gigatoken.train_bpe(Path(path), size, [], tie_breaking="huggingface")


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


def train_youtokentome(path: str, size: int, output: str) -> None:
    import youtokentome

    youtokentome.BPE.train(data=path, model=output, vocab_size=size)


PEERS = {
    "tokenizers": train_tokenizers,
    "gigatoken": train_gigatoken,
    "gigabpe": train_gigabpe,
    "rustbpe": train_rustbpe,
    "bpeasy": train_bpeasy,
    "sentencepiece": train_sentencepiece,
    "youtokentome": train_youtokentome,
}
LIBTOK = {"libtok": ["bpe", "--pattern", "gpt2"], "libtok-superbpe": ["superbpe"]}  # superwords have a pattern of their own
DEFAULT_CONTESTANTS = ["libtok", *PEERS]
MEASURES = {"wall_s": ("wall s", 1, 2), "cpu_s": ("CPU s", 1, 2), "peak_rss_bytes": ("memory MB", 1e6, 0)}


def command_of(name: str, tok: str, path: str, size: int, output: str) -> list[str]:
    if name in LIBTOK:
        return [tok, "train", *LIBTOK[name], "-n", str(size), "--split", "lines-lf", "-o", output, path]
    return [sys.executable, __file__, "--peer", name, path, str(size), output]


def warm(path: str) -> None:
    """Into the page cache, which some machines empty by themselves. By small reads: what this process holds counts as its
    children's memory until they begin."""
    with open(path, "rb") as file:
        while file.read(1 << 20):
            pass


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
            warm(text)
            rounds[name].append(measure(command_of(name, arguments.tok, text, size, outputs[name])))
            print(f"{Path(text).name} {size} {name}: {rounds[name][-1]}", file=sys.stderr)
    row = {"text": Path(text).name, "bytes": os.path.getsize(text), "vocab_size": size, "results": {}}
    for name, results in rounds.items():
        good = [result for result in results if "error" not in result]
        row["results"][name] = (
            {key: statistics.median(result[key] for result in good) for key in good[0]} if good else results[0]
        )
    if all("wall_s" in row["results"].get(name, {}) for name in ("libtok", "tokenizers")):
        row["merges_equal_tokenizers"] = merges_of(outputs["libtok"]) == merges_of(outputs["tokenizers"])
    return row


HEADS = [
    "trainer", "text", "MB of text", "tokens",
    *(head for head, _, _ in MEASURES.values()), *(f"{head.split()[0]} / libtok's" for head, _, _ in MEASURES.values()),
]  # fmt: skip


def cells_of(row: dict, name: str) -> list[str]:
    result, own = row["results"][name], row["results"].get("libtok", {})
    cells = [name, row["text"], f"{row['bytes'] / 1e6:.1f}", str(row["vocab_size"])]
    if "error" in result:
        return [*cells, "failed", *["-"] * (len(HEADS) - len(cells) - 1)]
    cells += [f"{result[key] / unit:.{digits}f}" for key, (_, unit, digits) in MEASURES.items()]
    return cells + [f"{result[key] / own[key]:.2f}" if key in own else "-" for key in MEASURES]


def print_table(rows: list[dict], markdown: bool) -> None:
    cells = [cells_of(row, name) for row in rows for name in row["results"]]
    if markdown:
        print(table(HEADS, cells), end="")
        return
    widths = [max(map(len, column)) for column in zip(HEADS, *cells)]
    for line in [HEADS, *cells]:
        print("  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))]))
    for row in rows:
        for name, result in row["results"].items():
            if "error" in result:
                print(f"{name} failed: {' '.join(result['error'])}")


def main() -> int:
    if len(sys.argv) > 1 and sys.argv[1] == "--peer":
        _, _, name, path, size, output = sys.argv
        PEERS[name](path, int(size), output)
        return 0
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", help="the program `tok`")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--contestants", nargs="+", default=DEFAULT_CONTESTANTS, choices=[*LIBTOK, *PEERS], metavar="NAME",
        help=f"of {' '.join([*LIBTOK, *PEERS])} (default: all but libtok-superbpe, whose work is another)",
    )  # fmt: skip
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--show", type=Path, metavar="REPORT", help="print the table of a report (-o) and stop")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("texts", nargs="*", metavar="FILE:SIZE")
    arguments = parser.parse_args()
    if arguments.show:
        print_table(json.loads(arguments.show.read_text(encoding="utf-8"))["rows"], arguments.markdown)
        return 0
    if not arguments.tok or not arguments.texts:
        parser.error("--tok and a FILE:SIZE are needed")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for text in arguments.texts:
            path, _, size = text.rpartition(":")
            rows.append(compare(path, int(size), arguments, Path(folder)))
    print_table(rows, arguments.markdown)
    if arguments.output:
        run = {"machine": machine(), "commit": commit(), "versions": versions(PEERS), "rounds": arguments.rounds}
        arguments.output.write_text(json.dumps({**run, "rows": rows}, indent=1) + "\n")
    return 0 if all(row.get("merges_equal_tokenizers", True) for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
