#include <utility>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/parallel/catalogue.h"
#include "src/measure/parallel/readers.h"

namespace tok {
namespace {

class CatalogueReader {
 public:
  CatalogueReader(const std::string& source_language, ParallelBuilder* builder)
      : source_language_(source_language), builder_(builder) {}

  absl::Status Read(const ParallelFile& file) {
    if (file.language == source_language_) {
      return MakeError(ErrorCode::kUsage, file.path,
                       Concat("is a catalogue of ", file.language, ", in which the messages themselves are"),
                       "say in which language they are");
    }
    TOK_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file.path));
    absl::StatusOr<std::vector<CatalogueMessage>> messages = ParseCatalogue(bytes);
    if (!messages.ok()) return AtPlace(file.path, messages.status());
    file_ = builder_->AddFile(file.path);
    source_ = builder_->Language(source_language_, file_);
    language_ = builder_->Language(file.language, file_);
    for (const CatalogueMessage& message : *messages) TOK_RETURN_IF_ERROR(AddMessage(file.group, message));
    return absl::OkStatus();
  }

 private:
  absl::Status AddMessage(const std::string& group, const CatalogueMessage& message) {
    // Zero bytes and 4s end what stands before them, as in .mo files.
    std::string key = Concat("message\n", group, std::string_view("\0", 1));
    if (message.context) key += *message.context + '\x04';
    key += message.id;
    const std::string* last = message.translations.empty() ? nullptr : &message.translations.back();
    const std::string* first = last == nullptr ? nullptr : &message.translations.front();
    TOK_RETURN_IF_ERROR(AddPair(key, message.id, first, message.line));
    if (!message.plural_id) return absl::OkStatus();
    key += '\0';
    key += *message.plural_id;
    return AddPair(key, *message.plural_id, last, message.line);
  }

  absl::Status AddPair(const std::string& key, const std::string& source, const std::string* translation,
                       uint64_t line) {
    const uint64_t item = builder_->ItemNamed(key);
    if (item >= has_source_.size()) has_source_.resize(item + 1);
    if (!has_source_[item]) {
      has_source_[item] = true;
      TOK_RETURN_IF_ERROR(builder_->Add(source_, item, source, file_, line));
    }
    return translation == nullptr ? absl::OkStatus()
                                  : builder_->Add(language_, item, *translation, file_, line);
  }

  const std::string& source_language_;
  ParallelBuilder* const builder_;
  uint32_t file_ = 0;
  size_t source_ = 0, language_ = 0;
  std::vector<bool> has_source_;  // by item: catalogues of all languages hold the same messages
};

}  // namespace

absl::Status ReadCatalogues(std::span<const ParallelFile> files, const std::string& source_language,
                            ParallelBuilder* builder) {
  CatalogueReader reader(source_language, builder);
  for (const ParallelFile& file : files) TOK_RETURN_IF_ERROR(reader.Read(file));
  return absl::OkStatus();
}

}  // namespace tok
