#pragma once
// Memory is counted before it is taken: the compile-time plan says what a model needs.
#include <unistd.h>

#include <cstdint>

#include <fmt/format.h>

#include <tnn/core/error.hpp>

namespace program {

/// Bytes of this machine's memory, or those free on the backend's device.
template <class Backend>
std::int64_t memory_for(Backend& backend) {
  if constexpr (requires { backend.free_bytes(); }) {
    return backend.free_bytes();
  } else {
    return std::int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  }
}

/// tnn::error where `bytes` are more than there is.
template <class Backend>
void require_memory(Backend& backend, std::int64_t bytes, int batch) {
  const std::int64_t has = memory_for(backend);
  if (has > 0 && bytes > has)
    throw tnn::error(
        fmt::format("--batch {} needs {:.1f} GB by the memory plan, and there are {:.1f} GB: ask "
                    "for a smaller one",
                    batch, static_cast<double>(bytes) / 1e9, static_cast<double>(has) / 1e9));
}

}  // namespace program
