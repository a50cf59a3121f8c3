"""tok train dna on 12 MB: the memory that one sequence takes, and the merges of many beside Hugging Face's trainer."""

from dna_peer import assert_same_model, huggingface
from dna_texts import fasta, genome
from peak_memory import peak_bytes

N_LETTERS = 12_000_000


def test_twelve_million_letters(tok, tmp_path):
    # Made once, repeated with other letters: python is slow at it.
    part = genome(1, N_LETTERS // 6)
    turns = ["ACGT", "CATG", "GTAC", "TGCA", "AGCT", "CTAG"]
    sequence = "".join(part.translate(str.maketrans("ACGT", turn)) for turn in turns)
    path, half, output = tmp_path / "genome.fa", tmp_path / "half.fa", tmp_path / "dna.json"
    path.write_text(fasta([("whole", sequence)]))
    half.write_text(fasta([("half", sequence[: len(sequence) // 2])]))
    peaks = [peak_bytes(tok.binary, "train", "dna", "-n", "4096", "-T", "1", "-o", output, p) for p in (half, path)]
    assert peaks[1] - peaks[0] < 13 * len(sequence) / 2  # bytes a letter
    # Hugging Face's trainer needs a time that grows as the square of a sequence: it gets short ones.
    reads = [sequence[i : i + 5000] for i in range(0, len(sequence), 5000)]
    path.write_text(fasta(enumerate(reads)))
    tok.must("train", "dna", "-n", "1000", "-o", output, path)
    assert_same_model(output, huggingface(reads, 1000))
