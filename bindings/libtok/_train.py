"""Training by merges: `tok train` bpe, superbpe, picky, wordpiece, char, dna and parity."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, Union

from libtok import _libtok
from libtok._arguments import check_choice, check_type, whole_number
from libtok._corpus import as_files, normalizer_names, split_of
from libtok._piece_counts import PieceCounts
from libtok._tokenizer import Tokenizer
from libtok._training import MAX_U32, Checkpoints, Cutting, Run, merge_options
from libtok._training_report import TrainedTokenizer

if TYPE_CHECKING:
    from libtok._corpus import Documents, Paths, Utf8
    from libtok._progress import OnTrainingProgress

    Source = Union[Paths, Documents, PieceCounts]
    Normalizer = Union[str, Iterable[str], None]
    Path = Union[str, os.PathLike[str]]
    Alphabet = Literal["all", "seen"]


def train_bpe(
    source: Source,
    *,
    vocab_size: int,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    min_frequency: int = 0,
    max_token_length: int = 0,
    alphabet: Alphabet = "all",
    limit_alphabet: int = 0,
    whole_tokens: Iterable[str | bytes] = (),
    pad_to_power_of_two: bool = False,
    continue_from: Tokenizer | None = None,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60,
    resume: bool = False,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains byte-level BPE, as `tok train bpe` does with the same options: the same tokenizer, to the last byte.

    source: what to learn from: a path (str or PathLike; .gz and .zst too) or a list of paths; any other iterable of documents, str
        or bytes, which is consumed as it is counted; or PieceCounts. A str is always a path, and a list of str one of paths: of
        documents, give iter(list).
    vocab_size: tokens in all, special ones and alphabet included.
    pattern, digits, normalizer, split, utf8: see count_pieces; pattern None: "o200k". They mean nothing to PieceCounts.
    special_tokens: the first ids, in this order; with continue_from the last.
    min_frequency: no merge of a pair that occurs less often.
    max_token_length: tokens are shorter, in bytes, as in Hugging Face; those of two are always allowed. 0: no limit.
    alphabet: bytes that are tokens: "all", or "seen", those that occur; limit_alphabet of these, the most frequent (0: all).
    whole_tokens: tokens that text always keeps whole.
    pad_to_power_of_two: adds tokens of spaces and line feeds until the size is a power of two.
    continue_from: a tokenizer (byte-level BPE) whose ids, merges and way of cutting text stay; vocab_size counts its ids.
    checkpoint: a file to save the training in every checkpoint_seconds, and when it is stopped, by Ctrl-C or by `progress`; gone
        once training is over. resume: goes on from it, if it is there: the same tokenizer as without a stop.
    n_threads: 0: all that this process may use.
    memory: bytes, or a str like "2G": what does not fit goes to temporary files. None: no limit.
    progress: a callable that is given a TrainingProgress at most ten times a second and once in the end, in this thread; False from
        it, before the end, ends training with InterruptedByCaller, and what it raises with that. True: a bar of tqdm, else lines on standard error.

    Returns a Tokenizer that has a `training_report` besides. Other threads run meanwhile; Ctrl-C ends it.
    Raises TokError (a ValueError), ValueError, TypeError for arguments, FileNotFoundError, ...

    >>> tokenizer = train_bpe(iter(["low lower lowest"] * 9), vocab_size=259, pattern="gpt2")
    >>> [tokenizer.token_bytes(token_id) for token_id in (256, 257, 258)]
    [b'lo', b'low', b' low']
    """
    run = Run("bpe", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        alphabet=alphabet,
        limit_alphabet=limit_alphabet,
        whole_tokens=whole_tokens,
        pad_to_power_of_two=pad_to_power_of_two,
    )
    if continue_from is None:
        rules = run.rules(is_text=False, default_pattern="o200k")
    else:
        check_type("continue_from", continue_from, Tokenizer)
        run.refuse_given("continue_from, which decides it", "pattern", "digits", "normalizer")
        for name, is_given in (("limit_alphabet", limit_alphabet), ("whole_tokens", options.whole_tokens),
                               ("pad_to_power_of_two", pad_to_power_of_two)):  # fmt: skip
            if is_given:
                raise ValueError(f"{name} does not go with continue_from; leave it out")
        options.set_base(continue_from._core)
        rules = run.given_rules(_libtok.PieceRules.of_base(continue_from._core))
    run.check_size(_libtok.check_bpe(rules, options), options)
    checkpoints = Checkpoints(checkpoint, checkpoint_seconds, resume)
    return run.of_pieces(
        options,
        rules,
        "file",
        lambda counts, report: _libtok.train_bpe(counts, options, report=report, checkpoints=checkpoints.core),
    )


def train_superbpe(
    source: Paths | Documents,
    *,
    vocab_size: int,
    transition: int | None = None,
    max_words: int = 4,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    min_frequency: int = 0,
    max_token_length: int = 0,
    alphabet: Alphabet = "all",
    limit_alphabet: int = 0,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60,
    resume: bool = False,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains SuperBPE, whose later tokens reach across words (Liu et al., 2025), as `tok train superbpe` does.

    source: paths or an iterable of documents, as in train_bpe. The text is read twice: what an iterable gives is kept in a nameless
        file ($TMPDIR, else /var/tmp).
    transition: tokens after stage 1, the words. None: nine tenths of vocab_size.
    max_words: in a superword, at most.
    split: None: "lines-lf", lines that keep their line feed.
    The others: see train_bpe.

    >>> text = ["by the way of the world by the way\\n"] * 50
    >>> tokenizer = train_superbpe(iter(text), vocab_size=275, transition=270)
    >>> tokenizer.token_bytes(274)
    b' of the world'
    """
    run = Run("superbpe", source, Cutting(None, None, normalizer, split, utf8), n_threads, memory, progress)
    run.refuse_counts("reads its text twice")
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        alphabet=alphabet,
        limit_alphabet=limit_alphabet,
    )
    if transition is None:
        transition = options.vocab_size - options.vocab_size // 10
    transition = whole_number("transition", transition, 0, MAX_U32)
    max_words = whole_number("max_words", max_words, 1, 1000)
    names = normalizer_names(normalizer or ())
    _libtok.check_superbpe(options, transition=transition, max_words=max_words)
    checkpoints = Checkpoints(checkpoint, checkpoint_seconds, resume)
    documents = split_of(source, split, "lines-lf")
    with run.reporter() as report, as_files(source, documents, utf8) as (paths, how):
        return run.done(
            options,
            _libtok.train_superbpe(
                paths,
                options,
                transition=transition,
                max_words=max_words,
                normalizers=names,
                split=how,
                utf8=utf8,
                report=report.tell_training,
                checkpoints=checkpoints.core,
            ),
        )


def train_picky(
    source: Source,
    *,
    vocab_size: int,
    threshold: float = 0.9,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    min_frequency: int = 0,
    max_token_length: int = 0,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains PickyBPE, which deletes tokens that were only steps on the way (Chizhov et al., 2024), as `tok train picky` does.

    threshold: a token is deleted when merges take at least this share of its places; above 0, at most 1.
    memory: of the counting; what is merged lies in memory.
    The others: see train_bpe. Only .tok files hold the tokenizer.
    """
    run = Run("picky", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    options = merge_options(
        run, vocab_size, special_tokens, min_frequency=min_frequency, max_token_length=max_token_length
    )
    threshold = float(threshold)
    _libtok.check_picky(options, threshold=threshold)
    return run.of_pieces(
        options,
        run.rules(is_text=False, default_pattern="o200k"),
        "file",
        lambda counts, report: _libtok.train_picky(counts, options, threshold=threshold, report=report),
    )


def train_wordpiece(
    source: Source,
    *,
    vocab_size: int,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    unk_token: str | None = None,
    continuing_subword_prefix: str = "##",
    max_input_chars_per_word: int = 100,
    min_frequency: int = 0,
    max_token_length: int = 0,
    limit_alphabet: int = 0,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60,
    resume: bool = False,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains WordPiece as Hugging Face's WordPieceTrainer and `tok train wordpiece` do.

    pattern: None: "bert". normalizer: None: "bert"; () for none. split: None: "lines".
    unk_token: what words are that cannot be written. None: "[UNK]".
    continuing_subword_prefix: what tokens begin with that do not begin a word.
    max_input_chars_per_word: longer words are unknown.
    limit_alphabet: drops all but the most frequent characters. 0: none.
    The others: see train_bpe. PieceCounts are of text (count_pieces(..., text=True, pattern="bert", normalizer="bert")).
    """
    run = Run("wordpiece", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        limit_alphabet=limit_alphabet,
        unk_token=unk_token,
    )
    check_type("continuing_subword_prefix", continuing_subword_prefix, str)
    options.continuing_subword_prefix = continuing_subword_prefix
    longest = whole_number("max_input_chars_per_word", max_input_chars_per_word, 0, 2**63)
    _libtok.check_merges(options, is_text=True)
    checkpoints = Checkpoints(checkpoint, checkpoint_seconds, resume)
    return run.of_pieces(
        options,
        run.rules(is_text=True, default_pattern="bert", default_normalizers=("bert",)),
        "lines",
        lambda counts, report: _libtok.train_wordpiece(
            counts, options, max_input_chars_per_word=longest, report=report, checkpoints=checkpoints.core
        ),
    )


def train_char(
    source: Source,
    *,
    vocab_size: int,
    max_length: int = 3,
    unit: Literal["bytes", "chars"] | None = None,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    unk_token: str | None = None,
    min_frequency: int = 0,
    alphabet: Alphabet | None = None,
    limit_alphabet: int = 0,
    whole_tokens: Iterable[str | bytes] = (),
    pad_to_power_of_two: bool = False,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60,
    resume: bool = False,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains BPE with short tokens, for texts where each character matters (KL3M, 2025), as `tok train char` does.

    max_length: bytes or characters in a token, at most; 2 or more.
    unit: what tokens are made of: "bytes" or "chars". None: bytes, or what PieceCounts are made of.
    pattern: None: "gpt2". normalizer: None: "nfkc"; () for none.
    unk_token: of chars: what stands for others. None: they are left out.
    alphabet: of bytes: "all" (None) or "seen".
    The others: see train_bpe.
    """
    run = Run("char", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    if unit is not None:
        check_choice("unit", unit, ("bytes", "chars"))
    is_text = run.counts.is_text if run.counts is not None and unit is None else unit == "chars"
    if run.counts is not None and run.counts.is_text != is_text:
        raise ValueError(f"unit {unit!r} is not that of the counts, which are of {'text' if run.counts.is_text else 'bytes'}")
    useless, name = (alphabet, "alphabet") if is_text else (unk_token, "unk_token")
    if useless is not None:
        raise ValueError(f"{name} means nothing with unit={'chars' if is_text else 'bytes'!r}; leave it out")
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        alphabet=alphabet or "all",
        limit_alphabet=limit_alphabet,
        whole_tokens=whole_tokens,
        pad_to_power_of_two=pad_to_power_of_two,
        unk_token=unk_token,
    )
    longest = whole_number("max_length", max_length, 0, MAX_U32)
    _libtok.check_char(options, is_text=is_text, max_length=longest)
    checkpoints = Checkpoints(checkpoint, checkpoint_seconds, resume)
    return run.of_pieces(
        options,
        run.rules(is_text=is_text, default_pattern="gpt2", default_normalizers=("nfkc",)),
        "file",
        lambda counts, report: _libtok.train_char(
            counts, options, max_length=longest, report=report, checkpoints=checkpoints.core
        ),
    )


def train_dna(
    source: Paths | Documents,
    *,
    vocab_size: int,
    ambiguous: Literal["cut", "remove"] = "cut",
    soft_mask: Literal["fold", "cut"] = "fold",
    both_strands: bool = False,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    unk_token: str | None = None,
    min_frequency: int = 0,
    max_token_length: int = 0,
    checkpoint: Path | None = None,
    checkpoint_seconds: float = 60,
    resume: bool = False,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains BPE over nucleotide sequences (DNABERT-2, 2024), as `tok train dna` does.

    source: FASTA files, or an iterable of sequences. split: None: "fasta".
    ambiguous: letters but A, C, G, T: "cut" (they end the sequence) or "remove" (what stood beside them is neighbours).
    soft_mask: small letters: "fold" (the same bases) or "cut" (other letters).
    both_strands: learns from the reverse complement of each sequence too.
    unk_token: None: "[UNK]".
    The others: see train_bpe.
    """
    run = Run("dna", source, Cutting(None, None, None, split, utf8), n_threads, memory, progress)
    run.refuse_counts("cuts sequences by rules of its own")
    check_choice("ambiguous", ambiguous, ("cut", "remove"))
    check_choice("soft_mask", soft_mask, ("fold", "cut"))
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        unk_token=unk_token,
    )
    _libtok.check_merges(options, is_text=True)
    checkpoints = Checkpoints(checkpoint, checkpoint_seconds, resume)
    rules = _libtok.PieceRules.dna(cuts_ambiguous=ambiguous == "cut", cuts_soft_mask=soft_mask == "cut")
    return run.of_pieces(
        options,
        rules,
        "fasta",
        lambda counts, report: _libtok.train_dna(
            counts, options, both_strands=bool(both_strands), report=report, checkpoints=checkpoints.core
        ),
    )


def train_parity(
    source: Mapping[str, Source],
    *,
    vocab_size: int,
    dev: Mapping[str, Source] | None = None,
    ratio: Mapping[str, float] | None = None,
    n_global_merges: int = 0,
    window: int = 0,
    alpha: int | None = None,
    pattern: str | None = None,
    digits: str | None = None,
    normalizer: Normalizer = None,
    split: str | None = None,
    utf8: Utf8 = "error",
    special_tokens: Iterable[str] = (),
    min_frequency: int = 0,
    max_token_length: int = 0,
    alphabet: Alphabet = "all",
    limit_alphabet: int = 0,
    n_threads: int = 0,
    memory: int | str | None = None,
    progress: OnTrainingProgress = None,
) -> TrainedTokenizer:
    """Trains parity-aware BPE: one vocabulary for several languages, none far behind (Foroutan et al., 2025), as `tok train parity`.

    source: {language: text}, each as in train_bpe.
    dev: {language: the same text in every language}, by whose tokens languages are compared.
    ratio: {language: bytes it takes for what others say in one}, without dev; 1 where none is given. Without either, languages are
        compared by bytes a token, which favours those of more bytes a letter.
    n_global_merges: the first merges are those of all text together.
    window: steps in which no language has more than alpha (None: 2) times its share. 0: no language is passed over.
    The others: see train_bpe.
    """
    check_type("source", source, Mapping)
    run = Run("parity", source, Cutting(pattern, digits, normalizer, split, utf8), n_threads, memory, progress)
    options = merge_options(
        run,
        vocab_size,
        special_tokens,
        min_frequency=min_frequency,
        max_token_length=max_token_length,
        alphabet=alphabet,
        limit_alphabet=limit_alphabet,
    )
    for name, given in (("dev", dev), ("ratio", ratio)):
        for language in given or ():
            if language not in source:
                raise ValueError(f"{name} has {language!r}, of which source has no text")
    if dev is not None and (missing := [language for language in source if language not in dev]):
        raise ValueError(f"dev has no text of {missing[0]!r}: all languages have one, or none")
    if alpha is not None and window == 0:
        raise ValueError("alpha means nothing without window; leave it out, or give window=100")
    steps = {
        "n_global_merges": whole_number("n_global_merges", n_global_merges, 0, MAX_U32),
        "window": whole_number("window", window, 0, MAX_U32),
        "alpha": whole_number("alpha", 2 if alpha is None else alpha, 0, MAX_U32),
    }
    ratios = [(language, float((ratio or {}).get(language, 1))) for language in source]
    _libtok.check_parity(ratios, dev is not None, options, **steps)
    rules = run.rules(is_text=False, default_pattern="o200k")
    with run.reporter() as report:
        languages = []
        n_documents = n_bytes = 0
        for language, factor in ratios:
            counts = run.count(source[language], rules, "file", report)
            n_documents += counts.n_documents
            n_bytes += counts.n_bytes
            parallel = None if dev is None else run.count(dev[language], rules, "file", report)._core
            languages.append((language, counts._core, parallel, factor))
        result = _libtok.train_parity(languages, options, **steps, report=report.tell_training)
        return run.done(options, result, n_documents, n_bytes)

