"""Tables in Markdown: the first column to the left, the others, numbers, to the right."""


def row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |\n"


def table(heads: list[str], rows: list[list[str]]) -> str:
    return row(heads) + row(["---", *["---:"] * (len(heads) - 1)]) + "".join(map(row, rows))
