"""What `tok convert` and `tok freeze` write of the generated tokenizers that the fast tier leaves out."""

import pytest

pytest.importorskip("tokenizers")
pytest.importorskip("sentencepiece")

import make_configs
from peers_convert_test import NAMES, check_round_trip


@pytest.mark.parametrize("name", sorted(set(make_configs.CONFIGS) - set(NAMES)))
def test_tokenizer_json_and_image_round_trip(tok, generated, tmp_path, name):
    check_round_trip(tok, generated("config", name), tmp_path)
