// train/lib/article_schedule.h: which sentences each step of LiB reads.
//
// Model: a corpus is articles of `sentences_per_step` sentences in a row.
// Source of the shuffle: Durstenfeld (1964), "Algorithm 235: Random permutation", from the last place down.
// Cost: O(articles) per pass. Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_ARTICLE_SCHEDULE_H_
#define TOK_SRC_TRAIN_LIB_ARTICLE_SCHEDULE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/random_stream.h"
#include "tok/train_lib.h"

namespace tok {

class ArticleSchedule {
 public:
  // At least one sentence, and sentences_per_step > 0.
  ArticleSchedule(std::span<const std::string_view> sentences, const LibOptions& options)
      : sentences_(sentences),
        n_per_article_(options.sentences_per_step),
        is_shuffled_(options.order == LibArticleOrder::kShuffled),
        order_((sentences.size() - 1) / options.sentences_per_step + 1) {
    std::iota(order_.begin(), order_.end(), uint64_t{0});
  }

  std::span<const std::string_view> Next(RandomStream* random) {
    if (next_ == 0 && is_shuffled_) {
      for (size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[random->Below(i)]);
    }
    const uint64_t begin = order_[next_] * n_per_article_;
    next_ = (next_ + 1) % order_.size();
    return sentences_.subspan(begin, std::min<uint64_t>(n_per_article_, sentences_.size() - begin));
  }

 private:
  const std::span<const std::string_view> sentences_;
  const uint64_t n_per_article_;
  const bool is_shuffled_;
  std::vector<uint64_t> order_;  // of this pass; the next one shuffles it again
  size_t next_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_ARTICLE_SCHEDULE_H_
