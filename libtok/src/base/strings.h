// base/strings.h: a bridge between std::string_view and Debian's Abseil, whose absl::string_view is a class of its own.
#ifndef TOK_SRC_BASE_STRINGS_H_
#define TOK_SRC_BASE_STRINGS_H_

#include <string>
#include <string_view>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tok {

inline absl::string_view AbslView(std::string_view text) {
  return absl::string_view(text.data(), text.size());
}
inline std::string_view StdView(absl::string_view text) { return std::string_view(text.data(), text.size()); }

// absl::StrCat for any mix of strings, views and numbers.
template <typename... Args>
std::string Concat(const Args&... args) {
  const auto convert = []<typename T>(const T& value) -> decltype(auto) {
    if constexpr (std::is_convertible_v<const T&, std::string_view>) {
      return AbslView(std::string_view(value));
    } else {
      return value;
    }
  };
  return absl::StrCat(convert(args)...);
}

}  // namespace tok

#endif  // TOK_SRC_BASE_STRINGS_H_
