// Runs normalizers for tests/differential/normalizers_test.py. Each line of standard input is
//   {"normalizer": (as in tokenizer.json), "texts": [...], "origins": false}
// and each line of output {"normalized": [...]}, with "origins": [[begin, end, ...], ...] (bytes of the text, one pair per
// character of the result) if asked for, or {"error": "..."}.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/format/json_reading.h"
#include "src/format/tokenizer_json.h"
#include "src/normalize/normalizer.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

using nlohmann::json;

absl::StatusOr<Normalizer> ReadNormalizer(const std::string& text) {
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<JsonDocument> document,
                       JsonDocument::Parse(text, "standard input"));
  std::vector<normalizer::Step> steps;
  TOK_RETURN_IF_ERROR(ReadNormalizers(document->root(), &steps));
  return Normalizer::Create(steps, UnicodeProfileName::kHuggingFace);
}

std::vector<uint64_t> OriginsOf(const AlignedText& text) {
  std::vector<uint64_t> origins;
  for (size_t i = 0; i < text.bytes.size(); i += DecodeUtf8(text.bytes, i).n_bytes) {
    origins.push_back(text.origin[i].begin);
    origins.push_back(text.origin[i].end);
  }
  return origins;
}

absl::StatusOr<json> Answer(const json& request) {
  TOK_ASSIGN_OR_RETURN(const Normalizer normalizer, ReadNormalizer(request.at("normalizer").dump()));
  const bool origins = request.at("origins");
  json answer = {{"normalized", json::array()}};
  for (const std::string& document : request.at("texts").get<std::vector<std::string>>()) {
    AlignedText text = AlignedText::From(document, 0, origins);
    TOK_RETURN_IF_ERROR(normalizer.Apply(&text));
    answer["normalized"].push_back(text.bytes);
    if (origins) answer["origins"].push_back(OriginsOf(text));
  }
  return answer;
}

}  // namespace
}  // namespace tok

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) {
    const auto answer = tok::Answer(nlohmann::json::parse(line));
    std::cout << (answer.ok() ? *answer : nlohmann::json{{"error", answer.status().ToString()}}) << '\n'
              << std::flush;
  }
  return 0;
}
