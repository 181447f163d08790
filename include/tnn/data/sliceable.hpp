#pragma once
// A part of a data set: samples first, first + 1, ... of it. For data sets that share their memory.
#include <cstdint>
#include <string>

#include <tnn/core/error.hpp>

namespace tnn::detail {

/// Base of a data set D: the same data, of which only some consecutive samples are looked at.
template <class D>
class sliceable {
 public:
  [[nodiscard]] std::int64_t size() const { return size_; }

  /// Samples begin, begin + 1, ... begin + n - 1; tnn::error where there are not so many.
  [[nodiscard]] D slice(std::int64_t begin, std::int64_t n) const {
    if (begin < 0 || n < 0 || begin > size_ - n)
      throw error(std::to_string(n) + " samples from number " + std::to_string(begin) +
                  " on were asked for, but there are " + std::to_string(size_));
    D part = static_cast<const D&>(*this);
    part.begin_ = begin_ + begin;
    part.size_ = n;
    return part;
  }
  [[nodiscard]] D first(std::int64_t n) const { return slice(0, n); }
  [[nodiscard]] D last(std::int64_t n) const { return slice(size_ - n, n); }

 protected:
  void whole(std::int64_t size) {
    begin_ = 0;
    size_ = size;
  }
  /// Where sample i lies in the whole.
  [[nodiscard]] std::size_t place(std::int64_t i) const {
    return static_cast<std::size_t>(begin_ + i);
  }

 private:
  std::int64_t begin_ = 0, size_ = 0;
};

}  // namespace tnn::detail
