#pragma once
// A PNG, or a part of one, by libpng: palettes and bits become bytes, alpha is dropped, as Pillow's
// convert("RGB") does. Every checksum that is read must be right; rows behind the part are not
// read.
#include <png.h>

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <tnn/data/decode/rows.hpp>
#include <tnn/data/image_header.hpp>

namespace tnn::detail {

class png_decoder {
 public:
  /// `bytes` outlive the decoder.
  png_decoder(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
              const ImageHeader& header)
      : path_(path), header_(header), left_(bytes) {
    png_ = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, this,
        [](png_structp png, png_const_charp text) {
          static_cast<png_decoder*>(png_get_error_ptr(png))->back_.give_up(text);
        },
        [](png_structp, png_const_charp) {});
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      refuse_image(path_, "libpng cannot be started");
    }
  }
  png_decoder(const png_decoder&) = delete;
  png_decoder& operator=(const png_decoder&) = delete;
  ~png_decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }

  Image<std::uint8_t> read(const part_of_image& part, int channels) {
    int passes = 1;
    std::size_t pixel = 0;
    require(attempt(back_, [&] {
      png_set_read_fn(png_, this, [](png_structp png, png_bytep to, std::size_t count) {
        static_cast<png_decoder*>(png_get_io_ptr(png))->give(to, count);
      });
      png_set_user_limits(png_, 0x7fffffff, 0x7fffffff);  // the header has been judged
      png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
      png_read_info(png_, info_);
      png_set_palette_to_rgb(png_);
      png_set_expand_gray_1_2_4_to_8(png_);
      png_set_strip_alpha(png_);
      passes = png_set_interlace_handling(png_);
      png_read_update_info(png_, info_);
      pixel = png_get_channels(png_, info_);
    }));
    const auto width = static_cast<std::size_t>(header_.width);
    if (png_get_rowbytes(png_, info_) != width * pixel || (pixel != 1 && pixel != 3) ||
        png_get_image_height(png_, info_) != static_cast<png_uint_32>(header_.height))
      refuse_image(path_, "it is damaged: its rows have another size than its header tells");

    Image<std::uint8_t> image{channels, part.height, part.width, {}};
    image.values.resize(static_cast<std::size_t>(channels) * image.plane_size());
    // Interlaced, each pass fills some pixels of all rows.
    const int end = passes > 1 ? header_.height : part.top + part.height;
    const std::size_t kept = passes > 1 ? static_cast<std::size_t>(header_.height) : 1;
    std::vector<std::uint8_t> rows(kept * width * pixel);
    require(attempt(back_, [&] {
      for (int pass = 0; pass < passes; ++pass)
        for (int y = 0; y < end; ++y) {
          std::uint8_t* const row =
              rows.data() + static_cast<std::size_t>(y) % kept * width * pixel;
          png_read_row(png_, row, nullptr);
          if (pass == passes - 1 && y >= part.top && y < part.top + part.height)
            take_row(row + static_cast<std::size_t>(part.left) * pixel, static_cast<int>(pixel),
                     image, y - part.top);
        }
      if (end == header_.height) png_read_end(png_, nullptr);
    }));
    return image;
  }

 private:
  void give(std::uint8_t* to, std::size_t count) {
    if (count > left_.size()) back_.give_up("the file ends too soon");
    std::memcpy(to, left_.data(), count);
    left_ = left_.subspan(count);
  }
  void require(bool done) const {
    if (!done)
      refuse_image(path_, "it is damaged or cut short (libpng: " + back_.text() +
                              "); make or copy it again");
  }

  const std::filesystem::path& path_;
  const ImageHeader& header_;
  std::span<const std::uint8_t> left_;
  way_back back_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace tnn::detail
