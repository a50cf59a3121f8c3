"""A drop-in for transformers' PreTrainedTokenizerFast over libtok: the same calls, values and exceptions, without transformers.

    from libtok.hf import FastTokenizer

    tokenizer = FastTokenizer.from_pretrained("path/to/model")          # a model's directory; nothing is downloaded
    batch = tokenizer(["Hello", "Hello world"], padding=True, return_tensors="np")
    batch["input_ids"], batch["attention_mask"]

It follows transformers 5 over tokenizers 0.23. What it has: calls with texts, pairs, batches and split texts; padding and
truncation with every strategy, stride, overflow and side; offsets in code points, word and sequence ids and the way between
them; arrays and tensors; pad() for data collators; decoding; special and added tokens; chat templates (jinja2: `pip install
libtok[chat]`); save_pretrained, which transformers reads.

Threads may share a tokenizer: what a call is asked for is never state of the tokenizer. Setting an attribute (`pad_token`,
`padding_side`) and adding tokens does change it, at once, for calls that begin afterwards. It pickles by content, works after
fork(), and its `fingerprint()` is equal for equal tokenizers only, on every machine.

A plain batch is encoded by several threads. Offsets, words and tokens of a row cost encoding its text once more, when they are
asked for.

Where it differs:
- Directories and files only: names of models on the hub raise FileNotFoundError.
- Where `tokenizers` panics (a stride no less than a window), ValueError.
- `tokens` of added tokens that are found in normalized text are spelled as in the text itself.
- convert_tokens_to_string takes tokens of the vocabulary only.
- `backend_tokenizer` is libtok's Tokenizer; training, slow tokenizers and sanitize_control_tokens are transformers' own.

>>> import libtok
>>> tokenizer = FastTokenizer(tokenizer_object=libtok.load("gpt2"), eos_token="<|endoftext|>")
>>> tokenizer("Hello world", return_offsets_mapping=True)
{'input_ids': [15496, 995], 'attention_mask': [1, 1], 'offset_mapping': [(0, 5), (5, 11)]}
>>> tokenizer.pad_token = tokenizer.eos_token
>>> tokenizer(["Hello", "Hello world"], padding=True)["input_ids"]
[[15496, 50256], [15496, 995]]
>>> tokenizer("Hello world").word_ids()
[0, 1]
>>> tokenizer.decode([15496, 995])
'Hello world'
"""

from libtok.hf._added_token import AddedToken
from libtok.hf._batch_encoding import BatchEncoding, CharSpan, TokenSpan
from libtok.hf._encoding import Encoding
from libtok.hf._options import PaddingStrategy, TruncationStrategy
from libtok.hf._tensors import TensorType
from libtok.hf._tokenizer import FastTokenizer

__all__ = [
    "AddedToken",
    "BatchEncoding",
    "CharSpan",
    "Encoding",
    "FastTokenizer",
    "PaddingStrategy",
    "TensorType",
    "TokenSpan",
    "TruncationStrategy",
]
