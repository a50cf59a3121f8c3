// Data mixture inference: the replay and the programme against their definitions, mixtures that are known, and errors.
#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "src/measure/mixture/mixture_program.h"
#include "src/measure/mixture/pair_replay.h"
#include "src/train/bpe/pair_key.h"
#include "tests/unit/measure/mixture_reference.h"
#include "tests/unit/train/counted_pieces.h"
#include "tok/measure_mixture.h"
#include "tok/train_bpe.h"

namespace tok {
namespace {

const PieceRules& Rules() {
  static const auto* const rules = new PieceRules(*ByteLevelRules("none"));
  return *rules;
}

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// Texts in which letters are unlike each other's, "!!" and runs included: '!' is token 0.
std::vector<CountedStrings> Texts(size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<CountedStrings> texts;
  for (size_t i = 0; i < n; ++i) {
    std::vector<std::string> letters = {"!", "a", "b", "c"};
    for (size_t k = 0; k <= i; ++k) letters.insert(letters.end(), i + 2, std::string(1, "bcdefg"[k + i]));
    texts.push_back(RandomPieces(letters, 60, 6, &random));
  }
  return texts;
}

CountedStrings Mixed(const std::vector<CountedStrings>& texts, const std::vector<uint64_t>& weights) {
  std::map<std::string, uint64_t> sums;
  for (size_t i = 0; i < texts.size(); ++i) {
    for (const auto& [piece, count] : texts[i]) sums[piece] += weights[i] * count;
  }
  return {sums.begin(), sums.end()};
}

TokenizerSpec Trained(const CountedStrings& pieces, uint32_t n_merges) {
  return TrainBpe(PiecesOf(pieces, Rules()), {.vocab_size = 256 + n_merges})->spec;
}

TokenizerSpec TrainedOn(const std::vector<CountedStrings>& texts, const std::vector<uint64_t>& weights) {
  return Trained(Mixed(texts, weights), 40);
}

std::vector<MixtureSample> Samples(const std::vector<CountedStrings>& texts) {
  std::vector<MixtureSample> samples;
  for (const CountedStrings& text : texts) {
    samples.push_back({std::string(1, static_cast<char>('A' + samples.size())), PiecesOf(text, Rules())});
  }
  return samples;
}

double BytesOf(const CountedStrings& text) {
  double sum = 0;
  for (const auto& [piece, count] : text) sum += static_cast<double>(piece.size() * count);
  return sum;
}

BpeModelSpec& Bpe(TokenizerSpec* spec) { return std::get<BpeModelSpec>(spec->model); }

// A tokenizer of all bytes, in their order, and these merges of strings.
TokenizerSpec Listed(const std::vector<std::pair<std::string, std::string>>& merges) {
  TokenizerSpec spec = Trained({{"a", 1}}, 0);
  VocabularyBuilder builder;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id)
    EXPECT_TRUE(builder.Add(id, spec.vocabulary.Bytes(id)).ok());
  std::map<std::string, TokenId> ids;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) ids[std::string(spec.vocabulary.Bytes(id))] = id;
  for (const auto& [left, right] : merges) {
    const auto [found, is_new] = ids.try_emplace(left + right, static_cast<TokenId>(ids.size()));
    if (is_new) {
      EXPECT_TRUE(builder.Add(found->second, found->first).ok());
    }
    Bpe(&spec).merges.push_back({ids.at(left), ids.at(right)});
  }
  spec.vocabulary = *std::move(builder).Build();
  return spec;
}

TEST(PairReplay, CountsAreThoseOfRecounting) {
  for (const unsigned seed : {1u, 2u, 3u}) {
    const std::vector<CountedStrings> texts = Texts(2, seed);
    const TokenizerSpec spec = TrainedOn(texts, {2, 1});
    const absl::StatusOr<MergeSteps> merges = MergeSteps::Create(spec, UINT32_MAX);
    ASSERT_TRUE(merges.ok());
    ASSERT_EQ(merges->steps().size(), 40u);
    const PieceCounts counts = PiecesOf(texts[0], Rules());
    const absl::StatusOr<PairReplay> replay = PairReplay::Create(counts, *merges, {});
    ASSERT_TRUE(replay.ok());
    const std::vector<PairCounts> times = ReplayByRecounting(counts, *merges);
    ASSERT_EQ(replay->n_times(), times.size());
    std::vector<int64_t> sums(replay->n_pairs());
    for (size_t time = 0; time < times.size(); ++time) {
      for (size_t k = 0; k < replay->PairsAt(time).size(); ++k) {
        sums[replay->PairsAt(time)[k]] += replay->ChangesAt(time)[k];
      }
      size_t n_there = 0;
      for (uint32_t pair = 0; pair < replay->n_pairs(); ++pair) {
        const uint64_t key = replay->Key(pair);
        const auto found = times[time].find({LeftOfPair(key), RightOfPair(key)});
        const uint64_t count = found == times[time].end() ? 0 : found->second;
        n_there += count > 0;
        ASSERT_EQ(replay->CountAt(key, time), count) << "time " << time;
        ASSERT_EQ(static_cast<uint64_t>(sums[pair]), count);
      }
      ASSERT_EQ(n_there, times[time].size());
    }
  }
}

TEST(MixtureProgram, MisfitIsThatOfAllRowsAtOnce) {
  for (const unsigned seed : {4u, 5u, 6u}) {
    // Other texts than those that trained: no shares fit.
    const TokenizerSpec spec = Trained(Mixed(Texts(3, seed), {3, 1, 2}), 15);
    const std::vector<CountedStrings> texts = Texts(3, seed + 100);
    const absl::StatusOr<MergeSteps> merges = MergeSteps::Create(spec, UINT32_MAX);
    ASSERT_TRUE(merges.ok());
    std::vector<std::vector<PairCounts>> replays;
    std::vector<double> sizes;
    for (const CountedStrings& text : texts) {
      replays.push_back(ReplayByRecounting(PiecesOf(text, Rules()), *merges));
      sizes.push_back(BytesOf(text));
    }
    const double least = LeastMisfit(*merges, replays, sizes);
    ASSERT_GT(least, 1);
    const absl::StatusOr<MixtureReport> report =
        MeasureMixture(spec, Samples(texts), {.tolerance = 1e-6, .gap = 0});
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_NEAR(report->misfit, least, 1e-6 * least);
    EXPECT_NEAR(report->merge_misfit + report->pair_misfit, report->misfit, 1e-6 * least);
    double sum = 0;
    for (size_t i = 0; i < 3; ++i) {
      const MixtureReport::Share& share = report->shares[i];
      sum += share.share;
      EXPECT_GE(share.share, 0);
      // These shares are what makes the misfit least, and a move costs no less than the rows at hand say.
      EXPECT_NEAR(LeastMisfit(*merges, replays, sizes, {{i, share.share}}), least, 1e-5 * least);
      double rise = std::numeric_limits<double>::infinity();
      for (const double moved : {share.share - 0.001, share.share + 0.001}) {
        if (moved < 0 || moved > 1) continue;
        rise = std::min(rise, LeastMisfit(*merges, replays, sizes, {{i, moved}}) - least);
      }
      EXPECT_GT(share.sensitivity, 0);
      EXPECT_LE(share.sensitivity, rise + 1e-5 * least);
    }
    EXPECT_NEAR(sum, 1, 1e-12);
    // A gap that is allowed is kept to.
    const absl::StatusOr<MixtureReport> sooner =
        MeasureMixture(spec, Samples(texts), {.tolerance = 1e-6, .gap = 0.2});
    ASSERT_TRUE(sooner.ok());
    EXPECT_LE(sooner->misfit, least * (1 + 1e-6));
    EXPECT_GE(sooner->misfit, least / 1.2 * (1 - 1e-6));
  }
}

TEST(MeasureMixture, TextsThatTrainedFitExactly) {
  const std::vector<CountedStrings> texts = Texts(3, 11);
  const std::vector<uint64_t> weights = {5, 1, 3};
  const TokenizerSpec spec = TrainedOn(texts, weights);
  double total = 0;
  for (size_t i = 0; i < 3; ++i) total += static_cast<double>(weights[i]) * BytesOf(texts[i]);
  const absl::StatusOr<MixtureReport> report =
      MeasureMixture(spec, Samples(texts), {.tolerance = 1e-6, .gap = 0});
  ASSERT_TRUE(report.ok());
  EXPECT_NEAR(report->misfit, 0, 1e-3);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(report->shares[i].share, static_cast<double>(weights[i]) * BytesOf(texts[i]) / total, 0.05);
  }
}

TEST(MeasureMixture, SharesAreOfPairsWhereTheyAreAskedFor) {
  // Pieces of two symbols have one pair in two bytes, those of six five in six.
  const CountedStrings pairs = {{"ab", 60}, {"cd", 40}, {"ef", 30}};
  const CountedStrings sixes = {{"ghghgh", 50}, {"cdijij", 20}, {"klklkl", 25}};
  const TokenizerSpec spec = Trained(Mixed({pairs, sixes}, {1, 1}), 5);
  for (const auto size : {MixtureOptions::Size::kBytes, MixtureOptions::Size::kPairs}) {
    const absl::StatusOr<MixtureReport> report =
        MeasureMixture(spec, Samples({pairs, sixes}), {.size = size, .tolerance = 1e-6, .gap = 0});
    ASSERT_TRUE(report.ok());
    EXPECT_NEAR(report->misfit, 0, 1e-3);
    EXPECT_EQ(report->shares[0].n_bytes, 260u);
    EXPECT_EQ(report->shares[0].n_pairs, 130u);
    EXPECT_EQ(report->shares[1].n_pairs, 475u);
  }
}

// The authors' code takes a pair of number 0 for none.
TEST(MeasureMixture, PairOfTokensZeroIsARival) {
  const TokenizerSpec spec = Listed({{"a", "b"}});
  ASSERT_EQ(spec.vocabulary.Bytes(0), "!");
  const CountedStrings text = {{"!!", 30}, {"ab", 10}};
  const absl::StatusOr<MixtureReport> report = MeasureMixture(spec, Samples({text, text}), {});
  ASSERT_TRUE(report.ok());
  EXPECT_NEAR(report->misfit, 1e6 * 20 / 80, 1);
}

TEST(MeasureMixture, SameForAnyNumberOfThreads) {
  const TokenizerSpec spec = TrainedOn(Texts(3, 21), {1, 4, 2});
  const std::vector<MixtureSample> samples = Samples(Texts(3, 22));
  const absl::StatusOr<MixtureReport> one = MeasureMixture(spec, samples, {.n_threads = 1});
  const absl::StatusOr<MixtureReport> four = MeasureMixture(spec, samples, {.n_threads = 4});
  ASSERT_TRUE(one.ok() && four.ok());
  EXPECT_EQ(MixtureJson(*one), MixtureJson(*four));
}

TEST(MeasureMixture, RanksAreTheMergesTheyStandFor) {
  TokenizerSpec spec = TrainedOn(Texts(2, 31), {1, 2});
  const std::vector<MixtureSample> samples = Samples(Texts(2, 32));
  const absl::StatusOr<MixtureReport> by_list = MeasureMixture(spec, samples, {});
  Bpe(&spec).mode = BpeModelSpec::Mode::kRank;
  Bpe(&spec).merges.clear();
  const absl::StatusOr<MixtureReport> by_rank = MeasureMixture(spec, samples, {});
  ASSERT_TRUE(by_list.ok() && by_rank.ok()) << by_rank.status();
  EXPECT_EQ(MixtureJson(*by_list), MixtureJson(*by_rank));
}

TEST(MeasureMixture, MergesThatSayNothingAreCountedAndNamed) {
  std::vector<std::pair<std::string, std::string>> merges;
  // Each as merging its own blanks ends, else it would be redundant.
  const std::pair<size_t, size_t> halves[] = {{1, 1}, {2, 1}, {2, 2}, {2, 3}, {4, 2}, {4, 3}, {4, 4}, {4, 5}};
  for (const auto& [left, right] : halves) {
    merges.emplace_back(std::string(left, ' '), std::string(right, ' '));
  }
  ASSERT_EQ(merges.size(), MergeSteps::kHandAddedBlock);
  merges.insert(merges.end(), {{"a", "b"}, {"ab", "c"}, {"b", "c"}, {"a", "bc"}, {"x", "y"}});
  const CountedStrings text = {{"abc", 9}, {"bc", 3}, {"ab", 2}, {"    ", 50}};
  const TokenizerSpec spec = Listed(merges);
  const absl::StatusOr<MixtureReport> report = MeasureMixture(spec, Samples({text, text}), {});
  ASSERT_TRUE(report.ok());
  ASSERT_EQ(report->hand_added.n, MergeSteps::kHandAddedBlock);
  EXPECT_EQ(report->hand_added.first[1], "    ");  // two, and one
  EXPECT_EQ(report->n_redundant, 1u);              // a + bc: "abc" is merged from ab and c
  EXPECT_EQ(report->absent.n, 1u);
  EXPECT_EQ(report->absent.first, std::vector<std::string>{"x y"});
  EXPECT_EQ(report->n_merges, merges.size() - 1);
  const absl::StatusOr<MixtureReport> first = MeasureMixture(spec, Samples({text, text}), {.n_merges = 9});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->n_merges, 9u);
  EXPECT_EQ(first->absent.n, 0u);
}

TEST(MeasureMixture, SymbolsThatAreNoTokensPartPieces) {
  TokenizerSpec spec = Listed({{"a", "b"}});
  VocabularyBuilder builder;
  for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
    if (spec.vocabulary.Bytes(id) != "x") {
      ASSERT_TRUE(builder.Add(id, spec.vocabulary.Bytes(id)).ok());
    }
  }
  spec.vocabulary = *std::move(builder).Build();
  const CountedStrings text = {{"abxcd", 1}};
  const absl::StatusOr<MixtureReport> report = MeasureMixture(spec, Samples({text, text}), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->shares[0].n_pairs, 2u);
}

TEST(MeasureMixture, JsonHasTheFieldsThatScriptsReadOn) {
  const absl::StatusOr<MixtureReport> report =
      MeasureMixture(TrainedOn(Texts(2, 41), {1, 1}), Samples(Texts(2, 41)), {});
  ASSERT_TRUE(report.ok());
  const auto json = nlohmann::json::parse(MixtureJson(*report));
  EXPECT_EQ(json["schema"], 1);
  EXPECT_DOUBLE_EQ(json["shares"]["A"].get<double>() + json["shares"]["B"].get<double>(), 1);
  for (const char* field : {"sensitivity", "misfit", "merges", "absent", "rows", "epochs", "share_of"}) {
    EXPECT_TRUE(json.contains(field)) << field;
  }
}

TEST(MeasureMixture, SamplesAndOptionsThatMakeNoSense) {
  const TokenizerSpec spec = TrainedOn(Texts(2, 51), {1, 1});
  const std::vector<MixtureSample> samples = Samples(Texts(2, 51));
  const auto error = [&](const std::vector<MixtureSample>& given, const MixtureOptions& options) {
    return MessageOf(MeasureMixture(spec, given, options).status());
  };
  EXPECT_EQ(error({}, {}).substr(0, 15), "TOK-E040 sample");
  EXPECT_EQ(error({samples[0]}, {}).substr(0, 20), "TOK-E040 sample 'A':");
  EXPECT_NE(error({samples[0], samples[0]}, {}).find("is there twice"), std::string::npos);
  EXPECT_EQ(error({samples[0], {"empty", PiecesOf({}, Rules())}}, {}).substr(0, 24),
            "TOK-E040 sample 'empty':");
  EXPECT_EQ(error({samples[0], {"short", PiecesOf({{"a", 5}}, Rules())}}, {}).substr(0, 24),
            "TOK-E040 sample 'short':");
  const PieceCounts other = PiecesOf({{"ab", 5}}, *ByteLevelRules("gpt2"));
  EXPECT_EQ(error({samples[0], {"other", other}}, {}).substr(0, 23), "TOK-E040 sample 'other'");
  EXPECT_NE(error(samples, {.n_merges = 0}).find("TOK-E040 merges"), std::string::npos);
  EXPECT_NE(error(samples, {.tolerance = 0}).find("TOK-E040 tolerance"), std::string::npos);
  EXPECT_NE(error(samples, {.gap = -1}).find("TOK-E040 gap"), std::string::npos);
}

TEST(MeasureMixture, TokenizersWithoutMerges) {
  TokenizerSpec spec = TrainedOn(Texts(2, 61), {1, 1});
  const std::vector<MixtureSample> samples = Samples(Texts(2, 61));
  TokenizerSpec none = Listed({});
  EXPECT_EQ(ErrorCodeOf(MeasureMixture(none, samples, {}).status()), ErrorCode::kUnsupportedFeature);
  Bpe(&spec).mode = BpeModelSpec::Mode::kSentencePiece;
  EXPECT_EQ(ErrorCodeOf(MixtureRules(spec).status()), ErrorCode::kUnsupportedFeature);
  spec.model = UnigramModelSpec{};
  EXPECT_EQ(ErrorCodeOf(MixtureRules(spec).status()), ErrorCode::kUnsupportedFeature);
}

TEST(MeasureMixture, EndsWhereProgressSaysSo) {
  const TokenizerSpec spec = TrainedOn(Texts(2, 71), {1, 1});
  const std::vector<MixtureSample> samples = Samples(Texts(2, 72));
  for (const auto phase : {MixtureProgress::Phase::kReplay, MixtureProgress::Phase::kSolve,
                           MixtureProgress::Phase::kSensitivity}) {
    const auto progress = [&](const MixtureProgress& now) { return now.phase != phase; };
    const absl::Status status = MeasureMixture(spec, samples, {.progress = progress}).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInterrupted) << status;
  }
}

}  // namespace
}  // namespace tok
