// train/parity/language_choice.h: whom the next step is made for.
//
// Model: the language in the greatest need, of equals the first, leaving out those that had more than alpha times their
// share of the last `window` steps. If those are all that can be helped, they are not left out.
// Threads: a plain value.
#ifndef TOK_SRC_TRAIN_PARITY_LANGUAGE_CHOICE_H_
#define TOK_SRC_TRAIN_PARITY_LANGUAGE_CHOICE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace tok {

class LanguageChoice {
 public:
  // window 0: all steps ever made are forgotten at once.
  LanguageChoice(size_t n_languages, uint32_t window, uint32_t alpha)
      : window_(window), alpha_(alpha), n_steps_(n_languages) {}

  // Nothing if no language can be helped.
  std::optional<size_t> Next(std::span<const double> needs, const std::vector<bool>& can_be_helped) const {
    const std::optional<size_t> chosen = Neediest(needs, can_be_helped, /*heeds_window=*/true);
    return chosen.has_value() ? chosen : Neediest(needs, can_be_helped, /*heeds_window=*/false);
  }

  // A step was made for it.
  void Note(size_t language) {
    steps_.push_back(language);
    ++n_steps_[language];
    if (steps_.size() <= window_) return;
    --n_steps_[steps_.front()];
    steps_.pop_front();
  }

 private:
  std::optional<size_t> Neediest(std::span<const double> needs, const std::vector<bool>& can_be_helped,
                                 bool heeds_window) const {
    std::optional<size_t> neediest;
    for (size_t i = 0; i < needs.size(); ++i) {
      const bool had_more = uint64_t{n_steps_[i]} * needs.size() > uint64_t{alpha_} * window_;
      if (!can_be_helped[i] || (heeds_window && had_more)) continue;
      if (!neediest.has_value() || needs[i] > needs[*neediest]) neediest = i;
    }
    return neediest;
  }

  const uint32_t window_, alpha_;
  std::deque<size_t> steps_;       // the last ones
  std::vector<uint32_t> n_steps_;  // of them, by language
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PARITY_LANGUAGE_CHOICE_H_
