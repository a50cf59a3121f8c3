"""Exact, fast tokenization.

    import libtok

    tokenizer = libtok.load("o200k_base")        # a file, a model directory or a bundled name
    ids = tokenizer.encode("Hello world")        # numpy array of uint32
    tokenizer.decode(ids)                        # 'Hello world'

Ids are those of the peers the file was made for: tiktoken, Hugging Face tokenizers, SentencePiece.
"""

from libtok._encoding import Encoding
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
from libtok._files import EncodedFiles, FileCounts
from libtok._models import bundled_names, encoding_for_model
from libtok._piece_counts import PieceCounts, count_pieces, merge_piece_counts
from libtok._progress import Progress, TrainingProgress
from libtok._ragged import Ragged
from libtok._tokenizer import Prefix, Tokenizer, load
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
