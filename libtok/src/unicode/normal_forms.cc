#include "src/unicode/normal_forms.h"

#include <algorithm>
#include <iterator>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

using normalizer::Form;

struct NormalFormRecord {
  uint8_t combining_class, flags;
  uint16_t canonical, compatible;  // full decompositions: places in kDecompositionPool, 0 for none
};
struct Composition {
  char32_t first, second, composed;
};

#include "src/unicode/generated/normal_forms_9.inc"

constexpr unsigned kBlockShift = 7;
// Flags of a record, as the generator writes them.
constexpr uint8_t kComposesWithPrevious = 1, kNeverComposed = 2, kHangul = 4, kAttaches = 8,
                  kAttachesCompatible = 16;

// Hangul syllables are composed by arithmetic (Unicode 16, section 3.12).
constexpr char32_t kSyllableBase = 0xAC00, kLeadBase = 0x1100, kVowelBase = 0x1161, kTrailBase = 0x11A7;
constexpr char32_t kLeadCount = 19, kVowelCount = 21, kTrailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTrailCount;

bool Composes(Form form) { return form == Form::kNfc || form == Form::kNfkc; }
bool IsCompatible(Form form) { return form == Form::kNfkc || form == Form::kNfkd; }

// 0 for the many characters that are inert in every form.
uint16_t RecordIndex(char32_t c) {
  if (c > 0x10FFFF) return 0;
  return kNormalFormData[static_cast<uint32_t>(kNormalFormIndex[c >> kBlockShift]) << kBlockShift |
                         (c & ((1u << kBlockShift) - 1))];
}

const NormalFormRecord& RecordOf(char32_t c) { return kNormalFormRecords[RecordIndex(c)]; }

// The character that `first` and `second` compose to; 0 if none.
char32_t Compose(char32_t first, char32_t second) {
  if (first - kLeadBase < kLeadCount && second - kVowelBase < kVowelCount) {
    return kSyllableBase + ((first - kLeadBase) * kVowelCount + (second - kVowelBase)) * kTrailCount;
  }
  if (first - kSyllableBase < kSyllableCount && (first - kSyllableBase) % kTrailCount == 0 &&
      second - (kTrailBase + 1) < kTrailCount - 1) {
    return first + (second - kTrailBase);
  }
  const Composition* end = std::end(kCompositions);
  const Composition* found =
      std::lower_bound(std::begin(kCompositions), end, Composition{first, second, 0},
                       [](const Composition& a, const Composition& b) {
                         return a.first != b.first ? a.first < b.first : a.second < b.second;
                       });
  return found != end && found->first == first && found->second == second ? found->composed : 0;
}

constexpr size_t kNowhere = static_cast<size_t>(-1);

// What a scan knows of the text before the place it looks at.
struct Context {
  char32_t starter = 0;  // the last character of combining class 0; kInvalidByte composes with nothing
  bool starter_decomposes = false;
  uint8_t last_class = 0;  // combining class of the character before
};

// Whether `c` may have to change, given what stands before it. Errs on the side of yes.
bool MayChange(char32_t c, const NormalFormRecord& record, const Context& context, Form form) {
  const uint8_t ccc = record.combining_class;
  if (ccc != 0 && context.last_class > ccc) return true;
  if (!Composes(form)) {
    return (record.flags & kHangul) || (IsCompatible(form) ? record.compatible : record.canonical) != 0;
  }
  if (record.flags & kNeverComposed) return true;
  if (IsCompatible(form) && record.compatible != record.canonical) return true;
  if (!(record.flags & kComposesWithPrevious)) return false;
  if (ccc == 0 && context.last_class != 0) return false;  // blocked by the mark between
  return (ccc != 0 && context.starter_decomposes) || Compose(context.starter, c) != 0;
}

uint8_t CombiningClass(char32_t c) { return RecordOf(c).combining_class; }

void AppendDecomposition(char32_t c, Form form, std::vector<NormalizedChar>* chars) {
  const NormalFormRecord& record = RecordOf(c);
  if (record.flags & kHangul) {
    const char32_t syllable = c - kSyllableBase;
    chars->push_back({kLeadBase + syllable / (kVowelCount * kTrailCount), 0});
    chars->push_back({kVowelBase + syllable / kTrailCount % kVowelCount, 1});
    if (syllable % kTrailCount != 0) chars->push_back({kTrailBase + syllable % kTrailCount, 1});
    return;
  }
  const uint16_t place = IsCompatible(form) ? record.compatible : record.canonical;
  if (place == 0) return chars->push_back({c, 0});
  const uint32_t* pool = kDecompositionPool + place;
  for (uint32_t i = 0; i < pool[0]; ++i) chars->push_back({pool[1 + i], i > 0});
}

// Sorts each run of marks by combining class, keeping the order of equals.
void OrderMarks(std::vector<NormalizedChar>* chars) {
  const auto by_class = [](const NormalizedChar& a, const NormalizedChar& b) {
    return CombiningClass(a.code_point) < CombiningClass(b.code_point);
  };
  const auto is_base = [](const NormalizedChar& c) { return CombiningClass(c.code_point) == 0; };
  for (auto begin = chars->begin(); begin != chars->end();) {
    begin = std::find_if_not(begin, chars->end(), is_base);
    const auto end = std::find_if(begin, chars->end(), is_base);
    if (!std::is_sorted(begin, end, by_class)) std::stable_sort(begin, end, by_class);
    begin = end;
  }
}

// Composes in place: what is kept moves to the front.
void ComposeMarks(std::vector<NormalizedChar>* chars) {
  constexpr size_t kNoStarter = static_cast<size_t>(-1);
  size_t starter = kNoStarter, n_kept = 0;
  uint8_t last_class = 0;  // of what was kept since the starter; 0: nothing
  for (const NormalizedChar c : *chars) {
    const uint8_t ccc = CombiningClass(c.code_point);
    if (starter != kNoStarter && (last_class == 0 || last_class < ccc)) {
      NormalizedChar& base = (*chars)[starter];
      if (const char32_t composed = Compose(base.code_point, c.code_point)) {
        base = {composed, base.change + c.change - 1};
        continue;
      }
    }
    last_class = ccc;
    if (ccc == 0) starter = n_kept;
    (*chars)[n_kept++] = c;
  }
  chars->resize(n_kept);
}

}  // namespace

UnsettledRange NextUnsettled(std::string_view text, size_t from, Form form) {
  const uint8_t attaches = IsCompatible(form) ? kAttachesCompatible : kAttaches;
  Context context;
  // Inert characters only leave word of where they were: most text is nothing else.
  size_t boundary = from, inert = kNowhere, position = from;
  bool found = false;
  while (position < text.size()) {
    if (static_cast<unsigned char>(text[position]) < 0x80) {
      if (found) break;
      position = SkipAscii(text, position);
      boundary = inert = position - 1;
      continue;
    }
    const DecodedChar c = DecodeUtf8(text, position);
    const uint16_t index = RecordIndex(c.code_point);
    if (index == 0) {
      if (found) break;
      inert = position;
      boundary = c.code_point == kInvalidByte ? position + 1 : position;
      position += c.n_bytes;
      continue;
    }
    const NormalFormRecord& record = kNormalFormRecords[index];
    if (!(record.flags & attaches)) {
      if (found) break;
      boundary = position;
    }
    if (inert != kNowhere) context = {DecodeUtf8(text, inert).code_point, false, 0};
    inert = kNowhere;
    if (!found) found = MayChange(c.code_point, record, context, form);
    position += c.n_bytes;
    if (record.combining_class == 0) {
      context = {c.code_point, record.canonical != 0, 0};
    } else {
      context.last_class = record.combining_class;
    }
  }
  return found ? UnsettledRange{boundary, position} : UnsettledRange{text.size(), text.size()};
}

void NormalizeChars(std::u32string_view chars, Form form, std::vector<NormalizedChar>* result) {
  result->clear();
  for (char32_t c : chars) AppendDecomposition(c, form, result);
  OrderMarks(result);
  if (Composes(form)) ComposeMarks(result);
}

}  // namespace tok
