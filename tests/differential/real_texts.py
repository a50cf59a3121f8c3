"""Real text: the sample in the repository, and the large corpora when they are there.

Everything here is a list of documents (str), or None where a corpus is absent.
"""

import functools
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "data" / "multiscript.txt"


def sample_lines():
    return SAMPLE.read_text(encoding="utf-8").splitlines()


def corpora_folder():
    """The folder with the large corpora, or None: TOK_CORPORA, else `shared/corpora` beside the checkout."""
    named = os.environ.get("TOK_CORPORA")
    candidates = [pathlib.Path(named)] if named else [p / "shared" / "corpora" for p in ROOT.parents]
    return next((p for p in candidates if p.is_dir()), None)


def shared_vocab_folder():
    named = os.environ.get("TOK_SHARED_VOCAB")
    candidates = [pathlib.Path(named)] if named else [p / "shared" / "vocab" for p in ROOT.parents]
    return next((p for p in candidates if p.is_dir()), None)


@functools.cache
def zstd_text(path):
    return subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout.decode("utf-8")


@functools.cache
def udhr():
    """Every paragraph of the Universal Declaration of Human Rights in every language, or None."""
    folder = corpora_folder()
    if folder is None or not (folder / "udhr.jsonl.zst").exists():
        return None
    return [json.loads(line)["text"] for line in zstd_text(folder / "udhr.jsonl.zst").splitlines()]


@functools.cache
def pydocs():
    """Both sides of the parallel Python documentation, or None."""
    folder = corpora_folder()
    if folder is None:
        return None
    docs = []
    for path in sorted(folder.glob("pydocs.*.jsonl.zst")):
        for line in zstd_text(path).splitlines():
            record = json.loads(line)
            docs += [text for field, text in record.items() if field != "file"]
    return docs or None


@functools.cache
def prose(paragraph_lines=40):
    """English prose in paragraphs of a few kilobytes, or None."""
    folder = corpora_folder()
    if folder is None or not (folder / "en_prose.txt.zst").exists():
        return None
    lines = zstd_text(folder / "en_prose.txt.zst").splitlines(keepends=True)
    return ["".join(lines[i : i + paragraph_lines]) for i in range(0, len(lines), paragraph_lines)]
