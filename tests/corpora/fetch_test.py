"""corpora/fetch: the converters on small pages, the manifest's consistency, and fetching through a stand-in archive."""

import gzip
import hashlib
import io
import json
import os
import shutil
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(ROOT / "corpora"))

from convert.catalogue import catalogue_to_text  # noqa: E402
from convert.clean import clean, decode_utf8  # noqa: E402
from convert.helppage import gnome_page, libreoffice_page  # noqa: E402
from convert.manpage import manpage_to_text  # noqa: E402


@pytest.mark.parametrize(
    "source, expected",
    [
        ("Plain text\nruns on.\n", "Plain text runs on."),
        (".SH NAME\ncat \\- join\n", "NAME\ncat - join"),
        ('.BR open (2),\n.I "a b"\nrest\n', "open(2), a b rest"),
        ("\\fBbold\\fP \\f[I]x\\f[] \\(bu \\[u00E9] \\e \\s-1S\\s0\n", "bold x • é \\ S"),
        (".TP\n\\fB\\-a\\fP\nall\nof it\n.TP\n.B \\-b\nbe\n", "-a\nall of it\n\n-b\nbe"),
        (".nf\nint main\n  x;\n.fi\nafter\n", "int main\n  x;\nafter"),
        (".de XX\nhidden\n..\n.if n \\{\\\nhidden\n.\\}\nshown\n", "shown"),
        ('.\\" comment\ntext \\" tail\n', "text"),
        (".TS\ntab(;) allbox;\nl l.\na;b\n_\nT{\nc\nT};d\n.TE\n", "a  b\nc\nd"),
        ("日本語の\n文章\nand\n続き\n", "日本語の文章 and 続き"),
        (".so man1/cat.1\n", None),
        (".Dd today\n.Sh NAME\n", None),
    ],
)
def test_manpage(source, expected):
    text = manpage_to_text(source)
    assert (text if text is None else clean(text).rstrip("\n")) == expected


def test_hostile_roff_ends():
    for source in ["\\", "\\[", "\\*(", ".TS\n", ".ig\n", ".if \\{\n", ".", "'", '.B "', "\\N'99999999'", "\\[uD800]"]:
        manpage_to_text(source).encode()


def test_help_pages():
    page = (
        '<html><body><p>menu</p><div id="DisplayArea"><h1>A &amp; B</h1><!-- x --><p>one\n two</p>'
        '<pre>code</pre><ul><li>x <b>y</b></li></ul></div><div id="SearchFrame"></div></body></html>'
    )
    assert libreoffice_page(page) == ["A & B", "one two", "x y"]
    mallard = "<page><info><desc>no</desc></info><title>T</title><p>a <key>b</key>\nc</p><code>z</code></page>"
    assert gnome_page(mallard) == ["T", "a b c"]
    assert libreoffice_page("no body") == []


def test_clean():
    assert clean("a \t\r\nb\x00\x1b\ufeff\n\n\n\nc\f") == "a\nb\n\nc\n"
    assert clean(" \n\n") == ""
    assert decode_utf8(b"\xff") is None


def _catalogue(order: str, messages: list[tuple[str, str]]) -> bytes:
    strings = [text.encode() for column in zip(*messages) for text in column]
    at, table = 28 + 8 * len(strings), b""
    for text in strings:
        table += struct.pack(f"{order}2I", len(text), at)
        at += len(text) + 1
    head = struct.pack(f"{order}7I", 0x950412DE, 0, len(messages), 28, 28 + 8 * len(messages), 0, 0)
    return head + table + b"".join(text + b"\0" for text in strings)


@pytest.mark.parametrize("order", ["<", ">"])
def test_catalogues(order):
    messages = [("", "Language: th\n"), ("menu\x04File", "แฟ้ม"), ("same", "same"), ("one\0many", "หนึ่ง\0มาก"), ("none", "")]
    content = _catalogue(order, messages)
    assert catalogue_to_text(content) == "แฟ้ม\nหนึ่ง\nมาก"
    for damaged in (b"", content[:27], content[:60], b"x" + content[1:], content[:-9].replace("แ".encode(), b"\xff\xff\xff")):
        assert "แฟ้ม" not in (catalogue_to_text(damaged) or "")


def test_manifest_is_consistent():
    manifest = json.loads((ROOT / "corpora/manifest.json").read_text(encoding="utf-8"))
    for subset, names in manifest["subsets"].items():
        assert set(names) <= set(manifest["datasets"]), subset
    for name, dataset in manifest["datasets"].items():
        packages = {s["package"] for s in [*dataset["sources"], *([dataset["english"]] if "english" in dataset else [])]}
        assert packages <= set(manifest["packages"]), name
        assert dataset["results"], name
        assert all(len(digest) == 64 for digest in dataset["results"]), name


# ---- fetching, with stand-ins for apt-get, apt-cache and dpkg-deb ---------------------------------------------------

_STANDIN = """#!/bin/sh
case "$(basename "$0") $*" in
  "apt-cache "*madison*) echo " pages | $(cat "$TOK_TEST_ARCHIVE/version") | http://archive Packages" ;;
  "apt-get "*update*) ;;
  "apt-get "*download*) cp "$TOK_TEST_ARCHIVE/pages.deb" ./pages.deb ;;
  "dpkg-deb "*) cat "$3" 2>/dev/null || cat "$2" ;;
esac
"""


def _make_deb(path: Path, word: str) -> str:
    with tarfile.open(path, "w") as archive:
        content = gzip.compress(f".SH NAME\n{word} {'word ' * 100}\n".encode(), mtime=0)
        info = tarfile.TarInfo("./usr/share/man/xx/man1/a.1.gz")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def archive(tmp_path):
    """A copy of corpora/ with a one-package manifest, and an archive that offers version 1 of it."""
    for tool in ("apt-get", "apt-cache", "dpkg-deb"):
        path = tmp_path / "bin" / tool
        path.parent.mkdir(exist_ok=True)
        path.write_text(_STANDIN)
        path.chmod(0o755)
    shutil.copytree(ROOT / "corpora", tmp_path / "corpora", ignore=shutil.ignore_patterns("data", ".cache", "__pycache__"))
    (tmp_path / "version").write_text("1")
    digest = _make_deb(tmp_path / "pages.deb", "cat")
    manifest = {
        "schema": 1,
        "subsets": {"demo": ["pages"]},
        "datasets": {"pages": {"language": "xx", "kind": "manpages",
                               "sources": [{"package": "pages", "prefix": "usr/share/man/xx/"}]}},
        "packages": {"pages": {"1": digest}},
    }
    (tmp_path / "corpora/manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def _fetch(archive: Path, *arguments: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PATH": f"{archive / 'bin'}:{os.environ['PATH']}", "TOK_TEST_ARCHIVE": str(archive),
                   "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("TOK_CORPORA_CACHE", None)
    return subprocess.run([sys.executable, str(archive / "corpora/fetch"), *arguments], env=environment,
                          capture_output=True, text=True, check=False)


def test_fetch_writes_separated_documents_once(archive):
    done = _fetch(archive, "demo")
    assert done.returncode == 0, done.stderr
    data = (archive / "corpora/data/pages.txt").read_bytes()
    assert data.startswith(b"NAME\ncat word") and data.endswith(b"\n\0")
    assert json.loads((archive / "corpora/data/index.json").read_text())["pages"]["packages"] == "pages=1"
    shutil.rmtree(archive / "bin")  # nothing left to do: no archive needed
    (archive / "bin").mkdir()
    assert _fetch(archive, "demo", "--allow-newer").returncode == 0


def test_fetch_refuses_a_changed_package(archive):
    _make_deb(archive / "pages.deb", "dog")
    done = _fetch(archive, "demo")
    assert done.returncode == 1 and "sha256" in done.stderr
    assert not list((archive / "corpora/data").glob("pages*"))
    assert not list((archive / "corpora/.cache/debs").glob("*.deb"))


def test_fetch_refuses_a_newer_version_unless_asked(archive):
    (archive / "version").write_text("2")
    done = _fetch(archive, "demo")
    assert done.returncode == 1 and "offers 2" in done.stderr and "--allow-newer" in done.stderr
    assert _fetch(archive, "demo", "--allow-newer").returncode == 0


def test_fetch_checks_results_and_record_accepts_them(archive):
    assert _fetch(archive, "demo", "--record").returncode == 0
    manifest_path = archive / "corpora/manifest.json"
    manifest = json.loads(manifest_path.read_text())
    (digest,) = manifest["datasets"]["pages"]["results"]
    assert digest == hashlib.sha256((archive / "corpora/data/pages.txt").read_bytes()).hexdigest()
    shutil.rmtree(archive / "corpora/data")
    assert _fetch(archive, "demo").returncode == 0
    manifest["datasets"]["pages"]["results"] = {"0" * 64: "pages=1"}
    manifest_path.write_text(json.dumps(manifest))
    (archive / "corpora/data/pages.txt").write_text("tampered")
    done = _fetch(archive, "demo")
    assert done.returncode == 1 and "sha256" in done.stderr


def test_fetch_usage(archive):
    assert _fetch(archive).returncode == 2
    assert _fetch(archive, "nothing-of-this-name").returncode == 2
    assert "demo: pages" in _fetch(archive, "--list").stdout
