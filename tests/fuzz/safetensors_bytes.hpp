#pragma once
// A mutated header hardly ever has the length that the file's first 8 bytes say. Here it has.
#include "fuzz.hpp"

#include <cstring>

/// A file of the header, its length in front and zeros behind. The next call writes over it.
inline std::filesystem::path with_length_and_data(const std::filesystem::path& header,
                                                  std::size_t data_bytes) {
  static const memory_file file;
  const std::string text = bytes_of(header);
  const std::uint64_t length = text.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  file.write(bytes + text + std::string(data_bytes, '\0'));
  return file.path();
}
