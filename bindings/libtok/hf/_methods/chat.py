"""Conversations: as text by the chat template, and encoded."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Optional, Union

from libtok.hf import _chat
from libtok.hf._methods.encode import EncodeMethods

_logger = logging.getLogger(__name__)


class ChatMethods(EncodeMethods):
    """apply_chat_template and the template that it takes."""

    def get_chat_template(self, chat_template: Optional[str] = None, tools: Optional[Sequence[Any]] = None) -> str:
        """The template that apply_chat_template takes: the one given, or of that name, or the tokenizer's own.

        Raises ValueError if there is none.
        """
        return _chat.chosen_template(self.chat_template, chat_template, tools is not None)

    def apply_chat_template(
        self,
        conversation: Any,
        tools: Optional[Sequence[Any]] = None,
        documents: Optional[Sequence[Mapping[str, Any]]] = None,
        chat_template: Optional[str] = None,
        add_generation_prompt: bool = False,
        continue_final_message: Union[bool, str] = False,
        tokenize: bool = True,
        padding: Union[bool, str] = False,
        truncation: Union[bool, str] = False,
        max_length: Optional[int] = None,
        return_tensors: Optional[str] = None,
        return_dict: bool = True,
        return_assistant_tokens_mask: bool = False,
        tokenizer_kwargs: Optional[Mapping[str, Any]] = None,
        **kwargs: Any,
    ) -> Any:
        """A conversation, a list of {"role": ..., "content": ...}, or a batch of them, through the chat template: encoded; its
        input_ids alone with return_dict=False; as text with tokenize=False.

        tools: JSON schemas of functions. documents: dicts. add_generation_prompt: an assistant's message is begun.
        continue_final_message: the last message is left open (a str: which of its fields). return_assistant_tokens_mask: with
        assistant_masks, 1 for what the template says that the assistant generates. kwargs: further variables of the template.

        Raises ImportError without jinja2, ValueError for what makes no sense together, jinja2.TemplateError from the template.
        """
        if kwargs.pop("sanitize_control_tokens", False):
            raise NotImplementedError("sanitize_control_tokens")
        if return_assistant_tokens_mask and not (return_dict and tokenize):
            raise ValueError("return_assistant_tokens_mask needs return_dict and tokenize")
        template = self.get_chat_template(chat_template, tools)
        if isinstance(conversation, (list, tuple)) and len(conversation) == 0:
            raise ValueError("a conversation has at least one message")
        if continue_final_message and (add_generation_prompt or return_assistant_tokens_mask):
            raise ValueError("continue_final_message goes with neither add_generation_prompt nor return_assistant_tokens_mask")
        if return_assistant_tokens_mask and not _chat.is_tracked(template):
            _logger.warning("the chat template has no {%% generation %%}: assistant_masks are 0")
        is_batched = isinstance(conversation, (list, tuple)) and (
            isinstance(conversation[0], (list, tuple)) or hasattr(conversation[0], "messages")
        )
        variables = {
            "tools": _chat.tool_schemas(tools),
            "documents": _chat.documents(documents),
            "add_generation_prompt": add_generation_prompt,
            **self.special_tokens_map,
            **kwargs,
        }
        rendered = [
            _chat.render(
                one,
                template,
                continue_final_message=continue_final_message,
                tracks_generation=return_assistant_tokens_mask,
                variables=_chat.plain(variables),
            )
            for one in (conversation if is_batched else [conversation])
        ]
        texts = [chat.text for chat in rendered]
        if not tokenize:
            return texts if is_batched else texts[0]
        batch = self(
            texts if is_batched else texts[0],
            padding=padding,
            truncation=truncation,
            max_length=max_length,
            add_special_tokens=False,
            return_tensors=return_tensors,
            tokenizer_kwargs=tokenizer_kwargs,
        )
        if not return_dict:
            return batch["input_ids"]
        if return_assistant_tokens_mask:
            rows = batch.encodings or ()
            masks = [_chat.assistant_mask(row, chat.generated) for row, chat in zip(rows, rendered)]
            batch["assistant_masks"] = masks if is_batched or return_tensors else masks[0]
            batch.convert_to_tensors(return_tensors)
        return batch
