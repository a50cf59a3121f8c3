"""What tests of `tok measure premium` share: the declaration in all its languages, and what a report says of it."""

import collections
import json

import numpy
import pytest
import real_texts


def declaration():
    """(path, {language: {article: text}}) of the Universal Declaration of Human Rights, or None."""
    folder = real_texts.corpora_folder()
    path = folder / "udhr.jsonl.zst" if folder else None
    if path is None or not path.exists():
        return None
    texts = collections.defaultdict(dict)
    for line in real_texts.zstd_text(path).splitlines():
        record = json.loads(line)
        texts[record["code"]][record["article"]] = record["text"]
    return path, texts


def premium(tok, *arguments, code=0):
    """Standard output of the verb; where it is to fail with an exit code, standard error."""
    done = tok.run("measure", "premium", *arguments)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode() if code == 0 else done.stderr.decode()


def check_report(report, texts, expected_tokens):
    """Everything that follows from the tokens of each language."""
    assert report["schema"] == 1 and report["reference"] == "eng"
    (tokenizer,) = report["tokenizers"]
    rows = {row["language"]: row for row in tokenizer["languages"]}
    assert set(rows) == set(texts)
    assert {code: row["tokens"] for code, row in rows.items()} == expected_tokens
    for code, row in rows.items():
        assert row["bytes"] == sum(len(text.encode()) for text in texts[code].values())
        assert row["chars"] == sum(map(len, texts[code].values()))
        assert row["premium"] == pytest.approx(expected_tokens[code] / expected_tokens["eng"], rel=1e-12)
        assert row["complete"] and row["items"] == 30
    others = numpy.array([row["premium"] for code, row in rows.items() if code != "eng"])
    assert tokenizer["median"] == pytest.approx(numpy.median(others), rel=1e-12)
    assert tokenizer["p95"] == pytest.approx(numpy.percentile(others, 95), rel=1e-12)
    assert tokenizer["max"] == others.max() and rows[tokenizer["max_language"]]["premium"] == others.max()
    gini = numpy.abs(others[:, None] - others[None, :]).sum() / (2 * len(others) ** 2 * others.mean())
    assert tokenizer["gini"] == pytest.approx(gini, rel=1e-9)
