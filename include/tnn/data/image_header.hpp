#pragma once
// What a JPEG or PNG says of itself before its pixels: some dozens of bytes are read, and no
// library is needed. The kind is told by the first bytes, never by the name. What could not be
// decoded, or would take too much memory, is refused here, before any memory is taken for it.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include <tnn/core/error.hpp>
#include <tnn/files/posix_file.hpp>

namespace tnn {

/// Pixels, height x width, of the largest image that is read.
inline constexpr std::int64_t most_image_pixels = 67'108'864;
/// Bytes of the largest image file that is read.
inline constexpr std::uint64_t most_image_bytes = std::uint64_t{256} << 20;

enum class ImageKind { jpeg, png };

struct ImageHeader {
  ImageKind kind = ImageKind::jpeg;
  int height = 0, width = 0;
  int channels = 0;  ///< as stored: 1 grey, 2 with alpha, 3 colour or a palette, 4 with alpha
};

namespace detail {

[[noreturn]] inline void refuse_image(const std::filesystem::path& path, const std::string& why) {
  throw error("cannot read the image " + printable_path(path) + ": " + why);
}

/// Reads an image's header from its file.
class header_reader {
 public:
  explicit header_reader(const input_file& file) : file_(file) {}

  ImageHeader read() const {
    if (file_.size() == 0) refuse("it is empty; copy it again");
    if (file_.size() > most_image_bytes)
      refuse("it has " + std::to_string(file_.size()) + " bytes, more than " +
             std::to_string(most_image_bytes) + "; make it smaller");
    std::array<std::uint8_t, 8> begin{};
    const std::size_t known = std::min<std::size_t>(begin.size(), file_.size());
    file_.read(0, std::as_writable_bytes(std::span(begin).first(known)));
    constexpr std::array<std::uint8_t, 8> png{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    if (begin == png) return read_png();
    if (known >= 3 && begin[0] == 0xff && begin[1] == 0xd8 && begin[2] == 0xff) return read_jpeg();
    std::string bytes;
    for (const std::uint8_t byte : std::span(begin).first(known)) {
      constexpr char digits[] = "0123456789abcdef";
      bytes += {' ', digits[byte >> 4], digits[byte & 15]};
    }
    refuse("it begins with the bytes" + bytes +
           "; expected a JPEG (ff d8 ff) or a PNG (89 50 4e 47): convert it to one");
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const { refuse_image(file_.path(), why); }
  [[noreturn]] void refuse_damaged(const std::string& what) const {
    refuse("it is damaged: " + what + "; make or copy it again");
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes(std::uint64_t at) const {
    if (at > file_.size() || N > file_.size() - at)
      refuse("it is cut short: it ends at byte " + std::to_string(file_.size()) +
             ", before its pixels; copy it again");
    std::array<std::uint8_t, N> read;
    file_.read(at, std::as_writable_bytes(std::span(read)));
    return read;
  }

  ImageHeader checked(ImageKind kind, std::uint32_t height, std::uint32_t width,
                      int channels) const {
    const std::string size = std::to_string(height) + " x " + std::to_string(width) + " pixels";
    if (height == 0 || width == 0) refuse("its size is " + size + "; expected at least 1 x 1");
    if (std::uint64_t{height} * width > std::uint64_t{most_image_pixels})
      refuse("its size is " + size + ", more than " + std::to_string(most_image_pixels) +
             " in all; make it smaller");
    return {kind, static_cast<int>(height), static_cast<int>(width), channels};
  }

  /// The first chunk is IHDR: length, type, width, height, bits a channel, type of colour.
  ImageHeader read_png() const {
    const auto chunk = bytes<18>(8);
    const auto number = [&](std::size_t at) {
      return std::uint32_t{chunk[at]} << 24 | std::uint32_t{chunk[at + 1]} << 16 |
             std::uint32_t{chunk[at + 2]} << 8 | chunk[at + 3];
    };
    if (number(0) != 13 || number(4) != 0x49484452) refuse_damaged("it does not begin with IHDR");
    if (chunk[16] == 16)
      refuse("it has 16 bits a channel, and 8 or fewer are read: convert it to 8");
    constexpr std::array<int, 7> channels{1, 0, 3, 3, 2, 0, 4};
    if (chunk[17] >= channels.size() || channels[chunk[17]] == 0)
      refuse_damaged("its type of colour is " + std::to_string(chunk[17]));
    return checked(ImageKind::png, number(12), number(8), channels[chunk[17]]);
  }

  /// Segments: ff, type, length, data. The frame, which is of one of the types c0 to cf, has bits a
  /// channel, height, width and the number of channels.
  ImageHeader read_jpeg() const {
    constexpr int most_steps = 65536;
    std::uint64_t at = 2;
    for (int step = 0; step < most_steps; ++step) {
      const auto marker = bytes<4>(at);
      const int type = marker[1];
      if (marker[0] != 0xff)
        refuse_damaged("byte " + std::to_string(at) + " is " + std::to_string(marker[0]) +
                       ", not 255");
      if (type == 0xff) {  // it fills up
        ++at;
        continue;
      }
      if (type == 0xd9 || type == 0xda) break;
      const bool is_table = type == 0xc4 || type == 0xc8 || type == 0xcc;
      if (type >= 0xc0 && type <= 0xcf && !is_table) return read_frame(at + 4);
      at += 2 + (std::uint64_t{marker[2]} << 8 | marker[3]);
    }
    refuse_damaged("it does not tell its size");
  }

  ImageHeader read_frame(std::uint64_t at) const {
    const auto frame = bytes<6>(at);
    const auto number = [&](std::size_t i) {
      return std::uint32_t{frame[i]} << 8 | std::uint32_t{frame[i + 1]};
    };
    if (frame[0] != 8)
      refuse("it has " + std::to_string(frame[0]) + " bits a channel, and 8 are read: convert it");
    if (frame[5] == 4) refuse("its colours are CMYK or YCCK, for print: convert it to RGB or grey");
    if (frame[5] != 1 && frame[5] != 3)
      refuse("it has " + std::to_string(frame[5]) + " channels; expected 1 or 3: convert it");
    return checked(ImageKind::jpeg, number(1), number(3), frame[5]);
  }

  const input_file& file_;
};

}  // namespace detail

/// tnn::error, naming the file, unless it is a JPEG or PNG that could be read.
[[nodiscard]] inline ImageHeader image_header(const std::filesystem::path& path) {
  const detail::input_file file(path);
  return detail::header_reader(file).read();
}

}  // namespace tnn
