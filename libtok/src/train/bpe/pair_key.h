// train/bpe/pair_key.h: a pair of tokens as one number, by which tables of pairs are keyed: the smaller left token is the
// smaller number, then the smaller right one.
#ifndef TOK_SRC_TRAIN_BPE_PAIR_KEY_H_
#define TOK_SRC_TRAIN_BPE_PAIR_KEY_H_

#include <cstdint>

namespace tok {

inline uint64_t PairKey(uint32_t left, uint32_t right) { return uint64_t{left} << 32 | right; }
inline uint32_t LeftOfPair(uint64_t pair) { return static_cast<uint32_t>(pair >> 32); }
inline uint32_t RightOfPair(uint64_t pair) { return static_cast<uint32_t>(pair); }

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_PAIR_KEY_H_
