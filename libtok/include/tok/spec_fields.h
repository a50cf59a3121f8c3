// tok/spec_fields.h: the one list of what every specification struct holds, for code that must miss nothing: the frozen
// image, the identity hash, `tok inspect`, `tok diff`.
//
// Model: kFieldNames<T> names the members of T in the order of their declaration, and ForEachField visits them. A struct
// whose list is missing, too short or too long does not compile: the members are taken by a structured binding of as
// many names. kEnumNames<E> names the values of E from 0 on, so its size is the range check of an untrusted number.
// Names are those of JSON output.
// Cost: none at run time. Example:
//   ForEachField(step, [&](const char* name, const auto& value) { json[name] = Describe(value); });
#ifndef TOK_SPEC_FIELDS_H_
#define TOK_SPEC_FIELDS_H_

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include "tok/pipeline_spec.h"
#include "tok/tokenizer_spec.h"

namespace tok {

template <size_t n>
using SpecNames = std::array<const char*, n>;

// ---- Structs ------------------------------------------------------------------------------------------------------
template <typename T>
inline constexpr SpecNames<0> kFieldNames = {};

template <>
inline constexpr SpecNames<2> kFieldNames<Pattern> = {"is_regex", "text"};
template <>
inline constexpr SpecNames<7> kFieldNames<AddedToken> = {"id",     "content",    "single_word", "lstrip",
                                                         "rstrip", "normalized", "special"};
template <>
inline constexpr SpecNames<1> kFieldNames<normalizer::UnicodeForm> = {"form"};
template <>
inline constexpr SpecNames<2> kFieldNames<normalizer::Strip> = {"left", "right"};
template <>
inline constexpr SpecNames<4> kFieldNames<normalizer::Bert> = {"clean_text", "handle_chinese_chars",
                                                               "strip_accents", "lowercase"};
template <>
inline constexpr SpecNames<2> kFieldNames<normalizer::Replace> = {"pattern", "content"};
template <>
inline constexpr SpecNames<1> kFieldNames<normalizer::Prepend> = {"text"};
template <>
inline constexpr SpecNames<1> kFieldNames<normalizer::Precompiled> = {"charsmap"};
template <>
inline constexpr SpecNames<5> kFieldNames<normalizer::SentencePiece> = {
    "charsmap", "add_dummy_prefix", "remove_extra_whitespaces", "escape_whitespaces",
    "treat_whitespace_as_suffix"};
template <>
inline constexpr SpecNames<3> kFieldNames<pretokenizer::Split> = {"pattern", "behavior", "invert"};
template <>
inline constexpr SpecNames<3> kFieldNames<pretokenizer::ByteLevel> = {"add_prefix_space", "use_regex",
                                                                      "trim_offsets"};
template <>
inline constexpr SpecNames<1> kFieldNames<pretokenizer::Punctuation> = {"behavior"};
template <>
inline constexpr SpecNames<1> kFieldNames<pretokenizer::Digits> = {"individual"};
template <>
inline constexpr SpecNames<1> kFieldNames<pretokenizer::CharDelimiter> = {"delimiter"};
template <>
inline constexpr SpecNames<3> kFieldNames<pretokenizer::Metaspace> = {"replacement", "prepend_scheme",
                                                                      "split"};
template <>
inline constexpr SpecNames<1> kFieldNames<pretokenizer::FixedLength> = {"chars"};
template <>
inline constexpr SpecNames<2> kFieldNames<Merge> = {"left", "right"};
template <>
inline constexpr SpecNames<9> kFieldNames<BpeModelSpec> = {"mode",
                                                           "merges",
                                                           "dropout",
                                                           "unk_token",
                                                           "continuing_subword_prefix",
                                                           "end_of_word_suffix",
                                                           "fuse_unk",
                                                           "byte_fallback",
                                                           "ignore_merges"};
template <>
inline constexpr SpecNames<1> kFieldNames<PickyBpeModelSpec> = {"events"};
template <>
inline constexpr SpecNames<4> kFieldNames<PickyBpeModelSpec::Event> = {"kind", "token", "left", "right"};
template <>
inline constexpr SpecNames<3> kFieldNames<UnigramModelSpec> = {"unk_id", "byte_fallback", "sentencepiece"};
template <>
inline constexpr SpecNames<3> kFieldNames<WordPieceModelSpec> = {"unk_token", "continuing_subword_prefix",
                                                                 "max_input_chars_per_word"};
template <>
inline constexpr SpecNames<1> kFieldNames<WordLevelModelSpec> = {"unk_token"};
template <>
inline constexpr SpecNames<2> kFieldNames<SentencePieceLookupModelSpec> = {"unit", "byte_fallback"};
template <>
inline constexpr SpecNames<5> kFieldNames<TemplateItem> = {"kind", "ids", "tokens", "name", "type_id"};
template <>
inline constexpr SpecNames<3> kFieldNames<TemplateSpec> = {"template", "template_pair", "offset_trimming"};
template <>
inline constexpr SpecNames<3> kFieldNames<decoder::Metaspace> = {"replacement", "prepend_scheme", "split"};
template <>
inline constexpr SpecNames<2> kFieldNames<decoder::WordPiece> = {"prefix", "cleanup"};
template <>
inline constexpr SpecNames<1> kFieldNames<decoder::BpeSuffix> = {"suffix"};
template <>
inline constexpr SpecNames<3> kFieldNames<decoder::Strip> = {"content", "start", "stop"};
template <>
inline constexpr SpecNames<2> kFieldNames<decoder::Replace> = {"pattern", "content"};
template <>
inline constexpr SpecNames<3> kFieldNames<decoder::Ctc> = {"pad_token", "word_delimiter_token", "cleanup"};
template <>
inline constexpr SpecNames<5> kFieldNames<decoder::SentencePiece> = {
    "strip_dummy_prefix", "treat_whitespace_as_suffix", "unk_surface", "denormalizer_charsmap",
    "strip_leading_spaces"};
template <>
inline constexpr SpecNames<2> kFieldNames<DecoderSpec> = {"join_with_spaces", "decoders"};
template <>
inline constexpr SpecNames<5> kFieldNames<Scheme> = {"kind", "max_tokens", "random_ties", "probability",
                                                     "seed"};
template <>
inline constexpr SpecNames<13> kFieldNames<TokenizerSpec> = {
    "name",           "source_format", "unicode",        "alphabet", "vocabulary",
    "added_tokens",   "normalizers",   "pre_tokenizers", "model",    "scheme",
    "post_processor", "decoder",       "warnings"};

// ---- Visiting -----------------------------------------------------------------------------------------------------
// References to all members of `spec`, in order.
template <typename T>
constexpr auto SpecMembers(T& spec) {
  using Struct = std::remove_const_t<T>;
  constexpr size_t n = kFieldNames<Struct>.size();
  if constexpr (n == 1) {
    auto& [a] = spec;
    return std::tie(a);
  } else if constexpr (n == 2) {
    auto& [a, b] = spec;
    return std::tie(a, b);
  } else if constexpr (n == 3) {
    auto& [a, b, c] = spec;
    return std::tie(a, b, c);
  } else if constexpr (n == 4) {
    auto& [a, b, c, d] = spec;
    return std::tie(a, b, c, d);
  } else if constexpr (n == 5) {
    auto& [a, b, c, d, e] = spec;
    return std::tie(a, b, c, d, e);
  } else if constexpr (n == 7) {
    auto& [a, b, c, d, e, f, g] = spec;
    return std::tie(a, b, c, d, e, f, g);
  } else if constexpr (n == 9) {
    auto& [a, b, c, d, e, f, g, h, i] = spec;
    return std::tie(a, b, c, d, e, f, g, h, i);
  } else if constexpr (n == 13) {
    auto& [a, b, c, d, e, f, g, h, i, j, k, l, m] = spec;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m);
  } else {
    static_assert(n == 0 && std::is_empty_v<Struct>,
                  "name the members in kFieldNames; add a case for so many");
    return std::tuple<>();
  }
}

// visit(name, member) for every member in order.
template <typename T, typename Visit>
constexpr void ForEachField(T& spec, Visit&& visit) {
  std::apply(
      [&](auto&... members) {
        [[maybe_unused]] size_t i = 0;
        (visit(kFieldNames<std::remove_const_t<T>>[i++], members), ...);
      },
      SpecMembers(spec));
}

// ---- Enumerations -------------------------------------------------------------------------------------------------
template <typename E>
inline constexpr SpecNames<0> kEnumNames = {};  // not listed: does not compile where it is used

template <>
inline constexpr SpecNames<2> kEnumNames<VocabularyAlphabet> = {"text", "bytes"};
template <>
inline constexpr SpecNames<3> kEnumNames<UnicodeProfileName> = {"huggingface", "tiktoken", "sentencepiece"};
template <>
inline constexpr SpecNames<4> kEnumNames<normalizer::Form> = {"NFC", "NFD", "NFKC", "NFKD"};
template <>
inline constexpr SpecNames<5> kEnumNames<pretokenizer::Behavior> = {
    "Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"};
template <>
inline constexpr SpecNames<3> kEnumNames<pretokenizer::PrependScheme> = {"first", "always", "never"};
template <>
inline constexpr SpecNames<3> kEnumNames<BpeModelSpec::Mode> = {"merge list", "rank", "sentencepiece"};
template <>
inline constexpr SpecNames<10> kEnumNames<Scheme::Kind> = {
    "own",           "longest-prefix", "longest-suffix", "longest-token", "flota",
    "fewest-tokens", "weighted",       "rank",           "merges",        "dropout"};
template <>
inline constexpr SpecNames<2> kEnumNames<PickyBpeModelSpec::Event::Kind> = {"merge", "split"};
template <>
inline constexpr SpecNames<2> kEnumNames<SentencePieceLookupModelSpec::Unit> = {"word", "char"};
template <>
inline constexpr SpecNames<3> kEnumNames<TemplateItem::Kind> = {"A", "B", "tokens"};

}  // namespace tok

#endif  // TOK_SPEC_FIELDS_H_
