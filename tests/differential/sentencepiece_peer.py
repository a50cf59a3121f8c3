"""What the SentencePiece tests share: models trained on the spot, texts, the probe, and reading .model files."""

import io
import os
import pathlib
import random
import struct
import subprocess

CORPORA = pathlib.Path(__file__).resolve().parents[3] / "shared" / "corpora"


def read_varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def read_fields(data):
    """(number, wire type, value) of a protocol buffer message, one level."""
    at, fields = 0, []
    while at < len(data):
        key, at = read_varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = read_varint(data, at)
        elif wire == 2:
            size, at = read_varint(data, at)
            value = data[at : at + size]
            at += size
        else:
            size = {1: 8, 5: 4}[wire]
            value = data[at : at + size]
            at += size
        fields.append((number, wire, value))
    return fields


def write_varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def write_fields(fields):
    out = bytearray()
    for number, wire, value in fields:
        out += write_varint(number << 3 | wire)
        if wire == 0:
            out += write_varint(value)
        else:
            out += (write_varint(len(value)) if wire == 2 else b"") + value
    return bytes(out)


def piece(text, score=0.0, kind=1):
    data = text.encode() if isinstance(text, str) else text
    return (1, 2, write_fields([(1, 2, data), (2, 5, struct.pack("<f", score)), (3, 0, kind)]))


def model_bytes(pieces, model_type, trainer=(), normalizer=()):
    """A .model file of our own making; pieces are (text, score, kind)."""
    spec = write_fields([(3, 0, model_type), *trainer])
    return write_fields([piece(*p) for p in pieces] + [(2, 2, spec), (3, 2, write_fields(normalizer))])


def run_probe(mode, path, texts, *more):
    """Per text a list of (id, begin, end)."""
    stdin = b"".join(struct.pack("<I", len(t)) + t for t in texts)
    done = subprocess.run([os.environ["TOK_SENTENCEPIECE_PROBE"], mode, str(path), *more], input=stdin,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    results, at, data = [], 0, done.stdout
    for _ in texts:
        (n,) = struct.unpack_from("<I", data, at)
        flat = struct.unpack_from("<%dI" % (3 * n), data, at + 4)
        at += 4 + 12 * n
        results.append(list(zip(flat[0::3], flat[1::3], flat[2::3])))
    assert at == len(data)
    return results
