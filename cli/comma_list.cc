#include "cli/comma_list.h"

#include <charconv>

namespace tok::cli {

std::vector<std::string> SplitAtCommas(const std::string& list) {
  std::vector<std::string> words(1);
  for (const char c : list) {
    if (c == ',') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  for (std::string& word : words) {
    word.erase(0, word.find_first_not_of(' '));
    word.erase(word.find_last_not_of(' ') + 1);
  }
  std::erase(words, "");
  return words;
}

absl::StatusOr<std::vector<std::string>> ParseNames(const std::string& option, const std::string& list) {
  std::vector<std::string> names = SplitAtCommas(list);
  if (!names.empty()) return names;
  return MakeError(ErrorCode::kUsage, option + " " + list, "names nothing",
                   "leave the option out, or name some");
}

absl::StatusOr<std::vector<uint32_t>> ParseNumbers(const std::string& option, const std::string& list) {
  const absl::StatusOr<std::vector<std::string>> words = ParseNames(option, list);
  if (!words.ok()) return words.status();
  std::vector<uint32_t> numbers;
  for (const std::string& word : *words) {
    const char* const end = word.data() + word.size();
    const auto [at, error] = std::from_chars(word.data(), end, numbers.emplace_back());
    if (error == std::errc() && at == end) continue;
    return MakeError(ErrorCode::kUsage, option + " " + list, "'" + word + "' is no whole number below 2^32",
                     "give numbers separated by commas");
  }
  return numbers;
}

}  // namespace tok::cli
