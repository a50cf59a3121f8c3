#include "cli/tokenizer_file.h"

namespace tok::cli {
namespace {

// A .tiktoken file carries neither pattern nor special tokens; its reader is told what the writer knew.
ReadOptions OptionsFor(const TokenizerSpec& spec) {
  ReadOptions options;
  for (const pretokenizer::Step& step : spec.pre_tokenizers) {
    if (const auto* split = std::get_if<pretokenizer::Split>(&step)) options.pattern = split->pattern.text;
  }
  options.special_tokens = spec.added_tokens;
  return options;
}

absl::StatusOr<TokenizerSpec> Reread(const TokenizerSpec& spec, Format format, const std::string& place) {
  if (format == Format::kVocabMerges || format == Format::kModelDirectory) {
    const absl::StatusOr<VocabMergesFiles> files = SerializeVocabMerges(spec);
    if (!files.ok()) return files.status();
    return ParseVocabMerges(files->vocab_json, files->merges_txt, place);
  }
  const absl::StatusOr<std::string> bytes = format == Format::kTokenizerJson   ? SerializeTokenizerJson(spec)
                                            : format == Format::kSentencePiece ? SerializeSentencePiece(spec)
                                                                               : SerializeTiktoken(spec);
  if (!bytes.ok()) return bytes.status();
  if (format == Format::kTokenizerJson) return ParseTokenizerJson(*bytes, place);
  if (format == Format::kSentencePiece) return ParseSentencePiece(*bytes, place);
  return ParseTiktoken(*bytes, place, OptionsFor(spec));
}

}  // namespace

absl::StatusOr<Tokenizer> RoundTrip(const Tokenizer& tokenizer, Format format, const std::string& place) {
  if (format == Format::kImage) return tokenizer;  // an image is the tokenizer itself, under checksums
  absl::StatusOr<TokenizerSpec> spec = Reread(tokenizer.spec(), format, place);
  if (!spec.ok()) return spec.status();
  return Tokenizer::Create(*std::move(spec));
}

absl::Status WriteTokenizerFile(const Tokenizer& tokenizer, Format format, const std::string& path) {
  return format == Format::kImage ? tokenizer.Save(path) : WriteTokenizer(tokenizer.spec(), format, path);
}

}  // namespace tok::cli
