"""What the documents list is what the code has: error codes, modules."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_every_error_code_is_documented_once():
    defined = {int(n) for n in re.findall(r"^  k\w+ = (\d+),", read("libtok/include/tok/status.h"), re.MULTILINE)}
    documented = [int(n) for n in re.findall(r"^\| TOK-E(\d{3}) \|", read("docs/errors.md"), re.MULTILINE)]
    assert sorted(defined - {0}) == documented


def test_architecture_lists_every_module():
    documented = set(re.findall(r"^\| `(\w+)` \|", read("docs/architecture.md"), re.MULTILINE))
    assert documented == {p.name for p in (ROOT / "libtok/src").iterdir() if p.is_dir()}


def test_links_and_paths_of_documents_exist():
    for document in ["README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]:
        folder = (ROOT / document).parent
        for target in re.findall(r"\]\(([^)#:]+)\)", read(document)):
            assert (folder / target).exists(), f"{document} links to {target}"
        for path in re.findall(r"`((?:libtok|cli|tests|bench|docs|scripts|corpora|vocab)/[\w./-]*\w)`", read(document)):
            matches = [*ROOT.glob(path), *ROOT.glob(f"{path}.*"), *ROOT.glob(f"{path}_*")]
            assert matches or "<" in path or path.startswith("corpora/data"), f"{document} names {path}"


def test_readme_tables_come_from_the_committed_results():
    done = subprocess.run([sys.executable, ROOT / "scripts/make_readme_tables.py", "--check"], check=False)
    assert done.returncode == 0, "run scripts/make_readme_tables.py"
