#!/usr/bin/env python3
"""Encoding speed of libtok beside its peers, in one run, ids verified equal first.

    bench/encode_peers.py --build build/release -o bench/results/encode_peers.json [--rounds 7] [--megabytes 4]
                          [--encodings o200k_base,gpt2] [--corpora english,code,...] [--corpora-dir DIR]

For every (encoding, corpus) all engines load the same documents, then take turns: one pass each, round after round, so
that whatever else the machine does falls on all of them. The first pass is the cold one (fresh process), the median of
the others the warm one. An engine whose ids differ from libtok's is reported as differing, without a time.
Engines call for what they sell: libtok fills a C++ vector, tiktoken and fastokens Python lists, gigatoken an Arrow-like
array, tokenizers its Encoding objects. One thread everywhere. bytes/s are bytes of UTF-8.

Corpora come from corpora/data (corpora/fetch) or, where it lacks one, from --corpora-dir (default TOK_CORPORA).
"""

import argparse
import hashlib
import json
import os
import pathlib
import platform
import statistics
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
ENGINES = ("tiktoken", "tokenizers", "gigatoken", "fastokens")

# corpus -> places to look, in order: a file of corpora/data, or (file in --corpora-dir, JSON field).
CORPORA = {
    "english": [("en_prose.txt.zst", None), "gnome.en.jsonl", "manpages.en.txt"],
    "code": ["code.python.txt", "code.linux.txt", "stdlib"],
    "chinese": ["manpages.zh.txt", ("pydocs.en-zh-cn.jsonl.zst", "zh-cn")],
    "japanese": ["manpages.ja.txt", ("pydocs.en-ja.jsonl.zst", "ja")],
    "korean": ["gnome.ko.jsonl", ("pydocs.en-ko.jsonl.zst", "ko")],
    "russian": ["manpages.ru.txt", ("udhr.jsonl.zst", "text:rus")],
    "turkish": ["manpages.tr.txt", ("pydocs.en-tr.jsonl.zst", "tr")],
    "hindi": ["libreoffice.hi.jsonl", ("udhr.jsonl.zst", "text:hin")],
    "mixed": ["libreoffice.vi.jsonl", ("udhr.jsonl.zst", "text")],
}


def stdlib_code():
    folder = pathlib.Path(os.__file__).parent
    return [path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.glob("*.py"))]


def load_corpus(name, folder):
    """(documents, where they came from), or (None, None)."""
    for place in CORPORA[name]:
        if place == "stdlib":
            return stdlib_code(), "the Python interpreter's standard library"
        if isinstance(place, str):
            path = ROOT / "corpora" / "data" / place
            if path.exists():
                text = path.read_text(encoding="utf-8")
                documents = [json.loads(line)["text"] for line in text.split("\n") if line] if path.suffix == ".jsonl" else text.split("\0")
                return [d for d in documents if d.strip()], place
            continue
        file, field = place
        path = folder / file if folder else None
        if path is None or not path.exists():
            continue
        text = subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout.decode(
            "utf-8"
        )
        if field is None:
            return [d for d in text.split("<|endoftext|>") if d.strip()], file
        field, _, language = field.partition(":")
        records = [json.loads(line) for line in text.splitlines()]
        return [r[field] for r in records if not language or r.get("iso639_3") == language], file
    return None, None


def limited(documents, n_bytes):
    """Whole documents up to about n_bytes; small corpora are repeated until they are worth timing (64 KB)."""
    taken, size = [], 0
    for document in documents:
        taken.append(document)
        size += len(document.encode())
        if size >= n_bytes:
            return taken
    return taken * max(1, -(-65536 // max(1, size)))


def requests(documents, n_bytes=1024, count=4000):
    """The corpus cut into requests of about n_bytes."""
    text, result, begin = "".join(documents), [], 0
    while begin < len(text) and len(result) < count:
        end = begin + n_bytes
        while len(text[begin:end].encode()) > n_bytes:
            end = begin + (end - begin) * n_bytes // len(text[begin:end].encode())
        result.append(text[begin:end])
        begin = end
    return result


def write_documents(path, documents):
    encoded = [d.encode() for d in documents]
    ends, at = [], 0
    for document in encoded:
        at += len(document)
        ends.append(at)
    with open(path, "wb") as out:
        out.write(struct.pack(f"<{1 + len(ends)}Q", len(ends), *ends))
        out.writelines(encoded)
    return at


class Contestant:
    def __init__(self, name, command):
        self.name, self.passes, self.error = name, [], None
        self.process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.loaded = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.error = self.process.stderr.read().strip().splitlines()[-1:] or ["ended without a message"]
            self.error = self.error[0][:300]
            return {}
        return json.loads(line)

    def ask(self, command):
        if self.error:
            return {}
        try:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._answer()

    def run_pass(self):
        answer = self.ask("pass")
        if answer:
            self.passes.append(answer)

    def ids_digest(self, path):
        self.ask(f"ids {path}")
        return None if self.error else hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def tokenizer_files(encoding, tok, folder, vocab_dir):
    """libtok's name, a .tiktoken file, a tokenizer.json; missing ones are None."""
    if encoding == "llama3":
        packed = vocab_dir / "llama3.tokenizer.json.zst" if vocab_dir else None
        if packed is None or not packed.exists():
            return None
        path = folder / "llama3.json"
        path.write_bytes(
            subprocess.run(["zstd", "-dcq", str(packed)], check=True, capture_output=True).stdout
        )
        return path, None, path
    ranks, as_json = folder / f"{encoding}.tiktoken", folder / f"{encoding}.json"
    for path in (ranks, as_json):
        subprocess.run([tok, "convert", encoding, path], check=True, capture_output=True)
    return encoding, ranks, as_json


def compete(arguments, encoding, files, documents, folder):
    source = folder / "documents.bin"
    n_bytes = write_documents(source, documents)
    named, ranks, as_json = files
    worker = ROOT / "bench" / "encode_peers_worker.py"
    contestants = [Contestant("libtok", [arguments.build / "bench" / "tok_encode_runner", named, source])]
    for engine in arguments.engines:
        path = ranks if engine in ("tiktoken", "gigatoken") and ranks else as_json
        if engine == "tiktoken" and ranks is None:
            continue
        contestants.append(Contestant(engine, [sys.executable, worker, engine, path, encoding, source]))
    for contestant in contestants:
        contestant.run_pass()
    digests = {c.name: c.ids_digest(folder / f"{c.name}.ids") for c in contestants}
    for _ in range(arguments.rounds):
        for contestant in contestants:
            if digests[contestant.name] == digests["libtok"]:
                contestant.run_pass()
    result = {"documents": len(documents), "bytes": n_bytes, "engines": {}}
    for contestant in contestants:
        contestant.close()
        result["engines"][contestant.name] = summary(
            contestant, n_bytes, digests[contestant.name] == digests["libtok"]
        )
    own = result["engines"]["libtok"].get("warm_bytes_per_s")
    for values in result["engines"].values():
        if own and "warm_bytes_per_s" in values:
            values["libtok_is_faster_by"] = round(own / values["warm_bytes_per_s"], 2)
    return result


def summary(contestant, n_bytes, same_ids):
    if contestant.error:
        return {"error": contestant.error}
    if not same_ids:
        return {"error": "ids differ from libtok's"}
    cold, warm = contestant.passes[0], contestant.passes[1:]
    median = statistics.median(p["seconds"] for p in warm)
    return {
        "load_s": contestant.loaded["load_s"],
        "cold_s": cold["seconds"],
        "cold_bytes_per_s": round(n_bytes / cold["seconds"]),
        "cold_first_call_s": cold["first_call_s"],
        "warm_s": [p["seconds"] for p in warm],
        "warm_bytes_per_s": round(n_bytes / median),
        "warm_first_call_s": statistics.median(p["first_call_s"] for p in warm),
        "peak_rss_bytes": contestant.passes[-1]["peak_rss_bytes"],
        "rss_beyond_documents_bytes": contestant.passes[-1]["peak_rss_bytes"]
        - contestant.loaded["rss_before_bytes"],
    }


def machine():
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load_average": os.getloadavg(),
    }


def versions():
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ENGINES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found


def commit():
    done = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty", "--abbrev=12"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or None


def build_flags(build):
    wanted = ("CMAKE_BUILD_TYPE", "CMAKE_CXX_FLAGS", "CMAKE_CXX_FLAGS_RELEASE")
    cache = (build / "CMakeCache.txt").read_text().splitlines()
    return {line.split(":")[0]: line.split("=", 1)[1] for line in cache if line.split(":")[0] in wanted}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--megabytes", type=float, default=4)
    parser.add_argument("--encodings", default="o200k_base,gpt2,llama3")
    parser.add_argument("--corpora", default=",".join([*CORPORA, "requests_1kb"]))
    parser.add_argument("--engines", default=",".join(e for e, v in versions().items() if v))
    parser.add_argument("--corpora-dir", type=pathlib.Path, default=os.environ.get("TOK_CORPORA"))
    parser.add_argument("--vocab-dir", type=pathlib.Path, default=os.environ.get("TOK_SHARED_VOCAB"))
    arguments = parser.parse_args()
    arguments.engines = [e for e in arguments.engines.split(",") if e]
    if arguments.rounds < 5:
        parser.error("--rounds: the median needs at least 5")
    report = {
        "schema": 1,
        "benchmark": "encode_peers",
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
        "flags": build_flags(arguments.build),
        "threads": 1,
        "rounds": arguments.rounds,
        "results": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for encoding in arguments.encodings.split(","):
            files = tokenizer_files(encoding, arguments.build / "cli" / "tok", folder, arguments.vocab_dir)
            if files is None:
                print(f"{encoding}: skipped, no tokenizer file (TOK_SHARED_VOCAB)", file=sys.stderr)
                continue
            for name in arguments.corpora.split(","):
                documents, origin = load_corpus(
                    "english" if name == "requests_1kb" else name, arguments.corpora_dir
                )
                if documents is None:
                    print(f"{name}: skipped, run corpora/fetch", file=sys.stderr)
                    continue
                documents = (
                    requests(documents)
                    if name == "requests_1kb"
                    else limited(documents, int(arguments.megabytes * 1e6))
                )
                result = {
                    "encoding": encoding,
                    "corpus": name,
                    "origin": origin,
                    **compete(arguments, encoding, files, documents, folder),
                }
                report["results"].append(result)
                print(
                    f"{encoding} {name}: "
                    + ", ".join(
                        f"{engine} {v['error'] if 'error' in v else format(v['warm_bytes_per_s'] / 1e6, '.1f') + ' MB/s'}"
                        for engine, v in result["engines"].items()
                    ),
                    file=sys.stderr,
                )
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
