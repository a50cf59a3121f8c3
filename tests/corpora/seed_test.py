"""vocab/seed.zst: what its manifest says, in the form that it promises, from text that nothing else uses."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))


def _json(path: str) -> dict:
    return json.loads((ROOT / path).read_text(encoding="utf-8"))


def _packages(corpora: dict, subset: str) -> set[str]:
    return {source["package"] for name in corpora["subsets"][subset] for source in corpora["datasets"][name]["sources"]}


def test_the_pieces_are_what_the_manifest_says():
    seed = _json("vocab/manifest.json")["seed"]
    data = subprocess.run(["zstd", "-dcq", ROOT / "vocab" / seed["data"]], capture_output=True, check=True).stdout
    assert len(data) == seed["n_bytes"]
    assert hashlib.sha256(data).hexdigest() == seed["sha256_of_pieces"]
    *pieces, rest = data.split(b"\0")
    assert rest == b"" and len(pieces) == seed["n_pieces"] == sum(seed["pieces_by_language"].values())
    assert len(set(pieces)) == len(pieces)
    assert all(2 <= len(piece) <= 31 for piece in pieces)
    data.decode("utf-8")


def test_the_packages_are_recorded_and_used_for_nothing_else():
    corpora = _json("corpora/manifest.json")
    packages = _packages(corpora, "seed")
    for subset in set(corpora["subsets"]) - {"seed"}:
        assert not packages & _packages(corpora, subset), subset
    recorded = _json("vocab/manifest.json")["seed"]["packages"]
    assert {entry["package"] for entry in recorded} == packages
    assert all(entry["version"] in corpora["packages"][entry["package"]] and entry["licence"] for entry in recorded)
