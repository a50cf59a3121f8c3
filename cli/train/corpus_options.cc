#include "cli/train/corpus_options.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/suggest.h"

namespace tok::cli {
namespace {

bool IsTsv(const std::string& path) {
  return path.ends_with(".tsv") || path.ends_with(".tsv.gz") || path.ends_with(".tsv.zst");
}

}  // namespace

bool IsCounts(const std::string& path) { return path.ends_with(".pieces") || IsTsv(path); }

void CorpusOptions::AddTo(CLI::App* parser) {
  AddInputs(parser, &inputs);
  cutting.push_back(
      parser
          ->add_option(
              "--pattern", pattern,
              "What cuts text into pieces: gpt2, cl100k, o200k, llama3, qwen, deepseek, none, or a regular "
              "expression; of tokenizers of text also metaspace, bert, whitespace or whitespace-split "
              "(default: o200k; unigram metaspace, wordpiece bert, char gpt2)")
          ->type_name("PATTERN"));
  cutting.push_back(
      parser->add_option("--digits", digits, "Cut numbers first: 1, 3, or r2l3 (threes from the right)")
          ->type_name("HOW"));
  cutting.push_back(parser
                        ->add_option("--normalizer", normalizers,
                                     "Rewrite text first: nfc, nfd, nfkc, nfkd, lowercase, strip-accents, "
                                     "bert, bert-cased, or none; "
                                     "repeatable, in order (default: none; wordpiece bert, char nfkc)")
                        ->allow_extra_args(false)
                        ->type_name("NAME"));
  cutting.push_back(
      parser
          ->add_option(
              "--split", split,
              "What a document is: file, lines, lines-lf (lines that keep their LF, as Hugging Face trains), "
              "fasta, jsonl:FIELD or sep:STR (default: file; superbpe lines-lf, unigram, wordpiece and lib "
              "lines, dna fasta)")
          ->type_name("HOW"));
  reading.push_back(AddUtf8Option(parser, &utf8));
  threads = AddThreadsOption(parser, &n_threads);
  memory_option = AddMemoryOption(parser, &memory);
}

absl::Status CorpusOptions::Check() const {
  if (absl::Status s = CheckUtf8(utf8); !s.ok()) return s;
  if (!digits.empty()) {
    if (absl::Status s = CheckChoice("--digits", digits, DigitCutNames()); !s.ok()) return s;
  }
  for (const std::string& name : normalizers) {
    if (normalizers.size() == 1 && name == "none") break;
    if (absl::Status s = CheckChoice("--normalizer", name, NormalizerNames()); !s.ok()) return s;
  }
  return ParseMemory(memory).status();
}

uint64_t CorpusOptions::n_memory_bytes() const { return ParseMemory(memory).value_or(0); }

// A word is a name: whoever mistypes one does not mean the word itself.
absl::Status CorpusOptions::CheckPattern(VocabularyAlphabet alphabet) const {
  if (!pattern) return absl::OkStatus();
  const auto is_of_name = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_'; };
  if (!std::all_of(pattern->begin(), pattern->end(), is_of_name)) return absl::OkStatus();
  const std::vector<std::string> names = PatternNames(alphabet),
                                 of_text = PatternNames(VocabularyAlphabet::kText);
  if (std::find(names.begin(), names.end(), *pattern) != names.end()) return absl::OkStatus();
  if (std::find(of_text.begin(), of_text.end(), *pattern) != of_text.end()) {
    return MakeError(ErrorCode::kUsage, "--pattern " + *pattern, "cuts text, and tokens are bytes here",
                     "it is for unigram, wordpiece, char --unit chars and tok pieces count --text");
  }
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "use one of: " : ", ") + name;
  return MakeError(ErrorCode::kUsage, "--pattern", "'" + *pattern + "' is the name of none",
                   Suggestion(*pattern, names, all) + " (as a regular expression: '(?:" + *pattern + ")')");
}

absl::StatusOr<PieceRules> CorpusOptions::Rules(const PieceDefaults& defaults) const {
  if (given_rules) return *given_rules;
  if (absl::Status s = CheckPattern(defaults.alphabet); !s.ok()) return s;
  const std::string_view wanted = pattern ? *pattern : defaults.pattern;
  absl::StatusOr<PieceRules> rules =
      defaults.alphabet == VocabularyAlphabet::kBytes ? ByteLevelRules(wanted) : TextRules(wanted);
  if (!rules.ok()) return AtPlace("--pattern", rules.status());
  if (!digits.empty()) {
    if (absl::Status s = CutDigitsFirst(digits, &*rules); !s.ok()) return s;
  }
  rules->normalizers = normalizers.empty() ? defaults.normalizers : Normalizers();
  return rules;
}

std::vector<normalizer::Step> CorpusOptions::Normalizers() const {
  std::vector<normalizer::Step> steps;
  for (const std::string& name : normalizers) {
    if (name != "none") steps.push_back(*NormalizerByName(name));  // Check has seen it
  }
  return steps;
}

absl::StatusOr<CountPiecesOptions> CorpusOptions::Counting(std::string_view default_split) const {
  CountPiecesOptions counting;
  absl::StatusOr<DocumentSplit> parsed = DocumentSplit::Parse(split.empty() ? default_split : split);
  if (!parsed.ok()) return parsed.status();
  counting.split = *std::move(parsed);
  counting.utf8 = Utf8PolicyOf(utf8);
  counting.n_memory_bytes = n_memory_bytes();
  counting.n_threads = n_threads;
  return counting;
}

absl::StatusOr<PieceCounts> CorpusOptions::Count(const PieceDefaults& defaults,
                                                 FileJobProgress* progress) const {
  const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(inputs);
  if (!paths.ok()) return paths.status();
  const absl::StatusOr<PieceRules> rules = Rules(defaults);
  if (!rules.ok()) return rules.status();
  absl::StatusOr<CountPiecesOptions> counting = Counting(defaults.split);
  if (!counting.ok()) return counting.status();
  counting->progress = progress;
  return CountPieces(*paths, *rules, *counting);
}

absl::StatusOr<PieceCounts> CorpusOptions::CountTextOrCounts(const std::vector<std::string>& patterns,
                                                             const PieceDefaults& defaults,
                                                             FileJobProgress* progress) const {
  absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(patterns);
  if (!paths.ok()) return paths.status();
  const auto text = std::find_if_not(paths->begin(), paths->end(), IsCounts);
  if (text == paths->end()) {
    const absl::StatusOr<std::vector<PieceCounts>> counts = ReadCounts(*paths, defaults);
    return counts.ok() ? MergePieceCounts(*counts) : counts.status();
  }
  if (std::any_of(paths->begin(), paths->end(), IsCounts)) {
    return MakeError(ErrorCode::kUsage, *text, "is text, and there are counts beside it",
                     "count it too (tok pieces count)");
  }
  CorpusOptions of_paths = *this;
  of_paths.inputs = *std::move(paths);
  return of_paths.Count(defaults, progress);
}

absl::StatusOr<std::vector<PieceCounts>> CorpusOptions::ReadCounts(std::vector<std::string> paths,
                                                                   const PieceDefaults& defaults) const {
  PieceCounts::Origin origin;  // of .tsv files
  if (std::any_of(paths.begin(), paths.end(), IsTsv)) {
    absl::StatusOr<PieceRules> rules = Rules(defaults);
    if (!rules.ok()) return rules.status();
    const absl::StatusOr<CountPiecesOptions> counting = Counting(defaults.split);
    if (!counting.ok()) return counting.status();
    origin = {*std::move(rules), counting->split.Spelling()};
  } else {
    for (const CLI::Option* option : cutting) {
      if (option->count() == 0) continue;
      return MakeError(ErrorCode::kUsage, option->get_name(),
                       "means nothing to .pieces files, which say how they were cut", "leave it out");
    }
  }
  std::vector<PieceCounts> all;
  const auto files = std::stable_partition(paths.begin(), paths.end(), IsTsv);
  if (const std::vector<std::string> texts(paths.begin(), files); !texts.empty()) {
    // At once: each by itself would take a part of the budget.
    absl::StatusOr<PieceCounts> counts = ReadPieceCountsTsv(texts, std::move(origin), n_memory_bytes());
    if (!counts.ok()) return counts.status();
    all.push_back(*std::move(counts));
  }
  for (const std::string& path : std::vector<std::string>(files, paths.end())) {
    absl::StatusOr<PieceCounts> counts = ReadPieceCounts(path);
    if (!counts.ok()) return counts.status();
    if (!all.empty()) {
      if (absl::Status status = CheckMergeable(all[0].origin(), counts->origin()); !status.ok()) {
        return AtPlace(path, status);
      }
    }
    all.push_back(*std::move(counts));
  }
  return all;
}

}  // namespace tok::cli
