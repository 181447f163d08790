#pragma once
// A PNG as an input: no mutation would make its checksums right.
#include "fuzz.hpp"
#include "support/png_checksums.hpp"

/// Calls read(path) for the input; before that, if it is a PNG, with its checksums made right.
template <class Read>
void read_with_right_checksums(const std::filesystem::path& file, Read read) {
  const std::string bytes = bytes_of(file);
  if (bytes.starts_with("\x89PNG")) {
    static const memory_file repaired;
    repaired.write(with_right_checksums(bytes));
    read(repaired.path());
  }
  read(file);
}
