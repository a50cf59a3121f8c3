#include "cli/tokenizer_file.h"

#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace tok::cli {
namespace {

// A folder of this process, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    std::string pattern = (std::filesystem::temp_directory_path(error) / "tok-verify-XXXXXX").string();
    if (!error && mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::string& path() const { return path_; }  // empty: there is none

 private:
  std::string path_;
};

// A .tiktoken file carries neither pattern nor special tokens; its reader is told what the writer knew.
ReadOptions TiktokenOptions(const TokenizerSpec& spec) {
  ReadOptions options;
  options.pattern = "none";
  for (const pretokenizer::Step& step : spec.pre_tokenizers) {
    if (const auto* split = std::get_if<pretokenizer::Split>(&step)) options.pattern = split->pattern.text;
    const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&step);
    if (byte_level != nullptr && byte_level->use_regex) options.pattern = "gpt2";
  }
  options.special_tokens = spec.added_tokens;
  return options;
}

}  // namespace

// Files of published encodings are recognised by their content; others come back only with their pattern.
absl::StatusOr<std::vector<std::string>> WarningsOfTiktoken(const TokenizerSpec& spec,
                                                            const std::string& path) {
  const absl::StatusOr<std::string> written = SerializeTiktoken(spec);
  if (!written.ok()) return written.status();
  if (ParseTiktoken(*written, path, {}).ok()) return std::vector<std::string>();
  const size_t n_special = spec.added_tokens.size();
  const std::string lost =
      n_special == 0 ? "does not carry the pattern"
                     : "carries neither the pattern nor the " + std::to_string(n_special) + " special tokens";
  return std::vector<std::string>{"the format " + lost + ": to read the file, give " +
                                  (n_special == 0 ? "it (tok convert IN OUT --pattern PATTERN)"
                                                  : "them (tok convert IN OUT --pattern PATTERN --special "
                                                    "TOKEN=ID)")};
}

absl::Status CheckCanBeWritten(TokenizerSpec spec, const std::string& path) {
  const absl::StatusOr<Format> format = FormatForOutput(path);
  if (!format.ok()) return format.status();
  spec.name = path;
  if (*format == Format::kTiktoken) return SerializeTiktoken(spec).status();
  if (*format == Format::kVocabMerges) return SerializeVocabMerges(spec).status();
  return absl::OkStatus();
}

absl::StatusOr<TokenizerFile> TokenizerFile::Express(const Tokenizer& tokenizer, Format format,
                                                     std::string path) {
  TokenizerFile file(tokenizer, format, std::move(path));
  if (format == Format::kTokenizerJson) {
    absl::StatusOr<TokenizerSpec> expressed = AsTokenizerJson(tokenizer.spec());
    if (!expressed.ok()) return expressed.status();
    const auto n_own = static_cast<std::ptrdiff_t>(tokenizer.spec().warnings.size());
    file.warnings_.assign(expressed->warnings.begin() + n_own, expressed->warnings.end());
    file.expressed_ = *std::move(expressed);
  } else if (format == Format::kSentencePiece) {
    absl::StatusOr<TokenizerSpec> expressed = AsSentencePiece(tokenizer.spec());
    if (!expressed.ok()) return expressed.status();
    // With those of the file that was read: what it leaves to its caller, this format has no words for.
    file.warnings_ = expressed->warnings;
    file.expressed_ = *std::move(expressed);
  } else if (format == Format::kTiktoken) {
    absl::StatusOr<std::vector<std::string>> warnings = WarningsOfTiktoken(tokenizer.spec(), file.path_);
    if (!warnings.ok()) return warnings.status();
    file.warnings_ = *std::move(warnings);
  }
  return file;
}

void PrintWarnings(const std::string& path, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings)
    std::fprintf(stderr, "warning: %s: %s\n", path.c_str(), warning.c_str());
}

void TokenizerFile::PrintWarnings() const { cli::PrintWarnings(path_, warnings_); }

absl::StatusOr<Tokenizer> TokenizerFile::RoundTrip() const {
  const TemporaryFolder folder;
  if (folder.path().empty()) {
    return MakeError(ErrorCode::kWriteFailed, "temporary folder", "cannot be made", "set TMPDIR");
  }
  // A trailing slash names a folder: its own name comes before it.
  const size_t end = path_.find_last_not_of('/');
  const std::string name = std::filesystem::path(path_.substr(0, end + 1)).filename().string();
  const std::string copy = folder.path() + "/" + (name.empty() ? "tokenizer" : name);
  if (absl::Status status = WriteTo(copy); !status.ok()) return status;
  if (format_ != Format::kTiktoken) return Tokenizer::Load(copy);
  absl::StatusOr<TokenizerSpec> read = ReadTokenizer(copy, TiktokenOptions(spec()));
  if (!read.ok()) return read.status();
  return Tokenizer::Create(*std::move(read));
}

absl::Status TokenizerFile::WriteTo(const std::string& path) const {
  // Only a tokenizer has what an image holds beyond the specification.
  return format_ == Format::kImage ? tokenizer_->Save(path) : WriteTokenizer(spec(), format_, path);
}

absl::Status CheckOutputsDiffer(const std::vector<std::string>& outputs) {
  std::vector<std::filesystem::path> places;
  for (const std::string& path : outputs) {
    std::error_code none;
    places.push_back(std::filesystem::weakly_canonical(std::filesystem::absolute(path, none), none));
    if (std::find(places.begin(), places.end() - 1, places.back()) == places.end() - 1) continue;
    return MakeError(ErrorCode::kUsage, path, "is two outputs at once", "name a file for each");
  }
  return absl::OkStatus();
}

absl::Status CheckOutputIsNotInput(const std::vector<std::string>& inputs, const std::string& output) {
  for (const std::string& input : inputs) {
    std::error_code absent;  // a bundled name, or an output yet to be made
    if (!std::filesystem::equivalent(input, output, absent)) continue;
    return MakeError(ErrorCode::kUsage, output,
                     input == output ? "is input and output at once" : "is also the input " + input,
                     "choose another output");
  }
  return absl::OkStatus();
}

}  // namespace tok::cli
