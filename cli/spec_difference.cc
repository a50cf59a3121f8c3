#include "cli/spec_difference.h"

#include <algorithm>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/spec_json.h"

namespace tok::cli {
namespace {

constexpr size_t kExamples = 10;

// Bytes as JSON text: printable as they are, others as \xHH, so that different bytes stay different.
std::string Readable(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '\\') {
      text += c;
    } else {
      text += {'\\', 'x', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return text;
}

// Kind and bytes: what makes two tokens the same token.
std::string KeyOf(const Vocabulary& vocabulary, TokenId id) {
  return static_cast<char>(vocabulary.Kind(id)) + std::string(vocabulary.Bytes(id));
}

// All ids of a key, ascending: added tokens may share bytes with model tokens.
using Index = std::unordered_map<std::string, std::vector<TokenId>>;
Index MakeIndex(const Vocabulary& vocabulary) {
  Index index;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Contains(id)) index[KeyOf(vocabulary, id)].push_back(id);
  }
  return index;
}

struct Finding {
  uint64_t n = 0;
  Json examples = Json::array();
  void Add(Json example) {
    if (n++ < kExamples) examples.push_back(std::move(example));
  }
};

Finding OnlyIn(const Vocabulary& vocabulary, const Index& other) {
  Finding finding;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Contains(id) && !other.contains(KeyOf(vocabulary, id))) {
      finding.Add({{"id", id}, {"token", Readable(vocabulary.Bytes(id))}});
    }
  }
  return finding;
}

Json CompareVocabularies(const Vocabulary& a, const Vocabulary& b, bool* equal) {
  const Index index_a = MakeIndex(a), index_b = MakeIndex(b);
  const Finding only_a = OnlyIn(a, index_b), only_b = OnlyIn(b, index_a);
  Finding moved, rescored;
  for (TokenId id = 0; id < a.size(); ++id) {
    if (!a.Contains(id)) continue;
    const auto found = index_b.find(KeyOf(a, id));
    if (found == index_b.end()) continue;
    const std::vector<TokenId>& ids_b = found->second;
    if (!std::binary_search(ids_b.begin(), ids_b.end(), id)) {
      moved.Add({{"token", Readable(a.Bytes(id))}, {"a", id}, {"b", ids_b[0]}});
    } else if (a.Score(id) != b.Score(id)) {
      rescored.Add({{"token", Readable(a.Bytes(id))}, {"a", a.Score(id)}, {"b", b.Score(id)}});
    }
  }
  *equal = only_a.n + only_b.n + moved.n + rescored.n == 0;
  return {{"a", a.n_tokens()},
          {"b", b.n_tokens()},
          {"only_a", only_a.n},
          {"only_b", only_b.n},
          {"moved", moved.n},
          {"rescored", rescored.n},
          {"examples",
           {{"only_a", only_a.examples},
            {"only_b", only_b.examples},
            {"moved", moved.examples},
            {"rescored", rescored.examples}}}};
}

Json MergeJson(const TokenizerSpec& spec, const std::vector<Merge>& merges, size_t i) {
  if (i >= merges.size()) return nullptr;
  return Json::array(
      {Readable(spec.vocabulary.Bytes(merges[i].left)), Readable(spec.vocabulary.Bytes(merges[i].right))});
}

// Merges are compared as pairs of bytes: ids may have moved.
Json CompareMerges(const TokenizerSpec& a, const TokenizerSpec& b, bool* equal) {
  const auto* bpe_a = std::get_if<BpeModelSpec>(&a.model);
  const auto* bpe_b = std::get_if<BpeModelSpec>(&b.model);
  if (bpe_a == nullptr || bpe_b == nullptr) return nullptr;
  const std::vector<Merge>&list_a = bpe_a->merges, &list_b = bpe_b->merges;
  size_t first = 0;
  const size_t n_common = std::min(list_a.size(), list_b.size());
  while (first < n_common &&
         a.vocabulary.Bytes(list_a[first].left) == b.vocabulary.Bytes(list_b[first].left) &&
         a.vocabulary.Bytes(list_a[first].right) == b.vocabulary.Bytes(list_b[first].right)) {
    ++first;
  }
  Json report = {{"a", list_a.size()}, {"b", list_b.size()}};
  *equal = first == list_a.size() && first == list_b.size();
  if (!*equal) {
    report["first"] = {
        {"position", first}, {"a", MergeJson(a, list_a, first)}, {"b", MergeJson(b, list_b, first)}};
  }
  return report;
}

Json CompareAddedTokens(const std::vector<AddedToken>& a, const std::vector<AddedToken>& b, bool* equal) {
  std::map<std::string, AddedToken> by_content_a, by_content_b;
  for (const AddedToken& token : a) by_content_a.emplace(token.content, token);
  for (const AddedToken& token : b) by_content_b.emplace(token.content, token);
  Json report = {{"only_a", Json::array()}, {"only_b", Json::array()}, {"changed", Json::array()}};
  for (const auto& [content, token] : by_content_a) {
    const auto other = by_content_b.find(content);
    if (other == by_content_b.end()) {
      report["only_a"].push_back(DescribeAddedToken(token));
    } else if (!(other->second == token)) {
      report["changed"].push_back(
          {{"a", DescribeAddedToken(token)}, {"b", DescribeAddedToken(other->second)}});
    }
  }
  for (const auto& [content, token] : by_content_b) {
    if (!by_content_a.contains(content)) report["only_b"].push_back(DescribeAddedToken(token));
  }
  *equal = report["only_a"].empty() && report["only_b"].empty() && report["changed"].empty();
  return report;
}

Json ComparePipelines(const TokenizerSpec& a, const TokenizerSpec& b) {
  const Json pipeline_a = DescribePipeline(a), pipeline_b = DescribePipeline(b);
  Json differences = Json::array();
  for (const auto& [stage, value] : pipeline_a.items()) {
    if (value != pipeline_b[stage])
      differences.push_back({{"stage", stage}, {"a", value}, {"b", pipeline_b[stage]}});
  }
  return differences;
}

}  // namespace

Json CompareSpecs(const TokenizerSpec& a, const TokenizerSpec& b) {
  bool same_vocabulary = true, same_merges = true, same_added = true;
  Json report = {{"equal", false}};
  report["vocabulary"] = CompareVocabularies(a.vocabulary, b.vocabulary, &same_vocabulary);
  report["merges"] = CompareMerges(a, b, &same_merges);
  report["added_tokens"] = CompareAddedTokens(a.added_tokens, b.added_tokens, &same_added);
  report["pipeline"] = ComparePipelines(a, b);
  report["equal"] = same_vocabulary && same_merges && same_added && report["pipeline"].empty();
  return report;
}

}  // namespace tok::cli
