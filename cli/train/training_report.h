// cli/train/training_report.h: what a training did and what it took, for people and for scripts.
#ifndef TOK_CLI_TRAIN_TRAINING_REPORT_H_
#define TOK_CLI_TRAIN_TRAINING_REPORT_H_

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/json_output.h"
#include "tok/train_bpe.h"

namespace tok::cli {

class TrainingReport {
 public:
  explicit TrainingReport(std::string kind) : kind_(std::move(kind)) {}

  // The time since the last phase ended, or the report began.
  void EndPhase(const std::string& name);
  // Not called where nobody knows: the report leaves it out.
  void SetCorpus(uint64_t n_bytes, uint64_t n_documents);
  // Of one stage; `name` is empty where there is only one.
  void AddStage(const std::string& name, const BpeTrainingReport& stage);
  // What only this kind of training has to say; `text` may be empty.
  void AddFact(const std::string& name, Json value, const std::string& text = {});
  // Of training that merges nothing: numbers, in this order.
  void AddStage(const std::vector<std::pair<std::string, Json>>& facts);
  // `sha256`: of the file; nothing for a folder.
  void SetOutput(const std::string& path, uint64_t n_tokens, const std::string& identity,
                 const std::optional<std::string>& sha256);

  // {"schema":1,"kind",...,"phases":{NAME:seconds},"peak_rss_bytes"}.
  Json AsJson() const;
  // A few lines.
  std::string AsText() const;

 private:
  using Clock = std::chrono::steady_clock;

  std::string kind_;
  Json corpus_ = Json::object(), stages_ = Json::array(), facts_ = Json::object(), output_ = Json::object();
  std::string fact_lines_;
  std::vector<std::pair<std::string, double>> phases_;
  Clock::time_point phase_begin_ = Clock::now();
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAINING_REPORT_H_
