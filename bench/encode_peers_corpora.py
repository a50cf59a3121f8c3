"""The texts that encode_peers.py times: real documents out of corpora/data and --corpora-dir, never repeated.

A text is a list of documents made from every source of it that is there; what is there is said in its origin. Sources:
  data/NAME.txt      corpora/fetch: documents end in NUL
  data/NAME.jsonl    corpora/fetch: {"id": "page#place", "text"}; a page is a document
  NAME.txt.zst       --corpora-dir: documents end in <|endoftext|>
  NAME.jsonl.zst     --corpora-dir: a field holds the text; lines with equal `group` field are one document
"""

import contextlib
import dataclasses
import itertools
import json
import pathlib
import random
import subprocess
from collections.abc import Callable, Iterable

DATA = pathlib.Path(__file__).resolve().parents[1] / "corpora" / "data"
MIXED_BYTES = 150_000_000
MIXED_SHARE_BYTES = 40_000_000  # of one text, so that code and markup do not drown the rest
REQUEST_BYTES, REQUESTS = 1024, 4000
ADVERSARIAL_BYTES = 1_000_000  # of each family
PIECE_BYTES = 2_000_000


class NoText(Exception):
    """None of the text's sources is there; says where they would come from."""


@dataclasses.dataclass(frozen=True)
class Packed:
    """A file of --corpora-dir: the JSON field, the field that groups lines, and an (field, value) that lines must have."""

    file: str
    field: str = ""
    group: str = ""
    only: tuple[str, str] = ("", "")


@dataclasses.dataclass(frozen=True)
class Text:
    name: str
    documents: list[str]
    origin: str
    calls: str = "batch"  # "each": one call a document, as a server makes them

    def limited(self, n_bytes: int) -> "Text":
        """Whole documents up to n_bytes, at least one; a document of a batch text that goes over is cut."""
        taken, room = [], n_bytes
        for document in self.documents:
            if room <= 0:
                break
            encoded = document.encode()
            taken.append(document if len(encoded) <= room else encoded[:room].decode(errors="ignore"))
            room -= len(encoded)
        return dataclasses.replace(self, documents=taken)


def pydocs(language: str) -> Packed:
    return Packed(f"pydocs.en-{language}.jsonl.zst", language, "file")


def udhr(language: str) -> Packed:
    return Packed("udhr.jsonl.zst", "text", "code", ("iso639_3", language))


NATURAL: dict[str, list[str | Packed]] = {
    "english": [Packed("en_prose.txt.zst")],
    "web": ["web.apache.txt", "web.postgresql.txt", "web.nodejs.txt", "web.freedesktop.txt"],
    "code": ["code.python.txt", "code.linux.txt"],
    "chinese": [pydocs("zh-cn"), "manpages.zh.txt", "libreoffice.zh-cn.jsonl"],
    "japanese": [pydocs("ja"), "manpages.ja.txt", "libreoffice.ja.jsonl"],
    "korean": [pydocs("ko"), "libreoffice.ko.jsonl"],
    "russian": ["manpages.ru.txt", "libreoffice.ru.jsonl", udhr("rus")],
    "ukrainian": [pydocs("uk"), "manpages.uk.txt", udhr("ukr")],
    "turkish": [pydocs("tr"), "manpages.tr.txt", "libreoffice.tr.jsonl", udhr("tur")],
    "hindi": ["libreoffice.hi.jsonl", "catalogue.hi.txt", udhr("hin")],
    "thai": ["catalogue.th.txt", udhr("tha")],
    "udhr": [Packed("udhr.jsonl.zst", "text", "code")],
}
OTHER_LANGUAGES: list[str | Packed] = [
    pydocs("es"), pydocs("fr"), "manpages.en.txt", "manpages.de.txt", "manpages.es.txt", "manpages.fr.txt",
    "manpages.pl.txt", "libreoffice.en.jsonl", "libreoffice.es.jsonl", "libreoffice.fr.jsonl", "libreoffice.vi.jsonl",
]  # fmt: skip


def grouped(lines: Iterable[tuple[str, str]]) -> list[str]:
    """Texts of consecutive lines with one key, joined."""
    groups = itertools.groupby(lines, key=lambda line: line[0])
    return ["\n".join(text for _, text in group) + "\n" for _, group in groups]


def read_fetched(path: pathlib.Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".jsonl":
        return text.split("\0")
    records = (json.loads(line) for line in text.split("\n") if line)  # splitlines() would also cut at U+2028
    return grouped((record["id"].rpartition("#")[0], record["text"]) for record in records)


def read_packed(path: pathlib.Path, source: Packed) -> list[str]:
    text = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout.decode()
    if not source.field:
        return text.split("<|endoftext|>")
    field, value = source.only
    records = (json.loads(line) for line in text.split("\n") if line)
    return grouped((r[source.group], r[source.field]) for r in records if not field or r[field] == value)


def spread(groups: list[list[str]]) -> list[str]:
    """The documents of all groups, those of each spread evenly over the whole."""
    placed = [((i + 0.5) / len(group), g, i) for g, group in enumerate(groups) for i in range(len(group))]
    return [groups[g][i] for _, g, i in sorted(placed)]


def read_sources(name: str, sources: list[str | Packed], folder: pathlib.Path | None) -> Text:
    groups, origins = [], []
    for source in sources:
        packed = isinstance(source, Packed)
        file = source.file if packed else source
        path = (folder or DATA) / file if packed else DATA / file
        if path.exists():
            found = read_packed(path, source) if packed else read_fetched(path)
            groups.append([document for document in found if document.strip()])
            origins.append(file)
    if not groups:
        missing = ", ".join(source.file if isinstance(source, Packed) else source for source in sources)
        raise NoText(f"none of {missing} is there: corpora/fetch speed, --corpora-dir")
    return Text(name, spread(groups), " ".join(origins))


def mixed(folder: pathlib.Path | None) -> Text:
    """Every text, its documents spread evenly over the whole."""
    texts = []
    for name, sources in {**NATURAL, "other": OTHER_LANGUAGES}.items():
        with contextlib.suppress(NoText):
            texts.append(read_sources(name, sources, folder).limited(MIXED_SHARE_BYTES))
    if not texts:
        raise NoText("no text at all is there: corpora/fetch speed, --corpora-dir")
    return Text("mixed", spread([text.documents for text in texts]), " ".join(text.origin for text in texts))


def requests(folder: pathlib.Path | None) -> Text:
    """English cut into requests of about 1 KB, at characters."""
    english = read_sources("english", NATURAL["english"], folder)
    data = "".join(english.documents).encode()[: REQUEST_BYTES * REQUESTS]
    cut = [data[begin : begin + REQUEST_BYTES] for begin in range(0, len(data), REQUEST_BYTES)]
    return Text("requests_1kb", [part.decode(errors="ignore") for part in cut], english.origin, calls="each")


def adversarial(_: pathlib.Path | None) -> Text:
    """Documents in which no word repeats: letters, letters of every script, digits with punctuation, all one piece."""
    generator = random.Random(1)

    def words(alphabet: str, separator: str) -> str:
        room, made = ADVERSARIAL_BYTES, []
        while room > 0:
            made.append("".join(generator.choices(alphabet, k=generator.randint(1, 30))))
            room -= len(made[-1].encode()) + len(separator)
        return separator.join(made)

    latin = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    scripts = "".join(map(chr, [*range(0x430, 0x450), *range(0x905, 0x93A), *range(0xE01, 0xE2F), *range(0x4E00, 0x5E00)]))
    documents = [words(latin, " "), words(scripts, " "), words("0123456789abcdef-_./:;", "\n"), words(latin, "")]
    return Text("adversarial", documents, "generated")


def one_piece(_: pathlib.Path | None) -> Text:
    """One document that splitters leave in one piece: 2 MB of random letters."""
    generator = random.Random(2)
    return Text("one_piece", ["".join(generator.choices("abcdefghijklmnopqrstuvwxyz", k=PIECE_BYTES))], "generated")


def one_document(folder: pathlib.Path | None) -> Text:
    """The mixed text as a single document."""
    text = mixed(folder)
    return Text("one_document", ["".join(text.documents)], text.origin)


SPECIAL: dict[str, Callable[[pathlib.Path | None], Text]] = {
    "mixed": mixed,
    "one_document": one_document,
    "requests_1kb": requests,
    "adversarial": adversarial,
    "one_piece": one_piece,
}
NAMES = [*NATURAL, *SPECIAL]
UNLIMITED = {"mixed": MIXED_BYTES}  # all other texts are limited by --megabytes
FIRST_PASS_ONLY = ("mixed", "one_piece")  # because it is long; because caches that hold the whole piece would answer
ONE_THREAD = ("requests_1kb",)


def load(name: str, folder: pathlib.Path | None, n_bytes: int) -> Text:
    text = SPECIAL[name](folder) if name in SPECIAL else read_sources(name, NATURAL[name], folder)
    return text.limited(max(n_bytes, UNLIMITED.get(name, 0)))
