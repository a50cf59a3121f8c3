#include "cli/tokenizer_file.h"

#include <stdlib.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>

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

absl::StatusOr<Tokenizer> ReadBack(const TokenizerSpec& spec, Format format, const std::string& path) {
  if (format != Format::kTiktoken) return Tokenizer::Load(path);
  absl::StatusOr<TokenizerSpec> read = ReadTokenizer(path, TiktokenOptions(spec));
  if (!read.ok()) return read.status();
  return Tokenizer::Create(*std::move(read));
}

}  // namespace

absl::StatusOr<Tokenizer> RoundTrip(const Tokenizer& tokenizer, Format format, const std::string& path) {
  const TemporaryFolder folder;
  if (folder.path().empty()) {
    return MakeError(ErrorCode::kWriteFailed, "temporary folder", "cannot be made", "set TMPDIR");
  }
  // A trailing slash names a folder: its own name comes before it.
  const size_t end = path.find_last_not_of('/');
  const std::string name = std::filesystem::path(path.substr(0, end + 1)).filename().string();
  const std::string copy = folder.path() + "/" + (name.empty() ? "tokenizer" : name);
  if (absl::Status status = WriteTokenizerFile(tokenizer, format, copy); !status.ok()) return status;
  return ReadBack(tokenizer.spec(), format, copy);
}

namespace {

absl::StatusOr<std::vector<std::string>> DifferencesAsTokenizerJson(const TokenizerSpec& spec) {
  const absl::StatusOr<TokenizerSpec> expressed = AsTokenizerJson(spec);
  if (!expressed.ok()) return expressed.status();
  const auto n_own = static_cast<std::ptrdiff_t>(spec.warnings.size());
  return std::vector<std::string>(expressed->warnings.begin() + n_own, expressed->warnings.end());
}

// Files of published encodings are recognised by their content; others come back only with their pattern.
absl::StatusOr<std::vector<std::string>> DifferencesAsTiktoken(const TokenizerSpec& spec,
                                                               const std::string& path) {
  const absl::StatusOr<std::string> written = SerializeTiktoken(spec);
  if (!written.ok()) return written.status();
  if (ParseTiktoken(*written, path, {}).ok()) return std::vector<std::string>();
  return std::vector<std::string>{"the format carries neither the pattern nor the " +
                                  std::to_string(spec.added_tokens.size()) +
                                  " special tokens: to read the file, give the pattern (tok convert IN OUT "
                                  "--pattern PATTERN)"};
}

}  // namespace

absl::StatusOr<std::vector<std::string>> WarnOfDifferences(const Tokenizer& tokenizer, Format format,
                                                           const std::string& path) {
  absl::StatusOr<std::vector<std::string>> found = std::vector<std::string>();
  if (format == Format::kTokenizerJson) found = DifferencesAsTokenizerJson(tokenizer.spec());
  if (format == Format::kTiktoken) found = DifferencesAsTiktoken(tokenizer.spec(), path);
  if (!found.ok()) return found.status();
  const std::vector<std::string> differences = *std::move(found);
  for (const std::string& difference : differences)
    std::fprintf(stderr, "warning: %s: %s\n", path.c_str(), difference.c_str());
  return differences;
}

absl::Status CheckOutputIsNotInput(const std::string& input, const std::string& output) {
  std::error_code absent;  // a bundled name, or an output yet to be made
  if (!std::filesystem::equivalent(input, output, absent)) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, output, "is input and output at once", "choose another output");
}

absl::Status WriteTokenizerFile(const Tokenizer& tokenizer, Format format, const std::string& path) {
  return format == Format::kImage ? tokenizer.Save(path) : WriteTokenizer(tokenizer.spec(), format, path);
}

}  // namespace tok::cli
