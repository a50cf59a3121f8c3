"""Chat templates beside transformers: text, ids, masks, what is refused."""

import pytest

import hf_cases
from hf_cases import everything, same

import numpy as np
jinja2 = pytest.importorskip("jinja2")

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' }}{% if message.role == 'assistant' %}"
    "{% generation %}{{ message['content'] }}{% endgeneration %}{% else %}{{ message['content'] }}{% endif %}"
    "{{ '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
TRIMMED = "{{ bos_token }}{% for m in messages %}[{{ m['role'] }}] {{ m['content'] | trim }} {% endfor %}{{ extra }}"
TOOLS = "{{ tools | tojson(indent=2) }}{% for d in documents or [] %}{{ d.title }}: {{ d.text }}\n{% endfor %}{{ messages | tojson }}"
PARTS = "{% for m in messages %}{{ m.role }}:{% for part in m.content %}{{ part.text }}{% endfor %};{% endfor %}"
REASONING = "{% for m in messages %}{{ m.role }}{{ m.reasoning_content }}|{{ m.thinking }}|{{ m.content }}{% endfor %}"
TIGHT = "{% for m in messages %}{{ m.role }}:{{ m.content | trim }};{% endfor %}"
PYTHONIC = (
    "{% set ns = namespace(found=false, n=0) %}{% for m in messages %}{% if loop.index0 == 2 %}{% break %}{% endif %}"
    "{% set ns.n = ns.n + 1 %}{% endfor %}{{ dict(a=ns.n) }}  \n   {%- if ns.found %}x{% endif %}{{ strftime_now('%Y') }}"
)
HOSTILE = [
    "{{ raise_exception('no') }}", "{{ messages.append(1) }}", "{{ ''.__class__.__mro__ }}", "{{ namespace(_x=1) }}", "{% if %}",
    "{% set ns = namespace() %}{% set ns.__class__ = 1 %}", "{{ dict.__class__ }}", "{{ undefined.attribute }}",
]  # fmt: skip
CHAT = [
    {"role": "system", "content": "Be <brief> & kind."}, {"role": "user", "content": "Hi 🤗 there "},
    {"role": "assistant", "content": "Hello, world!"}, {"role": "user", "content": "Bye"}, {"role": "assistant", "content": " Good bye. "},
]  # fmt: skip


@pytest.fixture(scope="module", params=["gpt2", "llama", "bert"])
def pair(request, tmp_path_factory):
    return hf_cases.Pair(hf_cases.folder_of(request.param, tmp_path_factory))


def test_hostile_templates(pair):
    for template in HOSTILE:
        same(pair, lambda t, x=template: t.apply_chat_template(CHAT, chat_template=x, tokenize=False), template)


@pytest.mark.parametrize("template", [CHATML, TRIMMED, TIGHT, TOOLS, PARTS, REASONING, PYTHONIC])
def test_rendering(pair, template):
    reasoned = [{"role": "assistant", "content": "so", "reasoning": "because", "tool_calls": None}]
    parted = [{"role": "user", "content": [{"type": "text", "text": "a "}, {"type": "text", "text": "b "}]}]
    tools = [{"type": "function", "function": {"name": "f", "description": "né & <x>", "parameters": {}}}]
    for chat in (CHAT, CHAT[:1], reasoned, parted, [CHAT, CHAT[:2]], [], [{"role": "user", "content": np.zeros(2)}]):
        for options in (
            {}, {"add_generation_prompt": True}, {"extra": "more", "bos_token": "[B]"}, {"tools": tools, "documents": [{"title": "T", "text": "x"}]},
            {"continue_final_message": True}, {"continue_final_message": "reasoning_content"}, {"tools": [5]}, {"documents": ["x"]},
            {"continue_final_message": True, "add_generation_prompt": True},
        ):  # fmt: skip
            if template is REASONING and "continue_final_message" in options and chat is reasoned:
                continue  # transformers leaves its own mark in the text
            same(pair, lambda t, c=chat, o=options: t.apply_chat_template(c, chat_template=template, tokenize=False, **o), (chat, options))


def test_ids_and_masks(pair):
    for options in (
        {}, {"return_dict": False}, {"return_assistant_tokens_mask": True}, {"return_assistant_tokens_mask": True, "return_dict": False},
        {"truncation": True, "max_length": 20, "return_assistant_tokens_mask": True}, {"return_tensors": "np"},
        {"return_tensors": "np", "padding": True, "return_assistant_tokens_mask": True}, {"padding": "max_length", "max_length": 200},
        {"tokenizer_kwargs": {"return_offsets_mapping": True}}, {"continue_final_message": True, "return_assistant_tokens_mask": True},
    ):  # fmt: skip
        for chat in (CHAT, CHAT[:2], [CHAT, CHAT[1:3]]):
            def use(tokenizer, chat=chat, options=options):
                result = tokenizer.apply_chat_template(chat, chat_template=CHATML, **options)
                return everything(result) if hasattr(result, "encodings") else result

            same(pair, use, (chat, options))


def test_choosing_a_template(pair):
    for templates in (None, "default {{ messages }}", {"default": "d", "tool_use": "t"}, {"rag": "r"}):
        for tokenizer in pair:
            tokenizer.chat_template = templates
        for options in ({}, {"tools": []}, {"chat_template": "rag"}, {"chat_template": "tool_use"}, {"chat_template": "own {{ messages }}"}):
            same(pair, lambda t, o=options: t.get_chat_template(**o), (templates, options))
            same(pair, lambda t, o=options: t.apply_chat_template(CHAT, tokenize=False, **o), (templates, options))


def test_what_a_message_says_marks_nothing(tmp_path_factory):
    """The stretches of the assistant are found by marks that no message can hold."""
    import libtok.hf._chat as chat

    tokenizer = hf_cases.Pair(hf_cases.folder_of("gpt2", tmp_path_factory)).mine
    messages = [{"role": "user", "content": "libtok-end-of-final-message <0>"}, {"role": "assistant", "content": "x"}]
    batch = tokenizer.apply_chat_template(messages, chat_template=CHATML, return_assistant_tokens_mask=True)
    assert sum(batch["assistant_masks"]) == 1
    assert chat.is_tracked(CHATML) and not chat.is_tracked(TRIMMED)
