"""Manual pages (man macros of roff) to plain text.

Not a roff interpreter: requests that lay out are dropped, those that carry words keep them, escapes become the
characters they print, and filled lines are joined to one line a paragraph (without a blank between Han, kana, ...). Pages in the mdoc dialect (a second macro language) are refused. See man(7), groff_char(7).
"""

import re

# groff_char(7) names that occur in manual pages.
_CHARACTERS = {
    "aq": "'", "dq": '"', "lq": "“", "rq": "”", "oq": "‘", "cq": "’", "Fo": "«", "Fc": "»", "em": "—", "en": "–",
    "hy": "-", "mi": "−", "bu": "•", "co": "©", "rg": "®", "tm": "™", "ha": "^", "ti": "~", "rs": "\\", "ga": "`",
    "aa": "´", "at": "@", "sh": "#", "Do": "$", "Eu": "€", "ul": "_", "ba": "|", "br": "|", "bv": "|", "lB": "[",
    "rB": "]", "lC": "{", "rC": "}", "la": "⟨", "ra": "⟩", "<-": "←", "->": "→", "<>": "↔", "mu": "×", "+-": "±",
    "<=": "≤", ">=": "≥", "!=": "≠", "==": "≡", "~=": "≅", "de": "°", "12": "½", "14": "¼", "34": "¾", "S2": "²",
    "S3": "³", "sq": "□", "ci": "○", "lh": "☜", "rh": "☞", "if": "∞", "pc": "·", "sc": "§", "dg": "†", "dd": "‡",
    "ss": "ß", "AE": "Æ", "ae": "æ", "/O": "Ø", "/o": "ø", "oA": "Å", "oa": "å", ":a": "ä", ":e": "ë", ":i": "ï",
    ":o": "ö", ":u": "ü", ":A": "Ä", ":O": "Ö", ":U": "Ü", "'a": "á", "'e": "é", "'i": "í", "'o": "ó", "'u": "ú",
    "'E": "É", "`a": "à", "`e": "è", "`o": "ò", "`u": "ù", "^a": "â", "^e": "ê", "^i": "î", "^o": "ô", "^u": "û",
    "~n": "ñ", ",c": "ç", "vs": "š", "vS": "Š", "vz": "ž", "vZ": "Ž", "/l": "ł", "/L": "Ł", "-D": "Ð", "Sd": "ð",
    "Tp": "þ", "TP": "Þ", "r!": "¡", "r?": "¿", "Po": "£", "mc": "µ", "*m": "μ", "*a": "α", "*b": "β", "*p": "π",
}
_STRINGS = {"lq": "“", "rq": "”", "R": "®", "Tm": "™", "Aq": "'", "C'": '"', "C`": '"', "L\"": "“", "R\"": "”"}
_SINGLE = {"e": "\\", "\\": "\\", "-": "-", "'": "'", "`": "`", ".": ".", "_": "_", "~": " ", " ": " ", "0": " "}

_ESCAPE = re.compile(
    r"""\\(?:
      (?P<comment>["\#].*) | [fFmM](?:\[[^\]]*\]|\(..|.) | s(?:\[[^\]]*\]|[-+]?\(?\d\d?|'[^']*') |
      \*(?:\[(?P<string>[^\]]*)\]|\((?P<string2>..)|(?P<string1>.)) |
      \[(?P<name>[^\]]*)\] | \((?P<name2>..) | C'(?P<name_c>[^']*)' | N'(?P<number>\d+)' |
      [hvwlLobDHSRXZ]'[^']*' | n(?:\[[^\]]*\]|\(..|[-+]?.) | [kz]. | (?P<single>.) | $
    )""",
    re.VERBOSE,
)
_ARGUMENT = re.compile(r'"((?:[^"]|"")*)"?|((?:\\ |[^ \t])+)')

_ALTERNATING = {"BI", "BR", "IB", "IR", "RB", "RI"}
_WORDS = {"B", "I", "R", "SM", "SB", "TQ", "OP", "CW"}
_HEADINGS = {"SH", "SS"}
_PARAGRAPHS = {"PP", "P", "LP", "sp", "TP", "HP", "IP"}
_SKIPPED_BLOCKS = {"ig": "..", "de": "..", "de1": "..", "am": "..", "EQ": ".EN"}


def _character(name: str) -> str:
    if re.fullmatch(r"u[0-9A-F]{4,6}", name):
        code = int(name[1:], 16)
        return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
    return _CHARACTERS.get(name, "")


def _replace_escape(match: re.Match) -> str:
    groups = match.groupdict()
    for key in ("name", "name2", "name_c"):
        if groups[key] is not None:
            return _character(groups[key])
    for key in ("string", "string2", "string1"):
        if groups[key] is not None:
            return _STRINGS.get(groups[key], "")
    if groups["number"] is not None:
        return chr(int(groups["number"])) if int(groups["number"]) < 0xD800 else ""
    return _SINGLE.get(groups["single"] or "", "")


def _plain(text: str) -> str:
    return _ESCAPE.sub(_replace_escape, text)


def _arguments(text: str) -> list[str]:
    return [_plain((m[1].replace('""', '"') if m[2] is None else m[2])) for m in _ARGUMENT.finditer(text)]


def _table_rows(lines: list[str], begin: int) -> tuple[list[str], int]:
    """Rows of the tbl(1) table after .TS at lines[begin - 1], and the index after .TE."""
    rows, in_format, i, separator = [], True, begin, "\t"
    while i < len(lines) and not lines[i].startswith(".TE"):
        line = lines[i]
        i += 1
        if in_format:
            if found := re.search(r"tab ?\((.)\)", line):
                separator = found[1]
            in_format = not line.rstrip().endswith(".")
        elif line.startswith(".T&"):
            in_format = True
        elif not line.startswith((".", "'")) and line.strip() not in {"_", "=", "T{", "T}"}:
            cells = [_plain(cell).strip() for cell in line.replace("T{", "").replace("T}", "").split(separator)]
            rows.append("  ".join(cell for cell in cells if cell not in {"", "_", "=", "\\^"}))
    return rows, i + 1


class _Page:
    """Collects lines; joins them while filling is on, as roff does until the next break."""

    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.fill = True

    def break_line(self) -> None:
        if self.lines[-1]:
            self.lines.append("")

    def gap(self) -> None:
        self.break_line()
        if len(self.lines) > 1 and self.lines[-2]:
            self.lines.append("")

    def text(self, words: str) -> None:
        if not self.fill or words.startswith((" ", "\t")):
            self.break_line()
        last = self.lines[-1]
        glue = " " if last and not (last[-1] >= "\u2e80" and words[:1] >= "\u2e80") else ""
        self.lines[-1] = last + glue + words
        if not self.fill:
            self.break_line()

    def whole_line(self, words: str) -> None:
        self.break_line()
        self.lines[-1] = words
        self.break_line()


def _request(page: _Page, name: str, rest: str) -> None:
    """Carries out one request of the man macros; unknown ones are layout."""
    if name in _HEADINGS:
        page.gap()
        page.whole_line(" ".join(_arguments(rest)))
        page.fill = True
    elif name in _ALTERNATING:
        page.text("".join(_arguments(rest)))
    elif name in _WORDS and rest:
        page.text(" ".join(_arguments(rest)))
    elif name in {"UR", "MT"}:
        page.text("".join(_arguments(rest)[:1]))
    elif name in _PARAGRAPHS:
        page.gap()
        if name == "IP" and rest:
            page.whole_line("".join(_arguments(rest)[:1]))
    elif name in {"nf", "EX", "fi", "EE", "br", "RS", "RE", "ti", "in"}:
        page.break_line()
        if name in {"nf", "EX", "fi", "EE"}:
            page.fill = name in {"fi", "EE"}


def _skip_block(lines: list[str], begin: int, end: str) -> int:
    while begin < len(lines) and not lines[begin].startswith(end):
        begin += 1
    return begin + 1


def _skip_conditional(lines: list[str], begin: int) -> int:
    """The index after the conditional whose first line is lines[begin - 1]."""
    depth = lines[begin - 1].count("\\{") - lines[begin - 1].count("\\}")
    while depth > 0 and begin < len(lines):
        depth += lines[begin].count("\\{") - lines[begin].count("\\}")
        begin += 1
    return begin


def manpage_to_text(source: str) -> str | None:
    """The words of the page; None for redirections (.so) and mdoc pages."""
    lines = source.replace("\\\n", "").split("\n")
    page = _Page()
    tag_line = False  # the line after .TP stands alone
    i = 0
    while i < len(lines):
        line = lines[i]
        i += 1
        name, _, rest = line[1:].strip().partition(" ")
        if not line.startswith((".", "'")):
            if text := _plain(line):
                page.text(text)
            elif not line:
                page.gap()
        elif name in {"Dd", "Sh", "so"}:
            return None
        elif name in _SKIPPED_BLOCKS:
            i = _skip_block(lines, i, _SKIPPED_BLOCKS[name])
        elif name in {"if", "ie", "el", "while"}:
            i = _skip_conditional(lines, i)
        elif name == "TS":
            rows, i = _table_rows(lines, i)
            for row in filter(None, rows):
                page.whole_line(row)
        else:
            _request(page, name, rest.strip())
        if tag_line and not line.startswith((".\\", "'\\")):
            page.break_line()
        tag_line = line.startswith((".TP", ".TQ")) or (tag_line and line.startswith((".\\", ".PD")))
    return "\n".join(page.lines)
