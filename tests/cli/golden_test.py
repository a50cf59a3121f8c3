"""Runs the commands in cases/*/cmd and holds what they print against the files beside them.

A case is a folder:
    cmd      a bash script, run in an empty folder that holds a copy of data/; `tok` is the tool
    stdin    what it reads (default: nothing)
    stdout   exactly what it prints (default: nothing)
    stderr   what it says there: exactly, except that * stands for any characters (default: nothing)
    exit     its exit code (default: 0)

`tests/cli/golden_test.py --update [CASE...]` rewrites stdout, stderr and exit from what the tool does now; review the
difference before committing it.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pytest

HERE = pathlib.Path(__file__).resolve().parent
CASES = sorted(path.parent for path in (HERE / "cases").glob("*/cmd"))
SECONDS = 300 if os.environ.get("TOK_SANITIZE") else 60


def tok_binary():
    named = os.environ.get("TOK_BINARY")
    return pathlib.Path(named) if named else HERE.parents[1] / "build" / "dev" / "cli" / "tok"


def run_case(case):
    """(stdout, stderr, exit code) as bytes, bytes, int."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        shutil.copytree(HERE / "data", work, dirs_exist_ok=True)
        (work / ".bin").mkdir()
        (work / ".bin" / "tok").symlink_to(tok_binary())
        stdin = (case / "stdin").read_bytes() if (case / "stdin").exists() else b""
        environment = {**os.environ, "PATH": f"{work / '.bin'}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["bash", "-o", "pipefail", case / "cmd"], cwd=work, input=stdin, capture_output=True, timeout=SECONDS,
                              env=environment, check=False)
    return done.stdout, done.stderr, done.returncode


def expected(case, name, default=b""):
    path = case / name
    return path.read_bytes() if path.exists() else default


def glob_matches(pattern, text):
    parts = [re.escape(part) for part in pattern.decode().split("*")]
    return re.fullmatch(".*".join(parts), text.decode("utf-8", "replace"), re.DOTALL) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case):
    if os.environ.get("TOK_SANITIZE") == "thread" and case.name.startswith("interrupt"):
        pytest.skip("ThreadSanitizer keeps signals until a read ends")
    stdout, stderr, code = run_case(case)
    assert code == int(expected(case, "exit", b"0")), stderr.decode("utf-8", "replace")
    assert stdout == expected(case, "stdout")
    assert glob_matches(expected(case, "stderr"), stderr), stderr.decode("utf-8", "replace")


def test_there_are_cases_for_every_verb():
    commands = "\n".join((case / "cmd").read_text(encoding="utf-8") for case in CASES)
    for verb in ("encode", "decode", "count", "inspect", "convert", "freeze", "diff", "trim", "bench", "train", "pieces"):
        assert f"tok {verb} " in commands, f"no case runs tok {verb}"


def test_a_changed_output_is_noticed():
    assert glob_matches(b"error: *; see x\n", b"error: TOK-E040 a; see x\n")
    assert not glob_matches(b"error: *; see x\n", b"error: TOK-E040 a; see y\n")
    assert not glob_matches(b"", b"surprise")


def update(names):
    for case in CASES:
        if names and case.name not in names:
            continue
        stdout, stderr, code = run_case(case)
        known = expected(case, "stderr")
        for name, content, default in (("stdout", stdout, b""), ("stderr", stderr, b""), ("exit", b"%d\n" % code, b"0\n")):
            path = case / name
            # A pattern that still fits stays as its author wrote it.
            if name == "stderr" and known and glob_matches(known, stderr):
                continue
            if content == default:
                path.unlink(missing_ok=True)
            elif not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)
                print("updated", path.relative_to(HERE))


if __name__ == "__main__":
    if sys.argv[1:2] != ["--update"]:
        sys.exit(__doc__)
    update(sys.argv[2:])
