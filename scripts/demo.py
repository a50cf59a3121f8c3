#!/usr/bin/env python3
"""The last step of scripts/demo: train two tokenizers, encode real text with them, decode it back, print a table.

They are a BPE and a SuperBPE tokenizer of the same size, trained here by tok on a part of the text; the bundled o200k_base
stands beside them. Every document must come back byte for byte; the ids of a sample of each file are also held against
the peers themselves (tiktoken, and tokenizers reading the trained files, from .venv).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy
import tiktoken
import tiktoken.load
import tiktoken_ext.openai_public
import tokenizers

ROOT = Path(__file__).resolve().parents[1]
SEPARATOR = "\0"
TRAINING_CHARS = 300_000  # of each language
SAMPLE_DOCUMENTS = 40  # of each language, compared with the peers
VOCABULARY_SIZE = 24_000
TRANSITION = 20_000  # tokens of SuperBPE that are words


def read_documents(path: Path) -> list[str]:
    """Texts of a file of corpora/data (see corpora/fetch)."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in content.split("\n") if line]
    return content.split(SEPARATOR)[:-1]


def write_training_text(path: Path, texts: list[list[str]]) -> None:
    """About TRAINING_CHARS of each language, a document a line."""
    with path.open("w", encoding="utf-8") as file:
        for documents in texts:
            n_chars = 0
            for document in documents:
                file.write(json.dumps({"text": document}) + "\n")
                n_chars += len(document)
                if n_chars >= TRAINING_CHARS:
                    break


def train(tool: "Tool", kind: str, text: Path, path: Path, *options: str) -> tokenizers.Tokenizer:
    """A tokenizer.json made by tok train, as Hugging Face's tokenizers reads it."""
    report = json.loads(tool.run(
        "train", kind, "-n", str(VOCABULARY_SIZE), "--special", "<|endoftext|>", "--split", "jsonl:text", *options,
        "--json", "-o", path, text))
    print(f"{kind}: {report['tokens']} tokens from {report['bytes'] / 1e6:.1f} MB in {sum(report['phases'].values()):.1f} s",
          file=sys.stderr)
    peer = tokenizers.Tokenizer.from_file(str(path))
    peer.encode_special_tokens = True
    return peer


class Tool:
    """The `tok` program."""

    def __init__(self, binary: Path):
        self.binary = binary

    def run(self, *arguments: str | Path) -> str:
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"tok {arguments[0]} failed with exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout


def load_tiktoken(tool: Tool, work: Path) -> tiktoken.Encoding:
    """tiktoken's o200k_base, fed from libtok's bundled copy; its own hash check proves the copy is the published file."""
    os.environ["TIKTOKEN_CACHE_DIR"] = ""  # no copies outside the work folder
    exported = work / "o200k_base.tiktoken"
    tool.run("convert", "o200k_base", exported)

    def read_local(_url: str, expected_hash: str | None = None) -> dict[bytes, int]:
        digest = hashlib.sha256(exported.read_bytes()).hexdigest()
        if digest != expected_hash:
            sys.exit(f"the bundled o200k_base has sha256 {digest}, tiktoken expects {expected_hash}")
        return tiktoken.load.load_tiktoken_bpe(str(exported), expected_hash)

    tiktoken_ext.openai_public.load_tiktoken_bpe = read_local
    return tiktoken.Encoding(**tiktoken_ext.openai_public.o200k_base())


class Contestant:
    """One tokenizer and its peer."""

    def __init__(self, title: str, argument: str, peer_encode):
        self.title, self.argument, self.peer_encode = title, argument, peer_encode

    def measure(self, tool: Tool, text: Path, documents: list[str], work: Path) -> dict:
        """Encodes and decodes one file; fails the demo on any difference."""
        ids_path, back_path = work / f"{text.stem}.u32", work / f"{text.stem}.back"
        split = ["--split", "sep:\\0"]
        tool.run("encode", "-t", self.argument, *split, "--special", "text", "--out", "u32", "-o", ids_path, text)
        tool.run("decode", "-t", self.argument, "--in", "u32", "--sep", "\\0", "-o", back_path, ids_path)
        if back_path.read_bytes() != text.read_bytes():
            sys.exit(f"{self.title}, {text.name}: decoding does not give the text back")
        ids = numpy.fromfile(ids_path, dtype="<u4")
        ends = numpy.fromfile(f"{ids_path}.idx", dtype="<u8")
        begin = 0
        for document, end in zip(documents[:SAMPLE_DOCUMENTS], ends):
            if self.peer_encode(document) != ids[begin:end].tolist():
                sys.exit(f"{self.title}, {text.name}: ids differ from the peer's in {document[:60]!r}...")
            begin = int(end)
        back_path.unlink()
        bench = json.loads(tool.run("bench", "-t", self.argument, *split, "--special", "text", "-T", "1", "--json", text))
        return {"tokens": len(ids), "mb_per_s": bench["cold_mb_per_s"]}


def print_table(rows: list[tuple[str, str, int, list[dict]]], titles: list[str]) -> None:
    heads = "".join(f" | {title:^31}" for title in titles)
    print(f"{'':24} {'':>10}{heads}")
    columns = f" | {'tokens':>10} {'bytes/token':>11} {'MB/s':>8}" * len(titles)
    print(f"{'language':8} {'text':15} {'bytes':>10}{columns}")
    totals = [0] * (1 + len(titles))
    for language, name, n_bytes, results in rows:
        cells = "".join(f" | {r['tokens']:>10} {n_bytes / r['tokens']:>11.2f} {r['mb_per_s']:>8.0f}" for r in results)
        print(f"{language:8} {name:15} {n_bytes:>10}{cells}")
        totals = [t + v for t, v in zip(totals, [n_bytes, *(r["tokens"] for r in results)])]
    cells = "".join(f" | {tokens:>10} {totals[0] / tokens:>11.2f} {'':>8}" for tokens in totals[1:])
    print(f"{'all':8} {'':15} {totals[0]:>10}{cells}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    arguments = parser.parse_args()
    work = arguments.work
    work.mkdir(parents=True, exist_ok=True)
    tool = Tool(arguments.tok)

    index = json.loads((arguments.data / "index.json").read_text(encoding="utf-8"))
    names = json.loads((ROOT / "corpora/manifest.json").read_text(encoding="utf-8"))["subsets"]["demo"]
    texts = {name: read_documents(arguments.data / index[name]["file"]) for name in names}

    training = work / "training.jsonl"
    write_training_text(training, list(texts.values()))
    bpe = train(tool, "bpe", training, work / "tokenizer.json")
    superbpe = train(tool, "superbpe", training, work / "superbpe.json", "--transition", str(TRANSITION))
    openai = load_tiktoken(tool, work)
    contestants = [
        Contestant("o200k_base", "o200k_base", lambda text: openai.encode(text, disallowed_special=())),
        Contestant(f"BPE, {VOCABULARY_SIZE} tokens", str(work / "tokenizer.json"), lambda text: bpe.encode(text).ids),
        Contestant(f"SuperBPE, {VOCABULARY_SIZE} tokens", str(work / "superbpe.json"),
                   lambda text: superbpe.encode(text).ids),
    ]

    rows = []
    for name, documents in texts.items():
        text = work / f"{name}.txt"
        text.write_text("".join(document + SEPARATOR for document in documents), encoding="utf-8")
        results = [contestant.measure(tool, text, documents, work) for contestant in contestants]
        rows.append((index[name]["language"], name, text.stat().st_size, results))
    print_table(rows, [contestant.title for contestant in contestants])
    n_bpe, n_superbpe = (sum(results[i]["tokens"] for *_, results in rows) for i in (1, 2))
    n_documents = sum(len(documents) for documents in texts.values())
    print(f"\nSuperBPE needs {1 - n_superbpe / n_bpe:.1%} fewer tokens than BPE of the same size on the same text.")
    print(f"{n_documents} documents decoded back byte for byte; ids of {SAMPLE_DOCUMENTS} documents of each text equal "
          f"to tiktoken {tiktoken.__version__} and tokenizers {tokenizers.__version__}. MB/s: first pass of one thread.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
