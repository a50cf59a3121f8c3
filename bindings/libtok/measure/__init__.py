"""What tokenizers cost, how well they compress, what they reveal: `tok measure` from Python.

    from libtok import measure

    found = measure.premium(["gpt2", "o200k_base"], "udhr.jsonl.zst", reference="eng")
    found.columns()["premium"]     # numpy; found.to_pandas() with pandas
    found.report()                 # plots, as a notebook shows them

Every call gives a Measurement: the JSON of the tool, and its tables. Texts are an iterable of documents, str or bytes, or one
document; tokenizers are made by libtok.load, or what it takes. Ctrl-C ends the work after the texts at hand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from libtok import _libtok
from libtok._arguments import threads, whole_number
from libtok._ragged import Ragged
from libtok.measure import _tables
from libtok.measure._inputs import (
    counted,
    documents_of,
    files_of,
    named_tokenizers,
    one_tokenizer,
    parallel_sources,
)
from libtok.measure._measurement import Measurement

if TYPE_CHECKING:
    from libtok._tokenizer import Special, Utf8
    from libtok.measure._inputs import Corpora, OneTokenizer, Parallel, Tokenizers

__all__ = [
    "Measurement",
    "char_bench",
    "compare",
    "identifier_groups",
    "markov",
    "mixture",
    "premium",
    "schemes",
    "study",
    "vocabulary",
]

_MAX_SEED = 2**64 - 1


def premium(
    tokenizers: Tokenizers,
    parallel: Parallel,
    *,
    reference: str,
    languages: str | Sequence[str] = (),
    complete: bool = False,
    fields: tuple[str, str, str] | None = None,
    msgid_language: str = "en",
    resamples: int = 1000,
    seed: int = 0,
    special: Special = "text",
    template: bool = False,
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Measurement:
    """How many more tokens the same content takes in each language than in `reference`.

    parallel: a file or folder of parallel text (FLORES, files of lines, JSON lines, gettext, documents: docs/measuring.md), several,
        or files by their language.
    languages: only these; empty: all. complete: only those that have every item of the reference.
    fields: of JSON lines, the names of language, item and text.
    resamples: of the bootstrap interval; 0: none.

    Tables: "languages" (a row a tokenizer and language), "tokenizers" (median, p95, max, Gini), "scripts".
    Raises TokError for a missing reference, unaligned files and the like, naming them.
    """
    text = _libtok.measure_premium(
        named_tokenizers(tokenizers),
        parallel_sources(parallel),
        reference=reference,
        languages=[languages] if isinstance(languages, str) else list(languages),
        complete=complete,
        fields=None if fields is None else ",".join(fields),
        source_language=msgid_language,
        resamples=whole_number("resamples", resamples, 0, 2**20),
        seed=whole_number("seed", seed, 0, _MAX_SEED),
        special=special,
        template=template,
        utf8=utf8,
        n_threads=threads(n_threads),
    )
    tables = {
        "languages": _tables.premium_languages,
        "tokenizers": _tables.premium_tokenizers,
        "scripts": _tables.premium_scripts,
    }
    return Measurement(text, tables)


def study(
    languages: Corpora,
    parallel: Parallel,
    *,
    sizes: Sequence[int] = (1024, 2048, 4096, 8192, 16384, 32768),
    common_size: int | None = None,
    targets: int = 24,
    superwords: bool = False,
    pattern: str = "o200k",
    split: str | None = None,
    fields: tuple[str, str, str] | None = None,
    msgid_language: str = "en",
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Measurement:
    """Tokenizers of one language each at every size, and the sizes that make the same content as many tokens in all.

    languages: text to train on by language: PieceCounts (then `pattern` is theirs), paths, or an iterable of documents.
    common_size: the one of `sizes` that predicted sizes are compared with; None: the middle one.
    superwords: also trains SuperBPE tokenizers of each size, whose last tenth of tokens are superwords; languages are paths then.
    split: what one document of a file is; None: "file", to superwords a line.

    Tables: "points" (tokens by language and size), "curves" (the power laws), "targets", "choices" (predicted sizes), and with
    superwords "superwords" (like "points").
    """
    counts = counted(
        languages, _libtok.PieceRules.byte_level(pattern), "languages", split or "file", utf8, threads(n_threads)
    )
    wanted = [whole_number("size", size, 1, 2**31) for size in sizes]
    common = wanted[len(wanted) // 2] if common_size is None and wanted else common_size
    text = _libtok.measure_study(
        counts,
        parallel_sources(parallel),
        fields=None if fields is None else ",".join(fields),
        source_language=msgid_language,
        utf8=utf8,
        sizes=wanted,
        common_size=whole_number("common_size", common, 1, 2**31),
        n_targets=whole_number("targets", targets, 2, 10000),
        superwords=(files_of(languages, "superwords"), split or "lines-lf") if superwords else None,
        n_threads=threads(n_threads),
    )
    tables = {
        "points": _tables.study_points,
        "curves": _tables.study_curves,
        "targets": _tables.study_targets,
        "choices": _tables.study_choices,
    }
    if superwords:
        tables["superwords"] = _tables.study_superwords
    return Measurement(text, tables)


def schemes(
    tokenizer: OneTokenizer,
    texts: str | bytes | Iterable[str | bytes],
    *,
    schemes: str | Sequence[str] | None = None,
    seed: int = 0,
    special: Special = "text",
    template: bool = False,
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Measurement:
    """How other schemes (Tokenizer.with_scheme) segment texts that the tokenizer segments by its own.

    schemes: names; None: all that the vocabulary can be used with. Table: "schemes".

    >>> found = schemes("gpt2", ["undesirable tokenizations"], schemes=["longest-prefix"])
    >>> found.columns()["tokens"].tolist()
    [5, 6]
    """
    name, core = one_tokenizer(tokenizer)
    text = _libtok.measure_schemes(
        core,
        name,
        documents_of(texts),
        schemes=[schemes] if isinstance(schemes, str) else None if schemes is None else list(schemes),
        seed=whole_number("seed", seed, 0, _MAX_SEED),
        special=special,
        template=template,
        utf8=utf8,
        n_threads=threads(n_threads),
    )
    return Measurement(text, {"schemes": _tables.schemes})


def compare(
    tokenizers: Tokenizers,
    texts: str | bytes | Iterable[str | bytes],
    *,
    robustness: bool = True,
    typo_share: float = 0.1,
    seed: int = 0,
    morphemes: str | None = None,
    special: Special = "text",
    template: bool = False,
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Measurement:
    """Compression, fertility, Renyi efficiency, use of the vocabulary, numbers, identifiers, robustness, morphemes: a row a tokenizer.

    morphemes: lines "WORD<TAB>MORPHEMES", morphemes separated by spaces or "+". Table: "tokenizers".
    """
    text = _libtok.measure_compare(
        named_tokenizers(tokenizers),
        documents_of(texts),
        robustness=robustness,
        typo_share=typo_share,
        seed=whole_number("seed", seed, 0, _MAX_SEED),
        morphemes=morphemes,
        special=special,
        template=template,
        utf8=utf8,
        n_threads=threads(n_threads),
    )
    return Measurement(text, {"tokenizers": _tables.compared})


def identifier_groups(
    tokenizer: OneTokenizer,
    texts: str | bytes | Iterable[str | bytes],
    *,
    special: Special = "text",
    template: bool = False,
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Ragged:
    """A number for each token, from 0 in each text: tokens of one identifier of code share theirs, every other has its own.

    For models that put one state in place of those of a group. Rows are parallel to those of Tokenizer.encode_batch.

    >>> identifier_groups("gpt2", ["def parse_header(line):"]).to_lists()
    [[0, 1, 1, 1, 2, 3, 4]]
    """
    _, core = one_tokenizer(tokenizer)
    return Ragged(
        *_libtok.identifier_groups(
            core, documents_of(texts), special=special, template=template, utf8=utf8, n_threads=threads(n_threads)
        )
    )


def char_bench(
    tokenizers: Tokenizers, texts: str | bytes | Iterable[str | bytes], *, seed: int = 0, per_task: int = 6250
) -> list[dict[str, Any]]:
    """Tasks about the characters of the texts' words, for seeing whether tokens hide them from a model (Uzan and Pinter, 2025, "CharBench").

    per_task: words of each length for each task, if there are so many. Returns a dict a task: "task", "word", "answer", perhaps
    "character", and "tokens", the lengths of the word's tokens by tokenizer. pandas.DataFrame takes the list.
    """
    lines = _libtok.char_bench(
        named_tokenizers(tokenizers),
        documents_of(texts),
        seed=whole_number("seed", seed, 0, _MAX_SEED),
        n_per_task=whole_number("per_task", per_task, 1, 2**32),
    )
    return [json.loads(line) for line in lines.splitlines()]


def vocabulary(
    tokenizer: OneTokenizer,
    texts: str | bytes | Iterable[str | bytes] = (),
    *,
    min_count: int = 1,
    all: bool = False,
    special: Special = "text",
    utf8: Utf8 = "error",
    n_threads: int = 0,
) -> Measurement:
    """Tokens that no text gives, duplicates, partial characters, specials out of plain text, residue of merges.

    texts: a corpus, for what it does not use; tokens that occur less often than min_count are unused. all: list every token.
    Tables: "tokens" (the remarkable ones), "counts" (by class).
    """
    name, core = one_tokenizer(tokenizer)
    text = _libtok.measure_vocabulary(
        core,
        name,
        documents_of(texts),
        min_count=whole_number("min_count", min_count, 1, 2**63),
        all=all,
        special=special,
        utf8=utf8,
        n_threads=threads(n_threads),
    )
    return Measurement(text, {"tokens": _tables.vocabulary_tokens, "counts": _tables.vocabulary_counts})


def mixture(
    tokenizer: OneTokenizer,
    samples: Corpora,
    *,
    n_merges: int = 30000,
    of: str = "bytes",
    split: str = "file",
    n_threads: int = 0,
) -> Measurement:
    """What shares of the samples' kinds of text a BPE tokenizer was trained on, by the order of its merges.

    samples: by name: paths, an iterable of documents, or PieceCounts that the tokenizer's own rules cut. of: what shares are of, "bytes" or
        "pairs". Table: "shares".
    """
    if of not in ("bytes", "pairs"):
        raise ValueError(f"of {of!r} is neither 'bytes' nor 'pairs'")
    _, core = one_tokenizer(tokenizer)
    counts = counted(samples, _libtok.PieceRules.of_merges(core), "samples", split, "error", threads(n_threads))
    text = _libtok.measure_mixture(
        core,
        counts,
        n_merges=whole_number("n_merges", n_merges, 1, 2**32 - 1),
        of_pairs=of == "pairs",
        n_threads=threads(n_threads),
    )
    return Measurement(text, {"shares": _tables.mixture_shares})


def markov(
    sources: Sequence[tuple[float, float, int]] = ((0.2, 0.2, 1), (0.8, 0.8, 1), (0.1, 0.3, 1)),
    *,
    sizes: Sequence[int] = (2, 16, 64, 256, 1024),
    n_symbols: int = 200_000,
    seed: int = 0,
    n_threads: int = 0,
) -> Measurement:
    """What tokens do for a unigram model of Markov sources (P(1|0), P(0|1), order), beside their entropy, in bits a symbol.

    Table: "points" (a row a source, dictionary, scheme and size).
    """
    text = _libtok.measure_markov(
        list(sources),
        sizes=[whole_number("size", size, 2, 2**20) for size in sizes],
        n_symbols=whole_number("n_symbols", n_symbols, 2, 2**30),
        seed=whole_number("seed", seed, 0, _MAX_SEED),
        n_threads=threads(n_threads),
    )
    return Measurement(text, {"points": _tables.markov_points})
