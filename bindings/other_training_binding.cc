// libtok._libtok.train_unigram, train_lib: the trainers that merge nothing, for Python.
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/piece_counts_binding.h"
#include "bindings/training_binding.h"
#include "bindings/training_progress.h"
#include "tok/corpus.h"
#include "tok/tokenizer.h"
#include "tok/train_lib.h"
#include "tok/train_unigram.h"

namespace py = pybind11;

namespace tok::python {
namespace {

Tokenizer TokenizerOf(TokenizerSpec spec) { return ValueOrRaise(Tokenizer::Create(std::move(spec))); }

py::tuple Unigram(const SharedCounts& counts, UnigramTrainerOptions options, const py::object& report) {
  const PieceCounts pieces = counts.InAnyOrder();
  TrainingProgress progress(report, "seeds");
  UnigramProgress last;
  uint64_t n_seeds = 0;
  TokenizerSpec spec = LongCall(
      [&](const GoesOn& goes_on) {
        options.progress = [&](const UnigramProgress& now) {
          if (now.step == UnigramProgress::Step::kSeeds) n_seeds = now.n_tokens;
          last = now;
          const uint64_t n_all = n_seeds - std::min(n_seeds, now.n_tokens_wanted);
          progress.Set({.phase = "prune",
                        .done = std::min(n_all, n_seeds - std::min(n_seeds, now.n_tokens)),
                        .total = n_all,
                        .n_tokens = now.n_tokens,
                        .vocab_size = options.vocab_size});
          return goes_on();
        };
        return TrainUnigram(pieces, options);
      },
      progress.teller());
  py::dict done;
  done["stages"] = py::list();
  done["n_seeds"] = n_seeds;
  done["n_maximizations"] = last.n_maximizations;
  done["loss"] = last.loss;
  return py::make_tuple(TokenizerOf(std::move(spec)), std::move(done));
}

// Before text is counted: what is refused whatever it is.
void CheckUnigram(const UnigramTrainerOptions& options) {
  const absl::Status of_nothing = TrainUnigram(PieceCounts(), options).status();
  if (ErrorCodeOf(of_nothing) == ErrorCode::kUsage) Raise(of_nothing);
}

// All documents end to end.
struct Sentences {
  std::string text;
  std::vector<size_t> ends;

  std::vector<std::string_view> views() const {
    std::vector<std::string_view> views;
    size_t begin = 0;
    for (const size_t end : ends) {
      views.push_back(std::string_view(text).substr(begin, end - begin));
      begin = end;
    }
    return views;
  }
};

absl::StatusOr<Sentences> Read(const std::vector<std::string>& paths, const DocumentSplit& split,
                               const GoesOn& goes_on, FileJobProgress* progress) {
  Sentences sentences;
  uint64_t n_bytes_before = 0;  // of the files done
  for (const std::string& path : paths) {
    const absl::StatusOr<std::unique_ptr<DocumentSource>> source = OpenDocuments(path, split);
    if (!source.ok()) return source.status();
    for (Document document;;) {
      const absl::StatusOr<bool> found = (*source)->Next(&document);
      if (!found.ok()) return found.status();
      if (!*found) break;
      if (!goes_on()) return MakeError(ErrorCode::kInterrupted, path, "stopped while it was read");
      sentences.text += document.text;
      sentences.ends.push_back(sentences.text.size());
      progress->n_bytes_read = n_bytes_before + (*source)->bytes_read();
    }
    n_bytes_before += (*source)->bytes_read();
  }
  return sentences;
}

absl::StatusOr<LibLexicon> Learn(const Sentences& sentences, const LibOptions& options,
                                 const GoesOn& goes_on, TrainingProgress* progress, LibProgress* last) {
  absl::StatusOr<LibLexicon> lexicon =
      TrainLib(sentences.views(), options, [&](const LibProgress& now) {
        *last = now;
        progress->Set(
            {.phase = "learn", .done = now.n_steps_done, .total = now.n_steps, .n_tokens = now.n_units});
        return goes_on();
      });
  if (lexicon.ok() && !goes_on()) {
    return MakeError(ErrorCode::kInterrupted, "training", "stopped before its last step");
  }
  return lexicon;
}

py::tuple Lib(const std::vector<std::string>& paths, std::string_view split, uint64_t vocab_size,
              const LibOptions& options, const py::object& report) {
  TrainingProgress progress(report, "read");
  const DocumentSplit documents = ValueOrRaise(DocumentSplit::Parse(split));
  ValueOrRaise(BestUnits({}, vocab_size));  // before anything is read
  LibProgress last;
  Sentences sentences;
  const LibLexicon lexicon = LongCall(
      [&](const GoesOn& goes_on) -> absl::StatusOr<LibLexicon> {
        absl::StatusOr<Sentences> read = Read(paths, documents, goes_on, progress.reading());
        if (!read.ok()) return read.status();
        sentences = *std::move(read);
        return Learn(sentences, options, goes_on, &progress, &last);
      },
      progress.teller());
  py::dict done;
  done["stages"] = py::list();
  done["n_documents"] = sentences.ends.size();
  done["n_bytes"] = sentences.text.size();
  done["n_steps"] = last.n_steps_done;
  done["n_sentences_read"] = last.n_sentences;
  done["n_units"] = lexicon.units.size();
  TokenizerSpec spec = ValueOrRaise(FewestUnitsSpec(ValueOrRaise(BestUnits(lexicon, vocab_size))));
  return py::make_tuple(TokenizerOf(std::move(spec)), std::move(done));
}

}  // namespace

void BindOtherTraining(py::module_& module) {
  using Options = UnigramTrainerOptions;
  py::class_<Options>(module, "UnigramOptions")
      .def(py::init<>())
      .def_readwrite("vocab_size", &Options::vocab_size)
      .def_readwrite("unk_token", &Options::unk_token)
      .def_readwrite("shrinking_factor", &Options::shrinking_factor)
      .def_readwrite("max_piece_length", &Options::max_piece_length)
      .def_readwrite("n_sub_iterations", &Options::n_sub_iterations)
      .def_readwrite("seed_size", &Options::seed_size)
      .def_readwrite("n_threads", &Options::n_threads)
      .def("set_special_tokens", [](Options& options, const std::vector<std::string>& tokens) {
        options.special_tokens.clear();
        for (const std::string& token : tokens) options.special_tokens.push_back({.content = token});
      });
  module.def("check_unigram", &CheckUnigram, py::arg("options"));
  module.def("train_unigram", &Unigram, py::arg("counts"), py::arg("options"), py::kw_only(),
             py::arg("report"));
  module.def(
      "train_lib",
      [](const std::vector<std::string>& paths, std::string_view split, uint64_t vocab_size, bool is_bytes,
         uint64_t max_length, double in_rate, double out_rate, uint32_t life, double update_rate,
         uint64_t n_steps, uint64_t sentences_per_step, bool is_sequential, uint64_t seed,
         bool inspect_context, const py::object& report) {
        return Lib(paths, split, vocab_size,
                   {.symbol = is_bytes ? LibSymbol::kByte : LibSymbol::kCodePoint,
                    .in_rate = in_rate,
                    .out_rate = out_rate,
                    .life = life,
                    .update_rate = update_rate,
                    .max_chunk_len = max_length,
                    .inspect_context = inspect_context,
                    .n_steps = n_steps,
                    .sentences_per_step = sentences_per_step,
                    .order = is_sequential ? LibArticleOrder::kSequential : LibArticleOrder::kShuffled,
                    .seed = seed},
                   report);
      },
      py::arg("paths"), py::kw_only(), py::arg("split"), py::arg("vocab_size"), py::arg("is_bytes"),
      py::arg("max_length"), py::arg("in_rate"), py::arg("out_rate"), py::arg("life"),
      py::arg("update_rate"), py::arg("n_steps"), py::arg("sentences_per_step"), py::arg("is_sequential"),
      py::arg("seed"), py::arg("inspect_context"), py::arg("report"));
}

}  // namespace tok::python
