// encode/decoder_stages.h: the stages of decoder steps that look beyond one whole token; see decoder_steps.h.
#ifndef TOK_SRC_ENCODE_DECODER_STAGES_H_
#define TOK_SRC_ENCODE_DECODER_STAGES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/encode/decoder_steps.h"

namespace tok {

// `text` with every occurrence of `pattern`, from the left, replaced; an empty pattern occurs before and
// after every character (Rust's str::replace).
std::string ReplaceAll(std::string_view text, std::string_view pattern, std::string_view content);

// WordPiece's clean-up of spaces before punctuation and English contractions, as CTC uses it too.
std::string CleanUpWordPiece(std::string text);

// Collects each token, then applies a per-token step.
std::unique_ptr<TokenSink> MakeCollectStage(const DecoderStep& step, TokenSink* next);
// Replaces a non-empty literal, `first` in the first token and `rest` in the others, without collecting.
std::unique_ptr<TokenSink> MakeLiteralStage(std::string pattern, std::string first, std::string rest,
                                            TokenSink* next);
// Drops up to `start` characters `content` in front and up to `stop` behind, without collecting.
std::unique_ptr<TokenSink> MakeStripStage(std::string content, uint64_t start, uint64_t stop,
                                          TokenSink* next);
// Makes one token of all; `lossy` makes it valid UTF-8.
std::unique_ptr<TokenSink> MakeFuseStage(bool lossy, TokenSink* next);
std::unique_ptr<TokenSink> MakeByteFallbackStage(TokenSink* next);
// The suffix becomes a space, in the last token nothing.
std::unique_ptr<TokenSink> MakeBpeSuffixStage(std::string suffix, TokenSink* next);
std::unique_ptr<TokenSink> MakeCtcStage(const decoder::Ctc& options, TokenSink* next);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_STAGES_H_
