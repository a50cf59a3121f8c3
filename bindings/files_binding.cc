// libtok._libtok.encode_files, count_files: tok/encode_files.h for Python. `report(n_bytes_read, n_bytes_total, is_over)` is called
// while they work and once they have, if it is not None; what it raises ends them.
#include "bindings/files_binding.h"

#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <vector>

#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "tok/encode_files.h"

namespace py = pybind11;

namespace tok::python {
namespace {

using Paths = std::vector<std::string>;

// Runs work(options), a StatusOr.
template <typename Options, typename Work>
auto FileJob(Options options, const py::object& report, const Work& work) {
  FileJobProgress progress;
  options.progress = &progress;
  const auto tell = [&](bool is_over) {
    if (!report.is_none()) report(progress.n_bytes_read.load(), progress.n_bytes_total.load(), is_over);
  };
  auto result = LongCall(
      [&](const GoesOn& goes_on) {
        options.encode.goes_on = goes_on;
        return work(options);
      },
      [&] { tell(/*is_over=*/false); });
  tell(/*is_over=*/true);
  return result;
}

py::tuple EncodeFilesOf(const Tokenizer& tokenizer, const Paths& inputs, const std::string& output,
                        std::string_view format, std::string_view split, const py::object& special,
                        bool add_template, std::string_view utf8, std::optional<std::string_view> offsets,
                        uint32_t n_shards, bool resume, unsigned n_threads, uint64_t n_memory_bytes,
                        const py::object& report) {
  EncodeFilesOptions options;
  options.split = ValueOrRaise(DocumentSplit::Parse(split));
  options.encode = OptionsOf(tokenizer, special, add_template, utf8);
  options.format = ValueOrRaise(ParseIdFormat(format));
  if (offsets) options.offsets = UnitOf(*offsets);
  options.n_shards = n_shards;
  options.resume = resume;
  options.n_threads = n_threads;
  options.n_memory_bytes = n_memory_bytes;
  const EncodeFilesReport done = FileJob(options, report, [&](const EncodeFilesOptions& asked) {
    return EncodeFiles(tokenizer, inputs, output, asked);
  });
  return py::make_tuple(done.n_documents, done.n_bytes, done.n_ids, done.n_shards_kept);
}

py::list CountFilesOf(const Tokenizer& tokenizer, const Paths& inputs, std::string_view split,
                      const py::object& special, bool add_template, std::string_view utf8, unsigned n_threads,
                      uint64_t n_memory_bytes, const py::object& report) {
  FileJobOptions options;
  options.split = ValueOrRaise(DocumentSplit::Parse(split));
  options.encode = OptionsOf(tokenizer, special, add_template, utf8);
  options.n_threads = n_threads;
  options.n_memory_bytes = n_memory_bytes;
  const std::vector<FileCounts> counts = FileJob(options, report, [&](const FileJobOptions& asked) {
    return CountFiles(std::span(&tokenizer, 1), inputs, asked);
  });
  py::list files;
  for (const FileCounts& file : counts) {
    files.append(
        py::make_tuple(file.n_documents, file.n_bytes, file.n_chars, file.n_words, file.n_tokens[0]));
  }
  return files;
}

}  // namespace

void BindFiles(py::module_& module) {
  module.def("encode_files", &EncodeFilesOf, py::arg("tokenizer"), py::arg("inputs"), py::arg("output"),
             py::kw_only(), py::arg("format"), py::arg("split"), py::arg("special"), py::arg("template"),
             py::arg("utf8"), py::arg("offsets"), py::arg("n_shards"), py::arg("resume"),
             py::arg("n_threads"), py::arg("n_memory_bytes"), py::arg("report"));
  module.def("count_files", &CountFilesOf, py::arg("tokenizer"), py::arg("inputs"), py::kw_only(),
             py::arg("split"), py::arg("special"), py::arg("template"), py::arg("utf8"), py::arg("n_threads"),
             py::arg("n_memory_bytes"), py::arg("report"));
}

}  // namespace tok::python
