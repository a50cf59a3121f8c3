#include "src/train/lib/lib_trainer.h"

#include "src/base/status_macros.h"
#include "src/train/lib/lib_options.h"

namespace tok {

absl::Status LibTrainer::Step() {
  const auto article = schedule_.Next(&random_);
  for (const std::string_view sentence : article) {
    reader_.Read(sentence);
    progress_.n_bytes += sentence.size();
  }
  if (memory_.is_full()) {
    return MakeError(ErrorCode::kLimit, "LiB trainer", "the units together are too long for one trie",
                     "set max_chunk_len or a shorter life");
  }
  memory_.EndStep();
  ++progress_.n_steps_done;
  progress_.n_sentences += article.size();
  progress_.n_chunks = reader_.n_chunks();
  progress_.n_units = memory_.n_units();
  progress_.n_on_probation = memory_.n_on_probation();
  return absl::OkStatus();
}

absl::StatusOr<LibLexicon> TrainLib(std::span<const std::string_view> sentences, const LibOptions& options,
                                    const LibProgressCallback& progress) {
  TOK_RETURN_IF_ERROR(CheckLibOptions(options));
  TOK_RETURN_IF_ERROR(CheckLibSentences(sentences, options.symbol));
  if (sentences.empty()) return LibLexicon{options.symbol, {}};
  LibTrainer trainer(sentences, options);
  while (trainer.progress().n_steps_done < options.n_steps) {
    TOK_RETURN_IF_ERROR(trainer.Step());
    if (progress && !progress(trainer.progress())) break;
  }
  return trainer.Lexicon();
}

}  // namespace tok
