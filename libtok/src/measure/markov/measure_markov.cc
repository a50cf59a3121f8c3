#include "tok/measure_markov.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/piece_counts.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"

namespace tok {
namespace {

using Kind = Scheme::Kind;

// The text is one piece.
absl::StatusOr<TokenizerSpec> TrainBpeOn(std::string_view text, uint32_t size, const MarkovOptions& asked) {
  TOK_ASSIGN_OR_RETURN(const PieceRules rules, ByteLevelRules("none"));
  TOK_ASSIGN_OR_RETURN(PieceCounter counter,
                       PieceCounter::Create(rules, {.n_threads = asked.n_threads, .goes_on = asked.goes_on}));
  TOK_RETURN_IF_ERROR(counter.Add(std::span(&text, 1)));
  TOK_ASSIGN_OR_RETURN(const PieceCounts counts, std::move(counter).Finish());
  BpeTrainerOptions options;
  options.vocab_size = size;
  options.whole_byte_alphabet = false;
  options.initial_alphabet = {"0", "1"};
  options.n_threads = asked.n_threads;
  if (asked.goes_on) options.progress = [&](const MergeProgress&) { return asked.goes_on(); };
  TOK_ASSIGN_OR_RETURN(BpeTraining training, TrainBpe(counts, options));
  return std::move(training.spec);
}

absl::StatusOr<TokenizerSpec> LzwOn(std::string_view text, uint32_t size) {
  VocabularyBuilder builder;
  TokenId id = 0;
  for (const std::string& phrase : LzwDictionary(text, size)) TOK_RETURN_IF_ERROR(builder.Add(id++, phrase));
  TokenizerSpec spec;
  spec.name = "lzw";
  spec.alphabet = VocabularyAlphabet::kBytes;
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(builder).Build());
  spec.model = BpeModelSpec();
  return spec;
}

std::vector<uint64_t> CountTokens(std::span<const TokenId> ids, size_t n_tokens) {
  std::vector<uint64_t> counts(n_tokens);
  for (const TokenId id : ids) ++counts[id];
  return counts;
}

// Bits that a model of these frequencies, `prior` added to each, takes for tokens that occur as often as `counts` say.
double CrossEntropyBits(const std::vector<uint64_t>& frequencies, double prior,
                        const std::vector<uint64_t>& counts) {
  double total = 0, bits = 0;
  for (const uint64_t n : frequencies) total += static_cast<double>(n) + prior;
  for (size_t id = 0; id < counts.size(); ++id) {
    if (counts[id] == 0) continue;
    bits -=
        static_cast<double>(counts[id]) * std::log2((static_cast<double>(frequencies[id]) + prior) / total);
  }
  return bits;
}

absl::StatusOr<MarkovPoint> Measure(const TokenizerSpec& spec, Kind kind, uint32_t size,
                                    std::string_view first, std::string_view second) {
  TOK_ASSIGN_OR_RETURN(const Tokenizer plain, Tokenizer::Create(spec));
  TOK_ASSIGN_OR_RETURN(const Tokenizer tokenizer, plain.WithScheme({.kind = kind}));
  TOK_ASSIGN_OR_RETURN(const std::vector<TokenId> seen, tokenizer.Encode(first));
  TOK_ASSIGN_OR_RETURN(const std::vector<TokenId> ids, tokenizer.Encode(second));
  const size_t n_tokens = spec.vocabulary.size();
  const std::vector<uint64_t> counts = CountTokens(ids, n_tokens);
  const auto n_symbols = static_cast<double>(second.size());
  MarkovPoint point;
  point.size = size;
  point.n_tokens = static_cast<uint32_t>(n_tokens);
  point.n_encoded = ids.size();
  point.loss = CrossEntropyBits(counts, 0, counts) / n_symbols;
  point.held_out_loss = CrossEntropyBits(CountTokens(seen, n_tokens), 1, counts) / n_symbols;
  return point;
}

absl::Status CheckOptions(const MarkovOptions& options) {
  constexpr uint32_t kMaxSize = 1 << 20;
  constexpr uint64_t kMaxSymbols = uint64_t{1} << 30;
  for (const uint32_t size : options.sizes) {
    if (size >= 2 && size <= kMaxSize) continue;
    return MakeError(ErrorCode::kUsage, "sizes", Concat(size, " is not from 2 to 2^20"), "say 2,16,256");
  }
  if (options.n_symbols >= 2 && options.n_symbols <= kMaxSymbols) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "symbols", Concat(options.n_symbols, " is not from 2 to 2^30"),
                   "say 200000");
}

}  // namespace

absl::StatusOr<MarkovReport> MeasureMarkov(const MarkovOptions& options) {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  MarkovReport report;
  report.n_symbols = options.n_symbols;
  for (const MarkovSource& source : options.sources) {
    TOK_ASSIGN_OR_RETURN(const std::string text, GenerateMarkov(source, 2 * options.n_symbols, options.seed));
    const std::string_view first = std::string_view(text).substr(0, options.n_symbols);
    const std::string_view second = std::string_view(text).substr(options.n_symbols);
    MarkovResult result;
    result.source = source;
    result.curves = {{"lzw", "longest-prefix", {}},
                     {"lzw", "fewest-tokens", {}},
                     {"bpe", "merges", {}},
                     {"bpe", "longest-prefix", {}},
                     {"bpe", "fewest-tokens", {}}};
    for (const uint32_t size : options.sizes) {
      if (options.goes_on && !options.goes_on())
        return MakeError(ErrorCode::kInterrupted, "markov", "stopped");
      TOK_ASSIGN_OR_RETURN(const TokenizerSpec lzw, LzwOn(first, size));
      TOK_ASSIGN_OR_RETURN(const TokenizerSpec bpe, TrainBpeOn(first, size, options));
      for (MarkovCurve& curve : result.curves) {
        TOK_ASSIGN_OR_RETURN(Scheme scheme, ParseScheme(curve.scheme));
        // Two symbols have no merges yet.
        if (scheme.kind == Kind::kMerges && size == 2) scheme.kind = Kind::kOwn;
        TOK_ASSIGN_OR_RETURN(MarkovPoint point, Measure(curve.dictionary == "lzw" ? lzw : bpe, scheme.kind,
                                                        size, first, second));
        curve.points.push_back(point);
      }
    }
    report.sources.push_back(std::move(result));
  }
  return report;
}

std::string MarkovJson(const MarkovReport& report) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema", 1}, {"symbols", report.n_symbols}, {"sources", Json::array()}};
  for (const MarkovResult& result : report.sources) {
    Json source = {{"p", result.source.p},
                   {"q", result.source.q},
                   {"order", result.source.order},
                   {"entropy_rate", result.source.EntropyRate()},
                   {"character_entropy", result.source.CharacterEntropy()},
                   {"curves", Json::array()}};
    for (const MarkovCurve& curve : result.curves) {
      Json points = Json::array();
      for (const MarkovPoint& point : curve.points) {
        points.push_back({{"size", point.size},
                          {"tokens", point.n_tokens},
                          {"encoded", point.n_encoded},
                          {"loss", point.loss},
                          {"held_out_loss", point.held_out_loss}});
      }
      source["curves"].push_back(
          {{"dictionary", curve.dictionary}, {"scheme", curve.scheme}, {"points", std::move(points)}});
    }
    json["sources"].push_back(std::move(source));
  }
  return json.dump();
}

}  // namespace tok
