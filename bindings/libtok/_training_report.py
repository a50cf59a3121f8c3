"""What a training did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from libtok import _libtok
from libtok._tokenizer import Tokenizer


@dataclass(frozen=True)
class TrainingStage:
    """A row of merges: "merge", or "subwords" and "superwords" of SuperBPE.

    n_unique_pieces, n_symbols: what it began with: different pieces, and symbols in them.
    n_alphabet: tokens that no merge made.
    n_merges, last_count: how many, and how often the pair of the last one occurs.
    n_tied: merges of that count, whose order says nothing about the corpus.
    has_collisions: two pairs made the same token, as in Hugging Face: the slower way was taken.
    """

    name: str
    n_unique_pieces: int
    n_symbols: int
    n_alphabet: int
    n_merges: int
    last_count: int
    n_tied: int
    has_collisions: bool


@dataclass(frozen=True)
class TrainingReport:
    """What a training did: `TrainedTokenizer.training_report`.

    n_documents, n_bytes: of the corpus; 0 where counts do not say.
    seconds: of the whole call.
    stages: of a training by merges, one (SuperBPE: two).
    facts: what only this kind of training has to say: n_deletions and n_returns (picky), languages (parity), n_seeds,
        n_maximizations and loss (unigram), n_steps, n_sentences_read and n_units (lib).
    """

    kind: str
    n_documents: int
    n_bytes: int
    seconds: float
    stages: tuple[TrainingStage, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def n_merges(self) -> int:
        """Of all stages."""
        return sum(stage.n_merges for stage in self.stages)

    @property
    def last_count(self) -> int:
        """How often the pair of the last merge occurs; 0 without merges."""
        return self.stages[-1].last_count if self.stages else 0

    @property
    def n_tied(self) -> int:
        """Merges of that count."""
        return self.stages[-1].n_tied if self.stages else 0


class TrainedTokenizer(Tokenizer):
    """A Tokenizer like any other that knows how it was trained. Copies and pickles of it do not."""

    __slots__ = ("training_report",)

    training_report: TrainingReport

    def __init__(self, core: _libtok.Tokenizer, training_report: TrainingReport) -> None:
        super().__init__(core)
        self.training_report = training_report


def trained(
    kind: str, result: tuple[_libtok.Tokenizer, dict[str, Any]], n_documents: int, n_bytes: int, seconds: float
) -> TrainedTokenizer:
    """What a call of the library gives."""
    core, facts = result
    stages = tuple(TrainingStage(**stage) for stage in facts.pop("stages"))
    n_documents = facts.pop("n_documents", n_documents)
    n_bytes = facts.pop("n_bytes", n_bytes)
    return TrainedTokenizer(core, TrainingReport(kind, n_documents, n_bytes, seconds, stages, facts))
