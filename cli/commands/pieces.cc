#include <algorithm>
#include <memory>
#include <numeric>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/spec_json.h"
#include "cli/table.h"
#include "cli/tokenizer_file.h"
#include "cli/train/corpus_options.h"
#include "tok/piece_counts.h"

namespace tok::cli {
namespace {

// The most frequent pieces, at most n_top: of equals, those first in byte order.
std::vector<CountedPiece> MostFrequent(const PieceCounts& counts, size_t n_top) {
  std::vector<size_t> order(counts.n_unique());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(n_top, order.size()));
  std::partial_sort(order.begin(), end, order.end(), [&](size_t a, size_t b) {
    return counts[a].count != counts[b].count ? counts[a].count > counts[b].count : a < b;
  });
  std::vector<CountedPiece> top;
  for (auto at = order.begin(); at != end; ++at) top.push_back(counts[*at]);
  return top;
}

Json DescribeRules(const PieceRules& rules) {
  TokenizerSpec spec;
  spec.unicode_profile = rules.unicode_profile;
  spec.alphabet = rules.alphabet;
  spec.normalizers = rules.normalizers;
  spec.pre_tokenizers = rules.pre_tokenizers;
  const Json pipeline = DescribePipeline(spec);
  Json described = Json::object();
  for (const char* name : {"unicode", "alphabet", "normalizers", "pre_tokenizers"}) {
    if (pipeline.contains(name)) described[name] = pipeline[name];
  }
  return described;
}

// The name of the pattern, if it is one that has a name; else what cuts, in words.
std::string PatternText(const PieceRules& rules) {
  PieceRules bare = rules;
  bare.normalizers.clear();
  const bool is_text = rules.alphabet == VocabularyAlphabet::kText;
  for (const std::string& name : PatternNames(rules.alphabet)) {
    const absl::StatusOr<PieceRules> named = is_text ? TextRules(name) : ByteLevelRules(name);
    if (named.ok() && CheckMergeable({*named, ""}, {bare, ""}).ok()) return name;
  }
  return DescribeRules(rules)["pre_tokenizers"].dump(-1, ' ', false, Json::error_handler_t::replace);
}

// For a line of a terminal.
std::string ShortText(std::string_view piece) {
  constexpr size_t kMost = 60;
  if (piece.size() <= kMost) return "\"" + EscapePiece(piece) + "\"";
  size_t n_bytes = kMost;
  while (n_bytes > 0 && (piece[n_bytes] & 0xC0) == 0x80) --n_bytes;
  return "\"" + EscapePiece(piece.substr(0, n_bytes)) + "\"... (" + std::to_string(piece.size()) + " bytes)";
}

struct PiecesCommand {
  std::string action, output;
  CorpusOptions corpus;
  OptionModes modes;
  CLI::Option* top_option = nullptr;
  size_t n_top = 20;
  bool is_text = false, tsv = false, json = false;

  absl::StatusOr<int> Run() const {
    if (absl::Status s = CheckChoice("ACTION", action, {"count", "merge", "show"}); !s.ok()) return s;
    if (absl::Status s = modes.Check(action); !s.ok()) return s;
    if (absl::Status s = corpus.Check(); !s.ok()) return s;
    if (action != "show" && output.empty()) {
      return MakeError(ErrorCode::kUsage, "tok pieces " + action, "does not know where to write the counts",
                       "add -o OUT.pieces, or -o OUT.tsv");
    }
    if (action != "count" && corpus.inputs.empty()) {
      return MakeError(ErrorCode::kUsage, "tok pieces " + action, "no counts are given",
                       "name .pieces or .tsv files");
    }
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(corpus.inputs);
    if (!paths.ok()) return paths.status();
    if (action == "show") return Show(*paths);
    if (absl::Status s = CheckOutputIsNotInput(*paths, output); !s.ok()) return s;
    return action == "count" ? Count() : Merge(*paths);
  }

  PieceDefaults Defaults() const {
    if (!is_text) return {};
    return {.alphabet = VocabularyAlphabet::kText, .pattern = "metaspace", .split = "lines"};  // as unigram
  }

  absl::StatusOr<int> Count() const {
    absl::StatusOr<PieceCounts> counts;
    {
      FileJobProgress progress;
      const ProgressBar bar("count pieces", &progress);
      counts = corpus.Count(Defaults(), &progress);
    }
    if (!counts.ok()) return counts.status();
    return Write(*counts);
  }

  absl::StatusOr<int> Merge(const std::vector<std::string>& paths) const {
    const absl::StatusOr<std::vector<PieceCounts>> parts = corpus.ReadCounts(paths, Defaults());
    if (!parts.ok()) return parts.status();
    const absl::StatusOr<PieceCounts> merged = MergePieceCounts(*parts, corpus.n_memory_bytes());
    if (!merged.ok()) return merged.status();
    return Write(*merged);
  }

  absl::StatusOr<int> Write(const PieceCounts& counts) const {
    const absl::Status written =
        output.ends_with(".tsv") ? WritePieceCountsTsv(counts, output) : WritePieceCounts(counts, output);
    if (!written.ok()) return written;
    return kExitOk;
  }

  absl::StatusOr<int> Show(const std::vector<std::string>& paths) const {
    if (paths.size() > 1) {
      return MakeError(ErrorCode::kUsage, "tok pieces show", "shows one file", "merge them first");
    }
    if (tsv && (json || top_option->count() > 0)) {
      return MakeError(ErrorCode::kUsage, "--tsv",
                       "is all pieces as text: --json and --top mean nothing to it", "leave them out");
    }
    const absl::StatusOr<std::vector<PieceCounts>> read = corpus.ReadCounts(paths, Defaults());
    if (!read.ok()) return read.status();
    const PieceCounts& counts = read->front();
    if (tsv) {
      if (absl::Status status = WritePieceCountsTsv(counts, "-"); !status.ok()) return status;
      return kExitOk;
    }
    return json ? PrintJson(AsJson(counts)) : PrintText(AsText(counts));
  }

  static uint64_t Total(const PieceCounts& counts) {
    uint64_t total = 0;  // less than 2^63 (tok/piece_counts.h)
    for (const uint64_t count : counts.counts()) total += count;
    return total;
  }

  Json AsJson(const PieceCounts& counts) const {
    const PieceCounts::Origin& origin = counts.origin();
    Json report = {{"schema", 1},
                   {"unique", counts.n_unique()},
                   {"pieces", Total(counts)},
                   {"documents", origin.n_documents},
                   {"bytes", origin.n_bytes},
                   {"sequence_unit", origin.sequence_unit},
                   {"rules", DescribeRules(origin.rules)},
                   {"top", Json::array()}};
    for (const CountedPiece& piece : MostFrequent(counts, n_top)) {
      // Pieces that are no UTF-8 would print alike.
      report["top"].push_back(
          {{"piece", piece.bytes}, {"escaped", EscapePiece(piece.bytes)}, {"count", piece.count}});
    }
    return report;
  }

  std::string AsText(const PieceCounts& counts) const {
    const PieceCounts::Origin& origin = counts.origin();
    std::string text = "pieces         " + std::to_string(Total(counts)) + "\n";
    text += "unique         " + std::to_string(counts.n_unique()) + "\n";
    text += "documents      " + std::to_string(origin.n_documents) + "\n";
    text += "bytes          " + std::to_string(origin.n_bytes) + "\n";
    text += "pattern        " + PatternText(origin.rules) + "\n";
    if (!origin.rules.normalizers.empty()) {
      const Json steps = DescribeRules(origin.rules)["normalizers"];
      text += "normalizers    " + steps.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    text += "sequence unit  " + EscapePiece(origin.sequence_unit) + "\n";
    std::vector<std::vector<std::string>> table = {{"count", "piece"}};
    for (const CountedPiece& piece : MostFrequent(counts, n_top)) {
      table.push_back({std::to_string(piece.count), ShortText(piece.bytes)});
    }
    return table.size() > 1 ? text + "\n" + FormatTable(table) : text;
  }
};

}  // namespace

Command AddPieces(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("pieces", "How often each piece of a corpus occurs: what training starts from");
  auto command = std::make_shared<PiecesCommand>();
  OptionModes& modes = command->modes;
  SetExamples(parser,
              "seq 1000 | tok pieces count -o a.pieces                  # count a part of a corpus\n"
              "seq 1000 2000 | tok pieces count -o b.pieces             # and another, anywhere\n"
              "tok pieces merge -o all.pieces a.pieces b.pieces         # add parts up\n"
              "tok pieces show all.pieces --top 50                      # the most frequent ones\n"
              "tok train bpe -n 300 --counts all.pieces -o counted.json # as from the text itself");
  parser->add_option("action", command->action, "What to do: count text, merge counts or show them")
      ->required()
      ->type_name("ACTION");
  modes.For({"count", "merge"},
            parser
                ->add_option("-o,--output", command->output,
                             "Counts to write, whole or not at all: .tsv as text, else a .pieces file")
                ->type_name("OUT"));
  command->corpus.AddTo(parser);
  command->corpus.cutting.push_back(parser->add_flag("--text", command->is_text,
                                                     "Pieces of text, for unigram and wordpiece (default: "
                                                     "--pattern metaspace --split lines); else of bytes"));
  for (CLI::Option* option : command->corpus.reading) modes.For({"count"}, option);
  modes.For({"count", "merge"}, command->corpus.memory_option);
  modes.For({"count"}, command->corpus.threads);
  command->top_option = modes.For(
      {"show"}, parser->add_option("--top", command->n_top, "The N most frequent pieces (default: 20)")
                    ->type_name("N"));
  modes.For({"show"}, parser->add_flag("--tsv", command->tsv, "All pieces as text: COUNT<TAB>PIECE a line"));
  modes.For({"show"}, AddJsonOption(parser, &command->json));
  modes.Describe();
  return {parser, [command] { return command->Run(); }, &command->modes};
}

}  // namespace tok::cli
