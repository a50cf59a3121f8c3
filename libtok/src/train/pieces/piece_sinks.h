// train/pieces/piece_sinks.h: where pieces go, and a stock of such places for many threads.
//
// Model: a thread takes a sink, adds pieces and gives it back; there are as many as threads were at work at once. Which pieces
// reach which sink, and in which order, is not determined: what is made of the sinks in the end must not depend on it.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_SINKS_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_SINKS_H_

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "src/split/pre_tokenizer.h"
#include "tok/status.h"

namespace tok {

class PieceSink {
 public:
  virtual ~PieceSink() = default;
  virtual void Add(std::string_view text, std::span<const PieceRange> pieces) = 0;
  // What it could not take: ends the run.
  virtual absl::Status status() const { return absl::OkStatus(); }
};

using MakePieceSink = std::function<std::unique_ptr<PieceSink>()>;

class SinkPool {
 public:
  explicit SinkPool(MakePieceSink make_sink) : make_sink_(std::move(make_sink)) {}

  std::unique_ptr<PieceSink> Take() {
    const std::lock_guard lock(mutex_);
    if (sinks_.empty()) return make_sink_();
    std::unique_ptr<PieceSink> sink = std::move(sinks_.back());
    sinks_.pop_back();
    return sink;
  }
  void Give(std::unique_ptr<PieceSink> sink) {
    const std::lock_guard lock(mutex_);
    status_.Update(sink->status());
    sinks_.push_back(std::move(sink));
  }
  std::vector<std::unique_ptr<PieceSink>> TakeAll() { return std::move(sinks_); }
  // Of the first sink that failed.
  absl::Status status() {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  const MakePieceSink make_sink_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<PieceSink>> sinks_;
  absl::Status status_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_SINKS_H_
