// Encodings that come with libtok, as vocab/<data>.ranks.zst (written by vocab/pack): u32 number of ranks, then one
// byte per rank with its token's length (0: no such rank), then the tokens' bytes end to end. The build makes an image
// of each (vocab/freeze_bundled.cc), which is mapped in milliseconds where merging ranks takes a third of a second; the
// ranks remain for builds without images.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/detect.h"
#include "src/format/rank_vocabulary.h"
#include "src/format/tok_image.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr std::string_view kDataPath = "share/libtok/vocab";
constexpr uint64_t kMaxDataBytes = uint64_t{1} << 28;

std::string_view DirectoryOf(std::string_view path) {
  const size_t slash = path.find_last_of('/');
  return slash == std::string_view::npos ? "." : path.substr(0, slash);
}

// The file that holds this code: the shared library, or the program it is linked into.
std::string OwnDirectory() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void*>(&BundledNames), &info) == 0 || info.dli_fname == nullptr) return ".";
  return std::string(DirectoryOf(info.dli_fname));
}

// Where data may lie, in order: the user's choice, beside an installed library or program (lib/, lib/<triplet>/, bin/),
// beside a bundled one, then where this build installs, keeps its images and was built from.
std::vector<std::string> DataDirectories() {
  std::vector<std::string> directories;
  if (const char* chosen = std::getenv("TOK_VOCAB_DIR"); chosen != nullptr && *chosen != '\0') {
    directories.emplace_back(chosen);
  }
  const std::string own = OwnDirectory();
  directories.push_back(Concat(own, "/../", kDataPath));
  directories.push_back(Concat(own, "/../../", kDataPath));
  directories.push_back(Concat(own, "/vocab"));
  directories.emplace_back(TOK_INSTALL_VOCAB_DIR);
  directories.emplace_back(TOK_BUILD_VOCAB_DIR);
  directories.emplace_back(TOK_SOURCE_VOCAB_DIR);
  return directories;
}

absl::Status ReadRanks(std::string_view bytes, std::string_view path, uint32_t n_ranks,
                       VocabularyBuilder* builder) {
  const auto bad = [&] { return MakeError(ErrorCode::kBadFormat, path, "is damaged", "install it again"); };
  uint32_t n_stored = 0;
  if (bytes.size() < sizeof(n_stored)) return bad();
  std::memcpy(&n_stored, bytes.data(), sizeof(n_stored));
  bytes.remove_prefix(sizeof(n_stored));
  if (n_stored > bytes.size() || n_ranks > n_stored) return bad();
  const std::string_view lengths = bytes.substr(0, n_stored);
  bytes.remove_prefix(n_stored);
  for (uint32_t rank = 0; rank < n_ranks; ++rank) {
    const auto n_bytes = static_cast<unsigned char>(lengths[rank]);
    if (n_bytes > bytes.size()) return bad();
    if (n_bytes > 0) TOK_RETURN_IF_ERROR(builder->Add(rank, bytes.substr(0, n_bytes)));
    bytes.remove_prefix(n_bytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<TokenizerSpec> SpecOfRanks(const StandardEncoding& encoding, const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kMaxDataBytes));
  VocabularyBuilder builder;
  TOK_RETURN_IF_ERROR(ReadRanks(bytes, path, encoding.n_ranks, &builder));
  TOK_ASSIGN_OR_RETURN(std::vector<pretokenizer::Step> steps, StepsOfPattern(encoding.pattern_name));
  TOK_ASSIGN_OR_RETURN(TokenizerSpec spec,
                       MakeRankSpec(std::move(builder), std::move(steps), encoding.special_tokens(), path));
  spec.name = encoding.name;
  spec.source_format = "tiktoken";
  return spec;
}

}  // namespace

std::vector<std::string> BundledNames() {
  std::vector<std::string> names;
  for (const StandardEncoding& encoding : StandardEncodings()) names.emplace_back(encoding.name);
  return names;
}

absl::StatusOr<FrozenTokenizer> ReadFrozenBundled(std::string_view name) {
  const std::span<const StandardEncoding> encodings = StandardEncodings();
  const auto encoding = std::find_if(encodings.begin(), encodings.end(),
                                     [&](const StandardEncoding& each) { return each.name == name; });
  if (encoding == encodings.end()) {
    return MakeError(ErrorCode::kNotFound, name, "is no bundled encoding", "`tok inspect` lists the names");
  }
  for (const std::string& directory : DataDirectories()) {
    if (const std::string path = Concat(directory, "/", name, ".tok"); FileExists(path)) {
      // An image of another version is passed over: the ranks say the same.
      if (absl::StatusOr<FrozenTokenizer> frozen = ReadImage(path); frozen.ok()) return frozen;
    }
    if (const std::string path = Concat(directory, "/", encoding->data, ".ranks.zst"); FileExists(path)) {
      TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, SpecOfRanks(*encoding, path));
      return FrozenTokenizer{std::move(spec), {}};
    }
  }
  return MakeError(ErrorCode::kNotFound, Concat(encoding->data, ".ranks.zst"),
                   "the bundled encodings are not installed",
                   "set TOK_VOCAB_DIR to the directory that holds them (vocab/ of the source tree)");
}

absl::StatusOr<TokenizerSpec> ReadBundled(std::string_view name) {
  TOK_ASSIGN_OR_RETURN(FrozenTokenizer frozen, ReadFrozenBundled(name));
  return std::move(frozen.spec);
}

}  // namespace tok
