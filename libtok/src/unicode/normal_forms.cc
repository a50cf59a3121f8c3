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

// What a scan knows of the text before the place it looks at.
struct Context {
  char32_t starter = 0;  // the last character of combining class 0 since the scan or an invalid byte
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

// Code points of a stretch in canonical order, each with its class.
struct OrderedChar {
  char32_t code_point;
  int32_t change;
  uint8_t combining_class;
};

void AppendDecomposition(char32_t c, Form form, std::vector<OrderedChar>* chars) {
  const NormalFormRecord& record = RecordOf(c);
  if (record.flags & kHangul) {
    const char32_t syllable = c - kSyllableBase;
    chars->push_back({kLeadBase + syllable / (kVowelCount * kTrailCount), 0, 0});
    chars->push_back({kVowelBase + syllable / kTrailCount % kVowelCount, 1, 0});
    if (syllable % kTrailCount != 0) chars->push_back({kTrailBase + syllable % kTrailCount, 1, 0});
    return;
  }
  const uint16_t place = IsCompatible(form) ? record.compatible : record.canonical;
  if (place == 0) {
    chars->push_back({c, 0, record.combining_class});
    return;
  }
  const uint32_t* pool = kDecompositionPool + place;
  for (uint32_t i = 0; i < pool[0]; ++i) {
    const char32_t part = pool[1 + i];
    chars->push_back({part, i > 0, RecordOf(part).combining_class});
  }
}

// Sorts each run of marks by combining class, keeping the order of equals.
void OrderMarks(std::vector<OrderedChar>* chars) {
  for (auto begin = chars->begin(); begin != chars->end();) {
    if (begin->combining_class == 0) {
      ++begin;
      continue;
    }
    const auto end =
        std::find_if(begin, chars->end(), [](const OrderedChar& c) { return c.combining_class == 0; });
    std::stable_sort(begin, end, [](const OrderedChar& a, const OrderedChar& b) {
      return a.combining_class < b.combining_class;
    });
    begin = end;
  }
}

void ComposeInto(const std::vector<OrderedChar>& chars, std::vector<NormalizedChar>* result) {
  constexpr size_t kNoStarter = static_cast<size_t>(-1);
  size_t starter = kNoStarter;
  uint8_t last_class = 0;  // of what was kept since the starter; 0: nothing
  for (const OrderedChar& c : chars) {
    if (starter != kNoStarter && (last_class == 0 || last_class < c.combining_class)) {
      NormalizedChar& base = (*result)[starter];
      if (const char32_t composed = Compose(base.code_point, c.code_point)) {
        base = {composed, base.change + c.change - 1};
        continue;
      }
    }
    last_class = c.combining_class;
    if (last_class == 0) starter = result->size();
    result->push_back({c.code_point, c.change});
  }
}

}  // namespace

UnsettledRange NextUnsettled(std::string_view text, size_t from, Form form) {
  const uint8_t attaches = IsCompatible(form) ? kAttachesCompatible : kAttaches;
  Context context;
  size_t boundary = from, position = from;
  bool found = false;
  while (position < text.size()) {
    if (static_cast<unsigned char>(text[position]) < 0x80) {
      if (found) break;
      position = SkipAscii(text, position);
      boundary = position - 1;
      context = {static_cast<char32_t>(text[boundary]), false, 0};
      continue;
    }
    const DecodedChar c = DecodeUtf8(text, position);
    const uint16_t index = RecordIndex(c.code_point);
    const NormalFormRecord& record = kNormalFormRecords[index];
    if (index == 0 || !(record.flags & attaches)) {
      if (found) break;
      boundary = position;
    }
    if (index != 0 && !found) found = MayChange(c.code_point, record, context, form);
    position += c.n_bytes;
    if (c.code_point == kInvalidByte) {
      boundary = position;
      context = {};
    } else if (record.combining_class == 0) {
      context = {c.code_point, record.canonical != 0, 0};
    } else {
      context.last_class = record.combining_class;
    }
  }
  return found ? UnsettledRange{boundary, position} : UnsettledRange{text.size(), text.size()};
}

void NormalizeChars(std::u32string_view chars, Form form, std::vector<NormalizedChar>* result) {
  std::vector<OrderedChar> ordered;
  ordered.reserve(chars.size() * 2);
  for (char32_t c : chars) AppendDecomposition(c, form, &ordered);
  OrderMarks(&ordered);
  result->clear();
  if (Composes(form)) {
    ComposeInto(ordered, result);
  } else {
    for (const OrderedChar& c : ordered) result->push_back({c.code_point, c.change});
  }
}

}  // namespace tok
