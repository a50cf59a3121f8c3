"""Sequences made to look like genomes, and FASTA files of them."""

import random


def genome(seed, n_letters):
    """A Markov chain of order 3 with repeats and their diverged copies, as genomes have them."""
    generator = random.Random(seed)
    weights = {}
    parts, repeats = [], ["".join(generator.choices("ACGT", k=generator.randint(20, 300))) for _ in range(8)]
    context, length = "ACG", 0
    while length < n_letters:
        if generator.random() < 0.004:
            part = "".join(c if generator.random() > 0.1 else generator.choice("ACGT") for c in generator.choice(repeats))
        else:
            part = generator.choices("ACGT", weights=weights.setdefault(context, [generator.random() ** 2 for _ in range(4)]))[0]
        parts.append(part)
        length += len(part)
        context = (context + part)[-3:]
    return "".join(parts)


def with_gaps(sequence, seed):
    """Runs of N, other letters, and a third in small letters."""
    generator = random.Random(seed)
    letters = list(sequence)
    for _ in range(len(letters) // 5000 + 1):
        begin = generator.randrange(len(letters))
        letters[begin : begin + generator.choice([1, 50])] = generator.choice(["N" * 50, "R", "nn", "-"])
    for _ in range(len(letters) // 3000 + 1):
        begin = generator.randrange(len(letters))
        letters[begin : begin + 1000] = [letter.lower() for letter in letters[begin : begin + 1000]]
    return "".join(letters)


def fasta(records, width=70, line_end="\n"):
    text = []
    for name, sequence in records:
        text.append(f">{name}{line_end}")
        text += (sequence[i : i + width] + line_end for i in range(0, len(sequence), width))
    return "".join(text)
