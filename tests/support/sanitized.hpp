#pragma once
// TNN_SANITIZED is defined where a sanitizer watches the program, whose malloc is then its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TNN_SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define TNN_SANITIZED
#endif
#endif
