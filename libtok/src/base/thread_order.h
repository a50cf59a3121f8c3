// base/thread_order.h: tells ThreadSanitizer which events a thread pool orders; nothing in other builds.
//
// Model: what a thread did before SaysDone(place) is seen by a thread after WaitsFor(place), where the pool has put
// the second after the first. Distributions build oneTBB without ThreadSanitizer, which therefore misses that order
// and would report every hand-over between threads as a race. Only what the pool promises may be declared.
#ifndef TOK_SRC_BASE_THREAD_ORDER_H_
#define TOK_SRC_BASE_THREAD_ORDER_H_

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace tok {

#if defined(__SANITIZE_THREAD__)
inline void SaysDone(const void* place) { __tsan_release(const_cast<void*>(place)); }
inline void WaitsFor(const void* place) { __tsan_acquire(const_cast<void*>(place)); }
#else
inline void SaysDone(const void* /*place*/) {}
inline void WaitsFor(const void* /*place*/) {}
#endif

}  // namespace tok

#endif  // TOK_SRC_BASE_THREAD_ORDER_H_
