// Reads JSON lines {"profile": "huggingface"|"tiktoken", "bytes": false, "steps": [pre_tokenizer objects as in
// tokenizer.json], "text": ..., "front": 0} and writes {"pieces": [[text, begin, end], ...], "tiled": [ends], "stages":
// name} or {"error": ...}. Offsets are bytes of the original document, as tracked origins give them. `tiled` is what the
// splitter of the fast path says, absent where there is none. {"pattern": ..., "text": ...} instead of steps gives
// {"matches": [[begin, end], ...], "engine": ...}. "hex" instead of "text" gives the text in hexadecimal.
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/split/pattern_matcher.h"
#include "src/split/pre_tokenizer.h"
#include "src/unicode/utf8.h"

namespace {

using nlohmann::json;
using tok::pretokenizer::Behavior;
using tok::pretokenizer::PrependScheme;

Behavior ToBehavior(const std::string& name) {
  static const std::map<std::string, Behavior> kNames = {
      {"Removed", Behavior::kRemoved},
      {"Isolated", Behavior::kIsolated},
      {"MergedWithPrevious", Behavior::kMergedWithPrevious},
      {"MergedWithNext", Behavior::kMergedWithNext},
      {"Contiguous", Behavior::kContiguous}};
  return kNames.at(name);
}

PrependScheme ToScheme(const std::string& name) {
  return name == "first"   ? PrependScheme::kFirst
         : name == "never" ? PrependScheme::kNever
                           : PrependScheme::kAlways;
}

char32_t ToChar(const std::string& text) { return tok::DecodeUtf8(text, 0).code_point; }

tok::pretokenizer::Step ToStep(const json& step) {
  const std::string type = step.at("type");
  if (type == "Split") {
    const json& pattern = step.at("pattern");
    const bool is_regex = pattern.contains("Regex");
    return tok::pretokenizer::Split{{is_regex, pattern.at(is_regex ? "Regex" : "String")},
                                    ToBehavior(step.at("behavior")),
                                    step.at("invert")};
  }
  if (type == "ByteLevel")
    return tok::pretokenizer::ByteLevel{step.at("add_prefix_space"), step.at("use_regex"), true};
  if (type == "Whitespace") return tok::pretokenizer::Whitespace{};
  if (type == "WhitespaceSplit") return tok::pretokenizer::WhitespaceSplit{};
  if (type == "BertPreTokenizer") return tok::pretokenizer::Bert{};
  if (type == "Punctuation") return tok::pretokenizer::Punctuation{ToBehavior(step.at("behavior"))};
  if (type == "Digits") return tok::pretokenizer::Digits{step.at("individual_digits")};
  if (type == "CharDelimiterSplit") return tok::pretokenizer::CharDelimiter{ToChar(step.at("delimiter"))};
  if (type == "Metaspace") {
    return tok::pretokenizer::Metaspace{ToChar(step.at("replacement")), ToScheme(step.at("prepend_scheme")),
                                        step.at("split")};
  }
  if (type == "UnicodeScripts") return tok::pretokenizer::UnicodeScripts{};
  return tok::pretokenizer::FixedLength{step.at("length")};
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

json RunSteps(const json& request, tok::UnicodeProfileName profile, const std::string& text) {
  static std::map<std::string, tok::PreTokenizer> cache;
  const std::string key =
      request.at("steps").dump() + request.value("profile", "") + (request.value("bytes", false) ? "b" : "");
  if (!cache.contains(key)) {
    std::vector<tok::pretokenizer::Step> steps;
    for (const json& step : request.at("steps")) steps.push_back(ToStep(step));
    auto created = tok::PreTokenizer::Create(
        steps, profile,
        request.value("bytes", false) ? tok::VocabularyAlphabet::kBytes : tok::VocabularyAlphabet::kText);
    if (!created.ok()) return {{"error", std::string(created.status().message())}};
    cache[key] = *std::move(created);
  }
  const tok::PreTokenizer& pre_tokenizer = cache[key];
  json reply = {{"pieces", json::array()}, {"stages", pre_tokenizer.Describe()}};
  tok::AlignedText aligned = tok::AlignedText::From(text, request.value("front", 0), true);
  std::vector<tok::PieceRange> pieces;
  if (absl::Status status = pre_tokenizer.Apply(&aligned, &pieces); !status.ok()) {
    return {{"error", std::string(status.message())}};
  }
  for (const tok::PieceRange& piece : pieces) {
    const tok::Span span = aligned.OriginOf(piece.begin, piece.end);
    reply["pieces"].push_back(
        {aligned.bytes.substr(piece.begin, piece.end - piece.begin), span.begin, span.end});
  }
  const tok::Splitter* splitter = pre_tokenizer.tiling();
  if (splitter != nullptr &&
      !(splitter->NeedsValidUtf8() && tok::FindInvalidUtf8(text) != std::string::npos)) {
    reply["tiled"] = json::array();
    tok::SplitState state;
    size_t ends[3];  // few, so that Fill is resumed everywhere
    while (const size_t n = splitter->Fill(text, &state, ends, 3)) {
      for (size_t i = 0; i < n; ++i) reply["tiled"].push_back(ends[i]);
    }
  }
  return reply;
}

json RunPattern(const json& request, tok::UnicodeProfileName profile, const std::string& text) {
  static std::map<std::string, std::shared_ptr<const tok::PatternMatcher>> cache;
  const std::string pattern = request.at("pattern"), key = pattern + request.value("profile", "");
  if (!cache.contains(key)) {
    auto created = tok::PatternMatcher::Create({true, pattern}, profile);
    if (!created.ok()) return {{"error", std::string(created.status().message())}};
    cache[key] = *created;
  }
  std::vector<tok::MatchRange> matches;
  if (absl::Status status = cache[key]->FindAll(text, &matches); !status.ok()) {
    return {{"error", std::string(status.message())}};
  }
  json reply = {{"matches", json::array()}, {"engine", cache[key]->Name()}};
  for (const tok::MatchRange& match : matches) reply["matches"].push_back({match.begin, match.end});
  return reply;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const json request = json::parse(line);
    const std::string text =
        request.contains("hex") ? FromHex(request["hex"]) : request.at("text").get<std::string>();
    const auto profile = request.value("profile", "huggingface") == "tiktoken"
                             ? tok::UnicodeProfileName::kTiktoken
                             : tok::UnicodeProfileName::kHuggingFace;
    const json reply =
        request.contains("pattern") ? RunPattern(request, profile, text) : RunSteps(request, profile, text);
    std::cout << reply.dump(-1, ' ', true, json::error_handler_t::replace) << std::endl;
  }
  return 0;
}
