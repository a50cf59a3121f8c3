// gettext catalogues of any bytes: TOK-E014 with a place, or messages that all lie within the bytes; the text form of what
// was read reads the same again.
#include <string>

#include "src/measure/parallel/catalogue.h"
#include "tests/fuzz/fuzz_util.h"

namespace {

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    quoted += '\\';
    for (const int shift : {6, 3, 0}) quoted += static_cast<char>('0' + (byte >> shift & 7));
  }
  return quoted + "\"\n";
}

std::string Written(const std::vector<tok::CatalogueMessage>& messages) {
  std::string po;
  for (const tok::CatalogueMessage& message : messages) {
    if (message.context) po += "msgctxt " + Quoted(*message.context);
    po += "msgid " + Quoted(message.id);
    if (message.plural_id) po += "msgid_plural " + Quoted(*message.plural_id);
    const size_t n_forms = message.translations.empty() ? 1 : message.translations.size();
    for (size_t form = 0; form < n_forms; ++form) {
      po += message.plural_id ? "msgstr[" + std::to_string(form) + "] " : "msgstr ";
      po += Quoted(message.translations.empty() ? "" : message.translations[form]);
    }
  }
  return po;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto messages = tok::ParseCatalogue(bytes);
  if (!messages.ok()) {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(messages.status()) == tok::ErrorCode::kBadInput);
    return 0;
  }
  size_t n_bytes = 0;
  for (const tok::CatalogueMessage& message : *messages) {
    n_bytes += message.id.size();
    for (const std::string& form : message.translations) {
      TOK_FUZZ_CHECK(!form.empty());
      n_bytes += form.size();
    }
  }
  TOK_FUZZ_CHECK(n_bytes <= 2 * size);
  const auto again = tok::ParsePo(Written(*messages));
  TOK_FUZZ_CHECK(again.ok() && again->size() == messages->size());
  for (size_t m = 0; m < messages->size(); ++m) {
    TOK_FUZZ_CHECK((*again)[m].context == (*messages)[m].context);
    TOK_FUZZ_CHECK((*again)[m].id == (*messages)[m].id);
    TOK_FUZZ_CHECK((*again)[m].plural_id == (*messages)[m].plural_id);
    TOK_FUZZ_CHECK((*again)[m].translations == (*messages)[m].translations);
  }
  return 0;
}
