#include "src/measure/parallel/parallel_builder.h"

#include <algorithm>
#include <utility>

#include "src/base/strings.h"
#include "src/corpus/text_block.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

bool IsBlank(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (!IsWhiteSpace(c.code_point)) return false;
    i += c.n_bytes;
  }
  return true;
}

}  // namespace

const ParallelLanguage* ParallelText::Find(std::string_view code) const {
  const auto found =
      std::lower_bound(languages.begin(), languages.end(), code,
                       [](const ParallelLanguage& l, std::string_view wanted) { return l.code < wanted; });
  return found != languages.end() && found->code == code ? &*found : nullptr;
}

std::string ParallelText::PlaceOf(const ParallelItem& item) const {
  return item.line == 0 ? files[item.file] : Concat(files[item.file], ":", item.line);
}

uint32_t ParallelBuilder::AddFile(const std::string& path) {
  text_.files.push_back(InputName(path));
  return static_cast<uint32_t>(text_.files.size() - 1);
}

size_t ParallelBuilder::Language(std::string_view code, uint32_t file) {
  const auto [entry, is_new] = languages_.try_emplace(std::string(code), text_.languages.size());
  if (is_new) {
    text_.languages.push_back({.code = std::string(code), .bytes = {}, .items = {}});
    first_files_.push_back(file);
  }
  return entry->second;
}

uint64_t ParallelBuilder::ItemNamed(std::string_view name) {
  const auto [entry, is_new] = items_.try_emplace(std::string(name), text_.n_items);
  if (is_new) ++text_.n_items;
  return entry->second;
}

uint64_t ParallelBuilder::NewItems(uint64_t n) {
  const uint64_t first = text_.n_items;
  text_.n_items += n;
  return first;
}

absl::Status ParallelBuilder::Add(size_t language, uint64_t item, std::string_view text, uint32_t file,
                                  uint64_t line) {
  if (IsBlank(text)) return absl::OkStatus();
  ParallelLanguage& to = text_.languages[language];
  const ParallelItem added = {
      .item = item, .span = {to.bytes.size(), to.bytes.size() + text.size()}, .line = line, .file = file};
  if (utf8_ == Utf8Policy::kError) {
    if (const size_t invalid = FindInvalidUtf8(text); invalid != std::string_view::npos) {
      return MakeError(ErrorCode::kInvalidUtf8, text_.PlaceOf(added),
                       Concat("byte ", invalid, " of the text begins no valid UTF-8"),
                       "repair the file, or ask for --utf8 replace or bytes");
    }
  }
  to.bytes.append(text);
  to.items.push_back(added);
  return absl::OkStatus();
}

absl::Status ParallelBuilder::CheckLanguage(const ParallelLanguage& language, uint32_t first_file) const {
  if (language.items.empty()) {
    return MakeError(ErrorCode::kBadInput, text_.files[first_file],
                     Concat("language ", language.code, " has no text"), "leave it out");
  }
  const auto twice =
      std::adjacent_find(language.items.begin(), language.items.end(),
                         [](const ParallelItem& a, const ParallelItem& b) { return a.item == b.item; });
  if (twice == language.items.end()) return absl::OkStatus();
  return MakeError(
      ErrorCode::kBadInput, text_.PlaceOf(twice[1]),
      Concat("language ", language.code, " has this item already, from ", text_.PlaceOf(twice[0])),
      "keep one of them");
}

absl::StatusOr<ParallelText> ParallelBuilder::Finish() && {
  for (size_t l = 0; l < text_.languages.size(); ++l) {
    ParallelLanguage& language = text_.languages[l];
    std::stable_sort(language.items.begin(), language.items.end(),
                     [](const ParallelItem& a, const ParallelItem& b) { return a.item < b.item; });
    if (absl::Status s = CheckLanguage(language, first_files_[l]); !s.ok()) return s;
  }
  std::sort(text_.languages.begin(), text_.languages.end(),
            [](const ParallelLanguage& a, const ParallelLanguage& b) { return a.code < b.code; });
  return std::move(text_);
}

}  // namespace tok
