// tok/pipeline_spec.h: the steps before and after the model as plain data: normalizers, pre-tokenizers, decoders.
//
// Model: each stage is a list of steps. Names and meanings of the steps are those of Hugging Face `tokenizers` (0.23) and
// SentencePiece (0.2).
// Strings are UTF-8 except charsmaps. Regular expressions are kept as their author wrote them.
// A new member is named in tok/spec_fields.h too, else nothing compiles.
// Threads: plain values.
#ifndef TOK_PIPELINE_SPEC_H_
#define TOK_PIPELINE_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tok {

struct Pattern {
  bool is_regex = false;
  std::string text;
  friend bool operator==(const Pattern&, const Pattern&) = default;
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

}  // namespace tok

#endif  // TOK_PIPELINE_SPEC_H_
