"""What a tokenizer is: its backend and its options, and what is equal for equal ones."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import libtok
from libtok.hf import _files
from libtok.hf._backend import Backend
from libtok.hf._options import UNLIMITED, checked_side
from libtok.hf._special_tokens import SpecialTokens


class State(SpecialTokens):
    """Base of all methods: the attributes that they share."""

    def _set_backend(self, tokenizer: libtok.Tokenizer) -> None:
        self._backend = Backend(tokenizer)

    def _set_options(self, kwargs: Mapping[str, Any]) -> None:
        self.init_kwargs: dict[str, Any] = copy.deepcopy(dict(kwargs))
        max_length = kwargs.get("model_max_length", kwargs.get("max_len"))
        self.name_or_path: str = kwargs.get("name_or_path", "")
        self.model_max_length: int = UNLIMITED if max_length is None else max_length
        self.padding_side = checked_side("padding_side", kwargs.get("padding_side", "right"))
        self.truncation_side = checked_side("truncation_side", kwargs.get("truncation_side", "right"))
        self.model_input_names: list[str] = list(kwargs.get("model_input_names", ["input_ids", "attention_mask"]))
        self.clean_up_tokenization_spaces: bool = kwargs.get("clean_up_tokenization_spaces", False)
        self.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output: bool = kwargs.get(
            "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output", False
        )
        self.split_special_tokens: bool = kwargs.get("split_special_tokens", False)
        self.add_prefix_space: bool = kwargs.get("add_prefix_space", False)
        self.verbose: bool = kwargs.get("verbose", False)
        self.pad_token_type_id = 0
        templates = kwargs.get("chat_template")
        if isinstance(templates, (list, tuple)):  # as old configuration files hold them
            templates = {template["name"]: template["template"] for template in templates}
        self.chat_template: _files.Templates = templates
        self._has_warned_of_length = False

    def fingerprint(self) -> str:
        """A hash of all that decides results: equal for equal tokenizers only, on every machine, before and after calls."""
        import hashlib
        import json

        state = {name: value for name, value in self.__getstate__().items() if name not in ("_tokenizer", "init_kwargs")}
        for name in ("name_or_path", "verbose", "_has_warned_of_length"):
            state.pop(name)
        state["_roles"] = {name: repr(token) for name, token in state["_roles"].items()}
        parts = [self._backend.tokenizer.fingerprint(), libtok._libtok.post_processor(self._backend.core), state]
        text = json.dumps(parts, sort_keys=True, default=repr)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "_backend"}
        return {**state, "_tokenizer": self._backend.tokenizer}

    def __setstate__(self, state: dict[str, Any]) -> None:
        state = dict(state)
        self._backend = Backend(state.pop("_tokenizer"))
        self.__dict__.update(state)
