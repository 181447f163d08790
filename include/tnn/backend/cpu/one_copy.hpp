#pragma once
// TNN_ONE_COPY marks a function that is compiled once: neither inlined into its callers nor cloned
// for one of them. For a long function one copy is enough; and two copies of the same arithmetic
// need not give the same bits, since a compiler may contract or vectorize each its own way.
#if defined(__clang__)
#define TNN_ONE_COPY [[gnu::noinline, clang::noduplicate]]
#else
#define TNN_ONE_COPY [[gnu::noinline, gnu::noclone]]
#endif
