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
from libtok._models import encoding_for_model
from libtok._progress import Progress
from libtok._ragged import Ragged
from libtok._tokenizer import Prefix, Tokenizer, load

__all__ = [
    "EncodedFiles",
    "Encoding",
    "FileCounts",
    "FileError",
    "InterruptedByCaller",
    "LimitError",
    "NotFoundError",
    "Prefix",
    "Progress",
    "Ragged",
    "SpecialTokenError",
    "StreamDecoder",
    "TokError",
    "Tokenizer",
    "UnknownIdError",
    "__version__",
    "encoding_for_model",
    "load",
]
