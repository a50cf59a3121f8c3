#!/usr/bin/env python3
"""One Python contestant of encode_peers.py, with the protocol of encode_runner.cc.

    encode_peers_worker.py ENGINE TOKENIZER_FILE ENCODING DOCUMENTS

TOKENIZER_FILE is a .tiktoken file (tiktoken, gigatoken) or a tokenizer.json; ENCODING names the tiktoken pattern and
specials. Each engine is called the way its own documentation shows for many documents, on one thread, without special
tokens, ids only.
"""

import base64
import json
import os
import resource
import struct
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"


def read_documents(path):
    with open(path, "rb") as file:
        data = file.read()
    (count,) = struct.unpack_from("<Q", data)
    ends = struct.unpack_from(f"<{count}Q", data, 8)
    text, begin, documents = data[8 * (1 + count) :], 0, []
    for end in ends:
        documents.append(text[begin:end].decode("utf-8"))
        begin = end
    return documents


def peak_rss():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def make_tiktoken(path, encoding):
    import tiktoken
    import tiktoken_ext.openai_public as public

    with open(path, "rb") as file:
        ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in file)}
    public.load_tiktoken_bpe = lambda *_, **__: ranks
    public.data_gym_to_mergeable_bpe_ranks = lambda *_, **__: ranks
    peer = tiktoken.Encoding(**public.ENCODING_CONSTRUCTORS[encoding]())
    return lambda documents: [peer.encode_ordinary(d) for d in documents], lambda result: result


def make_tokenizers(path, _):
    import tokenizers

    peer = tokenizers.Tokenizer.from_file(path)
    return lambda documents: peer.encode_batch_fast(documents, add_special_tokens=False), lambda result: [
        e.ids for e in result
    ]


def make_gigatoken(path, encoding):
    import gigatoken

    if path.endswith(".tiktoken"):
        peer = gigatoken.Tokenizer.from_tiktoken(
            path, {"gpt2": "gpt2", "cl100k_base": "cl100k", "o200k_base": "o200k"}[encoding], {}
        )
    else:
        with open(path, "rb") as file:
            peer = gigatoken.Tokenizer.from_json(file.read())
    return lambda documents: peer.encode_batch(documents, parallel=False), lambda result: result.to_list()


def make_fastokens(path, _):
    import fastokens._native

    peer = fastokens._native.Tokenizer.from_file(path)
    return lambda documents: peer.encode_batch(documents), lambda result: [e.ids for e in result]


ENGINES = {
    "tiktoken": make_tiktoken,
    "tokenizers": make_tokenizers,
    "gigatoken": make_gigatoken,
    "fastokens": make_fastokens,
}


def main():
    engine, path, encoding, documents_path = sys.argv[1:]
    documents = read_documents(documents_path)
    before, begin = peak_rss(), time.perf_counter()
    encode, to_lists = ENGINES[engine](path, encoding)
    say({"load_s": time.perf_counter() - begin, "rss_before_bytes": before})
    result = []
    for line in sys.stdin:
        command, _, argument = line.rstrip("\n").partition(" ")
        if command == "pass":
            result = None
            begin = time.perf_counter()
            first = encode(documents[:1])
            first_call = time.perf_counter() - begin
            rest = encode(documents[1:])
            seconds = time.perf_counter() - begin
            result = (first, rest)
            say({"seconds": seconds, "first_call_s": first_call, "peak_rss_bytes": peak_rss()})
        elif command == "ids":
            lists = [*to_lists(result[0]), *to_lists(result[1])]
            with open(argument, "wb") as out:
                for ids in lists:
                    out.write(struct.pack(f"<{len(ids)}I", *ids))
            say({"ids": sum(map(len, lists))})


def say(value):
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
