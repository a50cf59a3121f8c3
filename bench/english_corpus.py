#!/usr/bin/env python3
"""Makes a large file of real English prose out of Debian's documentation packages, to train tokenizers on.

    bench/english_corpus.py --output english1g.txt --bytes 1000000000

bench/english_corpus.packages lists the packages and what is taken of each; they are downloaded one after the other (apt
checks them against the archive's signed index; contrib and non-free are read besides main, RFCs are there), converted
without being installed, and deleted. One paragraph a line, in UTF-8. A paragraph is kept if it reads like an English
sentence, and once only: two with the same letters are the same.

Beside the output lies OUTPUT.json: the bytes, paragraphs and version of each package. Needs apt-get and dpkg-deb, and a
machine whose package index is there (`apt-get update`); pdftotext (poppler-utils) where PDFs are listed. Comments of
source code are listed too, as documentation alone does not make a gigabyte. Packages the archive lacks are said and left
out. The output appears when it is whole; --append goes on where an output ended, with
the packages that it lacks (or has but a part of: "cut" in the .json). Exit codes: 0 done, 1 less than --bytes was had.
"""

import argparse
import bz2
import gzip
import html
import io
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "corpora"))

from convert.manpage import manpage_to_text  # noqa: E402
from debian import Apt, FetchError, read_inner_tarball, read_package, sha256_of  # noqa: E402

DESCRIPTIONS = "package-descriptions"
PREFETCHED = 3
BATCH_BYTES = 1 << 22
MIN_BYTES = 40

_UNWANTED_PATH = re.compile(
    r"(^|/)(copyright$|changelog|changes|news\.debian|authors|contributors|todo|licen[cs]e|copying|lintian/|"
    r"locale/(?!en)|_sources/|search(index)?|genindex|(de|es|fr|it|ja|ru|pt|pt[_-]BR|zh[_-](CN|TW|Hans|Hant)|pl|cs|nl|sv|uk|ko|ca)/)"
    r"|[-_]source\.html|_8[ch]pp_source|-index\.html|-members\.html|/src/.*\.html|classes_\w+\.html|functions_\w+\.html",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\.(x?html?|xhtm|docbook|xml|page|mallard|dbk)$", re.IGNORECASE)
_MANUAL = re.compile(r"/man/man\d/|\.[1-8][a-z]*$")
_TEXT = re.compile(r"\.(txt|rst|md|info(-\d+)?|pod|texi|org|dict|utf8|ascii|asciidoc|adoc|cfg)$|/[\w-]+$", re.IGNORECASE)

_CODE = re.compile(r"\.(c|h|cc|cpp|hpp|java|go|rs|js|ts|S|pas|scala|kt)$")
_DOCSTRINGS = re.compile(r"\.(py|pyx|pxd)$")

_DROPPED = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<(script|style|head|nav|noscript|pre|code-block|programlisting|screen|synopsis|footer|select|svg|math)"
    r"\b[^>]*(?<!/)>.*?</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK = re.compile(
    r"</?(?:p|h[1-6]|div|li|ul|ol|dl|dd|dt|td|th|tr|table|br|hr|section|article|body|blockquote|center|header|main|"
    r"para|simpara|title|titleabbrev|entry|row|term|listitem|varlistentry|itemizedlist|orderedlist|note|tip|warning|"
    r"item|desc|steps|terms|formalpara|chapter|sect[1-5])\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")

# The foot and the head of a page of an RFC, and the blank lines around them.
_PAGE_BREAK = re.compile(r"([^\n]?)[ \t]*\n\s*\n[^\n]*\[Page +[^\]\n]*\][ \t]*\n\s*(?:RFC \d+[^\n]*\n)?[^\S\n]*\n*")
_INFO_HEAD = re.compile(r"^(\x1f.*|File: .*Node: .*|\* Menu:.*)$", re.MULTILINE)
_HEADWORD = re.compile(r"\n(?=\S)")
_POD = re.compile(r"^=(?:head\d|item|over|back|cut|pod|for|begin|end|encoding)\b", re.MULTILINE)
_POD_CODE = re.compile(r"[BCEFILSX]<([^<>]*)>")
_COMMENT = re.compile(r"/\*(.*?)\*/|((?:^[ \t]*//[^\n]*\n)+)", re.DOTALL | re.MULTILINE)
_COMMENT_MARGIN = re.compile(r"^[ \t]*(?:\*+|//[/!]?)?", re.MULTILINE)
_DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
_ITEM = re.compile(r"\s*(?:[-*+o•] |\(?\d{1,3}[.)] |\(?[a-z][.)] |@\w+ |\.\. )")
_COLUMNS = re.compile(r"\S {3,}\S")
_BLANK_LINE = re.compile(r"\n[ \t\f\r]*\n")

_OFTEN = frozenset(
    "the of and to that this for with are be it you by from which not if or as can will when is in an on was have has "
    "must should may your all any more than its one use used".split()
)
_SURE = frozenset("the of and to that this for with are be it you by from which not if as can will when should has".split())
_PROSE_BYTES = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.'"))
_LOWER_CASE = bytes(range(256)).lower()
_NO_LETTERS = bytes(set(range(128)) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_GENERATED = re.compile(
    r"Definition at line|Reimplemented from|Referenced by|References |Here is the |Generated (?:on|by)|"
    r"This is the complete list|Inheritance diagram|Collaboration diagram|The documentation for this|Copyright |Methods inherited"
)


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def markup_paragraphs(source: str) -> Iterator[str]:
    text = _TAG.sub("", _BLOCK.sub("\x00", _DROPPED.sub("\x00", source)))
    return (_SPACE.sub(" ", part) for part in html.unescape(text).split("\x00"))


def join_page(match: re.Match) -> str:
    return match[1] + ("\n\n" if match[1] in ".:;?!" else "\n")


def text_paragraphs(source: str) -> Iterator[str]:
    """Filled lines joined to one line a paragraph; what stands in columns is left out."""
    source = _PAGE_BREAK.sub(join_page, source.replace("\r\n", "\n"))
    for block in _BLANK_LINE.split(source):
        paragraph: list[str] = []
        if len(block) < MIN_BYTES:
            continue
        for line in block.split("\n"):
            if paragraph and _ITEM.match(line):
                yield " ".join(paragraph)
                paragraph = []
            if not _COLUMNS.search(line):
                paragraph.append(" ".join(line.split()))
        yield " ".join(paragraph)


def pdf_text(content: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        command = ["pdftotext", "-q", "-nopgbrk", "-enc", "UTF-8", file.name, "-"]
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=120)
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return done.stdout.decode("utf-8", "replace").replace("-\n", "")


def comments(source: str) -> str:
    """The comments of C and its kin, without their stars and their tags (Javadoc has some)."""
    found = (_COMMENT_MARGIN.sub("", match[1] or match[2] or "") for match in _COMMENT.finditer(source))
    return _TAG.sub("", _BLOCK.sub("\n\n", "\n\n".join(found)))


def paragraphs(path: str, content: bytes) -> Iterator[str]:
    if path.endswith(".pdf"):
        return text_paragraphs(pdf_text(content))
    if b"\x00" in content[:4096]:
        return iter(())
    text = content.decode("utf-8", "replace")
    if _CODE.search(path):
        return text_paragraphs(comments(text))
    if _DOCSTRINGS.search(path):
        return text_paragraphs("\n\n".join(match[1] for match in _DOCSTRING.finditer(text)))
    if _MARKUP.search(path):
        return markup_paragraphs(text)
    if _MANUAL.search(path):
        return text_paragraphs(manpage_to_text(text) or "")
    if path.endswith(".pod"):
        text = _POD_CODE.sub(r"\1", _POD.sub("\n", text))
    elif path.endswith(".dict"):
        text = _HEADWORD.sub("\n\n", text)
    return text_paragraphs(_INFO_HEAD.sub("", text))


def is_english(paragraph: str, encoded: bytes) -> bool:
    """A sentence rather than a signature, a table, a heading or another language."""
    if len(encoded.translate(None, _PROSE_BYTES)) < 0.85 * len(encoded) or "\ufffd" in paragraph:
        return False
    words = paragraph.lower().split()
    often = sum(word in _OFTEN for word in words)
    return len(words) >= 6 and often >= 0.12 * len(words) and not _SURE.isdisjoint(words) and not _GENERATED.match(paragraph)


def convert(files: list[tuple[str, bytes]]) -> list[bytes]:
    """The English paragraphs of a batch of files, each ending in LF."""
    kept = []
    for path, content in files:
        try:
            if path.endswith((".gz", ".dz")):
                path, content = path[:-3], gzip.decompress(content)
            elif path.endswith(".bz2"):
                path, content = path[:-4], bz2.decompress(content)
        except (OSError, EOFError):
            continue
        for paragraph in paragraphs(path, content):
            paragraph = paragraph.strip()
            encoded = paragraph.encode("utf-8", "replace")
            if len(encoded) >= MIN_BYTES and is_english(paragraph, encoded):
                kept.append(encoded + b"\n")
    return kept


def wanted(path: str, pattern: re.Pattern | None) -> bool:
    if pattern is not None:
        return bool(pattern.search(path))
    plain = re.sub(r"\.(gz|dz|bz2)$", "", path)
    return not _UNWANTED_PATH.search(path) and bool(_MARKUP.search(plain) or _MANUAL.search(plain) or _TEXT.search(plain))


def files_of(deb: Path) -> Iterator[tuple[str, bytes]]:
    """Those of tarballs and zip archives in the package (source code) included."""
    for path, content in read_package(deb, "usr/"):
        if path.endswith(".tar.xz"):
            yield from read_inner_tarball(content, "")
        elif path.endswith("/src.zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from ((name, archive.read(name)) for name in archive.namelist())
        else:
            yield path, content


def batches(deb: Path, pattern: re.Pattern | None) -> Iterator[list[tuple[str, bytes]]]:
    batch: list[tuple[str, bytes]] = []
    size = 0
    for path, content in files_of(deb):
        if wanted(path, pattern):
            batch.append((path, content))
            size += len(content)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    yield batch


def description_batches(apt: Apt) -> Iterator[list[tuple[str, bytes]]]:
    """The long descriptions as text files: their blank lines are written as a dot."""
    batch = []
    for text in apt.descriptions():
        batch.append(("description.txt", re.sub(r"^ \.$", "", text, flags=re.MULTILINE).encode()))
        if len(batch) == 4096:
            yield batch
            batch = []
    yield batch


def make_apt(cache: Path) -> Apt:
    """apt with an index of its own of all of Debian's components, from where this machine has its packages."""
    cache.mkdir(parents=True, exist_ok=True)
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)", "Created-By: Packages", "Origin: Debian"]
    targets = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    sources = cache / "sources.list"
    sources.write_text("".join(f"deb {line} main contrib non-free\n" for line in sorted(set(targets.splitlines()))))
    if not sources.stat().st_size:
        raise FetchError("this machine has no index of Debian's packages: run apt-get update first")
    settings = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Cache::pkgcache": "pkgcache.bin",  # images of containers turn them off, and every call takes seconds
        "Dir::Cache::srcpkgcache": "srcpkgcache.bin",
        "Acquire::Languages": "en",
    }
    apt = Apt(cache, tuple(word for key, value in settings.items() for word in ("-o", f"{key}={value}")))
    apt.refresh()
    return apt


def read_list(path: Path) -> list[tuple[str, re.Pattern | None]]:
    lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return [(name, re.compile(pattern) if pattern else None) for name, _, pattern in rows]


def download(apt: Apt, package: str) -> tuple[str, Path | None]:
    if package == DESCRIPTIONS:
        return "", None
    versions = apt.versions(package)
    if not versions:
        raise FetchError(f"{package}: the archive does not have it")
    return versions[0], apt.download(package, versions[0])


class Corpus:
    """The file that grows; what it has already is not taken again."""

    def __init__(self, stream, limit: int):
        self.bytes = 0
        self.lines = 0
        self._stream, self._limit = stream, limit
        self._seen: set[int] = set()

    @property
    def full(self) -> bool:
        return self.bytes >= self._limit

    def add(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            key = hash(line.translate(_LOWER_CASE, _NO_LETTERS))
            if key not in self._seen and self.bytes + len(line) <= self._limit:
                self._seen.add(key)
                self._stream.write(line)
                self.bytes += len(line)
                self.lines += 1
            elif self._limit - self.bytes < 1024:
                self._limit = self.bytes


def fill(corpus: Corpus, records: list[dict], arguments: argparse.Namespace, apt: Apt) -> None:
    deadline = time.monotonic() + arguments.max_minutes * 60
    there = {record["package"] for record in records if "cut" not in record}
    entries = [entry for entry in read_list(arguments.packages) if entry[0] not in there]
    with ThreadPoolExecutor(1) as downloader, multiprocessing.Pool(arguments.jobs) as pool:
        pending = {}
        for number, (package, pattern) in enumerate(entries):
            for ahead, _ in entries[number : number + PREFETCHED]:
                if ahead not in pending:
                    pending[ahead] = downloader.submit(download, apt, ahead)
            try:
                version, deb = pending[package].result()
            except FetchError as error:
                say(str(error))
                continue
            record = {"package": package, "version": version, "bytes": -corpus.bytes, "paragraphs": -corpus.lines}
            if deb:
                record.update(sha256=sha256_of(deb), downloaded_bytes=deb.stat().st_size)
            for lines in pool.imap(convert, batches(deb, pattern) if deb else description_batches(apt)):
                corpus.add(lines)
                if corpus.full or time.monotonic() > deadline:
                    record["cut"] = True
                    break
            if deb:
                deb.unlink()
            record["bytes"] += corpus.bytes
            record["paragraphs"] += corpus.lines
            records.append(record)
            say(f"[{number + 1}/{len(entries)}] {corpus.bytes / 1e6:7.1f} MB, {record['bytes'] / 1e6:6.1f} of {package}")
            if "cut" in record:
                break
        for future in pending.values():
            future.cancel()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--bytes", type=int, default=1_000_000_000, help="no more than these (default: 10^9)")
    parser.add_argument("--packages", type=Path, default=HERE / "english_corpus.packages", help="another list")
    parser.add_argument("--cache", type=Path, help="folder for the index and the downloads (default: a temporary one)")
    parser.add_argument("--append", action="store_true", help="go on where the output that is there ends")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes that convert")
    parser.add_argument("--max-minutes", type=float, default=float("inf"), help="write what there is after so long")
    arguments = parser.parse_args()
    partial = arguments.output.with_name(arguments.output.name + ".partial")
    report = arguments.output.with_name(arguments.output.name + ".json")
    records = json.loads(report.read_text())["packages"] if arguments.append else []
    with tempfile.TemporaryDirectory(prefix="english_corpus.") as folder:
        try:
            apt = make_apt(arguments.cache or Path(folder))
            with partial.open("wb") as stream:
                corpus = Corpus(stream, arguments.bytes)
                if arguments.append:
                    with arguments.output.open("rb") as old:
                        corpus.add(old)
                fill(corpus, records, arguments, apt)
        except (FetchError, OSError) as error:
            say(f"english_corpus: {error}")
            return 1
        sha256 = sha256_of(partial)
        whole = {"bytes": corpus.bytes, "paragraphs": corpus.lines, "sha256": sha256, "packages": records}
        partial.rename(arguments.output)
        report.write_text(json.dumps(whole, indent=1) + "\n")
    say(f"{arguments.output}: {corpus.bytes} bytes, {corpus.lines} paragraphs")
    return 0 if corpus.full else 1


if __name__ == "__main__":
    sys.exit(main())
