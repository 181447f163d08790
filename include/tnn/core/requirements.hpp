#pragma once
// What tnn asks of a compiler's options, before anything else of it is read: one sentence where
// that is missing, and then an end, as hundreds of errors would follow.

#if __cplusplus < 202002L
#error tnn is written in C++20: compile with -std=c++20 or newer
#include <tnn/stopped_by_the_error_above>
#elif !defined(__cpp_exceptions)
#error tnn reports bad input by exceptions: compile without -fno-exceptions
#include <tnn/stopped_by_the_error_above>
// __FLT_EVAL_METHOD__: 1 and 2 say that float is computed in a wider type (x87). 16 is about
// _Float16 alone. Below 0 is unknown: Clang says it with -ffast-math, GCC where it mixes x87 and
// SSE.
#elif __FLT_EVAL_METHOD__ == 1 || __FLT_EVAL_METHOD__ == 2 || \
    (__FLT_EVAL_METHOD__ < 0 && !defined(__clang__))
#error tnn needs float and double computed as such, not by x87: compile with -msse2 -mfpmath=sse
#include <tnn/stopped_by_the_error_above>
#endif
