#pragma once
// A JPEG, or a part of one, by libjpeg (libjpeg-turbo): at 1/1, 1/2, 1/4 or 1/8 of its size, where
// it is decoded the faster; rows behind the part are not decoded at all. A warning of libjpeg's,
// such as a premature end, is an error here: what it fills in must not be trained on.
#include <cstdio>
// jpeglib.h needs <cstdio> first.
#include <jpeglib.h>

#include <array>
#include <span>
#include <string>
#include <vector>

#include <tnn/core/integers.hpp>
#include <tnn/data/decode/rows.hpp>
#include <tnn/data/image_header.hpp>

namespace tnn::detail {

class jpeg_decoder {
 public:
  /// `path` and `bytes` outlive the decoder.
  jpeg_decoder(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
               const ImageHeader& header)
      : jpeg_decoder(path) {
    require(attempt(back_, [&] {
      jpeg_create_decompress(&info_);
      jpeg_mem_src(&info_, bytes.data(), bytes.size());
      jpeg_read_header(&info_, TRUE);
    }));
    if (info_.image_height != static_cast<JDIMENSION>(header.height) ||
        info_.image_width != static_cast<JDIMENSION>(header.width) ||
        info_.num_components != header.channels)
      refuse_image(path_, "it is damaged: it tells its size twice; make or copy it again");
    progress_.progress_monitor = [](j_common_ptr info) { of(info).count_scans(); };
    info_.progress = &progress_;
  }
  jpeg_decoder(const jpeg_decoder&) = delete;
  jpeg_decoder& operator=(const jpeg_decoder&) = delete;
  ~jpeg_decoder() { jpeg_destroy_decompress(&info_); }

  /// Part of the image at 1 / scale of its size, in pixels of that size.
  Image<std::uint8_t> read(int scale, const part_of_image& part, int channels) {
    require(attempt(back_, [&] {
      info_.scale_num = 1;
      info_.scale_denom = static_cast<unsigned>(scale);
      info_.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
      jpeg_start_decompress(&info_);
    }));
    const int height = static_cast<int>(info_.output_height);
    const int width = static_cast<int>(info_.output_width);
    // Interpolation of colours looks at a neighbour, so some more columns are decoded than wanted.
    constexpr int margin = 16;
    JDIMENSION first = static_cast<JDIMENSION>(std::max(0, part.left - margin));
    JDIMENSION count =
        static_cast<JDIMENSION>(std::min(width, part.left + part.width + margin)) - first;
    Image<std::uint8_t> image{channels, part.height, part.width, {}};
    image.values.resize(static_cast<std::size_t>(channels) * image.plane_size());
    std::vector<std::uint8_t> row(static_cast<std::size_t>(width) *
                                  static_cast<std::size_t>(channels));
    require(attempt(back_, [&] {
      if (static_cast<int>(count) < width) jpeg_crop_scanline(&info_, &first, &count);
      if (part.top > 0) jpeg_skip_scanlines(&info_, static_cast<JDIMENSION>(part.top));
      std::uint8_t* rows[] = {row.data()};
      const std::uint8_t* const pixels =
          row.data() + (part.left - static_cast<int>(first)) * channels;
      for (int y = 0; y < part.height; ++y) {
        jpeg_read_scanlines(&info_, rows, 1);
        take_row(pixels, channels, image, y);
      }
      if (part.top + part.height == height) jpeg_finish_decompress(&info_);
    }));
    return image;
  }

 private:
  explicit jpeg_decoder(const std::filesystem::path& path) : path_(path) {
    info_.err = jpeg_std_error(&complaints_);
    info_.client_data = this;
    complaints_.error_exit = [](j_common_ptr info) {
      char text[JMSG_LENGTH_MAX];
      info->err->format_message(info, text);
      of(info).back_.give_up(text);
    };
    complaints_.emit_message = [](j_common_ptr info, int level) {
      if (level < 0) info->err->error_exit(info);
    };
    complaints_.output_message = [](j_common_ptr) {};
  }
  static jpeg_decoder& of(j_common_ptr info) {
    return *static_cast<jpeg_decoder*>(info->client_data);
  }

  void require(bool done) const {
    if (!done)
      refuse_image(path_, "it is damaged or cut short (libjpeg: " + back_.text() +
                              "); make or copy it again");
  }

  /// Each scan of a progressive JPEG goes over the whole image, and a small file may have
  /// thousands. Encoders write some 10.
  void count_scans() {
    constexpr std::int64_t most = 16 * most_image_pixels;
    const std::int64_t pixels = std::int64_t{info_.image_height} * info_.image_width;
    if (info_.input_scan_number > 64 && pixels * info_.input_scan_number > most)
      back_.give_up("too many scans for an image of its size");
  }

  const std::filesystem::path& path_;
  way_back back_;
  jpeg_error_mgr complaints_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

}  // namespace tnn::detail
