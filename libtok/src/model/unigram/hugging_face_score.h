// model/unigram/hugging_face_score.h: a Unigram score as Hugging Face tokenizers reads it from tokenizer.json.
//
// Model: its JSON reader (serde_json without float_roundtrip) takes the decimal digits as one integer, rounds that to a
// double and divides by a power of ten, which rounds again: one score in eight ends beside the nearest double. That
// decides between paths whose sums are equal but for the last bit. Vocabularies keep the nearest double, so that
// files are written back as they were read; the model asks here.
// Assumes that the file spells the score with the fewest digits that tell it apart, as every JSON writer does.
// Source: measured with tokenizers 0.23.3 (tests/differential).
#ifndef TOK_SRC_MODEL_UNIGRAM_HUGGING_FACE_SCORE_H_
#define TOK_SRC_MODEL_UNIGRAM_HUGGING_FACE_SCORE_H_

namespace tok {

// `score` must be finite.
double HuggingFaceScore(double score);

}  // namespace tok

#endif  // TOK_SRC_MODEL_UNIGRAM_HUGGING_FACE_SCORE_H_
