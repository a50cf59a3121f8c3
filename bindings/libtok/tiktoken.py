"""tiktoken's Encoding over libtok: the same calls, ids and exceptions.

    import libtok.tiktoken as tiktoken

    encoding = tiktoken.get_encoding("o200k_base")

Where it differs: nothing is downloaded; `num_threads` of decoding calls means nothing; submodules (tiktoken.load, tiktoken.model,
tiktoken.core) are not there.
"""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, NoReturn, Union

import libtok
from libtok import _libtok
from libtok._models import encoding_name_for_model
from libtok._tokenizer import Tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Allowed = Union[Literal["all"], Collection[str]]

__all__ = ["Encoding", "encoding_for_model", "encoding_name_for_model", "get_encoding", "list_encoding_names"]
_NAMES = ["gpt2", "r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base", "o200k_harmony"]
_encodings: dict[str, Encoding] = {}


def list_encoding_names() -> list[str]:
    """The encodings that get_encoding knows."""
    return list(_NAMES)


def get_encoding(encoding_name: str) -> Encoding:
    """An encoding by name. Raises ValueError for an unknown one."""
    if not isinstance(encoding_name, str):
        raise ValueError(f"an encoding has a name, not a {type(encoding_name).__name__}")
    if encoding_name not in _encodings:
        if encoding_name not in _NAMES:
            raise ValueError(f"unknown encoding {encoding_name}; known are {', '.join(_NAMES)}")
        _encodings[encoding_name] = Encoding.of_tokenizer(encoding_name, libtok.load(encoding_name))
    return _encodings[encoding_name]


def encoding_for_model(model_name: str) -> Encoding:
    """The encoding of a model of OpenAI. Raises KeyError for an unknown one."""
    try:
        return get_encoding(encoding_name_for_model(model_name))
    except libtok.NotFoundError:
        raise KeyError(f"{model_name} is no known model: name its encoding (get_encoding)") from None


def _without_surrogates(text: str) -> str:
    """Pairs joined, lone ones as U+FFFD, as tiktoken has it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_continuation(byte: int) -> bool:
    return byte & 0xC0 == 0x80


class Encoding:
    """tiktoken.Encoding: made by get_encoding, of ranks and a pattern, or over any byte-level tokenizer of libtok (of_tokenizer)."""

    def __init__(
        self,
        name: str,
        *,
        pat_str: str,
        mergeable_ranks: Mapping[bytes, int],
        special_tokens: Mapping[str, int],
        explicit_n_vocab: int | None = None,
    ) -> None:
        """pat_str: the regular expression whose matches are encoded by themselves. mergeable_ranks: tokens by their bytes."""
        lines = (base64.b64encode(token) + b" %d\n" % rank for token, rank in mergeable_ranks.items())
        self._set(name, Tokenizer(_libtok.tokenizer_of_ranks(b"".join(lines), pat_str, dict(special_tokens), name)))
        if explicit_n_vocab is not None:
            assert len(mergeable_ranks) + len(special_tokens) == explicit_n_vocab
            assert self.max_token_value == explicit_n_vocab - 1

    @classmethod
    def of_tokenizer(cls, name: str, tokenizer: Tokenizer) -> Encoding:
        """libtok's own: a tokenizer's calls under tiktoken's names."""
        made = cls.__new__(cls)
        made._set(name, tokenizer)
        return made

    def _set(self, name: str, tokenizer: Tokenizer) -> None:
        self.name = name
        self._tokenizer = tokenizer
        self._special_tokens = tokenizer.special_tokens
        self._ranks: dict[bytes, int] | None = None

    def __repr__(self) -> str:
        return f"<Encoding {self.name!r}>"

    # ---- encoding

    def encode_ordinary(self, text: str) -> list[int]:
        """Special tokens in text are ordinary text."""
        try:
            ids: list[int] = self._tokenizer.encode(text, special="text").tolist()
            return ids
        except UnicodeEncodeError:
            return self.encode_ordinary(_without_surrogates(text))

    def encode(
        self, text: str, *, allowed_special: Allowed = frozenset(), disallowed_special: Allowed = "all"
    ) -> list[int]:
        """Raises ValueError if text has a special token that is disallowed."""
        try:
            ids: list[int] = self.encode_to_numpy(
                text, allowed_special=allowed_special, disallowed_special=disallowed_special
            ).tolist()
            return ids
        except UnicodeEncodeError:
            return self.encode(
                _without_surrogates(text), allowed_special=allowed_special, disallowed_special=disallowed_special
            )

    def encode_to_numpy(
        self, text: str, *, allowed_special: Allowed = frozenset(), disallowed_special: Allowed = "all"
    ) -> NDArray[np.uint32]:
        """As encode, as an array of uint32. Raises UnicodeEncodeError for lone surrogates, which encode replaces."""
        allowed = self._allowed(text, allowed_special, disallowed_special)
        if not allowed:
            return self._tokenizer.encode(text, special="text")
        if len(allowed) == len(self._special_tokens):
            return self._tokenizer.encode(text, special="all")
        return self._encode_some_special(text, allowed)

    def _allowed(self, text: str, allowed_special: Allowed, disallowed_special: Allowed) -> frozenset[str]:
        known = self._special_tokens.keys()
        allowed = frozenset(known if allowed_special == "all" else allowed_special)
        disallowed = known - allowed if disallowed_special == "all" else disallowed_special
        for token in disallowed:
            if token in text:
                _refuse(token)
        return frozenset(allowed & known)

    def _encode_some_special(self, text: str, allowed: frozenset[str]) -> NDArray[np.uint32]:
        """What is neither allowed nor disallowed is ordinary text: libtok itself knows no such special tokens."""
        import re

        import numpy as np

        pattern = "|".join(map(re.escape, sorted(allowed, key=len, reverse=True)))
        parts = []
        end = 0
        for match in re.finditer(pattern, text):
            parts.append(self._tokenizer.encode(text[end : match.start()], special="text"))
            parts.append(np.array([self._special_tokens[match.group()]], dtype=np.uint32))
            end = match.end()
        parts.append(self._tokenizer.encode(text[end:], special="text"))
        return np.concatenate(parts)

    def encode_ordinary_batch(self, text: list[str], *, num_threads: int = 8) -> list[list[int]]:
        """As encode_ordinary, many at once."""
        return self._encode_many(list(text), "text", num_threads)

    def encode_batch(
        self,
        text: list[str],
        *,
        num_threads: int = 8,
        allowed_special: Allowed = frozenset(),
        disallowed_special: Allowed = "all",
    ) -> list[list[int]]:
        """As encode, many at once."""
        text = list(text)
        sets = [self._allowed(one, allowed_special, disallowed_special) for one in text]
        allowed = sets[0] if sets else frozenset()
        if not allowed or len(allowed) == len(self._special_tokens):
            return self._encode_many(text, "all" if allowed else "text", num_threads)
        return [
            self.encode(one, allowed_special=allowed_special, disallowed_special=disallowed_special) for one in text
        ]

    def _encode_many(self, texts: Sequence[str], special: Literal["text", "all"], n_threads: int) -> list[list[int]]:
        try:
            return self._tokenizer.encode_batch(texts, special=special, n_threads=n_threads).to_lists()
        except UnicodeEncodeError:
            return self._encode_many([_without_surrogates(one) for one in texts], special, n_threads)

    def encode_single_token(self, text_or_bytes: str | bytes) -> int:
        """Raises KeyError if it is not one token."""
        content = text_or_bytes.encode("utf-8") if isinstance(text_or_bytes, str) else text_or_bytes
        token_id = self._tokenizer.find_token(content)
        if token_id is None:
            raise KeyError(content)
        return token_id

    def encode_with_unstable(
        self, text: str, *, allowed_special: Allowed = frozenset(), disallowed_special: Allowed = "all"
    ) -> tuple[list[int], list[list[int]]]:
        """Ids that stay whatever follows the text, and the ways in which those of its end may go on."""
        from libtok._tiktoken_unstable import stable_and_completions

        return stable_and_completions(self, text, self._allowed(text, allowed_special, disallowed_special))

    # ---- decoding

    def decode_bytes(self, tokens: Sequence[int]) -> bytes:
        """Raises KeyError for an id that is none."""
        return self._tokenizer.decode_bytes(list(tokens))

    def decode(self, tokens: Sequence[int], errors: str = "replace") -> str:
        """Raises KeyError for an id that is none."""
        return self.decode_bytes(tokens).decode("utf-8", errors)

    def decode_single_token_bytes(self, token: int) -> bytes:
        """Raises KeyError for an id that is none."""
        return self._tokenizer.token_bytes(token)

    def decode_tokens_bytes(self, tokens: Sequence[int]) -> list[bytes]:
        """The bytes of each."""
        return [self.decode_single_token_bytes(token) for token in tokens]

    def decode_with_offsets(self, tokens: Sequence[int]) -> tuple[str, list[int]]:
        """Text, and the character at which each token begins: of one within a character, that character."""
        text = bytearray()
        offsets = []
        n_begun = 0  # characters
        for part in self.decode_tokens_bytes(tokens):
            continues = n_begun > 0 and _is_continuation(part[0])
            offsets.append(n_begun - 1 if continues else n_begun)
            n_begun += len(part) - sum(map(_is_continuation, part))
            text += part
        return text.decode("utf-8"), offsets

    def decode_batch(self, batch: Iterable[Sequence[int]], *, errors: str = "replace", num_threads: int = 8) -> list[str]:
        """As decode, many at once."""
        return [self.decode(tokens, errors) for tokens in batch]

    def decode_bytes_batch(self, batch: Iterable[Sequence[int]], *, num_threads: int = 8) -> list[bytes]:
        """As decode_bytes, many at once."""
        return [self.decode_bytes(tokens) for tokens in batch]

    # ---- the vocabulary

    def token_byte_values(self) -> list[bytes]:
        """All tokens but the special ones, sorted."""
        return sorted(self._mergeable_ranks)

    @property
    def _mergeable_ranks(self) -> dict[bytes, int]:
        """All tokens but the special ones and their ids: what tiktoken's users extend encodings by."""
        if self._ranks is None:
            special = set(self._special_tokens.values())
            ranks = {}
            for token_id in range(self.n_vocab):
                if token_id not in special:
                    with contextlib.suppress(libtok.UnknownIdError):  # a gap
                        ranks[self._tokenizer.token_bytes(token_id)] = token_id
            self._ranks = ranks
        return self._ranks

    @property
    def _pat_str(self) -> str:
        """The regular expression that cuts text. Raises AttributeError for a tokenizer that is cut otherwise."""
        pattern = _libtok.pattern_of(self._tokenizer._core)
        if pattern is None:
            raise AttributeError(f"{self.name} does not cut text by one regular expression")
        return pattern

    @property
    def eot_token(self) -> int:
        """The id of <|endoftext|>."""
        return self._special_tokens["<|endoftext|>"]

    @property
    def special_tokens_set(self) -> set[str]:
        """What special tokens are spelled as."""
        return set(self._special_tokens)

    def is_special_token(self, token: int) -> bool:
        """Whether an id is that of a special token."""
        return token in self._special_tokens.values()

    @property
    def max_token_value(self) -> int:
        """The highest id."""
        return self._tokenizer.vocab_size - 1

    @property
    def n_vocab(self) -> int:
        """One more than the highest id."""
        return self._tokenizer.vocab_size

    def __reduce__(self) -> tuple[object, ...]:
        if _encodings.get(self.name) is self:
            return get_encoding, (self.name,)
        return Encoding.of_tokenizer, (self.name, self._tokenizer)


def _refuse(token: str) -> NoReturn:
    raise ValueError(
        f"the text has the special token {token!r}: put it into allowed_special to have its id, or give "
        "disallowed_special=() to have it read as text"
    )
