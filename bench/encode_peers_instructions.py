"""Instructions that one warm pass of libtok takes: valgrind's callgrind on a run with two passes, less one with one."""

import json
import pathlib
import re
import subprocess


def count_pieces(tokenizer_json: pathlib.Path, documents: list[str]) -> int | None:
    """Pieces that Hugging Face's splitter of the vocabulary makes; None for a vocabulary that does not split."""
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer_json))
    if tokenizer.pre_tokenizer is None:
        return None
    normal = tokenizer.normalizer.normalize_str if tokenizer.normalizer else str
    pieces = sum(len(tokenizer.pre_tokenizer.pre_tokenize_str(normal(document))) for document in documents)
    return pieces if pieces > len(documents) else None


def of_a_warm_pass(command: list[str], folder: pathlib.Path, record: dict, n_pieces: int | None) -> dict:
    counts = [counted(command, folder, passes) for passes in (1, 2)]
    warm = counts[1] - counts[0]
    return {
        "instructions_per_byte": round(warm / record["bytes"], 3),
        "instructions_per_id": round(warm / record["ids"], 1),
        "instructions_per_piece": round(warm / n_pieces, 1) if n_pieces else None,
    }


def counted(command: list[str], folder: pathlib.Path, passes: int) -> int:
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder / 'callgrind.out'}", *command],
        input="pass\n" * passes,
        capture_output=True,
        text=True,
        check=True,
    )
    json.loads(done.stdout.splitlines()[-1])  # the last pass was answered
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])
