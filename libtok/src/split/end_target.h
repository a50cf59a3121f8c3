// split/end_target.h: ends what begin_avx2.h or begin_avx512.h began. No include guard: it may end several.
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
