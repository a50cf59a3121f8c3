"""Rows of texts by a template: [CLS] $A [SEP]."""

from __future__ import annotations

from typing import NamedTuple, Optional, Union

from libtok import _libtok
from libtok.hf._encoding import Encoding
from libtok.hf._sources import Part, Source, TemplatePart, TextPart
from libtok.hf._spelling import Spelling
from libtok.hf._truncation import Window


class Item(NamedTuple):
    """content: 0 or 1 for the first or second text, or ids that are added."""

    content: Union[int, list[int]]
    type_id: int


class Frame(NamedTuple):
    """What stands around a single text: ids and their types; and the type of the text."""

    before: list[int]
    types_before: list[int]
    after: list[int]
    types_after: list[int]
    type_id: int
    trims: bool = False  # spans of the text are not quite those of the core

    @property
    def n_added(self) -> int:
        """Ids around the text."""
        return len(self.before) + len(self.after)


_SINGLE = [Item(0, 0)]
_PAIR = [Item(0, 0), Item(1, 1)]


class Template:
    """What a tokenizer's post-processor makes of one text or of two."""

    def __init__(self, core: _libtok.Tokenizer, spelling: Spelling) -> None:
        single, pair, self._keeps_prefix_space, has_trimming = _libtok.post_processor(core)
        self.is_absent = not single and not has_trimming
        self._is_roberta = has_trimming and bool(single)
        self._single = [Item(*item) for item in single] or _SINGLE
        self._pair = [Item(*item) for item in pair] or _PAIR
        self._spelling = spelling

    def _items(self, is_pair: bool) -> list[Item]:
        return self._pair if is_pair else self._single

    def n_added(self, is_pair: bool) -> int:
        """Ids that it adds."""
        return sum(len(item.content) for item in self._items(is_pair) if not isinstance(item.content, int))

    def frame(self, adds: bool) -> Optional[Frame]:
        """Of a row of one text; None if the text is there twice. adds: the template's ids."""
        frame = Frame([], [], [], [], 0, self._keeps_prefix_space is not None)
        n_texts = 0
        for item in self._single:
            if isinstance(item.content, int):
                n_texts += 1
                frame = frame._replace(type_id=item.type_id)
            elif adds:
                ids, types = (frame.after, frame.types_after) if n_texts else (frame.before, frame.types_before)
                ids += item.content
                types += [item.type_id] * len(item.content)
        return frame if n_texts == 1 else None

    def row(self, sources: list[Source], windows: list[list[Window]], adds: bool) -> Encoding:
        """A row of the first windows of texts, which overflows into rows of the others. adds: the template's ids."""
        if all(len(of_text) == 1 for of_text in windows):
            return Encoding(self._rows(sources, windows, adds)[0])
        first = [of_text[:1] for of_text in windows]
        return Encoding(
            self._rows(sources, first, adds)[0],
            lambda: [Encoding(parts) for parts in self._rows(sources, windows, adds)[1:]],
        )

    def _rows(self, sources: list[Source], windows: list[list[Window]], adds: bool) -> list[list[Part]]:
        """Each window of a text with each of the other, in the order of tokenizers."""
        row: list[Part] = []
        overflow: list[list[Part]] = []
        for item in self._items(len(sources) == 2):
            parts = self._parts(item, sources, windows, adds)
            if not parts:
                continue
            overflow = [[*before, part] for before in overflow for part in parts]
            overflow += [[*row, part] for part in parts[1:]]
            row = [*row, parts[0]]
        return [row, *overflow]

    def _parts(self, item: Item, sources: list[Source], windows: list[list[Window]], adds: bool) -> list[Part]:
        content = item.content
        if not isinstance(content, int):
            return [TemplatePart(content, item.type_id, self._spelling)] if adds else []
        first, *others = windows[content]
        # tokenizers gives what overflows the template's type only where RobertaProcessing adds its tokens.
        type_of_others = item.type_id if adds and self._is_roberta else content
        keeps = self._keeps_prefix_space
        return [
            TextPart(sources[content], content, first, item.type_id, keeps),
            *(TextPart(sources[content], content, window, type_of_others, keeps) for window in others),
        ]
