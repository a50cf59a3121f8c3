// tok/tokenizer_spec.h: a tokenizer as plain data: what every format reader produces, every writer consumes and
// Tokenizer::Create compiles.
//
// Model: the pipeline of DESIGN section 2, each stage a list of steps. Names and meanings of the steps are those of
// Hugging Face `tokenizers` (0.23) and SentencePiece (0.2); a reader that meets a step it cannot express refuses the
// file (TOK-E022) rather than dropping it.
// Strings are UTF-8 except vocabulary bytes. Regular expressions are kept as their author wrote them.
// Threads: plain values.
#ifndef TOK_TOKENIZER_SPEC_H_
#define TOK_TOKENIZER_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

struct Pattern {
  bool is_regex = false;
  std::string text;
  friend bool operator==(const Pattern&, const Pattern&) = default;
};

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

// ---- Normalizers --------------------------------------------------------------------------------------------------
namespace normalizer {
enum class Form : uint8_t { kNfc, kNfd, kNfkc, kNfkd };
struct UnicodeForm {
  Form form;
};
struct Nmt {};
struct Lowercase {};
struct StripAccents {};
struct Strip {
  bool left = true, right = true;
};
struct Bert {
  bool clean_text = true, handle_chinese_chars = true;
  std::optional<bool> strip_accents;  // absent: follows lowercase
  bool lowercase = true;
};
struct Replace {
  Pattern pattern;
  std::string content;
};
struct Prepend {
  std::string text;
};
struct Precompiled {
  std::string charsmap;
};                    // SentencePiece charsmap, raw bytes
struct ByteLevel {};  // bytes to the GPT-2 byte alphabet
// SentencePiece's own normalizer: charsmap (may be empty), then its white space rules. User-defined symbols of the
// vocabulary pass through unchanged.
struct SentencePiece {
  std::string charsmap;
  bool add_dummy_prefix = true, remove_extra_whitespaces = true, escape_whitespaces = true;
  bool treat_whitespace_as_suffix = false;
};
using Step = std::variant<UnicodeForm, Nmt, Lowercase, StripAccents, Strip, Bert, Replace, Prepend,
                          Precompiled, ByteLevel, SentencePiece>;
}  // namespace normalizer

// ---- Pre-tokenizers -----------------------------------------------------------------------------------------------
namespace pretokenizer {
enum class Behavior : uint8_t { kRemoved, kIsolated, kMergedWithPrevious, kMergedWithNext, kContiguous };
enum class PrependScheme : uint8_t { kFirst, kAlways, kNever };
struct Split {
  Pattern pattern;
  Behavior behavior = Behavior::kIsolated;
  bool invert = false;
};
struct ByteLevel {
  bool add_prefix_space = true, use_regex = true, trim_offsets = true;
};
struct Whitespace {};
struct WhitespaceSplit {};
struct Bert {};
struct Punctuation {
  Behavior behavior = Behavior::kIsolated;
};
struct Digits {
  bool individual = false;
};
struct CharDelimiter {
  char32_t delimiter = 0;
};
struct Metaspace {
  char32_t replacement = 0x2581;
  PrependScheme prepend_scheme = PrependScheme::kAlways;
  bool split = true;
};
struct UnicodeScripts {};
struct FixedLength {
  uint64_t n_chars = 5;
};
using Step = std::variant<Split, ByteLevel, Whitespace, WhitespaceSplit, Bert, Punctuation, Digits,
                          CharDelimiter, Metaspace, UnicodeScripts, FixedLength>;
}  // namespace pretokenizer

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
                               SentencePieceLookupModelSpec>;

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

// ---- Decoders -----------------------------------------------------------------------------------------------------
namespace decoder {
struct ByteLevel {};
struct Metaspace {
  char32_t replacement = 0x2581;
  pretokenizer::PrependScheme prepend_scheme = pretokenizer::PrependScheme::kAlways;
  bool split = true;
};
struct WordPiece {
  std::string prefix = "##";
  bool cleanup = true;
};
struct BpeSuffix {
  std::string suffix = "</w>";
};  // Hugging Face BPEDecoder
struct ByteFallback {};
struct Fuse {};
struct Strip {
  char32_t content = ' ';
  uint64_t start = 0, stop = 0;
};
struct Replace {
  Pattern pattern;
  std::string content;
};
struct Ctc {
  std::string pad_token = "<pad>", word_delimiter_token = "|";
  bool cleanup = true;
};
// SentencePiece's own. Control pieces vanish; unknown pieces become unk_surface; a run of byte pieces becomes its
// bytes, each byte that starts no valid UTF-8 as U+FFFD; U+2581 becomes a space. While nothing has come out yet, a
// piece that begins with U+2581 loses it if strip_dummy_prefix: only the first such piece, or each of them if
// strip_leading_spaces. The charsmap, if any, rewrites the whole result as normalizer::SentencePiece with every
// flag false would.
struct SentencePiece {
  bool strip_dummy_prefix = true;  // add_dummy_prefix or remove_extra_whitespaces of the model
  bool treat_whitespace_as_suffix = false;
  std::string unk_surface = " \xE2\x81\x87 ";
  std::string denormalizer_charsmap;
  bool strip_leading_spaces = true;  // remove_extra_whitespaces of the model
};
using Step = std::variant<ByteLevel, Metaspace, WordPiece, BpeSuffix, ByteFallback, Fuse, Strip, Replace, Ctc,
                          SentencePiece>;
}  // namespace decoder

struct DecoderSpec {
  // How tokens become text when `steps` is empty: bytes end to end (tiktoken), or joined by spaces (Hugging Face
  // with "decoder": null).
  bool join_with_spaces = false;
  std::vector<decoder::Step> steps;
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
  TemplateSpec post_processor;
  DecoderSpec decoder;

  // Things the file asks for that libtok leaves to the caller (truncation, padding): one sentence each.
  std::vector<std::string> warnings;
};

}  // namespace tok

#endif  // TOK_TOKENIZER_SPEC_H_
