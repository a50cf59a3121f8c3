"""Training without merges: `tok train` unigram and lib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from libtok import _libtok
from libtok._arguments import check_choice, check_type, whole_number
from libtok._corpus import as_files, split_of
from libtok._training import MAX_U32, MAX_U64, Cutting, Run, special_token_list, vocab_size_of
from libtok._training_report import TrainedTokenizer

if TYPE_CHECKING:
    from libtok._corpus import Documents, Paths, Utf8
    from libtok._progress import OnTrainingProgress
    from libtok._train import Normalizer, Source


def train_unigram(
    source: Source,
    *,
    vocab_size: int,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    unk_token: str = "<unk>",
    shrinking_factor: float = 0.75,
    max_piece_length: int = 16,
    n_sub_iterations: int = 2,
    seed_size: int = 1_000_000,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Learns a Unigram vocabulary (Kudo, 2018), as Hugging Face's UnigramTrainer and `tok train unigram` do.

    pattern: None: "metaspace", words with the space before them, as in SentencePiece. split: None: "lines".
    unk_token: a special token, or added in front.
    shrinking_factor: tokens kept in a round of pruning. max_piece_length: characters in a token, at most.
    n_sub_iterations: expectation maximizations in a round. seed_size: strings to start from, at most.
    memory: of the counting.
    The others: see train_bpe. PieceCounts are of text (count_pieces(..., text=True)).

    >>> tokenizer = train_unigram(iter(["to be or not to be"] * 9), vocab_size=14)
    >>> tokenizer.decode(tokenizer.encode("to be"))
    'to be'
    """
    run = Run("unigram", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    check_type("unk_token", unk_token, str)
    options = _libtok.UnigramOptions()
    options.vocab_size = vocab_size_of(vocab_size)
    options.set_special_tokens(special_token_list(special_tokens))
    options.unk_token = unk_token
    options.shrinking_factor = float(shrinking_factor)
    options.max_piece_length = whole_number("max_piece_length", max_piece_length, 0, MAX_U32)
    options.n_sub_iterations = whole_number("n_sub_iterations", n_sub_iterations, 0, MAX_U32)
    options.seed_size = whole_number("seed_size", seed_size, 0, MAX_U64)
    options.n_threads = run.n_threads
    _libtok.check_unigram(options)
    return run.of_pieces(
        options,
        run.rules(is_text=True, default_pattern="metaspace"),
        "lines",
        lambda counts, report: _libtok.train_unigram(counts, options, report=report),
    )


def train_lib(
    source: Paths | Documents,
    *,
    vocab_size: int,
    unit: Literal["bytes", "chars"] = "chars",
    max_length: int = 0,
    in_rate: float = 0.25,
    out_rate: float = 1e-4,
    life: int = 10,
    update_rate: float = 0.1,
    n_steps: int = 501,
    sentences_per_step: int = 500,
    order: Literal["shuffled", "sequential"] = "shuffled",
    seed: int = 0,
    inspect_context: bool = True,
    split: str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Learns units by reading, without counts: Less-is-Better (Yang, 2024), as `tok train lib` does. One thread works.

    source: paths or an iterable of sentences, as documents in train_bpe. split: None: "lines".
    unit: what units are made of. max_length: of these in a unit, at most; 0: no limit.
    in_rate: chance that two neighbours are memorised as one unit. out_rate: share of the list, from its end, that goes on
        probation after a step. life: steps that a unit may stay on probation. update_rate: how far a reward moves a unit.
    n_steps: articles to read, each of sentences_per_step sentences, in this order.
    seed: what decides where chance does.
    inspect_context: a unit leaves probation when its context changes; False: when it is met again.
    """
    run = Run("lib", source, Cutting(None, None, None, split, "error"), 0, None, progress)
    run.refuse_counts("reads sentences")
    check_choice("unit", unit, ("bytes", "chars"))
    check_choice("order", order, ("shuffled", "sequential"))
    documents = split_of(source, split, "lines")
    with run.reporter() as report, as_files(source, documents, "bytes") as (paths, how):
        return run.done(
            None,
            _libtok.train_lib(
                paths,
                split=how,
                vocab_size=vocab_size_of(vocab_size),
                is_bytes=unit == "bytes",
                max_length=whole_number("max_length", max_length, 0, MAX_U32),
                in_rate=float(in_rate),
                out_rate=float(out_rate),
                life=whole_number("life", life, 0, MAX_U32),
                update_rate=float(update_rate),
                n_steps=whole_number("n_steps", n_steps, 0, MAX_U32),
                sentences_per_step=whole_number("sentences_per_step", sentences_per_step, 0, MAX_U32),
                is_sequential=order == "sequential",
                seed=whole_number("seed", seed, 0, MAX_U64),
                inspect_context=bool(inspect_context),
                report=report.tell_training,
            ),
        )
