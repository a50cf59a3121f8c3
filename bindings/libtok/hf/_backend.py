"""The core's tokenizer and what is derived from it, as one value that never changes: what adds a token makes another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Optional

import libtok
from libtok import _libtok
from libtok.hf._added_token import AddedToken
from libtok.hf._inputs import TextInputs
from libtok.hf._encoding import Encoding
from libtok.hf._sources import EncodedTexts, Source
from libtok.hf._spelling import Spelling
from libtok.hf._template import Template
from libtok.hf._truncation import Truncation, whole


class Backend:
    """Threads may share it."""

    def __init__(self, tokenizer: libtok.Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.core = tokenizer._core
        self.spelling = Spelling(self.core)
        self.template = Template(self.core, self.spelling)

    def encoded(self, inputs: TextInputs, is_split: bool, split_special: bool, with_details: bool) -> EncodedTexts:
        """All texts of a call, in order. with_details: spans and words are wanted of all, and cost less at once.

        Raises TypeError for lone surrogates.
        """
        flat = [text for item in inputs.items for one in item for text in (one if is_split else (one,))]
        try:
            return EncodedTexts(self.core, self.spelling, flat, split_special, with_details)
        except UnicodeEncodeError as error:
            raise TypeError(f"a text has a lone surrogate: {error}") from error

    def rows(
        self,
        encoded: EncodedTexts,
        inputs: TextInputs,
        is_split: bool,
        adds_template: bool,
        truncation: Optional[Truncation],
    ) -> list[Encoding]:
        """One a row of the inputs."""
        rows = []
        at = 0
        for item in inputs.items:
            sources = []
            for one in item:
                n_texts = len(one) if is_split else 1
                sources.append(Source(encoded, at, at + n_texts, is_split))
                at += n_texts
            rows.append(self._row(sources, adds_template, truncation))
        return rows

    def _row(self, sources: list[Source], adds_template: bool, truncation: Optional[Truncation]) -> Encoding:
        lengths = [len(source.ids) for source in sources]
        windows = whole(lengths)
        if truncation is not None:
            n_added = self.template.n_added(len(sources) == 2) if adds_template else 0
            windows = truncation.windows(lengths, n_added)
        return self.template.row(sources, windows, adds_template)

    def _with_json(self, **members: Any) -> Backend:
        content = json.loads(self.tokenizer.to_json())
        content.update(members)
        core = _libtok.tokenizer_from_json(json.dumps(content, ensure_ascii=False), self.tokenizer.name)
        return Backend(libtok.Tokenizer(core))

    def with_added_tokens(self, tokens: Iterable[AddedToken]) -> tuple[Backend, int]:
        """Another, and how many of the tokens were not in this one as they are."""
        added = dict(self.spelling.added)
        ids = dict(self.spelling.added_ids)
        n_new = 0
        for token in tokens:
            if not token.content or token in added.values():
                continue
            token_id = ids.get(token.content)
            if token_id is None:
                token_id = self.spelling.id(token.content)
            if token_id is None:
                token_id = max([self.spelling.model_size, *(known + 1 for known in added)])
            added[token_id] = token
            ids[token.content] = token_id
            n_new += 1
        if n_new == 0:
            return self, 0
        members = [{"id": token_id, **_member(token)} for token_id, token in sorted(added.items())]
        return self._with_json(added_tokens=members), n_new

    def with_bos_and_eos(self, bos: Optional[tuple[str, int]], eos: Optional[tuple[str, int]]) -> Backend:
        """Another, whose template is nothing but these tokens around each text."""

        def around(text: str, type_id: int) -> list[dict[str, Any]]:
            def special(token: Optional[tuple[str, int]]) -> Sequence[dict[str, Any]]:
                return [] if token is None else [{"SpecialToken": {"id": token[0], "type_id": type_id}}]

            return [*special(bos), {"Sequence": {"id": text, "type_id": type_id}}, *special(eos)]

        tokens = {
            token: {"id": token, "ids": [token_id], "tokens": [token]} for token, token_id in filter(None, (bos, eos))
        }
        return self._with_json(
            post_processor={
                "type": "TemplateProcessing",
                "single": around("A", 0),
                "pair": [*around("A", 0), *around("B", 1)],
                "special_tokens": tokens,
            }
        )


def _member(token: AddedToken) -> dict[str, Any]:
    names = ("content", "single_word", "lstrip", "rstrip", "normalized", "special")
    return {name: getattr(token, name) for name in names}
