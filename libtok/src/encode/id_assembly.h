// encode/id_assembly.h: ids that several threads make in parts, put one after another while they are made.
//
// Model: parts have numbers 0, 1, ... that are taken up in this order. Where a part belongs is known when all before it are
// delivered; then its ids are copied to the result by whichever thread delivers next, several parts at a time, so that the
// copy is neither one thread's work nor left for the end. A thread that is far ahead of the slowest waits before it takes up
// another part. Buffers go round among the threads.
// Memory: the result, and per thread about 4 MiB of ids that wait, in buffers of at most 16 MiB, and a few buffers of one part
// each. Where less than the result is reserved (ReservedMemory), what does not fit waits until the end, in no more than its own
// size.
// Threads: all but Finish, from any thread. Whoever takes up a part delivers it, or calls GiveUp.
#ifndef TOK_SRC_ENCODE_ID_ASSEMBLY_H_
#define TOK_SRC_ENCODE_ID_ASSEMBLY_H_

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "src/base/reserved_memory.h"
#include "tok/id_array.h"
#include "tok/types.h"

namespace tok {

class IdAssembly {
 public:
  // max_ids: more are possible, but slower.
  IdAssembly(size_t max_ids, unsigned n_threads);

  // To be called before taking up a part, never between that and its delivery. False if somebody gave up: what is taken up
  // now would never get a place.
  bool WaitForRoom();
  // Empty, with room for n_ids unless they are very many.
  std::vector<TokenId> TakeBuffer(size_t n_ids);
  // `ends` count ids from the beginning of the part; they are made to count from the beginning of the result before Finish.
  void Deliver(size_t part, std::vector<TokenId> ids, std::span<uint64_t> ends);
  // Some part will never be delivered: nobody waits for it from now on.
  void GiveUp();

  // When all parts are delivered.
  IdArray Finish();

 private:
  static constexpr size_t kMaxWaitingIdsPerThread = size_t{1} << 20;
  static constexpr size_t kMaxKeptBuffer = size_t{1} << 20;  // ids
  // Buffers have room for an id a byte, most text has a quarter of that. Parts with fewer ids count as a quarter: thousands of
  // nearly empty ones could wait otherwise.
  static constexpr size_t kCapacityPerId = 4;

  struct Part {
    std::vector<TokenId> ids;
    std::span<uint64_t> ends;
    uint64_t first_id = 0;  // where it belongs in the result

    size_t n_waiting_ids() const { return std::max(ids.size(), ids.capacity() / kCapacityPerId); }
  };

  bool MustWait() const { return n_waiting_ids_ > max_waiting_ids_ && !is_given_up_; }
  // Finds the places of all parts that have nothing undelivered before them.
  void FindPlaces();
  void Place(const Part& part) const;

  const size_t max_waiting_ids_;
  ReservedMemory memory_;

  std::mutex mutex_;  // of all that follows
  std::condition_variable has_room_;
  std::deque<std::optional<Part>> undecided_;  // from the first undelivered part on
  size_t n_decided_ = 0;                       // parts before undecided_
  size_t n_waiting_ids_ = 0;                   // of undecided_, as parts count them
  uint64_t n_ids_ = 0;                         // of the parts before undecided_
  std::vector<Part> ready_;                    // to be copied
  std::vector<Part> unfit_;                    // when there is room
  std::vector<std::vector<TokenId>> buffers_;
  bool is_given_up_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_ID_ASSEMBLY_H_
