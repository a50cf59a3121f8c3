"""The peers behind one face, and the comparison that says exactly where two tokenizers differ."""

import json
import os
import pathlib
import subprocess
import tempfile

os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")

import tiktoken
import tiktoken.load
import tiktoken_ext.openai_public as openai_public
import tokenizers

import real_texts
import tok_cli

# ---- tiktoken ----------------------------------------------------------------------------------------------------------
# Our bundled name -> (file of ranks, constructor in tiktoken_ext).
BUNDLED = {
    "gpt2": ("gpt2", "gpt2"),
    "p50k_base": ("p50k_base", "p50k_base"),
    "cl100k_base": ("cl100k_base", "cl100k_base"),
    "o200k_base": ("o200k_base", "o200k_base"),
    "o200k_harmony": ("o200k_base", "o200k_harmony"),
}


def tiktoken_encoding(name, ranks_bytes):
    """tiktoken's own pattern and specials over ranks from `ranks_bytes` (it would download them)."""
    ranks = {}
    import base64

    for line in ranks_bytes.splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    saved = openai_public.load_tiktoken_bpe, openai_public.data_gym_to_mergeable_bpe_ranks
    openai_public.load_tiktoken_bpe = lambda *_, **__: ranks
    openai_public.data_gym_to_mergeable_bpe_ranks = lambda *_, **__: ranks
    try:
        return tiktoken.Encoding(**openai_public.ENCODING_CONSTRUCTORS[name]())
    finally:
        openai_public.load_tiktoken_bpe, openai_public.data_gym_to_mergeable_bpe_ranks = saved


def bundled_ranks(tok, name):
    """The .tiktoken bytes of a bundled encoding, as the tool itself writes them; the sums are checked by vocab tests."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "ranks.tiktoken"
        tok.must("convert", name, path)
        return path.read_bytes()


def shared_file(name):
    """Decompressed content of a file in the shared vocabulary folder, or None."""
    folder = real_texts.shared_vocab_folder()
    if folder is None or not (folder / f"{name}.zst").exists():
        return None
    return subprocess.run(
        ["zstd", "-dcq", str(folder / f"{name}.zst")], check=True, capture_output=True
    ).stdout


# ---- Hugging Face ------------------------------------------------------------------------------------------------------
class HuggingFace:
    """A tokenizer.json in the reference library. A document on which the library itself fails has None for its result."""

    def __init__(self, path, trim_offsets=True):
        text = pathlib.Path(path).read_text(encoding="utf-8")
        if not trim_offsets:
            text = json.dumps(untrimmed(json.loads(text)), ensure_ascii=False)
        self.tokenizer = tokenizers.Tokenizer.from_str(text)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()

    def _batch(self, run, documents):
        try:
            return run(documents)
        except BaseException as error:  # a panic in the peer is a BaseException
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
        results = []
        for document in documents:
            try:
                results += run([document])
            except BaseException as error:
                if isinstance(error, (KeyboardInterrupt, SystemExit)):
                    raise
                results.append(None)
        return results

    def encode(self, documents, template=False):
        got = self._batch(
            lambda some: self.tokenizer.encode_batch_fast(some, add_special_tokens=template), documents
        )
        return [None if e is None else e.ids for e in got]

    def encode_with_offsets(self, documents, template=False):
        got = self._batch(
            lambda some: self.tokenizer.encode_batch(some, add_special_tokens=template), documents
        )
        return [None if e is None else (e.ids, e.offsets, e.tokens) for e in got]

    def decode(self, id_lists, skip_special):
        return self._batch(
            lambda some: self.tokenizer.decode_batch(some, skip_special_tokens=skip_special), id_lists
        )

    def added_contents(self):
        return [t.content for t in self.tokenizer.get_added_tokens_decoder().values()]

    def special_contents(self):
        return [t.content for t in self.tokenizer.get_added_tokens_decoder().values() if t.special]

    def all_ids(self):
        return sorted(self.tokenizer.get_vocab(with_added_tokens=True).values())


def untrimmed(config):
    """The same tokenizer whose post-processors leave offsets alone."""

    def visit(step):
        if step is None:
            return None
        step = dict(step)
        if "processors" in step:
            step["processors"] = [visit(s) for s in step["processors"]]
        if step.get("type") in ("ByteLevel", "RobertaProcessing"):
            step["trim_offsets"] = False
        return step

    return {**config, "post_processor": visit(config["post_processor"])}


# ---- Comparing -----------------------------------------------------------------------------------------------------------
def usable(documents, results):
    """The documents on which the peer gave a result, and those results."""
    kept = [(d, r) for d, r in zip(documents, results) if r is not None]
    return [d for d, _ in kept], [r for _, r in kept]


def shrink(document, differs, budget=80):
    """A shorter document on which `differs` still holds (delta debugging over characters)."""
    size = max(1, len(document) // 2)
    while size >= 1 and budget > 0:
        at, changed = 0, False
        while at < len(document) and budget > 0:
            candidate = document[:at] + document[at + size :]
            budget -= 1
            if candidate != document and differs(candidate):
                document, changed = candidate, True
            else:
                at += size
        if not changed:
            size //= 2
    return document


def assert_same_ids(documents, ours, theirs, differs=None):
    """`ours` is a Ragged, `theirs` a list of id lists; says which documents differ and shrinks the first."""
    expected = tok_cli.Ragged.from_lists(theirs)
    if ours.same_as(expected):
        return
    assert len(ours) == len(documents), f"{len(ours)} records for {len(documents)} documents"
    bad = [i for i in range(len(documents)) if ours.document(i) != theirs[i]]
    lines = [f"{len(bad)} of {len(documents)} documents differ"]
    for i in bad[:6]:
        lines += [
            f"  document {i}: {short(documents[i])}",
            f"    tok : {short(ours.document(i))}",
            f"    peer: {short(theirs[i])}",
        ]
    if differs is not None and len(documents[bad[0]]) > 3:
        lines.append(f"  shrunk: {shrink(documents[bad[0]], differs)!r}")
    raise AssertionError("\n".join(lines))


def short(value, limit=300):
    text = repr(value)
    return text if len(text) <= limit else text[:limit] + "..."


def assert_same_texts(id_lists, ours, theirs):
    bad = [i for i in range(len(id_lists)) if ours[i] != theirs[i]]
    lines = [f"{len(bad)} of {len(id_lists)} decoded texts differ"]
    for i in bad[:6]:
        lines += [
            f"  ids {short(id_lists[i])}",
            f"    tok : {short(ours[i])}",
            f"    peer: {short(theirs[i])}",
        ]
    assert not bad, "\n".join(lines)
