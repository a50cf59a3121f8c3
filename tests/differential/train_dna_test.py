"""tok train dna beside Hugging Face's BpeTrainer over the same sequences, without a pre-tokenizer."""

import pytest
from dna_peer import assert_same_model, huggingface
from dna_texts import fasta, genome, with_gaps
from tokenizers import Tokenizer

COMPLEMENT = str.maketrans("ACGT", "TGCA")


@pytest.mark.parametrize("n_letters", [500, 10_000, 100_000])
@pytest.mark.parametrize("both_strands", [False, True])
def test_bases(tok, tmp_path, n_letters, both_strands):
    sequences = [genome(seed, n_letters // 3) for seed in range(3)]
    path, output = tmp_path / "genome.fa", tmp_path / "dna.json"
    path.write_text(fasta([(f"chr{i} of some", s) for i, s in enumerate(sequences)]))
    size = min(1024, n_letters // 5)
    tok.must("train", "dna", "-n", size, *(["--both-strands"] if both_strands else []), "-o", output, path)
    theirs = sequences + [s.translate(COMPLEMENT)[::-1] for s in sequences] if both_strands else sequences
    theirs = huggingface(theirs, size)
    assert_same_model(output, theirs)
    sample = sequences[0][:20_000]
    assert tok.encode(output, [sample]).lists()[0] == theirs.encode(sample).ids
    assert tok.decode(output, [theirs.encode(sample).ids]) == [sample]


@pytest.mark.parametrize("soft_mask", ["fold", "cut"])
@pytest.mark.parametrize("ambiguous", ["cut", "remove"])
def test_other_letters(tok, tmp_path, soft_mask, ambiguous):
    sequences = [with_gaps(genome(seed, 30_000), seed) for seed in range(2)]
    path, output = tmp_path / "genome.fa", tmp_path / "dna.json"
    path.write_bytes(fasta(enumerate(sequences), line_end="\r\n").encode())
    tok.must("train", "dna", "-n", "300", "--soft-mask", soft_mask, "--ambiguous", ambiguous, "-o", output, path)
    plain = [s.upper() if soft_mask == "fold" else s for s in sequences]
    join = "" if ambiguous == "remove" else "N"
    pieces = ["".join(c if c in "ACGT" else join for c in s) for s in plain]
    theirs = huggingface([piece for s in pieces for piece in s.split("N") if piece], 300)
    assert_same_model(output, theirs)
    # Encoding does to letters what training did: a run of others is one unknown token, or nothing.
    loaded, unknown = Tokenizer.from_file(str(output)), 0
    for given, clean in zip(sequences, pieces, strict=True):
        wanted = []
        parts = clean.split("N")
        for i, part in enumerate(parts):
            wanted += theirs.encode(part).ids
            if i + 1 < len(parts) and (wanted[-1:] != [unknown]):
                wanted.append(unknown)
        assert loaded.encode(given).ids == wanted
        assert tok.encode(output, [given]).lists()[0] == wanted


def test_a_sequence_a_line(tok, tmp_path):
    sequences = [genome(seed, 4000) for seed in range(5)]
    (tmp_path / "a.fa").write_text(fasta(enumerate(sequences), width=11))
    (tmp_path / "lines").write_text("\n".join(sequences))
    outputs = [tmp_path / "a.json", tmp_path / "lines.json"]
    tok.must("train", "dna", "-n", "200", "-o", outputs[0], tmp_path / "a.fa")
    tok.must("train", "dna", "-n", "200", "--split", "lines", "-o", outputs[1], tmp_path / "lines")
    assert outputs[0].read_bytes() == outputs[1].read_bytes()
