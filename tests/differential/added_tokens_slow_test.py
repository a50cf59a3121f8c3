"""The search for added tokens: more combinations of flags, and every character of Unicode beside an added token."""

import pytest

pytest.importorskip("tokenizers")

import texts
from added_tokens_test import check_flags, check_words_and_spaces


def test_every_combination_of_flags():
    check_flags(24, 4000)


def test_words_and_spaces_of_all_of_unicode():
    check_words_and_spaces([chr(c) for c in range(0x110000) if texts.is_scalar(c)])
