// tok/tokenizer_spec.h: a tokenizer as plain data: what every format reader produces, every writer consumes and
// Tokenizer::Create compiles.
//
// Model: the pipeline of docs/architecture.md, each stage a list of steps (tok/pipeline_spec.h) around one model. A reader
// that meets what it cannot express refuses the file (TOK-E022) rather than dropping it.
// Strings are UTF-8 except vocabulary bytes. A new member is named in tok/spec_fields.h too, else nothing compiles.
// Threads: plain values.
#ifndef TOK_TOKENIZER_SPEC_H_
#define TOK_TOKENIZER_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tok/pipeline_spec.h"
#include "tok/scheme.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

// How vocabulary bytes relate to the spelling in the file.
enum class VocabularyAlphabet : uint8_t {
  kText,   // as spelled in the file
  kBytes,  // raw bytes (read from the GPT-2 byte alphabet or from base64)
};

// Which tables classes and normal forms follow; see unicode/profile.h.
enum class UnicodeProfileName : uint8_t { kHuggingFace, kTiktoken, kSentencePiece };

// ---- Added tokens -------------------------------------------------------------------------------------------------
struct AddedToken {
  TokenId id = kNoToken;
  std::string content;
  bool single_word = false;  // only between non-word characters
  bool lstrip = false;       // eats white space to the left
  bool rstrip = false;
  bool normalized = false;  // matched after the normalizer (and content normalized), else before it
  bool special = false;     // subject to SpecialPolicy; skipped by decode when asked
  friend bool operator==(const AddedToken&, const AddedToken&) = default;
};

// ---- Models -------------------------------------------------------------------------------------------------------
struct Merge {
  TokenId left, right;
  friend bool operator==(const Merge&, const Merge&) = default;
};

struct BpeModelSpec {
  enum class Mode : uint8_t {
    kMergeList,      // only listed merges, lowest position first (Hugging Face)
    kRank,           // any pair whose concatenation is a token, lowest id first (tiktoken, tekken)
    kSentencePiece,  // any pair whose concatenation is a piece, highest score first; unused pieces split again;
                     // runs over whole normalized text
  };
  Mode mode = Mode::kMergeList;
  std::vector<Merge> merges;             // kMergeList only, in priority order; of equal pairs the last counts
  std::optional<double> dropout;         // applied only when the caller asks for sampling
  std::optional<std::string> unk_token;  // kMergeList
  std::string continuing_subword_prefix;  // kMergeList with VocabularyAlphabet::kText
  std::string end_of_word_suffix;         // same
  bool fuse_unk = false;
  bool byte_fallback = false;
  bool ignore_merges = false;  // a piece that is a token is that token
};

// PickyBPE: what merges made may be split again. Byte-level, all 256 bytes are tokens. Each event is applied to the whole
// piece, from the left to the right, before the next.
struct PickyBpeModelSpec {
  struct Event {
    enum class Kind : uint32_t { kMerge, kSplit };
    Kind kind;
    TokenId token, left, right;  // left and right become token, or token becomes left and right
    friend bool operator==(const Event&, const Event&) = default;
  };
  std::vector<Event> events;  // ids from the size of the vocabulary on: tokens that were deleted
};

struct UnigramModelSpec {
  std::optional<TokenId> unk_id;
  bool byte_fallback = false;
  // Hugging Face and SentencePiece agree on best paths except in how unknown characters fuse and what may match;
  // true: SentencePiece's rules (user-defined pieces, control and byte pieces never match).
  bool sentencepiece = false;
};

struct WordPieceModelSpec {
  std::string unk_token = "[UNK]";
  std::string continuing_subword_prefix = "##";
  uint64_t max_input_chars_per_word = 100;
};

struct WordLevelModelSpec {
  std::string unk_token = "<unk>";
};

// SentencePiece `word` and `char` models: pieces are looked up whole.
struct SentencePieceLookupModelSpec {
  enum class Unit : uint8_t { kWord, kChar };
  Unit unit = Unit::kWord;
  bool byte_fallback = false;
};

using ModelSpec = std::variant<BpeModelSpec, UnigramModelSpec, WordPieceModelSpec, WordLevelModelSpec,
                               SentencePieceLookupModelSpec, PickyBpeModelSpec>;

// ---- Post-processor -----------------------------------------------------------------------------------------------
struct TemplateItem {
  enum class Kind : uint8_t { kSequenceA, kSequenceB, kTokens };
  Kind kind = Kind::kSequenceA;
  std::vector<TokenId> ids;         // kTokens
  std::vector<std::string> tokens;  // kTokens: names, for writing the file again
  std::string name;                 // kTokens: the template's own name of the item
  uint32_t type_id = 0;
};
struct TemplateSpec {
  std::vector<TemplateItem> single;  // empty: no template
  std::vector<TemplateItem> pair;
  // Hugging Face's ByteLevel (or RobertaProcessing) as post-processor: it only trims offsets, which libtok leaves to
  // its callers; kept for writing the file again.
  std::optional<pretokenizer::ByteLevel> offset_trimming;
};

// ---- The whole ----------------------------------------------------------------------------------------------------
struct TokenizerSpec {
  std::string name;           // bundled name or file stem, for messages
  std::string source_format;  // "tiktoken", "tokenizer.json", "sentencepiece", ...
  UnicodeProfileName unicode_profile = UnicodeProfileName::kHuggingFace;
  VocabularyAlphabet alphabet = VocabularyAlphabet::kText;

  Vocabulary vocabulary;  // model tokens and added tokens
  std::vector<AddedToken> added_tokens;

  std::vector<normalizer::Step> normalizers;
  std::vector<pretokenizer::Step> pre_tokenizers;
  ModelSpec model;
  Scheme scheme;  // other than own: what segments pieces in place of the model
  TemplateSpec post_processor;
  DecoderSpec decoder;

  // Things the file asks for that libtok leaves to the caller (truncation, padding): one sentence each.
  std::vector<std::string> warnings;
};

}  // namespace tok

#endif  // TOK_TOKENIZER_SPEC_H_
