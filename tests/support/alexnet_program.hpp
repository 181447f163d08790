#pragma once
// The program `alexnet`, run by tests on data of a few images.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tnn/core/philox.hpp>

#include "support/idx.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

struct answer {
  int code;
  std::string out, err;
  bool says(std::string_view words) const { return err.find(words) != err.npos; }
};

inline answer alexnet(const std::vector<std::string>& arguments) {
  process p(TNN_ALEXNET_PROGRAM, arguments);
  const int code = p.wait();
  return {code, p.out(), p.err()};
}

inline bool contains(const std::string& text, std::string_view words) {
  return text.find(words) != text.npos;
}

/// Label i of the small data sets: any ten in a row are all classes.
inline std::uint8_t small_label(std::uint64_t seed, int i) {
  return static_cast<std::uint8_t>((seed + 7 * static_cast<std::uint64_t>(i)) % 10);
}

/// Writes one split of a data set of `count` images of noise; `prefix` is train or t10k.
inline void write_split(const temporary_folder& folder, const std::string& prefix, int count,
                        std::uint64_t seed) {
  std::vector<std::uint8_t> pixels, labels;
  for (int i = 0; i < count; ++i) {
    labels.push_back(small_label(seed, i));
    for (std::uint32_t k = 0; k < 784; ++k)
      pixels.push_back(static_cast<std::uint8_t>(
          tnn::philox(seed, static_cast<std::uint32_t>(i), k, 0, 0).v[0]));
  }
  folder.write(prefix + "-images-idx3-ubyte", idx_bytes({count, 28, 28}, pixels));
  folder.write(prefix + "-labels-idx1-ubyte", idx_bytes({count}, labels));
}

/// A folder of Fashion-MNIST's form: 12 images to train on, 16 to test.
struct small_data : temporary_folder {
  explicit small_data(std::uint64_t seed = 1) {
    write_split(*this, "train", 12, seed);
    write_split(*this, "t10k", 16, seed + 100);
  }
};
