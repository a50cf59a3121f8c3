#include "src/format/detect.h"

#include <algorithm>
#include <filesystem>

#include "src/base/byte_stream.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/base64.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kHeadBytes = 16384;
constexpr std::string_view kImageMagic = "TOKIMAGE";
constexpr std::string_view kDirectoryFiles[] = {"tokenizer.json", "vocab.json", "tokenizer.model",
                                                "tekken.json", "vocab.txt"};

absl::StatusOr<std::string> ReadHead(const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, ByteStream::Open(path));
  std::string head(kHeadBytes, '\0');
  size_t n = 0;
  while (n < head.size()) {
    TOK_ASSIGN_OR_RETURN(const size_t n_read, stream->Read(head.data() + n, head.size() - n));
    if (n_read == 0) break;
    n += n_read;
  }
  head.resize(n);
  return head;
}

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool IsDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string_view FirstLine(std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

bool IsTiktokenLine(std::string_view line) {
  const size_t space = line.find(' ');
  std::string bytes;
  return space != std::string_view::npos && space > 0 && IsDigits(line.substr(space + 1)) &&
         DecodeBase64(line.substr(0, space), &bytes);
}

// A ModelProto begins with its first piece: field 1, whose message begins with field 1, the piece's text.
bool IsSentencePiece(std::string_view head) {
  if (head.size() < 4 || head[0] != '\x0A') return false;
  const auto n_message = static_cast<unsigned char>(head[1]);
  const auto n_text = static_cast<unsigned char>(head[3]);
  return n_message < 0x80 && head[2] == '\x0A' && n_text + 2 <= n_message;
}

// {"token": 0, ...: a flat map to numbers.
bool IsFlatMap(std::string_view head) {
  const size_t quote = head.find('"');
  if (quote == std::string_view::npos) return false;
  size_t i = quote + 1;
  for (; i < head.size() && head[i] != '"'; ++i) i += head[i] == '\\';
  i = head.find(':', i);
  if (i == std::string_view::npos) return false;
  i = head.find_first_not_of(" \t\r\n", i + 1);
  return i != std::string_view::npos && head[i] >= '0' && head[i] <= '9';
}

absl::StatusOr<Format> DetectJson(std::string_view head, std::string_view path) {
  if (Contains(head, "\"default_num_special_tokens\"") || Contains(head, "\"token_bytes\""))
    return Format::kTekken;
  if (IsFlatMap(head) && BaseName(path) != "added_tokens.json") return Format::kVocabMerges;
  for (const std::string_view key :
       {"\"model\"", "\"added_tokens\"", "\"pre_tokenizer\"", "\"truncation\""}) {
    if (Contains(head, key) && !Contains(head, "\"tokenizer_class\"")) return Format::kTokenizerJson;
  }
  return MakeError(ErrorCode::kUnknownFormat, path, "is JSON, but no tokenizer",
                   "give tokenizer.json, vocab.json, tekken.json or the model's directory");
}

absl::StatusOr<Format> DetectText(std::string_view head, std::string_view path) {
  const std::string_view name = BaseName(path);
  if (head.substr(0, 8) == "#version" || name.ends_with("merges.txt")) return Format::kVocabMerges;
  // The head may end within a character.
  const size_t invalid = FindInvalidUtf8(head);
  const bool is_utf8 =
      invalid == std::string_view::npos || (head.size() == kHeadBytes && invalid + 4 > head.size());
  const bool has_special = Contains(head, "[UNK]") || Contains(head, "[CLS]") || Contains(head, "[PAD]");
  if (is_utf8 && !Contains(head, std::string_view("\0", 1)) && (has_special || name.ends_with("vocab.txt"))) {
    return Format::kWordPieceVocab;
  }
  return MakeError(
      ErrorCode::kUnknownFormat, path, "is no tokenizer file that libtok knows",
      "give tokenizer.json, .tiktoken, .model, .tok, tekken.json, vocab.json, vocab.txt or a model "
      "directory");
}

absl::StatusOr<Format> DetectDirectory(const std::string& path) {
  for (const std::string_view name : kDirectoryFiles) {
    if (FileExists(JoinPath(path, name))) return Format::kModelDirectory;
  }
  return MakeError(
      ErrorCode::kUnknownFormat, path, "is a directory without a tokenizer",
      "it needs tokenizer.json, vocab.json with merges.txt, tokenizer.model, tekken.json or vocab.txt");
}

std::string ReplaceEnd(std::string_view path, std::string_view end, std::string_view other) {
  return Concat(path.substr(0, path.size() - end.size()), other);
}

}  // namespace

bool FileExists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error) && !error;
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  return directory.ends_with('/') ? Concat(directory, name) : Concat(directory, "/", name);
}

std::string_view BaseName(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

VocabMergesPaths PairOf(std::string_view path) {
  constexpr std::string_view kVocab = "vocab.json", kMerges = "merges.txt";
  if (path.ends_with(kMerges)) return {ReplaceEnd(path, kMerges, kVocab), std::string(path)};
  if (path.ends_with(kVocab)) return {std::string(path), ReplaceEnd(path, kVocab, kMerges)};
  const std::string_view directory = path.substr(0, path.size() - BaseName(path).size());
  return {std::string(path), Concat(directory, kMerges)};
}

std::string_view FormatName(Format format) {
  switch (format) {
    case Format::kTokenizerJson: return "tokenizer.json";
    case Format::kTiktoken: return "tiktoken";
    case Format::kVocabMerges: return "vocab.json + merges.txt";
    case Format::kWordPieceVocab: return "vocab.txt";
    case Format::kSentencePiece: return "SentencePiece";
    case Format::kTekken: return "tekken.json";
    case Format::kModelDirectory: return "model directory";
    case Format::kImage: return "tok image";
  }
  return "";
}

absl::StatusOr<Format> DetectContent(std::string_view head, std::string_view path) {
  if (head.empty()) return MakeError(ErrorCode::kUnknownFormat, path, "is empty", "give a tokenizer file");
  if (head.substr(0, kImageMagic.size()) == kImageMagic) return Format::kImage;
  if (IsSentencePiece(head)) return Format::kSentencePiece;
  const size_t first = head.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && head[first] == '{') return DetectJson(head, path);
  if (IsTiktokenLine(FirstLine(head)) || BaseName(path).ends_with(".tiktoken")) return Format::kTiktoken;
  if (BaseName(path).ends_with(".model")) return Format::kSentencePiece;
  return DetectText(head, path);
}

absl::StatusOr<Format> DetectFormat(std::string_view path) {
  const std::string name(path);
  std::error_code error;
  if (std::filesystem::is_directory(name, error)) return DetectDirectory(name);
  TOK_ASSIGN_OR_RETURN(const std::string head, ReadHead(name));
  return DetectContent(head, path);
}

absl::StatusOr<Format> FormatForOutput(std::string_view path) {
  std::error_code error;
  if (path.ends_with('/') || std::filesystem::is_directory(std::string(path), error))
    return Format::kVocabMerges;
  constexpr std::pair<std::string_view, Format> kSuffixes[] = {{".json", Format::kTokenizerJson},
                                                               {".tiktoken", Format::kTiktoken},
                                                               {".model", Format::kSentencePiece},
                                                               {".tok", Format::kImage}};
  for (const auto& [suffix, format] : kSuffixes) {
    if (BaseName(path).ends_with(suffix)) return format;
  }
  return MakeError(ErrorCode::kUsage, path, "has no suffix that names an output format",
                   "end it in .json, .tiktoken, .model or .tok, or name a directory, with a slash at its "
                   "end, for vocab.json + merges.txt");
}

}  // namespace tok
