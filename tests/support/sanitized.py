"""Samples that are smaller in sanitizer builds, which are several times slower: what these look for depends on the paths
through the code, which few texts take as well as many. The ids of all texts are compared by the ordinary build."""

import os

SANITIZED = bool(os.environ.get("TOK_SANITIZE"))


def some(items, every):
    return items[::every] if SANITIZED else items
