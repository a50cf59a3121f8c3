"""Fixtures of the differential tests: the tool, and a folder of generated tokenizers that is made once."""

import hashlib
import os
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / folder) for folder in ("support", "differential", "complexity")]
os.environ.setdefault("RUST_BACKTRACE", "0")

import tok_cli  # noqa: E402


@pytest.fixture(scope="session")
def tok():
    binary = tok_cli.binary_path()
    assert binary.exists(), f"{binary} is not built; build the target `tok` or set TOK_BINARY"
    return tok_cli.Tok(binary)


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    """generated(kind, name) -> path; kept in the build folder under a key of everything that decides the content."""
    import make_configs

    here = pathlib.Path(__file__).resolve().parent
    key = hashlib.sha256()
    for path in [
        *sorted(here.glob("config_*.py")),
        here / "bases.py",
        here.parent / "data" / "multiscript.txt",
    ]:
        key.update(path.read_bytes())
    build = os.environ.get("TOK_BUILD_DIR")
    root = pathlib.Path(build) / "generated_tokenizers" if build else tmp_path_factory.mktemp("tokenizers")
    folder = root / key.hexdigest()[:16]

    def path_of(kind, name):
        found = list(folder.glob(f"{kind}_{name}.*"))
        if found:
            return found[0]
        partial = root / f"partial-{os.getpid()}"
        made = make_configs.make(kind, name, partial)
        folder.mkdir(parents=True, exist_ok=True)
        final = folder / made.name
        os.replace(made, final)
        return final

    return path_of
