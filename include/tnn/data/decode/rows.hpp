#pragma once
// What the decoders of JPEG and PNG share: which part is wanted, rows of pixels into planes, and
// calls into libraries in C that give up by longjmp.
#include <algorithm>
#include <csetjmp>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include <tnn/data/image.hpp>
#include <tnn/files/printable.hpp>

namespace tnn::detail {

/// Rows [top, top + height) and columns [left, left + width) of an image.
struct part_of_image {
  int top, left, height, width;
};

/// Where a library goes when it gives up, and why it did.
struct way_back {
  std::jmp_buf place;
  char why[256] = "";

  [[noreturn]] void give_up(std::string_view text) {
    const std::size_t length = std::min(text.size(), sizeof why - 1);
    std::memcpy(why, text.data(), length);
    why[length] = '\0';
    std::longjmp(place, 1);
  }
  [[nodiscard]] std::string text() const { return printable(why); }
};

/// Whether `calls` came to their end; else back.why says why the library gave up. No object that
/// has a destructor may live in `calls`: longjmp leaves them without destroying anything.
template <class Calls>
[[gnu::noinline]] bool attempt(way_back& back, const Calls& calls) {
  if (setjmp(back.place) != 0) return false;
  calls();
  return true;
}

/// Row y of the image from pixels of `channels` bytes, 1 or 3: colour becomes grey by Rec. 601,
/// rounded as Pillow does, and grey becomes colour by repetition.
inline void take_row(const std::uint8_t* pixels, int channels, Image<std::uint8_t>& image, int y) {
  const auto width = static_cast<std::size_t>(image.width);
  std::uint8_t* const first = image.row(0, y).data();
  if (channels == 1) {
    for (int c = 0; c < image.channels; ++c) std::copy_n(pixels, width, image.row(c, y).data());
  } else if (image.channels == 1) {
    for (std::size_t x = 0; x < width; ++x, pixels += 3)
      first[x] = static_cast<std::uint8_t>(
          (19595u * pixels[0] + 38470u * pixels[1] + 7471u * pixels[2] + 32768u) >> 16);
  } else {
    std::uint8_t* const second = image.row(1, y).data();
    std::uint8_t* const third = image.row(2, y).data();
    for (std::size_t x = 0; x < width; ++x) {
      first[x] = pixels[3 * x];
      second[x] = pixels[3 * x + 1];
      third[x] = pixels[3 * x + 2];
    }
  }
}

}  // namespace tnn::detail
