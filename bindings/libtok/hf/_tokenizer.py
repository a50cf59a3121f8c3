"""The tokenizer itself: how it is made, of files or of an object, and saved. What it does is in libtok.hf._methods."""

from __future__ import annotations

import os
import pathlib
from collections.abc import Mapping
from typing import Any, Optional, Union

import libtok
from libtok.hf import _files
from libtok.hf._added_token import as_added_token, is_token
from libtok.hf._methods.chat import ChatMethods
from libtok.hf._methods.decode import DecodeMethods
from libtok.hf._methods.template import TemplateMethods
from libtok.hf._methods.vocabulary import VocabularyMethods
from libtok.hf._special_tokens import NAMES


class FastTokenizer(ChatMethods, DecodeMethods, TemplateMethods, VocabularyMethods):
    """transformers' PreTrainedTokenizerFast over libtok. See libtok.hf.

    tokenizer_file: a tokenizer.json, or a file of any other format that libtok loads. tokenizer_object: a libtok.Tokenizer, or
    a Tokenizer of the package `tokenizers`. Others: the roles of special tokens (`pad_token="[PAD]"`), extra_special_tokens,
    model_max_length, padding_side, truncation_side, model_input_names, chat_template, clean_up_tokenization_spaces,
    split_special_tokens, add_bos_token, add_eos_token, and what a tokenizer_config.json may hold beside these, which is kept.

    Special tokens that the vocabulary does not have are added to it. Raises libtok.TokError (a ValueError) for a file that
    cannot be read, ValueError without one.
    """

    def __init__(
        self,
        *,
        tokenizer_file: Union[str, os.PathLike[str], None] = None,
        tokenizer_object: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        added_tokens_decoder: Mapping[int, Any] = kwargs.pop("added_tokens_decoder", {})
        if tokenizer_object is not None:
            tokenizer = _tokenizer_of(tokenizer_object)
        elif tokenizer_file is not None:
            tokenizer = libtok.load(tokenizer_file)
            kwargs = {**_files.settings_of_file(os.fspath(tokenizer_file)), **kwargs}
        else:
            raise ValueError("a tokenizer is made of a tokenizer_file or a tokenizer_object")
        self._set_backend(tokenizer)
        for name in kwargs:
            if callable(getattr(type(self), name, None)):
                raise AttributeError(f"{name} is a method of the tokenizer")
        if "extra_special_tokens" not in kwargs and "additional_special_tokens" in kwargs:
            kwargs["extra_special_tokens"] = kwargs.pop("additional_special_tokens")
        self._set_options(kwargs)
        self._set_special_tokens(kwargs)
        self._add_missing(added_tokens_decoder)
        self._set_template(kwargs)

    def _set_special_tokens(self, kwargs: Mapping[str, Any]) -> None:
        for name, value in kwargs.items():
            if value is None:
                continue
            if name in NAMES:
                if not is_token(value):
                    raise TypeError(f"special token {name} is a str or an AddedToken, not a {type(value).__name__}")
                self._set_role(name, value)
            elif name == "extra_special_tokens":
                if isinstance(value, Mapping):
                    self._add_own_roles(value)
                elif isinstance(value, (list, tuple)):
                    self._extra = list(value)
                else:
                    raise TypeError("extra_special_tokens are a list or tuple of tokens, or a dict of roles and tokens")
            elif name == "model_specific_special_tokens":
                self._add_own_roles(value)
            elif name.endswith("_token") and is_token(value):
                self._add_own_roles({name: value})

    def _add_missing(self, added_tokens_decoder: Mapping[int, Any]) -> None:
        listed = [as_added_token(token) for _, token in sorted(added_tokens_decoder.items())]
        known = {*self._backend.spelling.added_ids, *(token.content for token in listed)}
        missing = []
        for token in (*filter(None, self._roles.values()), *self._extra):
            if str(token) not in known:
                known.add(str(token))
                missing.append(as_added_token(token, special=True))
        for token in (*listed, *missing):
            token.special = token.special or token.content in self.special_tokens_map.values()
        self._backend, _ = self._backend.with_added_tokens([*listed, *missing])

    @classmethod
    def from_pretrained(
        cls, pretrained_model_name_or_path: Union[str, os.PathLike[str]], **kwargs: Any
    ) -> FastTokenizer:
        """The tokenizer of a model's directory: tokenizer.json (or any vocabulary that libtok loads), tokenizer_config.json,
        special_tokens_map.json, chat_template.jinja. kwargs come before what they say.

        Raises libtok.NotFoundError (a FileNotFoundError, so an OSError) if it is no directory: nothing is downloaded.
        """
        for name in ("cache_dir", "force_download", "local_files_only", "token", "revision", "trust_remote_code", "use_fast"):
            kwargs.pop(name, None)
        path = pathlib.Path(pretrained_model_name_or_path, kwargs.pop("subfolder", ""))
        if path.is_file():
            return cls(tokenizer_file=path, name_or_path=str(path), **kwargs)
        return cls(**_files.arguments_of_folder(path, kwargs))

    def save_pretrained(
        self, save_directory: Union[str, os.PathLike[str]], *, filename_prefix: Optional[str] = None, **kwargs: Any
    ) -> tuple[str, ...]:
        """Writes tokenizer.json, tokenizer_config.json and chat templates, each whole or not at all. Returns their paths."""
        config = {
            name: getattr(self, name, value)
            for name, value in self.init_kwargs.items()
            if name not in ("name_or_path", "added_tokens_decoder", "model_specific_special_tokens")
        }
        for name in ("add_bos_token", "add_eos_token", "chat_template"):  # in the template, in a file of its own
            config.pop(name, None)
        config.update(self.special_tokens_map, model_max_length=self.model_max_length)
        config.setdefault("tokenizer_class", "PreTrainedTokenizerFast")
        config.pop("extra_special_tokens", None)
        if self._extra:
            config["extra_special_tokens"] = self.extra_special_tokens
        return _files.write_folder(
            pathlib.Path(save_directory), filename_prefix, self._backend.tokenizer.to_json(), config, self.chat_template
        )

    def __repr__(self) -> str:
        return (
            f"<libtok.hf.FastTokenizer {self.name_or_path!r}, {len(self)} tokens, special_tokens={self.special_tokens_map}, "
            f"model_max_length={self.model_max_length}, padding_side={self.padding_side!r}>"
        )

    @property
    def is_fast(self) -> bool:
        """True, as of every tokenizer with offsets."""
        return True

    @property
    def backend_tokenizer(self) -> libtok.Tokenizer:
        """What encodes."""
        return self._backend.tokenizer


def _tokenizer_of(given: Any) -> libtok.Tokenizer:
    if isinstance(given, libtok.Tokenizer):
        return given
    if callable(getattr(given, "to_str", None)):
        return libtok.Tokenizer(libtok._libtok.tokenizer_from_json(given.to_str(), "tokenizer"))
    raise TypeError(f"tokenizer_object is a libtok.Tokenizer or a tokenizers.Tokenizer, not a {type(given).__name__}")
