#include "src/base/escapes.h"

namespace tok {
namespace {

// -1 if it is none.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool TakeEscape(std::string_view* text, std::string* out) {
  constexpr std::string_view kNames = "ntr0\\", kValues("\n\t\r\0\\", 5);
  if (text->empty()) return false;
  if (const size_t which = kNames.find(text->front()); which != std::string_view::npos) {
    *out += kValues[which];
    text->remove_prefix(1);
    return true;
  }
  if (text->front() != 'x' || text->size() < 3) return false;
  const int high = HexDigit((*text)[1]), low = HexDigit((*text)[2]);
  if (high < 0 || low < 0) return false;
  *out += static_cast<char>(high << 4 | low);
  text->remove_prefix(3);
  return true;
}

}  // namespace tok
