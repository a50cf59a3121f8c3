#include <algorithm>
#include <utility>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/parallel/find_files.h"
#include "src/measure/parallel/parallel_builder.h"
#include "src/measure/parallel/readers.h"

namespace tok {
namespace {

using Kind = ParallelFile::Kind;

absl::Status ReadFiles(std::span<const ParallelFile> files, const ParallelTextOptions& options,
                       ParallelBuilder* builder) {
  switch (files[0].kind) {
    case Kind::kLines: return ReadLineFiles(files, builder);
    case Kind::kCatalogue: return ReadCatalogues(files, options.source_language, builder);
    case Kind::kJsonLines:
      for (const ParallelFile& file : files)
        TOK_RETURN_IF_ERROR(ReadJsonLines(file, options.fields, options.utf8, builder));
      return absl::OkStatus();
    case Kind::kDocument:
      for (const ParallelFile& file : files) TOK_RETURN_IF_ERROR(ReadDocumentFile(file, builder));
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ParallelFields> ParallelFields::Parse(std::string_view text) {
  std::vector<std::string> names(1);
  for (const char c : text) {
    if (c == ',') {
      names.emplace_back();
    } else {
      names.back() += c;
    }
  }
  const bool has_empty = std::any_of(names.begin(), names.end(), [](const auto& n) { return n.empty(); });
  if (names.size() != 3 || has_empty) {
    return MakeError(ErrorCode::kUsage, text, "is not three names of fields",
                     "name those of language, item and text: lang,id,text");
  }
  return ParallelFields{.language = names[0], .id = names[1], .text = names[2]};
}

absl::Status ReadDocumentFile(const ParallelFile& file, ParallelBuilder* builder) {
  TOK_ASSIGN_OR_RETURN(const std::string text, ReadFile(file.path));
  const uint32_t number = builder->AddFile(file.path);
  const uint64_t item = builder->ItemNamed(Concat("document\n", file.group));
  return builder->Add(builder->Language(file.language, number), item, text, number, 0);
}

absl::StatusOr<ParallelText> ReadParallelText(const std::vector<ParallelSource>& sources,
                                              const ParallelTextOptions& options) {
  TOK_ASSIGN_OR_RETURN(std::vector<ParallelFile> files, FindParallelFiles(sources));
  if (files.empty())
    return MakeError(ErrorCode::kUsage, "parallel text", "names no files", "name a file or a folder");
  // What belongs together stands together; otherwise as found, so that errors come in that order.
  std::stable_sort(files.begin(), files.end(), [](const ParallelFile& a, const ParallelFile& b) {
    return std::pair(a.kind, std::string_view(a.kind == Kind::kLines ? a.group : "")) <
           std::pair(b.kind, std::string_view(b.kind == Kind::kLines ? b.group : ""));
  });
  ParallelBuilder builder(options.utf8);
  for (size_t begin = 0, end = 0; begin < files.size(); begin = end) {
    while (end < files.size() && files[end].kind == files[begin].kind &&
           (files[end].kind != Kind::kLines || files[end].group == files[begin].group))
      ++end;
    TOK_RETURN_IF_ERROR(
        ReadFiles(std::span<const ParallelFile>(files).subspan(begin, end - begin), options, &builder));
  }
  return std::move(builder).Finish();
}

}  // namespace tok
