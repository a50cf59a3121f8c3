// tests/unit/encode/small_tokenizers.h: a tokenizer of every pattern family and every kind of BPE, small enough to be made
// again for each test.
#ifndef TOK_TESTS_UNIT_ENCODE_SMALL_TOKENIZERS_H_
#define TOK_TESTS_UNIT_ENCODE_SMALL_TOKENIZERS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "src/split/splitter.h"
#include "src/unicode/space_symbol.h"
#include "src/unicode/utf8.h"
#include "tests/support/temp_dir.h"
#include "tok/formats.h"
#include "tok/tokenizer_spec.h"

namespace tok {

inline std::string MultiscriptText() { return Slurp(TOK_SOURCE_DIR "/tests/data/multiscript.txt"); }

namespace small_tokenizers {

// All bytes and frequent English tokens, then stretches of a text in many scripts, which begin and end anywhere, also
// inside characters: merging reaches few of those.
inline std::vector<std::string> RankTokens() {
  constexpr size_t kEnglish = 3000, kStretches = 3000;
  const Vocabulary cl100k = ReadBundled("cl100k_base").value().vocabulary;
  std::vector<std::string> tokens;
  for (TokenId id = 0; id < kEnglish; ++id) tokens.emplace_back(cl100k.Bytes(id));
  std::set<std::string> seen(tokens.begin(), tokens.end());
  const std::string text = MultiscriptText();
  std::mt19937 random(7);
  while (tokens.size() < kEnglish + kStretches) {
    std::string token = text.substr(random() % text.size(), 2 + random() % 11);
    if (token.size() >= 2 && seen.insert(token).second) tokens.push_back(std::move(token));
  }
  return tokens;
}

inline Vocabulary MakeVocabulary(const std::vector<std::string>& tokens) {
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) EXPECT_TRUE(builder.Add(id, tokens[id]).ok());
  return std::move(builder).Build().value();
}

// SentencePiece's spelling of the same: unknown, bytes, characters, then what two tokens before it make.
struct TextTokens {
  std::vector<std::string> tokens;
  std::vector<Merge> merges;
};
inline TextTokens MakeTextTokens(const std::vector<std::string>& rank_tokens) {
  TextTokens made;
  made.tokens.push_back("<unk>");
  for (unsigned byte = 0; byte < 256; ++byte) made.tokens.push_back(absl::StrFormat("<0x%02X>", byte));
  std::vector<std::string> spelled;
  std::set<std::string> characters;
  for (const std::string& token : rank_tokens) {
    if (FindInvalidUtf8(token) != std::string_view::npos) continue;
    std::string text;
    for (const char c : token) c == ' ' ? text += kSpaceSymbol : text += c;
    for (size_t i = 0; i < text.size(); i += DecodeUtf8(text, i).n_bytes)
      characters.insert(text.substr(i, DecodeUtf8(text, i).n_bytes));
    spelled.push_back(std::move(text));
  }
  // Some characters are no tokens, so that bytes stand in for them.
  for (const std::string& character : characters) {
    if (made.tokens.size() % 9 != 0 || character.size() == 1) made.tokens.push_back(character);
  }
  for (const std::string& token : spelled) {
    const auto id_of = [&](std::string_view part) {
      const auto found = std::find(made.tokens.begin(), made.tokens.end(), part);
      return found == made.tokens.end() ? kNoToken : static_cast<TokenId>(found - made.tokens.begin());
    };
    if (id_of(token) != kNoToken) continue;
    for (size_t cut = DecodeUtf8(token, 0).n_bytes; cut < token.size();
         cut += DecodeUtf8(token, cut).n_bytes) {
      const Merge merge = {id_of(std::string_view(token).substr(0, cut)),
                           id_of(std::string_view(token).substr(cut))};
      if (merge.left == kNoToken || merge.right == kNoToken) continue;
      made.merges.push_back(merge);
      made.tokens.push_back(token);
      break;
    }
  }
  return made;
}

inline normalizer::Replace SpellBlanks() {
  normalizer::Replace replace;
  replace.pattern.text = " ";
  replace.content = std::string(kSpaceSymbol);
  return replace;
}

}  // namespace small_tokenizers

// Named by their families: gpt2, cl100k, o200k as tiktoken has them, llama3, qwen (NFC), deepseek as Hugging Face, llama2
// and gemma with merges over the text as a whole, and sentencepiece.
inline const std::vector<TokenizerSpec>& SmallSpecs() {
  static const auto* const specs = [] {
    using namespace small_tokenizers;
    auto* made = new std::vector<TokenizerSpec>;
    const std::vector<std::string> rank_tokens = RankTokens();
    BpeModelSpec rank_model;
    rank_model.mode = BpeModelSpec::Mode::kRank;
    TokenizerSpec bytes;
    bytes.alphabet = VocabularyAlphabet::kBytes;
    bytes.vocabulary = MakeVocabulary(rank_tokens);
    bytes.decoder.steps = {decoder::ByteLevel{}};
    for (const char* family : {"gpt2", "cl100k", "o200k", "llama3", "qwen", "deepseek"}) {
      TokenizerSpec spec = bytes;
      spec.name = family;
      rank_model.ignore_merges = made->size() % 2 == 1;
      spec.model = rank_model;
      if (made->size() < 3) spec.unicode_profile = UnicodeProfileName::kTiktoken;
      if (spec.name == "qwen") spec.normalizers = {normalizer::UnicodeForm{normalizer::Form::kNfc}};
      if (spec.name == "deepseek") {
        for (const std::string_view pattern : DeepSeekPatterns())
          spec.pre_tokenizers.push_back(pretokenizer::Split{{true, std::string(pattern)}});
      } else {
        spec.pre_tokenizers = {pretokenizer::Split{{true, std::string(PatternByName(family))}}};
      }
      made->push_back(std::move(spec));
    }
    const TextTokens text_tokens = MakeTextTokens(rank_tokens);
    BpeModelSpec merge_model;
    merge_model.merges = text_tokens.merges;
    merge_model.unk_token = "<unk>";
    merge_model.fuse_unk = merge_model.byte_fallback = true;
    TokenizerSpec text;
    text.vocabulary = MakeVocabulary(text_tokens.tokens);
    text.model = merge_model;
    text.name = "llama2";
    text.normalizers = {normalizer::Prepend{std::string(kSpaceSymbol)}, SpellBlanks()};
    made->push_back(text);
    text.name = "gemma";
    text.normalizers = {SpellBlanks()};
    text.pre_tokenizers = {
        pretokenizer::Split{{false, " "}, pretokenizer::Behavior::kMergedWithPrevious, false}};
    const TokenId line_end = text.vocabulary.Find("\n");
    text.added_tokens = {{line_end, "\n"}};
    made->push_back(text);
    VocabularyBuilder builder;
    for (TokenId id = 0; id < text_tokens.tokens.size(); ++id) {
      const TokenKind kind = id == 0     ? TokenKind::kUnknown
                             : id <= 256 ? TokenKind::kByte
                                         : TokenKind::kNormal;
      EXPECT_TRUE(builder.Add(id, text_tokens.tokens[id], kind, -static_cast<double>(id)).ok());
    }
    TokenizerSpec pieces;
    pieces.name = "sentencepiece";
    pieces.vocabulary = std::move(builder).Build().value();
    BpeModelSpec piece_model;
    piece_model.mode = BpeModelSpec::Mode::kSentencePiece;
    piece_model.byte_fallback = true;
    pieces.model = piece_model;
    pieces.unicode_profile = UnicodeProfileName::kSentencePiece;
    pieces.normalizers = {normalizer::SentencePiece{"", true, false, true, false}};
    made->push_back(std::move(pieces));
    return made;
  }();
  return *specs;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_ENCODE_SMALL_TOKENIZERS_H_
