from typing import Any, Callable, Iterable, final

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
    report: Callable[[int, int, bool], object] | None,
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
    report: Callable[[int, int, bool], object] | None,
) -> list[tuple[int, int, int, int, int]]: ...
def bundled_names() -> list[str]: ...
def tokenizer_of_ranks(ranks: bytes, pattern: str, special_tokens: dict[str, int], name: str) -> Tokenizer: ...
def pattern_of(tokenizer: Tokenizer) -> str | None: ...
def arrow_of_ragged(ids: NDArray[Any], offsets: NDArray[np.uint64]) -> tuple[object, object]: ...

@final
class StreamDecoder:
    def push(self, id: int) -> str: ...
    def finish(self) -> str: ...

@final
class Tokenizer:
    @staticmethod
    def load(path_or_name: str) -> Tokenizer: ...
    def save(self, path: str) -> None: ...
    def with_scheme(self, name: str, seed: int) -> Tokenizer: ...
    @property
    def scheme(self) -> str: ...
    def to_json(self) -> str: ...
    def encode(
        self, text: str | bytes, special: str | Iterable[str], template: bool, utf8: str
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
        self, text: str | bytes, special: str | Iterable[str], template: bool, utf8: str
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
# ---- CUDA: only in builds with TOK_BUILD_CUDA

@final
class DeviceArray:
    def __len__(self) -> int: ...
    @property
    def shape(self) -> tuple[int]: ...
    @property
    def dtype(self) -> str: ...
    @property
    def device(self) -> int: ...
    @property
    def stream(self) -> int: ...
    def to_host(self) -> NDArray[Any]: ...
    def first(self, n: int) -> DeviceArray: ...
    def record_stream(self, stream: int) -> None: ...
    @property
    def __cuda_array_interface__(self) -> dict[str, Any]: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def __dlpack__(
        self,
        *,
        stream: int | None = ...,
        max_version: tuple[int, int] | None = ...,
        dl_device: tuple[int, int] | None = ...,
        copy: bool | None = ...,
    ) -> object: ...

@final
class DeviceRows:
    @property
    def ids(self) -> DeviceArray: ...
    @property
    def offsets(self) -> DeviceArray: ...
    @property
    def statuses(self) -> DeviceArray: ...
    def report(self) -> tuple[int, int, bool]: ...
    def texts(self, documents: NDArray[np.int64]) -> list[bytes]: ...
    def splice(
        self,
        cuts: NDArray[np.int64],
        before: NDArray[np.int64],
        others: NDArray[Any],
        offsets: NDArray[np.int64] | None,
    ) -> DeviceRows: ...

@final
class DeviceEncoder:
    @staticmethod
    def create(tokenizer: Tokenizer, special: str | Iterable[str], device: int | None) -> DeviceEncoder: ...
    def encode(
        self, texts: Any, offsets: Any, stream: int, dtype: str, learns: bool
    ) -> DeviceRows: ...
    @property
    def device(self) -> int: ...
    def release_memory(self) -> None: ...

# ---- training

_Report = Callable[..., None] | None
_Trained = tuple[Tokenizer, dict[str, Any]]

@final
class PieceRules:
    @staticmethod
    def byte_level(pattern: str) -> PieceRules: ...
    @staticmethod
    def text(pattern: str) -> PieceRules: ...
    @staticmethod
    def of_base(base: Tokenizer) -> PieceRules: ...
    @staticmethod
    def of_merges(tokenizer: Tokenizer) -> PieceRules: ...
    @staticmethod
    def dna(*, cuts_ambiguous: bool, cuts_soft_mask: bool) -> PieceRules: ...
    def cut_digits(self, how: str) -> None: ...
    def set_normalizers(self, names: Iterable[str]) -> None: ...
    @property
    def pattern(self) -> str | None: ...
    @property
    def json(self) -> str: ...
    @property
    def is_text(self) -> bool: ...

def pattern_names(is_text: bool) -> list[str]: ...
def normalizer_names() -> list[str]: ...
def digit_cut_names() -> list[str]: ...

@final
class PieceCounts:
    @staticmethod
    def load(path: str) -> PieceCounts: ...
    def save(self, path: str) -> None: ...
    @staticmethod
    def from_arrays(
        origin: bytes, blob: NDArray[np.uint8], offsets: NDArray[np.int64], counts: NDArray[np.uint64]
    ) -> PieceCounts: ...
    def arrays(self) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint64]]: ...
    def most_common(self, n: int) -> list[tuple[bytes, int]]: ...
    def equals(self, other: PieceCounts) -> bool: ...
    def origin(self) -> bytes: ...
    @property
    def rules(self) -> PieceRules: ...
    @property
    def sequence_unit(self) -> bytes: ...
    @property
    def n_documents(self) -> int: ...
    @property
    def n_bytes(self) -> int: ...
    @property
    def n_unique(self) -> int: ...
    @property
    def total(self) -> int: ...

def count_pieces_of_files(
    paths: list[str],
    rules: PieceRules,
    *,
    split: str,
    utf8: str,
    n_threads: int,
    n_memory_bytes: int,
    report: _Report,
) -> PieceCounts: ...
def count_pieces_of_documents(
    documents: Iterable[str | bytes],
    rules: PieceRules,
    *,
    utf8: str,
    n_threads: int,
    n_memory_bytes: int,
    report: _Report,
) -> PieceCounts: ...
def merge_piece_counts(parts: list[PieceCounts], *, n_memory_bytes: int) -> PieceCounts: ...

@final
class TrainingCheckpoints:
    def __init__(self, path: str, *, seconds: float, resume: bool) -> None: ...

@final
class BpeOptions:
    vocab_size: int
    min_frequency: int
    max_token_length: int
    whole_byte_alphabet: bool
    limit_alphabet: int
    special_tokens: list[str]
    continuing_subword_prefix: str
    unk_token: str | None
    whole_tokens: list[str | bytes]
    pad_to_power_of_two: bool
    n_threads: int
    n_memory_bytes: int
    def set_base(self, base: Tokenizer) -> None: ...

@final
class UnigramOptions:
    vocab_size: int
    unk_token: str
    shrinking_factor: float
    max_piece_length: int
    n_sub_iterations: int
    seed_size: int
    n_threads: int
    def set_special_tokens(self, tokens: list[str]) -> None: ...

def check_bpe(rules: PieceRules, options: BpeOptions) -> int: ...
def check_merges(options: BpeOptions, *, is_text: bool) -> None: ...
def check_char(options: BpeOptions, *, is_text: bool, max_length: int) -> None: ...
def check_picky(options: BpeOptions, *, threshold: float) -> None: ...
def check_parity(
    languages: list[tuple[str, float]],
    has_dev: bool,
    options: BpeOptions,
    *,
    n_global_merges: int,
    window: int,
    alpha: int,
) -> None: ...
def check_superbpe(options: BpeOptions, *, transition: int, max_words: int) -> None: ...
def check_unigram(options: UnigramOptions) -> None: ...
def train_bpe(
    counts: PieceCounts, options: BpeOptions, *, report: _Report, checkpoints: TrainingCheckpoints | None
) -> _Trained: ...
def train_wordpiece(
    counts: PieceCounts,
    options: BpeOptions,
    *,
    max_input_chars_per_word: int,
    report: _Report,
    checkpoints: TrainingCheckpoints | None,
) -> _Trained: ...
def train_char(
    counts: PieceCounts,
    options: BpeOptions,
    *,
    max_length: int,
    report: _Report,
    checkpoints: TrainingCheckpoints | None,
) -> _Trained: ...
def train_dna(
    counts: PieceCounts,
    options: BpeOptions,
    *,
    both_strands: bool,
    report: _Report,
    checkpoints: TrainingCheckpoints | None,
) -> _Trained: ...
def train_picky(counts: PieceCounts, options: BpeOptions, *, threshold: float, report: _Report) -> _Trained: ...
def train_parity(
    languages: list[tuple[str, PieceCounts, PieceCounts | None, float]],
    options: BpeOptions,
    *,
    n_global_merges: int,
    window: int,
    alpha: int,
    report: _Report,
) -> _Trained: ...
def train_superbpe(
    paths: list[str],
    options: BpeOptions,
    *,
    transition: int,
    max_words: int,
    normalizers: list[str],
    split: str,
    utf8: str,
    report: _Report,
    checkpoints: TrainingCheckpoints | None,
) -> _Trained: ...
def train_unigram(counts: PieceCounts, options: UnigramOptions, *, report: _Report) -> _Trained: ...
def train_lib(
    paths: list[str],
    *,
    split: str,
    vocab_size: int,
    is_bytes: bool,
    max_length: int,
    in_rate: float,
    out_rate: float,
    life: int,
    update_rate: float,
    n_steps: int,
    sentences_per_step: int,
    is_sequential: bool,
    seed: int,
    inspect_context: bool,
    report: _Report,
) -> _Trained: ...

# ---- measuring: JSON

_NamedTokenizers = list[tuple[str, Tokenizer]]
_NamedCounts = list[tuple[str, PieceCounts]]
_Sources = list[tuple[str, str]]

def measure_premium(
    tokenizers: _NamedTokenizers,
    sources: _Sources,
    *,
    reference: str,
    languages: list[str],
    complete: bool,
    fields: str | None,
    source_language: str,
    resamples: int,
    seed: int,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    n_threads: int,
) -> str: ...
def measure_study(
    languages: _NamedCounts,
    sources: _Sources,
    *,
    fields: str | None,
    source_language: str,
    utf8: str,
    sizes: list[int],
    common_size: int,
    n_targets: int,
    superwords: tuple[list[list[str]], str] | None,
    n_threads: int,
) -> str: ...
def measure_schemes(
    tokenizer: Tokenizer,
    name: str,
    documents: Iterable[str | bytes],
    *,
    schemes: list[str] | None,
    seed: int,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    n_threads: int,
) -> str: ...
def measure_vocabulary(
    tokenizer: Tokenizer,
    name: str,
    documents: Iterable[str | bytes],
    *,
    min_count: int,
    all: bool,
    special: str | Iterable[str],
    utf8: str,
    n_threads: int,
) -> str: ...
def measure_compare(
    tokenizers: _NamedTokenizers,
    documents: Iterable[str | bytes],
    *,
    robustness: bool,
    typo_share: float,
    seed: int,
    morphemes: str | None,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    n_threads: int,
) -> str: ...
def identifier_groups(
    tokenizer: Tokenizer,
    documents: Iterable[str | bytes],
    *,
    special: str | Iterable[str],
    template: bool,
    utf8: str,
    n_threads: int,
) -> tuple[NDArray[np.uint32], NDArray[np.uint64]]: ...
def char_bench(
    tokenizers: _NamedTokenizers, documents: Iterable[str | bytes], *, seed: int, n_per_task: int
) -> str: ...
def measure_mixture(
    tokenizer: Tokenizer, samples: _NamedCounts, *, n_merges: int, of_pairs: bool, n_threads: int
) -> str: ...
def measure_markov(
    sources: list[tuple[float, float, int]], *, sizes: list[int], n_symbols: int, seed: int, n_threads: int
) -> str: ...
