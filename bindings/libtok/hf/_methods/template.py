"""What stands around texts: the ids that the template adds, and whether these are bos_token and eos_token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from libtok.hf._methods.state import State


class TemplateMethods(State):
    """add_bos_token, add_eos_token, and how many ids and which are the template's."""

    def _set_template(self, kwargs: Mapping[str, Any]) -> None:
        self._add_bos_token = bool(kwargs.get("add_bos_token", False))
        self._add_eos_token = bool(kwargs.get("add_eos_token", False))
        is_asked = "add_bos_token" in kwargs or "add_eos_token" in kwargs
        if is_asked or (self._backend.template.is_absent and (self._add_bos_token or self._add_eos_token)):
            self._update_template()

    @property
    def add_bos_token(self) -> bool:
        """Whether each text begins with bos_token. Setting it, or add_eos_token, replaces the tokenizer's whole template."""
        return self._add_bos_token

    @add_bos_token.setter
    def add_bos_token(self, value: bool) -> None:
        self._add_bos_token = value
        self._update_template()

    @property
    def add_eos_token(self) -> bool:
        """Whether each text ends with eos_token."""
        return self._add_eos_token

    @add_eos_token.setter
    def add_eos_token(self, value: bool) -> None:
        self._add_eos_token = value
        self._update_template()

    def _update_template(self) -> None:
        def token(name: str, is_added: bool) -> Optional[tuple[str, int]]:
            content = getattr(self, name)
            token_id = getattr(self, f"{name}_id")
            return (content, token_id) if is_added and content is not None else None

        bos, eos = token("bos_token", self._add_bos_token), token("eos_token", self._add_eos_token)
        self._add_bos_token, self._add_eos_token = bos is not None, eos is not None
        self._backend = self._backend.with_bos_and_eos(bos, eos)

    def num_special_tokens_to_add(self, pair: bool = False) -> int:
        """Ids that the template adds to a text, or to a pair of them."""
        return self._backend.template.n_added(pair)

    @property
    def max_len_single_sentence(self) -> int:
        """Ids of a text that the model has room for."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=False)

    @property
    def max_len_sentences_pair(self) -> int:
        """Ids of two texts together that the model has room for."""
        return self.model_max_length - self.num_special_tokens_to_add(pair=True)

    def get_special_tokens_mask(
        self,
        token_ids_0: Sequence[int],
        token_ids_1: Optional[Sequence[int]] = None,
        already_has_special_tokens: bool = False,
    ) -> list[int]:
        """1 for special tokens among ids. Raises NotImplementedError but for already_has_special_tokens, as transformers."""
        if not already_has_special_tokens:
            raise NotImplementedError("only of ids that have their special tokens (already_has_special_tokens=True)")
        if token_ids_1 is not None:
            raise ValueError("ids that have their special tokens are one sequence")
        special = set(self.all_special_ids)
        return [int(int(token_id) in special) for token_id in token_ids_0]
