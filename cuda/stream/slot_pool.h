// cuda/stream/slot_pool.h: the slots of all devices, lent to slices.
//
// Threads: any. Take waits until a slot is free; slots come in the order in which they became free, so that the devices take turns.
#ifndef TOK_CUDA_STREAM_SLOT_POOL_H_
#define TOK_CUDA_STREAM_SLOT_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "cuda/stream/slice_device.h"

namespace tok::cuda {

struct DeviceSlot {
  SliceDevice* device;
  Slot* slot;
};

class SlotPool {
 public:
  // Gives its slot back; if the slice in it has not come through, only when nothing is in flight.
  class Lease {
   public:
    Lease(SlotPool* pool, DeviceSlot lent) : pool_(pool), lent_(lent) {}
    ~Lease() {
      if (!is_through_) lent_.device->Drain();
      pool_->Give(lent_);
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    SliceDevice* device() const { return lent_.device; }
    Slot* slot() const { return lent_.slot; }
    // Ids and results are on the host.
    void IsThrough() { is_through_ = true; }

   private:
    SlotPool* const pool_;
    const DeviceSlot lent_;
    bool is_through_ = false;
  };

  explicit SlotPool(std::deque<DeviceSlot> slots) : n_slots_(slots.size()), free_(std::move(slots)) {}

  size_t size() const { return n_slots_; }
  void LendTo(std::optional<Lease>* lease) { lease->emplace(this, Take()); }

 private:
  DeviceSlot Take() {
    std::unique_lock<std::mutex> lock(mutex_);
    is_free_.wait(lock, [this] { return !free_.empty(); });
    const DeviceSlot taken = free_.front();
    free_.pop_front();
    return taken;
  }
  void Give(DeviceSlot given) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      free_.push_back(given);
    }
    is_free_.notify_one();
  }

  const size_t n_slots_;
  std::mutex mutex_;
  std::condition_variable is_free_;
  std::deque<DeviceSlot> free_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_STREAM_SLOT_POOL_H_
