// train/lib/lib_trainer.h: TrainLib step by step, for tests that look inside.
//
// Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_LIB_TRAINER_H_
#define TOK_SRC_TRAIN_LIB_LIB_TRAINER_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "src/base/random_stream.h"
#include "src/train/lib/article_schedule.h"
#include "src/train/lib/sentence_reader.h"
#include "src/train/lib/unit_memory.h"
#include "tok/train_lib.h"

namespace tok {

class LibTrainer {
 public:
  // Options and sentences that lib_options.h accepts, at least one sentence; the sentences outlive the trainer.
  LibTrainer(std::span<const std::string_view> sentences, const LibOptions& options,
             uint64_t max_trie_nodes = UnitTrie::kMaxNodes)
      : options_(options),
        schedule_(sentences, options),
        random_(options.seed),
        memory_(options, max_trie_nodes),
        reader_(options, &random_, &memory_) {}
  LibTrainer(const LibTrainer&) = delete;
  LibTrainer& operator=(const LibTrainer&) = delete;

  // Errors: TOK-E030 when the trie of units is full.
  absl::Status Step();
  const LibProgress& progress() const { return progress_; }
  LibLexicon Lexicon() { return {options_.symbol, memory_.ReleasedUnits()}; }

  // What training cost so far, in steps of each structure.
  struct Work {
    uint64_t n_trie_steps, n_list_steps, n_race_moves;
  };
  Work work() const { return {memory_.n_trie_steps(), memory_.n_list_steps(), reader_.races().n_moves()}; }

 private:
  const LibOptions options_;
  ArticleSchedule schedule_;
  RandomStream random_;
  UnitMemory memory_;
  SentenceReader reader_;
  LibProgress progress_{.n_steps = options_.n_steps};
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_LIB_TRAINER_H_
