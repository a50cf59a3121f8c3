"""Who runs in encode_peers.py, and the rows that README's tables are made of: `encode_peers.py --plan readme` measures
them, make_readme_tables.py prints them. A row is (vocabulary, text, whether all threads, mode)."""

PEERS = ("gigatoken", "fastokens", "tiktoken", "tokenizers", "tuetoken", "quicktok-v1", "tokie")
FASTEST_PEERS = ("gigatoken", "fastokens")  # what libtok's ratios are against
SLOWEST_PEER = "tokenizers"  # takes as long as all others together
SLOWEST_PEER_TEXTS = ("english", "code", "chinese", "requests_1kb")
MAIN = "o200k_base"  # the vocabulary that all peers run with; the others are for the fastest ones
VOCABULARIES = ("gpt2", "cl100k_base", "o200k_base", "llama3", "qwen3", "deepseek_v3", "gemma3", "llama2")
VOCABULARY_TEXTS = ("english", "code", "chinese")
WARM_TEXTS = (
    "english", "web", "code", "chinese", "japanese", "korean", "russian", "ukrainian", "turkish", "hindi", "thai", "udhr",
    "requests_1kb", "adversarial",
)  # fmt: skip
FIRST_PASS_TEXTS = (*WARM_TEXTS, "one_piece", "mixed")
THREADED = (("english", "first_pass"), ("english", "warm"), ("mixed", "first_pass"), ("one_document", "warm"))

Row = tuple[str, str, bool, str]


def peers(encoding: str, text: str) -> tuple[str, ...]:
    if encoding != MAIN:
        return FASTEST_PEERS
    return PEERS if text in SLOWEST_PEER_TEXTS else tuple(peer for peer in PEERS if peer != SLOWEST_PEER)


def readme_rows() -> list[Row]:
    rows = [(MAIN, text, False, "first_pass") for text in FIRST_PASS_TEXTS]
    rows += [(MAIN, text, False, "warm") for text in WARM_TEXTS]
    rows += [(MAIN, text, True, mode) for text, mode in THREADED]
    for encoding in VOCABULARIES:
        rows += [(encoding, text, False, mode) for text in VOCABULARY_TEXTS for mode in ("first_pass", "warm")]
    return list(dict.fromkeys(rows))
