#include <cstdio>
#include <memory>

#include "cli/comma_list.h"
#include "cli/documents.h"
#include "cli/inputs.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/table.h"
#include "tok/measure_schemes.h"

namespace tok::cli {
namespace {

constexpr uint64_t kBatchBytes = uint64_t{8} << 20;

struct MeasureSchemesCommand {
  std::string tokenizer, names;
  uint64_t seed = 0;
  EncodingOptions encoding;
  MeasureOutput output;

  // Those named, or all that the vocabulary can be used with.
  absl::StatusOr<std::vector<Scheme>> Schemes(const Tokenizer& loaded) const {
    std::vector<Scheme> schemes;
    if (names.empty()) {
      for (const std::string& name : SchemeNames()) {
        const absl::StatusOr<Scheme> scheme = Named(name);
        if (!scheme.ok()) return scheme.status();
        if (scheme->kind != Scheme::Kind::kOwn && loaded.WithScheme(*scheme).ok()) schemes.push_back(*scheme);
      }
      return schemes;
    }
    const absl::StatusOr<std::vector<std::string>> wanted = ParseNames("--schemes", names);
    if (!wanted.ok()) return wanted.status();
    for (const std::string& name : *wanted) {
      const absl::StatusOr<Scheme> scheme = Named(name);
      if (!scheme.ok()) return scheme.status();
      schemes.push_back(*scheme);
    }
    return schemes;
  }
  absl::StatusOr<Scheme> Named(const std::string& name) const {
    absl::StatusOr<Scheme> scheme = ParseScheme(name);
    if (scheme.ok()) scheme->seed = seed;
    return scheme;
  }

  absl::StatusOr<int> Print(SchemesReport report) const {
    report.tokenizer = tokenizer;
    TableRows csv = {{"scheme", "tokens", "token_ratio", "bytes_per_token", "same_documents", "same_words",
                      "boundary_precision", "boundary_recall", "boundary_f1"}};
    TableRows table = {{"tokens", "ratio", "bytes/token", "same words %", "boundary F1", "scheme"}};
    for (size_t s = 0; s < report.schemes.size(); ++s) {
      const SchemeAgreement& scheme = report.schemes[s];
      csv.push_back({scheme.scheme, std::to_string(scheme.n_tokens), Fixed(report.TokenRatio(s), 6),
                     Fixed(report.BytesPerToken(s), 6), Fixed(report.SameDocuments(s), 6),
                     Fixed(report.SameWords(s), 6), Fixed(report.Precision(s), 6), Fixed(report.Recall(s), 6),
                     Fixed(report.F1(s), 6)});
      table.push_back({std::to_string(scheme.n_tokens), Fixed(report.TokenRatio(s), 4),
                       Fixed(report.BytesPerToken(s), 3), Fixed(100 * report.SameWords(s), 2),
                       Fixed(report.F1(s), 4), scheme.scheme});
    }
    return output.Print(SchemesJson(report), csv, FormatTable(table));
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = encoding.Check(); !s.ok()) return s;
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(encoding.inputs);
    if (!paths.ok()) return paths.status();
    std::vector<std::string> read = *paths;
    read.push_back(tokenizer);
    if (absl::Status s = output.Check(read); !s.ok()) return s;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    const absl::StatusOr<FileJobOptions> job = encoding.Resolve(*loaded);
    if (!job.ok()) return job.status();
    const absl::StatusOr<std::vector<Scheme>> schemes = Schemes(*loaded);
    if (!schemes.ok()) return schemes.status();
    absl::StatusOr<SchemeComparison> comparison =
        SchemeComparison::Create(*loaded, *schemes, job->encode, job->n_threads);
    if (!comparison.ok()) return comparison.status();
    const absl::Status added = ForEachBatch(
        "measure", *paths, job->split, job->encode.utf8, kBatchBytes, [&](const DocumentBatch& batch) {
          const std::vector<std::string_view> texts(batch.texts().begin(), batch.texts().end());
          return batch.WithPlace(comparison->Add(texts), *loaded, job->encode);
        });
    if (!added.ok()) return added;
    if (comparison->Report().n_bytes == 0) {
      return MakeError(ErrorCode::kBadInput, (*paths)[0], "there is no text to compare schemes on",
                       "name inputs that hold some");
    }
    for (const Scheme& scheme : *schemes) {
      if (!scheme.IsLossy()) continue;
      std::fprintf(stderr, "warning: %s drops text, so that its tokens stand for fewer bytes\n",
                   SchemeName(scheme).c_str());
    }
    return Print(comparison->Report());
  }
};

}  // namespace

Command AddMeasureSchemes(CLI::App* measure) {
  CLI::App* parser =
      measure->add_subcommand("schemes", "How other schemes segment what a tokenizer segments by its own");
  auto command = std::make_shared<MeasureSchemesCommand>();
  SetExamples(parser,
              "tok measure schemes -t gpt2 a.txt                   # all schemes, as a table\n"
              "tok measure schemes -t o200k_base --schemes longest-prefix,dropout:0.1 --json a.txt");
  AddTokenizerOption(parser, &command->tokenizer);
  parser
      ->add_option("--schemes", command->names,
                   "Schemes, separated by commas: names as for tok encode --scheme (default: all that the "
                   "vocabulary can be used with)")
      ->type_name("NAME,NAME");
  WholeNumber(parser->add_option("--seed", command->seed, "Of schemes that draw by lot (default: 0)")
                  ->type_name("N"));
  command->encoding.AddTo(parser);
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
