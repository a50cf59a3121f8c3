"""The vocabularies that encode_peers.py times, each in the form that every engine reads fastest."""

import dataclasses
import json
import pathlib
import shlex
import subprocess

BUNDLED = ("gpt2", "cl100k_base", "o200k_base")
FROM_JSON = ("llama3", "qwen3", "deepseek_v3", "gemma3", "llama2")
NAMES = (*BUNDLED, *FROM_JSON)


class NoVocabulary(Exception):
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


class Vocabulary:
    """Files of one vocabulary in `folder`, made when an engine asks for them."""

    def __init__(self, name: str, tok: pathlib.Path, folder: pathlib.Path, vocab_dir: pathlib.Path | None):
        self.name, self._tok, self._folder = name, tok, folder
        self._ranks = self._converted("tiktoken") if name in BUNDLED else None
        self.json = self._converted("json") if name in BUNDLED else self._unpacked(vocab_dir)

    def path_for(self, engine: str) -> pathlib.Path:
        if engine == "tiktoken" and not self._ranks:
            raise NoVocabulary("tiktoken does not read tokenizer.json")
        if engine in ("tiktoken", "gigatoken") and self._ranks:
            return self._ranks
        return self._dense_json() if engine == "fastokens" else self.json

    def path_for_variant(self, variant: Variant) -> str:
        how, _, options = variant.source.partition(":")
        if how != "freeze":
            return variant.source.replace("{encoding}", self.name)
        image = self._folder / f"{self.name}.{variant.label}.tok"
        if not image.exists():
            self._run("freeze", *shlex.split(options), self.name if self._ranks else self.json, "-o", image)
        return str(image)

    def _converted(self, suffix: str) -> pathlib.Path:
        path = self._folder / f"{self.name}.{suffix}"
        if not path.exists():
            self._run("convert", self.name, path)
        return path

    def _unpacked(self, vocab_dir: pathlib.Path | None) -> pathlib.Path:
        packed = (vocab_dir or pathlib.Path()) / f"{self.name}.tokenizer.json.zst"
        if vocab_dir is None or not packed.exists():
            raise NoVocabulary(f"{packed.name} is not there: --vocab-dir, TOK_SHARED_VOCAB")
        path = self._folder / f"{self.name}.json"
        if not path.exists():
            subprocess.run(["zstd", "-dq", packed, "-o", path], check=True)
        return path

    def _dense_json(self) -> pathlib.Path:
        """Without special tokens inside the model's vocabulary: fastokens refuses ids with gaps ("unsupported model
        type: Other"), and reads special tokens from added_tokens alone."""
        if not self._ranks:
            return self.json
        path = self._folder / f"{self.name}.dense.json"
        if not path.exists():
            tokenizer = json.loads(self.json.read_text(encoding="utf-8"))
            added = {token["content"] for token in tokenizer.pop("added_tokens")}
            model = tokenizer["model"]
            model["vocab"] = {token: number for token, number in model["vocab"].items() if token not in added}
            path.write_text(json.dumps({**tokenizer, "added_tokens": []}), encoding="utf-8")
        return path

    def _run(self, *command: object) -> None:
        done = subprocess.run([self._tok, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoVocabulary(f"tok {command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
