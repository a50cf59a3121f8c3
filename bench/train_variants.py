#!/usr/bin/env python3
"""What the variants of BPE are for, measured on held-out text: parity-aware BPE and PickyBPE beside plain BPE.

Parity: tokens for the same text in each language: the Gini index, the most over the fewest, and the sum. Of the paragraphs
that every language has, half are --dev and half are counted; training text is the rest, as much of it as there is. UDHR has
no more than 30 articles: two of three train and are --dev, the third is counted.
Picky: tokens deleted, and bytes a token of every tenth hundredth of a text, whose others train.

    bench/train_variants.py --tok build/release/cli/tok --corpora ../shared/corpora [-o results.json]
"""

import argparse
import collections
import json
import subprocess
import tempfile
from pathlib import Path

PYTHON_DOCS = ["es", "fr", "ja", "ko", "tr", "uk", "zh-cn"]
UDHR = ("eng deu_1996 fra spa rus ukr tur cmn_hans jpn kor hin arb tha mya kat amh bod shn dzo tam heb khm vie swh fin "
        "hun").split()


def read(path):
    return subprocess.run(["zstdcat", path], capture_output=True, check=True).stdout.decode()


def rows(path):
    return [json.loads(line) for line in read(path).splitlines()]


def python_docs(corpora):
    """{language: {train, dev, test}}: as unequal as they are translated (Turkish 0.3 MB, Ukrainian 9 MB)."""
    texts = {name: {row["en"]: row[name] for row in rows(corpora / f"pydocs.en-{name}.jsonl.zst")} for name in PYTHON_DOCS}
    texts["en"] = {english: english for english in texts["zh-cn"]}
    common = [english for english in texts["en"] if all(english in text for text in texts.values())]
    held = set(common)
    return {name: {"train": [t for english, t in text.items() if english not in held],
                   "dev": [text[english] for english in common[1::2]],
                   "test": [text[english] for english in common[::2]]} for name, text in texts.items()}


def udhr(corpora):
    articles = collections.defaultdict(dict)
    for row in rows(corpora / "udhr.jsonl.zst"):
        articles[row["code"]][row["article"]] = row["text"]
    languages = {}
    for name in UDHR:
        train = [articles[name][i] for i in range(1, 31) if i % 3]
        languages[name] = {"train": train, "dev": train, "test": [articles[name][i] for i in range(3, 31, 3)]}
    return languages


def gini(values):
    values = sorted(values)
    n = len(values)
    return sum((2 * i - n + 1) * value for i, value in enumerate(values)) / (n * sum(values))


class Bench:
    def __init__(self, tok, folder):
        self.tok, self.folder = tok, Path(folder)

    def run(self, *arguments):
        return json.loads(subprocess.run([self.tok, *map(str, arguments), "--json"], capture_output=True, check=True).stdout)

    def count(self, tokenizer, path):
        total = self.run("count", "-t", tokenizer, path)["total"][0]
        return total["tokens"], total["bytes"]

    def write(self, name, paragraphs):
        path = self.folder / name
        path.write_text("\n".join(paragraphs) + "\n", encoding="utf-8")
        return path

    def parity(self, corpus, languages, size):
        paths = {name: {part: self.write(f"{name}.{part}", text) for part, text in parts.items()}
                 for name, parts in languages.items()}
        lang = [a for name, p in paths.items() for a in ("--lang", f"{name}={p['train']}")]
        dev = [a for name, p in paths.items() for a in ("--dev", f"{name}={p['dev']}")]
        # How many bytes a language takes for what English says in one.
        english = next(p["dev"] for name, p in paths.items() if name in ("en", "eng")).stat().st_size
        ratio = [a for name, p in paths.items() for a in ("--ratio", f"{name}={p['dev'].stat().st_size / english:.3f}")]
        kinds = {"BPE": ["bpe", *(p["train"] for p in paths.values())],
                 "parity": ["parity", *lang],
                 "parity --ratio bytes": ["parity", *lang, *ratio],
                 "parity --dev": ["parity", *lang, *dev],
                 "parity --dev --window 100": ["parity", *lang, *dev, "--window", 100],
                 f"parity --dev --hybrid {size // 2}": ["parity", *lang, *dev, "--hybrid", size // 2]}
        for kind, arguments in kinds.items():
            report = self.run("train", *arguments, "-n", size, "-o", self.folder / "t.json")
            tokens = [self.count(self.folder / "t.json", p["test"])[0] for p in paths.values()]
            yield {"corpus": corpus, "size": size, "kind": kind, "gini": round(gini(tokens), 4),
                   "most_over_fewest": round(max(tokens) / min(tokens), 2), "tokens": sum(tokens),
                   "seconds": sum(report["phases"].values())}

    def picky(self, corpus, text, size):
        lines = text.splitlines()
        block = len(lines) // 100
        blocks = ["\n".join(lines[i:i + block]) for i in range(0, len(lines), block)]
        train = self.write("train", [b for i, b in enumerate(blocks) if i % 10 != 9])
        test = self.write("test", blocks[9::10])
        for threshold in (None, 1.0, 0.9, 0.8, 0.7, 0.6):
            kind = ["bpe"] if threshold is None else ["picky", "--threshold", threshold]
            report = self.run("train", *kind, "-n", size, "-o", self.folder / "t.tok", train)
            tokens, n_bytes = self.count(self.folder / "t.tok", test)
            yield {"corpus": corpus, "size": size, "kind": " ".join(map(str, kind)),
                   "deletions": report.get("deletions", 0), "returns": report.get("returns", 0),
                   "bytes_per_token": round(n_bytes / tokens, 3), "seconds": sum(report["phases"].values())}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tok", required=True)
    parser.add_argument("--corpora", required=True, type=Path)
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.tok, folder)
        english = read(arguments.corpora / "en_prose.txt.zst")
        for result in [*bench.parity("UDHR", udhr(arguments.corpora), 8000),
                       *bench.parity("Python's documentation", python_docs(arguments.corpora), 32000),
                       *bench.picky("English", english, 8000), *bench.picky("English", english, 32000)]:
            print(result, flush=True)
            results.append(result)
    if arguments.output:
        arguments.output.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
