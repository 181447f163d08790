// stb_image decodes PNG and JPEG, but takes files that are cut short or damaged for whole ones: it
// ignores PNG's checksums and fills what a JPEG lacks with grey. So both are walked through first.
// PGM and PPM are simple enough to be read here.
#include "image.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <tnn/core/error.hpp>
#include <tnn/files/atomic_file.hpp>

namespace pictures {
namespace {

constexpr std::uint64_t most_file_bytes = std::uint64_t{64} << 20;
constexpr std::int64_t most_pixels = 40'000'000;
// Each scan of a JPEG goes over the whole picture. Encoders write some 10 scans; here 12 of
// most_pixels are let pass, two seconds' work.
constexpr std::int64_t most_scanned_pixels = 500'000'000;
// Of one buffer: a small file may claim to unpack to terabytes.
constexpr std::size_t most_decoder_bytes = std::size_t{512} << 20;

// Zeroed: a damaged JPEG may use tables that it never defines.
void* decoder_allocate(std::size_t bytes) {
  return bytes > most_decoder_bytes ? nullptr : std::calloc(bytes, 1);
}

void* decoder_resize(void* memory, std::size_t bytes) {
  return bytes > most_decoder_bytes ? nullptr : std::realloc(memory, bytes);
}

}  // namespace
}  // namespace pictures

#define STBI_MALLOC(bytes) pictures::decoder_allocate(bytes)
#define STBI_REALLOC(memory, bytes) pictures::decoder_resize(memory, bytes)
#define STBI_FREE(memory) std::free(memory)
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_NO_STDIO
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image.h>
#include <stb/stb_image_write.h>

namespace pictures {
namespace {

/// A file's bytes, and the complaints about them.
class picture_file {
 public:
  explicit picture_file(const std::filesystem::path& path)
      : path_(tnn::detail::printable_path(path)) {
    const tnn::detail::input_file file(path);
    if (file.size() > most_file_bytes)
      refuse("it has " + std::to_string(file.size()) + " bytes, more than " +
             std::to_string(most_file_bytes >> 20) + " MiB; make it smaller");
    bytes_.resize(static_cast<std::size_t>(file.size()));
    file.read(0, std::as_writable_bytes(std::span(bytes_)));
  }

  std::size_t size() const { return bytes_.size(); }
  std::uint8_t operator[](std::size_t i) const { return static_cast<std::uint8_t>(bytes_[i]); }
  const std::uint8_t* data() const { return reinterpret_cast<const std::uint8_t*>(bytes_.data()); }
  bool starts_with(std::string_view prefix) const { return bytes_.starts_with(prefix); }

  /// A big-endian number of `count` bytes.
  std::uint32_t number(std::size_t at, int count) const {
    require(at, static_cast<std::size_t>(count));
    std::uint32_t value = 0;
    for (int i = 0; i < count; ++i) value = value << 8 | (*this)[at + static_cast<std::size_t>(i)];
    return value;
  }

  /// Refuses the file unless it has `count` bytes from `at` on.
  void require(std::size_t at, std::size_t count) const {
    if (at > size() || count > size() - at)
      refuse("it is cut short: it has " + std::to_string(size()) + " bytes and needs at least " +
             std::to_string(at + count) + "; copy it again");
  }

  void require_size(std::int64_t width, std::int64_t height) const {
    if (width < 1 || height < 1 || width > most_pixels || height > most_pixels / width)
      refuse("its size is " + std::to_string(width) + " x " + std::to_string(height) +
             ", not between 1 and " + std::to_string(most_pixels) + " pixels; make it smaller");
  }

  [[noreturn]] void refuse(const std::string& why) const {
    throw tnn::error("cannot read the picture " + path_ + ": " + why);
  }

 private:
  std::string path_;
  std::string bytes_;
};

/// Chunks: length, type, data, checksum of type and data. The first is IHDR, which begins with
/// width and height, the last IEND.
void check_png(const picture_file& file) {
  for (std::size_t at = 8;;) {
    const std::size_t length = file.number(at, 4);
    file.require(at, length + 12);
    const auto checked = static_cast<uInt>(length + 4);
    if (crc32(0, file.data() + at + 4, checked) != file.number(at + 8 + length, 4))
      file.refuse("it is damaged: the checksum at byte " + std::to_string(at + 8 + length) +
                  " is wrong; copy it again");
    if (at == 8) file.require_size(file.number(16, 4), file.number(20, 4));
    if (file.number(at + 4, 4) == 0x49454E44) return;
    at += length + 12;
  }
}

/// Huffman tables, one after the other: a byte of kind, 16 counts of codes, as many bytes. The
/// decoder writes past its own table when there are over 256 codes.
void check_huffman_tables(const picture_file& file, std::size_t at, std::size_t end) {
  while (at < end) {
    std::uint32_t codes = 0;
    for (std::size_t i = 1; i <= 16; ++i) codes += file.number(at + i, 1);
    if (codes > 256)
      file.refuse("it is damaged: byte " + std::to_string(at) + " begins a table of " +
                  std::to_string(codes) + " codes, not at most 256");
    at += 17 + codes;
  }
}

/// Segments: 0xFF, type, length, data. The frame has the size. After SOS come a scan's coded bytes,
/// in which 0xFF is followed by 0 or a restart marker; the last marker is EOI.
void check_jpeg(const picture_file& file) {
  constexpr std::uint32_t huffman = 0xC4, eoi = 0xD9, sos = 0xDA, fill = 0xFF;
  bool coded = false;
  std::int64_t scans = 0, pixels = 0, blocks = 0;
  for (std::size_t at = 2;;) {
    if (file.number(at, 1) != 0xFF) {
      if (!coded) file.refuse("it is damaged: byte " + std::to_string(at) + " should be 255");
      ++at;
      continue;
    }
    const std::uint32_t type = file.number(at + 1, 1);
    if (type == eoi) break;
    if (type == fill) {
      ++at;
    } else if (type <= 1 || (type >= 0xD0 && type <= 0xD7)) {
      at += 2;
    } else {
      const std::size_t end = at + 2 + file.number(at + 2, 2);
      if (type == huffman) check_huffman_tables(file, at + 4, end);
      if (type >= 0xC0 && type <= 0xC2) {
        const std::int64_t height = file.number(at + 5, 2), width = file.number(at + 7, 2);
        file.require_size(width, height);
        const auto whole = [](std::int64_t n) { return (n + 31) / 32 * 32; };  // with its border
        pixels = std::max(pixels, whole(width) * whole(height));
        blocks = std::max(blocks, (width + 7) / 8 * ((height + 7) / 8));
      }
      coded = type == sos;
      scans += coded ? 1 : 0;
      at = end;
    }
  }
  // Each block of 8 x 8 pixels takes a bit at least.
  file.require(0, static_cast<std::size_t>(blocks / 8));
  if (pixels > 0 && scans > most_scanned_pixels / pixels)
    file.refuse("its " + std::to_string(scans) + " scans of " + std::to_string(pixels) +
                " pixels are more work than a picture should be; save it again");
}

/// The decoder's words, which may quote a PNG's chunk.
std::string reason() { return tnn::detail::printable(stbi_failure_reason()); }

grey_image decode(const picture_file& file) {
  const int size = static_cast<int>(file.size());
  int width = 0, height = 0, channels = 0;
  if (!stbi_info_from_memory(file.data(), size, &width, &height, &channels))
    file.refuse("it is damaged, or of a kind not known here: " + reason());
  file.require_size(width, height);
  const std::unique_ptr<stbi_uc, void (*)(void*)> decoded(
      stbi_load_from_memory(file.data(), size, &width, &height, &channels, 2), stbi_image_free);
  if (!decoded && reason() == "outofmem")
    file.refuse("it needs more memory than the " + std::to_string(most_decoder_bytes >> 20) +
                " MiB that its decoder may take at once; make it smaller, or save it without "
                "interlacing and with 8 bits a channel");
  if (!decoded) file.refuse("it is damaged: " + reason());

  grey_image image{width, height, {}};
  image.pixels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (std::size_t i = 0; i < image.pixels.size(); ++i) {
    const int grey = decoded.get()[2 * i], alpha = decoded.get()[2 * i + 1];
    image.pixels[i] = static_cast<std::uint8_t>((grey * alpha + 127) / 255);
  }
  return image;
}

/// P2 and P3 hold their samples as text, P5 and P6 as one or two bytes.
class netpbm_reader {
 public:
  explicit netpbm_reader(const picture_file& file) : file_(file), plain_(file[1] <= '3') {}

  grey_image read() {
    const int channels = file_[1] == '3' || file_[1] == '6' ? 3 : 1;
    const std::uint32_t width = text_number(), height = text_number(), largest = text_number();
    file_.require_size(width, height);
    if (largest < 1 || largest > 65535)
      file_.refuse("its largest value is " + std::to_string(largest) + ", not 1 to 65535");
    if (!plain_) ++at_;  // one blank ends the header
    bytes_a_sample_ = largest < 256 ? 1 : 2;
    const std::size_t pixels = std::size_t{width} * height;
    file_.require(at_,
                  pixels * static_cast<std::size_t>(channels * (plain_ ? 1 : bytes_a_sample_)));

    grey_image image{static_cast<int>(width), static_cast<int>(height), {}};
    image.pixels.reserve(pixels);
    for (std::size_t i = 0; i < pixels; ++i) {
      const auto sample = [&] { return std::min(next(), largest) * 255.0 / largest; };
      double grey = sample();
      if (channels == 3) {
        const double green = sample();
        grey = 0.299 * grey + 0.587 * green + 0.114 * sample();
      }
      image.pixels.push_back(static_cast<std::uint8_t>(grey + 0.5));
    }
    return image;
  }

 private:
  std::uint32_t next() {
    if (plain_) return text_number();
    at_ += static_cast<std::size_t>(bytes_a_sample_);
    return file_.number(at_ - static_cast<std::size_t>(bytes_a_sample_), bytes_a_sample_);
  }

  /// The next number, after blanks and comments (# to the end of the line).
  std::uint32_t text_number() {
    for (bool comment = false;; ++at_) {
      const char c = static_cast<char>(file_.number(at_, 1));
      if (c == '#') comment = true;
      if (c == '\n') comment = false;
      if (!comment && std::string_view(" \t\r\n\v\f").find(c) == std::string_view::npos) break;
    }
    const std::size_t start = at_;
    std::uint32_t value = 0;
    for (; at_ < file_.size() && file_[at_] >= '0' && file_[at_] <= '9'; ++at_) {
      value = value * 10 + file_[at_] - '0';
      if (value > 100'000'000) file_.refuse("it holds a number over 100000000");
    }
    if (at_ == start) file_.refuse("byte " + std::to_string(at_) + " should be a digit");
    return value;
  }

  const picture_file& file_;
  bool plain_;
  int bytes_a_sample_ = 1;
  std::size_t at_ = 2;
};

std::string encoded(int width, int height, int channels, const std::vector<std::uint8_t>& pixels) {
  if (width < 1 || height < 1 ||
      pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                           static_cast<std::size_t>(channels))
    throw tnn::error("cannot make a PNG: " + std::to_string(width) + " x " +
                     std::to_string(height) + " x " + std::to_string(channels) + " is not its " +
                     std::to_string(pixels.size()) + " bytes");
  std::string png;
  const auto append = [](void* text, void* data, int size) {
    static_cast<std::string*>(text)->append(static_cast<const char*>(data),
                                            static_cast<std::size_t>(size));
  };
  if (!stbi_write_png_to_func(append, &png, width, height, channels, pixels.data(),
                              width * channels))
    throw tnn::error("cannot make a PNG: out of memory");
  return png;
}

template <class Image>
void write(const std::filesystem::path& path, const Image& image) {
  std::string png;
  try {
    png = png_bytes(image);
  } catch (const tnn::error& failure) {
    throw tnn::error("cannot write the picture " + tnn::detail::printable_path(path) + ": " +
                     failure.what());
  }
  tnn::write_file_atomically(path, png);
}

}  // namespace

grey_image read_grey(const std::filesystem::path& path) {
  const picture_file file(path);
  if (file.starts_with("\x89PNG\r\n\x1A\n")) {
    check_png(file);
    return decode(file);
  }
  if (file.starts_with("\xFF\xD8")) {
    check_jpeg(file);
    return decode(file);
  }
  for (const std::string_view kind : {"P2", "P3", "P5", "P6"}) {
    if (file.starts_with(kind)) return netpbm_reader(file).read();
  }
  file.refuse("it is not a picture of a known kind; use PNG, JPEG, PGM or PPM");
}

std::string png_bytes(const grey_image& image) {
  return encoded(image.width, image.height, 1, image.pixels);
}

std::string png_bytes(const rgb_image& image) {
  return encoded(image.width, image.height, 3, image.pixels);
}

void write_png(const std::filesystem::path& path, const grey_image& image) { write(path, image); }
void write_png(const std::filesystem::path& path, const rgb_image& image) { write(path, image); }

}  // namespace pictures
