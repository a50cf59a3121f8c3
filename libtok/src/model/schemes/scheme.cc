#include "tok/scheme.h"

#include <array>
#include <charconv>

#include "src/base/strings.h"
#include "tok/spec_fields.h"

namespace tok {
namespace {

template <typename T>
bool ParseNumber(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

absl::Status BadParameter(std::string_view name, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, Concat("scheme ", name), fact, remedy);
}

}  // namespace

std::vector<std::string> SchemeNames() {
  return {kEnumNames<Scheme::Kind>.begin(), kEnumNames<Scheme::Kind>.end()};
}

absl::StatusOr<Scheme> ParseScheme(std::string_view name) {
  const size_t colon = name.find(':');
  const std::string_view kind = name.substr(0, colon);
  const bool has_parameter = colon != std::string_view::npos;
  const std::string_view parameter = has_parameter ? name.substr(colon + 1) : std::string_view();
  Scheme scheme;
  const auto& names = kEnumNames<Scheme::Kind>;
  size_t i = 0;
  while (i < names.size() && kind != names[i]) ++i;
  if (i == names.size()) {
    std::string all;
    for (const char* known : names) all += Concat(all.empty() ? "" : ", ", known);
    return BadParameter(name, "is unknown", Concat("use one of: ", all));
  }
  scheme.kind = static_cast<Scheme::Kind>(i);
  if (!has_parameter) return scheme;
  switch (scheme.kind) {
    case Scheme::Kind::kFlota:
      if (ParseNumber(parameter, &scheme.max_tokens) && scheme.max_tokens > 0) return scheme;
      return BadParameter(name, "is not a number of tokens", "say flota:4");
    case Scheme::Kind::kDropout:
      if (ParseNumber(parameter, &scheme.probability) && scheme.probability >= 0 && scheme.probability <= 1)
        return scheme;
      return BadParameter(name, "is not a probability", "say dropout:0.1");
    case Scheme::Kind::kFewestTokens:
      scheme.random_ties = parameter == "random";
      if (scheme.random_ties) return scheme;
      return BadParameter(name, "is unknown", "say fewest-tokens or fewest-tokens:random");
    default: return BadParameter(name, "takes no parameter", Concat("say ", kind));
  }
}

std::string SchemeName(const Scheme& scheme) {
  const std::string name = kEnumNames<Scheme::Kind>[static_cast<size_t>(scheme.kind)];
  switch (scheme.kind) {
    case Scheme::Kind::kFlota: return Concat(name, ":", scheme.max_tokens);
    case Scheme::Kind::kDropout: {
      std::array<char, 32> text;
      const auto end = std::to_chars(text.data(), text.data() + text.size(), scheme.probability).ptr;
      return Concat(name, ":", std::string_view(text.data(), end));
    }
    case Scheme::Kind::kFewestTokens: return scheme.random_ties ? name + ":random" : name;
    default: return name;
  }
}

}  // namespace tok
