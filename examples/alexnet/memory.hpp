#pragma once
// Memory is counted before it is taken: the compile-time plan says what a model needs.
#include <unistd.h>

#include <cstdint>

#include <fmt/format.h>

#include <tnn/core/error.hpp>

namespace program {

/// tnn::error where `bytes` are more than this machine has.
inline void require_memory(std::int64_t bytes, int batch) {
  const std::int64_t has = std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  if (has > 0 && bytes > has)
    throw tnn::error(fmt::format(
        "--batch {} needs {:.1f} GB by the memory plan, and this machine has {:.1f} GB: ask for a "
        "smaller one",
        batch, static_cast<double>(bytes) / 1e9, static_cast<double>(has) / 1e9));
}

}  // namespace program
