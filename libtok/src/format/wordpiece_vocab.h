// format/wordpiece_vocab.h: BERT's vocab.txt, one token a line, ids are line numbers from 0.
//
// Model: the pipeline is BERT's, as `tokenizers.BertWordPieceTokenizer` makes it: BertNormalizer, BertPreTokenizer,
// WordPiece with "##", [CLS] and [SEP] around the text, WordPiece decoder. Of a token on several lines the last counts,
// as in Hugging Face; the other ids stay unused. A model directory may change the options.
// Errors: TOK-E020 malformed, TOK-E021 if [UNK], [CLS] or [SEP] is missing.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_WORDPIECE_VOCAB_H_
#define TOK_SRC_FORMAT_WORDPIECE_VOCAB_H_

#include <string>
#include <string_view>

#include "src/format/tokenizer_json.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct WordPieceConfig {
  normalizer::Bert normalizer;
  std::string unk_token = "[UNK]", cls_token = "[CLS]", sep_token = "[SEP]", pad_token = "[PAD]",
              mask_token = "[MASK]";
  TokenizerJsonExtras extras;
};

absl::StatusOr<TokenizerSpec> ReadWordPieceVocab(std::string_view bytes, std::string_view place,
                                                 const WordPieceConfig& config);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_WORDPIECE_VOCAB_H_
