"""The vocabularies that encode_peers.py times, each in the form that every engine reads fastest."""

import dataclasses
import json
import pathlib
import shlex
import subprocess

from encode_peers_contestants import Failed

BUNDLED = ("gpt2", "cl100k_base", "o200k_base")  # the others are tokenizer.json files of --vocab-dir


class NoVocabulary(Failed):
    """A tokenizer file is not there or cannot be made; says why."""


@dataclasses.dataclass(frozen=True)
class Variant:
    """A libtok of its own in the table: the label, and the tokenizer it loads.

    `source` is a path or bundled name in which {encoding} stands for the vocabulary, or freeze[:OPTIONS]: the image that
    `tok freeze OPTIONS` makes of the file the peers read.
    """

    label: str
    source: str

    @classmethod
    def parse(cls, text: str) -> "Variant":
        label, equals, source = text.partition("=")
        if not label or not equals or not source:
            raise ValueError(f"{text}: a variant is LABEL=TOKENIZER")
        return cls(label, source)


# Splitters as published with the vocabulary. tiktoken's own regular expressions, which `tok convert` writes, mean the same,
# but the peers have fast paths for these only.
CL100K_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
PUBLISHED_SPLITTERS = {
    "gpt2": {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
    "cl100k_base": {
        "type": "Sequence",
        "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": CL100K_PATTERN}, "behavior": "Isolated", "invert": False},
            {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
        ],
    },
}


class Vocabulary:
    """Files of one vocabulary in `folder`: `json`, a tokenizer.json, and for OpenAI's the .tiktoken file."""

    def __init__(self, name: str, tok: pathlib.Path, folder: pathlib.Path, vocab_dir: pathlib.Path | None):
        self.name, self._tok, self._folder = name, tok, folder
        self.json = folder / f"{name}.json"
        self._ranks = folder / f"{name}.tiktoken" if name in BUNDLED else None
        if self.json.exists():
            return
        if self._ranks:
            self._run("convert", name, self._ranks)
            self._write_plain_json()
        else:
            self._unpack(vocab_dir)

    def path_for(self, engine: str) -> pathlib.Path:
        if engine == "tiktoken" and not self._ranks:
            raise NoVocabulary("tiktoken does not read tokenizer.json")
        return self._ranks if engine in ("tiktoken", "gigatoken") and self._ranks else self.json

    def path_for_variant(self, variant: Variant) -> str:
        how, _, options = variant.source.partition(":")
        if how != "freeze":
            return variant.source.replace("{encoding}", self.name)
        image = self._folder / f"{self.name}.{variant.label}.tok"
        if not image.exists():
            self._run("freeze", *shlex.split(options), self.name if self._ranks else self.json, "-o", image)
        return str(image)

    def _unpack(self, vocab_dir: pathlib.Path | None) -> None:
        packed = (vocab_dir or pathlib.Path()) / f"{self.name}.tokenizer.json.zst"
        if vocab_dir is None or not packed.exists():
            raise NoVocabulary(f"{packed.name} is not there: --vocab-dir, TOK_SHARED_VOCAB")
        subprocess.run(["zstd", "-dq", packed, "-o", self.json], check=True)

    def _write_plain_json(self) -> None:
        """A tokenizer.json without special tokens, which nobody looks for here; fastokens refuses vocabularies with
        special tokens behind a gap of ids inside the model ("unsupported model type: Other")."""
        self._run("convert", self.name, self.json)
        tokenizer = json.loads(self.json.read_text(encoding="utf-8"))
        special = {token["content"] for token in tokenizer["added_tokens"]}
        vocab = tokenizer["model"]["vocab"]
        tokenizer["model"]["vocab"] = {token: number for token, number in vocab.items() if token not in special}
        tokenizer["added_tokens"] = []
        tokenizer["pre_tokenizer"] = PUBLISHED_SPLITTERS.get(self.name, tokenizer["pre_tokenizer"])
        self.json.write_text(json.dumps(tokenizer), encoding="utf-8")

    def _run(self, *command: object) -> None:
        done = subprocess.run([self._tok, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoVocabulary(f"tok {command[0]} failed: {done.stderr.strip()[:300]}")
