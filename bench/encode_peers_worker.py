#!/usr/bin/env python3
"""One Python contestant of encode_peers.py, with the protocol of encode_runner.cc.

    encode_peers_worker.py ENGINE TOKENIZER_FILE ENCODING DOCUMENTS batch|each THREADS

TOKENIZER_FILE is a .tiktoken file or a tokenizer.json, whichever encode_peers_vocabularies.py chose for ENGINE; ENCODING
names patterns and bundled vocabularies. Every engine gets the fastest call of its own that returns ids: flat arrays
instead of Python lists where it has them, its documents as the type it takes without a copy, and a str's UTF-8 form made
before the clock starts. Special tokens are not looked for where the engine lets one choose.
"""

import base64
import concurrent.futures
import ctypes
import importlib
import json
import os
import re
import struct
import sys
import time

PATTERNS = {"gpt2": "gpt2", "cl100k_base": "cl100k", "o200k_base": "o200k"}  # gigatoken's names


class Engine:
    """batch(documents) and each(document) encode; ids(result) is a list of buffers of u32, outside the time.

    `modules` are imported before any clock starts: some engines import theirs in the first call, which takes 0.3 s.
    """

    modules = ()
    takes_bytes = False

    def ids_of_each(self, results):
        return [ids for result in results for ids in self.ids(result)]


class Tiktoken(Engine):
    modules = ("tiktoken", "tiktoken_ext.openai_public", "numpy")

    def __init__(self, path, encoding, threads):
        import tiktoken
        import tiktoken_ext.openai_public as public

        with open(path, "rb") as file:
            ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in file)}
        public.load_tiktoken_bpe = lambda *_, **__: ranks
        public.data_gym_to_mergeable_bpe_ranks = lambda *_, **__: ranks
        self._peer = tiktoken.Encoding(**public.ENCODING_CONSTRUCTORS[encoding]())
        self._pool = concurrent.futures.ThreadPoolExecutor(threads) if threads > 1 else None

    def each(self, document):
        return self._peer.encode_to_numpy(document, disallowed_special=())

    def batch(self, documents):
        return list((self._pool.map if self._pool else map)(self.each, documents))

    def ids(self, result):
        return result if isinstance(result, list) else [result]


class TiktokenLists(Tiktoken):
    """The calls that most programs make, with a list of int for every document."""

    def __init__(self, path, encoding, threads):
        super().__init__(path, encoding, threads)
        self._threads = threads

    def each(self, document):
        return self._peer.encode_ordinary(document)

    def batch(self, documents):
        return self._peer.encode_ordinary_batch(documents, num_threads=self._threads)

    def ids(self, result):
        return [struct.pack(f"<{len(ids)}I", *ids) for ids in (result if result and isinstance(result[0], list) else [result])]


class Libtok(Engine):
    """The Python package; PYTHONPATH says which."""

    modules = ("libtok", "numpy")

    def __init__(self, _, encoding, threads):
        import libtok

        self._tokenizer, self._threads = libtok.load(encoding), threads

    def each(self, document):
        return self._tokenizer.encode(document, special="text")

    def batch(self, documents):
        return self._tokenizer.encode_batch(documents, special="text", n_threads=self._threads)

    def ids(self, result):
        return [getattr(result, "ids", result)]


class LibtokShim(TiktokenLists):
    """libtok in tiktoken's place: lists of int."""

    modules = ("libtok.tiktoken", "numpy")

    def __init__(self, _, encoding, threads):
        import libtok.tiktoken

        self._peer, self._threads = libtok.tiktoken.get_encoding(encoding), threads


class Tokenizers(Engine):
    modules = ("tokenizers",)

    def __init__(self, path, _, threads):
        import tokenizers

        self._peer = tokenizers.Tokenizer.from_file(path)

    def each(self, document):
        return self._peer.encode_batch_fast([document], add_special_tokens=False)

    def batch(self, documents):
        return self._peer.encode_batch_fast(documents, add_special_tokens=False)

    def ids(self, result):
        return [struct.pack(f"<{len(e.ids)}I", *e.ids) for e in result]


class Gigatoken(Engine):
    modules = ("gigatoken", "awkward", "numpy")
    takes_bytes = True

    def __init__(self, path, encoding, threads):
        import gigatoken

        if path.endswith(".tiktoken"):
            self._peer = gigatoken.Tokenizer.from_tiktoken(path, PATTERNS[encoding], {})
        else:
            with open(path, "rb") as file:
                self._peer = gigatoken.Tokenizer.from_json(file.read())
        self._parallel = threads > 1

    def each(self, document):
        return self._peer.encode(document)

    def batch(self, documents):
        return self._peer.encode_batch(documents, parallel=self._parallel)

    def ids(self, result):
        if type(result).__module__.startswith("numpy"):
            return [result]
        import awkward
        import numpy

        return [numpy.ascontiguousarray(awkward.to_numpy(awkward.flatten(result, axis=1)), dtype=numpy.uint32)]


class Fastokens(Engine):
    modules = ("fastokens._native",)

    def __init__(self, path, _, threads):
        import fastokens._native

        self._peer = fastokens._native.Tokenizer.from_file(path)

    def each(self, document):
        return self._peer.encode(document)

    def batch(self, documents):
        return self._peer.encode_batch_flat(documents)

    def ids(self, result):
        return [result[0]] if isinstance(result, tuple) else [struct.pack(f"<{len(result.ids)}I", *result.ids)]


class Tuetoken(Engine):
    modules = ("tuetoken", "numpy")

    def __init__(self, path, _, threads):
        import tuetoken

        self._peer, self._threads = tuetoken.Tokenizer(path), threads

    def each(self, document):
        return self._peer.encode_to_bytes(document)

    def batch(self, documents):
        return self._peer.encode_ordinary_to_buffer(documents, num_threads=self._threads)

    def ids(self, result):
        return [result["data"] if isinstance(result, dict) else result]


class Tokie(Engine):
    modules = ("tokie", "numpy")

    def __init__(self, path, _, threads):
        import tokie

        self._peer = tokie.Tokenizer.from_json(path)

    def each(self, document):
        return self._peer.encode(document, add_special_tokens=False)

    def batch(self, documents):
        return self._peer.encode_batch(documents, add_special_tokens=False)

    def ids(self, result):
        results = result if isinstance(result, list) else [result]
        return [struct.pack(f"<{len(e.ids)}I", *e.ids) for e in results]


class Quicktok(Engine):
    modules = ("quicktok", "numpy")
    BUNDLED = {"cl100k_base": "cl100k_base", "o200k_base": "o200k_base", "llama3": "llama3", "qwen3": "qwen3"}

    def __init__(self, _, encoding, threads):
        import quicktok

        if encoding not in self.BUNDLED:
            raise ValueError(f"quicktok has no {encoding}")
        self._peer, self._threads = quicktok.get_encoding(self.BUNDLED[encoding]), threads

    def each(self, document):
        return self._peer.encode_batch([document], 1, False)

    def batch(self, documents):
        return self._peer.encode_batch(documents, self._threads, False)

    def ids(self, result):
        return [result[0]]


ENGINES = {
    "libtok": Libtok,
    "libtok.tiktoken": LibtokShim,
    "tiktoken": Tiktoken,
    "tiktoken lists": TiktokenLists,
    "tokenizers": Tokenizers,
    "gigatoken": Gigatoken,
    "fastokens": Fastokens,
    "tuetoken": Tuetoken,
    "quicktok-v1": Quicktok,
    "tokie": Tokie,
}


def read_documents(path):
    with open(path, "rb") as file:
        (count,) = struct.unpack("<Q", file.read(8))
        ends = struct.unpack(f"<{count}Q", file.read(8 * count))
        return [file.read(end - begin) for begin, end in zip((0, *ends), ends)]


def as_text(documents):
    """str with the UTF-8 form cached inside, which a peer would otherwise make in its first pass."""
    utf8_of = ctypes.pythonapi.PyUnicode_AsUTF8
    utf8_of.argtypes, utf8_of.restype = [ctypes.py_object], ctypes.c_void_p
    texts = [document.decode() for document in documents]
    for text in texts:
        utf8_of(text)
    return texts


def resident(field):
    with open("/proc/self/status", encoding="ascii") as status:
        return 1024 * int(re.search(rf"^{field}:\s+(\d+)", status.read(), re.MULTILINE)[1])


def forget_peak():
    """Makes VmHWM start again from what is resident now."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def one_pass(engine, documents, each):
    first_call, cpu, begin = None, time.process_time(), time.perf_counter()
    if each:
        result = [engine.each(documents[0])]
        first_call = time.perf_counter() - begin
        result += [engine.each(document) for document in documents[1:]]
    else:
        result = engine.batch(documents)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    peak = resident("VmHWM")
    buffers = engine.ids_of_each(result) if each else engine.ids(result)
    count = sum(memoryview(buffer).nbytes for buffer in buffers) // 4
    say({"seconds": seconds, "cpu_s": cpu, "first_call_s": first_call, "ids": count, "peak_rss_bytes": peak})
    return buffers


def main():
    name, path, encoding, documents_path, calls, threads = sys.argv[1:]
    os.environ["RAYON_NUM_THREADS"] = threads
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if int(threads) > 1 else "false"
    documents = read_documents(documents_path)
    kind = ENGINES[name]
    if not kind.takes_bytes:
        documents = as_text(documents)
    for module in kind.modules:
        importlib.import_module(module)
    forget_peak()
    before, begin = resident("VmRSS"), time.perf_counter()
    engine = kind(path, encoding, int(threads))
    say({"load_s": time.perf_counter() - begin, "rss_before_bytes": before})
    buffers = []
    for line in sys.stdin:
        command, _, argument = line.rstrip("\n").partition(" ")
        if command == "pass":
            buffers = None
            buffers = one_pass(engine, documents, calls == "each")
        elif command == "ids":
            with open(argument, "wb") as out:
                out.writelines(buffers)
            say({})


def say(value):
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
