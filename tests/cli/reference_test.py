"""docs/cli.md, the man page and the completions are what cli/reference.py makes of --help, and work."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "cli"))

import reference  # noqa: E402

TOK = os.environ.get("TOK_BINARY", str(ROOT / "build" / "dev" / "cli" / "tok"))


def test_files_are_up_to_date():
    assert list(reference.outdated(TOK)) == [], "run cli/reference.py"


def test_every_option_has_a_text_and_every_verb_examples():
    _, pages = reference.read_pages(TOK)
    assert len(pages) == 21
    for page in pages:
        assert page.examples and all(" -t " in e or page.name in e for e in page.examples), page.name
        assert page.summary and all(option.text for option in page.options), page.name


def test_choices_are_read_from_the_help():
    _, pages = reference.read_pages(TOK)
    options = {o.long: o for o in pages[0].options}
    assert options["--out"].choices == ["ids", "jsonl", "u16", "u32", "npy"]
    assert options["--utf8"].choices == ["error", "replace", "bytes"]
    assert options["--offsets"].choices == ["bytes", "chars", "utf16"]
    assert options["--device"].choices == ["cpu", "cuda"]
    assert options["--output"].choices == [] and options["--json"].choices == []


def complete(line):
    script = f'source "{ROOT}/cli/completion/tok.bash"; COMP_WORDS=({line}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _tok; echo "${{COMPREPLY[@]}}"'
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("line, words", [
    ("tok enc", ["encode"]),
    ("tok encode --spl", ["--split"]),
    ("tok encode --out u", ["u16", "u32"]),
    ("tok count --tokenizer cl100", ["cl100k_base"]),
    ("tok decode --in np", ["npy"]),
    ("tok meas", ["measure"]),
    ("tok measure sc", ["schemes"]),
    ("tok measure schemes --sch", ["--schemes"]),
    ("tok measure premium --tokenizer cl100", ["cl100k_base"]),
])
def test_bash_completes(line, words):
    assert complete(line) == words


@pytest.mark.parametrize("shell, path", [("fish", "tok.fish"), ("zsh", "_tok")])
def test_other_shells_parse(shell, path):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", ROOT / "cli" / "completion" / path], check=True)
