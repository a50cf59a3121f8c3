"""Hugging Face's model directories: what a tokenizer is made of, and its files written again."""

from __future__ import annotations

import json
import os
import pathlib
import threading
from typing import Any, Optional, Union

import libtok
from libtok._arguments import coded
from libtok.hf._added_token import AddedToken, as_added_token, is_token
from libtok.hf._special_tokens import NAMES

TOKENIZER_FILE = "tokenizer.json"
CONFIG_FILE = "tokenizer_config.json"
SPECIAL_TOKENS_FILE = "special_tokens_map.json"
ADDED_TOKENS_FILE = "added_tokens.json"
TEMPLATE_FILE = "chat_template.jinja"
TEMPLATE_FOLDER = "additional_chat_templates"

Templates = Union[str, dict[str, str], None]


def _read_json(path: pathlib.Path) -> Any:
    """None if the file is not there. Raises libtok.TokError for what is no JSON."""
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise libtok.TokError(f"TOK-E020 {path}: {error}") from error


def json_members(text: str, wanted: set[str]) -> dict[str, Any]:
    """Members of the object that is the text, read no further than the last of those wanted.

    >>> json_members('{"a": 1, "b": [2], "c": 3}', {"b"})
    {'a': 1, 'b': [2]}
    """
    decoder = json.JSONDecoder()
    members: dict[str, Any] = {}

    def next_sign(at: int, skipped: str) -> int:
        while text[at] in skipped:
            at += 1
        return at

    at = next_sign(text.index("{") + 1, " \t\r\n")
    while text[at] != "}" and not wanted <= members.keys():
        key, at = decoder.raw_decode(text, at)
        members[key], at = decoder.raw_decode(text, next_sign(at, ": \t\r\n"))
        at = next_sign(at, ", \t\r\n")
    return members


def settings_of_file(path: str) -> dict[str, Any]:
    """What a tokenizer.json says about truncation and padding, as arguments of a tokenizer that its caller may override."""
    if not path.endswith(".json"):
        return {}
    members = json_members(pathlib.Path(path).read_text(encoding="utf-8"), {"truncation", "padding"})
    settings: dict[str, Any] = {}
    truncation, padding = members.get("truncation"), members.get("padding")
    if truncation:
        strategies = {"LongestFirst": "longest_first", "OnlyFirst": "only_first", "OnlySecond": "only_second"}
        settings.update(
            max_length=truncation["max_length"],
            truncation_side=truncation.get("direction", "Right").lower(),
            stride=truncation["stride"],
            truncation_strategy=strategies[truncation["strategy"]],
        )
    if padding:
        strategy = padding["strategy"]
        settings.update(
            pad_token=padding["pad_token"],
            pad_token_type_id=padding["pad_type_id"],
            padding_side=padding["direction"].lower(),
            pad_to_multiple_of=padding["pad_to_multiple_of"],
        )
        settings.setdefault("max_length", strategy["Fixed"] if isinstance(strategy, dict) else None)
    return settings


def _chat_templates(folder: pathlib.Path) -> Templates:
    templates = {}
    if (folder / TEMPLATE_FILE).is_file():
        templates["default"] = (folder / TEMPLATE_FILE).read_text(encoding="utf-8")
    for path in sorted((folder / TEMPLATE_FOLDER).glob("*.jinja")):
        templates[path.stem] = path.read_text(encoding="utf-8")
    return templates["default"] if list(templates) == ["default"] else templates or None


def _revived(value: Any) -> Any:
    """AddedTokens out of what configuration files hold in their place."""
    if isinstance(value, dict):
        if value.get("__type") == "AddedToken":
            return as_added_token(value)
        return {key: _revived(item) for key, item in value.items()}
    return [_revived(item) for item in value] if isinstance(value, list) else value


def _legacy_special_tokens(folder: pathlib.Path, config: dict[str, Any], given: dict[str, Any]) -> None:
    """special_tokens_map.json, which counts where the configuration does not list the added tokens itself."""
    for name, value in (_read_json(folder / SPECIAL_TOKENS_FILE) or {}).items():
        if given.get(name):
            continue
        if isinstance(value, dict) and name != "extra_special_tokens":
            value = as_added_token({**value, "special": True})
        elif name == "extra_special_tokens" and isinstance(value, list):
            tokens = [as_added_token({**t, "special": True}) if isinstance(t, dict) else t for t in value]
            value = list(dict.fromkeys([*(config.get(name) or []), *tokens]))
        config[name] = value


def _added_tokens(folder: pathlib.Path, config: dict[str, Any], tokenizer: libtok.Tokenizer) -> dict[int, AddedToken]:
    listed = config.pop("added_tokens_decoder", None)
    if listed is not None:
        return {int(token_id): as_added_token(token) for token_id, token in listed.items()}
    tokens = {}
    special = {str(config[name]) for name in NAMES if config.get(name)} | {
        str(token) for token in config.get("extra_special_tokens") or []
    }
    for content, token_id in (_read_json(folder / ADDED_TOKENS_FILE) or {}).items():
        tokens[token_id] = AddedToken(content, special=content in special)
    for token_id, content, single_word, lstrip, rstrip, normalized, is_special in libtok._libtok.added_tokens(tokenizer._core):
        tokens[token_id] = AddedToken(content, single_word, lstrip, rstrip, is_special, normalized)
    return tokens


def arguments_of_folder(folder: pathlib.Path, given: dict[str, Any]) -> dict[str, Any]:
    """Arguments that make the tokenizer of a model directory; `given` ones come before those of its files.

    Raises libtok.NotFoundError (a FileNotFoundError) if it is no directory: names of models on the hub are not looked up.
    """
    if not folder.is_dir():
        raise coded(
            libtok.NotFoundError,
            "TOK-E001",
            f"{folder}: is no directory; libtok does not download: fetch the model's files and pass their directory",
        )
    has_json = (folder / TOKENIZER_FILE).is_file()
    tokenizer = libtok.load(folder / TOKENIZER_FILE if has_json else folder)
    config: dict[str, Any] = _read_json(folder / CONFIG_FILE) or {}
    ignored = ["init_inputs", "tokenizer_file", "vocab_file", "name_or_path"]
    if has_json:  # which has the template that these two would make
        ignored += ["add_bos_token", "add_eos_token"]
    for name in ignored:
        config.pop(name, None)
    templates = _chat_templates(folder)
    if templates is not None:
        config["chat_template"] = templates
    config.update(given)
    if not config.get("extra_special_tokens"):
        extra = config.pop("additional_special_tokens", None)
        if extra:
            config["extra_special_tokens"] = extra
    config = _revived(config)
    if "added_tokens_decoder" not in config:
        _legacy_special_tokens(folder, config, given)
    added = _added_tokens(folder, config, tokenizer)
    by_content = {token.content: token for token in added.values()}
    for name in NAMES:
        if is_token(config.get(name)):
            config[name] = by_content.get(str(config[name]), config[name])
    if has_json:
        config = {**settings_of_file(str(folder / TOKENIZER_FILE)), **config}
    return {**config, "added_tokens_decoder": added, "tokenizer_object": tokenizer, "name_or_path": str(folder)}


def _plain(value: Any) -> Any:
    """What a configuration file holds."""
    if is_token(value) and not isinstance(value, str):
        token = as_added_token(value)
        return {"__type": "AddedToken", **vars(token)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _write(path: pathlib.Path, text: str) -> None:
    """All of the file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_folder(
    folder: pathlib.Path, prefix: Optional[str], tokenizer_json: str, config: dict[str, Any], templates: Templates
) -> tuple[str, ...]:
    """Writes the files that transformers writes, and returns their paths.

    Raises ValueError for a template whose name leads out of the folder.
    """
    start = f"{prefix}-" if prefix else ""
    named = {"default": templates} if isinstance(templates, str) else templates or {}
    texts: dict[pathlib.Path, str] = {}
    texts[folder / f"{start}{CONFIG_FILE}"] = (
        json.dumps(_plain(config), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    )
    for name, template in named.items():
        if name != os.path.basename(name) or name in ("", ".", ".."):
            raise ValueError(f"a chat template's name is no file name: {name!r}")
        in_folder = folder / f"{start}{TEMPLATE_FOLDER}" / f"{name}.jinja"
        texts[folder / f"{start}{TEMPLATE_FILE}" if name == "default" else in_folder] = template
    texts[folder / f"{start}{TOKENIZER_FILE}"] = tokenizer_json
    for path, text in texts.items():
        _write(path, text)
    return tuple(map(str, texts))
