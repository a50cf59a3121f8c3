"""Measurements as they are read: JSON objects of any shape, of which sections take what they know."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from typing import Any, Union

Source = Union[Mapping[str, Any], str, "os.PathLike[str]"]


def read(source: Source) -> Mapping[str, Any]:
    """
    >>> read('{"schema":1,"shares":{}}')
    {'schema': 1, 'shares': {}}

    Raises FileNotFoundError, ValueError for what is not a JSON object, TypeError for another type of source.
    """
    if isinstance(source, Mapping):
        return source
    if not isinstance(source, (str, os.PathLike)):
        raise TypeError(f"a measurement is a dict, a path or JSON text, not {type(source).__name__}")
    is_text = isinstance(source, str) and source.lstrip().startswith("{")
    place = "the text given" if is_text else os.fspath(source)
    try:
        found = json.loads(os.fspath(source) if is_text else _content(source))
    except ValueError as error:
        raise ValueError(f"{place}: not the JSON of a measurement ({error}): write it by tok measure ... --json") from error
    if not isinstance(found, dict):
        raise ValueError(f"{place}: JSON, but not an object: write it by tok measure ... --json")
    return found


def _content(path: str | os.PathLike[str]) -> str:
    with open(path, encoding="utf-8-sig") as file:
        return file.read()


def entries(parent: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """The objects of a list, which may be missing. Raises ValueError for something else."""
    found = parent.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ValueError(f'"{key}" of a measurement is a list of objects')
    return found


def text(parent: Mapping[str, Any], key: str, default: str = "") -> str:
    """What is to be shown of a value: of none the default."""
    found = parent.get(key)
    return default if found is None else str(found)


def number(parent: Mapping[str, Any], key: str) -> float | int | None:
    """None for what is missing, null or not finite. Raises ValueError for what is no number."""
    found = parent.get(key)
    if found is None or isinstance(found, float) and not math.isfinite(found):
        return None
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise ValueError(f'"{key}" of a measurement is a number, not {found!r:.40}')
    return found
