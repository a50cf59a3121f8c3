"""The vocabulary: tokens, their ids, and tokens added to them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from libtok.hf._added_token import AddedToken, Token, as_added_token, is_token
from libtok.hf._methods.state import State


class VocabularyMethods(State):
    """Between tokens and ids, and what adds tokens."""

    def _id_of_token(self, token: str) -> Optional[int]:
        found = self._backend.spelling.id(token)
        unknown = self._roles["unk_token"]
        if found is not None or unknown is None:
            return found
        return self._backend.spelling.id(str(unknown))

    def _token_of_id(self, token_id: int) -> Optional[str]:
        return self._backend.spelling.token(int(token_id))

    def convert_tokens_to_ids(self, tokens: Union[str, Sequence[str]]) -> Any:
        """The id of a token, or of each; of what is none that of unk_token, or None without one."""
        return self._id_of_token(tokens) if isinstance(tokens, str) else [self._id_of_token(token) for token in tokens]

    def convert_ids_to_tokens(self, ids: Union[int, Sequence[int]], skip_special_tokens: bool = False) -> Any:
        """The token of an id, or of each; None for what is no id."""
        if isinstance(ids, int):
            return self._token_of_id(ids)
        skipped = set(self.all_special_ids) if skip_special_tokens else set()
        return [self._token_of_id(token_id) for token_id in ids if int(token_id) not in skipped]

    def convert_tokens_to_string(self, tokens: Sequence[str]) -> str:
        """The text of tokens. Raises ValueError for one that the vocabulary does not have."""
        backend = self._backend
        ids = [backend.spelling.id(token) for token in tokens]
        if None in ids:
            raise ValueError(f"not in the vocabulary: {tokens[ids.index(None)]!r}")
        return backend.tokenizer.decode([token_id for token_id in ids if token_id is not None])

    def get_vocab(self) -> dict[str, int]:
        """All tokens, added ones too, and their ids."""
        return self._backend.spelling.vocabulary()

    @property
    def vocab(self) -> dict[str, int]:
        """Another name of get_vocab()."""
        return self.get_vocab()

    @property
    def vocab_size(self) -> int:
        """Tokens of the model: len() counts added ones too."""
        return self._backend.spelling.model_size

    def __len__(self) -> int:
        return self._backend.spelling.size

    def __bool__(self) -> bool:
        return True

    @property
    def added_tokens_decoder(self) -> dict[int, AddedToken]:
        """Added tokens by id."""
        return {token_id: copy.copy(token) for token_id, token in sorted(self._backend.spelling.added.items())}

    @property
    def added_tokens_encoder(self) -> dict[str, int]:
        """Ids of added tokens by content."""
        return {token.content: token_id for token_id, token in self.added_tokens_decoder.items()}

    def get_added_vocab(self) -> dict[str, int]:
        """The same as added_tokens_encoder."""
        return self.added_tokens_encoder

    def add_tokens(self, new_tokens: Union[Token, Sequence[Token]], special_tokens: bool = False) -> int:
        """Adds tokens to the vocabulary: those that it does not have get ids at its end. Returns how many are new, or were there
        otherwise (lstrip, special, ...).

        The tokenizer is compiled anew, which takes as long as loading it: add many at once.
        """
        tokens = list(new_tokens) if isinstance(new_tokens, (list, tuple)) else [new_tokens] if new_tokens else []
        added = [as_added_token(token, special=special_tokens) for token in tokens]
        for token in added:
            token.special = token.special or special_tokens
        self._backend, n_new = self._backend.with_added_tokens(added)
        return n_new

    def add_special_tokens(
        self, special_tokens_dict: Mapping[str, Any], replace_extra_special_tokens: bool = True
    ) -> int:
        """Gives roles to tokens ({"pad_token": "[PAD]", "extra_special_tokens": [...]}) and adds those that the vocabulary does
        not have. Returns how many are new. Raises ValueError for a role that there is not."""
        given = dict(special_tokens_dict)
        if "additional_special_tokens" in given and not given.get("extra_special_tokens"):
            given["extra_special_tokens"] = given.pop("additional_special_tokens")
        tokens: list[Token] = []
        for name, value in given.items():
            if name == "extra_special_tokens":
                tokens += self._add_extra(value, replace_extra_special_tokens)
            elif name in self._roles:
                if not is_token(value):
                    raise ValueError(f"{name} is a str or an AddedToken, not a {type(value).__name__}")
                token = AddedToken(value, special=True) if isinstance(value, str) else as_added_token(value)
                self._set_role(name, token)
                tokens.append(token)
            else:
                raise ValueError(f"{name} is no role of a special token; these are: {', '.join(self._roles)}")
        return self.add_tokens(tokens, special_tokens=True)

    def _add_extra(self, value: Any, replaces: bool) -> list[Token]:
        if not isinstance(value, (list, tuple)) or not all(map(is_token, value)):
            raise ValueError("extra_special_tokens are a list of str or AddedToken")
        known = () if replaces else self.extra_special_tokens
        tokens: list[Token] = [as_added_token(token, special=True) for token in value if str(token) not in known]
        self._extra = tokens if replaces and tokens else [*self._extra, *tokens]
        return tokens
