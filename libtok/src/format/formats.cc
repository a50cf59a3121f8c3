#include "tok/formats.h"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/detect.h"
#include "src/format/model_directory.h"
#include "src/format/tok_image.h"
#include "src/format/vocab_merges.h"
#include "src/model/piece_model.h"

namespace tok {
namespace {

absl::StatusOr<TokenizerSpec> ReadPair(std::string_view path) {
  const VocabMergesPaths paths = PairOf(path);
  TOK_ASSIGN_OR_RETURN(const std::string vocab, ReadFile(paths.vocab));
  TOK_ASSIGN_OR_RETURN(const std::string merges, ReadFile(paths.merges));
  return ReadVocabMerges({vocab, paths.vocab, merges, paths.merges}, {});
}

absl::StatusOr<TokenizerSpec> ParseAs(Format format, std::string_view bytes, std::string_view path,
                                      const ReadOptions& options) {
  switch (format) {
    case Format::kTokenizerJson: return ParseTokenizerJson(bytes, path, options);
    case Format::kTiktoken: return ParseTiktoken(bytes, path, options);
    case Format::kWordPieceVocab: return ParseWordPieceVocab(bytes, path);
    case Format::kSentencePiece: return ParseSentencePiece(bytes, path);
    default: return ParseTekken(bytes, path);
  }
}

// With the finished table of a BPE model, so that loading need not complete the image.
absl::StatusOr<std::string> SerializeWithMerges(const TokenizerSpec& spec) {
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr || spec.scheme.kind != Scheme::Kind::kOwn) return SerializeImage(spec);
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<const PieceModel> model,
                       MakeBpeModel(*bpe, spec.vocabulary, spec.alphabet));
  return SerializeImage(spec, model->tables());
}

absl::Status WritePair(const TokenizerSpec& spec, const std::string& directory) {
  TOK_ASSIGN_OR_RETURN(const VocabMergesFiles files, SerializeVocabMerges(spec));
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return MakeError(ErrorCode::kWriteFailed, directory, error.message(), "give a directory to write to");
  TOK_RETURN_IF_ERROR(WriteFileAtomically(JoinPath(directory, "vocab.json"), files.vocab_json));
  TOK_RETURN_IF_ERROR(WriteFileAtomically(JoinPath(directory, "merges.txt"), files.merges_txt));
  return WriteFileAtomically(JoinPath(directory, "tokenizer_config.json"), SerializeTokenizerConfig(spec));
}

absl::StatusOr<std::string> Serialize(const TokenizerSpec& spec, Format format, std::string_view path) {
  switch (format) {
    case Format::kTokenizerJson: return SerializeTokenizerJson(spec);
    case Format::kTiktoken: return SerializeTiktoken(spec);
    case Format::kSentencePiece: return SerializeSentencePiece(spec);
    case Format::kImage: return SerializeWithMerges(spec);
    default:
      return MakeError(ErrorCode::kUsage, path, Concat("libtok does not write ", FormatName(format)),
                       "write tokenizer.json, .tiktoken, .model, .tok or vocab.json + merges.txt");
  }
}

}  // namespace

absl::StatusOr<TokenizerSpec> ReadTokenizer(std::string_view path, const ReadOptions& options) {
  TOK_ASSIGN_OR_RETURN(const Format format, DetectFormat(path));
  if (format == Format::kModelDirectory) return ReadModelDirectory(std::string(path), options);
  if (format == Format::kVocabMerges) return ReadPair(path);
  if (format == Format::kImage) {
    TOK_ASSIGN_OR_RETURN(FrozenTokenizer frozen, ReadImage(std::string(path)));
    return std::move(frozen.spec);
  }
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(std::string(path)));
  return ParseAs(format, bytes, path, options);
}

absl::Status WriteTokenizer(const TokenizerSpec& spec, Format format, std::string_view path) {
  if (format == Format::kVocabMerges) return WritePair(spec, std::string(path));
  TOK_ASSIGN_OR_RETURN(const std::string bytes, Serialize(spec, format, path));
  return WriteFileAtomically(std::string(path), bytes);
}

}  // namespace tok
