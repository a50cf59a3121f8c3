from typing import Any, Callable, Iterable

import numpy as np
from numpy.typing import NDArray

__version__: str

class TokError(ValueError):
    code: str

class NotFoundError(TokError, FileNotFoundError): ...
class FileError(TokError, OSError): ...
class LimitError(TokError, MemoryError): ...
class SpecialTokenError(TokError): ...
class UnknownIdError(TokError, KeyError): ...
class InterruptedByCaller(TokError): ...

def encode_files(
    tokenizer: Tokenizer,
    inputs: list[str],
    output: str,
    *,
    format: str,
    split: str,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    offsets: str | None,
    n_shards: int,
    resume: bool,
    n_threads: int,
    n_memory_bytes: int,
    report: Callable[[int, int], object] | None,
) -> tuple[int, int, int, int]: ...
def count_files(
    tokenizer: Tokenizer,
    inputs: list[str],
    *,
    split: str,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    n_threads: int,
    n_memory_bytes: int,
    report: Callable[[int, int], object] | None,
) -> list[tuple[int, int, int, int, int]]: ...
def arrow_of_ragged(ids: NDArray[Any], offsets: NDArray[np.uint64]) -> tuple[object, object]: ...

class StreamDecoder:
    def push(self, id: int) -> str: ...
    def finish(self) -> str: ...

class Tokenizer:
    @staticmethod
    def load(path_or_name: str) -> Tokenizer: ...
    def save(self, path: str) -> None: ...
    def to_json(self) -> str: ...
    def encode(
        self, text: str | bytes, *, special: str | Iterable[str] = ..., template: bool = ..., utf8: str = ...
    ) -> NDArray[np.uint32]: ...
    def encode_with_spans(
        self,
        text: str | bytes,
        *,
        special: str | Iterable[str] = ...,
        template: bool = ...,
        utf8: str = ...,
        unit: str = ...,
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]: ...
    def encode_batch(
        self,
        texts: Any,
        *,
        special: str | Iterable[str] = ...,
        template: bool = ...,
        utf8: str = ...,
        n_threads: int = ...,
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]: ...
    def count_batch(
        self,
        texts: Any,
        *,
        special: str | Iterable[str] = ...,
        template: bool = ...,
        utf8: str = ...,
        n_threads: int = ...,
    ) -> NDArray[np.uint64]: ...
    def encode_prefix(
        self,
        text: str | bytes,
        max_ids: int,
        *,
        special: str | Iterable[str] = ...,
        template: bool = ...,
        utf8: str = ...,
    ) -> tuple[NDArray[np.uint32], int, bool]: ...
    def decode_ragged(
        self,
        ids: Any,
        offsets: NDArray[np.uint64],
        *,
        skip_special: bool = ...,
        unknown: str = ...,
        errors: str = ...,
    ) -> list[str]: ...
    def count(
        self, text: str | bytes, *, special: str | Iterable[str] = ..., template: bool = ..., utf8: str = ...
    ) -> int: ...
    def decode_bytes(self, ids: Any, *, skip_special: bool = ..., unknown: str = ...) -> bytes: ...
    def stream_decoder(self, *, skip_special: bool = ...) -> StreamDecoder: ...
    def find_token(self, token: str | bytes) -> int | None: ...
    def token_bytes(self, id: int) -> bytes: ...
    @property
    def special_tokens(self) -> dict[str, int]: ...
    @property
    def vocab_size(self) -> int: ...
    @property
    def name(self) -> str: ...
    def fingerprint(self) -> str: ...

def encode_batch_with_words(
    tokenizer: Tokenizer, texts: Iterable[str | bytes], *, split_special: bool
) -> tuple[NDArray[np.uint32], NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]: ...
def added_tokens(tokenizer: Tokenizer) -> list[tuple[int, str, bool, bool, bool, bool, bool]]: ...
def model_vocabulary(tokenizer: Tokenizer) -> tuple[list[bytes | str | None], bool]: ...
def post_processor(
    tokenizer: Tokenizer,
) -> tuple[list[tuple[int | list[int], int]], list[tuple[int | list[int], int]], bool | None, bool]: ...
def model_kind(tokenizer: Tokenizer) -> tuple[str, int | None]: ...
def tokenizer_from_json(json: str, name: str) -> Tokenizer: ...
