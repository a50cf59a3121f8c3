"""Runs the `tok` tool from tests: many documents per call, results as Python values.

The tool is found through TOK_BINARY (set by ctest), else in build/dev. Nothing here knows what the right answer is.
"""

import json
import os
import pathlib
import subprocess
import tempfile

import numpy

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]


class TokFailure(Exception):
    """The tool ended with an exit code other than 0."""

    def __init__(self, command, code, message):
        super().__init__(f"{' '.join(map(str, command))}: exit code {code}: {message.strip()}")
        self.code = code
        self.message = message


def binary_path():
    named = os.environ.get("TOK_BINARY")
    return pathlib.Path(named) if named else SOURCE_DIR / "build" / "dev" / "cli" / "tok"


class Ragged:
    """Ids of many documents, flat: document d is ids[ends[d-1]:ends[d]]."""

    def __init__(self, ids, ends):
        self.ids = ids
        self.ends = ends

    @classmethod
    def from_lists(cls, lists):
        sizes = numpy.fromiter((len(one) for one in lists), dtype=numpy.uint64, count=len(lists))
        ends = numpy.cumsum(sizes, dtype=numpy.uint64)
        flat = numpy.empty(int(ends[-1]) if len(lists) else 0, dtype=numpy.uint32)
        at = 0
        for one in lists:
            flat[at : at + len(one)] = one
            at += len(one)
        return cls(flat, ends)

    def __len__(self):
        return len(self.ends)

    def document(self, index):
        begin = int(self.ends[index - 1]) if index else 0
        return self.ids[begin : int(self.ends[index])].tolist()

    def lists(self):
        flat, begin, result = self.ids.tolist(), 0, []
        for end in self.ends.tolist():
            result.append(flat[begin:end])
            begin = end
        return result

    def same_as(self, other):
        return numpy.array_equal(self.ends, other.ends) and numpy.array_equal(self.ids, other.ids)


class Tok:
    def __init__(self, binary=None, timeout=900):
        self.binary = pathlib.Path(binary) if binary else binary_path()
        self.timeout = timeout

    def run(self, *arguments, stdin=b"", env=None):
        """Runs the tool with captured output; never raises for an exit code."""
        return subprocess.run(
            [self.binary, *map(str, arguments)],
            input=stdin,
            capture_output=True,
            timeout=self.timeout,
            env=env,
            check=False,
        )

    def must(self, *arguments, stdin=b""):
        done = self.run(*arguments, stdin=stdin)
        if done.returncode != 0:
            raise TokFailure(
                [self.binary.name, *arguments], done.returncode, done.stderr.decode("utf-8", "replace")
            )
        return done

    def encode(self, tokenizer, documents, *options, special="all", threads=1):
        """Ids of every document, through --split jsonl and --out u32."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "in.jsonl"
            target = pathlib.Path(folder) / "out.u32"
            write_jsonl(source, documents)
            self.must(
                "encode",
                "-t",
                tokenizer,
                "--split",
                "jsonl:text",
                "--out",
                "u32",
                "--special",
                special,
                "-T",
                threads,
                "-o",
                target,
                *options,
                source,
            )
            ids = numpy.fromfile(target, dtype="<u4")
            ends = numpy.fromfile(f"{target}.idx", dtype="<u8")
        return Ragged(ids, ends)

    def encode_with_offsets(self, tokenizer, documents, unit, *options, special="all"):
        """[(ids, [(begin, end), ...])] in document order."""
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "in.jsonl"
            write_jsonl(source, documents)
            done = self.must(
                "encode",
                "-t",
                tokenizer,
                "--split",
                "jsonl:text",
                "--out",
                "jsonl",
                "--offsets",
                unit,
                "--special",
                special,
                "-T",
                1,
                *options,
                source,
            )
        records = [json.loads(line) for line in done.stdout.splitlines()]
        assert [r["doc"] for r in records] == list(range(len(documents)))
        return [(r["ids"], [tuple(pair) for pair in r["offsets"]]) for r in records]

    def decode(self, tokenizer, id_lists, *options):
        """Texts of many id lists, through --in jsonl and --out jsonl."""
        source = "".join(json.dumps({"doc": i, "ids": list(ids)}) + "\n" for i, ids in enumerate(id_lists))
        done = self.must(
            "decode", "-t", tokenizer, "--in", "jsonl", "--out", "jsonl", *options, stdin=source.encode()
        )
        records = [json.loads(line) for line in done.stdout.splitlines()]
        assert [r["doc"] for r in records] == list(range(len(id_lists)))
        return [r["text"] for r in records]


def write_jsonl(path, documents):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for text in documents:
            out.write(json.dumps({"text": text}, ensure_ascii=False))
            out.write("\n")
