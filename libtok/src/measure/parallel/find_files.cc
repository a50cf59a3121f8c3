#include "src/measure/parallel/find_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "src/base/byte_stream.h"
#include "src/base/file_error.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

namespace fs = std::filesystem;
using Kind = ParallelFile::Kind;

// Between the folder that a group is of and the name in it: no file name holds one by accident.
constexpr char kBetween = '\n';

std::string WithoutSuffix(std::string_view name, std::initializer_list<std::string_view> suffixes) {
  for (const std::string_view suffix : suffixes) {
    if (name.size() > suffix.size() && name.ends_with(suffix))
      return std::string(name.substr(0, name.size() - suffix.size()));
  }
  return std::string(name);
}

std::string Unpacked(std::string_view name) { return WithoutSuffix(name, {".gz", ".zst"}); }

bool IsCatalogue(std::string_view name) {
  const std::string plain = Unpacked(name);
  return plain.ends_with(".po") || plain.ends_with(".mo");
}

bool IsJsonLines(std::string_view name) {
  const std::string plain = Unpacked(name);
  return plain.ends_with(".jsonl") || plain.ends_with(".ndjson");
}

bool IsFlores(std::string_view name) {
  const std::string plain = Unpacked(name);
  return plain.ends_with(".dev") || plain.ends_with(".devtest");
}

// What people put beside data.
bool IsAside(std::string_view name) {
  if (name.starts_with('.') || name == "LINGUAS" || name.ends_with(".pot")) return true;
  std::string upper(name);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return upper.starts_with("README") || upper.starts_with("LICENSE") || upper.starts_with("COPYING");
}

absl::Status Ambiguous(const std::string& folder, std::string_view fact) {
  return MakeError(ErrorCode::kUsage, folder, fact,
                   "a parallel text is a folder of one file a language, of one folder a language, of .po or "
                   ".mo files, or of "
                   "JSON lines; or name files as LANG=FILE");
}

struct Children {
  std::vector<std::string> files, folders;  // names, sorted
};

absl::StatusOr<Children> ListFolder(const std::string& path) {
  Children children;
  std::error_code error;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (IsAside(name)) continue;
    std::error_code ignored;
    (entry->is_directory(ignored) ? children.folders : children.files).push_back(std::move(name));
  }
  if (error) return ReadError(path, error.value());
  std::sort(children.files.begin(), children.files.end());
  std::sort(children.folders.begin(), children.folders.end());
  return children;
}

// Paths of the files in all folders beneath, relative, sorted.
absl::StatusOr<std::vector<std::string>> ListTree(const std::string& path) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const bool is_folder = entry->is_directory(ignored);
    if (IsAside(entry->path().filename().string())) {
      if (is_folder) entry.disable_recursion_pending();
      continue;
    }
    if (!is_folder) files.push_back(entry->path().lexically_relative(path).generic_string());
  }
  if (error) return ReadError(path, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

std::string Below(const std::string& folder, std::string_view name) {
  return folder.ends_with('/') ? Concat(folder, name) : Concat(folder, "/", name);
}

// The messages a catalogue holds, by its path beneath the language: without LC_MESSAGES and suffix.
std::string DomainOf(std::string_view relative) {
  std::string domain = WithoutSuffix(Unpacked(relative), {".po", ".mo"});
  constexpr std::string_view kFolder = "LC_MESSAGES/";
  if (const size_t at = domain.find(kFolder); at == 0 || (at != std::string::npos && domain[at - 1] == '/'))
    domain.erase(at, kFolder.size());
  return domain;
}

class Finder {
 public:
  absl::Status Add(const ParallelSource& source) {
    std::error_code error;
    const fs::file_status status = fs::status(source.path, error);
    if (source.path != "-" && !fs::exists(status))
      return ReadError(source.path, error ? error.value() : ENOENT);
    const bool is_folder = source.path != "-" && fs::is_directory(status);
    if (!source.language.empty()) return is_folder ? AddNamedFolder(source) : AddNamedFile(source);
    return is_folder ? AddFolder(source.path) : AddFile(source.path);
  }

  std::vector<ParallelFile> Take() && { return std::move(files_); }

 private:
  void Append(Kind kind, std::string path, std::string language, std::string group) {
    files_.push_back({kind, std::move(path), std::move(language), std::move(group)});
  }

  absl::Status AddNamedFile(const ParallelSource& source) {
    if (IsJsonLines(source.path)) {
      return MakeError(ErrorCode::kUsage, source.path, "JSON lines say themselves which language they are in",
                       "leave out the name");
    }
    Append(IsCatalogue(source.path) ? Kind::kCatalogue : Kind::kLines, source.path, source.language, "");
    return absl::OkStatus();
  }

  absl::Status AddNamedFolder(const ParallelSource& source) {
    return AddLanguageFolder(source.path, source.language, "");
  }

  absl::Status AddLanguageFolder(const std::string& path, const std::string& language,
                                 const std::string& group) {
    TOK_ASSIGN_OR_RETURN(const std::vector<std::string> names, ListTree(path));
    if (names.empty())
      return MakeError(ErrorCode::kBadInput, path, Concat("language ", language, " has no files"),
                       "remove the folder");
    const auto n_catalogues = std::count_if(names.begin(), names.end(), IsCatalogue);
    const bool are_catalogues = n_catalogues > 0;
    for (const std::string& name : names) {
      if (are_catalogues && !IsCatalogue(name))
        return Ambiguous(path, Concat(name, " is no catalogue, but others there are"));
      Append(are_catalogues ? Kind::kCatalogue : Kind::kDocument, Below(path, name), language,
             Concat(group, are_catalogues ? DomainOf(name) : Unpacked(name)));
    }
    return absl::OkStatus();
  }

  // A file without a name says itself what it is.
  absl::Status AddFile(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    if (path != "-" && IsCatalogue(name)) {
      Append(Kind::kCatalogue, path, WithoutSuffix(Unpacked(name), {".po", ".mo"}), "");
      return absl::OkStatus();
    }
    std::error_code ignored;
    const bool can_be_read_twice = path != "-" && fs::is_regular_file(path, ignored);
    if (can_be_read_twice && !IsJsonLines(name)) {
      TOK_ASSIGN_OR_RETURN(const char first, FirstByte(path));
      if (first != '{') {
        return MakeError(ErrorCode::kUsage, path, "is neither JSON lines nor a catalogue (.po, .mo)",
                         "name the language of a file of lines: LANG=FILE");
      }
    }
    Append(Kind::kJsonLines, path, "", "");
    return absl::OkStatus();
  }

  // Beyond white space and a byte-order mark; 0 if there is none near.
  static absl::StatusOr<char> FirstByte(const std::string& path) {
    TOK_ASSIGN_OR_RETURN(const std::unique_ptr<ByteStream> stream, ByteStream::Open(path));
    std::array<char, 4096> buffer;
    TOK_ASSIGN_OR_RETURN(const size_t n_read, stream->Read(buffer.data(), buffer.size()));
    std::string_view head(buffer.data(), n_read);
    if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
    const size_t at = head.find_first_not_of(" \t\r\n");
    return at == std::string_view::npos ? '\0' : head[at];
  }

  absl::Status AddFolder(const std::string& path) {
    TOK_ASSIGN_OR_RETURN(const Children children, ListFolder(path));
    TOK_ASSIGN_OR_RETURN(const bool is_flores, AddFloresFolders(path, children.folders));
    if (is_flores) return absl::OkStatus();
    if (children.files.empty() && children.folders.empty())
      return MakeError(ErrorCode::kBadInput, path, "holds no files", "name a folder of parallel text");
    if (!children.files.empty() && !children.folders.empty()) {
      return Ambiguous(
          path, Concat("holds a file (", children.files[0], ") beside a folder (", children.folders[0], ")"));
    }
    for (const std::string& name : children.folders) {
      const size_t n_before = files_.size();
      TOK_RETURN_IF_ERROR(AddLanguageFolder(Below(path, name), name, path + kBetween));
      if (n_before > 0 && files_[n_before].kind != files_[n_before - 1].kind && name != children.folders[0]) {
        return Ambiguous(path, Concat("holds catalogues and others: ", files_[n_before - 1].path, " and ",
                                      files_[n_before].path));
      }
    }
    return AddFlatFolder(path, children.files);
  }

  static Kind KindOf(std::string_view name) {
    if (IsCatalogue(name)) return Kind::kCatalogue;
    return IsJsonLines(name) ? Kind::kJsonLines : Kind::kLines;
  }

  absl::Status AddFlatFolder(const std::string& path, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const Kind kind = KindOf(name);
      if (kind != KindOf(names[0]))
        return Ambiguous(path, Concat("holds files of two kinds: ", names[0], " and ", name));
      const std::string plain = Unpacked(name);
      if (kind == Kind::kJsonLines) {
        Append(kind, Below(path, name), "", "");
      } else if (kind == Kind::kCatalogue) {
        Append(kind, Below(path, name), WithoutSuffix(plain, {".po", ".mo"}), path + kBetween);
      } else {
        AddLines(path, Below(path, name), plain);
      }
    }
    return absl::OkStatus();
  }

  void AddLines(const std::string& root, std::string path, std::string_view plain_name) {
    std::string language = WithoutSuffix(plain_name, {".txt", ".devtest", ".dev"});
    std::string group = root + kBetween;
    if (IsFlores(plain_name)) group += plain_name.substr(language.size());
    Append(Kind::kLines, std::move(path), std::move(language), std::move(group));
  }

  // FLORES-200 as it is published: folders dev and devtest, of LANG.dev and LANG.devtest. Whether it is.
  absl::StatusOr<bool> AddFloresFolders(const std::string& path, const std::vector<std::string>& folders) {
    const size_t n_before = files_.size();
    for (const std::string& folder : folders) {
      if (folder != "dev" && folder != "devtest") continue;
      TOK_ASSIGN_OR_RETURN(const Children children, ListFolder(Below(path, folder)));
      if (children.files.empty() || !std::all_of(children.files.begin(), children.files.end(), IsFlores))
        continue;
      for (const std::string& name : children.files)
        AddLines(path, Below(Below(path, folder), name), Unpacked(name));
    }
    return files_.size() > n_before;
  }

  std::vector<ParallelFile> files_;
};

}  // namespace

ParallelSource ParallelSource::Parse(std::string_view text) {
  const size_t equals = text.find('=');
  std::error_code ignored;
  const bool is_path = equals == std::string_view::npos || equals == 0 ||
                       text.substr(0, equals).find('/') != std::string_view::npos ||
                       fs::exists(fs::path(text), ignored);
  if (is_path) return {.language = {}, .path = std::string(text)};
  return {.language = std::string(text.substr(0, equals)), .path = std::string(text.substr(equals + 1))};
}

absl::StatusOr<std::vector<ParallelFile>> FindParallelFiles(const std::vector<ParallelSource>& sources) {
  Finder finder;
  for (const ParallelSource& source : sources) TOK_RETURN_IF_ERROR(finder.Add(source));
  return std::move(finder).Take();
}

}  // namespace tok
