#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "cli/documents.h"
#include "cli/inputs.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/table.h"
#include "tok/measure_vocabulary.h"

namespace tok::cli {
namespace {

constexpr uint64_t kBatchBytes = uint64_t{8} << 20;
constexpr size_t kMostIds = 8;  // of what a token becomes, in a table

std::string Percent(uint64_t part, uint64_t whole) {
  return Fixed(whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole), 2) + " %";
}

std::string JoinedIds(const std::vector<TokenId>& ids, size_t most) {
  std::string text;
  for (size_t i = 0; i < ids.size() && i < most; ++i) text += (i == 0 ? "" : " ") + std::to_string(ids[i]);
  return ids.size() > most ? text + " ..." : text;
}

struct MeasureVocabCommand {
  std::string tokenizer;
  EncodingOptions encoding;
  uint64_t min_count = 1, n_top = 10;
  bool all = false;
  MeasureOutput output;

  TableRows Csv(const VocabularyReport& report) const {
    TableRows csv = {{"id", "token", "class", "becomes", "only_in_context", "used", "inside", "residue"}};
    for (const VocabularyToken& token : report.tokens) {
      if (!all && !token.IsRemarkable()) continue;
      csv.push_back({std::to_string(token.id), EscapeToken(token.bytes),
                     std::string(TokenClassName(token.token_class)),
                     JoinedIds(token.becomes, token.becomes.size()), std::to_string(token.only_in_context),
                     report.has_corpus ? std::to_string(token.n_used) : "",
                     report.has_corpus ? std::to_string(token.n_inside) : "",
                     report.has_corpus ? std::to_string(token.is_residue) : ""});
    }
    return csv;
  }

  static std::string Counts(const VocabularyReport& report) {
    TableRows rows = {{"tokens", "share", "vocabulary"}};
    const auto add = [&](uint64_t n, uint64_t of, std::string what) {
      rows.push_back({std::to_string(n), Percent(n, of), std::move(what)});
    };
    add(report.n_tokens, report.n_tokens, "tokens");
    for (size_t c = 0; c < kNTokenClasses; ++c)
      add(report.n_of_class[c], report.n_tokens, std::string(TokenClassName(static_cast<TokenClass>(c))));
    add(report.n_only_in_context, report.n_tokens, "ok, but not standing alone");
    const auto add_groups = [&](const std::vector<std::vector<TokenId>>& groups, std::string what) {
      uint64_t n_ids = 0;
      for (const std::vector<TokenId>& group : groups) n_ids += group.size();
      add(n_ids, report.n_tokens, what + " (" + std::to_string(groups.size()) + " groups)");
    };
    add_groups(report.same_normal_form, "equal after NFKC and lower case");
    add_groups(report.same_but_space, "equal but for a leading space");
    const VocabularyStatistics& s = report.statistics;
    add(s.n_leading_space, s.n_spelled, "begin with a space");
    add(s.n_numeric, s.n_spelled, "numbers");
    add(s.n_white_space, s.n_spelled, "white space");
    if (report.has_corpus) {
      add(report.n_unused, s.n_ordinary,
          report.min_count == 1 ? "never used"
                                : "used less than " + std::to_string(report.min_count) + " times");
      add(report.n_residue, s.n_ordinary, "of these, residue of merging");
    }
    return FormatTable(rows) + "\nmean length: " + Fixed(s.MeanBytes(), 2) + " bytes, " +
           Fixed(s.MeanChars(), 2) + " characters\n" + Scripts(s);
  }

  static std::string Scripts(const VocabularyStatistics& statistics) {
    std::vector<std::pair<std::string, uint64_t>> scripts(statistics.n_of_script.begin(),
                                                          statistics.n_of_script.end());
    std::stable_sort(scripts.begin(), scripts.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    constexpr size_t kMostScripts = 12;
    std::string line = "scripts:";
    for (size_t i = 0; i < scripts.size() && i < kMostScripts; ++i)
      line += (i == 0 ? " " : ", ") + scripts[i].first + " " + std::to_string(scripts[i].second);
    if (scripts.size() > kMostScripts) line += ", " + std::to_string(scripts.size() - kMostScripts) + " more";
    return line + "\n";
  }

  // The first of what `is_wanted` holds for.
  template <typename Predicate>
  std::string First(const VocabularyReport& report, const std::string& title, Predicate is_wanted) const {
    TableRows rows = {{"id", "becomes", "token"}};
    uint64_t n = 0;
    for (const VocabularyToken& token : report.tokens) {
      if (!is_wanted(token)) continue;
      if (n++ >= n_top) continue;
      rows.push_back({std::to_string(token.id), "[" + JoinedIds(token.becomes, kMostIds) + "]",
                      "'" + EscapeToken(token.bytes) + "'"});
    }
    if (n == 0 || n_top == 0) return "";
    const std::string of =
        n > n_top ? " (the first " + std::to_string(n_top) + " of " + std::to_string(n) + ")" : "";
    return "\n" + title + of + "\n" + FormatTable(rows);
  }

  std::string Text(const VocabularyReport& report) const {
    std::string text = Counts(report);
    for (size_t c = 0; c < kNTokenClasses; ++c) {
      const TokenClass listed = static_cast<TokenClass>(c);
      if (listed < TokenClass::kUnreachableSingle && !all) continue;
      text += First(report, std::string(TokenClassName(listed)),
                    [&](const VocabularyToken& token) { return token.token_class == listed; });
    }
    text += First(report, "residue", [](const VocabularyToken& token) { return token.is_residue; });
    for (const SpecialFromText& special : report.specials_from_text)
      text += "\nwarning: the special token " + std::to_string(special.id) +
              " comes out of the plain text '" + EscapeToken(special.text) + "'\n";
    return text;
  }

  absl::Status CountCorpus(const Tokenizer& loaded, const std::vector<std::string>& paths,
                           const FileJobOptions& job, VocabularyMeasurement* measurement) const {
    return ForEachBatch(
        "measure", paths, job.split, job.encode.utf8, kBatchBytes, [&](const DocumentBatch& batch) {
          const std::vector<std::string_view> texts(batch.texts().begin(), batch.texts().end());
          return batch.WithPlace(measurement->Add(texts, job.encode), loaded, job.encode);
        });
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = encoding.Check(); !s.ok()) return s;
    std::vector<std::string> paths;
    if (!encoding.inputs.empty()) {
      absl::StatusOr<std::vector<std::string>> expanded = ExpandInputs(encoding.inputs);
      if (!expanded.ok()) return expanded.status();
      paths = *std::move(expanded);
    }
    std::vector<std::string> read = paths;
    read.push_back(tokenizer);
    if (absl::Status s = output.Check(read); !s.ok()) return s;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    const absl::StatusOr<FileJobOptions> job = encoding.Resolve(*loaded);
    if (!job.ok()) return job.status();
    absl::StatusOr<VocabularyMeasurement> measurement =
        VocabularyMeasurement::Create(*loaded, {.min_count = min_count, .n_threads = job->n_threads});
    if (!measurement.ok()) return measurement.status();
    if (!paths.empty()) {
      if (absl::Status s = CountCorpus(*loaded, paths, *job, &*measurement); !s.ok()) return s;
    }
    absl::StatusOr<VocabularyReport> report = measurement->Report();
    if (!report.ok()) return report.status();
    if (report->has_corpus && report->n_corpus_bytes == 0) {
      return MakeError(ErrorCode::kBadInput, paths[0], "there is no text to count tokens in",
                       "name inputs that hold some, or none");
    }
    report->tokenizer = tokenizer;
    return output.Print(output.json() ? VocabularyJson(*report, {.all = all}) : "",
                        output.csv() ? Csv(*report) : TableRows(), Text(*report));
  }
};

}  // namespace

Command AddMeasureVocab(CLI::App* measure) {
  CLI::App* parser =
      measure->add_subcommand("vocab", "Which tokens no text reaches, and which a corpus leaves aside");
  auto command = std::make_shared<MeasureVocabCommand>();
  SetExamples(
      parser,
      "tok measure vocab -t gpt2                                # by round trip\n"
      "tok measure vocab -t gpt2 --min-count 5 c/a.txt.gz       # and what the corpus makes no use of\n"
      "tok measure vocab -t tokenizer.json --all --csv -o tokens.csv");
  AddTokenizerOption(parser, &command->tokenizer);
  WholeNumber(parser
                  ->add_option("--min-count", command->min_count,
                               "Of a corpus: tokens that occur less often are unused (default: 1)")
                  ->type_name("N"),
              1);
  WholeNumber(
      parser->add_option("--top", command->n_top, "How many tokens of a class the table shows (default: 10)")
          ->type_name("N"));
  parser->add_flag("--all", command->all, "List tokens that are in order too, and the members of duplicates");
  command->encoding.AddTo(parser);
  parser->get_option("inputs")->description(
      "A corpus, if its tokens are to be counted: files or globs; - is standard input; .gz and .zst are "
      "unpacked");
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
