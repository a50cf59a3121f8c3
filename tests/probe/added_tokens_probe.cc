// Lets a Python test run the search for added tokens side by side with Hugging Face's. One JSON object a line:
//   {"tokenizer": "<tokenizer.json without normalizer>"}     -> {}
//   {"texts": [...], "hide_special": bool}
//     -> {"splits": [[[id, begin, end], ...], ...]}: what the texts fall apart into, -1 for what is between tokens
// As in the peer there are two passes: tokens with normalized = false over the text, the others over each rest.
#include <iostream>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "src/vocab/added_tokens.h"
#include "tok/formats.h"

namespace {

using nlohmann::json;

struct Pass {
  std::vector<tok::AddedToken> tokens;
  tok::AddedTokenMatcher matcher;

  Pass(const std::vector<tok::AddedToken>& all, bool normalized) {
    for (const tok::AddedToken& token : all) {
      if (token.normalized == normalized) tokens.push_back(token);
    }
    const std::vector<std::string_view> contents = [&] {
      std::vector<std::string_view> views;
      for (const tok::AddedToken& token : tokens) views.push_back(token.content);
      return views;
    }();
    matcher = *tok::AddedTokenMatcher::Create(tokens, contents);
  }

  // Calls token(id, begin, end) and text(begin, end) in order.
  template <typename Token, typename Text>
  void Run(std::string_view string, bool hide_special, Token token, Text text) const {
    tok::AddedTokenScan scan(matcher, string, hide_special);
    size_t done = 0;
    for (tok::AddedMatch match; scan.Next(&match); done = match.end) {
      if (done < match.begin) text(done, match.begin);
      token(tokens[match.index].id, match.begin, match.end);
    }
    if (done < string.size()) text(done, string.size());
  }
};

json Split(const Pass& raw, const Pass& normalized, const std::string& string, bool hide_special) {
  json splits = json::array();
  raw.Run(
      string, hide_special,
      [&](tok::TokenId id, size_t begin, size_t end) {
        splits.push_back({id, begin, end});
      },
      [&](size_t offset, size_t limit) {
        normalized.Run(
            std::string_view(string).substr(offset, limit - offset), hide_special,
            [&](tok::TokenId id, size_t begin, size_t end) {
              splits.push_back({id, offset + begin, offset + end});
            },
            [&](size_t begin, size_t end) {
              splits.push_back({-1, offset + begin, offset + end});
            });
      });
  return splits;
}

}  // namespace

int main() {
  std::vector<tok::AddedToken> tokens;
  for (std::string line; std::getline(std::cin, line);) {
    const json request = json::parse(line);
    json reply = json::object();
    if (request.contains("tokenizer")) {
      const auto spec = tok::ParseTokenizerJson(request["tokenizer"].get<std::string>(), "tokenizer.json");
      if (spec.ok()) {
        tokens = spec->added_tokens;
      } else {
        reply["error"] = std::string(spec.status().message().data(), spec.status().message().size());
      }
    } else {
      const Pass raw(tokens, false), normalized(tokens, true);
      reply["splits"] = json::array();
      for (const json& text : request["texts"]) {
        reply["splits"].push_back(Split(raw, normalized, text, request["hide_special"]));
      }
    }
    std::cout << reply.dump() << std::endl;
  }
}
