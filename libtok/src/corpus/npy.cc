#include "src/corpus/npy.h"

#include <array>

#include "absl/strings/numbers.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kPreambleBytes = 10;  // magic, version, u16 header size

absl::Status Bad(std::string_view place, std::string_view fact) {
  return MakeError(ErrorCode::kBadInput, place, fact, "save a one-dimensional array of unsigned integers");
}

// The text between `key` and the next of `ends`, spaces stripped; empty if there is none.
std::string_view ValueOf(std::string_view header, std::string_view key, std::string_view ends) {
  const size_t at = header.find(key);
  if (at == std::string_view::npos) return {};
  std::string_view value = header.substr(at + key.size());
  value = value.substr(0, value.find_first_of(ends));
  while (!value.empty() && (value.front() == ' ' || value.front() == ':')) value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return value;
}

// "(123,": of "(123,)" up to the closing parenthesis.
bool ParseShape(std::string_view shape, uint64_t* n_items) {
  if (shape.size() < 2 || shape.front() != '(') return false;
  shape.remove_prefix(1);
  const size_t comma = shape.find(',');
  if (comma == std::string_view::npos || shape.find_first_not_of(' ', comma + 1) != std::string_view::npos)
    return false;
  return absl::SimpleAtoi(AbslView(shape.substr(0, comma)), n_items);
}

struct Layout {
  size_t n_preamble = 0, n_header = 0;
};

absl::StatusOr<Layout> ParseLayout(std::string_view bytes, std::string_view place) {
  if (bytes.size() < kPreambleBytes || bytes.substr(0, kMagic.size()) != kMagic) {
    return Bad(place, "is not a .npy file");
  }
  const auto byte = [bytes](size_t i) { return size_t{static_cast<unsigned char>(bytes[i])}; };
  const size_t version = byte(6);
  if (version < 1 || version > 3) return Bad(place, Concat(".npy version ", version, " is unknown"));
  Layout layout;
  layout.n_preamble = version == 1 ? 10 : 12;
  if (bytes.size() < layout.n_preamble) return Bad(place, "the .npy header is cut off");
  layout.n_header = byte(8) | byte(9) << 8;
  if (version > 1) layout.n_header |= byte(10) << 16 | byte(11) << 24;
  if (bytes.size() - layout.n_preamble < layout.n_header) return Bad(place, "the .npy header is cut off");
  return layout;
}

}  // namespace

std::string NpyHeader(std::string_view type, uint64_t n_items, uint64_t n_columns) {
  std::string header(kMagic);
  header += std::string_view("\x01\x00", 2);
  const size_t n_rest = kNpyHeaderBytes - kPreambleBytes;
  header += static_cast<char>(n_rest & 0xFF);
  header += static_cast<char>(n_rest >> 8);
  header += Concat("{'descr': '", type, "', 'fortran_order': False, 'shape': (", n_items, ",");
  if (n_columns > 0) header += Concat(" ", n_columns);
  header += "), }";
  header.resize(kNpyHeaderBytes - 1, ' ');
  header += '\n';
  return header;
}

absl::StatusOr<NpyArray> ParseNpy(std::string_view bytes, std::string_view place) {
  TOK_ASSIGN_OR_RETURN(const Layout layout, ParseLayout(bytes, place));
  const std::string_view header = bytes.substr(layout.n_preamble, layout.n_header);
  NpyArray array;
  const std::string_view type = ValueOf(header, "'descr'", ",}");  // "'<u4'"
  const bool typed = type.size() == 5 && type.front() == '\'' && type.back() == '\'';
  const char order = typed ? type[1] : '\0', width = typed ? type[3] : '\0';
  array.kind = typed ? type[2] : '\0';
  array.n_item_bytes = static_cast<uint32_t>(width - '0');
  if (!typed || (array.kind != 'u' && array.kind != 'i') || (order != '<' && order != '|') ||
      (width != '1' && width != '2' && width != '4' && width != '8')) {
    return Bad(place, Concat("holds items of type ", type));
  }
  if (!ParseShape(ValueOf(header, "'shape'", ")"), &array.n_items)) {
    return Bad(place, "is not an array of one dimension");
  }
  array.data = bytes.substr(layout.n_preamble + layout.n_header);
  if (array.n_items > array.data.size() / array.n_item_bytes ||
      array.n_items * array.n_item_bytes != array.data.size()) {
    return Bad(place, Concat("the header promises ", array.n_items, " items, the file holds ",
                             array.data.size() / array.n_item_bytes));
  }
  return array;
}

}  // namespace tok
