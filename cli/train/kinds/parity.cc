#include <algorithm>
#include <charconv>
#include <cstdio>
#include <optional>
#include <utility>

#include "cli/inputs.h"
#include "cli/name_value.h"
#include "cli/train/merge_progress.h"
#include "cli/train/training_kind.h"
#include "tok/train_parity.h"

namespace tok::cli {
namespace {

struct Language {
  std::string name;
  std::vector<std::string> paths, dev_paths;
  std::optional<double> ratio;
};

// What is known of it before it is read.
ParityLanguage WithoutText(const Language& language) {
  ParityLanguage known{.name = language.name, .ratio = language.ratio.value_or(1)};
  if (!language.dev_paths.empty()) known.dev.emplace();
  return known;
}

// One NAME=VALUE of --lang, --dev or --ratio. Only the first makes a language.
absl::Status AddLabelled(const std::string& option, const std::string& text,
                         std::vector<Language>* languages) {
  const bool is_ratio = option == "--ratio";
  const auto bad = [&](std::string_view fact, std::string_view remedy) {
    return MakeError(ErrorCode::kUsage, option + " " + text, fact, remedy);
  };
  const absl::StatusOr<NameValue> given =
      ParseNameValue(option, text, is_ratio ? "NAME=X" : "NAME=PATH",
                     "name the language, as in " + option + (is_ratio ? " eng=1.5" : " eng=a.txt"));
  if (!given.ok()) return given.status();
  const auto& [name, value] = *given;
  auto language = std::find_if(languages->begin(), languages->end(),
                               [&name = name](const Language& known) { return known.name == name; });
  if (language == languages->end()) {
    if (option != "--lang") return bad("is of a language without text", "add --lang " + name + "=PATH");
    language = languages->insert(languages->end(), {.name = name});
  }
  if (!is_ratio) {
    (option == "--lang" ? language->paths : language->dev_paths).push_back(value);
    return absl::OkStatus();
  }
  if (language->ratio) return bad("is the second ratio of " + name, "give one");
  const char* const end = value.data() + value.size();
  const auto [at, error] = std::from_chars(value.data(), end, language->ratio.emplace());
  if (error == std::errc() && at == end) return absl::OkStatus();
  return bad("is no number", "give one like 1.5");
}

class ParityKind final : public TrainingKind {
 public:
  explicit ParityKind(const TrainOptions& options) : TrainingKind("parity", options) {}

  // No --counts: each language has its own, by --lang.
  void AddTo(CLI::App* parser, OptionModes* modes) override {
    Use({"--pattern", "--digits", "--min-frequency", "--max-token-length", "--alphabet", "--limit-alphabet"},
        parser, modes);
    const auto add = [&](const char* name, auto* value, const char* text, const char* type) {
      return modes->For({this->name()}, parser->add_option(name, *value, text)->type_name(type));
    };
    add("--lang", &languages_,
        "Text of a language, or counts of it (.pieces, .tsv), instead of INPUT; repeatable, also for more of "
        "the same language",
        "NAME=PATH")
        ->allow_extra_args(false);
    add("--dev", &devs_,
        "The same text in every language, by whose tokens languages are compared; repeatable", "NAME=PATH")
        ->allow_extra_args(false);
    add("--ratio", &ratios_,
        "Without --dev: bytes it takes for what others say in one, so that tokens say as much; repeatable",
        "NAME=X")
        ->allow_extra_args(false);
    add("--hybrid", &n_global_merges_, "The first M merges are of all text together (default: 0)", "M");
    add("--window", &window_,
        "Steps in which no language has more than its share, times --alpha (default: none)", "W");
    alpha_option_ = add("--alpha", &alpha_, "With --window: how many times its share (default: 2)", "A");
  }

  absl::Status Check() const override {
    if (!options().corpus.inputs.empty()) {
      return MakeError(ErrorCode::kUsage, options().corpus.inputs[0], "is text of no language",
                       "give it as --lang NAME=" + options().corpus.inputs[0]);
    }
    if (languages_.empty()) {
      return MakeError(ErrorCode::kUsage, "tok train parity", "has no text",
                       "add --lang NAME=PATH for each language");
    }
    if (alpha_option_->count() > 0 && window_ == 0) {
      return MakeError(ErrorCode::kUsage, "--alpha", "means nothing without --window",
                       "leave it out, or add --window 100");
    }
    const absl::StatusOr<std::vector<Language>> given = Languages();
    if (!given.ok()) return given.status();
    std::vector<ParityLanguage> languages;
    for (const Language& language : *given) languages.push_back(WithoutText(language));
    return CheckTrainerOptions(Options(), languages);
  }

  absl::StatusOr<std::vector<std::string>> Inputs() const override {
    const absl::StatusOr<std::vector<Language>> languages = Languages();
    if (!languages.ok()) return languages.status();
    std::vector<std::string> all;
    for (const Language& language : *languages) {
      for (const auto* patterns : {&language.paths, &language.dev_paths}) {
        if (patterns->empty()) continue;
        const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(*patterns);
        if (!paths.ok()) return paths.status();
        all.insert(all.end(), paths->begin(), paths->end());
      }
    }
    return all;
  }

  absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>&,
                                      TrainingReport* report) const override {
    MergeProgressBar bar;
    absl::StatusOr<std::vector<Language>> given = Languages();
    if (!given.ok()) return given.status();
    if (devs_.empty() && ratios_.empty()) {
      std::fputs(
          "warning: without --dev or --ratio languages are compared by bytes a token, which favours those of "
          "more bytes a letter\n",
          stderr);
    }
    std::vector<ParityLanguage> languages;
    uint64_t n_bytes = 0, n_documents = 0;
    for (const Language& language : *given) {
      absl::StatusOr<PieceCounts> counts =
          options().corpus.CountTextOrCounts(language.paths, {}, bar.reading());
      if (!counts.ok()) return counts.status();
      n_bytes += counts->origin().n_bytes;
      n_documents += counts->origin().n_documents;
      languages.push_back(WithoutText(language));
      languages.back().counts = *std::move(counts);
      if (language.dev_paths.empty()) continue;
      counts = options().corpus.CountTextOrCounts(language.dev_paths, {}, bar.reading());
      if (!counts.ok()) return counts.status();
      languages.back().dev = *std::move(counts);
    }
    if (n_documents > 0) report->SetCorpus(n_bytes, n_documents);  // counts as text do not say
    report->EndPhase("count");
    ParityOptions parity = Options();
    parity.bpe.progress = bar.merging();
    absl::StatusOr<ParityTraining> trained = TrainParity(languages, parity);
    if (!trained.ok()) return trained.status();
    report->EndPhase("merge");
    report->AddStage("", trained->report);
    ReportLanguages(*trained, report);
    return std::move(trained->spec);
  }

  std::vector<Format> Formats() const override {
    return {Format::kTokenizerJson, Format::kTiktoken, Format::kVocabMerges, Format::kImage};
  }

  // Of different pieces, as for bpe; each symbol of them takes more, and what languages share is there for each.
  uint64_t MemoryAtMost(uint64_t n_bytes) const override { return n_bytes * 3; }

 private:
  ParityOptions Options() const { return {options().Bpe(), n_global_merges_, window_, alpha_}; }

  // In the order in which --lang names them first.
  absl::StatusOr<std::vector<Language>> Languages() const {
    std::vector<Language> languages;
    const std::pair<const char*, const std::vector<std::string>*> all[] = {
        {"--lang", &languages_}, {"--dev", &devs_}, {"--ratio", &ratios_}};
    for (const auto& [option, given] : all) {
      for (const std::string& text : *given) {
        if (absl::Status s = AddLabelled(option, text, &languages); !s.ok()) return s;
      }
    }
    return languages;
  }

  static void ReportLanguages(const ParityTraining& trained, TrainingReport* report) {
    Json languages = Json::array();
    std::string text;
    for (const ParityTraining::Language& language : trained.languages) {
      languages.push_back({{"language", language.name},
                           {"steps", language.n_steps},
                           {"symbols", language.n_symbols},
                           {"tokens", language.n_tokens}});
      if (language.n_dev_tokens > 0) languages.back()["dev_tokens"] = language.n_dev_tokens;
      text += (text.empty() ? "" : "\n") + language.name + ": " + std::to_string(language.n_steps) +
              " merges for it, " + std::to_string(language.n_symbols) + " symbols in " +
              std::to_string(language.n_tokens) + " tokens";
      if (language.n_dev_tokens > 0) text += ", --dev in " + std::to_string(language.n_dev_tokens);
    }
    report->AddFact("languages", languages, text);
  }

  std::vector<std::string> languages_, devs_, ratios_;
  uint32_t n_global_merges_ = 0, window_ = 0, alpha_ = ParityOptions().alpha;
  const CLI::Option* alpha_option_ = nullptr;
};

}  // namespace

std::unique_ptr<TrainingKind> MakeParityKind(const TrainOptions& options) {
  return std::make_unique<ParityKind>(options);
}

}  // namespace tok::cli
