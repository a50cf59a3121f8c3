#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>

#include "cli/command.h"
#include "cli/documents.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/table.h"
#include "tok/threads.h"

namespace tok::cli {
namespace {

constexpr int kWarmPasses = 5;

double SecondsOf(const std::function<absl::Status()>& run, absl::Status* status) {
  const auto start = std::chrono::steady_clock::now();
  *status = run();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double Median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

struct BenchCommand {
  std::string tokenizer, input, split = "file", special = "text";
  unsigned n_threads = 0;
  bool json = false;

  absl::StatusOr<DocumentBatch> ReadDocuments() const {
    const absl::StatusOr<DocumentSplit> how = DocumentSplit::Parse(split);
    if (!how.ok()) return how.status();
    const absl::StatusOr<std::unique_ptr<DocumentSource>> source = OpenDocuments(input, *how);
    if (!source.ok()) return source.status();
    DocumentBatch documents(*how);
    for (Document document;;) {
      const absl::StatusOr<bool> found = (*source)->Next(&document);
      if (!found.ok()) return found.status();
      if (!*found) return documents;
      documents.Add(input, document);
    }
  }

  // Whole files are cut by EncodeParallel, many documents are shared out.
  static absl::Status EncodeAll(const Tokenizer& loaded, const DocumentBatch& documents,
                                const EncodeOptions& options, unsigned n, uint64_t* n_tokens) {
    *n_tokens = 0;
    if (n == 1) {
      std::vector<TokenId> ids;
      return documents.EncodeEach(loaded, options, &ids, n_tokens);
    }
    if (documents.texts().size() == 1) {
      const absl::StatusOr<IdArray> ids = loaded.EncodeParallel(documents.texts()[0], options, n);
      if (!ids.ok()) return documents.ErrorIn(0, ids.status());
      *n_tokens = ids->size();
      return absl::OkStatus();
    }
    const absl::StatusOr<RaggedIds> ids = documents.Encode(loaded, options, n);
    if (ids.ok()) *n_tokens = ids->ids.size();
    return ids.status();
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = CheckChoice("--special", special, {"error", "text", "all"}); !s.ok()) return s;
    const absl::StatusOr<DocumentBatch> documents = ReadDocuments();
    if (!documents.ok()) return documents.status();
    absl::StatusOr<Tokenizer> loaded;
    absl::Status status;
    const double load_seconds = SecondsOf(
        [&] {
          loaded = LoadTokenizer(tokenizer);
          return loaded.status();
        },
        &status);
    if (!status.ok()) return status;
    EncodeOptions options;
    options.special = special == "text"  ? SpecialPolicy::Text()
                      : special == "all" ? SpecialPolicy::All()
                                         : SpecialPolicy::Error();
    const unsigned n_all = n_threads == 0 ? AvailableThreads() : n_threads;
    const uint64_t n_bytes = documents->n_bytes();
    uint64_t n_tokens = 0;
    const auto pass = [&](unsigned n) {
      return SecondsOf([&] { return EncodeAll(*loaded, *documents, options, n, &n_tokens); }, &status);
    };
    const double cold = pass(1);
    std::vector<double> warm, all;
    for (int i = 0; i < kWarmPasses && status.ok(); ++i) {
      warm.push_back(pass(1));
      if (status.ok()) all.push_back(pass(n_all));
    }
    if (!status.ok()) return status;
    const auto speed = [n_bytes](double seconds) {
      return seconds > 0 ? static_cast<double>(n_bytes) / seconds / 1e6 : 0.0;
    };
    if (json) {
      return PrintJson({{"schema", 1},
                        {"tokenizer", tokenizer},
                        {"path", input},
                        {"documents", documents->texts().size()},
                        {"bytes", n_bytes},
                        {"tokens", n_tokens},
                        {"load_seconds", load_seconds},
                        {"cold_mb_per_s", speed(cold)},
                        {"warm_mb_per_s", speed(Median(warm))},
                        {"threads", n_all},
                        {"all_threads_mb_per_s", speed(Median(all))}});
    }
    return PrintText(tokenizer + " " + input + ": " + std::to_string(n_bytes) + " bytes, " +
                     std::to_string(n_tokens) + " tokens; load " + Fixed(load_seconds * 1e3, 1) +
                     " ms; MB/s on one thread " + Fixed(speed(cold), 1) + " cold, " +
                     Fixed(speed(Median(warm)), 1) + " warm, on " + std::to_string(n_all) + " threads " +
                     Fixed(speed(Median(all)), 1) + "\n");
  }
};

}  // namespace

Command AddBench(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("bench", "How fast a tokenizer encodes a file on this machine");
  auto command = std::make_shared<BenchCommand>();
  SetExamples(parser,
              "tok bench -t o200k_base a.txt                  # cold, warm, all threads\n"
              "tok bench -t gpt2 --split jsonl:text --json c.jsonl  # for scripts");
  AddTokenizerOption(parser, &command->tokenizer);
  parser->add_option("file", command->input, "Text to encode, read into memory first")
      ->required()
      ->type_name("FILE");
  parser
      ->add_option(
          "--split", command->split,
          "What a document is: file, lines, jsonl:FIELD or sep:STR; STR ends a document (default: file)")
      ->type_name("HOW");
  parser
      ->add_option("--special", command->special,
                   "Special tokens in text: error, text or all (default: text)")
      ->type_name("POLICY");
  AddThreadsOption(parser, &command->n_threads);
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
