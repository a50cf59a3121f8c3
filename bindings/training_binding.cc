// libtok._libtok: the trainers that merge (tok/train_bpe.h and what is built on it) for Python.
#include "bindings/training_binding.h"

#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/piece_counts_binding.h"
#include "bindings/training_checkpoints.h"
#include "bindings/training_progress.h"
#include "tok/tokenizer.h"
#include "tok/train_char.h"
#include "tok/train_dna.h"
#include "tok/train_parity.h"
#include "tok/train_picky.h"
#include "tok/train_superbpe.h"
#include "tok/train_wordpiece.h"

namespace py = pybind11;

namespace tok::python {
namespace {

VocabularyAlphabet AlphabetOf(bool is_text) {
  return is_text ? VocabularyAlphabet::kText : VocabularyAlphabet::kBytes;
}

py::dict DictOf(const BpeTrainingReport& stage, const char* name) {
  py::dict dict;
  dict["name"] = name;
  dict["n_unique_pieces"] = stage.n_unique_pieces;
  dict["n_symbols"] = stage.n_symbols;
  dict["n_alphabet"] = stage.n_alphabet;
  dict["n_merges"] = stage.n_merges;
  dict["last_count"] = stage.last_count;
  dict["n_tied"] = stage.n_tied;
  dict["has_collisions"] = stage.has_collisions;
  return dict;
}

py::dict ReportOf(const BpeTrainingReport& stage) {
  py::list stages;
  stages.append(DictOf(stage, "merge"));
  py::dict report;
  report["stages"] = std::move(stages);
  return report;
}

Tokenizer TokenizerOf(TokenizerSpec spec) { return ValueOrRaise(Tokenizer::Create(std::move(spec))); }

// Trains beside Python: train(options), whose result is a StatusOr.
template <typename Train>
auto Merge(BpeTrainerOptions options, TrainingProgress* progress, TrainingCheckpoints* checkpoints,
           const std::function<void(const MergeProgress&)>& show, const Train& train) {
  if (checkpoints != nullptr) options.resume = checkpoints->resumed();
  auto trained = LongCall(
      [&](const GoesOn& goes_on) {
        options.progress = [&](const MergeProgress& now) {
          show(now);
          const bool is_stopped = !goes_on();
          if (checkpoints != nullptr) checkpoints->Note(now, is_stopped);
          return !is_stopped;
        };
        return train(options);
      },
      progress->teller());
  if (checkpoints != nullptr) {
    if (const absl::Status saved = checkpoints->End(); !saved.ok()) {
      const std::string message = "no checkpoint was saved: " + std::string(saved.message());
      if (PyErr_WarnEx(PyExc_RuntimeWarning, message.c_str(), 1) != 0) throw py::error_already_set();
    }
  }
  return trained;
}

// The same of counted pieces, in one stage.
template <typename Train>
auto MergePieces(const BpeTrainerOptions& options, const py::object& report, TrainingCheckpoints* checkpoints,
                 const Train& train) {
  TrainingProgress progress(report, "merge");
  return Merge(
      options, &progress, checkpoints,
      [&progress](const MergeProgress& now) { progress.SetMerges(now, "merge"); }, train);
}

py::tuple Result(BpeTraining trained) {
  py::dict report = ReportOf(trained.report);
  return py::make_tuple(TokenizerOf(std::move(trained.spec)), std::move(report));
}

py::tuple Bpe(const SharedCounts& counts, const BpeTrainerOptions& options, const py::object& report,
              TrainingCheckpoints* checkpoints) {
  const PieceCounts pieces = counts.InAnyOrder();
  return Result(MergePieces(options, report, checkpoints,
                            [&](const BpeTrainerOptions& bpe) { return TrainBpe(pieces, bpe); }));
}

// What training of no text refuses: options, a base. The tokens that are there without text.
size_t CheckBpe(const PieceRules& rules, const BpeTrainerOptions& options) {
  return ValueOrRaise(TrainBpe(PieceCounts({rules, ""}, {}, {}, {}, nullptr), options)).spec.vocabulary.size();
}

py::tuple WordPiece(const SharedCounts& counts, const BpeTrainerOptions& options,
                    uint64_t max_input_chars_per_word, const py::object& report,
                    TrainingCheckpoints* checkpoints) {
  const PieceCounts pieces = counts.InAnyOrder();
  return Result(MergePieces(options, report, checkpoints, [&](const BpeTrainerOptions& bpe) {
    return TrainWordPiece(pieces, {bpe, max_input_chars_per_word});
  }));
}

py::tuple Characters(const SharedCounts& counts, const BpeTrainerOptions& options, uint32_t max_length,
                     const py::object& report, TrainingCheckpoints* checkpoints) {
  const PieceCounts pieces = counts.InAnyOrder();
  return Result(MergePieces(options, report, checkpoints, [&](const BpeTrainerOptions& bpe) {
    return TrainCharacters(pieces, {bpe, max_length});
  }));
}

py::tuple Dna(const SharedCounts& counts, const BpeTrainerOptions& options, bool both_strands,
              const py::object& report, TrainingCheckpoints* checkpoints) {
  const PieceCounts pieces = counts.InAnyOrder();
  return Result(MergePieces(options, report, checkpoints, [&](const BpeTrainerOptions& bpe) {
    return TrainDna(pieces, {bpe, both_strands});
  }));
}

py::tuple Picky(const SharedCounts& counts, const BpeTrainerOptions& options, double threshold,
                const py::object& report) {
  const PieceCounts pieces = counts.InAnyOrder();
  PickyTraining trained = MergePieces(options, report, nullptr, [&](const BpeTrainerOptions& bpe) {
    return TrainPicky(pieces, {bpe, threshold});
  });
  py::dict done = ReportOf(trained.report);
  done["n_deletions"] = trained.n_deletions;
  done["n_returns"] = trained.n_returns;
  return py::make_tuple(TokenizerOf(std::move(trained.spec)), std::move(done));
}

// (name, counts, counts of the development text or None, ratio); in a check the counts are not looked at.
using Language = std::tuple<std::string, std::shared_ptr<SharedCounts>, std::shared_ptr<SharedCounts>, double>;

py::tuple Parity(const std::vector<Language>& given, const ParityOptions& options, const py::object& report) {
  std::vector<ParityLanguage> languages;
  for (const auto& [name, counts, dev, ratio] : given) {
    languages.push_back({.name = name, .counts = counts->InAnyOrder(), .ratio = ratio});
    if (dev != nullptr) languages.back().dev = dev->InAnyOrder();
  }
  ParityTraining trained = MergePieces(options.bpe, report, nullptr, [&](const BpeTrainerOptions& bpe) {
    ParityOptions asked = options;
    asked.bpe = bpe;
    return TrainParity(languages, asked);
  });
  py::list reports;
  for (const ParityTraining::Language& language : trained.languages) {
    py::dict dict;
    dict["name"] = language.name;
    dict["n_steps"] = language.n_steps;
    dict["n_symbols"] = language.n_symbols;
    dict["n_tokens"] = language.n_tokens;
    dict["n_dev_tokens"] = language.n_dev_tokens;
    reports.append(std::move(dict));
  }
  py::dict done = ReportOf(trained.report);
  done["languages"] = std::move(reports);
  return py::make_tuple(TokenizerOf(std::move(trained.spec)), std::move(done));
}

void CheckParity(const std::vector<std::pair<std::string, double>>& given, bool has_dev,
                 const ParityOptions& options) {
  std::vector<ParityLanguage> languages;
  for (const auto& [name, ratio] : given) {
    languages.push_back({.name = name, .ratio = ratio});
    if (has_dev) languages.back().dev.emplace();
  }
  RaiseIfError(CheckTrainerOptions(options, languages));
}

SuperBpeOptions SuperBpeOf(const BpeTrainerOptions& bpe, uint32_t transition, uint32_t max_words,
                           const std::vector<std::string>& normalizers) {
  SuperBpeOptions options;
  options.bpe = bpe;
  options.transition = transition;
  options.max_words = max_words;
  for (const std::string& name : normalizers) {
    const normalizer::Step step = ValueOrRaise(NormalizerByName(name));
    options.subword_rules.normalizers.push_back(step);
    options.superword_rules.normalizers.push_back(step);
  }
  return options;
}

py::tuple SuperBpe(const std::vector<std::string>& paths, SuperBpeOptions options, std::string_view split,
                   std::string_view utf8, const py::object& report, TrainingCheckpoints* checkpoints) {
  TrainingProgress progress(report, "count");
  options.corpus.split = ValueOrRaise(DocumentSplit::Parse(split));
  options.corpus.utf8 = Utf8PolicyOf(utf8);
  options.corpus.progress = progress.reading();
  const bool begins_in_stage_2 =
      checkpoints != nullptr && checkpoints->resumed() && checkpoints->resumed()->stages.size() == 2;
  const char* stage = begins_in_stage_2 ? "superwords" : "subwords";
  const auto show = [&](const MergeProgress& now) {
    progress.SetMerges(now, stage);
    if (!now.ends_stage) return;
    progress.SetReading("encode");
    stage = "superwords";
  };
  SuperBpeTraining trained =
      Merge(options.bpe, &progress, checkpoints, show, [&](const BpeTrainerOptions& bpe) {
        SuperBpeOptions asked = options;
        asked.bpe = bpe;
        return TrainSuperBpe(paths, asked);
      });
  py::list stages;
  stages.append(DictOf(trained.subwords, "subwords"));
  stages.append(DictOf(trained.superwords, "superwords"));
  py::dict done;
  done["stages"] = std::move(stages);
  done["n_documents"] = trained.n_documents;
  done["n_bytes"] = trained.n_bytes;
  return py::make_tuple(TokenizerOf(std::move(trained.spec)), std::move(done));
}

void BindOptions(py::module_& module) {
  using Options = BpeTrainerOptions;
  py::class_<Options>(module, "BpeOptions")
      .def(py::init<>())
      .def_readwrite("vocab_size", &Options::vocab_size)
      .def_readwrite("min_frequency", &Options::min_frequency)
      .def_readwrite("max_token_length", &Options::max_token_length)
      .def_readwrite("whole_byte_alphabet", &Options::whole_byte_alphabet)
      .def_readwrite("limit_alphabet", &Options::limit_alphabet)
      .def_readwrite("special_tokens", &Options::special_tokens)
      .def_readwrite("continuing_subword_prefix", &Options::continuing_subword_prefix)
      .def_readwrite("unk_token", &Options::unk_token)
      .def_readwrite("whole_tokens", &Options::whole_tokens)
      .def_readwrite("pad_to_power_of_two", &Options::pad_to_power_of_two)
      .def_readwrite("n_threads", &Options::n_threads)
      .def_readwrite("n_memory_bytes", &Options::n_memory_bytes)
      .def("set_base", [](Options& options, const Tokenizer& base) { options.base = base.spec(); });
  py::class_<TrainingCheckpoints>(module, "TrainingCheckpoints")
      .def(py::init([](std::string path, double seconds, bool resume) {
             return ValueOrRaise(TrainingCheckpoints::Open(std::move(path), seconds, resume));
           }),
           py::arg("path"), py::kw_only(), py::arg("seconds"), py::arg("resume"));
}

}  // namespace

void BindTraining(py::module_& module) {
  BindOptions(module);
  BindOtherTraining(module);
  const py::arg counts("counts"), options("options"), report("report");
  const auto checkpoints = py::arg("checkpoints").none(true);
  module.def("check_bpe", &CheckBpe, py::arg("rules"), options);
  module.def("train_bpe", &Bpe, counts, options, py::kw_only(), report, checkpoints);
  module.def(
      "check_merges",
      [](const BpeTrainerOptions& bpe, bool is_text) {
        RaiseIfError(CheckTrainerOptions(bpe, AlphabetOf(is_text)));
      },
      options, py::kw_only(), py::arg("is_text"));
  module.def("train_wordpiece", &WordPiece, counts, options, py::kw_only(),
             py::arg("max_input_chars_per_word"), report, checkpoints);
  module.def(
      "check_char",
      [](const BpeTrainerOptions& bpe, bool is_text, uint32_t max_length) {
        RaiseIfError(CheckTrainerOptions(CharacterTrainerOptions{bpe, max_length}, AlphabetOf(is_text)));
      },
      options, py::kw_only(), py::arg("is_text"), py::arg("max_length"));
  module.def("train_char", &Characters, counts, options, py::kw_only(), py::arg("max_length"), report,
             checkpoints);
  module.def("train_dna", &Dna, counts, options, py::kw_only(), py::arg("both_strands"), report, checkpoints);
  module.def(
      "check_picky",
      [](const BpeTrainerOptions& bpe, double threshold) {
        RaiseIfError(CheckTrainerOptions(PickyOptions{bpe, threshold}));
      },
      options, py::kw_only(), py::arg("threshold"));
  module.def("train_picky", &Picky, counts, options, py::kw_only(), py::arg("threshold"), report);
  module.def(
      "check_parity",
      [](const std::vector<std::pair<std::string, double>>& languages, bool has_dev,
         const BpeTrainerOptions& bpe, uint32_t n_global_merges, uint32_t window, uint32_t alpha) {
        CheckParity(languages, has_dev, {bpe, n_global_merges, window, alpha});
      },
      py::arg("languages"), py::arg("has_dev"), options, py::kw_only(), py::arg("n_global_merges"),
      py::arg("window"), py::arg("alpha"));
  module.def(
      "train_parity",
      [](const std::vector<Language>& languages, const BpeTrainerOptions& bpe, uint32_t n_global_merges,
         uint32_t window, uint32_t alpha, const py::object& tell) {
        return Parity(languages, {bpe, n_global_merges, window, alpha}, tell);
      },
      py::arg("languages"), options, py::kw_only(), py::arg("n_global_merges"), py::arg("window"),
      py::arg("alpha"), report);
  module.def(
      "check_superbpe",
      [](const BpeTrainerOptions& bpe, uint32_t transition, uint32_t max_words) {
        RaiseIfError(CheckTrainerOptions(SuperBpeOf(bpe, transition, max_words, {})));
      },
      options, py::kw_only(), py::arg("transition"), py::arg("max_words"));
  module.def(
      "train_superbpe",
      [](const std::vector<std::string>& paths, const BpeTrainerOptions& bpe, uint32_t transition,
         uint32_t max_words, const std::vector<std::string>& normalizers, std::string_view split,
         std::string_view utf8, const py::object& tell, TrainingCheckpoints* kept) {
        return SuperBpe(paths, SuperBpeOf(bpe, transition, max_words, normalizers), split, utf8, tell, kept);
      },
      py::arg("paths"), options, py::kw_only(), py::arg("transition"), py::arg("max_words"),
      py::arg("normalizers"), py::arg("split"), py::arg("utf8"), report, checkpoints);
}

}  // namespace tok::python
