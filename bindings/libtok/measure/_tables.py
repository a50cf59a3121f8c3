"""Rows out of the JSON of measurements: for each kind its tables, the main one first."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
Rows = list[Json]


def _plain(row: Json) -> Json:
    """Without lists and objects, the numbers of which stand beside by "outer.inner"."""
    flat: Json = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat.update({f"{name}.{inner}": number for inner, number in _plain(value).items()})
        elif not isinstance(value, list):
            flat[name] = value
    return flat


def premium_languages(json: Json) -> Rows:
    return [
        {"tokenizer": tokenizer["tokenizer"], **_plain(language)}
        for tokenizer in json["tokenizers"]
        for language in tokenizer["languages"]
    ]


def premium_tokenizers(json: Json) -> Rows:
    return [_plain(tokenizer) for tokenizer in json["tokenizers"]]


def premium_scripts(json: Json) -> Rows:
    return [
        {"tokenizer": tokenizer["tokenizer"], **_plain(script)}
        for tokenizer in json["tokenizers"]
        for script in tokenizer["scripts"]
    ]


def study_points(json: Json) -> Rows:
    return [{"language": curve["language"], **point} for curve in json["curves"] for point in curve["points"]]


def study_superwords(json: Json) -> Rows:
    return [{"language": curve["language"], **point} for curve in json["curves"] for point in curve["superwords"]]


def study_curves(json: Json) -> Rows:
    return [_plain(curve) for curve in json["curves"]]


def study_targets(json: Json) -> Rows:
    return [_plain(target) for target in json["targets"]]


def study_choices(json: Json) -> Rows:
    return [{"target": target["target"], **choice} for target in json["targets"] for choice in target["choices"]]


def schemes(json: Json) -> Rows:
    return [_plain(scheme) for scheme in json["schemes"]]


def compared(json: Json) -> Rows:
    return [_plain(tokenizer) for tokenizer in json["comparison"]]


def vocabulary_tokens(json: Json) -> Rows:
    return [{**token, "becomes": token.get("becomes", [])} for token in json["tokens"]]


def vocabulary_counts(json: Json) -> Rows:
    return [{"class": name, "tokens": count} for name, count in json["vocabulary"].items()]


def mixture_shares(json: Json) -> Rows:
    return [
        {"name": name, "share": share, "sensitivity": json["sensitivity"][name]}
        for name, share in json["shares"].items()
    ]


def markov_points(json: Json) -> Rows:
    return [
        {**_plain(source), "dictionary": curve["dictionary"], "scheme": curve["scheme"], **point}
        for source in json["sources"]
        for curve in source["curves"]
        for point in curve["points"]
    ]
