"""Chat templates: conversations as text, by a Jinja template of the model.

Templates are programs of others: they run in Jinja's immutable sandbox and see only plain data.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from libtok.hf import _tensors
from libtok.hf._encoding import Encoding

if TYPE_CHECKING:
    import jinja2

_END_MARK = "libtok-end-of-final-message"
_GENERATION = re.compile(r"\{%-?\s*generation\s*-?%\}")
_REASONING = ("reasoning_content", "thinking", "reasoning")  # names of the same, the first being what templates read


class RenderedChat(NamedTuple):
    """generated: where in the text the assistant's own words are, (begin, end) in characters."""

    text: str
    generated: list[tuple[int, int]]


def _jinja() -> Any:
    try:
        import jinja2
    except ImportError as error:
        raise ImportError("chat templates need jinja2: pip install 'libtok[chat]'") from error
    if tuple(map(int, jinja2.__version__.split(".")[:3])) < (3, 1, 6):
        raise ImportError(f"chat templates need jinja2 3.1.6, whose sandbox holds; this is {jinja2.__version__}")
    return jinja2


def plain(value: Any) -> Any:
    """Plain data alone: what a template may see. Of an object with methods it sees `<its type>`."""
    if value is None or type(value) in (str, int, float, bool):
        return value
    for kind in (str, int, float):
        if isinstance(value, kind):
            return kind.__str__(value) if kind is str else kind(value)
    if isinstance(value, Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if _tensors.is_tensor(value) and getattr(value, "ndim", 1) == 0:
        return value.item()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if callable(getattr(value, "model_dump", None)):
        return plain(value.model_dump())
    return f"<{type(value).__name__}>"


def _tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: Optional[int] = None,
    separators: Optional[tuple[str, str]] = None,
    sort_keys: bool = False,
) -> str:
    """Jinja's own writes JSON for HTML."""
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def _strftime_now(layout: str) -> str:
    import datetime

    return datetime.datetime.now().strftime(layout)


class _Dict:
    """What templates call as `dict`: not the type itself, whose attributes lead out of the sandbox."""

    def __call__(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(*args, **kwargs)

    def fromkeys(self, *args: Any) -> dict[Any, Any]:
        return dict.fromkeys(*args)


@functools.lru_cache(maxsize=None)
def _environment_type() -> type[jinja2.sandbox.ImmutableSandboxedEnvironment]:
    jinja2 = _jinja()
    import jinja2.ext
    import jinja2.sandbox

    class Generation(jinja2.ext.Extension):  # type: ignore[misc, name-defined, unused-ignore]
        """`{% generation %}` ... `{% endgeneration %}`: what the assistant says, put between marks of this rendering."""

        tags = {"generation"}

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return jinja2.nodes.CallBlock(self.call_method("_marked"), [], [], body).set_lineno(line)

        def _marked(self, caller: Any) -> Any:
            begin, end = self.environment.generation_marks
            return f"{begin}{caller()}{end}"

    class Namespace(jinja2.utils.Namespace):  # type: ignore[misc, name-defined, unused-ignore]
        """Without names that begin with an underscore, which lead out of the sandbox."""

        def __init__(*args: Any, **kwargs: Any) -> None:
            attributes = dict(*args[1:], **kwargs)
            for name in attributes:
                _check_name(name)
            jinja2.utils.Namespace.__init__(args[0], attributes)

        def __setitem__(self, name: Any, value: Any) -> None:
            _check_name(name)
            super().__setitem__(name, value)

    def _check_name(name: Any) -> None:
        if isinstance(name, str) and name.startswith("_"):
            raise jinja2.exceptions.SecurityError(f"a chat template's namespace may have no attribute {name!r}")

    def raise_exception(message: str) -> None:
        raise jinja2.exceptions.TemplateError(message)

    class Environment(jinja2.sandbox.ImmutableSandboxedEnvironment):  # type: ignore[misc, name-defined, unused-ignore]
        def __init__(self, marks: tuple[str, str]) -> None:
            super().__init__(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"])
            self.generation_marks = marks
            self.filters["tojson"] = _tojson
            self.globals.update(
                raise_exception=raise_exception, strftime_now=_strftime_now, dict=_Dict(), namespace=Namespace
            )

    return Environment


# Begin and end of what the assistant says: nobody who writes messages can know them.
_MARKS = (f"<{secrets.token_hex(16)}>", f"<{secrets.token_hex(16)}>")
_NO_MARKS = ("", "")


@functools.lru_cache(maxsize=64)
def _compiled(template: str, marks: tuple[str, str]) -> jinja2.Template:
    environment: Any = _environment_type()
    return environment(marks).from_string(template)  # type: ignore[no-any-return]


def _without_marks(text: str) -> RenderedChat:
    """Of nested stretches, each is one."""
    begin, end = _MARKS
    parts: list[str] = []
    n_characters = 0
    open_stretches: list[int] = []
    generated = []
    for part in re.split(f"({begin}|{end})", text):
        if part == begin:
            open_stretches.append(n_characters)
        elif part == end:
            generated.append((open_stretches.pop(), n_characters))
        else:
            parts.append(part)
            n_characters += len(part)
    return RenderedChat("".join(parts), generated)


def _with_reasoning(message: dict[str, Any]) -> dict[str, Any]:
    """A message whose reasoning has all the names that templates read it by."""
    reasoning = next((message[name] for name in _REASONING if message.get(name) is not None), None)
    if reasoning is None:
        return message
    return {"thinking": reasoning, **message, "reasoning_content": reasoning}


def _mark_end(chat: list[dict[str, Any]], field: str, template: str) -> str:
    """Puts the mark behind the text of the last message. Returns that text."""
    if not chat:
        raise ValueError("continue_final_message of an empty conversation")
    last = chat[-1]
    message = last.get(field)
    if message is None:
        raise ValueError(f"continue_final_message: the final message has no {field!r}")
    fields = [name for name in _REASONING if last.get(name) == message] if field in _REASONING else [field]
    if not any(name in template for name in fields):
        raise ValueError(f"continue_final_message: the template does not read {field!r}")
    if isinstance(message, (list, tuple)):
        block = next((block for block in reversed(message) if "text" in block), None)
        if block is None:
            raise ValueError("continue_final_message: the final message has no text")
        text: str = block["text"]
        block["text"] = text + _END_MARK + " "
        return text
    for name in fields:
        last[name] = message + _END_MARK + " "
    return str(message)


def _cut_at_end(rendered: str, message: str) -> str:
    if message.strip() not in rendered or _END_MARK not in rendered:
        raise ValueError("continue_final_message: the template left out the final message, or a part of it")
    at = rendered.rindex(_END_MARK)
    # Reasoning, which has several names, may have been written, and marked, before.
    kept = rendered[:at].replace(_END_MARK + " ", "").replace(_END_MARK, "")
    # A template that strips its messages stripped the blank behind the mark.
    return kept if rendered[at:].startswith(_END_MARK + " ") else kept.rstrip()


def _checked(conversation: Any) -> list[dict[str, Any]]:
    messages = plain(getattr(conversation, "messages", conversation))
    for message in messages:
        if not isinstance(message, dict):
            raise TypeError(f"a message of a chat is a dict, not {message!r}")
    # Templates would write "None" for what an API leaves out so.
    return [_with_reasoning({key: value for key, value in message.items() if value is not None}) for message in messages]


def render(
    conversation: Any,
    template: str,
    *,
    continue_final_message: Union[bool, str],
    tracks_generation: bool,
    variables: Mapping[str, Any],
) -> RenderedChat:
    """One conversation. tracks_generation: the assistant's own words are asked for. variables: what the template knows beside
    `messages`, plain.

    Raises ImportError without jinja2, jinja2.TemplateError for what is wrong in or with the template, ValueError and TypeError
    for conversations and arguments that make no sense.
    """
    compiled = _compiled(template, _MARKS if tracks_generation else _NO_MARKS)
    messages = _checked(conversation)
    message = ""
    if continue_final_message:
        field = continue_final_message if isinstance(continue_final_message, str) else "content"
        message = _mark_end(messages, field, template)
    text = compiled.render(messages=messages, **variables)
    rendered = _without_marks(text) if tracks_generation else RenderedChat(text, [])
    if continue_final_message:
        return RenderedChat(_cut_at_end(rendered.text, message), rendered.generated)
    return rendered


def is_tracked(template: str) -> bool:
    """Whether a template says what the assistant's own words are."""
    return _GENERATION.search(template) is not None


def chosen_template(
    templates: Union[str, Mapping[str, str], None], given: Optional[str], has_tools: bool
) -> str:
    """given: a template, or the name of one; None: the tokenizer's own.

    Raises ValueError if there is none.
    """
    if isinstance(templates, Mapping):
        if given is not None:
            return templates.get(given, given)
        for name in (*(["tool_use"] if has_tools else []), "default"):
            if name in templates:
                return templates[name]
        raise ValueError(f"none of the tokenizer's chat templates is the default: name one of {sorted(templates)}")
    template = templates if given is None else given
    if template is None:
        raise ValueError("the tokenizer has no chat template: set tokenizer.chat_template or pass chat_template")
    return template


def assistant_mask(row: Encoding, generated: Sequence[tuple[int, int]]) -> list[int]:
    """1 for tokens of stretches of text. One that truncation cut off ends the mask."""
    mask = [0] * len(row)
    for begin, end in generated:
        first, last = row.char_to_token(begin), row.char_to_token(end - 1)
        if first is None:
            break
        stop = last + 1 if last else len(row)
        mask[first:stop] = [1] * (stop - first)
    return mask


def tool_schemas(tools: Optional[Sequence[Any]]) -> Optional[list[Any]]:
    """Raises ValueError for what is no JSON schema."""
    if tools is None:
        return None
    for tool in tools:
        if not isinstance(tool, dict):
            raise ValueError(f"a tool is a JSON schema, a dict, not a {type(tool).__name__}")
    return list(tools)


def documents(given: Optional[Sequence[Any]]) -> Optional[list[Any]]:
    """Raises TypeError for what is no dict."""
    for document in given or ():
        if not isinstance(document, dict):
            raise TypeError("documents are dicts with 'title' and 'text'")
    return None if given is None else list(given)
