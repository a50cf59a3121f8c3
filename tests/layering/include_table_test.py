"""Includes point one way: every #include of the tree is held against the table of docs/architecture.md.

The rules are data (LAYERS, CROSSINGS, OWNERS); violations() is a pure function of a path and its text, so the test
also proves that each kind of rule can fail.
"""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("TOK_SOURCE_DIR", Path(__file__).resolve().parents[2]))

# module of libtok/src -> modules it may include (besides itself).
_BASE = {"base"}
_TEXT = _BASE | {"unicode"}
_PIECES = _TEXT | {"normalize", "split"}
_VOCAB = _PIECES | {"vocab"}
_MODEL = _VOCAB | {"model"}
_ENGINE = _MODEL | {"encode", "format", "corpus"}
LAYERS = {
    "base": set(),
    "unicode": _BASE,
    "corpus": _BASE,
    "normalize": _TEXT,
    "split": _TEXT,
    "vocab": _PIECES,
    "model": _VOCAB,
    "format": _MODEL,
    "encode": _MODEL | {"corpus"},
    "train": _ENGINE,
    "byteprob": _ENGINE,
    "dynamic": _ENGINE,
    "transfer": _ENGINE,
    "measure": _ENGINE | {"train"},
    "morph": _ENGINE | {"train"},
}

# Single headers that cross between modules of one level, each with its reason.
CROSSINGS = {
    ("split", "src/normalize/aligned_text.h"),  # pre-tokenizers carry the text that normalizers aligned
    ("normalize", "src/split/pattern_matcher.h"),  # Replace finds what Split finds, by the same matcher
    ("encode", "src/format/tok_image.h"),  # a frozen image holds finished tables, which no TokenizerSpec can carry
}

# What the device's code knows of the library, each with its reason.
DEVICE_SHARES = {
    "src/split/char_class.h",  # families of patterns
    "src/split/splitter.h",  # and the classes that they distinguish
    "src/encode/device_tables.h",  # what a device's tables are made of
    "src/encode/batch_support.h",  # what every BatchEncoder checks, and where long documents are cut
    "src/encode/document_jobs.h",  # the error of a caller who says stop
    "src/model/bpe/join_layout.h",  # where a filter of neighbouring characters has its bits
    "src/base/error_place.h",  # errors of a part of a document name the document's byte
    "src/base/parallel.h",  # the pool of threads: a second one would fight it for cores
    "src/base/parallel_pipeline.h",  # slices through stages
    "src/base/status_macros.h",
    "src/base/strings.h",
}

# third-party header -> files of the repository that may include it (regular expressions on the path).
OWNERS = [
    (r"unicode/", r"libtok/src/(split/icu_matcher|unicode/icu_bridge)\.cc"),
    (r"re2/", r"libtok/src/split/re2_\w+\.cc"),
    (r"pybind11/", r"bindings/.*"),
    (r"google/protobuf/", r"libtok/src/format/.*"),
    (r"z(lib|std)\.h", r"(libtok/src/base|tests)/.*"),
    (r"(Clp|Coin)\w+\.h", r"libtok/src/measure/mixture/linear_program\.cc"),
    (r"nlohmann/", r"(libtok/src/(format|corpus|measure|train)/|cli/|tests/|bench/).*"),
    (r"simdjson", r"libtok/src/((format|corpus)/.*|unicode/utf8\.cc)|tests/unit/unicode/utf8_test\.cc"),
    (r"CLI/", r"cli/.*"),
    (r"(gtest|gmock)/", r"tests/.*"),
    (r"benchmark/", r"bench/.*"),
]

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)


def _internal_violation(path: str, header: str) -> str | None:
    """Why `path` may not include the internal header src/<module>/..., or None."""
    if path.startswith("cuda/") and header in DEVICE_SHARES:
        return None
    if not path.startswith("libtok/src/"):
        reach_internals = path.startswith(("tests/unit/", "tests/fuzz/", "tests/probe/", "bench/micro/"))
        return None if reach_internals else "internal headers are for libtok/src and for unit, fuzz, probe and micro code"
    module, target = path.split("/")[2], header.split("/")[1]
    if module not in LAYERS:
        return f"module {module} is not in the layer table"
    if target == module or target in LAYERS[module] or (module, header) in CROSSINGS:
        return None
    return f"{module} may not include {target}"


def violations(path: str, text: str) -> list[str]:
    """Broken include rules of one file, as `path: header: reason`."""
    found = []
    for bracket, header in _INCLUDE.findall(text):
        reason = None
        if header.startswith("src/"):
            reason = _internal_violation(path, header)
        elif path.startswith("libtok/") and header.startswith(("cuda/", "cli/", "tests/", "bench/", "bindings/")):
            reason = "libtok includes nothing of the layers above it"
        elif path.startswith("libtok/include/") and bracket == '"' and not header.startswith(("tok/", "absl/")):
            reason = "public headers include tok/, absl/ and the standard library alone"
        else:
            for owned, owner in OWNERS:
                if re.match(owned, header) and not re.fullmatch(owner, path):
                    reason = f"only {owner} may include it"
        if reason:
            found.append(f"{path}: {header}: {reason}")
    return found


def own_header_violation(path: str, text: str) -> str | None:
    """x.cc includes x.h before anything else, which proves that x.h stands on its own."""
    own = path.removeprefix("libtok/").removesuffix(".cc") + ".h"
    if not path.startswith("libtok/src/") or not path.endswith(".cc") or not (ROOT / "libtok" / own).exists():
        return None
    includes = _INCLUDE.findall(text)
    first = includes[0][1] if includes else ""
    return None if first == own else f"{path}: includes {first or 'nothing'} before its own {own}"


def source_files() -> list[Path]:
    folders = ["libtok", "vocab", "cli", "tests", "bench", "cuda", "bindings"]
    return sorted(p for f in folders for p in (ROOT / f).rglob("*") if p.suffix in {".h", ".cc", ".cu", ".cuh"})


def test_includes_follow_the_table():
    files = source_files()
    assert len(files) > 20, f"no sources under {ROOT}"
    found = [v for p in files for v in violations(str(p.relative_to(ROOT)), p.read_text(encoding="utf-8"))]
    assert not found, "\n" + "\n".join(found)


def test_sources_include_their_own_header_first():
    found = [own_header_violation(str(p.relative_to(ROOT)), p.read_text(encoding="utf-8")) for p in source_files()]
    assert not [v for v in found if v], "\n" + "\n".join(v for v in found if v)


def test_every_module_is_in_the_table():
    modules = {p.name for p in (ROOT / "libtok/src").iterdir() if p.is_dir()}
    assert modules <= set(LAYERS), f"add to the layer table: {sorted(modules - set(LAYERS))}"


@pytest.mark.parametrize(
    "path, include, allowed",
    [
        ("libtok/src/base/file.cc", '"src/unicode/utf8.h"', False),
        ("libtok/src/unicode/utf8.cc", '"src/base/file.h"', True),
        ("libtok/src/split/pre_tokenizer.h", '"src/normalize/aligned_text.h"', True),
        ("libtok/src/split/pre_tokenizer.h", '"src/normalize/normalizer.h"', False),
        ("libtok/src/model/bpe/rank.cc", '"src/encode/decoder.h"', False),
        ("libtok/src/vocab/added_tokens.cc", "<unicode/uchar.h>", False),
        ("libtok/src/split/icu_matcher.cc", "<unicode/regex.h>", True),
        ("libtok/src/encode/batch.cc", "<pybind11/numpy.h>", False),
        ("libtok/src/encode/batch.cc", '"cli/io.h"', False),
        ("libtok/include/tok/types.h", '"src/base/file.h"', False),
        ("libtok/include/tok/types.h", '"nlohmann/json.hpp"', False),
        ("cli/main.cc", '"src/base/file.h"', False),
        ("cli/main.cc", '"tok/tokenizer.h"', True),
        ("tests/unit/base/file_test.cc", '"src/base/file.h"', True),
    ],
)
def test_rules_can_fail(path, include, allowed):
    assert (violations(path, f"#include {include}\n") == []) == allowed
