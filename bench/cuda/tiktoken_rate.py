#!/usr/bin/env python3
"""GB/s of tiktoken on this machine, for the tables of the GPU's encoder.

    bench/cuda/tiktoken_rate.py RANKS TEXT [THREADS]

RANKS: a .tiktoken file of o200k_base; TEXT: documents that end in NUL (bench/cuda/fetch_text.py). The median of three runs
of encode_ordinary_batch, lists of ids and all, as its users have it.
"""

import statistics
import sys
import time
from pathlib import Path

import tiktoken
import tiktoken.load
from tiktoken_ext import openai_public


def main() -> None:
    ranks, text, *threads = sys.argv[1:]
    tiktoken.load.load_tiktoken_bpe = lambda *_, **__: loaded
    loaded = {
        __import__("base64").b64decode(token): int(rank)
        for token, rank in (line.split() for line in Path(ranks).read_bytes().splitlines() if line)
    }
    openai_public.load_tiktoken_bpe = tiktoken.load.load_tiktoken_bpe
    encoding = tiktoken.Encoding(**openai_public.o200k_base())
    documents = Path(text).read_text(encoding="utf-8").split("\0")
    n_bytes = Path(text).stat().st_size
    n_threads = int(threads[0]) if threads else 16
    rates = []
    for _ in range(3):
        begin = time.perf_counter()
        encoding.encode_ordinary_batch(documents, num_threads=n_threads)
        rates.append(n_bytes / (time.perf_counter() - begin) * 1e-9)
    print(f"tiktoken {tiktoken.__version__}, {n_threads} threads: {statistics.median(rates):.4f} GB/s")


if __name__ == "__main__":
    main()
