"""Exact, fast tokenization.

    import libtok

    tokenizer = libtok.load("o200k_base")        # a file, a model directory or a bundled name
    ids = tokenizer.encode("Hello world")        # numpy array of uint32
    tokenizer.decode(ids)                        # 'Hello world'

Ids are those of the peers the file was made for: tiktoken, Hugging Face tokenizers, SentencePiece.
"""

from typing import TYPE_CHECKING, Any

from libtok._encoding import Encoding
from libtok._files import EncodedFiles, FileCounts
from libtok._libtok import (
    FileError,
    InterruptedByCaller,
    LimitError,
    NotFoundError,
    SpecialTokenError,
    StreamDecoder,
    TokError,
    UnknownIdError,
    __version__,
)
from libtok._models import bundled_names, encoding_for_model
from libtok._ragged import Ragged
from libtok._tokenizer import Prefix, Tokenizer, load

if TYPE_CHECKING:
    from libtok._piece_counts import PieceCounts, count_pieces, merge_piece_counts
    from libtok._progress import Progress, TrainingProgress
    from libtok._train import (
        train_bpe,
        train_char,
        train_dna,
        train_parity,
        train_picky,
        train_superbpe,
        train_wordpiece,
    )
    from libtok._train_other import train_lib, train_unigram
    from libtok._training_report import TrainedTokenizer, TrainingReport, TrainingStage

__all__ = [
    "EncodedFiles",
    "Encoding",
    "FileCounts",
    "FileError",
    "InterruptedByCaller",
    "LimitError",
    "NotFoundError",
    "PieceCounts",
    "Prefix",
    "Progress",
    "Ragged",
    "SpecialTokenError",
    "StreamDecoder",
    "TokError",
    "Tokenizer",
    "TrainedTokenizer",
    "TrainingProgress",
    "TrainingReport",
    "TrainingStage",
    "UnknownIdError",
    "__version__",
    "bundled_names",
    "count_pieces",
    "encoding_for_model",
    "load",
    "merge_piece_counts",
    "train_bpe",
    "train_char",
    "train_dna",
    "train_lib",
    "train_parity",
    "train_picky",
    "train_superbpe",
    "train_unigram",
    "train_wordpiece",
]

# Most programs only encode: the rest is imported when it is first asked for.
_LATER = {
    "_piece_counts": ("PieceCounts", "count_pieces", "merge_piece_counts"),
    "_progress": ("Progress", "TrainingProgress"),
    "_train": (
        "train_bpe", "train_char", "train_dna", "train_parity", "train_picky", "train_superbpe", "train_wordpiece",
    ),
    "_train_other": ("train_lib", "train_unigram"),
    "_training_report": ("TrainedTokenizer", "TrainingReport", "TrainingStage"),
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _LATER.items() for name in names}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _MODULE_OF:
            raise AttributeError(f"module 'libtok' has no attribute {name!r}")
        import importlib

        value = getattr(importlib.import_module(f"libtok.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return __all__
