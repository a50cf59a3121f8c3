#include "cli/id_difference.h"

#include <algorithm>

namespace tok::cli {
namespace {

constexpr size_t kMaxTrials = 4000;
constexpr size_t kWindowBytes = 256;  // text kept on each side of the first differing id at first

EncodeOptions Options() {
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  options.utf8 = Utf8Policy::kReplace;
  return options;
}

bool Differs(const Tokenizer& a, const Tokenizer& b, const std::string& text) {
  const absl::StatusOr<std::vector<TokenId>> ids_a = a.Encode(text, Options()),
                                             ids_b = b.Encode(text, Options());
  if (!ids_a.ok() || !ids_b.ok()) return ids_a.ok() != ids_b.ok();
  return *ids_a != *ids_b || a.Decode(*ids_a).ok() != b.Decode(*ids_b).ok() ||
         (a.Decode(*ids_a).ok() && *a.Decode(*ids_a) != *b.Decode(*ids_b));
}

bool IsBoundary(const std::string& text, size_t i) {
  return i >= text.size() || (static_cast<unsigned char>(text[i]) & 0xC0) != 0x80;
}

std::vector<std::string> Characters(const std::string& text) {
  std::vector<std::string> characters;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin + 1;
    while (!IsBoundary(text, end)) ++end;
    characters.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return characters;
}

std::string Join(const std::vector<std::string>& parts, size_t skip_begin, size_t skip_end) {
  std::string text;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i < skip_begin || i >= skip_end) text += parts[i];
  }
  return text;
}

// The neighbourhood of the first differing id, if it differs on its own; else the whole text.
std::string Neighbourhood(const Tokenizer& a, const Tokenizer& b, const std::string& text) {
  const absl::StatusOr<Encoding> of_a = a.EncodeWithSpans(text, Options());
  const absl::StatusOr<std::vector<TokenId>> ids_b = b.Encode(text, Options());
  if (!of_a.ok() || !ids_b.ok()) return text;
  const auto first = std::mismatch(of_a->ids.begin(), of_a->ids.end(), ids_b->begin(), ids_b->end()).first;
  const auto index = static_cast<size_t>(first - of_a->ids.begin());
  const uint64_t center = index < of_a->spans.size() ? of_a->spans[index].begin : text.size();
  for (uint64_t window = kWindowBytes; window < text.size(); window *= 8) {
    size_t begin = center > window ? center - window : 0;
    size_t end = std::min<size_t>(text.size(), center + window);
    while (begin > 0 && !IsBoundary(text, begin)) --begin;
    while (!IsBoundary(text, end)) ++end;
    std::string part = text.substr(begin, end - begin);
    if (Differs(a, b, part)) return part;
  }
  return text;
}

Json Answer(const Tokenizer& tokenizer, const std::string& text) {
  const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(text, Options());
  if (!ids.ok()) return std::string(ids.status().message());
  return *ids;
}

Json DecodedAnswer(const Tokenizer& tokenizer, const std::string& text) {
  const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(text, Options());
  if (!ids.ok()) return nullptr;
  const absl::StatusOr<std::string> decoded = tokenizer.Decode(*ids);
  return decoded.ok() ? *decoded : std::string(decoded.status().message());
}

}  // namespace

std::string Reduce(const std::string& text, const std::function<bool(const std::string&)>& differs) {
  std::vector<std::string> parts = Characters(text);
  size_t n_trials = 0;
  for (size_t n_chunk = std::max<size_t>(1, parts.size() / 2); n_chunk > 0;) {
    bool shrunk = false;
    for (size_t begin = 0; begin < parts.size() && n_trials < kMaxTrials; ++n_trials) {
      const size_t end = std::min(begin + n_chunk, parts.size());
      if (end - begin < parts.size() && differs(Join(parts, begin, end))) {
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(begin),
                    parts.begin() + static_cast<std::ptrdiff_t>(end));
        shrunk = true;
      } else {
        begin = end;
      }
    }
    if (n_trials >= kMaxTrials || (n_chunk == 1 && !shrunk)) break;
    if (!shrunk) n_chunk /= 2;
    n_chunk = std::min(n_chunk, std::max<size_t>(1, parts.size() / 2));
  }
  return Join(parts, 0, 0);
}

absl::StatusOr<IdComparison> CompareIds(const Tokenizer& a, const Tokenizer& b,
                                        const std::vector<std::string>& inputs, const DocumentSplit& split) {
  IdComparison comparison;
  std::optional<std::string> candidate;
  for (const std::string& path : inputs) {
    const absl::StatusOr<std::unique_ptr<DocumentSource>> source =
        OpenDocuments(path, split, Utf8Policy::kReplace);
    if (!source.ok()) return source.status();
    Document document;
    while (true) {
      const absl::StatusOr<bool> found = (*source)->Next(&document);
      if (!found.ok()) return found.status();
      if (!*found) break;
      ++comparison.n_documents;
      std::string text(document.text);
      if (!Differs(a, b, text)) continue;
      ++comparison.n_differing;
      if (!candidate.has_value() || text.size() < candidate->size()) {
        candidate = std::move(text);
        comparison.place = path + ":" + std::to_string(document.line);
      }
    }
  }
  if (candidate.has_value()) {
    comparison.smallest =
        Reduce(Neighbourhood(a, b, *candidate), [&](const std::string& text) { return Differs(a, b, text); });
  }
  return comparison;
}

Json DescribeComparison(const IdComparison& comparison, const Tokenizer& a, const Tokenizer& b) {
  Json report = {{"documents", comparison.n_documents}, {"differing", comparison.n_differing}};
  if (comparison.smallest.has_value()) {
    Json smallest = {{"text", *comparison.smallest},
                     {"place", comparison.place},
                     {"a", Answer(a, *comparison.smallest)},
                     {"b", Answer(b, *comparison.smallest)}};
    if (smallest["a"] == smallest["b"]) {
      smallest["a_text"] = DecodedAnswer(a, *comparison.smallest);
      smallest["b_text"] = DecodedAnswer(b, *comparison.smallest);
    }
    report["smallest"] = std::move(smallest);
  }
  return report;
}

}  // namespace tok::cli
