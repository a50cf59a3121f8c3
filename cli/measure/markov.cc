#include <charconv>
#include <memory>
#include <utility>

#include "cli/comma_list.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/table.h"
#include "tok/measure_markov.h"

namespace tok::cli {
namespace {

template <typename T>
bool ParseNumber(const std::string& text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

struct MeasureMarkovCommand {
  std::vector<std::string> sources;
  std::string sizes;
  MarkovOptions defaults;  // and what options are read into
  MeasureOutput output;

  absl::StatusOr<MarkovOptions> Options() const {
    MarkovOptions options = defaults;
    if (!sources.empty()) options.sources.clear();
    for (const std::string& text : sources) {
      const std::vector<std::string> fields = SplitAtCommas(text);
      MarkovSource source;
      const bool is_read = (fields.size() == 2 || fields.size() == 3) && ParseNumber(fields[0], &source.p) &&
                           ParseNumber(fields[1], &source.q) &&
                           (fields.size() == 2 || ParseNumber(fields[2], &source.order));
      if (!is_read) {
        return MakeError(ErrorCode::kUsage, "--source " + text, "is not P,Q or P,Q,K",
                         "say --source 0.2,0.2,1");
      }
      options.sources.push_back(source);
    }
    if (!sizes.empty()) {
      absl::StatusOr<std::vector<uint32_t>> given = ParseNumbers("--sizes", sizes);
      if (!given.ok()) return given.status();
      options.sizes = *std::move(given);
    }
    return options;
  }

  absl::StatusOr<int> Print(const MarkovReport& report) const {
    TableRows csv = {{"p", "q", "order", "entropy_rate", "character_entropy", "dictionary", "scheme", "size",
                      "tokens", "encoded", "loss", "held_out_loss"}};
    std::string text;
    for (const MarkovResult& result : report.sources) {
      const MarkovSource& source = result.source;
      const std::string p = Shortest(source.p), q = Shortest(source.q), order = std::to_string(source.order);
      const std::string rate = Fixed(source.EntropyRate(), 4),
                        character = Fixed(source.CharacterEntropy(), 4);
      TableRows table = {{"bits a symbol, held out"}};
      for (const MarkovPoint& point : result.curves[0].points) table[0].push_back(std::to_string(point.size));
      for (const MarkovCurve& curve : result.curves) {
        table.push_back({curve.dictionary + ", " + curve.scheme});
        for (const MarkovPoint& point : curve.points) {
          table.back().push_back(Fixed(point.held_out_loss, 4));
          csv.push_back({p, q, order, rate, character, curve.dictionary, curve.scheme,
                         std::to_string(point.size), std::to_string(point.n_tokens),
                         std::to_string(point.n_encoded), Fixed(point.loss, 6),
                         Fixed(point.held_out_loss, 6)});
        }
      }
      text += (text.empty() ? "" : "\n") + ("P(1|0) " + p) + ", P(0|1) " + q + ", order " + order +
              ": entropy rate " + rate + ", of characters " + character + "\n" + FormatTable(table);
    }
    return output.Print(MarkovJson(report), csv, text);
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = output.Check({}); !s.ok()) return s;
    const absl::StatusOr<MarkovOptions> options = Options();
    if (!options.ok()) return options.status();
    const absl::StatusOr<MarkovReport> report = MeasureMarkov(*options);
    if (!report.ok()) return report.status();
    return Print(*report);
  }
};

}  // namespace

Command AddMeasureMarkov(CLI::App* measure) {
  CLI::App* parser = measure->add_subcommand(
      "markov", "What tokens do for a unigram model of a Markov source, beside its entropy");
  auto command = std::make_shared<MeasureMarkovCommand>();
  SetExamples(parser,
              "tok measure markov                                       # three sources, five sizes\n"
              "tok measure markov --source 0.1,0.3,2 --sizes 2,64,4096 --symbols 1000000 --csv -o m.csv");
  parser
      ->add_option(
          "--source", command->sources,
          "P(1|0), P(0|1) and the order, 1 unless given; repeatable (default: 0.2,0.2 and 0.8,0.8 and "
          "0.1,0.3)")
      ->allow_extra_args(false)
      ->type_name("P,Q,K");
  parser->add_option("--sizes", command->sizes, "Tokens in the dictionaries (default: 2,16,64,256,1024)")
      ->type_name("N,N");
  WholeNumber(parser
                  ->add_option("--symbols", command->defaults.n_symbols,
                               "Symbols to learn from, and as many to measure on (default: 200000)")
                  ->type_name("N"));
  WholeNumber(
      parser->add_option("--seed", command->defaults.seed, "Of the source (default: 0)")->type_name("N"));
  AddThreadsOption(parser, &command->defaults.n_threads);
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
