#!/usr/bin/env python3
"""Times of `tok encode` on text built to be slow: 10 MB of each family, per tokenizer.

    bench/adversarial.py --build build/release -o bench/results/adversarial.json [--megabytes 10] [-t gpt2 -t o200k_base]

The work behind these times is tested in tests/complexity; this records what it costs on a clock.
"""

import argparse
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "complexity"), str(ROOT / "tests" / "support"), str(ROOT / "bench")]

import encode_peers_report  # noqa: E402
import families  # noqa: E402
import peak_memory  # noqa: E402


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--megabytes", type=float, default=10)
    parser.add_argument("-t", "--tokenizer", action="append")
    arguments = parser.parse_args()
    size = int(arguments.megabytes * 1e6)
    report = {
        "schema": 1,
        "benchmark": "adversarial",
        "commit": encode_peers_report.commit(),
        "machine": encode_peers_report.machine(),
        "flags": encode_peers_report.build_flags(arguments.build),
        "threads": 1,
        "bytes": size,
        "results": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "in.txt"
        for tokenizer in arguments.tokenizer or ["gpt2", "cl100k_base", "o200k_base"]:
            command = [
                arguments.build / "cli" / "tok",
                "encode",
                "-t",
                tokenizer,
                "-T",
                1,
                "--special",
                "text",
                "--utf8",
                "bytes",
                "--out",
                "u32",
                source,
            ]
            source.write_bytes(b"")
            idle, _, _ = peak_memory.measured(*command)
            for name, family in {**families.FAMILIES, **families.INVALID}.items():
                source.write_bytes(family(size))
                seconds, rss, code = peak_memory.measured(*command)
                report["results"].append(
                    {
                        "tokenizer": tokenizer,
                        "family": name,
                        "seconds": round(seconds - idle, 4),
                        "bytes_per_s": round(size / max(1e-9, seconds - idle)),
                        "peak_rss_bytes": rss,
                        "exit_code": code,
                    }
                )
                print(f"{tokenizer} {name}: {seconds - idle:.3f} s, {rss / 1e6:.0f} MB", file=sys.stderr)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
