// tests/support/chunk_results.h: documents side by side for a batch encoder, and its chunks put together again and held against what
// tok/batch_encoder.h says of them.
#ifndef TOK_TESTS_SUPPORT_CHUNK_RESULTS_H_
#define TOK_TESTS_SUPPORT_CHUNK_RESULTS_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tok/batch_encoder.h"

namespace tok {

struct ChunkResults {
  std::vector<std::vector<TokenId>> ids;  // of a document that failed, those before
  std::vector<absl::Status> statuses;
  size_t n_chunks = 0, n_continued = 0, max_ids = 0;

  void Take(const IdChunk& chunk) {
    EXPECT_TRUE(chunk.ids.empty() || chunk.narrow_ids.empty());
    const size_t n_ids = chunk.ids.size() + chunk.narrow_ids.size();
    ASSERT_GT(chunk.size(), 0u);
    ASSERT_EQ(chunk.offsets.size(), chunk.size() + 1);
    ASSERT_EQ(chunk.offsets.front(), 0);
    ASSERT_EQ(chunk.offsets.back(), static_cast<int64_t>(n_ids));
    ASSERT_EQ(chunk.first_document + chunk.continues, ids.size());
    ++n_chunks;
    n_continued += chunk.continues;
    max_ids = std::max(max_ids, n_ids);
    for (size_t i = 0; i < chunk.size(); ++i) {
      if (i > 0 || !chunk.continues) {
        ids.emplace_back();
        statuses.emplace_back();
      }
      EXPECT_TRUE(statuses.back().ok()) << "no document goes on after it failed";
      statuses.back() = chunk.statuses[i];
      const size_t n_before = ids.back().size();
      const auto append = [&](auto some) { ids.back().insert(ids.back().end(), some.begin(), some.end()); };
      chunk.narrow_ids.empty() ? append(chunk.Document(i)) : append(chunk.NarrowDocument(i));
      EXPECT_TRUE(chunk.statuses[i].ok() || ids.back().size() == n_before);
    }
  }
};

struct SideBySide {
  std::string text;
  std::vector<int64_t> offsets;

  DocumentBatch batch() const { return {text.data(), offsets}; }
};

// `around` is text of no document.
inline SideBySide Join(const std::vector<std::string>& documents, const std::string& around = {}) {
  SideBySide all{around, {static_cast<int64_t>(around.size())}};
  for (const std::string& document : documents) {
    all.text += document;
    all.offsets.push_back(static_cast<int64_t>(all.text.size()));
  }
  all.text += around;
  return all;
}

inline BatchOptions With(const SpecialPolicy& special, Utf8Policy utf8 = Utf8Policy::kError) {
  BatchOptions options;
  options.special = special;
  options.utf8 = utf8;
  return options;
}

inline ChunkResults EncodeAll(BatchEncoder* encoder, const DocumentBatch& batch,
                              const BatchOptions& options = {}) {
  ChunkResults results;
  const absl::Status status = encoder->Encode(batch, options, [&](const IdChunk& chunk) {
    EXPECT_TRUE(options.narrow_ids ? chunk.ids.empty() : chunk.narrow_ids.empty());
    results.Take(chunk);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(results.ids.size(), batch.size());
  return results;
}

}  // namespace tok

#endif  // TOK_TESTS_SUPPORT_CHUNK_RESULTS_H_
