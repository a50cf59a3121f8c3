"""Which encoding a model has."""

from __future__ import annotations

import contextlib
import difflib

from libtok import _libtok
from libtok._arguments import coded
from libtok._libtok import NotFoundError
from libtok._tokenizer import Tokenizer, load

# As OpenAI's API names them and tiktoken lists them.
_ENCODINGS = {
    "o200k_base": ("o1", "o3", "o4-mini", "gpt-5", "gpt-4.1", "gpt-4o"),
    "cl100k_base": (
        "gpt-4", "gpt-3.5-turbo", "gpt-3.5", "gpt-35-turbo", "davinci-002", "babbage-002", "text-embedding-ada-002",
        "text-embedding-3-small", "text-embedding-3-large",
    ),
    "p50k_base": (
        "text-davinci-003", "text-davinci-002", "code-davinci-002", "code-davinci-001", "code-cushman-002",
        "code-cushman-001", "davinci-codex", "cushman-codex",
    ),
    "p50k_edit": ("text-davinci-edit-001", "code-davinci-edit-001"),
    "r50k_base": (
        "text-davinci-001", "text-curie-001", "text-babbage-001", "text-ada-001", "davinci", "curie", "babbage", "ada",
        "text-similarity-davinci-001", "text-similarity-curie-001", "text-similarity-babbage-001",
        "text-similarity-ada-001", "text-search-davinci-doc-001", "text-search-curie-doc-001",
        "text-search-babbage-doc-001", "text-search-ada-doc-001", "code-search-babbage-code-001",
        "code-search-ada-code-001",
    ),
    "gpt2": ("gpt2", "gpt-2"),
}
# Names that begin so, in this order.
_PREFIXES = {
    "o1-": "o200k_base", "o3-": "o200k_base", "o4-mini-": "o200k_base", "gpt-5": "o200k_base", "gpt-4.5-": "o200k_base",
    "gpt-4.1-": "o200k_base", "chatgpt-4o-": "o200k_base", "gpt-4o-": "o200k_base", "gpt-4-": "cl100k_base",
    "gpt-3.5-turbo-": "cl100k_base", "gpt-35-turbo-": "cl100k_base", "gpt-oss-": "o200k_harmony",
    "ft:gpt-4o": "o200k_base", "ft:gpt-4": "cl100k_base", "ft:gpt-3.5-turbo": "cl100k_base",
    "ft:davinci-002": "cl100k_base", "ft:babbage-002": "cl100k_base",
}  # fmt: skip
_ENCODING_OF = {model: encoding for encoding, models in _ENCODINGS.items() for model in models}


def encoding_name_for_model(name: str) -> str:
    """The bundled name of the encoding of a model of OpenAI.

    >>> encoding_name_for_model("gpt-4-32k")
    'cl100k_base'
    """
    if name in _ENCODING_OF:
        return _ENCODING_OF[name]
    for prefix, encoding in _PREFIXES.items():
        if name.startswith(prefix):
            return encoding
    raise coded(NotFoundError, "TOK-E001", f"{name}: is no known model; load the encoding by its own name")


def bundled_names() -> list[str]:
    """The names of the encodings inside the package, for `load`.

    >>> "cl100k_base" in bundled_names()
    True
    """
    return _libtok.bundled_names()


def what_was_meant(name: str) -> str:
    """For whoever gave a name that is none."""
    with contextlib.suppress(NotFoundError):
        return f"a model of that name has the encoding {encoding_name_for_model(name)!r} (encoding_for_model)"
    close = difflib.get_close_matches(name.lower(), bundled_names(), n=1, cutoff=0.75)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"bundled are {', '.join(bundled_names())}; nothing is downloaded: fetch a model's files and give their directory"


def encoding_for_model(name: str) -> Tokenizer:
    """The tokenizer of a model of OpenAI, by the name that its API has: "gpt-4o", "gpt-3.5-turbo-0301", ...

    Raises NotFoundError for other names.

    >>> encoding_for_model("gpt-4o").name
    'o200k_base'
    """
    return load(encoding_name_for_model(name))
