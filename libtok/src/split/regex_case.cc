#include "src/split/regex_case.h"

#include <algorithm>
#include <string>
#include <utility>

namespace tok {
namespace {

struct Fold {
  char32_t from, to;
};

// Letters that fold to another one although they are lower case themselves (final and symbol forms, long s, ...).
constexpr Fold kLowerCaseVariants[] = {
    {0x00B5, 0x03BC}, {0x017F, 0x0073}, {0x0345, 0x03B9}, {0x03C2, 0x03C3}, {0x03D0, 0x03B2},
    {0x03D1, 0x03B8}, {0x03D5, 0x03C6}, {0x03D6, 0x03C0}, {0x03F0, 0x03BA}, {0x03F1, 0x03C1},
    {0x03F5, 0x03B5}, {0x1C80, 0x0432}, {0x1C81, 0x0434}, {0x1C82, 0x043E}, {0x1C83, 0x0441},
    {0x1C84, 0x0442}, {0x1C85, 0x0442}, {0x1C86, 0x044A}, {0x1C87, 0x0463}, {0x1C88, 0xA64B},
    {0x1E9B, 0x1E61}, {0x1FBE, 0x03B9}, {0x1FD3, 0x0390}, {0x1FE3, 0x03B0}, {0xFB05, 0xFB06},
};

// (character, the one it folds to) for every character that does not fold to itself, by character.
const std::vector<Fold>& Folds() {
  static const auto* const folds = [] {
    auto* result = new std::vector<Fold>(std::begin(kLowerCaseVariants), std::end(kLowerCaseVariants));
    std::u32string lower;
    for (char32_t c = 0; c <= 0x1FFFF; ++c) {
      if (HasCategory(c, CategoryBit(Category::kCn)))
        continue;  // the lower-case table is newer than Unicode 16
      lower.clear();
      AppendLowercase(c, &lower);
      if (lower.size() == 1 && lower[0] != c) result->push_back({c, lower[0]});
    }
    std::sort(result->begin(), result->end(), [](const Fold& a, const Fold& b) { return a.from < b.from; });
    return result;
  }();
  return *folds;
}

}  // namespace

CodePointSet AddCaseVariants(const CodePointSet& set) {
  std::vector<CodePointRange> added;
  for (const Fold& fold : Folds()) {
    if (set.Contains(fold.from)) added.push_back({fold.to, fold.to});
  }
  const CodePointSet folded = set.Union(CodePointSet(std::move(added)));
  std::vector<CodePointRange> variants;
  for (const Fold& fold : Folds()) {
    if (folded.Contains(fold.to)) variants.push_back({fold.from, fold.from});
  }
  return folded.Union(CodePointSet(std::move(variants)));
}

const CodePointSet& FoldsToSeveral() {
  static const auto* const set = new CodePointSet(std::vector<CodePointRange>{
      {0x00DF, 0x00DF}, {0x0130, 0x0130}, {0x0149, 0x0149}, {0x01F0, 0x01F0}, {0x0390, 0x0390},
      {0x03B0, 0x03B0}, {0x0587, 0x0587}, {0x1E96, 0x1E9A}, {0x1E9E, 0x1E9E}, {0x1F50, 0x1F50},
      {0x1F52, 0x1F52}, {0x1F54, 0x1F54}, {0x1F56, 0x1F56}, {0x1F80, 0x1FAF}, {0x1FB2, 0x1FB4},
      {0x1FB6, 0x1FB7}, {0x1FBC, 0x1FBC}, {0x1FC2, 0x1FC4}, {0x1FC6, 0x1FC7}, {0x1FCC, 0x1FCC},
      {0x1FD2, 0x1FD3}, {0x1FD6, 0x1FD7}, {0x1FE2, 0x1FE4}, {0x1FE6, 0x1FE7}, {0x1FF2, 0x1FF4},
      {0x1FF6, 0x1FF7}, {0x1FFC, 0x1FFC}, {0xFB00, 0xFB06}, {0xFB13, 0xFB17}});
  return *set;
}

bool MayFoldTogether(char32_t first, char32_t second) {
  static const auto* const groups = new std::pair<CodePointSet, CodePointSet>[3] {
    // ss, st and the f ligatures
    {AddCaseVariants(CodePointSet({{'s', 's'}, {'f', 'f'}})),
     AddCaseVariants(CodePointSet({{'s', 't'}, {'f', 'f'}, {'i', 'i'}, {'l', 'l'}}))},
        // a letter with a mark or with the iota that follows it; apostrophe n; a with half ring
        {CodePointSet({{'a', 'z'}, {'A', 'Z'}, {0x02BC, 0x02BC}, {0x0300, 0x03FF}, {0x1F00, 0x1FFF}}),
         AddCaseVariants(CodePointSet({{'n', 'n'}, {0x02BE, 0x02BE}, {0x0300, 0x036F}, {0x03B9, 0x03B9}}))},
        // Armenian ligatures
        {CodePointSet::Of(0x0531, 0x0587), CodePointSet::Of(0x0531, 0x0587)},
  };
  for (size_t i = 0; i < 3; ++i) {
    // ASCII letters matter in the second group only before a mark, "n" only after the apostrophe.
    if (i == 1 && second < 0x80 && first != 0x02BC) continue;
    if (groups[i].first.Contains(first) && groups[i].second.Contains(second)) return true;
  }
  return false;
}

}  // namespace tok
