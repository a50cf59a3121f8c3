// tests/unit/train/superbpe_reference.h: SuperBPE by definition, and random text to hold the trainer against it.
#ifndef TOK_TESTS_UNIT_TRAIN_SUPERBPE_REFERENCE_H_
#define TOK_TESTS_UNIT_TRAIN_SUPERBPE_REFERENCE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "src/model/bpe/bpe_reference.h"
#include "src/train/bpe/merge_reference.h"
#include "src/train/pieces/piece_cutter.h"
#include "src/train/superword/superword_rules.h"
#include "tests/support/temp_dir.h"
#include "tok/tokenizer.h"
#include "tok/train_superbpe.h"

namespace tok {

// Lines keep their line feed, as the authors trained.
inline std::map<std::string, uint64_t> PiecesOfLines(const std::string& text, const PieceRules& rules) {
  const PieceCutter cutter = *PieceCutter::Create(rules);
  std::map<std::string, uint64_t> pieces;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const auto use = [&](std::string_view line, std::span<const PieceRange> ranges) {
      for (const PieceRange& range : ranges)
        ++pieces[std::string(line.substr(range.begin, range.end - range.begin))];
    };
    EXPECT_TRUE(cutter.Cut(std::string_view(text).substr(begin, end - begin), Utf8Policy::kError, use).ok());
    begin = end;
  }
  return pieces;
}

inline std::vector<TokenId> BytesOf(const Vocabulary& vocabulary, std::string_view piece) {
  std::vector<TokenId> ids;
  for (const char& byte : piece) ids.push_back(vocabulary.Find(std::string_view(&byte, 1)));
  return ids;
}

// Both stages as they are defined: recounting before each merge, and stage 1's merges made again on stage 2's pieces.
inline std::vector<Merge> MergesByDefinition(const std::string& text, const SuperBpeOptions& options,
                                             const Vocabulary& vocabulary, uint32_t n_first) {
  std::vector<Merge> merges;
  std::vector<std::string> tokens;
  for (TokenId id = 0; id < n_first; ++id) tokens.emplace_back(vocabulary.Bytes(id));
  MergeEngine::Options engine;
  engine.min_count = std::max<uint64_t>(options.bpe.min_frequency, 1);
  engine.max_merges = options.transition - n_first;
  engine.on_merge = [&](uint32_t left, uint32_t right) {
    merges.push_back({left, right});
    tokens.push_back(tokens[left] + tokens[right]);
  };
  std::vector<WeightedPiece> pieces;
  for (const auto& [piece, count] : PiecesOfLines(text, options.subword_rules)) {
    pieces.push_back({BytesOf(vocabulary, piece), count});
  }
  MergesByRecounting(&pieces, n_first, engine);
  const std::vector<Merge> inherited = merges;
  pieces.clear();
  for (const auto& [piece, count] : PiecesOfLines(text, options.superword_rules)) {
    pieces.push_back({EncodeByMergesReference(vocabulary, inherited, BytesOf(vocabulary, piece)), count});
  }
  const auto n_subwords = static_cast<uint32_t>(tokens.size());
  engine.max_merges = options.bpe.vocab_size - n_subwords;
  engine.is_vetoed = [&](uint32_t left, uint32_t right) {
    return IsNoSuperword(tokens[left], tokens[right], options.max_words);
  };
  MergesByRecounting(&pieces, n_subwords, engine);
  return merges;
}

inline std::string RandomText(std::mt19937_64* random) {
  const std::vector<std::string> words = {"a", "ab", "ba", "the", "of", "12",
                                          "1", ":",  "..", "é",   "中", "'s"};
  const std::vector<std::string> gaps = {" ", " ", " ", " ", "", "\n", "  ", ": "};
  const size_t n_kinds = 3 + (*random)() % (words.size() - 3);
  std::string text;
  for (uint64_t n = 5 + (*random)() % 150; n > 0; --n) {
    text += words[(*random)() % n_kinds] + gaps[(*random)() % gaps.size()];
  }
  return text;
}

inline std::vector<Merge> TrainSuperwords(const std::string& text, const SuperBpeOptions& options,
                                          TokenizerSpec* spec) {
  const TempDir folder;
  absl::StatusOr<SuperBpeTraining> training = TrainSuperBpe({folder.Write("text", text)}, options);
  EXPECT_TRUE(training.ok()) << training.status().message();
  if (!training.ok()) return {};
  *spec = training->spec;
  return std::get<BpeModelSpec>(spec->model).merges;
}

// What the tokenizer makes of the text it was trained on is what its merges make of each piece.
inline void ExpectEncodesByDefinition(const std::string& text, const SuperBpeOptions& options,
                                      const TokenizerSpec& spec) {
  const absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Create(spec);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  std::vector<TokenId> expected;
  const PieceCutter cutter = *PieceCutter::Create(options.superword_rules);
  const auto use = [&](std::string_view whole, std::span<const PieceRange> ranges) {
    for (const PieceRange& range : ranges) {
      const std::string_view piece = whole.substr(range.begin, range.end - range.begin);
      const std::vector<TokenId> ids = EncodeByMergesReference(
          spec.vocabulary, std::get<BpeModelSpec>(spec.model).merges, BytesOf(spec.vocabulary, piece));
      expected.insert(expected.end(), ids.begin(), ids.end());
    }
  };
  ASSERT_TRUE(cutter.Cut(text, Utf8Policy::kError, use).ok());
  EXPECT_EQ(*tokenizer->Encode(text), expected) << testing::PrintToString(text);
}

// Random texts and options by seed; returns how many superwords there were.
inline size_t ExpectEqualToDefinition(uint64_t first_seed, uint64_t end_seed) {
  size_t n_superwords = 0;
  for (uint64_t seed = first_seed; seed < end_seed; ++seed) {
    std::mt19937_64 random(seed);
    const std::string text = RandomText(&random);
    SuperBpeOptions options;
    options.transition = static_cast<uint32_t>(257 + random() % 20);
    options.bpe.vocab_size = options.transition + static_cast<uint32_t>(random() % 40);
    options.bpe.min_frequency = random() % 3;
    options.bpe.n_threads = options.corpus.n_threads = static_cast<unsigned>(1 + seed % 2);
    options.corpus.split = *DocumentSplit::Parse("lines-lf");
    options.max_words = static_cast<uint32_t>(2 + random() % 3);
    TokenizerSpec spec;
    const std::vector<Merge> merges = TrainSuperwords(text, options, &spec);
    EXPECT_THAT(merges, testing::ElementsAreArray(MergesByDefinition(text, options, spec.vocabulary, 256)))
        << "seed " << seed;
    ExpectEncodesByDefinition(text, options, spec);
    for (TokenId id = 256; id < spec.vocabulary.size(); ++id) {
      const std::string_view token = spec.vocabulary.Bytes(id);
      n_superwords += token.find(' ', 1) != std::string_view::npos && token[0] != ' ';
    }
  }
  return n_superwords;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_SUPERBPE_REFERENCE_H_
