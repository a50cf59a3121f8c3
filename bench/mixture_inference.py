#!/usr/bin/env python3
"""How near `tok measure mixture` comes to mixtures that are known: tokenizers trained on random ones, inferred from other text.

Each category's paragraphs (of code: runs of lines) are dealt at random to two halves of the same lengths, one that trains and one that is the
sample: no paragraph is in both. A mixture is drawn from Dirichlet(1); a category's counts of pieces are weighted so that it
has its share of the bytes, as if its half were repeated. MSE is the mean of the squared errors of the shares. Beside it
stand what a uniform guess and another random mixture would get. `hf`: trained by Hugging Face's tokenizers, on text that is
put together of the halves, each paragraph once, as far as the scarcest lasts.

    corpora/fetch manpages gnome libreoffice code
    bench/mixture_inference.py --tok build/release/cli/tok --corpora ../shared/corpora [-o bench/results/mixture_inference.json]
"""

import argparse
import collections
import json
import math
import os
import random
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from markdown_table import table

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ["en", "de", "es", "fr", "ja", "ko", "ru", "tr", "uk", "zh"]
CODE = ["python", "linux", "rust"]
PYTHON_DOCS = {"es": "es", "fr": "fr", "ja": "ja", "ko": "ko", "tr": "tr", "uk": "uk", "zh": "zh-cn"}
BLOCK = 2000  # bytes of code
PARAGRAPH = 1000  # characters


def rows(text):
    return [json.loads(line) for line in text.split("\n") if line]


def unpacked(path):
    return subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout.decode()


def paragraphs(corpora, data, name):
    """Distinct ones: translations keep what they do not translate, and manuals their licences."""
    found = []
    manuals = data / f"manpages.{name}.txt"
    if manuals.exists():
        found += [p for p in re.split(r"\n\s*\n|\0", manuals.read_text("utf-8")) if p.strip()]
    for project in ["gnome", "libreoffice"]:
        path = data / f"{project}.{'zh-cn' if name == 'zh' else name}.jsonl"
        if path.exists():
            found += [row["text"] for row in rows(path.read_text("utf-8"))]
    if name in PYTHON_DOCS:
        found += [row[PYTHON_DOCS[name]] for row in rows(unpacked(corpora / f"pydocs.en-{PYTHON_DOCS[name]}.jsonl.zst"))]
    if name == "en":
        found += [row["en"] for row in rows(unpacked(corpora / "pydocs.en-zh-cn.jsonl.zst"))]
        found += re.split(r"\n\s*\n", unpacked(corpora / "en_prose.txt.zst"))
    return list(dict.fromkeys(part for text in found for part in short(text)))


def short(text):
    """In runs of lines, or of sentences, that no half gets a table by itself."""
    parts = [""]
    for line in re.split(r"(?<=\n)|(?<=[.。] )|(?<=。)", text):
        if len(parts[-1]) + len(line) > PARAGRAPH:
            parts.append("")
        parts[-1] += line
    return [part.strip() for part in parts if part.strip()]


def deal(name, texts):
    """Two halves of the same lengths: of each two texts of about the same length one goes to either."""
    draw = random.Random(name)
    draw.shuffle(texts)
    halves = {"train": [], "sample": []}
    ordered = sorted(texts, key=lambda text: len(text.encode()))
    for pair in zip(ordered[::2], ordered[1::2]):
        for half, text in zip(halves, draw.sample(pair, 2)):
            halves[half].append(text)
    for half in halves.values():
        draw.shuffle(half)
    return halves


def blocks(data, name):
    """Runs of whole lines."""
    found, lines, size = [], [], 0
    for line in (data / f"code.{name}.txt").read_text("utf-8").replace("\0", "").split("\n"):
        lines.append(line)
        size += len(line) + 1
        if size >= BLOCK:
            found.append("\n".join(lines))
            lines, size = [], 0
    return found


class Bench:
    def __init__(self, arguments, folder):
        self.tok, self.threads = arguments.tok, arguments.threads
        self.size, self.folder = arguments.size, Path(folder)
        self.halves = {}  # category -> {half: [paragraph]}
        self.counts = {}  # category -> {piece as TSV: count}, of the half that trains
        self.bytes = {}   # category -> {half: bytes}

    def run(self, *words):
        return subprocess.run([self.tok, *map(str, words)], capture_output=True, check=True, text=True).stdout

    def add(self, name, texts):
        self.halves[name] = deal(name, texts)
        self.bytes[name] = {}
        for half, parts in self.halves[name].items():
            path = self.folder / f"{name}.{half}.txt"
            path.write_text("\n".join(parts) + "\n", "utf-8")
            self.bytes[name][half] = path.stat().st_size
            self.run("pieces", "count", path, "-o", path.with_suffix(".pieces"))
        tsv = self.run("pieces", "show", "--tsv", self.folder / f"{name}.train.pieces")
        self.counts[name] = [(piece, int(count)) for count, piece in (line.split("\t") for line in tsv.split("\n") if line)]

    def trained(self, shares):
        """By weighted counts: the rarest piece of the scarcest text still counts a hundred."""
        weights = {name: share / self.bytes[name]["train"] for name, share in shares.items()}
        unit = 100 / min(weights.values())
        total = collections.Counter()
        for name, weight in weights.items():
            for piece, count in self.counts[name]:
                total[piece] += round(count * weight * unit)
        counts, tokenizer = self.folder / "mixed.tsv", self.folder / "mixed.json"
        counts.write_text("".join(f"{count}\t{piece}\n" for piece, count in total.items()), "utf-8")
        self.run("train", "bpe", "-n", self.size, "--counts", counts, "-o", tokenizer)
        return tokenizer, shares

    def trained_by_hf(self, shares):
        import tokenizers

        names = list(shares)
        size = min(self.bytes[name]["train"] / share for name, share in shares.items() if share > 0.02)
        texts, taken = [], {}
        for name in names:
            wanted, taken[name] = shares[name] * size, 0
            for text in self.halves[name]["train"]:
                if taken[name] >= wanted:
                    break
                texts.append(text + "\n")
                taken[name] += len(texts[-1].encode())
        tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
        path = self.folder / "hf.json"
        self.run("train", "bpe", "-n", 300, "-o", path, self.folder / f"{names[0]}.sample.txt")
        plain = json.loads(path.read_text("utf-8"))["pre_tokenizer"]
        tokenizer.pre_tokenizer = tokenizers.Tokenizer.from_str(json.dumps(
            {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": plain, "post_processor": None, "decoder": None,
             "model": {"type": "BPE", "vocab": {}, "merges": []}})).pre_tokenizer
        trainer = tokenizers.trainers.BpeTrainer(vocab_size=self.size, show_progress=False,
                                                 initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet())
        tokenizer.train_from_iterator(texts, trainer)
        tokenizer.save(str(path))
        return path, {name: n / sum(taken.values()) for name, n in taken.items()}

    def measured(self, tokenizer, names):
        samples = [word for name in names for word in ("--samples", f"{name}={self.folder / (name + '.sample.txt')}")]
        begin = time.monotonic()
        report = json.loads(self.run("measure", "mixture", "-t", tokenizer, *samples, "-T", self.threads, "--json"))
        return report, time.monotonic() - begin

    def trial(self, names, seed, train):
        draw = random.Random(seed)

        def mixture():
            parts = [draw.expovariate(1) for _ in names]
            return {name: part / sum(parts) for name, part in zip(names, parts)}

        tokenizer, shares = train(mixture())
        report, seconds = self.measured(tokenizer, names)

        def mse(guess):
            return statistics.fmean((guess[name] - shares[name]) ** 2 for name in names)

        trial = {"seed": seed, "true": shares, "inferred": report["shares"], "sensitivity": report["sensitivity"],
                 "log10_mse": math.log10(mse(report["shares"])),
                 "log10_mse_uniform": math.log10(mse(dict.fromkeys(names, 1 / len(names)))),
                 "log10_mse_random": math.log10(mse(mixture())),
                 "misfit": report["misfit"], "merges": report["merges"], "rows": report["rows"],
                 "epochs": report["epochs"], "seconds": seconds}
        print(f"{'+'.join(names)} {seed}: {trial['log10_mse']:.2f} ({trial['rows']} rows, {seconds:.1f} s)", flush=True)
        return trial


def summary(name, trials):
    def spread(key):
        values = [trial[key] for trial in trials]
        return f"{statistics.fmean(values):.2f} ± {statistics.stdev(values):.2f}" if len(values) > 1 else f"{values[0]:.2f}"

    worst = max(trial["log10_mse"] for trial in trials)
    return [name, str(len(trials)), spread("log10_mse"), f"{worst:.2f}", spread("log10_mse_uniform"),
            spread("log10_mse_random"), f"{max(trial['seconds'] for trial in trials):.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", type=Path, default=ROOT / "build/release/cli/tok")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=ROOT / "corpora/data")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--size", type=int, default=30256, help="of the vocabulary: 256 bytes, and merges")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", help="one experiment; results of the others stay in the file as they are")
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments, folder)
        experiments = {
            "5 languages": (lambda seed: random.Random(-seed).sample(LANGUAGES, 5), bench.trained, arguments.seeds),
            "10 languages": (lambda seed: LANGUAGES, bench.trained, arguments.seeds),
            "3 kinds of code": (lambda seed: CODE, bench.trained, arguments.seeds),
            "10 languages and code": (lambda seed: LANGUAGES + CODE, bench.trained, arguments.seeds),
            "5 languages, hf": (lambda seed: random.Random(-seed).sample(LANGUAGES, 5), bench.trained_by_hf,
                                arguments.seeds),
        }
        for name in LANGUAGES:
            bench.add(name, paragraphs(arguments.corpora, arguments.data, name))
        for name in CODE:
            bench.add(name, blocks(arguments.data, name))
        for name, sizes in bench.bytes.items():
            print(name, sizes, flush=True)
        results = {}
        for name, (choose, train, n_seeds) in experiments.items():
            if arguments.only in (None, name):
                results[name] = [bench.trial(choose(seed), seed, train) for seed in range(1, n_seeds + 1)]
    heads = ["trained on", "seeds", "log10 MSE", "worst", "uniform guess", "random guess", "most seconds"]
    print("\n" + table(heads, [summary(name, trials) for name, trials in results.items()]))
    if arguments.output:
        commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "HEAD"], capture_output=True, text=True).stdout.strip()
        kept = json.loads(arguments.output.read_text("utf-8"))["experiments"] if arguments.output.exists() else {}
        described = {name: {"commit": commit, "cpus": len(os.sched_getaffinity(0)), "threads": arguments.threads,
                            "vocabulary": arguments.size, "trials": trials} for name, trials in results.items()}
        arguments.output.write_text(json.dumps({"schema": 1, "bytes": bench.bytes, "experiments": kept | described},
                                               indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
