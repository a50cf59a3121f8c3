"""SentencePiece models of every kind and option, trained on the spot, and the comparison with sentencepiece itself."""

import io
import random
import struct

import pytest

import sentencepiece_peer as peer

spm = pytest.importorskip("sentencepiece")

WORDS = {
    "en": "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison.",
    "ru": "Все люди рождаются свободными и равными в своём достоинстве и правах. Они наделены разумом и совестью.",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "ar": "يولد جميع الناس أحرارا متساوين في الكرامة والحقوق. وقد وهبوا عقلا وضميرا",
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם.",
    "hi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "zh": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "ja": "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "ko": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "code": "def f(x, y=10): return [i ** 2 for i in range(x) if i % y == 0]  # 12345 67,890.12",
}


def training_text():
    """Deterministic sentences: shuffled words of all languages, with digits, repeated spaces and full-width forms."""
    rng = random.Random(7)
    sentences = []
    for text in WORDS.values():
        words = text.split()
        sentences += [text] + [" ".join(rng.sample(words, len(words))) for _ in range(12)]
    sentences += ["Ｆｕｌｌ　ｗｉｄｔｈ  ﬁne ㍿ ½ ①② ｶﾞｷﾞ   e\u0301 Å", "a  b   c    d\te", "<sep> x <mask>y<mask> tab\there"] * 6
    return sentences


# name -> options of the trainer. vocab_size is a soft limit where the text is too small for it.
MODELS = {
    **{
        f"{kind}-{rule}": dict(model_type=kind, normalization_rule_name=rule)
        for kind in ("unigram", "bpe")
        for rule in ("nmt_nfkc", "identity", "nfkc_cf", "nmt_nfkc_cf", "nfkc")
    },
    "unigram-bytes": dict(model_type="unigram", byte_fallback=True, vocab_size=1000),
    "bpe-bytes": dict(model_type="bpe", byte_fallback=True, vocab_size=1200),
    "bpe-llama": dict(model_type="bpe", byte_fallback=True, vocab_size=1400, normalization_rule_name="identity",
                      remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True),
    "unigram-spaces": dict(model_type="unigram", normalization_rule_name="identity", remove_extra_whitespaces=False,
                           allow_whitespace_only_pieces=True),
    "bpe-no-prefix": dict(model_type="bpe", add_dummy_prefix=False),
    "unigram-no-prefix": dict(model_type="unigram", add_dummy_prefix=False, remove_extra_whitespaces=False),
    "bpe-suffix": dict(model_type="bpe", treat_whitespace_as_suffix=True),
    "unigram-suffix": dict(model_type="unigram", treat_whitespace_as_suffix=True),
    "bpe-across-words": dict(model_type="bpe", split_by_whitespace=False, max_sentencepiece_length=32),
    "unigram-across-words": dict(model_type="unigram", split_by_whitespace=False, split_by_unicode_script=False,
                                 split_by_number=False),
    "bpe-symbols": dict(model_type="bpe", user_defined_symbols=["<sep>", "<mask>", "<ma", "an", "\u2581x", "人人", "  "],
                        control_symbols=["<ctl>", "Q"]),
    "unigram-symbols": dict(model_type="unigram", user_defined_symbols=["<sep>", "<mask>", "<ma", "an", "\u2581x", "人人", "  "],
                            control_symbols=["<ctl>", "Q"]),
    "char-symbols": dict(model_type="char", user_defined_symbols=["<sep>", "<mask>", "an"], control_symbols=["Q"]),
    "word-symbols": dict(model_type="word", user_defined_symbols=["<sep>", "<mask>", "an"], vocab_size=300),
    "char": dict(model_type="char"),
    "char-bytes": dict(model_type="char", byte_fallback=True),
    "word": dict(model_type="word", vocab_size=250),
    "word-suffix": dict(model_type="word", vocab_size=250, treat_whitespace_as_suffix=True),
    "bpe-ids": dict(model_type="bpe", unk_id=5, bos_id=-1, eos_id=0, pad_id=3, unk_piece="[UNK]", eos_piece="[E]",
                    pad_piece="[P]", unk_surface="<?>"),
    "unigram-ids": dict(model_type="unigram", unk_id=2, bos_id=1, eos_id=0, unk_surface=""),
    "unigram-delimiter": dict(model_type="unigram", pretokenization_delimiter="-"),
}


def rewrite(model, spec, **changes):
    """The model with fields of trainer_spec (2) or normalizer_spec (3) set."""
    fields = []
    for number, wire, value in peer.read_fields(model):
        if number == spec:
            value += peer.write_fields([(int(key[1:]), 0, int(v)) for key, v in changes.items()])
        fields.append((number, wire, value))
    return peer.write_fields(fields)


def mark_unused(model, every):
    """Every so many pieces of several characters become unused."""
    fields, n = [], 0
    for number, wire, value in peer.read_fields(model):
        if number == 1:
            parts = dict((f, v) for f, _, v in peer.read_fields(value))
            n += 1
            if parts.get(3, 1) == 1 and n % every == 0:
                value += peer.write_fields([(3, 0, 5)])
        fields.append((number, wire, value))
    return peer.write_fields(fields)


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """name -> path of a .model file."""
    folder = tmp_path_factory.mktemp("models")
    sentences = training_text()
    data = {}
    for name, options in MODELS.items():
        out = io.BytesIO()
        settings = dict(vocab_size=700, character_coverage=0.98, hard_vocab_limit=False, num_threads=1, minloglevel=2)
        spm.SentencePieceTrainer.train(sentence_iterator=iter(sentences), model_writer=out, **{**settings, **options})
        data[name] = out.getvalue()
    data["unigram-unused"] = mark_unused(data["unigram-identity"], 5)
    data["bpe-unused"] = mark_unused(data["bpe-nmt_nfkc"], 3)
    data["bpe-bytes-unused"] = mark_unused(data["bpe-bytes"], 2)
    data["char-unused"] = mark_unused(data["char"], 4)
    data["word-unused"] = mark_unused(data["word"], 4)
    data["bpe-plain-spaces"] = rewrite(data["bpe-no-prefix"], 3, f5=0)
    data["unigram-identity-raw"] = rewrite(data["unigram-identity"], 3, f3=0, f4=0, f5=0)
    data["bpe-flat"] = flat_scores(data["bpe-nmt_nfkc"])
    paths = {}
    for name, model in data.items():
        paths[name] = folder / f"{name}.model"
        paths[name].write_bytes(model)
    return paths


def flat_scores(model):
    """Scores rounded until many are equal: ties everywhere."""
    fields = []
    for number, wire, value in peer.read_fields(model):
        if number == 1:
            parts = [(f, w, v) for f, w, v in peer.read_fields(value) if f != 2]
            score = dict((f, v) for f, _, v in peer.read_fields(value)).get(2, b"\0\0\0\0")
            rounded = struct.pack("<f", struct.unpack("<f", score)[0] // 64)
            value = peer.write_fields(parts + [(2, 5, rounded)])
        fields.append((number, wire, value))
    return peer.write_fields(fields)


MODEL_NAMES = list(MODELS) + ["unigram-unused", "bpe-unused", "bpe-bytes-unused", "char-unused", "word-unused",
                           "bpe-plain-spaces", "unigram-identity-raw", "bpe-flat"]


def peer_encode(path, texts):
    """Per text the peer's (id, begin, end), in bytes."""
    processor = spm.SentencePieceProcessor(model_file=str(path))
    mappings = (processor.encode(text, return_type="offset_mapping") for text in texts)
    return [[(i, begin, end) for i, (begin, end) in zip(m["ids"], m["offsets"])] for m in mappings]


def assert_same(path, texts):
    expected = peer_encode(path, texts)
    actual = peer.run_probe("encode", path, texts)
    differing = [i for i in range(len(texts)) if expected[i] != actual[i]]
    shown = [(texts[i][:200], expected[i][:20], actual[i][:20]) for i in differing[:3]]
    assert not differing, f"{len(differing)} of {len(texts)} texts differ: {shown}"


ODD_TEXTS = [
    "", " ", "  ", "\u2581", "\u2581\u2581 \u2581", "\0", "a\0b", "\t", "\n\n", " a", "a ", "  a  b  ", "\u3000", "\u3000a\u3000",
    "\u200b", "\u200d\u200c", "\ufeffBOM", "\u00ad", "\u0301", "a\u0301\u0302\u0303", "\u202eRTL\u202c", "<s>", "</s>", "<unk>",
    "<ctl>Q", "<sep><mask><ma", "xan\u2581x x", "<0x0A>", "人人人", "👩‍👩‍👧‍👦 👍🏽", "\U0010ffff", "\ue000", "\ufffd",
    "\ufffe", "１２３", "ﬁﬂ", "㍿㌖", "Å", "가각", "ｶﾞ", "ﷺ", "½ a ½", "(株) ℡", "\x7f\x80\x9f", "[UNK][E][P]",
]


def odd_texts():
    rng = random.Random(11)
    alphabet = [chr(c) for c in range(0x250)] + list("\u2581\u3000\u0301\u200d人的は가각ﬁ①㍿ｶﾞ👍") + [" "] * 40
    texts = [t.encode() for t in ODD_TEXTS]
    texts += ["".join(rng.choices(alphabet, k=rng.randrange(1, 60))).encode() for _ in range(400)]
    return texts


def invalid_texts():
    rng = random.Random(12)
    parts = [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xe2\x96", b"\xf0\x9f\x91", b"\xf8\x88\x80\x80", b"\x80", b"\xe2", b"a", b" ",
             "人".encode(), "\u2581".encode(), b"\xf4\x90\x80\x80"]
    return [b"".join(rng.choices(parts, k=rng.randrange(1, 12))) for _ in range(300)]


def code_points():
    return [chr(c) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
