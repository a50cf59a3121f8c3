#include <algorithm>
#include <cstring>
#include <utility>

#include "src/base/error_place.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/parallel/catalogue.h"

namespace tok {
namespace {

constexpr uint32_t kMagic = 0x950412DE;
constexpr uint64_t kHeaderBytes = 28, kEntryBytes = 8;
constexpr char kContextEnd = '\x04';

uint32_t LoadNative(std::string_view bytes, uint64_t at) {
  uint32_t word = 0;
  std::memcpy(&word, bytes.data() + at, sizeof(word));
  return word;
}

bool IsMo(std::string_view bytes) {
  if (bytes.size() < sizeof(uint32_t)) return false;
  const uint32_t magic = LoadNative(bytes, 0);
  return magic == kMagic || __builtin_bswap32(magic) == kMagic;
}

class MoParser {
 public:
  explicit MoParser(std::string_view bytes) : bytes_(bytes) {}

  absl::StatusOr<std::vector<CatalogueMessage>> Parse() {
    TOK_RETURN_IF_ERROR(ReadHeader());
    std::vector<CatalogueMessage> messages;
    for (uint64_t i = 0; i < n_strings_; ++i) {
      TOK_ASSIGN_OR_RETURN(const std::string_view original, StringOf(originals_, i, &n_left_of_originals_));
      TOK_ASSIGN_OR_RETURN(const std::string_view translation,
                           StringOf(translations_, i, &n_left_of_translations_));
      CatalogueMessage message = MessageOf(original, translation);
      if (message.id.empty() && !message.context) {
        TOK_RETURN_IF_ERROR(CheckCharset(translation, BytePlace(translations_ + kEntryBytes * i)));
      } else {
        messages.push_back(std::move(message));
      }
    }
    return messages;
  }

 private:
  absl::Status Bad(uint64_t at, std::string_view fact) const {
    return MakeError(ErrorCode::kBadInput, BytePlace(at), fact, "compile the catalogue again (msgfmt)");
  }

  uint32_t Word(uint64_t at) const {
    const uint32_t word = LoadNative(bytes_, at);
    return is_swapped_ ? __builtin_bswap32(word) : word;
  }

  absl::Status ReadHeader() {
    if (!IsMo(bytes_)) return Bad(0, "no .mo file begins so");
    if (bytes_.size() < kHeaderBytes) return Bad(bytes_.size(), "the header is cut off");
    is_swapped_ = LoadNative(bytes_, 0) != kMagic;
    const uint32_t revision = Word(4);
    if (revision >> 16 > 1) return Bad(4, Concat("major revision ", revision >> 16, " is not known"));
    n_strings_ = Word(8);
    originals_ = Word(12);
    translations_ = Word(16);
    for (const uint64_t table : {originals_, translations_}) {
      if (table > bytes_.size() || n_strings_ > (bytes_.size() - table) / kEntryBytes)
        return Bad(table, Concat("a table of ", n_strings_, " strings does not fit in the file"));
    }
    n_left_of_originals_ = n_left_of_translations_ = bytes_.size();
    return absl::OkStatus();
  }

  // Entries may name the same bytes only until their lengths come to more than the file: else a small file would stand for a
  // huge text.
  absl::StatusOr<std::string_view> StringOf(uint64_t table, uint64_t i, uint64_t* n_left) const {
    const uint64_t entry = table + kEntryBytes * i;
    const uint64_t n_bytes = Word(entry), begin = Word(entry + 4);
    if (begin > bytes_.size() || n_bytes >= bytes_.size() - begin)
      return Bad(entry, "a string lies outside the file");
    if (bytes_[begin + n_bytes] != '\0')
      return Bad(begin + n_bytes, "a string does not end with a zero byte");
    if (n_bytes > *n_left) return Bad(entry, "strings overlap");
    *n_left -= n_bytes;
    return bytes_.substr(begin, n_bytes);
  }

  static CatalogueMessage MessageOf(std::string_view original, std::string_view translation) {
    CatalogueMessage message;
    if (const size_t end = original.find(kContextEnd); end != std::string_view::npos) {
      message.context = std::string(original.substr(0, end));
      original.remove_prefix(end + 1);
    }
    const size_t zero = original.find('\0');
    message.id = std::string(original.substr(0, zero));
    if (zero == std::string_view::npos) {
      if (!translation.empty()) message.translations.emplace_back(translation);
      return message;
    }
    message.plural_id = std::string(original.substr(zero + 1));
    for (bool is_last = false; !is_last;) {
      const size_t end = std::min(translation.find('\0'), translation.size());
      message.translations.emplace_back(translation.substr(0, end));
      is_last = end == translation.size();
      translation.remove_prefix(std::min(end + 1, translation.size()));
    }
    const bool is_untranslated = std::any_of(message.translations.begin(), message.translations.end(),
                                             [](const std::string& form) { return form.empty(); });
    if (is_untranslated) message.translations.clear();
    return message;
  }

  const std::string_view bytes_;
  bool is_swapped_ = false;
  uint64_t n_strings_ = 0, originals_ = 0, translations_ = 0;
  uint64_t n_left_of_originals_ = 0, n_left_of_translations_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<CatalogueMessage>> ParseMo(std::string_view bytes) {
  return MoParser(bytes).Parse();
}

absl::StatusOr<std::vector<CatalogueMessage>> ParseCatalogue(std::string_view bytes) {
  return IsMo(bytes) ? ParseMo(bytes) : ParsePo(bytes);
}

}  // namespace tok
