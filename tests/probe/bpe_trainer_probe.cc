// Trains BPE from counted pieces: a JSON object a line in, a tokenizer.json a line out (or {"error": ...}).
//
// {"pieces": [[text, count], ...], "bytes": true, "vocab_size": n, ...}: members as in BpeTrainerOptions.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tok/formats.h"
#include "tok/train_bpe.h"

namespace {

using Json = nlohmann::json;

tok::PieceCounts ReadCounts(const Json& request) {
  struct Storage {
    std::string blob;
    std::vector<uint64_t> ends, counts;
  };
  auto storage = std::make_shared<Storage>();
  for (const Json& piece : request.at("pieces")) {
    storage->blob += piece[0].get<std::string>();
    storage->ends.push_back(storage->blob.size());
    storage->counts.push_back(piece[1].get<uint64_t>());
  }
  tok::PieceCounts::Origin origin;
  if (request.value("bytes", true)) {
    origin.rules = *tok::ByteLevelRules("none");
  } else {
    origin.rules.alphabet = tok::VocabularyAlphabet::kText;
  }
  return tok::PieceCounts(std::move(origin), storage->blob, storage->ends, storage->counts, storage);
}

std::string Answer(const Json& request) {
  tok::BpeTrainerOptions options;
  options.vocab_size = request.at("vocab_size");
  options.min_frequency = request.value("min_frequency", uint64_t{0});
  options.max_token_length = request.value("max_token_length", 0u);
  options.limit_alphabet = request.value("limit_alphabet", 0u);
  options.whole_byte_alphabet = request.value("whole_byte_alphabet", false);
  options.initial_alphabet = request.value("initial_alphabet", std::vector<std::string>());
  options.special_tokens = request.value("special_tokens", std::vector<std::string>());
  options.continuing_subword_prefix = request.value("continuing_subword_prefix", "");
  options.end_of_word_suffix = request.value("end_of_word_suffix", "");
  options.n_threads = request.value("n_threads", 1u);
  const auto error = [](const absl::Status& status) {
    return Json{{"error", std::string(status.message())}}.dump();
  };
  const auto trained = tok::TrainBpe(ReadCounts(request), options);
  if (!trained.ok()) return error(trained.status());
  const auto text = tok::SerializeTokenizerJson(trained->spec);
  if (!text.ok()) return error(text.status());
  Json answer = Json::parse(*text);
  answer["has_collisions"] = trained->report.has_collisions;
  return answer.dump();
}

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) std::cout << Answer(Json::parse(line)) << std::endl;
}
