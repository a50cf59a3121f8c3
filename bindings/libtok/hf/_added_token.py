"""Tokens that stand beside the model's vocabulary."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Optional, Union


@dataclasses.dataclass(init=False)
class AddedToken:
    """A token that is found in text whole, before the model sees it.

    content: as it stands in text. single_word: not inside a word. lstrip, rstrip: takes the white space beside it.
    normalized: is looked for in normalized text; None: if it is not special. special: `decode` may skip it.

    >>> str(AddedToken("<pad>", special=True))
    '<pad>'
    """

    content: str
    single_word: bool
    lstrip: bool
    rstrip: bool
    normalized: bool
    special: bool

    def __init__(
        self,
        content: str = "",
        single_word: bool = False,
        lstrip: bool = False,
        rstrip: bool = False,
        special: bool = False,
        normalized: Optional[bool] = None,
    ) -> None:
        self.content = content
        self.single_word = single_word
        self.lstrip = lstrip
        self.rstrip = rstrip
        self.special = special
        self.normalized = not special if normalized is None else normalized

    def __str__(self) -> str:
        return self.content

    def __hash__(self) -> int:
        return hash(self.content)


def is_token(value: object) -> bool:
    """Whether it is a token's content or an AddedToken, also one of the package `tokenizers`."""
    return isinstance(value, str) or isinstance(getattr(value, "content", None), str)


def as_added_token(value: Any, special: bool = False) -> AddedToken:
    """Of a content, of what a configuration file says, or of the AddedToken of the package `tokenizers`.

    special: what a content alone is.

    Raises TypeError for anything else.
    """
    if isinstance(value, AddedToken):
        return dataclasses.replace(value)
    if isinstance(value, str):
        return AddedToken(value, special=special)
    if isinstance(value, Mapping):
        return AddedToken(**{key: value[key] for key in value if not key.startswith("__")})
    if is_token(value):
        names = [field.name for field in dataclasses.fields(AddedToken)]
        return AddedToken(**{name: getattr(value, name) for name in names})
    raise TypeError(f"a token is a str or an AddedToken, not a {type(value).__name__}")


Token = Union[str, AddedToken]
