"""Tokens as a tokenizer.json spells them, and their ids."""

from __future__ import annotations

import functools
from typing import Optional

from libtok import _libtok
from libtok.hf._added_token import AddedToken

# Unicode's White_Space; str.isspace() also takes four control characters for it.
WHITE_SPACE = frozenset("\t\n\x0b\x0c\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))


def _byte_alphabet() -> dict[int, str]:
    """The printable character that stands for each byte in byte-level vocabularies, by GPT-2."""
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    return {**{byte: chr(byte) for byte in printable}, **{byte: chr(0x100 + n) for n, byte in enumerate(others)}}


_BYTE_ALPHABET = _byte_alphabet()
_BLANKS = WHITE_SPACE | {_BYTE_ALPHABET[ord(" ")]}


def blank_ends(token: str) -> tuple[int, int]:
    """How many characters at the begin of a token, and at its end, are white space or stand for a blank.

    >>> blank_ends("Ġhello"), blank_ends("ĠĠ")
    ((1, 0), (2, 2))
    """
    leading = next((n for n, character in enumerate(token) if character not in _BLANKS), len(token))
    trailing = next((n for n, character in enumerate(reversed(token)) if character not in _BLANKS), len(token))
    return leading, trailing


class Spelling:
    """Of one tokenizer, worked out as it is asked for. Threads may share it: what two work out is equal."""

    def __init__(self, core: _libtok.Tokenizer) -> None:
        self._core = core
        self.added: dict[int, AddedToken] = {}
        self.added_ids: dict[str, int] = {}
        for token_id, content, single_word, lstrip, rstrip, normalized, special in _libtok.added_tokens(core):
            self.added[token_id] = AddedToken(content, single_word, lstrip, rstrip, special, normalized)
            self.added_ids[content] = token_id
        self.model_kind, self.unigram_unk_id = _libtok.model_kind(core)
        self._blank_ends: dict[int, tuple[int, int]] = {}

    @functools.cached_property
    def _model_tokens(self) -> list[Optional[str]]:
        tokens, is_bytes = _libtok.model_vocabulary(self._core)
        if is_bytes:
            return [
                token.decode("latin-1").translate(_BYTE_ALPHABET) if isinstance(token, bytes) else token for token in tokens
            ]
        return [token.decode("utf-8", "replace") if isinstance(token, bytes) else token for token in tokens]

    @functools.cached_property
    def _model_ids(self) -> dict[str, int]:
        return {token: token_id for token_id, token in enumerate(self._model_tokens) if token is not None}

    def token(self, token_id: int) -> Optional[str]:
        """None for an id that is none."""
        added = self.added.get(token_id)
        if added is not None:
            return added.content
        return self._model_tokens[token_id] if 0 <= token_id < len(self._model_tokens) else None

    def id(self, token: str) -> Optional[int]:
        """None for what is no token."""
        added = self.added_ids.get(token)
        return self._model_ids.get(token) if added is None else added

    def vocabulary(self) -> dict[str, int]:
        """All tokens and their ids."""
        return {**self._model_ids, **self.added_ids}

    @functools.cached_property
    def model_size(self) -> int:
        """How many tokens the model has."""
        return len(self._model_ids)

    @functools.cached_property
    def size(self) -> int:
        """How many tokens there are."""
        return len(self.vocabulary())

    def blank_ends(self, token_id: int) -> tuple[int, int]:
        """blank_ends of the token."""
        found = self._blank_ends.get(token_id)
        if found is None:
            found = self._blank_ends[token_id] = blank_ends(self.token(token_id) or "")
        return found
