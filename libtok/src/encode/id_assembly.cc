#include "src/encode/id_assembly.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace tok {

IdAssembly::IdAssembly(size_t max_ids, unsigned n_threads)
    : max_waiting_ids_(kMaxWaitingIdsPerThread * n_threads),
      memory_(std::min(max_ids, SIZE_MAX / sizeof(TokenId)) * sizeof(TokenId)) {}

bool IdAssembly::WaitForRoom() {
  std::unique_lock<std::mutex> lock(mutex_);
  has_room_.wait(lock, [this] { return !MustWait(); });
  return !is_given_up_;
}

std::vector<TokenId> IdAssembly::TakeBuffer(size_t n_ids) {
  std::vector<TokenId> ids;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!buffers_.empty()) {
      ids = std::move(buffers_.back());
      buffers_.pop_back();
    }
  }
  ids.reserve(std::min(n_ids, kMaxKeptBuffer));
  return ids;
}

void IdAssembly::Deliver(size_t part, std::vector<TokenId> ids, std::span<uint64_t> ends) {
  std::unique_lock<std::mutex> lock(mutex_);
  const size_t at = part - n_decided_;
  if (at >= undecided_.size()) undecided_.resize(at + 1);
  undecided_[at] = Part{std::move(ids), ends};
  n_waiting_ids_ += undecided_[at]->n_waiting_ids();
  FindPlaces();
  while (!ready_.empty()) {
    Part placed = std::move(ready_.back());
    ready_.pop_back();
    lock.unlock();
    Place(placed);
    placed.ids.clear();
    lock.lock();
    if (placed.ids.capacity() <= kMaxKeptBuffer) buffers_.push_back(std::move(placed.ids));
  }
}

void IdAssembly::FindPlaces() {
  const bool others_wait = MustWait();
  while (!undecided_.empty() && undecided_.front().has_value()) {
    Part part = *std::move(undecided_.front());
    undecided_.pop_front();
    ++n_decided_;
    part.first_id = n_ids_;
    n_ids_ += part.ids.size();
    n_waiting_ids_ -= part.n_waiting_ids();
    const bool fits = n_ids_ * sizeof(TokenId) <= memory_.n_bytes();
    // Memory is short then, and the room behind the ids may be several times theirs.
    if (!fits) part.ids.shrink_to_fit();
    (fits ? ready_ : unfit_).push_back(std::move(part));
  }
  if (others_wait && !MustWait()) has_room_.notify_all();
}

void IdAssembly::Place(const Part& part) const {
  TokenId* const result = static_cast<TokenId*>(memory_.data());
  if (!part.ids.empty())
    std::memcpy(result + part.first_id, part.ids.data(), part.ids.size() * sizeof(TokenId));
  for (uint64_t& end : part.ends) end += part.first_id;
}

void IdAssembly::GiveUp() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_given_up_ = true;
  }
  has_room_.notify_all();
}

IdArray IdAssembly::Finish() {
  memory_.Resize(n_ids_ * sizeof(TokenId));
  for (const Part& part : unfit_) Place(part);
  return IdArray(memory_.Release(), n_ids_);
}

}  // namespace tok
