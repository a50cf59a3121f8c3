"""tok train bpe --continue from more published tokenizers."""

import pytest
from continued_bpe_test import check_continued, text  # noqa: F401


@pytest.mark.parametrize("name", ["cl100k_base", "qwen3", "deepseek_v3"])
def test_published_tokenizers(tok, tmp_path, text, name):  # noqa: F811
    check_continued(tok, tmp_path, text, name)
