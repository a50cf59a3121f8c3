// Lets a Python test run WordPiece and WordLevel models side by side with Hugging Face's. One JSON object a line:
//   {"tokenizer": "<tokenizer.json>"}   -> {}
//   {"pieces": [...]}                   -> {"tokens": [[[id, begin, end], ...] or null where the model fails, ...]}
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "src/model/piece_model.h"
#include "tok/formats.h"

namespace {

using nlohmann::json;

absl::StatusOr<std::unique_ptr<const tok::PieceModel>> MakeModel(const std::string& text) {
  const auto spec = tok::ParseTokenizerJson(text, "tokenizer.json");
  if (!spec.ok()) return spec.status();
  if (const auto* word_piece = std::get_if<tok::WordPieceModelSpec>(&spec->model)) {
    return tok::MakeWordPieceModel(*word_piece, spec->vocabulary, spec->alphabet);
  }
  if (const auto* word_level = std::get_if<tok::WordLevelModelSpec>(&spec->model)) {
    return tok::MakeWordLevelModel(*word_level, spec->vocabulary, spec->alphabet);
  }
  return tok::MakeError(tok::ErrorCode::kUsage, "model", "is neither WordPiece nor WordLevel");
}

json Encode(const tok::PieceModel& model, const std::string& piece) {
  const auto scratch = model.MakeScratch();
  std::vector<tok::PieceToken> tokens;
  if (!model.Encode(piece, scratch.get(), &tokens).ok()) return nullptr;
  json result = json::array();
  for (const tok::PieceToken& token : tokens) result.push_back({token.id, token.begin, token.end});
  return result;
}

}  // namespace

int main() {
  std::unique_ptr<const tok::PieceModel> model;
  for (std::string line; std::getline(std::cin, line);) {
    const json request = json::parse(line);
    json reply = json::object();
    if (request.contains("tokenizer")) {
      auto made = MakeModel(request["tokenizer"]);
      if (made.ok()) {
        model = *std::move(made);
      } else {
        reply["error"] = std::string(made.status().message().data(), made.status().message().size());
      }
    } else {
      reply["tokens"] = json::array();
      for (const json& piece : request["pieces"]) reply["tokens"].push_back(Encode(*model, piece));
    }
    std::cout << reply.dump() << std::endl;
  }
}
