"""The complexity tests use the driver of the differential tests and their generated tokenizers."""

import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "support"), str(TESTS / "differential"), str(TESTS / "complexity")]

import tok_cli  # noqa: E402


@pytest.fixture(scope="session")
def tok():
    binary = tok_cli.binary_path()
    assert binary.exists(), f"{binary} is not built; build the target `tok` or set TOK_BINARY"
    return tok_cli.Tok(binary)


@pytest.fixture(scope="session")
def generated(tmp_path_factory):
    pytest.importorskip("tokenizers")
    pytest.importorskip("sentencepiece")
    import make_configs

    folder = tmp_path_factory.mktemp("tokenizers")
    made = {}

    def path_of(kind, name):
        if (kind, name) not in made:
            made[kind, name] = make_configs.make(kind, name, folder)
        return made[kind, name]

    return path_of
