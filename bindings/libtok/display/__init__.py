"""Pictures of what tokens are, for notebooks and terminals.

    import libtok.display

    libtok.display.tokens(tokenizer, text)       # in a notebook: in colours; ids and spans on hover
    print(libtok.display.compare(a, b, text))    # in a terminal

HTML without scripts or anything from the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from libtok.display._compare import Comparison
from libtok.display._tokens import Tokens

if TYPE_CHECKING:
    from libtok._tokenizer import Special, Tokenizer, Utf8

__all__ = ["Comparison", "Tokens", "compare", "tokens"]


def tokens(
    tokenizer: Tokenizer,
    text: str | bytes,
    *,
    special: Special = "all",
    template: bool = False,
    utf8: Utf8 = "error",
    limit: int = 1000,
) -> Tokens:
    """A text's tokens.

    special, template, utf8: as of `Tokenizer.encode_with_spans`; but special tokens in text are shown as such.
    limit: how many tokens are shown, about; a line says how many are not.

    >>> import libtok
    >>> print(tokens(libtok.load("gpt2"), "Hello world 🤗"))
    gpt2: 5 tokens, 16 bytes, 3.20 bytes/token
    Hello│·world│·🤗×3

    "×3": so many tokens share the characters.
    """
    return Tokens(tokenizer.encode_with_spans(text, special=special, template=template, utf8=utf8), limit=limit)


@overload
def compare(
    first: Tokenizer,
    second: Tokenizer,
    text: str | bytes,
    /,
    *,
    special: Special = ...,
    template: bool = ...,
    utf8: Utf8 = ...,
    limit: int = ...,
) -> Comparison: ...
@overload
def compare(
    *tokenizers: Tokenizer,
    text: str | bytes,
    special: Special = ...,
    template: bool = ...,
    utf8: Utf8 = ...,
    limit: int = ...,
) -> Comparison: ...
def compare(
    *tokenizers: Any,
    text: str | bytes | None = None,
    special: Special = "all",
    template: bool = False,
    utf8: Utf8 = "error",
    limit: int = 500,
) -> Comparison:
    """Two tokenizers' tokens of a text, one under the other: `compare(a, b, text)`. More: `compare(a, b, c, text=text)`.

    In a terminal, "│" is where all cut the text, "╎" where not all do.

    limit: how many tokens of each are shown, about. The other options: as of `tokens`. Raises TypeError without a tokenizer or a text.

    >>> import libtok
    >>> gpt2, o200k = libtok.load("gpt2"), libtok.load("o200k_base")
    >>> print(compare(gpt2, o200k, "naïve 中文"))
    gpt2        6 tokens, 13 bytes, 2.17 bytes/token, ratio 1.00
    o200k_base  4 tokens, 13 bytes, 3.25 bytes/token, ratio 0.67
    <BLANKLINE>
    gpt2        na│ïve │·╎中╎文×2
    o200k_base  na│ï╎ve│·中文
    """
    if text is None and tokenizers:
        *tokenizers, text = tokenizers  # type: ignore[assignment]
    if not tokenizers or not isinstance(text, (str, bytes)):
        raise TypeError("compare takes tokenizers and a text: compare(a, b, text) or compare(a, b, c, text=text)")
    options = {"special": special, "template": template, "utf8": utf8}
    return Comparison([one.encode_with_spans(text, **options) for one in tokenizers], limit=limit)
