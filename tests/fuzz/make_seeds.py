#!/usr/bin/env python3
"""Writes the seeds of tests/fuzz/corpus: small valid and nearly valid inputs of every fuzz target.

Deterministic, standard library only; with `--tok build/dev/cli/tok` the images are frozen and the pieces counted again too. Inputs that once crashed a target are committed beside the seeds under names
beginning with `crash-`; this script leaves them alone.
"""

import argparse
import base64
import gzip
import json
import struct
import subprocess
import tempfile
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus"

TEXTS = {
    "prose": "It's 2024: I'LL don't  know\n\n x1, 12345.67 -- HTMLParser's fooBar!?\r\n\tend  ",
    "scripts": "naïve café Ünïcödé ǅ ſ'ſ 中文FOO ภาษาไทย हिन्दी עברית 🤗👩‍👩‍👧 ١٢٣ Ⅷ ½ e\u0301\u00a0\u3000\u2028x",
    "code": "for (int i = 0; i < n; ++i) {\n    x[i] += /* y */ \"s\\n\";\n}\n// ./path/to\r\n\r\n",
    "spaces": " \n \r\n\t  \n\n   a   \n  /\n/ ",
    "marks": "''s'll'VE'Re '''d ^^^^ ____ ~~~ ))) 1'2's",
}


def write(target: str, name: str, content: bytes) -> None:
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


# ---- text ----------------------------------------------------------------------------------------------------------


def text_seeds() -> None:
    invalid = b"ok \xff\xfe\xc3 \xe4\xb8 \xed\xa0\x80 \xf0\x9f\xa4 \xf4\x90\x80\x80 \xc0\x80 end\xe2"
    samples = {**{name: text.encode() for name, text in TEXTS.items()}, "invalid": invalid}
    for name, sample in samples.items():
        write("utf8", name, sample)
        for family in range(5):
            write("scanners", f"{name}-{family}", bytes([family]) + sample)
        for encoding in range(4):
            write("round_trip", f"{name}-{encoding}", bytes([encoding]) + sample)
    ids = [0, 1, 0xC3, 0xA9, 0xF0, 0x9F, 256, 257, 259, 260, 220, 50256, 65535]
    write("stream_decoder", "ids", struct.pack(f"<{len(ids)}H", *ids))
    write("stream_decoder", "bytes", struct.pack("<256H", *range(256)))


def document_seeds() -> None:
    rows = [{"text": "one"}, {"text": "tw\"o\n\u00e9\ud83e\udd17", "a": {"b": "x"}}, {"a": {"b": ""}, "text": ""}]
    jsonl = "\n".join(json.dumps(row) for row in rows).encode()
    write("documents", "lines", b"\0one\r\n\n two\nlast")
    write("documents", "jsonl", b"\x01" + jsonl)
    write("documents", "jsonl-path", b"\x02" + jsonl + b"\n")
    write("documents", "nul", b"\x03a\0\0b\n\0")
    write("documents", "separator", b"\x04\\n--\\n\xffone\n--\ntwo\n--\n--\n--\n")
    write("documents", "overlap", b"\x04aa\xffaaaaa")
    plain = b"hello hello hello " * 20
    write("decompress", "plain", plain[:40])
    write("decompress", "gzip", gzip.compress(plain, mtime=0))
    write("decompress", "gzip-two-members", gzip.compress(b"a", mtime=0) + gzip.compress(b"b", mtime=0))
    # A zstd frame by hand: magic, descriptor (single segment, 1-byte size), one raw last block.
    write("decompress", "zstd", b"\x28\xb5\x2f\xfd\x20\x05" + struct.pack("<I", 5 << 3 | 1)[:3] + b"hello")


def id_file_seeds() -> None:
    ids, ends = [1, 70, 2, 65535, 0, 3], [2, 2, 6]
    index = struct.pack(f"<{len(ends)}Q", *ends)
    header = "{'descr': '<i4', 'fortran_order': False, 'shape': (6,), }".ljust(117).encode() + b"\n"
    npy = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + struct.pack("<6i", *ids)
    write("id_reader", "ids", b"\x001 70\n\n2 65535 0 3\n4294967294\n")
    write("id_reader", "jsonl", b'\x01{"doc":0,"ids":[1,70]}\n\n{"ids":[],"x":{"y":[null]}}\n')
    write("id_reader", "u16", b"\x02" + struct.pack("<6H", *ids))
    write("id_reader", "u32-index", b"\x83" + bytes([len(index)]) + index + struct.pack("<6I", *ids))
    write("id_reader", "npy", b"\x04" + npy)
    write("id_reader", "npy-index", b"\x84" + bytes([len(index)]) + index + npy)
    write("id_reader", "npy-gzip", b"\x04" + gzip.compress(npy, mtime=0))
    job = {"schema": 1, "n_shards": 3, "options": {"tokenizer": "abc", "split": "lines"},
           "inputs": [{"path": "a.txt", "bytes": 9, "modified_ns": 1700000000000000000, "text_bytes": 20}]}
    shards = [{"shard": i, "bytes": 10 * i, "index_bytes": 8, "documents": 1, "ids": i} for i in range(2)]
    lines = [json.dumps(record, separators=(",", ":")) + "\n" for record in [job, *shards]]
    write("shard_manifest", "whole", "".join(lines).encode())
    write("shard_manifest", "cut", "".join(lines).encode()[:-7])
    write("shard_manifest", "repeated", "".join([*lines, lines[1]]).encode())
    for name, split in (("file", "file"), ("lines", "lines"), ("jsonl", "jsonl:a.b"), ("separator", r"sep:\n\t\r\0\\\x7F--"),
                        ("bad-escape", r"sep:\q"), ("cut-escape", "sep:\\x4")):
        write("document_split", name, split.encode())


def directory_seeds() -> None:
    token = {"content": "<s>", "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    config = {"tokenizer_class": "LlamaTokenizerFast", "bos_token": token, "eos_token": "</s>", "add_bos_token": True,
              "add_eos_token": None, "add_prefix_space": True, "clean_up_tokenization_spaces": False,
              "added_tokens_decoder": {"6": token, "9": {**token, "content": "<|x|>", "special": False, "lstrip": True}}}
    bert = {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "strip_accents": True, "unk_token": "[UNK]",
            "additional_special_tokens": ["[X]", {**token, "content": "[Y]"}]}
    write("model_directory", "llama", b"\0" + json.dumps(config).encode())
    write("model_directory", "bert", b"\1" + json.dumps(bert).encode())
    write("model_directory", "older", b"\0" + json.dumps({"tokenizer_class": "GPT2Tokenizer"}).encode() + b"\xff"
          + json.dumps({"bos_token": "<s>", "pad_token": {"content": "<pad>"}}).encode() + b"\xff"
          + json.dumps({"<pad>": 8, "<|x|>": 9}).encode())


def regex_seeds() -> None:
    patterns = {
        "gpt2": r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        "cl100k": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+",
        "nested": r"(?:a|ab)(?:c|bcd)(?:d*)|[a-z&&[^aeiou]]+?|(?i:\u00e9|stra\u00dfe)|\b\w{2,4}\b",
        "anchors": r"^a|(?m)$|\A.|\z|(?s:.)(?=x)|(?<=b)c|(?<!a)b|(?>a+)b|[[:alpha:]]*+",
        "counts": r"(a{2}|b{1,3}?|c{0,}){2,3}|x{,2}|\x41\x{1F600}|[^\n]{3}",
    }
    texts = [TEXTS["prose"], TEXTS["scripts"], "abcd aab\nbbbcc xAB stra\u00dfe STRASSE \u00c9\n"]
    for name, pattern in patterns.items():
        for dialect, text in ((0, texts[0]), (1, texts[1]), (len(name) % 2, texts[2])):
            write("regex", f"{name}-{texts.index(text)}", bytes([dialect]) + pattern.encode() + b"\xff" + text.encode())


# ---- tokenizer files -----------------------------------------------------------------------------------------------


def byte_alphabet() -> list[str]:
    """GPT-2's printable stand-in for each byte."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    stand_in = {byte: chr(byte) for byte in kept}
    for i, byte in enumerate(sorted(set(range(256)) - set(kept))):
        stand_in[byte] = chr(256 + i)
    return [stand_in[byte] for byte in range(256)]


def tokenizer_json(model: dict, **parts) -> bytes:
    whole = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": None, "post_processor": None, "decoder": None, **parts, "model": model}
    return json.dumps(whole, ensure_ascii=False).encode()


def added(token_id: int, content: str, **flags) -> dict:
    return {"id": token_id, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": True, **flags}


def bpe(tokens: list[str], merges: list, **options) -> dict:
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            **options, "vocab": {token: i for i, token in enumerate(tokens)}, "merges": merges}


LLAMA_TOKENS = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), "▁", "a", "b", "l", "o", "中", "文",
                "▁a", "ab", "ll", "▁ab", "中文"]


def json_seeds() -> None:
    write("tokenizer_json", "byte-level-gap", tokenizer_json(
        bpe([*byte_alphabet(), "Ġw", "He"], ["Ġ w", "H e"]), added_tokens=[added(300, "<|far|>")],
        pre_tokenizer={"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
        decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}))
    write("tokenizer_json", "llama2", tokenizer_json(
        bpe(LLAMA_TOKENS, [["▁", "a"], ["a", "b"], ["l", "l"], ["▁a", "b"], ["中", "文"]], unk_token="<unk>",
            byte_fallback=True, fuse_unk=True),
        added_tokens=[added(i, LLAMA_TOKENS[i]) for i in range(3)],
        normalizer={"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        decoder={"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
            {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}))
    words = ["a", "b", "H", "e", "l", "o", "ab", "ll", "llo"]
    write("tokenizer_json", "bpe-pairs", tokenizer_json(bpe(words, [["a", "b"], ["l", "l"], ["ll", "o"]])))
    write("tokenizer_json", "byte-level", tokenizer_json(
        bpe([*byte_alphabet(), "Ġw", "He"], ["Ġ w", "H e"], ignore_merges=True),
        added_tokens=[added(258, "<|endoftext|>"), added(259, "<s>", lstrip=True, rstrip=True, special=False)],
        normalizer={"type": "NFC"},
        pre_tokenizer={"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": r"\p{N}{1,3}|\s+(?!\S)"}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}]},
        post_processor={"type": "TemplateProcessing",
                        "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                        "special_tokens": {"<s>": {"id": "<s>", "ids": [259], "tokens": ["<s>"]}}},
        decoder={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}))
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    write("tokenizer_json", "byte-fallback", tokenizer_json(
        bpe(["<unk>", *byte_tokens, "▁", "a", "▁a"], ["▁ a"], unk_token="<unk>", byte_fallback=True, fuse_unk=True),
        normalizer={"type": "Sequence", "normalizers": [
            {"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
        decoder={"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
            {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}))
    write("tokenizer_json", "affixes", tokenizer_json(
        bpe(["a", "##b", "b</w>", "##b</w>", "ab</w>"], [["a", "##b</w>"]], continuing_subword_prefix="##",
            end_of_word_suffix="</w>"),
        pre_tokenizer={"type": "Whitespace"}, decoder={"type": "BPEDecoder", "suffix": "</w>"}))
    write("tokenizer_json", "wordpiece", tokenizer_json(
        {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
         "vocab": {"[UNK]": 0, "[CLS]": 1, "[SEP]": 2, "hello": 3, "##lo": 4, "a": 5}},
        normalizer={"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                    "lowercase": True},
        pre_tokenizer={"type": "BertPreTokenizer"},
        post_processor={"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 1]},
        decoder={"type": "WordPiece", "prefix": "##", "cleanup": True}))
    write("tokenizer_json", "unigram", tokenizer_json(
        {"type": "Unigram", "unk_id": 0, "byte_fallback": False,
         "vocab": [["<unk>", 0.0], ["▁", -2.5], ["a", -3.0], ["▁a", -1.0], ["aaa", -0.5]]},
        normalizer={"type": "Sequence", "normalizers": [{"type": "Nmt"}, {"type": "NFKC"}, {"type": "StripAccents"}]},
        pre_tokenizer={"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        decoder={"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}))
    write("tokenizer_json", "wordlevel", tokenizer_json(
        {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "Hello": 1, ",": 2}},
        normalizer={"type": "Lowercase"},
        pre_tokenizer={"type": "Sequence", "pretokenizers": [
            {"type": "Punctuation", "behavior": "MergedWithPrevious"}, {"type": "Digits", "individual_digits": True},
            {"type": "UnicodeScripts"}, {"type": "CharDelimiterSplit", "delimiter": "-"}, {"type": "WhitespaceSplit"},
            {"type": "FixedLength", "length": 3}]},
        decoder={"type": "CTC", "pad_token": "<pad>", "word_delimiter_token": "|", "cleanup": True}))
    write("vocab_merges", "byte-level", json.dumps({c: i for i, c in enumerate([*byte_alphabet(), "He", "ll"])}).encode()
          + b"\xff#version: 0.2\nH e\nl l\n")


def line_seeds() -> None:
    tokens = [bytes([byte]) for byte in range(256)] + [b"ab", b"abc", "é".encode()]
    lines = b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))
    write("tiktoken", "bytes", b"\xff" + lines)
    write("tiktoken", "own-pattern", rb"\w+|\s+(?!\S)|." + b"\xff" + lines)
    write("tiktoken", "gap", b"\xff" + b"YQ== 0\nYg== 7\n")
    write("wordpiece_vocab", "small", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n##lo\na\n##é\n中\n".encode())
    tekken = {"config": {"pattern": r"\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+", "num_vocab_tokens": 258,
                         "default_vocab_size": 261, "default_num_special_tokens": 3, "version": "v7"},
              "vocab": [{"rank": rank, "token_bytes": base64.b64encode(token).decode(), "token_str": None}
                        for rank, token in enumerate(tokens[:258])],
              "special_tokens": [{"rank": 0, "token_str": "<unk>", "is_control": True},
                                 {"rank": 1, "token_str": "<s>", "is_control": True}]}
    write("tekken", "small", json.dumps(tekken).encode())


# ---- SentencePiece: protocol buffers by hand -----------------------------------------------------------------------


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: int | float | bytes | str) -> bytes:
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def sentencepiece_model(model_type: int, pieces: list[tuple], trainer: bytes = b"", normalizer: bytes = b"") -> bytes:
    records = b"".join(field(1, field(1, text) + field(2, score) + field(3, kind)) for text, score, kind in pieces)
    return records + field(2, field(3, model_type) + trainer) + field(3, normalizer)


def sentencepiece_seeds() -> None:
    normal, unknown, control, user, unused, byte = 1, 2, 3, 4, 5, 6
    base = [("<unk>", 0.0, unknown), ("<s>", 0.0, control), ("</s>", 0.0, control)]
    words = [("▁", -1.0, normal), ("a", -2.0, normal), ("b", -3.0, normal), ("▁a", -0.5, normal), ("ab", -0.75, normal)]
    extra = [("<sep>", 0.0, user), ("▁ab", -0.25, unused)]
    fallback = [(f"<0x{value:02X}>", 0.0, byte) for value in range(256)]
    write("sentencepiece", "unigram", sentencepiece_model(1, base + words, normalizer=field(1, "identity") + field(3, 1)))
    write("sentencepiece", "bpe-fallback",
          sentencepiece_model(2, base + fallback + words + extra, trainer=field(35, 1), normalizer=field(4, 0)))
    write("sentencepiece", "word", sentencepiece_model(3, base + words))
    write("sentencepiece", "char-suffix", sentencepiece_model(4, base + words, trainer=field(24, 1)))
    # A charsmap with a double-array trie of 256 empty units and a blob: well-formed in size, matching nothing.
    charsmap = struct.pack("<I", 1024) + bytes(1024) + b"a\0"
    write("sentencepiece", "charsmap", sentencepiece_model(1, base + words, normalizer=field(2, charsmap)))


def added_token_seeds() -> None:
    single_word, lstrip, rstrip, special = 1, 2, 4, 8

    def seed(tokens, text):
        return bytes([len(tokens)]) + b"".join(bytes([flags]) + content.encode() + b"\xff" for flags, content in tokens) + text

    write("added_tokens", "chat", seed([(special, "<|user|>"), (special, "<|user|>x"), (0, "<|"), (0, "|>")],
                                       b"<|user|>x hi <|user|> <|us <|<|user|>xx|>"))
    write("added_tokens", "strips", seed([(lstrip | rstrip, "a"), (rstrip, " "), (single_word, "ab"), (0, "b")],
                                         "a   ab b\u3000a \u00e9ab ab\u2028 a".encode()))
    write("added_tokens", "powers", seed([(0, "a"), (0, "aaaaaaab"), (0, "aaa"), (special, "ba")], b"aaaaaabaaaaaaaabaaaaaaaaa"))


def sections(image: bytes) -> list[tuple[bytes, bytes]]:
    """Of an image (libtok/src/base/image.h), each as its entry and its content."""
    n_sections = struct.unpack_from("<I", image, 12)[0]
    entries = [image[at:at + 48] for at in range(16, 16 + 48 * n_sections, 48)]
    places = [struct.unpack_from("<QQ", entry, 24) for entry in entries]
    return [(entry, image[offset:offset + size]) for entry, (offset, size) in zip(entries, places, strict=True)]


def image_of(parts: list[tuple[bytes, bytes]]) -> bytes:
    """The image of these sections, each under the checksum that it had: the fuzz target makes them right."""
    def padded(content: bytes) -> bytes:
        return content + bytes(-len(content) % 64)

    head = b"TOKIMAGE" + struct.pack("<II", 1, len(parts))
    offset = len(padded(head + bytes(48 * len(parts))))
    content = b""
    for entry, section in parts:
        content = padded(content)
        head += entry[:24] + struct.pack("<QQ", offset + len(content), len(section)) + entry[40:]
        content += section
    return padded(head) + content


def is_named(entry: bytes, name: str) -> bool:
    return entry[:16].rstrip(b"\0") == name.encode()


def small(image: bytes) -> bytes:
    """Without the tables of half a megabyte, which are made again where they are missing."""
    large = ("bpe.bytes", "bpe.joins")
    return image_of([(entry, content) for entry, content in sections(image)
                     if not any(is_named(entry, name) for name in large)])


def patched(image: bytes, section: str, old: bytes, new: bytes) -> bytes:
    """The image with the first `old` in a section replaced."""
    parts = sections(image)
    for i, (entry, content) in enumerate(parts):
        if is_named(entry, section):
            at = content.index(old)
            parts[i] = (entry, content[:at] + new + content[at + len(new):])
            return image_of(parts)
    raise KeyError(section)


def forged_merges() -> None:
    """Rules that contradict the vocabulary: products that are absent ids, or spell something else than their parts."""
    rule = struct.pack("<4I", ord("H"), ord("e"), 1, 257)  # ids of bytes are the bytes
    gap = (CORPUS / "image" / "byte-level-gap").read_bytes()
    write("image", "forged-absent-product", patched(gap, "bpe.merges", rule, rule[:12] + struct.pack("<I", 270)))
    llama = (CORPUS / "image" / "llama2").read_bytes()
    first = LLAMA_TOKENS.index
    rule = struct.pack("<4I", first("a"), first("b"), 1, first("ab"))
    for label, product in (("byte", first("<0x0A>")), ("unknown", 0), ("other", first("ll"))):
        write("image", f"forged-{label}-product",
              patched(llama, "bpe.merges", rule, rule[:12] + struct.pack("<I", product)))


def hostile_images() -> None:
    image = (CORPUS / "image" / "byte-level").read_bytes()
    name = struct.pack("<Q", 13) + b"<|endoftext|>"
    for label, token_id in (("far", 60000), ("huge", 0xFFFFFFF0)):
        write("image", f"hostile-added-id-{label}", patched(image, "spec", struct.pack("<I", 258) + name,
                                                            struct.pack("<I", token_id)))
    rule = struct.pack("<4I", ord("H"), ord("e"), 1, 257)  # ids of bytes are the bytes
    write("image", "hostile-long-product", patched(image, "bpe.merges", rule, rule[:12] + struct.pack("<I", 258)))
    source = b"tokenizer.json"  # the Unicode profile comes behind it
    write("image", "hostile-profile", patched(image, "spec", source + b"\0", source + b"\xc8"))


def image_seeds(tok: Path) -> None:
    (CORPUS / "image").mkdir(exist_ok=True)
    sources = [("tokenizer_json", n, ".json") for n in
               ("bpe-pairs", "byte-level", "byte-level-gap", "llama2", "unigram", "wordpiece")]
    sources += [("sentencepiece", n, ".model") for n in ("bpe-fallback", "char-suffix")]
    with tempfile.TemporaryDirectory() as folder:
        for target, name, suffix in sources:
            named, frozen = Path(folder) / (name + suffix), Path(folder) / "frozen.tok"
            named.write_bytes((CORPUS / target / name).read_bytes())
            subprocess.run([tok, "freeze", named, "-o", frozen], check=True)
            write("image", name, small(frozen.read_bytes()))
        picky, text = Path(folder) / "picky.tok", Path(folder) / "text"
        text.write_text(" ".join(word for word in ("Kentucky", "lucky", "tucked") for _ in range(9)), encoding="utf-8")
        subprocess.run([tok, "train", "picky", "-n", "275", "--threshold", "0.6", "-o", picky, text], check=True)
        write("image", "picky", small(picky.read_bytes()))
    hostile_images()
    forged_merges()


def checkpoint_seeds() -> None:
    """Edits of a valid checkpoint: where (3 bytes), what."""
    write("checkpoint", "none", b"")
    for name, places in (("front", range(40, 80)), ("spread", range(0, 30000, 1100)), ("end", range(20000, 30000, 700))):
        write("checkpoint", name, b"".join(struct.pack(">I", place << 8 | place % 251) for place in places))


def piece_counts_seeds(tok: Path) -> None:
    """First byte: 0 a .pieces file, 1 the same as text."""
    write("piece_counts", "tsv", b"\x013\tthe\n70000000000\t \\x41\\t\\n\\r\\\\\n1\t\xff\n2\tthe\n")
    write("piece_counts", "tsv-no-tab", b"\x013 the\n")
    with tempfile.TemporaryDirectory() as folder:
        text, counts = Path(folder) / "text", Path(folder) / "counts.pieces"
        for name, options in (("o200k", []), ("gpt2-nfkc", ["--pattern", "gpt2", "--normalizer", "nfkc", "--split", "lines"]),
                              ("regex", ["--pattern", r"\w+|\s+", "--digits", "1"])):
            text.write_text(TEXTS["prose"] * 2 + "中文 Ⅷ", encoding="utf-8")
            subprocess.run([tok, "pieces", "count", *options, "-o", counts, text], check=True)
            write("piece_counts", name, b"\0" + counts.read_bytes())
        text.write_bytes(b"")
        subprocess.run([tok, "pieces", "count", "--pattern", "none", "-o", counts, text], check=True)
        write("piece_counts", "empty", b"\0" + counts.read_bytes())


def catalogue_seeds() -> None:
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    write("catalogue", "messages", (header + '# c\nmsgctxt "menu"\nmsgid "one"\nmsgstr ""\n"ei\\tns"\n').encode())
    write("catalogue", "plural", b'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n')
    write("catalogue", "fuzzy", b'#, fuzzy\n#| msgid "x"\nmsgid "\\x41\\101"\nmsgstr "e"\n#~ msgid "gone"\n')
    write("catalogue", "charset", header.replace("UTF-8", "KOI8-R").encode())
    strings = [(b"", b"charset=utf-8"), (b"menu\x04one", b"eins"), (b"a\0b", b"c\0d"), (b"two", b"")]
    for name, order in [("mo-little", "<"), ("mo-big", ">")]:
        begin, places, text = 28 + 16 * len(strings), [], b""
        for string in [original for original, _ in strings] + [translation for _, translation in strings]:
            places += [len(string), begin + len(text)]
            text += string + b"\0"
        head = [0x950412DE, 0, len(strings), 28, 28 + 8 * len(strings), 0, begin]
        write("catalogue", name, struct.pack(f"{order}{len(head) + len(places)}I", *head, *places) + text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tok", type=Path, help="the tool, to freeze images and count pieces with")
    tok = parser.parse_args().tok
    text_seeds()
    added_token_seeds()
    document_seeds()
    id_file_seeds()
    directory_seeds()
    regex_seeds()
    json_seeds()
    line_seeds()
    sentencepiece_seeds()
    checkpoint_seeds()
    catalogue_seeds()
    if tok:
        image_seeds(tok)
        piece_counts_seeds(tok)
    for folder in sorted(CORPUS.iterdir()):
        print(f"{folder.name}: {len(list(folder.iterdir()))} seeds")


if __name__ == "__main__":
    main()
