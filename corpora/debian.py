"""Debian packages as sources of text: find, download, verify and read them without installing anything.

Downloads go through apt-get, which checks them against the archive's signed index; the caller compares them with the
manifest's sha256 besides. No root is needed: when the machine has no package index (or an old one), a private one is
fetched into the cache.
"""

import hashlib
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import urllib.parse
from collections.abc import Iterator
from pathlib import Path


class FetchError(Exception):
    """What went wrong and what to do, for the person at the terminal."""


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


class Apt:
    """apt-get with the system's package index, or with a private one under `cache` once refresh() was called."""

    def __init__(self, cache: Path, options: tuple[str, ...] = ()):
        """`options` are apt's, for example ("-o", "Acquire::Languages=en")."""
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise FetchError("apt-get and dpkg-deb are needed: run this on Debian or Ubuntu (or in a container of one)")
        self._cache = cache
        self._private = cache / "apt"
        self._options = ["-o", "APT::Sandbox::User=", *options]
        self.refreshed = False

    def _run(self, *command: str, cwd: Path | None = None) -> str:
        environment = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            message = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise FetchError(f"{' '.join(command[:2])} failed: {message[-1] if message else 'no message'}")
        return done.stdout

    def refresh(self) -> None:
        """Fetches the archive's package index into the cache and uses it from now on."""
        lists, archives = self._private / "lists", self._private / "archives"
        for folder in (lists / "partial", archives / "partial"):
            folder.mkdir(parents=True, exist_ok=True)
        self._options += ["-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={self._private}"]
        self._run("apt-get", "-q", *self._options, "update")
        self.refreshed = True

    def versions(self, package: str) -> list[str]:
        """Versions the archive offers, newest first."""
        rows = self._run("apt-cache", *self._options, "madison", package).splitlines()
        fields = [row.split("|") for row in rows]
        return list(dict.fromkeys(f[1].strip() for f in fields if len(f) == 3 and "Packages" in f[2]))

    def descriptions(self) -> Iterator[str]:
        """The long English description of every package of the archive, if the index was fetched with that language."""
        command = ("apt-get", "indextargets", *self._options, "--format", "$(FILENAME)", "Created-By: Translations")
        for file in self._run(*command).split():
            for record in self._run("/usr/lib/apt/apt-helper", "cat-file", file).split("\n\n"):
                yield record.partition("Description-en:")[2]

    def download(self, package: str, version: str) -> Path:
        """The .deb in the cache, downloaded if it is not there. Complete or absent, never half."""
        folder = self._cache / "debs"
        target = folder / f"{package}_{urllib.parse.quote(version, safe='+~.-')}.deb"
        if target.exists():
            return target
        partial = folder / "partial" / package
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self._run("apt-get", "-q", *self._options, "download", f"{package}={version}", cwd=partial)
        downloaded = list(partial.glob("*.deb"))
        if len(downloaded) != 1:
            raise FetchError(f"apt-get download {package}={version} left {len(downloaded)} files")
        downloaded[0].rename(target)
        partial.rmdir()
        return target


def _members(archive: tarfile.TarFile, prefix: str) -> Iterator[tuple[str, bytes]]:
    for member in archive:
        name = member.name.removeprefix("./")
        if member.isfile() and name.startswith(prefix):
            stream = archive.extractfile(member)
            if stream is not None:
                yield name, stream.read()


def read_package(deb: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    """(path, content) of each regular file under `prefix`, in archive order; nothing is written to disk."""
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE) as process:
        with tarfile.open(fileobj=process.stdout, mode="r|") as archive:
            yield from _members(archive, prefix)
        process.stdout.read()
    if process.returncode != 0:
        raise FetchError(f"{deb}: dpkg-deb cannot read it; delete it and run again")


def read_inner_tarball(content: bytes, prefix: str) -> Iterator[tuple[str, bytes]]:
    """The same for a .tar.xz that lies inside a package (kernel sources)."""
    with lzma.open(io.BytesIO(content)) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
        yield from _members(archive, prefix)
