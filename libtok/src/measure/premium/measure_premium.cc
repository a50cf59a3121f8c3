#include "tok/measure_premium.h"

#include <algorithm>
#include <utility>

#include "src/base/hash.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/text_statistics.h"
#include "src/measure/dominant_script.h"
#include "src/measure/premium/language_family.h"
#include "src/measure/premium/statistics.h"
#include "src/measure/unknown_ids.h"

namespace tok {
namespace {

constexpr uint64_t kBatchBytes = uint64_t{4} << 20;  // of text: enough for many threads, little in memory

// A language to compare, and which of its items the reference has.
struct Compared {
  const ParallelLanguage* language;
  std::vector<size_t> own, reference;  // parallel: indices into items of both
  size_t first_document = 0;           // of `own`, in the list of all that is encoded
};

Compared Compare(const ParallelLanguage& language, const ParallelLanguage& reference) {
  Compared compared = {.language = &language, .own = {}, .reference = {}};
  for (size_t i = 0, r = 0; i < language.items.size() && r < reference.items.size();) {
    const uint64_t item = language.items[i].item, wanted = reference.items[r].item;
    if (item == wanted) {
      compared.own.push_back(i);
      compared.reference.push_back(r);
    }
    i += item <= wanted;
    r += wanted <= item;
  }
  return compared;
}

absl::StatusOr<const ParallelLanguage*> FindLanguage(const ParallelText& text, const std::string& code) {
  if (const ParallelLanguage* found = text.Find(code)) return found;
  constexpr size_t kMostNamed = 12;
  std::string there;
  for (size_t l = 0; l < std::min(kMostNamed, text.languages.size()); ++l)
    there += (l == 0 ? "" : ", ") + text.languages[l].code;
  if (text.languages.size() > kMostNamed)
    there += Concat(" and ", text.languages.size() - kMostNamed, " more");
  return MakeError(ErrorCode::kUsage, code, "no language of the parallel text has this code",
                   Concat("there are ", there));
}

// By code; the reference is among them.
absl::StatusOr<std::vector<Compared>> SelectLanguages(const ParallelText& text, const PremiumOptions& options,
                                                      const ParallelLanguage& reference) {
  std::vector<const ParallelLanguage*> wanted = {&reference};
  for (const std::string& code : options.languages) {
    TOK_ASSIGN_OR_RETURN(const ParallelLanguage* language, FindLanguage(text, code));
    wanted.push_back(language);
  }
  if (options.languages.empty()) {
    for (const ParallelLanguage& language : text.languages) wanted.push_back(&language);
  }
  std::sort(wanted.begin(), wanted.end());  // they lie in one array, by code
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::vector<Compared> selected;
  for (const ParallelLanguage* language : wanted) {
    Compared compared = Compare(*language, reference);
    if (options.complete_only && compared.own.size() < reference.items.size()) continue;
    if (compared.own.empty()) {
      return MakeError(ErrorCode::kBadInput, text.PlaceOf(language->items[0]),
                       Concat("language ", language->code, " has no item in common with ", reference.code),
                       "leave it out, or choose another reference");
    }
    selected.push_back(std::move(compared));
  }
  if (selected.size() > 1) return selected;
  return MakeError(ErrorCode::kBadInput, reference.code, "there is no language to compare with the reference",
                   options.complete_only ? "take incomplete ones too" : "give a text in more languages");
}

PremiumLanguage Describe(const Compared& compared, const ParallelLanguage& reference, bool replaces_invalid) {
  PremiumLanguage described = {.code = compared.language->code,
                               .script = std::string(DominantScript(compared.language->bytes)),
                               .family = std::string(LanguageFamily(compared.language->code)),
                               .n_items = compared.own.size(),
                               .complete = compared.own.size() == reference.items.size()};
  uint64_t n_reference_bytes = 0, n_reference_chars = 0;
  for (size_t i = 0; i < compared.own.size(); ++i) {
    const std::string_view own = compared.language->Text(compared.own[i]);
    const std::string_view other = reference.Text(compared.reference[i]);
    described.n_bytes += own.size();
    described.n_chars += MeasureText(own, replaces_invalid).n_chars;
    n_reference_bytes += other.size();
    n_reference_chars += MeasureText(other, replaces_invalid).n_chars;
  }
  // Texts are not blank.
  described.byte_premium = static_cast<double>(described.n_bytes) / static_cast<double>(n_reference_bytes);
  described.char_premium = static_cast<double>(described.n_chars) / static_cast<double>(n_reference_chars);
  return described;
}

struct DocumentCounts {
  std::vector<uint64_t> n_tokens, n_unknown;  // by document; the latter empty without unknown token
};

class Measurement {
 public:
  Measurement(const ParallelText& text, const PremiumOptions& options, const ParallelLanguage& reference,
              std::vector<Compared> languages)
      : text_(text), options_(options), reference_(reference), languages_(std::move(languages)) {
    for (Compared& compared : languages_) {
      compared.first_document = documents_.size();
      if (compared.language == &reference_) reference_at_ = documents_.size();
      for (const size_t i : compared.own) {
        documents_.push_back(compared.language->Text(i));
        items_.push_back(&compared.language->items[i]);
      }
    }
  }

  uint64_t n_bytes() const {
    uint64_t n_bytes = 0;
    for (const std::string_view document : documents_) n_bytes += document.size();
    return n_bytes;
  }

  std::vector<PremiumLanguage> DescribeLanguages() const {
    std::vector<PremiumLanguage> described(languages_.size());
    ParallelFor(languages_.size(), options_.n_threads, [&](size_t l) {
      described[l] = Describe(languages_[l], reference_, options_.encode.utf8 == Utf8Policy::kReplace);
    });
    return described;
  }

  absl::StatusOr<TokenizerPremium> Run(const NamedTokenizer& named,
                                       const std::vector<PremiumLanguage>& described) const {
    TOK_ASSIGN_OR_RETURN(const DocumentCounts counts, CountAll(named.tokenizer));
    TokenizerPremium result = {.tokenizer = named.name,
                               .languages = std::vector<LanguagePremium>(languages_.size()),
                               .summary = {},
                               .scripts = {},
                               .families = {}};
    ParallelFor(languages_.size(), options_.n_threads,
                [&](size_t l) { result.languages[l] = PremiumOf(languages_[l], described[l], counts); });
    for (size_t l = 0; l < languages_.size(); ++l) {
      if (result.languages[l].n_reference_tokens > 0) continue;
      return MakeError(ErrorCode::kBadInput, text_.PlaceOf(reference_.items[languages_[l].reference[0]]),
                       Concat(named.name, " gives the items that ", described[l].code, " shares with ",
                              reference_.code, " no token in the latter"),
                       "leave the language out");
    }
    return result;
  }

 private:
  absl::StatusOr<DocumentCounts> CountAll(const Tokenizer& tokenizer) const {
    const std::vector<TokenId> unknown = UnknownIds(tokenizer);
    DocumentCounts counts;
    for (size_t begin = 0, end = 0; begin < documents_.size(); begin = end) {
      uint64_t n_batch_bytes = 0;
      for (; end < documents_.size() && n_batch_bytes < kBatchBytes; ++end)
        n_batch_bytes += documents_[end].size();
      const absl::Status status = CountBatch(tokenizer, begin, end, unknown, &counts);
      if (!status.ok()) return WithPlace(tokenizer, begin, end, status);
      if (options_.progress != nullptr) options_.progress->n_bytes_read += n_batch_bytes;
    }
    return counts;
  }

  absl::Status CountBatch(const Tokenizer& tokenizer, size_t begin, size_t end,
                          const std::vector<TokenId>& unknown, DocumentCounts* counts) const {
    const auto batch = std::span<const std::string_view>(documents_).subspan(begin, end - begin);
    if (unknown.empty()) {
      TOK_ASSIGN_OR_RETURN(const std::vector<uint64_t> n_tokens,
                           tokenizer.CountBatch(batch, options_.encode, options_.n_threads));
      counts->n_tokens.insert(counts->n_tokens.end(), n_tokens.begin(), n_tokens.end());
      return absl::OkStatus();
    }
    TOK_ASSIGN_OR_RETURN(const RaggedIds ids,
                         tokenizer.EncodeBatch(batch, options_.encode, options_.n_threads));
    for (size_t d = 0; d < batch.size(); ++d) {
      const std::span<const TokenId> document = ids.Document(d);
      counts->n_tokens.push_back(document.size());
      counts->n_unknown.push_back(
          static_cast<uint64_t>(std::count_if(document.begin(), document.end(), [&](TokenId id) {
            return std::binary_search(unknown.begin(), unknown.end(), id);
          })));
    }
    return absl::OkStatus();
  }

  // A batch says which of its documents failed only in words: find it.
  absl::Status WithPlace(const Tokenizer& tokenizer, size_t begin, size_t end,
                         const absl::Status& of_batch) const {
    if (ErrorCodeOf(of_batch) == ErrorCode::kInterrupted) return of_batch;
    for (size_t d = begin; d < end; ++d) {
      const absl::Status status = tokenizer.Count(documents_[d], options_.encode).status();
      if (!status.ok()) return AtPlace(text_.PlaceOf(*items_[d]), status);
    }
    return of_batch;
  }

  LanguagePremium PremiumOf(const Compared& compared, const PremiumLanguage& described,
                            const DocumentCounts& counts) const {
    const auto own =
        std::span<const uint64_t>(counts.n_tokens).subspan(compared.first_document, compared.own.size());
    std::vector<uint64_t> of_reference(compared.reference.size());
    LanguagePremium result;
    uint64_t n_unknown = 0;
    for (size_t i = 0; i < own.size(); ++i) {
      of_reference[i] = counts.n_tokens[reference_at_ + compared.reference[i]];
      result.n_tokens += own[i];
      result.n_reference_tokens += of_reference[i];
      if (!counts.n_unknown.empty()) n_unknown += counts.n_unknown[compared.first_document + i];
    }
    if (result.n_reference_tokens == 0) return result;
    const auto n_tokens = static_cast<double>(result.n_tokens);
    result.premium = n_tokens / static_cast<double>(result.n_reference_tokens);
    if (compared.language != &reference_) {
      result.interval =
          BootstrapRatio(own, of_reference, options_.n_resamples, HashBytes(described.code, options_.seed));
    }
    result.tokens_per_char = n_tokens / static_cast<double>(described.n_chars);
    const bool has_tokens = result.n_tokens > 0;
    if (has_tokens) result.bytes_per_token = static_cast<double>(described.n_bytes) / n_tokens;
    if (!counts.n_unknown.empty())
      result.unknown_share = has_tokens ? static_cast<double>(n_unknown) / n_tokens : 0;
    return result;
  }

  const ParallelText& text_;
  const PremiumOptions& options_;
  const ParallelLanguage& reference_;
  std::vector<Compared> languages_;
  std::vector<std::string_view> documents_;  // all items to encode, language by language
  std::vector<const ParallelItem*> items_;   // of the documents
  size_t reference_at_ = 0;                  // of its first document: it has them all
};

using GroupName = std::string PremiumLanguage::*;

// Of all languages but the reference, by what `name` says of them; nullptr: one group of all.
std::vector<PremiumGroup> Group(const PremiumReport& report, const TokenizerPremium& tokenizer,
                                GroupName name) {
  std::vector<std::pair<std::string, size_t>> members;
  for (size_t l = 0; l < report.languages.size(); ++l) {
    const PremiumLanguage& language = report.languages[l];
    if (language.code != report.reference)
      members.emplace_back(name == nullptr ? std::string() : language.*name, l);
  }
  std::sort(members.begin(), members.end());
  std::vector<PremiumGroup> groups;
  for (size_t begin = 0, end = 0; begin < members.size(); begin = end) {
    std::vector<double> premiums;
    std::vector<std::string> names;
    for (; end < members.size() && members[end].first == members[begin].first; ++end) {
      premiums.push_back(tokenizer.languages[members[end].second].premium);
      names.push_back(report.languages[members[end].second].code);
    }
    groups.push_back({.name = members[begin].first, .summary = Summarize(premiums, names)});
  }
  return groups;
}

}  // namespace

absl::StatusOr<PremiumReport> MeasurePremium(const std::vector<NamedTokenizer>& tokenizers,
                                             const ParallelText& text, const PremiumOptions& options) {
  TOK_ASSIGN_OR_RETURN(const ParallelLanguage* reference, FindLanguage(text, options.reference));
  TOK_ASSIGN_OR_RETURN(std::vector<Compared> languages, SelectLanguages(text, options, *reference));
  const Measurement measurement(text, options, *reference, std::move(languages));
  if (options.progress != nullptr)
    options.progress->n_bytes_total = measurement.n_bytes() * tokenizers.size();
  PremiumReport report = {.reference = reference->code,
                          .n_items = reference->items.size(),
                          .languages = measurement.DescribeLanguages(),
                          .tokenizers = {}};
  for (const NamedTokenizer& named : tokenizers) {
    TOK_ASSIGN_OR_RETURN(TokenizerPremium measured, measurement.Run(named, report.languages));
    measured.summary = Group(report, measured, nullptr)[0].summary;
    measured.scripts = Group(report, measured, &PremiumLanguage::script);
    measured.families = Group(report, measured, &PremiumLanguage::family);
    report.tokenizers.push_back(std::move(measured));
  }
  return report;
}

}  // namespace tok
