// libtok._libtok.PieceCounts and what makes them: tok/piece_counts.h for Python.
#include "bindings/piece_counts_binding.h"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "bindings/arrays.h"
#include "bindings/count_documents.h"
#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/released.h"
#include "bindings/training_progress.h"

namespace py = pybind11;

namespace tok::python {
namespace {

using Shared = std::shared_ptr<SharedCounts>;

Shared Share(PieceCounts counts, bool is_sorted = false) {
  return std::make_shared<SharedCounts>(std::move(counts), is_sorted);
}

// ---- Counting -----------------------------------------------------------------------------------------------------

Shared CountFilesOf(const std::vector<std::string>& paths, const PieceRules& rules, std::string_view split,
                    std::string_view utf8, unsigned n_threads, uint64_t n_memory_bytes,
                    const py::object& report) {
  TrainingProgress progress(report, "count");
  CountPiecesOptions options;
  options.split = ValueOrRaise(DocumentSplit::Parse(split));
  options.utf8 = Utf8PolicyOf(utf8);
  options.n_threads = n_threads;
  options.n_memory_bytes = n_memory_bytes;
  options.progress = progress.reading();
  PieceCounts counts = LongCall(
      [&](const GoesOn& goes_on) {
        options.goes_on = goes_on;
        return CountPieces(paths, rules, options);
      },
      progress.teller());
  progress.Tell();
  return Share(std::move(counts));
}

Shared CountDocumentsOf(const py::iterable& documents, const PieceRules& rules, std::string_view utf8,
                        unsigned n_threads, uint64_t n_memory_bytes, const py::object& report) {
  TrainingProgress progress(report, "count");
  PieceCounterOptions options;
  options.utf8 = Utf8PolicyOf(utf8);
  options.n_threads = n_threads;
  options.n_memory_bytes = n_memory_bytes;
  PieceCounts counts = CountDocuments(documents, rules, std::move(options), &progress);
  progress.Tell();
  return Share(std::move(counts));
}

Shared Merge(const std::vector<Shared>& parts, uint64_t n_memory_bytes) {
  std::vector<PieceCounts> counts;
  for (const Shared& part : parts) counts.push_back(part->InAnyOrder());
  return Share(LongCall([&](const GoesOn&) { return MergePieceCounts(counts, n_memory_bytes); }),
               /*is_sorted=*/true);
}

// ---- Arrays -------------------------------------------------------------------------------------------------------

// What numpy shows of them. They may lie in a file's pages, which are not to be written to.
template <typename Item>
py::array_t<Item> ViewOf(const Item* items, size_t n_items, const PieceCounts& counts) {
  const py::capsule owner(new PieceCounts(counts),
                          [](void* held) { delete static_cast<PieceCounts*>(held); });
  py::array_t<Item> array(static_cast<py::ssize_t>(n_items), items, owner);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

// blob, uint8; where each piece begins in it, and its end, int64 of shape (n + 1,), as Arrow has it; counts, uint64.
py::tuple Arrays(const SharedCounts& shared) {
  const PieceCounts counts = shared.InOrder();
  std::vector<int64_t> offsets(counts.n_unique() + 1);
  std::copy(counts.ends().begin(), counts.ends().end(), offsets.begin() + 1);
  return py::make_tuple(
      ViewOf(reinterpret_cast<const uint8_t*>(counts.blob().data()), counts.blob().size(), counts),
      ArrayOver(std::move(offsets)), ViewOf(counts.counts().data(), counts.n_unique(), counts));
}

absl::Status CheckArrays(std::span<const int64_t> offsets, std::span<const uint64_t> counts, size_t n_bytes) {
  const auto bad = [](size_t piece, std::string_view fact) {
    return MakeError(ErrorCode::kBadInput, "piece " + std::to_string(piece), fact,
                     "leave such pieces out of the table");
  };
  if (offsets.size() != counts.size() + 1 || offsets.front() < 0 ||
      offsets.back() > static_cast<int64_t>(n_bytes)) {
    return MakeError(ErrorCode::kBadInput, "pieces", "offsets do not fit counts and bytes");
  }
  for (size_t i = 0; i < counts.size(); ++i) {
    if (offsets[i + 1] <= offsets[i]) return bad(i, "is empty");
    if (counts[i] == 0) return bad(i, "has a count of 0");
  }
  return absl::OkStatus();
}

// Pieces that occur twice are added up.
Shared FromArrays(const py::bytes& origin, const py::array_t<uint8_t, py::array::c_style>& blob,
                  const py::array_t<int64_t, py::array::c_style>& offsets,
                  const py::array_t<uint64_t, py::array::c_style>& counts) {
  const std::span<const int64_t> given(offsets.data(), static_cast<size_t>(offsets.size()));
  const std::span<const uint64_t> how_often(counts.data(), static_cast<size_t>(counts.size()));
  RaiseIfError(CheckArrays(given, how_often, static_cast<size_t>(blob.size())));
  const auto first = static_cast<size_t>(given.front()), last = static_cast<size_t>(given.back());
  std::vector<uint64_t> ends(how_often.size());
  std::transform(given.begin() + 1, given.end(), ends.begin(),
                 [&](int64_t end) { return static_cast<uint64_t>(end) - first; });
  const PieceCounts view(ValueOrRaise(ParseOrigin(std::string_view(origin))),
                         std::string_view(reinterpret_cast<const char*>(blob.data()) + first, last - first),
                         ends, how_often, nullptr);
  return Share(Released([&] { return MergePieceCounts(std::span(&view, 1)); }), /*is_sorted=*/true);
}

// The places of the n most common, in byte order where they are as common.
std::vector<size_t> PlacesOfMostCommon(const PieceCounts& counts, size_t n) {
  std::vector<size_t> order(counts.n_unique());
  std::iota(order.begin(), order.end(), size_t{0});
  n = std::min(n, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(n), order.end(),
                    [&](size_t a, size_t b) {
                      return counts[a].count != counts[b].count ? counts[a].count > counts[b].count : a < b;
                    });
  order.resize(n);
  return order;
}

py::list MostCommon(const SharedCounts& shared, size_t n) {
  const PieceCounts counts = shared.InOrder();
  py::list top;
  for (const size_t at : OutsideGil([&] { return PlacesOfMostCommon(counts, n); })) {
    top.append(py::make_tuple(py::bytes(counts[at].bytes.data(), counts[at].bytes.size()), counts[at].count));
  }
  return top;
}

bool Equal(const SharedCounts& a, const SharedCounts& b) {
  const PieceCounts x = a.InOrder(), y = b.InOrder();
  return OutsideGil([&] {
    return SerializeOrigin(x.origin()) == SerializeOrigin(y.origin()) && x.blob() == y.blob() &&
           std::ranges::equal(x.ends(), y.ends()) && std::ranges::equal(x.counts(), y.counts());
  });
}

uint64_t Total(const SharedCounts& shared) {
  const PieceCounts counts = shared.InAnyOrder();
  return OutsideGil(
      [&] { return std::accumulate(counts.counts().begin(), counts.counts().end(), uint64_t{0}); });
}

}  // namespace

PieceCounts SharedCounts::InOrder() const {
  if (is_sorted_) return counts_;
  const PieceCounts counts = InAnyOrder();
  PieceCounts sorted = Released([&] { return MergePieceCounts(std::span(&counts, 1)); });
  if (!is_sorted_) counts_ = std::move(sorted);
  is_sorted_ = true;
  return counts_;
}

void BindPieceCounts(py::module_& module) {
  const auto origin = [](const SharedCounts& shared) { return shared.InAnyOrder().origin(); };
  py::class_<SharedCounts, Shared>(module, "PieceCounts")
      .def_static("load",
                  [](const std::string& path) {
                    return Share(Released([&] { return ReadPieceCounts(path); }), /*is_sorted=*/true);
                  })
      .def("save",
           [](const SharedCounts& shared, const std::string& path) {
             const PieceCounts counts = shared.InOrder();
             RaiseIfError(OutsideGil([&] { return WritePieceCounts(counts, path); }));
           })
      .def_static("from_arrays", &FromArrays, py::arg("origin"), py::arg("blob"), py::arg("offsets"),
                  py::arg("counts"))
      .def("arrays", &Arrays)
      .def("most_common", &MostCommon, py::arg("n"))
      .def("equals", &Equal, py::arg("other"))
      .def("origin",
           [origin](const SharedCounts& shared) { return py::bytes(SerializeOrigin(origin(shared))); })
      .def_property_readonly("rules", [origin](const SharedCounts& shared) { return origin(shared).rules; })
      .def_property_readonly(
          "sequence_unit",
          [origin](const SharedCounts& shared) { return py::bytes(origin(shared).sequence_unit); })
      .def_property_readonly("n_documents",
                             [origin](const SharedCounts& shared) { return origin(shared).n_documents; })
      .def_property_readonly("n_bytes",
                             [origin](const SharedCounts& shared) { return origin(shared).n_bytes; })
      .def_property_readonly("n_unique",
                             [](const SharedCounts& shared) { return shared.InAnyOrder().n_unique(); })
      .def_property_readonly("total", &Total);
  module.def("count_pieces_of_files", &CountFilesOf, py::arg("paths"), py::arg("rules"), py::kw_only(),
             py::arg("split"), py::arg("utf8"), py::arg("n_threads"), py::arg("n_memory_bytes"),
             py::arg("report"));
  module.def("count_pieces_of_documents", &CountDocumentsOf, py::arg("documents"), py::arg("rules"),
             py::kw_only(), py::arg("utf8"), py::arg("n_threads"), py::arg("n_memory_bytes"),
             py::arg("report"));
  module.def("merge_piece_counts", &Merge, py::arg("parts"), py::kw_only(), py::arg("n_memory_bytes"));
}

}  // namespace tok::python
