"""Real text to train on, by language: code is this repository's own, the rest of the large corpora where they are there."""

import functools
import json

import real_texts

PYDOCS = {"turkish": "tr", "chinese": "zh-cn", "japanese": "ja", "korean": "ko"}
UDHR = {"german": "deu_1996", "russian": "rus", "thai": "tha"}
LANGUAGES = ["code", "english", "mixed", *PYDOCS, *UDHR]


@functools.cache
def _code():
    paths = [path for suffix in ("cc", "h", "py") for path in real_texts.ROOT.glob(f"libtok/**/*.{suffix}")]
    return "".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def _packed(name):
    folder = real_texts.corpora_folder()
    path = folder / f"{name}.zst" if folder else None
    return real_texts.zstd_text(path) if path and path.exists() else None


def _pydocs(code):
    packed = _packed(f"pydocs.en-{code}.jsonl")
    return packed and "\n".join(json.loads(line)[code] for line in packed.splitlines())


def _udhr(codes):
    packed = _packed("udhr.jsonl")
    records = [json.loads(line) for line in packed.splitlines()] if packed else []
    return "\n".join(record["text"] for record in records if not codes or record["code"] in codes) or None


def text_of(language, n_bytes):
    """About so many bytes of it, or None where it is not there."""
    if language == "code":
        text = _code()
    elif language == "english":
        text = _packed("en_prose.txt")
    elif language == "mixed":
        text = _udhr(None)
    else:
        text = _pydocs(PYDOCS[language]) if language in PYDOCS else _udhr({UDHR[language]})
    return text and text.encode()[:n_bytes].decode(errors="ignore")
