"""Ids to texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

from libtok.hf import _tensors
from libtok.hf._methods.state import State

# In this order, pairs of what is replaced in decoded text that is to be cleaned up.
_CLEAN_UPS = (
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" 's", "'s"),
    (" 've", "'ve"), (" 're", "'re"),
)  # fmt: skip


class DecodeMethods(State):
    """decode, batch_decode and how decoded text is cleaned up."""

    def decode(
        self,
        token_ids: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: Optional[bool] = None,
        **ignored: Any,
    ) -> Any:
        """The text of an id or of ids; of a batch of ids, the texts. Ids that are none are left out.

        Raises OverflowError for ids below 0, TypeError for what is no id.
        """
        ids = _tensors.plain(token_ids)
        if isinstance(ids, Mapping):
            ids = ids["input_ids"]
        if isinstance(ids, (list, tuple)) and ids and isinstance(ids[0], (list, tuple)):
            return [self._decoded(row, skip_special_tokens, clean_up_tokenization_spaces) for row in ids]
        return self._decoded([ids] if isinstance(ids, int) else ids, skip_special_tokens, clean_up_tokenization_spaces)

    def batch_decode(
        self,
        sequences: Any,
        skip_special_tokens: bool = False,
        clean_up_tokenization_spaces: Optional[bool] = None,
        **ignored: Any,
    ) -> list[str]:
        """As decode; always a list."""
        texts = self.decode(sequences, skip_special_tokens, clean_up_tokenization_spaces)
        return [texts] if isinstance(texts, str) else texts

    def _decoded(self, ids: Sequence[int], skip_special: bool, clean_up: Optional[bool]) -> str:
        backend = self._backend
        text = backend.tokenizer.decode(list(ids), skip_special=skip_special, unknown="skip")
        if self.clean_up_tokenization_spaces if clean_up is None else clean_up:
            harms = backend.spelling.model_kind == "BPE"  # whose texts have the blanks that they were written with
            if not harms or self.clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output:
                return self.clean_up_tokenization(text)
        return text

    def clean_up_tokenization(self, text: str) -> str:
        """Without the blanks that English does not have before its signs.

        >>> import libtok
        >>> from libtok.hf import FastTokenizer
        >>> FastTokenizer(tokenizer_object=libtok.load("gpt2")).clean_up_tokenization("I do n't .")
        "I don't."
        """
        for before, after in _CLEAN_UPS:
            text = text.replace(before, after)
        return text
