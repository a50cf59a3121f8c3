#include "cli/train/training_report.h"

#include <cmath>

#include "cli/resources.h"
#include "cli/sizes.h"
#include "cli/table.h"

namespace tok::cli {
namespace {

constexpr int kDigits = 2;  // of seconds

}  // namespace

void TrainingReport::EndPhase(const std::string& name) {
  const Clock::time_point now = Clock::now();
  phases_.emplace_back(name, std::chrono::duration<double>(now - phase_begin_).count());
  phase_begin_ = now;
}

void TrainingReport::SetCorpus(uint64_t n_bytes, uint64_t n_documents) {
  corpus_ = {{"bytes", n_bytes}, {"documents", n_documents}};
}

void TrainingReport::AddStage(const std::string& name, const BpeTrainingReport& stage) {
  Json entry = Json::object();
  if (!name.empty()) entry["stage"] = name;
  entry["unique_pieces"] = stage.n_unique_pieces;
  entry["symbols"] = stage.n_symbols;
  entry["alphabet"] = stage.n_alphabet;
  entry["merges"] = stage.n_merges;
  entry["last_merge_count"] = stage.last_count;
  entry["tie_plateau"] = stage.n_tied;
  stages_.push_back(std::move(entry));
}

void TrainingReport::AddFact(const std::string& name, Json value, const std::string& text) {
  facts_[name] = std::move(value);
  if (!text.empty()) fact_lines_ += text + "\n";
}

void TrainingReport::AddStage(const std::vector<std::pair<std::string, Json>>& facts) {
  Json entry = Json::object();
  for (const auto& [name, value] : facts) entry[name] = value;
  stages_.push_back(std::move(entry));
}

void TrainingReport::SetOutput(const std::string& path, uint64_t n_tokens, const std::string& identity,
                               const std::optional<std::string>& sha256) {
  output_ = {{"output", path}, {"tokens", n_tokens}, {"identity", identity}};
  if (sha256) output_["sha256"] = *sha256;
}

Json TrainingReport::AsJson() const {
  Json report = {{"schema", 1}, {"kind", kind_}};
  report.update(output_);
  report.update(corpus_);
  report["stages"] = stages_;
  report.update(facts_);
  report["phases"] = Json::object();
  for (const auto& [name, seconds] : phases_) report["phases"][name] = std::round(seconds * 1e3) / 1e3;
  report["peak_rss_bytes"] = PeakRss();
  return report;
}

std::string TrainingReport::AsText() const {
  std::string text;
  if (!output_.empty()) {
    text += output_["output"].get<std::string>() + ": " + output_["tokens"].dump() + " tokens";
    if (!corpus_.empty()) {
      text += " from " + FormatBytes(corpus_["bytes"].get<uint64_t>()) + " in " +
              corpus_["documents"].dump() + " documents";
    }
    text += "\n";
    if (output_.contains("sha256")) text += "sha256 " + output_["sha256"].get<std::string>() + "\n";
  }
  for (const Json& stage : stages_) {
    if (!stage.contains("merges")) {
      std::string facts;
      for (const auto& [name, value] : stage.items()) {
        facts += (facts.empty() ? "" : ", ") + name + " " +
                 (value.is_number_integer() ? value.dump() : Fixed(value.get<double>(), kDigits));
      }
      text += facts + "\n";
      continue;
    }
    if (stage.contains("stage")) text += stage["stage"].get<std::string>() + ": ";
    text += stage["merges"].dump() + " merges";
    if (stage["merges"] != 0) {
      text += "; the last pair occurs " + stage["last_merge_count"].dump() + " times, as do " +
              stage["tie_plateau"].dump() + " of them";
    }
    text += "; " + stage["symbols"].dump() + " symbols";
    if (stage["unique_pieces"] != 0) text += " in " + stage["unique_pieces"].dump() + " different pieces";
    text += "\n";
  }
  text += fact_lines_;
  double total = 0;
  for (const auto& [name, seconds] : phases_) {
    text += name + " " + Fixed(seconds, kDigits) + " s, ";
    total += seconds;
  }
  return text + "in all " + Fixed(total, kDigits) + " s, memory " + FormatBytes(PeakRss()) + "\n";
}

}  // namespace tok::cli
