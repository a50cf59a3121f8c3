"""The bad-input tests use the same driver as the differential tests."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import tok_cli  # noqa: E402


@pytest.fixture(scope="session")
def tok():
    binary = tok_cli.binary_path()
    assert binary.exists(), f"{binary} is not built; build the target `tok` or set TOK_BINARY"
    return tok_cli.Tok(binary, timeout=60)
