// Continued training and resumed training, each against its definition: recounting before each merge, and the run that was
// never stopped.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/model/bpe/bpe_reference.h"
#include "src/train/bpe/merge_reference.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/train/counted_pieces.h"
#include "tests/unit/train/superbpe_reference.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

PieceCounts BytePieces(const CountedStrings& pieces) {
  const PieceCounts text = TextPieces(pieces);
  PieceCounts::Origin origin;
  origin.rules = *ByteLevelRules("none");
  auto owner = std::make_shared<PieceCounts>(text);
  return PieceCounts(std::move(origin), owner->blob(), owner->ends(), owner->counts(), owner);
}

CountedStrings SomePieces(uint64_t seed) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  const std::vector<std::string> alphabet = {"a", "b", "c", " ", "é", "ab"};
  const size_t n_symbols = 1 + random() % alphabet.size();
  return RandomPieces({alphabet.begin(), alphabet.begin() + static_cast<std::ptrdiff_t>(n_symbols)},
                      1 + random() % 40, 1 + random() % 16, &random);
}

const BpeModelSpec& ModelOf(const TokenizerSpec& spec) { return std::get<BpeModelSpec>(spec.model); }

BpeTraining Train(const PieceCounts& counts, const BpeTrainerOptions& options) {
  absl::StatusOr<BpeTraining> training = TrainBpe(counts, options);
  EXPECT_TRUE(training.ok()) << training.status().message();
  return training.ok() ? *std::move(training) : BpeTraining{};
}

void ExpectSameReport(const BpeTrainingReport& a, const BpeTrainingReport& b) {
  const auto numbers = [](const BpeTrainingReport& r) {
    return std::vector<uint64_t>{r.n_unique_pieces, r.n_symbols,  r.n_alphabet,
                                 r.n_merges,        r.last_count, r.n_tied};
  };
  EXPECT_EQ(numbers(a), numbers(b));
  EXPECT_EQ(a.has_collisions, b.has_collisions);
}

// What merging a long piece takes is of the budget: fewer threads, and in the end an error.
TEST(ContinuedBpeTest, LongPiecesKeepToTheBudget) {
  constexpr uint64_t kMiB = uint64_t{1} << 20;
  std::mt19937 random(7);
  CountedStrings pieces = SomePieces(7);
  for (size_t i = 0; i < 5; ++i) {
    std::string text(200'000, ' ');
    for (char& c : text) c = "abc de"[random() % 6];
    pieces.emplace_back(text, 1 + i);
  }
  const PieceCounts counts = BytePieces(pieces);
  BpeTrainerOptions options{.vocab_size = 300, .n_threads = 1};
  options.base = Train(counts, options).spec;
  options.vocab_size = 320;
  const TokenizerSpec expected = Train(counts, options).spec;
  options.n_threads = 4;
  for (const uint64_t n_memory_bytes : {uint64_t{24}, uint64_t{40}, uint64_t{1024}}) {
    options.n_memory_bytes = n_memory_bytes * kMiB;
    EXPECT_EQ(SpecIdentityHash(Train(counts, options).spec), SpecIdentityHash(expected));
  }
  options.n_memory_bytes = 16 * kMiB;
  const absl::Status status = TrainBpe(counts, options).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLimit) << status;
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("raise --memory, or choose a pattern"));
}

TEST(ContinuedBpeTest, ContinuingOnTheSameTextIsOneTraining) {
  for (uint64_t seed = 0; seed < 60; ++seed) {
    const PieceCounts counts = BytePieces(SomePieces(seed));
    BpeTrainerOptions options{.vocab_size = static_cast<uint32_t>(270 + seed % 40), .n_threads = 1};
    options.whole_byte_alphabet = seed % 2 == 0;
    if (seed % 3 == 0) options.max_token_length = 4;
    if (!options.whole_byte_alphabet) options.vocab_size -= 240;
    const TokenizerSpec once = Train(counts, options).spec;
    BpeTrainerOptions first = options;
    first.vocab_size -= static_cast<uint32_t>(seed % 17);
    options.base = Train(counts, first).spec;
    EXPECT_EQ(SpecIdentityHash(Train(counts, options).spec), SpecIdentityHash(once)) << "seed " << seed;
  }
}

// A base that no training makes: any merges in any order, tokens that are not reached, gaps, tokens outside the model.
TokenizerSpec StrangeBase(std::mt19937_64* random, const CountedStrings& pieces) {
  VocabularyBuilder builder;
  std::vector<std::pair<TokenId, std::string>> tokens;
  TokenId next = 0;
  std::set<std::string> taken;
  const auto add = [&](const std::string& bytes, TokenKind kind) {
    if (bytes.empty() || !taken.insert(bytes).second) return;
    next += (*random)() % 4 == 0;  // a gap
    EXPECT_TRUE(builder.Add(next, bytes, kind).ok());
    if (kind == TokenKind::kNormal) tokens.emplace_back(next, bytes);
    ++next;
  };
  std::vector<unsigned> bytes(256);
  for (unsigned b = 0; b < 256; ++b) bytes[b] = b;
  std::shuffle(bytes.begin(), bytes.end(), *random);
  for (const unsigned b : bytes) add(std::string(1, static_cast<char>(b)), TokenKind::kNormal);
  TokenizerSpec spec;
  spec.name = "strange";
  BpeModelSpec model;
  model.ignore_merges = (*random)() % 2 == 0;
  const auto part = [&] {
    const std::string& piece = pieces[(*random)() % pieces.size()].first;
    const size_t begin = (*random)() % piece.size();
    return piece.substr(begin, 1 + (*random)() % 4);
  };
  for (uint64_t n = (*random)() % 12; n > 0; --n) add(part(), TokenKind::kNormal);
  if ((*random)() % 2 == 0) {
    const std::string content = part();
    if (!taken.contains(content)) {
      add(content, TokenKind::kAdded);
      AddedToken token;
      token.id = next - 1;
      token.content = content;
      token.special = true;
      spec.added_tokens.push_back(token);
    }
  }
  for (const auto& [left, left_bytes] : tokens) {
    for (const auto& [right, right_bytes] : tokens) {
      const auto is_normal = [&](const std::string& s) {
        return std::any_of(tokens.begin(), tokens.end(), [&](const auto& t) { return t.second == s; });
      };
      if ((*random)() % 4 != 0 && is_normal(left_bytes + right_bytes)) model.merges.push_back({left, right});
    }
  }
  std::shuffle(model.merges.begin(), model.merges.end(), *random);
  spec.alphabet = VocabularyAlphabet::kBytes;
  spec.pre_tokenizers = ByteLevelRules("none")->pre_tokenizers;
  spec.decoder.steps = {decoder::ByteLevel{}};
  spec.vocabulary = *std::move(builder).Build();
  spec.model = std::move(model);
  return spec;
}

std::vector<TokenId> EncodeByDefinition(const TokenizerSpec& spec, const std::string& piece) {
  if (ModelOf(spec).ignore_merges) {
    if (const TokenId whole = spec.vocabulary.Find(piece); whole != kNoToken) return {whole};
  }
  return EncodeByMergesReference(spec.vocabulary, ModelOf(spec).merges, BytesOf(spec.vocabulary, piece));
}

// The base's merges on each piece by itself; then all pairs counted before each merge, but those that would make what
// the base has left out. *left_merged: the pieces in the end.
std::vector<Merge> ContinueByDefinition(const TokenizerSpec& base, const CountedStrings& pieces,
                                        uint32_t vocab_size, std::vector<WeightedPiece>* left_merged) {
  std::vector<std::string> tokens;
  std::set<std::string> taken;
  for (TokenId id = 0; id < base.vocabulary.size(); ++id) {
    tokens.emplace_back(base.vocabulary.Bytes(id));
    taken.insert(tokens.back());
  }
  for (const auto& [piece, count] : pieces) left_merged->push_back({EncodeByDefinition(base, piece), count});
  std::vector<Merge> merges = ModelOf(base).merges;
  MergeEngine::Options options;
  options.max_merges = vocab_size - static_cast<uint32_t>(tokens.size());
  options.on_merge = [&](uint32_t left, uint32_t right) {
    merges.push_back({left, right});
    tokens.push_back(tokens[left] + tokens[right]);
    EXPECT_TRUE(taken.insert(tokens.back()).second) << "a string was made twice";
  };
  options.is_vetoed = [&](uint32_t left, uint32_t right) {
    return taken.contains(tokens[left] + tokens[right]);
  };
  MergesByRecounting(left_merged, static_cast<uint32_t>(tokens.size()), options);
  return merges;
}

TEST(ContinuedBpeTest, EqualsTheDefinitionFromAnyBase) {
  size_t n_new = 0, n_bases_with_vetoes = 0;
  for (uint64_t seed = 0; seed < 300; ++seed) {
    std::mt19937_64 random(seed);
    const CountedStrings pieces = SomePieces(seed);
    const TokenizerSpec base = StrangeBase(&random, pieces);
    BpeTrainerOptions options{.base = base, .n_threads = 1};
    options.vocab_size = static_cast<uint32_t>(base.vocabulary.size() + random() % 30);
    const BpeTraining training = Train(BytePieces(pieces), options);
    const TokenizerSpec& spec = training.spec;
    std::vector<WeightedPiece> left_merged;
    const std::vector<Merge> expected = ContinueByDefinition(base, pieces, options.vocab_size, &left_merged);
    ASSERT_EQ(ModelOf(spec).merges, expected) << "seed " << seed;
    n_new += training.report.n_merges;
    EXPECT_EQ(training.report.n_merges, expected.size() - ModelOf(base).merges.size());
    for (TokenId id = 0; id < base.vocabulary.size(); ++id) {
      ASSERT_EQ(spec.vocabulary.Bytes(id), base.vocabulary.Bytes(id));
      ASSERT_EQ(spec.vocabulary.Kind(id), base.vocabulary.Kind(id));
    }
    // What training ended with is what the tokenizer does.
    const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Create(spec);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    for (size_t i = 0; i < pieces.size(); ++i) {
      EXPECT_EQ(EncodeByDefinition(spec, pieces[i].first), left_merged[i].tokens) << "seed " << seed;
      if (!spec.added_tokens.empty()) continue;
      EXPECT_EQ(*tokenizer->Encode(pieces[i].first), left_merged[i].tokens) << "seed " << seed;
    }
    std::set<TokenId> reached;
    for (const WeightedPiece& piece : left_merged) {
      for (size_t k = 0; k + 1 < piece.tokens.size(); ++k) {
        const std::string string = std::string(spec.vocabulary.Bytes(piece.tokens[k])) +
                                   std::string(spec.vocabulary.Bytes(piece.tokens[k + 1]));
        if (base.vocabulary.Find(string) != kNoToken) reached.insert(piece.tokens[k]);
      }
    }
    n_bases_with_vetoes += !reached.empty();
  }
  EXPECT_GT(n_new, 2000u);
  EXPECT_GT(n_bases_with_vetoes, 30u);  // else the veto was never asked for
}

// Ranks merge whatever makes a token. A training from them goes on from their canonical merges.
TEST(ContinuedBpeTest, RanksAreContinuedAsMerges) {
  size_t n_new = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    std::mt19937_64 random(seed);
    const CountedStrings pieces = SomePieces(seed);
    TokenizerSpec base = StrangeBase(&random, pieces);
    auto& model = std::get<BpeModelSpec>(base.model);
    model = BpeModelSpec();
    model.mode = BpeModelSpec::Mode::kRank;
    model.ignore_merges = true;
    BpeTrainerOptions options{.base = base, .n_threads = 1};
    options.vocab_size = static_cast<uint32_t>(base.vocabulary.size());
    const TokenizerSpec same = Train(BytePieces(pieces), options).spec;
    options.vocab_size += 20;
    const BpeTraining training = Train(BytePieces(pieces), options);
    n_new += training.report.n_merges;
    base.added_tokens.clear();
    TokenizerSpec unadorned = same;
    unadorned.added_tokens.clear();
    const Tokenizer by_rank = *Tokenizer::Create(base), by_merges = *Tokenizer::Create(unadorned);
    std::vector<WeightedPiece> left_merged;
    EXPECT_EQ(ContinueByDefinition(same, pieces, options.vocab_size, &left_merged),
              ModelOf(training.spec).merges);
    for (const auto& [piece, count] : pieces) {
      EXPECT_EQ(*by_rank.Encode(piece), *by_merges.Encode(piece)) << "seed " << seed;
    }
  }
  EXPECT_GT(n_new, 200u);
}

TEST(ContinuedBpeTest, MissingBytesAndSpecialTokensComeBehindTheBase) {
  const PieceCounts counts = BytePieces({{"abab", 3}, {"xyxy", 2}});
  BpeTrainerOptions options{.vocab_size = 4, .whole_byte_alphabet = false, .n_threads = 1};
  options.base = Train(BytePieces({{"abab", 3}}), options).spec;
  ASSERT_EQ(options.base->vocabulary.size(), 4u);
  options.special_tokens = {"<s>", "ab"};
  options.vocab_size = 10;
  const TokenizerSpec seen = Train(counts, options).spec;  // x and y vanish
  EXPECT_EQ(seen.vocabulary.size(), 5u);
  EXPECT_EQ(seen.vocabulary.Bytes(4), "<s>");
  ASSERT_EQ(seen.added_tokens.size(), 2u);
  EXPECT_EQ(seen.added_tokens[1].id, options.base->vocabulary.Find("ab"));
  options.whole_byte_alphabet = true;
  options.vocab_size = 5 + 254 + 1;
  const TokenizerSpec all = Train(counts, options).spec;
  EXPECT_EQ(all.vocabulary.size(), options.vocab_size);
  EXPECT_EQ(all.vocabulary.Bytes(options.vocab_size - 1), "xy");
  options.vocab_size = 200;
  EXPECT_EQ(ErrorCodeOf(TrainBpe(counts, options).status()), ErrorCode::kUsage);
}

// In a byte-level file a token of " x" is spelled "Ġx", which is what this added token is called.
TEST(ContinuedBpeTest, SpellingsOfAddedTokensAreTaken) {
  const PieceCounts counts = BytePieces({{" x", 9}, {"ab", 1}});
  BpeTrainerOptions options{.vocab_size = 256, .n_threads = 1};
  TokenizerSpec base = Train(counts, options).spec;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < 256; ++id) ASSERT_TRUE(builder.Add(id, base.vocabulary.Bytes(id)).ok());
  ASSERT_TRUE(builder.Add(256, "Ġx", TokenKind::kAdded).ok());
  base.vocabulary = *std::move(builder).Build();
  AddedToken token;
  token.id = 256;
  token.content = "Ġx";
  base.added_tokens.push_back(token);
  options.base = base;
  options.vocab_size = 258;
  EXPECT_EQ(Train(counts, options).spec.vocabulary.Bytes(257), "ab");
}

TEST(ContinuedBpeTest, WhatCannotBeContinuedIsRefusedByName) {
  const PieceCounts counts = BytePieces({{"ab", 1}});
  BpeTrainerOptions options{.vocab_size = 300, .n_threads = 1};
  const TokenizerSpec plain = Train(counts, options).spec;
  const auto expect_refused = [&](const std::string& why, const auto& change) {
    TokenizerSpec base = plain;
    change(&base, &std::get<BpeModelSpec>(base.model));
    EXPECT_EQ(ErrorCodeOf(RulesOfBase(base).status()), ErrorCode::kUnsupportedFeature) << why;
    EXPECT_THAT(std::string(RulesOfBase(base).status().message()), testing::HasSubstr(why));
    options.base = base;
    EXPECT_EQ(ErrorCodeOf(TrainBpe(counts, options).status()), ErrorCode::kUnsupportedFeature) << why;
  };
  expect_refused("byte_fallback", [](auto*, BpeModelSpec* model) { model->byte_fallback = true; });
  expect_refused("prefix", [](auto*, BpeModelSpec* model) { model->continuing_subword_prefix = "##"; });
  expect_refused("suffix", [](auto*, BpeModelSpec* model) { model->end_of_word_suffix = "</w>"; });
  expect_refused("dropout", [](auto*, BpeModelSpec* model) { model->dropout = 0.1; });
  expect_refused("SentencePiece",
                 [](auto*, BpeModelSpec* model) { model->mode = BpeModelSpec::Mode::kSentencePiece; });
  expect_refused("text, not bytes",
                 [](TokenizerSpec* base, auto*) { base->alphabet = VocabularyAlphabet::kText; });
  expect_refused("not BPE", [](TokenizerSpec* base, auto*) { base->model = UnigramModelSpec(); });

  options.base = plain;
  EXPECT_EQ(ErrorCodeOf(TrainBpe(TextPieces({{"ab", 1}}), options).status()), ErrorCode::kUsage);
  options.limit_alphabet = 9;
  EXPECT_EQ(ErrorCodeOf(TrainBpe(counts, options).status()), ErrorCode::kUsage);
}

// ---- Resuming -------------------------------------------------------------------------------------------------------

// All checkpoints that a training offers, each as it comes back from a file.
template <typename Run>
std::vector<TrainingCheckpoint> Checkpoints(BpeTrainerOptions* options, const Run& run) {
  const TempDir folder;
  std::vector<TrainingCheckpoint> all;
  options->progress = [&](const MergeProgress& progress) {
    if (!progress.checkpoint) return true;
    const absl::StatusOr<TrainingCheckpoint> checkpoint = progress.checkpoint();
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.status().message();
    EXPECT_EQ(checkpoint->spec.vocabulary.size(), progress.n_tokens);
    const std::string path = folder.File("checkpoint.tok");
    EXPECT_TRUE(WriteCheckpoint(*checkpoint, path).ok());
    EXPECT_TRUE(Tokenizer::Load(path).ok());
    all.push_back(*ReadCheckpoint(path));
    return true;
  };
  run();
  options->progress = nullptr;
  return all;
}

// Words enough for some thousand merges: progress is asked every few hundred.
CountedStrings ManyPieces(uint64_t seed) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  std::vector<std::string> alphabet = {"é", "中", "<s>"};
  for (char c = 'a'; c <= 'z'; ++c) alphabet.emplace_back(1, c);
  return RandomPieces(alphabet, 900, 12, &random);
}

void ExpectResumesFromAnywhere(const PieceCounts& counts, BpeTrainerOptions options, size_t n_least) {
  BpeTraining once;
  const std::vector<TrainingCheckpoint> checkpoints =
      Checkpoints(&options, [&] { once = Train(counts, options); });
  EXPECT_GE(checkpoints.size(), n_least);
  for (const TrainingCheckpoint& checkpoint : checkpoints) {
    options.resume = checkpoint;
    const BpeTraining resumed = Train(counts, options);
    EXPECT_EQ(SpecIdentityHash(resumed.spec), SpecIdentityHash(once.spec));
    ExpectSameReport(resumed.report, once.report);
  }
}

TEST(ResumedBpeTest, TheResultIsThatOfOneRun) {
  const PieceCounts counts = BytePieces(ManyPieces(1));
  const BpeTrainerOptions options{.vocab_size = 2000, .n_threads = 1};
  ExpectResumesFromAnywhere(counts, options, 6);
  BpeTrainerOptions other = options;
  other.whole_byte_alphabet = false;
  other.limit_alphabet = 20;  // symbols vanish
  other.special_tokens = {"<pad>", "z"};
  ExpectResumesFromAnywhere(counts, other, 6);
  other = options;
  other.max_token_length = 3;
  other.min_frequency = 2;
  ExpectResumesFromAnywhere(counts, other, 1);
  ExpectResumesFromAnywhere(TextPieces(ManyPieces(2)), options, 6);
  other = options;
  other.continuing_subword_prefix = "##";
  other.end_of_word_suffix = "</w>";
  ExpectResumesFromAnywhere(TextPieces(ManyPieces(2)), other, 6);
}

TEST(ResumedBpeTest, ContinuedTrainingsToo) {
  BpeTrainerOptions options{.vocab_size = 900, .n_threads = 1};
  options.base = Train(BytePieces(ManyPieces(1)), options).spec;
  std::get<BpeModelSpec>(options.base->model).ignore_merges = true;
  options.vocab_size = 2000;
  ExpectResumesFromAnywhere(BytePieces(ManyPieces(2)), options, 4);
}

// What was merged before two pairs made one token is not enough to go on behind it: such a training begins anew.
TEST(ResumedBpeTest, CollidingMergesAfterACheckpoint) {
  CountedStrings pieces = ManyPieces(3);
  pieces.emplace_back("QWQW", 1);
  BpeTrainerOptions options{.vocab_size = 5000, .special_tokens = {"QW"}, .n_threads = 1};
  const PieceCounts counts = BytePieces(pieces);
  EXPECT_TRUE(Train(counts, options).report.has_collisions);
  ExpectResumesFromAnywhere(counts, options, 4);
}

TEST(ResumedBpeTest, AnotherTrainingIsRefusedByWhatDiffers) {
  const PieceCounts counts = BytePieces(ManyPieces(1));
  BpeTrainerOptions options{.vocab_size = 600, .n_threads = 1};
  const std::vector<TrainingCheckpoint> checkpoints = Checkpoints(&options, [&] { Train(counts, options); });
  ASSERT_FALSE(checkpoints.empty());
  options.resume = checkpoints[0];
  const auto expect_refused = [&](const PieceCounts& pieces, const BpeTrainerOptions& other,
                                  const std::string& why) {
    const absl::Status status = TrainBpe(pieces, other).status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUsage);
    EXPECT_THAT(std::string(status.message()), testing::HasSubstr(why));
  };
  BpeTrainerOptions other = options;
  other.vocab_size = 601;
  expect_refused(counts, other, "size 600, and this one has size 601");
  other = options;
  other.special_tokens = {"<s>"};
  expect_refused(counts, other, "special-tokens");
  expect_refused(BytePieces(ManyPieces(2)), options, "pieces");
  CountedStrings recounted = ManyPieces(1);
  ++recounted[5].second;
  expect_refused(BytePieces(recounted), options, "pieces");
  other = options;
  other.base = Train(counts, {.vocab_size = 300}).spec;
  expect_refused(counts, other, "base none");

  // Same text in another order is the same text.
  CountedStrings shuffled = ManyPieces(1);
  std::reverse(shuffled.begin(), shuffled.end());
  EXPECT_TRUE(TrainBpe(BytePieces(shuffled), options).ok());
}

TEST(ResumedBpeTest, ForgedCheckpointsAreErrors) {
  const PieceCounts counts = BytePieces(ManyPieces(1));
  BpeTrainerOptions options{.vocab_size = 600, .n_threads = 1};
  const TrainingCheckpoint good = Checkpoints(&options, [&] { Train(counts, options); }).back();
  const auto expect_bad = [&](const auto& change) {
    options.resume = good;
    change(&*options.resume, &std::get<BpeModelSpec>(options.resume->spec.model));
    EXPECT_EQ(ErrorCodeOf(TrainBpe(counts, options).status()), ErrorCode::kBadFormat);
  };
  expect_bad([](TrainingCheckpoint* checkpoint, auto*) { checkpoint->stages.clear(); });
  expect_bad([](auto*, BpeModelSpec* model) { model->merges.pop_back(); });
  expect_bad([](auto*, BpeModelSpec* model) { model->merges[0].left = model->merges.back().left + 400; });
  expect_bad([](auto*, BpeModelSpec* model) { std::swap(model->merges[0], model->merges[1]); });
  expect_bad([](TrainingCheckpoint* checkpoint, auto*) { checkpoint->spec.model = UnigramModelSpec(); });

  const TempDir folder;
  const std::string path = folder.File("x.tok");
  ASSERT_TRUE(WriteTokenizer(good.spec, Format::kImage, path).ok());
  EXPECT_EQ(ErrorCodeOf(ReadCheckpoint(path).status()), ErrorCode::kBadFormat);
  EXPECT_EQ(ErrorCodeOf(ReadCheckpoint(folder.File("none")).status()), ErrorCode::kNotFound);
  EXPECT_EQ(ErrorCodeOf(ReadCheckpoint(folder.Write("text", "text")).status()), ErrorCode::kBadFormat);
}

TEST(ResumedBpeTest, BothStagesOfSuperBpe) {
  std::mt19937_64 random(5);
  std::string text;
  const std::vector<std::string> words = [&] {
    std::vector<std::string> made;
    for (const auto& [word, count] : ManyPieces(4)) made.push_back(word);
    return made;
  }();
  for (int i = 0; i < 4000; ++i)
    text += words[random() % 60 * (random() % 14)] + (random() % 9 == 0 ? "\n" : " ");
  const TempDir folder;
  const std::vector<std::string> inputs = {folder.Write("text", text)};
  SuperBpeOptions options;
  options.bpe = {.vocab_size = 2400, .special_tokens = {"<pad>"}, .n_threads = 1};
  options.transition = 1300;
  options.corpus.split = *DocumentSplit::Parse("lines-lf");
  options.corpus.n_threads = 1;
  SuperBpeTraining once;
  const std::vector<TrainingCheckpoint> checkpoints =
      Checkpoints(&options.bpe, [&] { once = *TrainSuperBpe(inputs, options); });
  EXPECT_EQ(once.spec.vocabulary.size(), 2400u);
  size_t n_of_stage[3] = {}, n_ends = 0;
  for (const TrainingCheckpoint& checkpoint : checkpoints) {
    ++n_of_stage[checkpoint.stages.size()];
    n_ends += checkpoint.stages.size() == 2 && checkpoint.stages[1].n_merges == 0;
    options.bpe.resume = checkpoint;
    const absl::StatusOr<SuperBpeTraining> resumed = TrainSuperBpe(inputs, options);
    ASSERT_TRUE(resumed.ok()) << resumed.status().message();
    EXPECT_EQ(SpecIdentityHash(resumed->spec), SpecIdentityHash(once.spec));
    ExpectSameReport(resumed->subwords, once.subwords);
    ExpectSameReport(resumed->superwords, once.superwords);
  }
  EXPECT_GE(n_of_stage[1], 3u);
  EXPECT_GE(n_of_stage[2], 3u);
  EXPECT_EQ(n_ends, 3u);  // of stage 1, and before and after stage 2 counts its pairs
  ++options.max_words;
  EXPECT_EQ(ErrorCodeOf(TrainSuperBpe(inputs, options).status()), ErrorCode::kUsage);
}

}  // namespace
}  // namespace tok
