#include "src/unicode/properties.h"

#include <algorithm>
#include <iterator>

namespace tok {
namespace unicode_tables {
#include "src/unicode/generated/properties.inc"
}  // namespace unicode_tables

namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;

struct ScriptName {
  std::string_view name, code;
};
struct BinaryProperty {
  std::string_view name;
  uint32_t first_range, n_ranges;
};

#include "src/unicode/generated/binary_properties.inc"
#include "src/unicode/generated/lowercase.inc"
#include "src/unicode/generated/scripts.inc"

struct CategoryName {
  std::string_view code, name;
  uint32_t categories;
};
constexpr uint32_t Bit(Category category) { return CategoryBit(category); }
constexpr CategoryName kCategoryNames[] = {
    {"l", "letter", kLetterCategories},
    {"lc", "casedletter", Bit(Category::kLu) | Bit(Category::kLl) | Bit(Category::kLt)},
    {"lu", "uppercaseletter", Bit(Category::kLu)},
    {"ll", "lowercaseletter", Bit(Category::kLl)},
    {"lt", "titlecaseletter", Bit(Category::kLt)},
    {"lm", "modifierletter", Bit(Category::kLm)},
    {"lo", "otherletter", Bit(Category::kLo)},
    {"m", "mark", kMarkCategories},
    {"mn", "nonspacingmark", Bit(Category::kMn)},
    {"mc", "spacingmark", Bit(Category::kMc)},
    {"me", "enclosingmark", Bit(Category::kMe)},
    {"n", "number", kNumberCategories},
    {"nd", "decimalnumber", Bit(Category::kNd)},
    {"nl", "letternumber", Bit(Category::kNl)},
    {"no", "othernumber", Bit(Category::kNo)},
    {"p", "punctuation", kPunctuationCategories},
    {"pc", "connectorpunctuation", Bit(Category::kPc)},
    {"pd", "dashpunctuation", Bit(Category::kPd)},
    {"ps", "openpunctuation", Bit(Category::kPs)},
    {"pe", "closepunctuation", Bit(Category::kPe)},
    {"pi", "initialpunctuation", Bit(Category::kPi)},
    {"pf", "finalpunctuation", Bit(Category::kPf)},
    {"po", "otherpunctuation", Bit(Category::kPo)},
    {"s", "symbol", kSymbolCategories},
    {"sm", "mathsymbol", Bit(Category::kSm)},
    {"sc", "currencysymbol", Bit(Category::kSc)},
    {"sk", "modifiersymbol", Bit(Category::kSk)},
    {"so", "othersymbol", Bit(Category::kSo)},
    {"z", "separator", kSeparatorCategories},
    {"zs", "spaceseparator", Bit(Category::kZs)},
    {"zl", "lineseparator", Bit(Category::kZl)},
    {"zp", "paragraphseparator", Bit(Category::kZp)},
    {"c", "other", kOtherCategories},
    {"cc", "control", Bit(Category::kCc)},
    {"cf", "format", Bit(Category::kCf)},
    {"cs", "surrogate", Bit(Category::kCs)},
    {"co", "privateuse", Bit(Category::kCo)},
    {"cn", "unassigned", Bit(Category::kCn)},
};

// Unicode's loose matching of property names (UAX #44, LM3), less the optional "is" prefix.
std::string LooseName(std::string_view name) {
  std::string result;
  for (char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    result.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return result;
}

// Appends [first, last], joined to the range before where they touch.
void AppendRange(char32_t first, char32_t last, std::vector<CodePointRange>* ranges) {
  if (!ranges->empty() && ranges->back().last + 1 >= first) {
    ranges->back().last = std::max(ranges->back().last, last);
  } else {
    ranges->push_back({first, last});
  }
}

std::vector<CodePointRange> CategoryRanges(uint32_t categories) {
  // Runs of equal category, found once; patterns ask for many classes.
  static const std::vector<CodePointRange>* const runs = [] {
    auto* result = new std::vector<CodePointRange>;
    for (char32_t c = 0; c <= kLastCodePoint; ++c) {
      if (c == 0 || GeneralCategory(c) != GeneralCategory(c - 1)) result->push_back({c, c});
      result->back().last = c;
    }
    return result;
  }();
  std::vector<CodePointRange> ranges;
  for (const CodePointRange& run : *runs) {
    if (HasCategory(run.first, categories)) AppendRange(run.first, run.last, &ranges);
  }
  return ranges;
}

int32_t LowercaseDistance(char32_t c) {
  if (c > kLastCodePoint) return 0;
  constexpr unsigned kShift = unicode_tables::kBlockShift;
  return kLowercaseDeltas[kLowercaseData[static_cast<uint32_t>(kLowercaseIndex[c >> kShift]) << kShift |
                                         (c & ((1u << kShift) - 1))]];
}

uint8_t ScriptIndex(char32_t c) {
  constexpr unsigned kShift = unicode_tables::kBlockShift;
  return kScriptData[static_cast<uint32_t>(kScriptIndex[c >> kShift]) << kShift | (c & ((1u << kShift) - 1))];
}

std::vector<CodePointRange> ScriptRanges(std::string_view loose_name) {
  std::vector<CodePointRange> ranges;
  for (size_t i = 0; i < std::size(kScriptNames); ++i) {
    if (LooseName(kScriptNames[i].name) != loose_name && LooseName(kScriptNames[i].code) != loose_name)
      continue;
    for (char32_t c = 0; c <= kLastCodePoint; ++c) {
      if (ScriptIndex(c) == i) AppendRange(c, c, &ranges);
    }
  }
  return ranges;
}

std::vector<CodePointRange> BinaryRanges(std::string_view loose_name) {
  std::vector<CodePointRange> ranges;
  for (const BinaryProperty& property : kBinaryProperties) {
    if (LooseName(property.name) != loose_name) continue;
    for (uint32_t i = property.first_range; i < property.first_range + property.n_ranges; ++i) {
      ranges.push_back({kBinaryRanges[2 * i], kBinaryRanges[2 * i + 1]});
    }
  }
  return ranges;
}

std::vector<CodePointRange> GeneralCategoryRanges(std::string_view loose_name) {
  for (const CategoryName& category : kCategoryNames) {
    if (loose_name == category.code || loose_name == category.name)
      return CategoryRanges(category.categories);
  }
  return {};
}

}  // namespace

std::vector<CodePointRange> PropertyRanges(std::string_view name) {
  if (const size_t equals = name.find('='); equals != std::string_view::npos) {
    const std::string kind = LooseName(name.substr(0, equals)), value = LooseName(name.substr(equals + 1));
    if (kind == "script" || kind == "sc") return ScriptRanges(value);
    if (kind == "generalcategory" || kind == "gc") return GeneralCategoryRanges(value);
    return {};
  }
  const std::string loose = LooseName(name);
  if (loose == "any") return {{0, kLastCodePoint}};
  if (loose == "ascii") return {{0, 0x7F}};
  if (loose == "assigned") return ComplementRanges(CategoryRanges(Bit(Category::kCn)));
  if (loose == "alpha") return BinaryRanges("alphabetic");
  if (loose == "space" || loose == "wspace") return BinaryRanges("whitespace");
  if (loose == "lower") return BinaryRanges("lowercase");
  if (loose == "upper") return BinaryRanges("uppercase");
  for (const auto& find : {GeneralCategoryRanges, BinaryRanges, ScriptRanges}) {
    if (std::vector<CodePointRange> ranges = find(loose); !ranges.empty()) return ranges;
  }
  return {};
}

std::vector<CodePointRange> ComplementRanges(const std::vector<CodePointRange>& ranges) {
  std::vector<CodePointRange> result;
  char32_t next = 0;
  for (const CodePointRange& range : ranges) {
    if (range.first > next) result.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= kLastCodePoint) result.push_back({next, kLastCodePoint});
  return result;
}

std::vector<CodePointRange> UnionRanges(const std::vector<CodePointRange>& a,
                                        const std::vector<CodePointRange>& b) {
  std::vector<CodePointRange> sorted;
  sorted.reserve(a.size() + b.size());
  std::merge(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(sorted),
             [](const CodePointRange& x, const CodePointRange& y) { return x.first < y.first; });
  std::vector<CodePointRange> result;
  for (const CodePointRange& range : sorted) AppendRange(range.first, range.last, &result);
  return result;
}

std::string_view ScriptOf(char32_t c) {
  return c > kLastCodePoint ? std::string_view("Unknown") : kScriptNames[ScriptIndex(c)].name;
}

void AppendLowercase(char32_t c, std::u32string* out) {
  if (c == 0x130) {  // the one mapping to more than one character
    out->append(U"i\u0307");
  } else {
    out->push_back(c + static_cast<char32_t>(LowercaseDistance(c)));
  }
}

bool HasLowercase(char32_t c) { return c == 0x130 || LowercaseDistance(c) != 0; }

}  // namespace tok
