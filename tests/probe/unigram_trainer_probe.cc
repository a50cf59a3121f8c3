// Lets a Python test run the Unigram trainer side by side with Hugging Face's. One JSON object a line:
//   {"pieces": [[piece, count], ...], "metaspace": bool, "vocab_size": n, ...}  -> {"vocab": [[token, score], ...],
//                                                                "tokenizer": "<tokenizer.json>"} or {"error": "..."}
// Further members are those of UnigramTrainerOptions.
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "tok/formats.h"
#include "tok/train_unigram.h"

namespace {

using nlohmann::json;

struct Storage {
  std::string blob;
  std::vector<uint64_t> ends, counts;
};

tok::PieceCounts Counts(const json& request) {
  auto storage = std::make_shared<Storage>();
  for (const json& piece : request["pieces"]) {
    storage->blob += piece[0].get<std::string>();
    storage->ends.push_back(storage->blob.size());
    storage->counts.push_back(piece[1]);
  }
  tok::PieceCounts::Origin origin;
  origin.rules.alphabet = tok::VocabularyAlphabet::kText;
  if (request.value("metaspace", false)) origin.rules.pre_tokenizers = {tok::pretokenizer::Metaspace()};
  return tok::PieceCounts(std::move(origin), storage->blob, storage->ends, storage->counts, storage);
}

tok::UnigramTrainerOptions Options(const json& request) {
  tok::UnigramTrainerOptions options;
  options.vocab_size = request.value("vocab_size", options.vocab_size);
  options.shrinking_factor = request.value("shrinking_factor", options.shrinking_factor);
  options.max_piece_length = request.value("max_piece_length", options.max_piece_length);
  options.n_sub_iterations = request.value("n_sub_iterations", options.n_sub_iterations);
  options.seed_size = request.value("seed_size", options.seed_size);
  options.n_threads = request.value("n_threads", options.n_threads);
  if (request.contains("unk_token")) options.unk_token = request["unk_token"].get<std::string>();
  for (const json& token : request.value("special_tokens", json::array())) {
    options.special_tokens.push_back({.content = token});
  }
  for (const json& character : request.value("initial_alphabet", json::array())) {
    options.initial_alphabet.push_back(character.get<uint32_t>());
  }
  return options;
}

json Error(const absl::Status& status) {
  return {{"error", std::string(status.message().data(), status.message().size())}};
}

json Train(const json& request) {
  const auto spec = tok::TrainUnigram(Counts(request), Options(request));
  if (!spec.ok()) return Error(spec.status());
  const auto file = tok::SerializeTokenizerJson(*spec);
  if (!file.ok()) return Error(file.status());
  json reply = {{"vocab", json::array()}, {"tokenizer", *file}};
  for (tok::TokenId id = 0; id < spec->vocabulary.size(); ++id) {
    reply["vocab"].push_back({std::string(spec->vocabulary.Bytes(id)), spec->vocabulary.Score(id)});
  }
  return reply;
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);)
    std::cout << Train(json::parse(line)).dump() << std::endl;
}
