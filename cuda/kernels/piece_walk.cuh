// cuda/kernels/piece_walk.cuh: the way through a long piece of which windows share nothing with the next.
//
// Model: windows are taken for as long as each shares a token with the next one. From the last of them on a warp makes windows of its own,
// each from where a token of the one before begins, until one shares a token with a window that was there. What repeats itself
// is passed at once (rhythm.cuh).
#ifndef TOK_CUDA_KERNELS_PIECE_WALK_CUH_
#define TOK_CUDA_KERNELS_PIECE_WALK_CUH_

#include <cstdint>

#include "cuda/kernels/launch.h"
#include "cuda/kernels/rhythm.cuh"
#include "cuda/kernels/window_tokens.cuh"

namespace tok::cuda {

// In shared memory.
struct WalkMemory {
  WindowMemory merging;
  uint32_t bits[2][kWindowBits];
  uint32_t pattern[kPatternWords];
};

// By all lanes of a warp.
class PieceWalk {
 public:
  __device__ PieceWalk(const DeviceText& text, const MergeTables& tables, const SpliceWork& work,
                       const CutOutput& output, const LongPiece& piece, WalkMemory* memory)
      : text_(text),
        tables_(tables),
        windows_(work.windows + piece.first_window),
        token_begins_(work.token_begins + piece.first_window * kWindowBits),
        output_(output),
        piece_(piece),
        n_windows_(static_cast<int64_t>(piece.n_windows)),
        memory_(*memory),
        lane_(static_cast<int>(threadIdx.x % 32)) {}

  // Whether it comes to the end of the piece. Then its windows say what of them is used, and what lies between them is cut.
  __device__ bool ComesToTheEnd() {
    used_from_ = piece_.begin + 1;
    while (PassWindowsThatShare()) {
      for (bool has_joined = false; !has_joined;) {
        PassRhythm();
        if (begin_ + kWindowBytes >= piece_.end) {
          CutTo(piece_.end);
          LeaveWindowsTo(piece_.end);
          return true;
        }
        has_joined = JoinWindow();
        if (!has_joined && !StepOn()) return false;
      }
    }
    return true;
  }

 private:
  // From window_ on. The last of them becomes the walk's own, unless it is the piece's last: then there is nothing left to do.
  __device__ bool PassWindowsThatShare() {
    if (lane_ == 0) windows_[window_].used_from = used_from_;
    __syncwarp();
    int64_t last = window_;
    for (uint32_t ends = 0; ends == 0; last += 32) {
      const int64_t w = last + lane_;
      ends = __ballot_sync(~0u, w >= n_windows_ || windows_[w].used_to < 0);
      if (ends != 0) last += __ffs(static_cast<int>(ends)) - 1 - 32;
    }
    if (last >= n_windows_) return false;
    begin_ = windows_[last].begin;
    used_from_ = windows_[last].used_from;
    memory_.bits[at_][lane_] = token_begins_[last * kWindowBits + lane_];
    window_ = last;
    LeaveWindowsTo(begin_ + 1);
    return true;
  }

  // Those of the piece that begin before `end`, from window_ on, are not used.
  __device__ void LeaveWindowsTo(int64_t end) {
    const int64_t next = min(n_windows_, CeilDiv(end - piece_.begin, kWindowStride));
    for (int64_t w = window_ + lane_; w < next; w += 32) windows_[w].used_to = -1;
    window_ = max(window_, next);
    __syncwarp();
  }

  __device__ void CutTo(int64_t end) {
    CutAtTokens(output_, begin_ + 32 * lane_, memory_.bits[at_][lane_], used_from_, end);
    used_from_ = end;
  }

  // The window moves to where its text is the same for the last time.
  __device__ void PassRhythm() {
    if (begin_ + kWindowBytes >= piece_.end) return;
    const Rhythm rhythm = FindRhythm(text_.bytes + begin_, memory_.bits[at_]);
    const int64_t token = begin_ + rhythm.begin;
    if (rhythm.period == 0 || token < used_from_) return;
    const int64_t end = EndOfRhythm(text_.bytes, begin_ + kWindowBytes, piece_.end, rhythm.period);
    const int64_t n_bytes = (end - begin_ - kWindowBytes) / rhythm.period * rhythm.period;
    if (n_bytes == 0) return;
    CutTo(token);
    CutByRhythm(output_, memory_.bits[at_], rhythm, token, n_bytes, memory_.pattern);
    begin_ += n_bytes;
    used_from_ += n_bytes;
  }

  // Whether the next window of the piece shares a token with the walk's, in whose first kWindowStride places it begins.
  __device__ bool JoinWindow() {
    LeaveWindowsTo(begin_ + 1);
    const int64_t next = piece_.begin + window_ * kWindowStride;
    const int shared = SharedToken(memory_.bits[at_], token_begins_ + window_ * kWindowBits,
                                   static_cast<int>(next - begin_));
    if (shared < 0 || next + shared < used_from_) return false;
    CutTo(next + shared);
    return true;
  }

  // Whether a window that begins where a token of this one does shares a token with it; then it takes its place.
  __device__ bool StepOn() {
    const int distance = LastTokenBefore(memory_.bits[at_]);
    if (distance == 0) return false;  // a token of more than kWindowStride bytes
    const int64_t next = begin_ + distance;
    const int64_t n_bytes = min(piece_.end - next, int64_t{kWindowBytes});
    uint32_t* const bits = memory_.bits[at_ ^ 1];
    bits[lane_] = MergeWindow(text_, tables_, next, static_cast<int>(n_bytes), &memory_.merging);
    __syncwarp();
    const int shared = SharedToken(memory_.bits[at_], bits, distance);
    if (shared < 0) return false;
    CutTo(next + shared);
    begin_ = next;
    at_ ^= 1;
    __syncwarp();
    return true;
  }

  const DeviceText& text_;
  const MergeTables& tables_;
  Window* const windows_;  // of the piece
  const uint32_t* const token_begins_;
  const CutOutput& output_;
  const LongPiece& piece_;
  const int64_t n_windows_;
  WalkMemory& memory_;
  const int lane_;

  int64_t window_ = 0;     // the piece's windows before it are passed
  int64_t begin_ = 0;      // of the walk's window, whose tokens are memory_.bits[at_]
  int64_t used_from_ = 0;  // tokens before are cut
  int at_ = 0;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_KERNELS_PIECE_WALK_CUH_
