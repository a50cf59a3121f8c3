#include "tok/measure_mixture.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/mixture/merge_steps.h"
#include "src/measure/mixture/mixture_program.h"
#include "src/measure/mixture/pair_replay.h"

namespace tok {
namespace {

constexpr double kMove = 0.001;    // of a share, to see how firmly it is held
constexpr size_t kMostNamed = 10;  // merges in a report

std::string PlaceOf(const MixtureSample& sample) { return Concat("sample '", sample.name, "'"); }

absl::Status BadOption(std::string_view name, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, name, fact, remedy);
}

absl::Status CheckOptions(const MixtureOptions& options) {
  if (options.n_merges == 0) return BadOption("merges", "are none", "use 1 or more");
  if (!std::isfinite(options.tolerance) || options.tolerance < 1e-9 || options.tolerance > 1) {
    return BadOption("tolerance", "is out of range", "use one from 1e-9 to 1");
  }
  if (!std::isfinite(options.gap) || options.gap < 0 || options.gap > 1) {
    return BadOption("gap", "is out of range", "use one from 0 to 1");
  }
  return absl::OkStatus();
}

absl::Status CheckSamples(std::span<const MixtureSample> samples, const PieceRules& rules) {
  if (samples.size() < 2) {
    return MakeError(ErrorCode::kUsage, samples.empty() ? "samples" : PlaceOf(samples[0]),
                     samples.empty() ? "are missing" : "is the only one, and has all of the mixture",
                     "give a sample of each category, two or more");
  }
  std::set<std::string> names;
  for (const MixtureSample& sample : samples) {
    if (!names.insert(sample.name).second) {
      return MakeError(ErrorCode::kUsage, PlaceOf(sample), "is there twice", "merge the counts of both");
    }
    PieceCounts::Origin wanted = sample.counts.origin();
    wanted.rules = rules;
    if (absl::Status s = CheckMergeable(wanted, sample.counts.origin()); !s.ok()) {
      return AtPlace(PlaceOf(sample), s);
    }
  }
  return absl::OkStatus();
}

uint64_t BytesOf(const PieceCounts& counts) {
  if (counts.origin().n_bytes > 0) return counts.origin().n_bytes;
  uint64_t n_bytes = 0;
  for (size_t i = 0; i < counts.n_unique(); ++i) n_bytes += counts[i].count * counts[i].bytes.size();
  return n_bytes;
}

class Measurement {
 public:
  Measurement(const TokenizerSpec& spec, std::span<const MixtureSample> samples,
              const MixtureOptions& options)
      : spec_(spec), samples_(samples), options_(options) {}

  absl::StatusOr<MixtureReport> Run() {
    TOK_ASSIGN_OR_RETURN(merges_, MergeSteps::Create(spec_, options_.n_merges));
    TOK_RETURN_IF_ERROR(Replay());
    TOK_RETURN_IF_ERROR(DescribeSamples());
    std::vector<double> sizes;
    for (const MixtureReport::Share& share : report_.shares) {
      sizes.push_back(
          static_cast<double>(options_.size == MixtureOptions::Size::kBytes ? share.n_bytes : share.n_pairs));
    }
    MixtureProgram program(*merges_, replays_, sizes, {options_.tolerance, options_.gap, SweepProgress()});
    TOK_RETURN_IF_ERROR(program.Solve());
    DescribeSolution(program);
    TOK_RETURN_IF_ERROR(MoveShares(&program));
    DescribeMerges(program);
    return std::move(report_);
  }

 private:
  bool GoesOn(const MixtureProgress& progress) { return !options_.progress || options_.progress(progress); }

  absl::Status Replay() {
    std::vector<std::optional<PairReplay>> replays(samples_.size());
    std::vector<absl::Status> statuses(samples_.size());
    std::mutex mutex;
    uint64_t n_done = 0;
    bool has_stopped = false;
    const auto goes_on = [&] {
      const std::lock_guard lock(mutex);
      if (!has_stopped) has_stopped = !GoesOn({.n_done = n_done, .n_all = samples_.size()});
      return !has_stopped;
    };
    ParallelFor(samples_.size(), options_.n_threads, [&](size_t i) {
      absl::StatusOr<PairReplay> replay = PairReplay::Create(samples_[i].counts, *merges_, goes_on);
      if (replay.ok()) {
        replays[i] = *std::move(replay);
      } else {
        statuses[i] = AtPlace(PlaceOf(samples_[i]), replay.status());
      }
      const std::lock_guard lock(mutex);
      ++n_done;
    });
    for (const absl::Status& status : statuses) TOK_RETURN_IF_ERROR(status);
    for (std::optional<PairReplay>& replay : replays) replays_.push_back(*std::move(replay));
    return absl::OkStatus();
  }

  absl::Status DescribeSamples() {
    report_.size = options_.size;
    for (size_t i = 0; i < samples_.size(); ++i) {
      MixtureReport::Share share;
      share.name = samples_[i].name;
      share.n_bytes = BytesOf(samples_[i].counts);
      share.n_pairs = replays_[i].n_at_first();
      if (share.n_pairs == 0) {
        return MakeError(ErrorCode::kUsage, PlaceOf(samples_[i]),
                         "has no text, or none in pieces of two symbols and more", "give it some");
      }
      report_.shares.push_back(std::move(share));
    }
    return absl::OkStatus();
  }

  std::function<bool(const MixtureProgram&, size_t)> SweepProgress() {
    if (!options_.progress) return {};
    return [this](const MixtureProgram& program, size_t n_passed) {
      return GoesOn({MixtureProgress::Phase::kSolve, n_passed, merges_->steps().size(), program.n_epochs(),
                     program.n_rows()});
    };
  }

  // Before shares are moved, for that solves the programme again.
  void DescribeSolution(const MixtureProgram& program) {
    for (size_t i = 0; i < samples_.size(); ++i) report_.shares[i].share = program.Share(i);
    report_.misfit = program.misfit();
    report_.merge_misfit = program.merge_misfit();
    report_.pair_misfit = program.pair_misfit();
    report_.n_epochs = program.n_epochs();
    report_.n_rows = program.n_rows();
  }

  absl::Status MoveShares(MixtureProgram* program) {
    for (size_t i = 0; i < samples_.size(); ++i) {
      TOK_ASSIGN_OR_RETURN(const double below, program->RiseIfMoved(i, -kMove));
      TOK_ASSIGN_OR_RETURN(const double above, program->RiseIfMoved(i, kMove));
      report_.shares[i].sensitivity = std::min(below, above);
      if (!GoesOn({MixtureProgress::Phase::kSensitivity, i + 1, samples_.size(), report_.n_epochs,
                   report_.n_rows})) {
        return MakeError(ErrorCode::kInterrupted, "mixture", "stopped before all shares were moved");
      }
    }
    return absl::OkStatus();
  }

  void DescribeMerges(const MixtureProgram& program) {
    report_.n_merges = merges_->steps().size();
    report_.n_redundant = merges_->n_redundant();
    for (size_t merge = 0; merge < merges_->steps().size(); ++merge) {
      const MergeSteps::Step& step = merges_->steps()[merge];
      if (!step.is_hand_added && !program.IsAbsent(merge)) continue;
      MixtureReport::Skipped& skipped = step.is_hand_added ? report_.hand_added : report_.absent;
      if (skipped.n++ < kMostNamed) skipped.first.push_back(merges_->Name(step));
    }
  }

  const TokenizerSpec& spec_;
  const std::span<const MixtureSample> samples_;
  const MixtureOptions& options_;
  std::optional<MergeSteps> merges_;
  std::vector<PairReplay> replays_;
  MixtureReport report_;
};

nlohmann::ordered_json AsJson(const MixtureReport::Skipped& skipped) {
  return {{"count", skipped.n}, {"first", skipped.first}};
}

}  // namespace

absl::StatusOr<PieceRules> MixtureRules(const TokenizerSpec& spec) {
  TOK_RETURN_IF_ERROR(CheckHasMerges(spec));
  return PieceRules{spec.unicode_profile, spec.alphabet, spec.normalizers, spec.pre_tokenizers};
}

absl::StatusOr<MixtureReport> MeasureMixture(const TokenizerSpec& spec,
                                             std::span<const MixtureSample> samples,
                                             const MixtureOptions& options) {
  TOK_ASSIGN_OR_RETURN(const PieceRules rules, MixtureRules(spec));
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  TOK_RETURN_IF_ERROR(CheckSamples(samples, rules));
  return Measurement(spec, samples, options).Run();
}

std::string MixtureJson(const MixtureReport& report) {
  using Json = nlohmann::ordered_json;
  Json shares = Json::object(), sensitivity = Json::object(), samples = Json::object();
  for (const MixtureReport::Share& share : report.shares) {
    shares[share.name] = share.share;
    sensitivity[share.name] = share.sensitivity;
    samples[share.name] = {{"bytes", share.n_bytes}, {"pairs", share.n_pairs}};
  }
  const Json json = {{"schema", 1},
                     {"shares", std::move(shares)},
                     {"share_of", report.size == MixtureOptions::Size::kBytes ? "bytes" : "pairs"},
                     {"sensitivity", std::move(sensitivity)},
                     {"misfit", report.misfit},
                     {"merge_misfit", report.merge_misfit},
                     {"pair_misfit", report.pair_misfit},
                     {"merges", report.n_merges},
                     {"absent", AsJson(report.absent)},
                     {"hand_added", AsJson(report.hand_added)},
                     {"redundant", report.n_redundant},
                     {"rows", report.n_rows},
                     {"epochs", report.n_epochs},
                     {"samples", std::move(samples)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tok
