#include <type_traits>

#include "cli/options.h"
#include "cli/step_progress.h"
#include "cli/train/training_kind.h"
#include "tok/corpus.h"
#include "tok/train_lib.h"

namespace tok::cli {
namespace {

class LibKind final : public TrainingKind {
 public:
  explicit LibKind(const TrainOptions& options) : TrainingKind("lib", options) {}

  // No --utf8: symbols are characters, or whatever bytes there are.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--unit", "--max-length", "--seed"}, parser, modes);
    Refuse({"--normalizer", "--special", "--utf8", "--memory", "--threads"}, parser, modes);
    const auto add = [&](const char* option, auto* value, const char* help, const char* type) {
      CLI::Option* const added = parser->add_option(option, *value, help)->type_name(type);
      if constexpr (std::is_integral_v<std::remove_pointer_t<decltype(value)>>)
        WholeNumber(added, 0, UINT32_MAX);
      modes->For({name()}, added);
    };
    add("--in-rate", &lib_.in_rate, "Chance that two neighbours are memorised as one unit (default: 0.25)",
        "P");
    add("--out-rate", &lib_.out_rate,
        "Share of the list, from its end, that goes on probation after a step (default: 0.0001)", "SHARE");
    add("--life", &lib_.life, "Steps that a unit may stay on probation (default: 10)", "N");
    add("--update-rate", &lib_.update_rate, "How far a reward moves a unit (default: 0.1)", "SHARE");
    add("--steps", &lib_.n_steps, "Articles to read (default: 501)", "N");
    add("--sentences-per-step", &lib_.sentences_per_step, "Sentences in an article (default: 500)", "N");
    add("--order", &order_,
        "How articles come in each pass over the corpus: shuffled or sequential (default: shuffled)", "HOW");
    modes->For({name()}, parser->add_flag(
                             "--no-context", no_context_,
                             "A unit leaves probation when it is met again, not when its context changes"));
  }

  absl::Status Check() const override { return CheckChoice("--order", order_, {"shuffled", "sequential"}); }

  PieceDefaults Defaults() const override { return {.split = "lines"}; }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>& inputs,
                                      TrainingReport* report) const override {
    const absl::StatusOr<Sentences> sentences = Read(inputs);
    if (!sentences.ok()) return sentences.status();
    report->SetCorpus(sentences->text.size(), sentences->ends.size());
    report->EndPhase("read");
    LibProgress last;
    const absl::StatusOr<LibLexicon> lexicon = Learn(*sentences, &last);
    if (!lexicon.ok()) {  // which sentence it was means little where there are several files
      return inputs.size() == 1 ? AtPlace(inputs[0], lexicon.status()) : lexicon.status();
    }
    report->EndPhase("train");
    report->AddStage({{"steps", last.n_steps_done},
                      {"sentences_read", last.n_sentences},
                      {"units", lexicon->units.size()}});
    const absl::StatusOr<LibLexicon> best = BestUnits(*lexicon, options().vocab_size);
    if (!best.ok()) return best.status();
    return FewestUnitsSpec(*best);
  }

  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3; }
  std::string WhyFewer() const override { return "LiB learned no more units; more --steps teach it more"; }

 private:
  struct Sentences {
    std::string text;
    std::vector<size_t> ends;
  };

  absl::StatusOr<Sentences> Read(const std::vector<std::string>& inputs) const {
    const absl::StatusOr<CountPiecesOptions> counting = options().corpus.Counting(Defaults().split);
    if (!counting.ok()) return counting.status();
    Sentences sentences;
    for (const std::string& path : inputs) {
      const absl::StatusOr<std::unique_ptr<DocumentSource>> source = OpenDocuments(path, counting->split);
      if (!source.ok()) return source.status();
      for (Document document;;) {
        const absl::StatusOr<bool> found = (*source)->Next(&document);
        if (!found.ok()) return found.status();
        if (!*found) break;
        sentences.text += document.text;
        sentences.ends.push_back(sentences.text.size());
      }
    }
    return sentences;
  }

  absl::StatusOr<LibLexicon> Learn(const Sentences& sentences, LibProgress* last) const {
    std::vector<std::string_view> views;
    for (size_t i = 0, begin = 0; i < sentences.ends.size(); begin = sentences.ends[i++]) {
      views.push_back(std::string_view(sentences.text).substr(begin, sentences.ends[i] - begin));
    }
    LibOptions lib = lib_;
    lib.symbol = options().unit == "bytes" ? LibSymbol::kByte : LibSymbol::kCodePoint;
    lib.max_chunk_len = options().max_length.value_or(0);
    lib.seed = options().seed;
    lib.inspect_context = !no_context_;
    lib.order = order_ == "sequential" ? LibArticleOrder::kSequential : LibArticleOrder::kShuffled;
    StepProgressBar bar;
    return TrainLib(views, lib, [&](const LibProgress& progress) {
      *last = progress;
      bar.Show("train", static_cast<double>(progress.n_steps_done), static_cast<double>(progress.n_steps),
               std::to_string(progress.n_units) + " units");
      return true;
    });
  }

  LibOptions lib_;
  std::string order_ = "shuffled";
  bool no_context_ = false;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeLibKind(const TrainOptions& options) {
  return std::make_unique<LibKind>(options);
}

}  // namespace tok::cli
