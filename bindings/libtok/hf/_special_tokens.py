"""Tokens with a role (bos_token, pad_token, ...) as attributes, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from libtok.hf._added_token import Token, is_token

NAMES = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


def _role_of(attribute: str) -> str:
    """The attribute that another one gives the id, or the ids, of.

    >>> _role_of("pad_token_id")
    'pad_token'
    """
    for suffix in ("_ids", "_id"):
        if attribute.endswith(suffix):
            return attribute[: -len(suffix)]
    return attribute


class _RoleToken:
    """A token's content; None if the role is not taken. Set to a content or an AddedToken."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, tokenizer: Optional[SpecialTokens], owner: Optional[type] = None) -> Optional[str]:
        token = None if tokenizer is None else tokenizer._roles.get(self._name)
        return None if token is None else str(token)

    def __set__(self, tokenizer: SpecialTokens, value: Optional[Token]) -> None:
        tokenizer._set_role(self._name, value)


class _RoleId:
    """The id of the token of a role; of the unknown token if it is none, None if the role is not taken."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._role = _role_of(name)

    def __get__(self, tokenizer: Optional[SpecialTokens], owner: Optional[type] = None) -> Optional[int]:
        return None if tokenizer is None else tokenizer._id_of_role(self._role)

    def __set__(self, tokenizer: SpecialTokens, value: Optional[int]) -> None:
        tokenizer._set_role(self._role, None if value is None else tokenizer._token_of_id(value))


class SpecialTokens:
    """Base of the tokenizer. Roles are attributes that may be set; so are model's own ones (`image_token`), if they were given
    when the tokenizer was made.

    Setting a role adds nothing to the vocabulary: add_special_tokens does.
    """

    bos_token = _RoleToken()
    eos_token = _RoleToken()
    unk_token = _RoleToken()
    sep_token = _RoleToken()
    pad_token = _RoleToken()
    cls_token = _RoleToken()
    mask_token = _RoleToken()
    bos_token_id = _RoleId()
    eos_token_id = _RoleId()
    unk_token_id = _RoleId()
    sep_token_id = _RoleId()
    pad_token_id = _RoleId()
    cls_token_id = _RoleId()
    mask_token_id = _RoleId()

    def __init__(self) -> None:
        self._roles: dict[str, Optional[Token]] = dict.fromkeys(NAMES)
        self._extra: list[Token] = []

    # What the tokenizer knows of ids.
    def _id_of_token(self, token: str) -> Optional[int]:
        raise NotImplementedError

    def _token_of_id(self, token_id: int) -> Optional[str]:
        raise NotImplementedError

    @property
    def SPECIAL_TOKENS_ATTRIBUTES(self) -> list[str]:
        """Names of the roles."""
        return list(self._roles)

    def _set_role(self, name: str, value: Optional[Token]) -> None:
        if value is not None and not is_token(value):
            raise ValueError(f"{name} is a str or an AddedToken, not a {type(value).__name__}")
        self._roles[name] = value

    def _id_of_role(self, name: str) -> Optional[int]:
        token = self._roles.get(name)
        return None if token is None else self._id_of_token(str(token))

    def _add_own_roles(self, tokens: Mapping[str, Any]) -> None:
        for name, token in tokens.items():
            if not is_token(token):
                raise TypeError(f"special token {name} is a str or an AddedToken, not a {type(token).__name__}")
            self._roles[name] = token

    @property
    def extra_special_tokens(self) -> list[str]:
        """Special tokens without a role."""
        return [str(token) for token in self._extra]

    @extra_special_tokens.setter
    def extra_special_tokens(self, tokens: Optional[Sequence[Token]]) -> None:
        if tokens is not None and not isinstance(tokens, (list, tuple)):
            raise ValueError(f"extra_special_tokens are a list or tuple, not a {type(tokens).__name__}")
        self._extra = list(tokens or ())

    @property
    def extra_special_tokens_ids(self) -> list[Optional[int]]:
        """Their ids."""
        return [self._id_of_token(token) for token in self.extra_special_tokens]

    @property
    def special_tokens_map(self) -> dict[str, str]:
        """Roles that are taken, and their tokens."""
        return {name: str(token) for name, token in self._roles.items() if token is not None}

    @property
    def all_special_tokens(self) -> list[str]:
        """Those with a role, then the extra ones; each once."""
        return list(dict.fromkeys([*self.special_tokens_map.values(), *self.extra_special_tokens]))

    @property
    def all_special_ids(self) -> list[Optional[int]]:
        """Their ids."""
        return [self._id_of_token(token) for token in self.all_special_tokens]

    def __getattr__(self, name: str) -> Any:
        # Only what is no ordinary attribute comes here: the model's own roles.
        roles = self.__dict__.get("_roles", {})
        role = _role_of(name)
        if role not in roles:
            raise AttributeError(f"a {type(self).__name__} has no attribute {name!r}")
        token = roles[role]
        if token is None:
            return None
        return str(token) if role == name else self._id_of_token(str(token))

    def __setattr__(self, name: str, value: Any) -> None:
        role = _role_of(name)
        if role in self.__dict__.get("_roles", {}) and role not in NAMES:
            self._set_role(role, value if role == name or value is None else self._token_of_id(value))
            return
        super().__setattr__(name, value)
