#!/usr/bin/env python3
"""Writes docs/cli.md, the man page and the shell completions from what `tok --help` says, so that they cannot differ.

Usage: cli/reference.py [--check] [--tok PATH]    (--check: write nothing, exit 1 if a file is out of date)
"""

import argparse
import dataclasses
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUNDLED = ["gpt2", "r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base", "o200k_harmony"]


@dataclasses.dataclass
class Option:
    short: str  # "-o" or ""
    long: str  # "--output" or ""
    value: str  # "OUT" or ""
    text: str

    @property
    def names(self):
        return [name for name in (self.short, self.long) if name]

    @property
    def choices(self):
        """Words of "...: a, b or c (default: a)"; empty where the value is free."""
        found = re.search(r": ((?:[a-z0-9]+, )*[a-z0-9]+(?: \(default\))? or [a-z0-9]+)(?: \(|$)", self.text)
        return re.split(r", | or ", found.group(1).replace(" (default)", "")) if found and self.value else []

    @property
    def takes_file(self):
        return self.value in {"OUT", "FILE", "CORPUS", "TOK"}


@dataclasses.dataclass
class Page:
    name: str  # "encode", "measure premium"; "" for tok itself
    usage: str
    summary: str
    examples: list
    rows: dict  # section -> [(left, right)]

    @property
    def verbs(self):
        return [name for name, _ in self.rows.get("Verbs", [])]

    @property
    def options(self):
        result = []
        for left, text in self.rows.get("Options", []):
            words = left.replace(",", "").split()
            names = [w for w in words if w.startswith("-")]
            value = next((w for w in words if not w.startswith("-")), "")
            long = next((n for n in names if n.startswith("--")), "")
            result.append(Option(next((n for n in names if not n.startswith("--")), ""), long, value, text))
        return result


def parse_help(name, text):
    lines = text.splitlines()
    page = Page(name, lines[0].removeprefix("Usage: "), lines[2], [], {})
    section = None
    for line in lines[3:]:
        if re.fullmatch(r"[A-Z][a-z]+:", line):
            section = line[:-1]
        elif section == "Examples" and line.startswith("  "):
            page.examples.append(line[2:])
        elif section and line.startswith("  "):
            left, right = re.split(r"\s{2,}", line.strip(), maxsplit=1)
            page.rows.setdefault(section, []).append((left, right))
        elif not line:
            section = None
    return page


def read_pages(tok):
    def run(*arguments):
        return subprocess.run([tok, *arguments], check=True, capture_output=True, text=True).stdout

    def pages_of(family):
        """A page a verb; a verb that is a family of verbs is followed by theirs."""
        pages = []
        for verb, _ in family.rows.get("Verbs", []):
            page = parse_help(f"{family.name} {verb}".strip(), run(*family.name.split(), verb, "--help"))
            pages += [page, *pages_of(page)]
        return pages

    root = parse_help("", run("--help"))
    return root, pages_of(root)


# ---- docs/cli.md ---------------------------------------------------------------------------------------------------
def markdown(root, pages):
    out = ["# tok, the command line of libtok", "",
           "Made by `cli/reference.py` from `tok --help`; edit the verbs in `cli/commands/` and `cli/measure/`, then run it again.", "",
           "Results go to standard output, everything else to standard error. `-` or no input is standard input; inputs may be",
           "globs; `.gz` and `.zst` are recognised by their first bytes. A file named by `-o` appears whole or not at all. A",
           "progress bar shows on a terminal after a second (or `TOK_PROGRESS_DELAY_MS` milliseconds, if the environment says so).",
           "`TOK_ISA=scalar|avx2|avx512` (on ARM `scalar|neon`) forces the vector instructions, to find out whether a fault lies there",
           "(what it does not reach: [architecture.md](architecture.md)); any other name, or one that the machine lacks, is an error.",
           "Errors read `error: TOK-E012 place: fact; remedy` ([errors.md](errors.md)).", "",
           "| exit code | meaning |", "| --- | --- |", "| 0 | ok (also when the reader of standard output has gone away) |",
           "| 1 | bad data, or something cannot be read or written |", "| 2 | usage |", "| 3 | not found |", "| 4 | a limit was exceeded |",
           "| 5 | a verification or comparison found a difference |", "| 130 | interrupted; nothing half-written is left |", "",
           "The examples below work one after another in a folder made so (CLONE is that of libtok):", "", "```sh", *SETTING, "```"]
    for page in pages:
        heading = "#" * (2 + page.name.count(" "))
        out += ["", f"{heading} tok {page.name}", "", f"{page.summary}.", "", "```sh", *page.examples, "```", "", f"`{page.usage}`", "",
                "| verb | meaning |" if page.verbs else "| option | meaning |", "| --- | --- |"]
        for section in ("Verbs", "Arguments", "Options"):
            for left, right in page.rows.get(section, []):
                out.append("| `%s` | %s |" % (left, right.replace("|", "\\|")))
    return "\n".join(out + FORMATS)


SETTING = [
    "mkdir c",
    "printf 'the ships sail\\nthe shells sail\\n' | tee a.txt | gzip > c/a.txt.gz",
    "printf 'кораблі пливуть\\n' > b.txt",
    "printf '{\"text\":\"the ships sail\"}\\n{\"text\":\"the shells sail\"}\\n' > c.jsonl",
    "mkdir p && cp b.txt p/uk.txt && echo 'the ships sail' > p/en.txt",
    "printf '{\"lang\":\"en\",\"id\":1,\"text\":\"the ships sail\"}\\n{\"lang\":\"uk\",\"id\":1,\"text\":\"кораблі пливуть\"}\\n' > p.jsonl",
    "printf 'ships\\tship+s\\n' > words.tsv",
    "tok convert o200k_base tokenizer.json",
    "tok convert gpt2 my.tiktoken",
    'cp "$CLONE/tests/cli/data/tiny.model" spm.model',
]

FORMATS = [
    "", "## Documents", "",
    "A document ends at its separator: the LF of `lines`, the STR of `sep:STR`. So the last one, if it stands at the end of the file,",
    "begins no new document, and what `decode --sep STR` writes is read back as it was. `lines` drops the LF only, `sep` drops STR.", "",
    "Invalid UTF-8 of a document is an error, becomes U+FFFD (each maximal invalid part), or stays as bytes, by `--utf8`. The strings of",
    "`jsonl` may hold it too: as raw bytes, or as half a surrogate pair (`\\ud83d`, which Python writes for text that was cut), which is",
    "one U+FFFD, or the three bytes that UTF-8 would spell it with.",
    "", "## Formats of ids", "",
    "| `--out`, `--in` | content |", "| --- | --- |",
    "| `ids` | decimal ids, single spaces, one LF after each document |",
    '| `jsonl` | `{"doc":0,"ids":[...]}`, with `--offsets` also `"offsets":[[begin,end],...]` into the original document |',
    "| `u16`, `u32` | little-endian ids; where documents end stands in `OUT.idx`: u64, counted in ids from the start |",
    "| `npy` | one-dimensional NumPy array `<u4` of all ids, with `OUT.idx` as above |",
    "", "On standard output binary formats are the ids alone. Offsets in `chars` (code points) and `utf16` widen a token that holds part",
    "of a character to the whole of it.", "",
    "What stands beside the ids (`OUT.idx`, the manifest of shards) is no input: `tok decode --in u16 'ids*'` passes over it, as long as",
    "the ids are given too.", "",
    "## Shards", "",
    "`--shards N` writes `OUT.00000-of-0000N` and so on, each whole or not at all, and `OUT.manifest.jsonl`, which says what the job is",
    "and which shards are done. A document goes to the shard that its place in the inputs decides, so the shards one after another are the",
    "unsharded ids. After a crash or Ctrl-C the same command with `--resume` writes what is missing; it refuses if tokenizer, options or",
    "inputs have changed.", "",
    "## Counts", "",
    "`tok count` reports, per file and tokenizer: tokens; bytes of the documents; chars, which are code points; words, which are runs of",
    "characters outside Unicode's White_Space. `--json`:",
    '`{"schema":1,"files":[{"path","tokenizer","bytes","chars","words","tokens","documents"}],"total":[...]}`.', ""]


# ---- cli/man/tok.1 -------------------------------------------------------------------------------------------------
def roff(text):
    return re.sub(r"^([.'])", r"\\&\1", text.replace("\\", "\\e").replace("-", "\\-"))


def man_page(root, pages):
    out = ['.TH TOK 1 "" "libtok" "User Commands"', ".SH NAME", "tok \\- exact, fast tokenization", ".SH SYNOPSIS", ".B tok",
           "VERB [OPTIONS] [INPUT...]", ".SH DESCRIPTION",
           "Turns text into token ids and back with the tokenizers of tiktoken, Hugging Face and SentencePiece, and tells what they are.",
           "Results go to standard output, everything else to standard error."]
    for page in pages:
        out += [f".SH {page.name.upper()}", roff(page.summary) + ".", ".PP", ".nf", ".RS", *map(roff, page.examples), ".RE", ".fi", ".PP",
                f".B {roff(page.usage)}"]
        for section in ("Verbs", "Arguments", "Options"):
            for left, right in page.rows.get(section, []):
                out += [".TP", f".B {roff(left)}", roff(right)]
    out += [".SH EXIT STATUS", "0 ok, 1 bad data, 2 usage, 3 not found, 4 limit, 5 verification mismatch, 130 interrupt."]
    return "\n".join(out) + "\n"


# ---- Completions ---------------------------------------------------------------------------------------------------
HEADER = "# Completion of tok for %s; made by cli/reference.py from `tok --help`.\n"


def bash(root, pages):
    out = [HEADER % "bash", "_tok() {", '  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]}',
           "  if [ \"$COMP_CWORD\" -eq 1 ]; then",
           f"    mapfile -t COMPREPLY < <(compgen -W '{' '.join([*root.verbs, 'help', '--help', '--version'])}' -- \"$word\")",
           "    return", "  fi"]
    for family in (p for p in pages if p.verbs):
        out += [f"  if [ \"$verb\" = {family.name} ]; then", "    if [ \"$COMP_CWORD\" -eq 2 ]; then",
                f"      mapfile -t COMPREPLY < <(compgen -W '{' '.join(family.verbs)}' -- \"$word\")", "      return", "    fi",
                "    verb=\"$verb ${COMP_WORDS[2]}\"", "  fi"]
    out.append('  case "$verb $before" in')
    for page in pages:
        for option in page.options:
            patterns = "|".join(f"'{page.name} {name}'" for name in option.names)
            if option.choices:
                out.append(f"    {patterns}) mapfile -t COMPREPLY < <(compgen -W '{' '.join(option.choices)}' -- \"$word\"); return ;;")
            elif option.value == "TOK":
                out.append(f"    {patterns}) mapfile -t COMPREPLY < <(compgen -f -W '{' '.join(BUNDLED)}' -- \"$word\"); return ;;")
            elif option.takes_file:
                out.append(f"    {patterns}) mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;")
            elif option.value:
                out.append(f"    {patterns}) return ;;")
    out += ["  esac", '  case "$verb $word" in']
    for page in pages:
        names = " ".join(name for option in page.options for name in option.names)
        out.append(f"    '{page.name} -'*) mapfile -t COMPREPLY < <(compgen -W '{names}' -- \"$word\"); return ;;")
    out += ["  esac", '  mapfile -t COMPREPLY < <(compgen -f -- "$word")', "}", "complete -o filenames -F _tok tok", ""]
    return "\n".join(out)


def quote(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish(root, pages):
    out = [HEADER % "fish"]
    def seen(page):
        """The condition under which a page's words are meant: all words of its name are there."""
        return "; and ".join(f"__fish_seen_subcommand_from {word}" for word in page.name.split())

    for page in pages:
        *family, name = page.name.split()
        condition = f"'__fish_seen_subcommand_from {family[0]}'" if family else "__fish_use_subcommand"
        out.append(f"complete -c tok -n {condition} -a {name} -d '{quote(page.summary)}'")
    for page in pages:
        for option in page.options:
            parts = [f"complete -c tok -n '{seen(page)}'"]
            parts += [f"-s {option.short[1:]}"] if option.short else []
            parts += [f"-l {option.long[2:]}"] if option.long else []
            if option.choices:
                parts.append(f"-x -a '{' '.join(option.choices)}'")
            elif option.value == "TOK":
                parts.append(f"-r -a '{' '.join(BUNDLED)}'")
            elif option.value:
                parts.append("-r" if option.takes_file else "-x")
            out.append(" ".join(parts) + f" -d '{quote(option.text)}'")
    return "\n".join(out) + "\n"


def zsh(root, pages):
    def describe(text):
        return text.replace("'", "'\\''").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")

    out = ["#compdef tok", HEADER % "zsh", "_tok() {", "  local -a verbs", "  verbs=("]
    out += [f"    '{page.name}:{describe(page.summary)}'" for page in pages if " " not in page.name]
    out += ["  )", "  if (( CURRENT == 2 )); then _describe verb verbs; return; fi", "  local verb=${words[2]}", "  shift words; (( CURRENT-- ))"]
    for family in (p for p in pages if p.verbs):
        out += [f"  if [[ $verb == {family.name} ]]; then", f"    verbs=({' '.join(family.verbs)})",
                "    if (( CURRENT == 2 )); then _describe verb verbs; return; fi", "    verb=\"$verb ${words[2]}\"",
                "    shift words; (( CURRENT-- ))", "  fi"]
    out.append("  case $verb in")
    for page in pages:
        specs = []
        for option in page.options:
            for name in option.names:
                action = ""
                if option.choices:
                    action = f":{option.value}:({' '.join(option.choices)})"
                elif option.value == "TOK":
                    action = f":{option.value}:_alternative 'files:file:_files' 'names:name:({' '.join(BUNDLED)})'".replace("'", "'\\''")
                elif option.value:
                    action = f":{option.value}:" + ("_files" if option.takes_file else "")
                specs.append(f"'{name}[{describe(option.text)}]{action}'")
        out.append(f"    '{page.name}') _arguments {' '.join(specs)} '*:input:_files' ;;")
    out += ["  esac", "}", '_tok "$@"', ""]
    return "\n".join(out)


FILES = {"docs/cli.md": markdown, "cli/man/tok.1": man_page, "cli/completion/tok.bash": bash, "cli/completion/tok.fish": fish,
         "cli/completion/_tok": zsh}


def outdated(tok):
    """{path: wanted content} of the files that are not what tok --help says."""
    root, pages = read_pages(tok)
    wanted = {name: make(root, pages) for name, make in FILES.items()}
    return {name: text for name, text in wanted.items() if not (ROOT / name).exists() or (ROOT / name).read_text(encoding="utf-8") != text}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--tok", default=str(ROOT / "build" / "dev" / "cli" / "tok"))
    arguments = parser.parse_args()
    stale = outdated(arguments.tok)
    for name, text in stale.items():
        print(("out of date: " if arguments.check else "wrote ") + name)
        if not arguments.check:
            (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / name).write_text(text, encoding="utf-8")
    return 1 if arguments.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
