// tests/unit/cuda/split_check.h: holds the device's splitter, run on the host, equal to the library's.
#ifndef TOK_TESTS_UNIT_CUDA_SPLIT_CHECK_H_
#define TOK_TESTS_UNIT_CUDA_SPLIT_CHECK_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "cuda/host/split.h"
#include "src/split/splitter.h"

namespace tok::cuda {

inline constexpr PatternFamily kDeviceFamilies[] = {PatternFamily::kGpt2,   PatternFamily::kCl100k,
                                                    PatternFamily::kLlama3, PatternFamily::kQwen,
                                                    PatternFamily::kO200k,  PatternFamily::kSubwords};

inline bool BitOf(const std::vector<uint32_t>& words, int64_t i) {
  return (words[static_cast<size_t>(i / 32)] >> (i % 32) & 1) != 0;
}

// Piece starts in a document of their own, as the library's obvious scanner finds them.
inline std::vector<bool> ReferenceStarts(PatternFamily family, const std::string& document) {
  std::vector<bool> starts(document.size());
  const auto splitter = MakeReferenceSplitter(family);
  SplitState state;
  size_t ends[256], begin = 0;
  while (const size_t n = splitter->Fill(document, &state, ends, 256)) {
    for (size_t i = 0; i < n; ++i) {
      starts[begin] = true;
      begin = ends[i];
    }
  }
  return starts;
}

// How many documents the rules cover.
inline size_t ExpectSplitAsReference(PatternFamily family, const std::vector<std::string>& documents) {
  std::string text;
  std::vector<int64_t> offsets = {0};
  for (const std::string& document : documents) {
    text += document;
    offsets.push_back(static_cast<int64_t>(text.size()));
  }
  const HostSplit split = SplitOnHost(family, text, offsets);
  size_t n_covered = 0;
  for (size_t d = 0; d < documents.size(); ++d) {
    bool is_covered = true;
    for (int64_t i = offsets[d]; i < offsets[d + 1]; ++i)
      is_covered = is_covered && !BitOf(split.unsure, i) && !BitOf(split.invalid, i);
    if (!is_covered) continue;
    ++n_covered;
    const std::vector<bool> wanted = ReferenceStarts(family, documents[d]);
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (BitOf(split.starts, offsets[d] + static_cast<int64_t>(i)) == wanted[i]) continue;
      ADD_FAILURE() << "family " << static_cast<int>(family) << ", document " << d << " at " << offsets[d]
                    << ", byte " << i << " of '" << documents[d].substr(i < 60 ? 0 : i - 60, 80)
                    << "': a piece should " << (wanted[i] ? "" : "not ") << "begin";
      return n_covered;
    }
  }
  return n_covered;
}

}  // namespace tok::cuda

#endif  // TOK_TESTS_UNIT_CUDA_SPLIT_CHECK_H_
